// SPDX-License-Identifier: ISC
/**
   Which of the keys that are held sounds, for a synthesizer with one voice.

   Every key of all 16 MIDI channels is remembered, so that no note is lost however
   many are held.  A key sounds from its strike until it is let go; the sustain pedal
   makes it sound on until the pedal is let go, too:

   strike   let go        pedal let go
     |________|................|
*/

#ifndef NOTE_STACK_H
#define NOTE_STACK_H

#include <stdbool.h>
#include <stdint.h>

#define MIDI_CHANNELS 16U
#define MIDI_KEYS 128U
#define ALL_CHANNELS 0U ///< What may stand for a channel from 1 to MIDI_CHANNELS

/// Some of the channels: bit c - 1 is set if channel c is one of them
typedef uint32_t ChannelSet;

/// Which key sounds of several that are held, as scale points number it
typedef enum { PRIORITY_LAST, PRIORITY_LOW, PRIORITY_HIGH } Priority;

typedef struct {
  uint32_t channel; ///< 1 to MIDI_CHANNELS
  uint32_t key;     ///< 0 to 127; 60 is C4
} Note;

typedef struct {
  uint64_t strike;   ///< Number of the strike that still sounds, 0 if none does
  uint8_t  velocity; ///< Of the last strike, 1 to 127
  uint8_t  pressure; ///< Since the last strike, 0 to 127
  bool     is_held;  ///< By a finger
  bool     waits; ///< Whether it is held but was silenced for another, and would sound
} Key;

typedef struct {
  Key      keys[MIDI_KEYS];
  uint32_t n_sounding;
  bool     pedal;
} Keyboard;

typedef struct {
  Keyboard keyboards[MIDI_CHANNELS];
  uint64_t n_strikes;
} NoteStack;

/// Let go of everything
void
note_stack_reset(NoteStack* self);

/// Strike a key, again if it sounds already
void
note_stack_strike(NoteStack* self, Note note, uint8_t velocity);

/// Let go of a key; one that is not held stays as it is
void
note_stack_let_go(NoteStack* self, Note note);

/// Let go of all keys of a channel, which the pedal may keep sounding
void
note_stack_let_go_all(NoteStack* self, uint32_t channel);

/// Push the sustain pedal of a channel down or let it go
void
note_stack_set_pedal(NoteStack* self, uint32_t channel, bool is_down);

/// Stop all keys of a channel, whatever the pedal does
void
note_stack_silence(NoteStack* self, uint32_t channel);

/// Set how hard a key is pressed, 0 to 127
void
note_stack_press(NoteStack* self, Note note, uint8_t pressure);

/// Take the pressure off all keys of a channel
void
note_stack_unpress_all(NoteStack* self, uint32_t channel);

/// Let a key that is held wait for a voice, or no longer
void
note_stack_set_waiting(NoteStack* self, Note note, bool waits);

/// Return what is known of a key
const Key*
note_stack_key(const NoteStack* self, Note note);

/// Return true if the pedal of a channel is down
static inline bool
note_stack_pedal(const NoteStack* const self, const uint32_t channel)
{
  return self->keyboards[channel - 1U].pedal;
}

/// Return the set of one channel, 1 to MIDI_CHANNELS, or of ALL_CHANNELS
static inline ChannelSet
channel_set(const uint32_t channel)
{
  return channel == ALL_CHANNELS ? (1U << MIDI_CHANNELS) - 1U : 1U << (channel - 1U);
}

/// Return true if a channel, 1 to MIDI_CHANNELS, is in a set
static inline bool
channel_is_in(const ChannelSet channels, const uint32_t channel)
{
  return (channels >> (channel - 1U)) & 1U;
}

/**
   Find the note on any of `channels` that should sound.

   Returns false, and leaves `note` as it is, if none should.
*/
bool
note_stack_pick(const NoteStack* self,
                ChannelSet       channels,
                Priority         priority,
                Note*            note);

/// Find the last note that was struck of those that wait, as note_stack_pick() does
bool
note_stack_pick_waiting(const NoteStack* self, ChannelSet channels, Note* note);

#endif // NOTE_STACK_H
