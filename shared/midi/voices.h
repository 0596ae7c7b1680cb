// SPDX-License-Identifier: ISC
/**
   Which voice plays which note, for an instrument with several voices.

   Every voice plays one note at a time, and every note has one voice at most.  A struck
   note gets, in this order,
   - the voice in which this key is held already, or with ALLOCATE_SAME_KEY the one that
     played it last,
   - a voice that is free, by Allocation,
   - if voices are stolen, that of the oldest note that only the pedal holds, or else of
     the oldest note.

   A note that was held when its voice was stolen waits, and gets the next voice that is
   free, without a strike.  The same events in the same order give the same voices, so
   that each of several plugins can find out which note is its own.
*/

#ifndef VOICES_H
#define VOICES_H

#include "midi/note_stack.h"

#include <stdbool.h>
#include <stdint.h>

#define MAX_VOICES 16U
#define NO_VOICE MAX_VOICES ///< Instead of a voice's number, 0 to MAX_VOICES - 1

/// Which voice a note gets, as scale points number it
typedef enum {
  ALLOCATE_SAME_KEY,       ///< As SILENT_LONGEST, but a key gets its voice again
  ALLOCATE_ROTATE,         ///< The next free one after the last that was given
  ALLOCATE_LOWEST,         ///< The first free one
  ALLOCATE_SILENT_LONGEST, ///< The free one whose note ended first
  ALLOCATE_BY_CHANNEL,     ///< Each MIDI channel has its own: no matter of Voices
  ALLOCATE_UNISON          ///< All play the same note: no matter of Voices
} Allocation;

typedef struct {
  Note     note;
  uint64_t strike; ///< Number of the strike that it plays
  uint64_t end;    ///< Number of the end of its last note, 0 if it had none
  bool     is_on;
} VoiceNote;

typedef struct {
  VoiceNote voice[MAX_VOICES];
  uint32_t  last; ///< Which one was given last
  uint64_t  n_ends;
} Voices;

/// Free all voices, none of them having played
void
voices_reset(Voices* self);

/**
   Give a voice, of the first `n`, to a note that was just struck, and return it.

   `was_held` is whether a finger was on the key before.  Returns NO_VOICE if all are
   taken and none is stolen.
*/
uint32_t
voices_strike(Voices*    self,
              NoteStack* notes,
              uint32_t   n,
              Allocation allocation,
              bool       steals,
              Note       note,
              bool       was_held);

/// Free the voices whose notes have ended, or are not on `channels`, and those from `n`
/// on; then let notes that wait have what is free
void
voices_update(Voices*    self,
              NoteStack* notes,
              uint32_t   n,
              Allocation allocation,
              ChannelSet channels);

/// Let all notes wait that a finger holds on `channels` and that have no voice
void
voices_adopt(const Voices* self, NoteStack* notes, ChannelSet channels);

#endif // VOICES_H
