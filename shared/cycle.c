// SPDX-License-Identifier: ISC

#include "cycle.h"

#include <math.h>

#define FULL_CYCLE 0x1p64 ///< In the unit of phases
#define MAX_NUMBER 0x1p51 ///< Larger than any cycle's

/// Phases of two frames
typedef uint64_t Pair __attribute__((vector_size(16)));

/// The same as halves, of which every other one is an upper one
typedef uint32_t Quad __attribute__((vector_size(16)));

#define UPPER (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__) ///< The first that is

CyclePlace
cycle_place(const double cycles)
{
  const double bounded =
    cycles > -MAX_NUMBER ? (cycles < MAX_NUMBER ? cycles : MAX_NUMBER) : -MAX_NUMBER;
  const double number = floor(bounded);
  const double part   = bounded - number; // 1 next to the end, where it is rounded

  return part < 1.0 ? (CyclePlace){(int64_t)number, (uint64_t)(part * FULL_CYCLE)}
                    : (CyclePlace){(int64_t)number + 1, 0};
}

CyclePlace
cycle_distance(const CyclePlace a, const CyclePlace b)
{
  const int64_t borrow = a.phase < b.phase ? 1 : 0;

  return (CyclePlace){a.number - b.number - borrow, a.phase - b.phase};
}

void
cycle_restart(Cycle* const self)
{
  const Cycle start = {{0, 0}, -1};

  *self = start;
}

void
cycle_jump(Cycle* const self, const CyclePlace place)
{
  self->next  = place;
  self->begun = place.phase < CYCLE_NEAR ? place.number - 1 : place.number;
}

bool
cycle_correct(Cycle* const self, const CyclePlace place, const uint64_t tolerance)
{
  const CyclePlace start   = {self->begun, 0};
  const CyclePlace ahead   = cycle_distance(place, self->next);
  const CyclePlace behind  = cycle_distance(self->next, place);
  const CyclePlace missing = cycle_distance(start, place);
  if ((ahead.number != 0 || ahead.phase > tolerance) &&
      (behind.number != 0 || behind.phase > tolerance)) {
    return false;
  }

  const bool undoes_start = missing.number == 0 && missing.phase < CYCLE_NEAR;
  self->next              = undoes_start ? start : place;
  return true;
}

/// Return how many frames are left of the cycle, at most `n_frames`
static uint32_t
frames_left(const Cycle* const self, const uint64_t step, const uint32_t n_frames)
{
  const uint64_t left = UINT64_MAX - self->next.phase;
  uint64_t       way  = 0;
  if (!__builtin_mul_overflow(step, (uint64_t)n_frames, &way) && way <= left) {
    return n_frames;
  }

  return (uint32_t)(left / step + 1U);
}

/// Write phases at an even pace, by sums that do not wait for each other
static void
write_even(const uint64_t  start,
           const uint64_t  step,
           uint32_t* const phase,
           const uint32_t  n_frames)
{
  Pair first  = {start, start + step};
  Pair second = {start + 2U * step, start + 3U * step};

  uint32_t i = 0;
  for (; i + 4U <= n_frames; i += 4U) {
    const Quad upper = __builtin_shufflevector(
      (Quad)first, (Quad)second, UPPER, 2 + UPPER, 4 + UPPER, 6 + UPPER);
    memcpy(phase + i, &upper, sizeof(upper));
    first += 4U * step;
    second += 4U * step;
  }
  for (; i < n_frames; ++i) {
    phase[i] = (uint32_t)((start + i * step) >> 32U);
  }
}

static uint32_t
write_resting(Cycle* const    self,
              const uint64_t  step,
              uint32_t* const phase,
              const uint32_t  n_frames)
{
  const uint32_t n_left = frames_left(self, step, n_frames);

  write_even(self->next.phase, step, phase, n_left);
  self->next.phase += n_left * step;
  self->next.number += self->next.phase < step;
  return n_left;
}

static uint32_t
write_moving(Cycle* const          self,
             const uint64_t* const step,
             uint32_t* const       phase,
             const uint32_t        n_frames)
{
  uint64_t from = self->next.phase;
  for (uint32_t i = 0; i < n_frames; ++i) {
    phase[i]          = (uint32_t)(from >> 32U);
    const uint64_t to = from + step[i];
    if (to < from) {
      self->next = (CyclePlace){self->next.number + 1, to};
      return i + 1U;
    }
    from = to;
  }

  self->next.phase = from;
  return n_frames;
}

uint32_t
cycle_write(Cycle* const          self,
            const uint64_t* const step,
            const bool            step_rests,
            uint32_t* const       phase,
            const uint32_t        n_frames)
{
  return step_rests ? write_resting(self, step[0], phase, n_frames)
                    : write_moving(self, step, phase, n_frames);
}
