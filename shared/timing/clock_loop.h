// SPDX-License-Identifier: ISC
/**
   A loop that evens out a clock whose ticks jitter.

   It is one of second order, damped by 1 / sqrt(2), whose bandwidth is a part of the
   clock's own rate: 0.02 evens out over some dozens of ticks.  After each tick it gives
   where that should have been, and how far it is to the next:

     ticks    |       |     |        |      |
     loop     |      |      |      |      |
                            ^ late: frames from this tick to the loop's
                                   ^ period: frames from there to the next

   Ticks that are off by more than a fourth of a period are passed over, and from the
   third to one side on they are a new tempo, as is the second after a pause.  The first
   ticks of a tempo count for more than the bandwidth has it.
*/

#ifndef CLOCK_LOOP_H
#define CLOCK_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#define CLOCK_LOOP_PAUSE 4U ///< A pause is longer than so many ticks

typedef struct {
  uint64_t since;      ///< Frames since the last tick
  double   period;     ///< Frames from tick to tick, 0 before there were two
  double   late;       ///< Where the last tick should have been: frames after it
  int32_t  n_off;      ///< Ticks in a row that were far late, or, negative, early
  uint32_t n_ticks;    ///< Of the present tempo
  bool     has_ticked; ///< Whether there was any tick
  bool     has_paused; ///< Whether the last one ended a pause
  bool     is_free;    ///< Whether the next one is taken where it comes
} ClockLoop;

/// Forget all ticks
void
clock_loop_reset(ClockLoop* self);

/// Let time pass
static inline void
clock_loop_pass(ClockLoop* const self, const uint32_t n_frames)
{
  self->since += n_frames;
}

/// Keep the tempo, but take the next tick where it comes
static inline void
clock_loop_free(ClockLoop* const self)
{
  self->is_free = true;
}

/// Take a tick with the next frame; `bandwidth` is above 0, up to 0.1
void
clock_loop_tick(ClockLoop* self, double bandwidth);

#endif // CLOCK_LOOP_H
