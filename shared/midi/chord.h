// SPDX-License-Identifier: ISC
/**
   The keys that an arpeggiator plays, in the order of their strikes.

   Usually they are those that sound, by fingers or pedal.  Held, they stay when they
   are let go, and the first that is struck while no finger is on a key starts anew:

     keys       C E G held   E G held   ___       D held
     chord      C E G        E G        nothing   D
     held       C E G        C E G      C E G     D

   Of more than CHORD_KEYS, the latest count.  A key that several channels hold is one.
*/

#ifndef CHORD_H
#define CHORD_H

#include "midi/note_stack.h"

#include <stdbool.h>
#include <stdint.h>

#define CHORD_KEYS 16U ///< Most keys

typedef struct {
  uint64_t strike;   ///< Number of its last strike
  uint8_t  key;      ///< 0 to 127
  uint8_t  velocity; ///< 1 to 127
} ChordKey;

typedef struct {
  ChordKey key[CHORD_KEYS]; ///< In the order of their strikes
  uint32_t n_keys;
  uint64_t first; ///< Number of the strike from which on keys belong to it
} Chord;

/// Make it empty; what was struck before strike number `first` does not come back
void
chord_clear(Chord* self, uint64_t first);

/// Take the keys of `channels` as they are now
void
chord_update(Chord* self, const NoteStack* notes, ChannelSet channels, bool is_held);

/// Return true if a finger is on any key of `channels` but `note`
bool
chord_has_finger(const NoteStack* notes, ChannelSet channels, Note note);

/// Return the key, of all from the lowest up, that is number `n`, from 0 on
const ChordKey*
chord_from_below(const Chord* self, uint32_t n);

#endif // CHORD_H
