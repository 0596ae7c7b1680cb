// SPDX-License-Identifier: ISC
/**
   The names of the notes that a keyboard plays, C to B, as a set.

   A key that is struck while others are held joins the set, and stays in it when it is
   let go.  The first that is struck when none is held starts a new set:

     keys    C E G held   E G held   ___     D held
     set     {C E G}      {C E G}    {C E G}   {D}

   So a chord lasts until the next one is played, in whichever order its keys are let
   go. Each key of all 16 MIDI channels counts by itself.
*/

#ifndef KEY_SET_H
#define KEY_SET_H

#include "midi/note_stack.h"

#include <stdint.h>

typedef struct {
  uint32_t held[MIDI_CHANNELS][MIDI_KEYS / 32U]; ///< A bit for each key
  uint32_t names; ///< A bit for each name, C being bit 0; 0 before the first key
} KeySet;

/// Take a message; what is not a whole one for notes is ignored
void
key_set_message(KeySet* self, const uint8_t* bytes, uint32_t size);

#endif // KEY_SET_H
