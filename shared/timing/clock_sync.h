// SPDX-License-Identifier: ISC
/**
   A clock that is followed: how many ticks there have been, and when the next is due.

   The count is the clock's, always.  What is predicted is the way to the next tick
   only, in three ways; the one that has been the least wrong lately counts:

   - as long as the last way: right when the tempo steps
   - as long as the one before it: right with any swing
   - to where a loop of second order sees the next tick of an even clock, over some
     dozens of ticks: right when ticks jitter

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

/// Ways to predict
typedef enum {
  CLOCK_SYNC_LAST,
  CLOCK_SYNC_SWUNG,
  CLOCK_SYNC_EVEN,
  N_CLOCK_IN_WAYS
} ClockInWay;

typedef struct {
  uint64_t since;                  ///< Frames since the last tick
  double   period;                 ///< Frames to the next tick, 0 if there were no two
  double   way[N_CLOCK_IN_WAYS];   ///< What each predicts for them
  double   error[N_CLOCK_IN_WAYS]; ///< How wrong each was lately, in frames
  double   even;                   ///< Frames from tick to tick of an even clock
  int64_t  tick;                   ///< Number of the last one, from 0; -1 before
  int32_t  n_off;                  ///< Ticks in a row far late, or, negative, early
  bool     has_ticked;             ///< Whether there was any tick at all
  bool     has_paused;             ///< Whether the last tick ended a pause
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

/// Take a tick with the next frame
void
clock_sync_tick(ClockSync* self);

/// Make the tick that is next to the next frame number 0
void
clock_sync_restart(ClockSync* self);

/// Return the cycles of a frame, 0 before there were two ticks
double
clock_sync_pace(const ClockSync* self, ClockRatio ratio);

/// Return where the cycles are at a tick, 0 or above
PhasorPosition
clock_sync_place(int64_t tick, ClockRatio ratio);

/// Return which part of the way to the next tick is over, from 0 to below 1
double
clock_sync_progress(const ClockSync* self);

#endif // CLOCK_SYNC_H
