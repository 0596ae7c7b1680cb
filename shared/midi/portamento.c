// SPDX-License-Identifier: ISC

#include "midi/portamento.h"

#include <math.h>
#include <string.h>

void
portamento_reset(Portamento* const self)
{
  memset(self, 0, sizeof(*self));
}

/// Return how far above the target the pitch is
static double
offset(const Portamento* const self)
{
  return self->n_left ? self->distance_oct * self->n_left / self->line_frames : 0.0;
}

static void
start_line(Portamento* const self, const double target_oct, const uint32_t n_frames)
{
  self->distance_oct = self->target_oct + offset(self) - target_oct;
  self->target_oct   = target_oct;
  self->line_frames  = n_frames;
  self->n_left       = n_frames;
}

void
portamento_set_time(Portamento* const self, const uint32_t n_frames)
{
  if (self->n_left > 0U && n_frames != self->time_frames) {
    const double ratio = (double)n_frames / self->time_frames;
    start_line(self, self->target_oct, (uint32_t)lround(self->n_left * ratio));
  }
  self->time_frames = n_frames;
}

void
portamento_glide(Portamento* const self, const double target_oct)
{
  start_line(self, target_oct, self->time_frames);
}

void
portamento_jump(Portamento* const self, const double target_oct)
{
  start_line(self, target_oct, 0);
}

void
portamento_add(Portamento* const self,
               const double      origin_oct,
               float* const      out,
               const uint32_t    n_frames)
{
  const double target_oct = self->target_oct - origin_oct;
  uint32_t     i          = 0;
  for (; i < n_frames && self->n_left > 0U; ++i, --self->n_left) {
    out[i] = (float)((double)out[i] + target_oct + offset(self));
  }
  for (; i < n_frames; ++i) {
    out[i] = (float)((double)out[i] + target_oct);
  }
}
