// SPDX-License-Identifier: ISC
/**
   A clock that is followed: how long a tick is, and how many there have been.

   A tick that comes very late ends a pause, over which the pace stays; if the next one
   is as late, the clock has become slower.
*/

#ifndef CLOCK_SYNC_H
#define CLOCK_SYNC_H

#include "timing/phasor.h"

#include <stdbool.h>
#include <stdint.h>

/// Cycles per tick, as a fraction
typedef struct {
  uint32_t above;
  uint32_t below;
} ClockRatio;

#define N_CLOCK_RATIOS 27U  ///< Choices of a ratio
#define CLOCK_SYNC_PAUSE 4U ///< A pause is longer than so many ticks

typedef struct {
  uint64_t since;      ///< Frames since the last tick
  uint64_t period;     ///< Frames from tick to tick, 0 if there were no two
  int64_t  tick;       ///< Number of the last one, from 0; -1 before
  bool     has_paused; ///< Whether that ended a pause
} ClockSync;

/// Return the ratio of a scale point, the slowest first
ClockRatio
clock_sync_ratio(uint32_t choice);

/// Forget all ticks
void
clock_sync_reset(ClockSync* self);

/// Let time pass
void
clock_sync_pass(ClockSync* self, uint32_t n_frames);

/// Take a tick with the next frame, and return true if it is the first of all
bool
clock_sync_tick(ClockSync* self);

/// Make the tick that is next to the next frame number 0
void
clock_sync_restart(ClockSync* self);

/// Return the cycles of a frame, 0 before there were two ticks
double
clock_sync_pace(const ClockSync* self, ClockRatio ratio);

/// Return where the cycles are at the last tick, of which there must be one
PhasorPosition
clock_sync_place(const ClockSync* self, ClockRatio ratio);

#endif // CLOCK_SYNC_H
