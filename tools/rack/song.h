// SPDX-License-Identifier: ISC
/// Where the host of a rack is in its song, as it says with time:Position

#ifndef SONG_H
#define SONG_H

#include "host/position.h"

#include <lv2/atom/atom.h>
#include <lv2/urid/urid.h>

#include <stdbool.h>

#define SONG_N_KEYS 7U ///< Properties of a position

/// The host's numbers of what a position is made of
typedef struct {
  LV2_URID object;
  LV2_URID blank;
  LV2_URID position;
  LV2_URID keys[SONG_N_KEYS];
  LV2_URID int_number;
  LV2_URID long_number;
  LV2_URID float_number;
  LV2_URID double_number;
} SongTypes;

SongTypes
song_types(const LV2_URID_Map* map);

/// Return true if an event is a position
bool
song_is_position(const SongTypes* types, const LV2_Atom* atom);

/**
   Go where a position leads.

   Parts that it leaves out stay as they are, but bar and beat: without both of them
   they follow from its frame and the tempo.
*/
void
song_go(Position*        song,
        const SongTypes* types,
        const LV2_Atom*  atom,
        double           sample_rate);

#endif // SONG_H
