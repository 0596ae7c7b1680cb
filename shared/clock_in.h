// SPDX-License-Identifier: ISC
/**
   A clock that is followed: how long a tick is, and how many there have been.

   A tick that comes very late ends a pause, over which the pace stays; if the next one
   is as late, the clock has become slower.
*/

#ifndef CLOCK_IN_H
#define CLOCK_IN_H

#include "cycle.h"

#include <stdbool.h>
#include <stdint.h>

/// Cycles per tick, as a fraction
typedef struct {
  uint32_t above;
  uint32_t below;
} ClockRatio;

#define N_CLOCK_RATIOS 27U ///< Choices of a ratio
#define CLOCK_IN_PAUSE 4U  ///< A pause is longer than so many ticks

typedef struct {
  uint64_t since;      ///< Frames since the last tick
  uint64_t period;     ///< Frames from tick to tick, 0 if there were no two
  int64_t  tick;       ///< Number of the last one, from 0; -1 before
  bool     has_paused; ///< Whether that ended a pause
} ClockIn;

/// Return the ratio of a scale point, the slowest first
ClockRatio
clock_in_ratio(uint32_t choice);

/// Forget all ticks
void
clock_in_reset(ClockIn* self);

/// Let time pass
void
clock_in_pass(ClockIn* self, uint32_t n_frames);

/// Take a tick with the next frame, and return true if it is the first of all
bool
clock_in_tick(ClockIn* self);

/// Make the tick that is next to the next frame number 0
void
clock_in_restart(ClockIn* self);

/// Return the cycles of a frame, 0 before there were two ticks
double
clock_in_pace(const ClockIn* self, ClockRatio ratio);

/// Return where the cycles are at the last tick, of which there must be one
CyclePlace
clock_in_place(const ClockIn* self, ClockRatio ratio);

#endif // CLOCK_IN_H
