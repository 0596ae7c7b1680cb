// SPDX-License-Identifier: ISC
/**
   A high pass of second order for the noise of drums, with trapezoidal integrators.

   Zavalishin, The Art of VA Filter Design, 3.10; the damping is DRUM_HIGH_PASS_K.
*/

#ifndef HIGH_PASS_H
#define HIGH_PASS_H

#include "math/fast_math.h"

#include <math.h>

#define DRUM_HIGH_PASS_K 1.1

typedef struct {
  double tone_oct; ///< What the coefficients are for
  double g;
  double share;
  double band;
  double low;
} DrumHighPass;

/// Forget all input
static inline void
drum_high_pass_reset(DrumHighPass* const self)
{
  self->band = 0.0;
  self->low  = 0.0;
}

/// Have a corner of 2^`tone_oct` Hz from the next frame on
static inline void
drum_high_pass_tune(DrumHighPass* const self,
                    const double        tone_oct,
                    const double        sample_rate)
{
  const double step = fast_exp2(tone_oct) / sample_rate;
  const double g    = tan(3.14159265358979323846 * (step < 0.45 ? step : 0.45));

  self->tone_oct = tone_oct;
  self->g        = g;
  self->share    = 1.0 / (1.0 + g * (DRUM_HIGH_PASS_K + g));
}

/// Set up
static inline void
drum_high_pass_init(DrumHighPass* const self, const double sample_rate)
{
  drum_high_pass_tune(self, 0.0, sample_rate);
  drum_high_pass_reset(self);
}

/// Return the next frame, with a corner of 2^`tone_oct` Hz
static inline double
drum_high_pass_next(DrumHighPass* const self,
                    const double        tone_oct,
                    const double        sample_rate,
                    const double        in)
{
  if (tone_oct != self->tone_oct) {
    drum_high_pass_tune(self, tone_oct, sample_rate);
  }

  const double damped = (DRUM_HIGH_PASS_K + self->g) * self->band;
  const double high   = self->share * (in - damped - self->low);
  const double band   = self->band + self->g * high;
  const double low    = self->low + self->g * band;

  self->band = band + self->g * high;
  self->low  = low + self->g * band;
  return high;
}

#endif // HIGH_PASS_H
