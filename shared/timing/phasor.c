// SPDX-License-Identifier: ISC

#include "timing/phasor.h"

#include <math.h>

#define FULL_CYCLE 0x1p64 ///< In the unit of phases
#define MAX_NUMBER 0x1p51 ///< Larger than any cycle's
#define MANTISSA_BITS 53  ///< Of a double
#define STEP_BITS 96      ///< Of a step
#define MAX_SHIFT 74      ///< By which 53 bits stay below 2^127

/// Phases of two frames
typedef uint64_t Pair __attribute__((vector_size(16)));

/// The same as halves, every other one an upper one
typedef uint32_t Double4 __attribute__((vector_size(16)));

#define UPPER (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__) ///< The first that is

// ---- Steps

/// A number of 128 bits, the lowest first
typedef struct {
  uint32_t limb[4];
} Wide;

/// Return `number` times 2^`shift`, which is from 0 to 74
static Wide
shifted(const uint64_t number, const uint32_t shift)
{
  const uint32_t first = shift / 32U;
  const uint32_t bits  = shift % 32U;
  const uint64_t lower = (number & UINT32_MAX) << bits;
  const uint64_t upper = (number >> 32U) << bits;
  const uint64_t mid   = (lower >> 32U) + (upper & UINT32_MAX);

  Wide wide             = {{0, 0, 0, 0}};
  wide.limb[first]      = (uint32_t)lower;
  wide.limb[first + 1U] = (uint32_t)mid;
  if (first < 2U) {
    wide.limb[first + 2U] = (uint32_t)((mid >> 32U) + (upper >> 32U));
  }
  return wide;
}

/// Divide by `below`, and return what is left over
static uint64_t
divide(Wide* const above, const uint32_t below)
{
  uint64_t left = 0;
  for (uint32_t l = 4; l-- > 0U;) {
    const uint64_t part = left << 32U | above->limb[l];
    above->limb[l]      = (uint32_t)(part / below);
    left                = part % below;
  }
  return left;
}

CycleStep
phasor_even_step(const double freq_hz, const double sample_rate)
{
  const double cycles   = freq_hz / sample_rate;
  int          exponent = 0;
  const double mantissa = frexp(freq_hz, &exponent);
  const int    shift    = exponent - MANTISSA_BITS + STEP_BITS;
  const bool   is_whole =
    sample_rate <= (double)UINT32_MAX && sample_rate == floor(sample_rate);
  if (!is_whole || !(cycles > 0.0 && cycles < PHASOR_MAX_STEP) || shift < 0 ||
      shift > MAX_SHIFT) {
    return (CycleStep){phasor_step(cycles < PHASOR_MAX_STEP ? cycles : PHASOR_MAX_STEP),
                       0};
  }

  Wide wide = shifted((uint64_t)ldexp(mantissa, MANTISSA_BITS), (uint32_t)shift);
  const uint64_t left  = divide(&wide, (uint32_t)sample_rate);
  const uint64_t rest  = (uint64_t)wide.limb[0] + (left > 0U);
  const uint64_t whole = (uint64_t)wide.limb[2] << 32U | wide.limb[1];
  return (CycleStep){whole + (rest >> 32U), (uint32_t)rest};
}

// ---- Places

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

PhasorPosition
phasor_sum(const PhasorPosition a, const PhasorPosition b)
{
  const uint64_t phase = a.phase + b.phase;

  return (PhasorPosition){a.number + b.number + (phase < a.phase), phase};
}

void
phasor_restart(Phasor* const self)
{
  *self = (Phasor){.begun = -1};
}

void
phasor_jump(Phasor* const self, const PhasorPosition place)
{
  self->begun = place.phase < PHASOR_NEAR ? place.number - 1 : place.number;
  phasor_reach(self, place);
}

void
phasor_reach(Phasor* const self, const PhasorPosition place)
{
  self->next = place;
  self->late = 0;
  self->rest = 0;
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

  const bool undoes_start = missing.number == 0 && missing.phase < tolerance;
  phasor_reach(self, undoes_start ? start : place);
  return true;
}

