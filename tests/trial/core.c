// SPDX-License-Identifier: ISC

#include "delay/trial.h"

#include <math.h>
#include <string.h>

static uint32_t
line_frames(const double sample_rate)
{
  return (uint32_t)ceil(TRIAL_MAX_S * sample_rate) + 1U;
}

/// Return the line, which begins where the struct ends
static float*
line_of(Trial* const self)
{
  return (float*)(self + 1);
}

size_t
trial_size(const double sample_rate)
{
  return sizeof(Trial) + line_frames(sample_rate) * sizeof(float);
}

void
trial_init(Trial* const self, const double sample_rate)
{
  self->sample_rate = sample_rate;
  self->n_line      = line_frames(sample_rate);
  trial_reset(self);
}

void
trial_reset(Trial* const self)
{
  self->at    = 0;
  self->delay = 1;
  memset(line_of(self), 0, self->n_line * sizeof(float));
}

void
trial_set_delay(Trial* const self, const double delay_s)
{
  const double frames = delay_s * self->sample_rate;
  const double above  = frames > 1.0 ? frames : 1.0;

  self->delay = (uint32_t)(above < (double)self->n_line ? above : (double)self->n_line);
}

float
trial_process(Trial* const       self,
              const float* const in,
              const Signal       gain,
              float* const       out,
              const uint32_t     n_frames)
{
  float* const line = line_of(self);
  float        peak = 0.0f;
  for (uint32_t i = 0; i < n_frames; ++i) {
    const uint32_t from = self->at + self->n_line - self->delay;
    const float    late = line[from % self->n_line];

    line[self->at] = in[i];
    self->at       = (self->at + 1U) % self->n_line;
    out[i]         = gain.frame[i] * late;
    peak           = fmaxf(peak, fabsf(out[i]));
  }
  return peak;
}
