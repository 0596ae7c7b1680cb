// SPDX-License-Identifier: ISC
/**
   A phase that does not drift, and the number of the cycle that it is in.

   The phase has 64 bits: a step that should last for a day at 48 kHz is off by less
   than a billionth of a cycle in the end.  It only goes forward, unless it is told
   where to go on.
*/

#ifndef PHASOR_H
#define PHASOR_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define PHASOR_MAX_STEP 0.25             ///< Most cycles in a frame
#define PHASOR_NEAR ((uint64_t)1 << 58U) ///< 1/64, what counts as next to a start
#define PHASOR_HALF ((uint64_t)1 << 63U) ///< Half a cycle

/// A place among the cycles
typedef struct {
  int64_t  number; ///< Of the cycle
  uint64_t phase;  ///< Part of it that is over, in 2^-64 cycles
} PhasorPosition;

typedef struct {
  PhasorPosition next;  ///< Where the next frame is
  int64_t        begun; ///< The last cycle that phasor_begins() told of
} Phasor;

/// Return `number`, between -2^51 and 2^51, as the whole number next to it
static inline int64_t
phasor_round(const double number)
{
  static const double rounder = 0x1.8p52; // Leaves no bits for a fraction

  const double sum         = number + rounder;
  int64_t      sum_bits    = 0;
  int64_t      origin_bits = 0;
  memcpy(&sum_bits, &sum, sizeof(sum_bits));
  memcpy(&origin_bits, &rounder, sizeof(origin_bits));
  return sum_bits - origin_bits;
}

/// Return a part of a cycle, from 0 to PHASOR_MAX_STEP, in 2^-64 cycles
static inline uint64_t
phasor_step(const double cycles)
{
  static const double rounder = 0x1.8p52;

  // In two parts, for a double has whole numbers of 52 bits only
  const double upper = cycles * 0x1p52;
  const double rest  = upper - ((upper + rounder) - rounder);

  return (uint64_t)(phasor_round(upper) * 4096 + phasor_round(rest * 4096.0));
}

/// Return a place that is `cycles` after the start of cycle 0
PhasorPosition
phasor_place(double cycles);

/// Return the place that is as far from the start of cycle 0 as `a` is from `b`
PhasorPosition
phasor_distance(PhasorPosition a, PhasorPosition b);

/// Go to the start of cycle 0
void
phasor_restart(Phasor* self);

/// Go to `place` for good: a cycle begins there if its start is within 1/64
void
phasor_jump(Phasor* self, PhasorPosition place);

/**
   Go to `place` to correct a small error, or return false and stay if it is large.

   `tolerance` is in 2^-64 cycles.  A cycle that has begun does not begin again, and
   its start is not undone if that is where the place is nearly at.
*/
bool
phasor_correct(Phasor* self, PhasorPosition place, uint64_t tolerance);

/// Return true if a cycle begins with the next frame, just once for each
static inline bool
phasor_begins(Phasor* const self)
{
  const bool begins = self->next.number > self->begun;

  self->begun = begins ? self->next.number : self->begun;
  return begins;
}

/**
   Write the phase of the next frames, in 2^-32 cycles, up to the end of the cycle.

   Each frame goes on by `step`, or if `step_is_constant` by the first of it.  Returns
   how many there are, at most `n_frames`.
*/
uint32_t
phasor_write(Phasor*         self,
             const uint64_t* step,
             bool            step_is_constant,
             uint32_t*       phase,
             uint32_t        n_frames);

#endif // PHASOR_H