/// Return how many frames are left of a cycle from `from` on, at most `n_frames`
static uint32_t
frames_left(const uint64_t from, const uint64_t step, const uint32_t n_frames)
{
  const uint64_t left = UINT64_MAX - from;
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

/// Return the rest of a step
static inline uint32_t
rest_of(const uint64_t step, const CycleStep even)
{
  return step == even.whole ? even.rest : 0U;
}

/// Return where `n_frames` lead, in 2^-64 cycles
static inline uint64_t
reached(const Phasor* const self, const CycleStep step, const uint32_t n_frames)
{
  const uint64_t rest = self->rest + (uint64_t)n_frames * step.rest;

  return self->next.phase + self->late + n_frames * step.whole + (rest >> 32U);
}

static uint32_t
write_resting(Phasor* const   self,
              const CycleStep step,
              uint32_t* const phase,
              const uint32_t  n_frames)
{
  const uint64_t from   = self->next.phase + self->late;
  const uint32_t n_most = frames_left(from, step.whole, n_frames);

  // One less, if what the rests come to ends the cycle
  const uint64_t bare     = from + (n_most - 1U) * step.whole;
  const bool     is_early = n_most > 1U && reached(self, step, n_most - 1U) < bare;
  const uint32_t n        = n_most - is_early;
  const uint64_t last     = reached(self, step, n - 1U);
  const uint64_t to       = reached(self, step, n);
  const uint64_t rest     = self->rest + (uint64_t)n * step.rest;

  write_even(self->next.phase, step.whole, phase, n);
  self->rest = rest & UINT32_MAX;
  if (to < last) {
    self->next = (PhasorPosition){self->next.number + 1, to};
    self->late = 0;
  } else {
    self->next.phase += n * step.whole;
    self->late += rest >> 32U;
  }
  return n;
}

/// Return true if any of the steps has a rest
static bool
has_rests(const uint64_t* const step, const CycleStep even, const uint32_t n_frames)
{
  uint64_t n_even = 0;
  for (uint32_t i = 0; even.rest > 0U && i < n_frames; ++i) {
    n_even += step[i] == even.whole;
  }
  return n_even > 0U;
}

/// Write phases where no step has a rest
static uint32_t
write_bare(Phasor* const         self,
           const uint64_t* const step,
           uint32_t* const       phase,
           const uint32_t        n_frames)
{
  const uint64_t late = self->late;
  uint64_t       from = self->next.phase + late;
  for (uint32_t i = 0; i < n_frames; ++i) {
    phase[i]          = (uint32_t)((from - late) >> 32U);
    const uint64_t to = from + step[i];
    if (to < from) {
      self->next = (PhasorPosition){self->next.number + 1, to};
      self->late = 0;
      return i + 1U;
    }
    from = to;
  }

  self->next.phase = from - late;
  return n_frames;
}

static uint32_t
write_moving(Phasor* const         self,
             const uint64_t* const step,
             const CycleStep       even,
             uint32_t* const       phase,
             const uint32_t        n_frames)
{
  if (!has_rests(step, even, n_frames)) {
    return write_bare(self, step, phase, n_frames);
  }

  Phasor   now = *self;
  uint32_t n   = 0;
  while (n < n_frames) {
    const CycleStep next = {step[n], rest_of(step[n], even)};
    const uint64_t  from = now.next.phase + now.late;
    const uint64_t  to   = reached(&now, next, 1);
    const uint64_t  rest = now.rest + next.rest;
    phase[n++]           = (uint32_t)(now.next.phase >> 32U);
    now.rest             = rest & UINT32_MAX;
    now.next.phase += next.whole;
    now.late += rest >> 32U;
    if (to < from) {
      now.next = (PhasorPosition){now.next.number + 1, to};
      now.late = 0;
      break;
    }
  }
  *self = now;
  return n;
}

uint32_t
phasor_write(Phasor* const         self,
             const uint64_t* const step,
             const bool            step_is_constant,
             const CycleStep       even,
             uint32_t* const       phase,
             const uint32_t        n_frames)
{
  const CycleStep first = {step[0], rest_of(step[0], even)};

  return step_is_constant ? write_resting(self, first, phase, n_frames)
                          : write_moving(self, step, even, phase, n_frames);
}
