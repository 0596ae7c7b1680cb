// SPDX-License-Identifier: ISC

#include "soft_clip.h"

#include <math.h>

#define KNEE 1.5
#define CUBIC (4.0 / 27.0)

/// Below this step the mean is taken at the midpoint: its error there is 1e-13
#define SMALL_STEP 1e-6

void
soft_clip_reset(SoftClip* const self)
{
  self->last = 0.0;
}

static double
curve(const double x)
{
  const double bound = x < -KNEE ? -KNEE : x > KNEE ? KNEE : x;

  return bound - CUBIC * bound * bound * bound;
}

/// Return the integral of curve() from 0 to `x`
static double
curve_integral(const double x)
{
  const double size   = fabs(x);
  const double within = size < KNEE ? size : KNEE;
  const double square = within * within;

  return square * (0.5 - 0.25 * CUBIC * square) + (size - within);
}

void
soft_clip_process(SoftClip* const    self,
                  const float* const in,
                  float* const       out,
                  const uint32_t     n_frames)
{
  for (uint32_t i = 0; i < n_frames; ++i) {
    const double x    = (double)in[i];
    const double last = self->last;
    const double step = x - last;
    const double mean = fabs(step) < SMALL_STEP
                          ? curve(0.5 * (x + last))
                          : (curve_integral(x) - curve_integral(last)) / step;

    out[i]     = (float)mean;
    self->last = x;
  }
}
