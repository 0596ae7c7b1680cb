// SPDX-License-Identifier: ISC
/**
   State that MIDI messages leave behind: keys, controllers, and which voice has which
   note.

   message --> keys that are held --pick or allocate--> the note of each voice
           \-> controllers of each channel --> pressure, modulation, slide, bend

   A key that has no pitch in the tuning makes no note.

   A controller counts for its channel; what any channel sent last counts where all
   channels do.

   With MPE (MIDI Polyphonic Expression, the MIDI Association, 2018), each note comes on
   a member channel of its own, whose controllers are those of the note, and those of
   the zone's master channel count for all its notes: bends add up, of all else the
   larger one counts.  The lower zone has channel 1 as its master, and from 2 up its
   members; the upper zone channel 16, and from 15 down.  Registered parameter 6 on the
   master sets how many members there are, 15 until then.
*/

#ifndef MIDI_INPUT_H
#define MIDI_INPUT_H

#include "midi/bend_range.h"
#include "midi/note_stack.h"
#include "midi/voices.h"
#include "tuning/key_tuning.h"

#include <stdbool.h>
#include <stdint.h>

/// As scale points number it
typedef enum { MPE_OFF, MPE_LOWER, MPE_UPPER } Mpe;

/// Which notes are played, and how many at once
typedef struct {
  uint32_t   channel;  ///< 1 to MIDI_CHANNELS, or ALL_CHANNELS; of no use with MPE
  Priority   priority; ///< Where several notes compete for one voice
  uint32_t   n_voices; ///< 1 to MAX_VOICES; 0 is 1
  Allocation allocation;
  uint32_t   steals; ///< Whether a note takes the voice of another if none is free
  Mpe        mpe;
} MidiRouting;

typedef struct {
  MidiRouting    routing;
  double         bend_range_oct;     ///< Of channels that have not sent their own
  double         mpe_bend_range_oct; ///< Likewise, of members of an MPE zone
  KeyTuningKnobs tuning;
  bool           panic; ///< Whether to let everything go, and to ignore messages
} MidiInputKnobs;

typedef enum {
  CONTROLLER_MOD,
  CONTROLLER_PRESSURE,
  CONTROLLER_SLIDE,
  CONTROLLER_BEND,
  N_CONTROLLERS
} Controller;

/// Effect of a message on notes
typedef struct {
  enum { MIDI_EVENT_NONE, MIDI_EVENT_STRIKE, MIDI_EVENT_LET_GO } kind;
  Note     note;
  uint8_t  velocity; ///< Of either, 0 to 127
  uint32_t voice;    ///< Which one was given, if voices are allocated, or NO_VOICE
} MidiEvent;

typedef struct {
  NoteStack   notes;
  double      controllers[1U + MIDI_CHANNELS][N_CONTROLLERS]; ///< 0 to 1, bend -1 to 1
  BendRange   bend_range;
  BendRange   member_range;
  uint32_t    bend_channel; ///< Which one sent the last bend, 1 to MIDI_CHANNELS
  uint32_t    n_members[2]; ///< Of the lower and the upper MPE zone
  MidiRouting routing;      ///< As the knobs were last
  bool        panic;        ///< Likewise
  Voices      voices;
  KeyTuning   tuning;
} MidiInput;

/// Return the event that does nothing
static inline MidiEvent
midi_event_none(void)
{
  return (MidiEvent){MIDI_EVENT_NONE, {1, 0}, 0, NO_VOICE};
}

/// Let go of everything, with all controllers at 0
void
midi_input_reset(MidiInput* self);

/// Take the tuning of a file
void
midi_input_set_file(MidiInput* self, const Tuning* file);

/// Follow the knobs; returns true if that may have changed the notes of voices
bool
midi_input_turn(MidiInput* self, const MidiInputKnobs* knobs);

/// Take a message, and return what it does to notes; what is not a whole MIDI message
/// is ignored
MidiEvent
midi_input_message(MidiInput*            self,
                   const MidiInputKnobs* knobs,
                   const uint8_t*        bytes,
                   uint32_t              size);

/// Return true if each note has a voice, by midi_input_message(), and false if each
/// voice picks one from all notes
bool
midi_input_allocates(const MidiInput* self);

/**
   Find the note that a voice, from 0 on, plays by its routing.

   Returns false, and leaves `note` as it is, if it plays none.
*/
bool
midi_input_note(const MidiInput* self, uint32_t voice, Note* note);

/// Return a controller as a note on a channel has it by itself: 0 to 1, bends in
/// octaves
double
midi_input_controller(const MidiInput* self, Controller controller, Note note);

/// Return a controller as the master of an MPE zone has it for all notes, else 0
double
midi_input_master(const MidiInput* self, Controller controller, Note note);

#endif // MIDI_INPUT_H
