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
  return x < -limit ? -limit : x > limit ? limit : x;
}

void
tuning_steps(const Tuning* const self,
             const double        sample_rate,
             int32_t* const      step,
             const uint32_t      n_frames)
{
  const double cycle_per_hz = OSC_CYCLE / sample_rate;
  for (uint32_t i = 0; i < n_frames; ++i) {
    const double knobs_oct = (double)self->octave[i] + (double)self->tune_oct[i];
    const double exp_oct   = (double)self->exp_fm_amount[i] * (double)self->exp_fm[i];
    const double pitch_oct = knobs_oct + ((double)self->pitch_oct[i] + exp_oct);
    const double base_hz =
      C4_HZ * fast_exp2(clamp(pitch_oct, MAX_OCTAVES)) + (double)self->detune_hz[i];
    const double factor = 1.0 + (double)self->fm_amount[i] * (double)self->fm[i];
    const double steps  = clamp(base_hz * factor * cycle_per_hz, OSC_MAX_STEP);

    step[i] = (int32_t)(steps < 0.0 ? steps - 0.5 : steps + 0.5);
  }
}
