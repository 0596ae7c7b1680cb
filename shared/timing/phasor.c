// SPDX-License-Identifier: ISC

#include "timing/phasor.h"

#include <math.h>

#define FULL_CYCLE 0x1p64 ///< In the unit of phases
#define MAX_NUMBER 0x1p51 ///< Larger than any cycle's

/// Phases of two frames
typedef uint64_t Pair __attribute__((vector_size(16)));

/// The same as halves, of which every other one is an upper one
typedef uint32_t Double4 __attribute__((vector_size(16)));

#define UPPER (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__) ///< The first that is

PhasorPosition
phasor_place(const double cycles)
{
  const double bounded =
    cycles > -MAX_NUMBER ? (cycles < MAX_NUMBER ? cycles : MAX_NUMBER) : -MAX_NUMBER;
  const double number = floor(bounded);
  const double part   = bounded - number; // 1 next to the end, where it is rounded

  return part < 1.0 ? (PhasorPosition){(int64_t)number, (uint64_t)(part * FULL_CYCLE)}
                    : (PhasorPosition){(int64_t)number + 1, 0};
}

PhasorPosition
phasor_distance(const PhasorPosition a, const PhasorPosition b)
{
  const int64_t borrow = a.phase < b.phase ? 1 : 0;

  return (PhasorPosition){a.number - b.number - borrow, a.phase - b.phase};
}

void
phasor_restart(Phasor* const self)
{
  const Phasor start = {{0, 0}, -1};

  *self = start;
}

void
phasor_jump(Phasor* const self, const PhasorPosition place)
{
  self->next  = place;
  self->begun = place.phase < PHASOR_NEAR ? place.number - 1 : place.number;
}

bool
phasor_correct(Phasor* const self, const PhasorPosition place, const uint64_t tolerance)
{
  const PhasorPosition start   = {self->begun, 0};
  const PhasorPosition ahead   = phasor_distance(place, self->next);
  const PhasorPosition behind  = phasor_distance(self->next, place);
  const PhasorPosition missing = phasor_distance(start, place);
  if ((ahead.number != 0 || ahead.phase > tolerance) &&
      (behind.number != 0 || behind.phase > tolerance)) {
    return false;
  }

  const bool undoes_start = missing.number == 0 && missing.phase < PHASOR_NEAR;
  self->next              = undoes_start ? start : place;
  return true;
}

/// Return how many frames are left of the cycle, at most `n_frames`
static uint32_t
frames_left(const Phasor* const self, const uint64_t step, const uint32_t n_frames)
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
    const Double4 upper = __builtin_shufflevector(
      (Double4)first, (Double4)second, UPPER, 2 + UPPER, 4 + UPPER, 6 + UPPER);
    memcpy(phase + i, &upper, sizeof(upper));
    first += 4U * step;
    second += 4U * step;
  }
  for (; i < n_frames; ++i) {
    phase[i] = (uint32_t)((start + i * step) >> 32U);
  }
}

static uint32_t
write_resting(Phasor* const   self,
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
write_moving(Phasor* const         self,
             const uint64_t* const step,
             uint32_t* const       phase,
             const uint32_t        n_frames)
{
  uint64_t from = self->next.phase;
  for (uint32_t i = 0; i < n_frames; ++i) {
    phase[i]          = (uint32_t)(from >> 32U);
    const uint64_t to = from + step[i];
    if (to < from) {
      self->next = (PhasorPosition){self->next.number + 1, to};
      return i + 1U;
    }
    from = to;
  }

  self->next.phase = from;
  return n_frames;
}

uint32_t
phasor_write(Phasor* const         self,
             const uint64_t* const step,
             const bool            step_is_constant,
             uint32_t* const       phase,
             const uint32_t        n_frames)
{
  return step_is_constant ? write_resting(self, step[0], phase, n_frames)
                          : write_moving(self, step, phase, n_frames);
}
