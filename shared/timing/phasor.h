// SPDX-License-Identifier: ISC
/**
   A phase that does not drift, and the number of the cycle that it is in.

   A step has 96 bits.  One of phasor_even_step() is the true one rounded up, which at
   a whole sample rate up to 1 MHz and a frequency that is a float is too little to
   matter for months: each cycle starts in the first frame at or after its time, and
   cycles of any two frequencies that meet do so in one frame.

   Within a cycle, 64 bits are added up, and what the others come to in `late`, so that
   a block is written without them.  It only goes forward, unless it is told where to
   go on.
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

/// A part of a cycle that each frame takes
typedef struct {
  uint64_t whole; ///< In 2^-64 cycles
  uint32_t rest;  ///< In 2^-96 cycles
} CycleStep;

typedef struct {
  PhasorPosition next;  ///< Where the next frame is, but for `late`
  uint64_t       late;  ///< How far it is behind, in 2^-64 cycles
  uint64_t       rest;  ///< And in 2^-96 cycles, less than 2^32
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

/**
   Return the step of a frequency, rounded up to 2^-96 cycles.

   Where that cannot be, for a sample rate that is not whole or a step that is not below
   PHASOR_MAX_STEP or minute, it is that of phasor_step().
*/
CycleStep
phasor_even_step(double freq_hz, double sample_rate);

/// Return a place that is `cycles` after the start of cycle 0
PhasorPosition
phasor_place(double cycles);

/// Return the place that is as far from the start of cycle 0 as `a` is from `b`
PhasorPosition
phasor_distance(PhasorPosition a, PhasorPosition b);

/// Return the place that is as far from `a` as `b` is from the start of cycle 0
PhasorPosition
phasor_sum(PhasorPosition a, PhasorPosition b);

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

/// Go to `place`, such that all cycles up to there that have not begun do so
void
phasor_reach(Phasor* self, PhasorPosition place);

/// Return how many cycles begin with the next frame, just once for each
static inline uint64_t
phasor_begins(Phasor* const self)
{
  const bool     begins = self->next.number > self->begun;
  const uint64_t n = begins ? (uint64_t)self->next.number - (uint64_t)self->begun : 0U;

  self->begun = begins ? self->next.number : self->begun;
  return n;
}

/**
   Write the phase of the next frames, in 2^-32 cycles, up to the end of the cycle.

   Each frame goes on by `step`, or if `step_is_constant` by the first of it, and by the
   rest of `even` where its whole is that step.  Returns how many there are, at most
   `n_frames`, which is at most 2^16.
*/
uint32_t
phasor_write(Phasor*         self,
             const uint64_t* step,
             bool            step_is_constant,
             CycleStep       even,
             uint32_t*       phase,
             uint32_t        n_frames);

#endif // PHASOR_H
