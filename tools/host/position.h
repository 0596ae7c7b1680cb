// SPDX-License-Identifier: ISC
/// Events with the host's place in its song

#ifndef POSITION_H
#define POSITION_H

#include "host/host.h"

#include <lv2/atom/atom.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define POSITION_SIZE 192U ///< Bytes that the event takes in a sequence

/// A place in a song, and how it goes on from there
typedef struct {
  double  speed; ///< 0 while stopped, 1 while rolling
  int64_t frame; ///< Since the song began
  int64_t bar;   ///< From 0
  float   bar_beat;
  int32_t beat_unit; ///< 4 for a quarter
  float   beats_per_bar;
  float   beats_per_minute;
} Position;

/// Return the position after `frame` frames of a song in 4/4 at one tempo
Position
position_at(int64_t frame, double beats_per_minute, double sample_rate);

/**
   Append the event to a sequence, `at` frames into its block.

   As atom:Object, as the standard says, or as atom:Blank, as some hosts do.  The
   sequence has room for POSITION_SIZE bytes more.
*/
void
position_append(const Position*    position,
                Host*              host,
                int64_t            at,
                bool               is_blank,
                LV2_Atom_Sequence* sequence);

#endif // POSITION_H
