// SPDX-License-Identifier: ISC

#include "osc/pitch.h"

#include "math/fast_math.h"
#include "osc/osc.h"
#include "signal/units.h"

#include <stdbool.h>
#include <string.h>

/// Number that puts the last bit of a step at the bottom of a mantissa
#define STEP_ZERO 0x1.8p52

/**
   How far octaves may go: more than any rate needs, and few enough for no overflow.

   These limits are volatile, because compilers that know them compute what comes of
   them apart from what comes of other values, which takes as long again.
*/
static const volatile float most_octaves = 40.0f;

/// Steps that are not too long, with what step_of() adds to them
static const volatile double least_sum = STEP_ZERO - PITCH_MAX * OSC_CYCLE;
static const volatile double most_sum  = STEP_ZERO + PITCH_MAX * OSC_CYCLE;

/// Limit of signals
typedef struct {
  float  octaves;
  double least_sum;
  double most_sum;
} Limits;

static Limits
read_limits(void)
{
  const Limits limits = {most_octaves, least_sum, most_sum};

  return limits;
}

static inline float
clamp_octaves(const float octaves, const Limits* const limits)
{
  const float above = octaves > -limits->octaves ? octaves : -limits->octaves;

  return above < limits->octaves ? above : limits->octaves;
}

void
pitch_base(const float* const octave,
           const float* const tune_oct,
           const double       sample_rate,
           double* const      base,
           const uint32_t     n_frames)
{
  for (uint32_t i = 0; i < n_frames; ++i) {
    const double knobs_oct = (double)octave[i] + (double)tune_oct[i];
    base[i]                = C4_HZ / sample_rate * OSC_CYCLE * fast_exp2(knobs_oct);
  }
}

/// Return how many times the base frequency voltages make
static inline float
ratio_at(const Pitch* const  self,
         const bool          has_exp_fm,
         const Limits* const limits,
         const uint32_t      i)
{
  const float exp_fm_oct = has_exp_fm ? self->exp_fm_amount[i] * self->exp_fm[i] : 0.0f;

  return fast_exp2f(clamp_octaves(self->pitch_oct[i] + exp_fm_oct, limits));
}

/**
   Return a step as the oscillator takes it.

   The sum leaves no room for smaller bits than the last of a step, and puts that at the
   bottom of its mantissa.  What lies above a step does not matter.
*/
static inline uint64_t
step_of(const double step, const Limits* const limits)
{
  const double sum     = step + STEP_ZERO;
  const double above   = sum > limits->least_sum ? sum : limits->least_sum;
  const double clamped = above < limits->most_sum ? above : limits->most_sum;

  uint64_t bits = 0;
  memcpy(&bits, &clamped, sizeof(bits));
  return bits;
}

/// pitch_steps(), inlined where compilers know the inputs at rest
static inline void
write_steps(const Pitch* const self,
            const bool         knobs_are_constant,
            const bool         pitch_is_constant,
            const bool         has_exp_fm,
            const bool         has_fm,
            uint64_t* const    step,
            const uint32_t     n_frames)
{
  const Limits limits       = read_limits();
  const double steps_per_hz = OSC_CYCLE / self->sample_rate;
  const float  rest         = ratio_at(self, has_exp_fm, &limits, 0);
  for (uint32_t i = 0; i < n_frames; ++i) {
    const uint32_t k = knobs_are_constant ? 0 : i;
    const float    ratio =
      pitch_is_constant ? rest : ratio_at(self, has_exp_fm, &limits, i);
    const double detune = (double)self->detune_hz[k] * steps_per_hz;
    const double sum    = self->base[k] * (double)ratio + detune;
    const double fm = has_fm ? (double)self->fm_amount[k] * (double)self->fm[i] : 0.0;
    step[i]         = step_of(sum * (1.0 + fm), &limits);
  }
}

/// Write steps while knobs rest
static void
write_knobs_rest(const Pitch* const self, uint64_t* const step, const uint32_t n)
{
  if (self->exp_fm && self->fm) {
    write_steps(self, true, false, true, true, step, n);
  } else if (self->exp_fm) {
    write_steps(self, true, false, true, false, step, n);
  } else if (!self->fm) {
    write_steps(self, true, false, false, false, step, n);
  } else if (self->pitch_is_constant) {
    write_steps(self, true, true, false, true, step, n);
  } else {
    write_steps(self, true, false, false, true, step, n);
  }
}

void
pitch_steps(const Pitch* const self, uint64_t* const step, const uint32_t n_frames)
{
  if (self->knobs_are_constant) {
    write_knobs_rest(self, step, n_frames);
  } else {
    write_steps(self, false, false, self->exp_fm, self->fm, step, n_frames);
  }
}
