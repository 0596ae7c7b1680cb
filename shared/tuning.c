// SPDX-License-Identifier: ISC

#include "tuning.h"

#include "fast_math.h"
#include "osc.h"
#include "units.h"

/// More octaves than any rate needs, and few enough for no overflow
#define MAX_OCTAVES 40.0

static inline double
clamp(const double x, const double limit)
{
  const double above = x > -limit ? x : -limit;

  return above < limit ? above : limit;
}

/// Return the frequency that knobs are set to in a frame
static inline double
knobs_hz(const Tuning* const self, const uint32_t i)
{
  const double knobs_oct = (double)self->octave[i] + (double)self->tune_oct[i];

  return C4_HZ * fast_exp2(clamp(knobs_oct, MAX_OCTAVES));
}

/// Write how far voltages shift a frequency, in octaves
static void
find_shifts(const Tuning* const self, double* const shift_oct, const uint32_t n_frames)
{
  const bool has_fm = !self->pitch_only;
  for (uint32_t i = 0; i < n_frames; ++i) {
    shift_oct[i] = (double)self->pitch_oct[i];
  }
  for (uint32_t i = 0; i < n_frames && has_fm; ++i) {
    shift_oct[i] += (double)self->exp_fm_amount[i] * (double)self->exp_fm[i];
  }
  for (uint32_t i = 0; i < n_frames; ++i) {
    shift_oct[i] = clamp(shift_oct[i], MAX_OCTAVES);
  }
}

void
tuning_base(const Tuning* const self, double* const base_hz, const uint32_t n_frames)
{
  // Not in one loop with the powers, which compilers would compute for the limits too
  find_shifts(self, base_hz, n_frames);

  if (self->pitch_only) {
    const double rest_hz   = knobs_hz(self, 0);
    const double detune_hz = (double)self->detune_hz[0];
    for (uint32_t i = 0; i < n_frames; ++i) {
      base_hz[i] = rest_hz * fast_exp2(base_hz[i]) + detune_hz;
    }
    return;
  }

  for (uint32_t i = 0; i < n_frames; ++i) {
    base_hz[i] = knobs_hz(self, i) * fast_exp2(base_hz[i]) + (double)self->detune_hz[i];
  }
}

void
tuning_fm(const float* const fm,
          const float* const amount,
          double* const      freq_hz,
          const uint32_t     n_frames)
{
  for (uint32_t i = 0; i < n_frames; ++i) {
    freq_hz[i] *= 1.0 + (double)amount[i] * (double)fm[i];
  }
}

void
tuning_steps(const double* const freq_hz,
             const double        sample_rate,
             int32_t* const      step,
             const uint32_t      n_frames)
{
  const double cycle_per_hz = OSC_CYCLE / sample_rate;
  const double limit_hz     = OSC_MAX_STEP / cycle_per_hz;
  for (uint32_t i = 0; i < n_frames; ++i) {
    step[i] = fast_round(clamp(freq_hz[i], limit_hz) * cycle_per_hz);
  }
}
