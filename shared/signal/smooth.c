// SPDX-License-Identifier: ISC

#include "signal/smooth.h"

#include "signal/fill.h"

#include <math.h>

/// A glide is over when this part of the target (or of 1) is left: -140 dB
#define ARRIVAL 1e-7

void
smooth_init(Smoother* const self, const double sample_rate, const double time_s)
{
  self->decay = exp(-1.0 / (time_s * sample_rate));
  smooth_reset(self);
}

void
smooth_reset(Smoother* const self)
{
  self->target   = 0.0;
  self->distance = 0.0;
  self->started  = false;
}

static void
turn(Smoother* const self, const double target)
{
  self->distance = self->started ? self->distance + (self->target - target) : 0.0;
  self->target   = target;
  self->started  = true;
}

bool
smooth_process(Smoother* const self,
               const double    to,
               float* const    out,
               const uint32_t  n_frames)
{
  const double target = to + 0.0; // Never -0, to which no glide would lead from 0

  if (!self->started || self->target != target) {
    turn(self, target);
  }

  const double tolerance = ARRIVAL * (1.0 + fabs(target));
  const bool   moves     = self->distance != 0.0;
  uint32_t     i         = 0;
  for (; i < n_frames && self->distance != 0.0; ++i) {
    const double left = self->distance * self->decay;
    self->distance    = fabs(left) > tolerance ? left : 0.0;
    out[i]            = (float)(target + self->distance);
  }
  fill_frames(out + i, (float)target, n_frames - i);
  return moves;
}
