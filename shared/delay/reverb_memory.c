// SPDX-License-Identifier: ISC

#include "delay/reverb_memory.h"

#include "delay/reverb.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#define MAX_MEMORY_RATE_HZ 1e6 ///< Beyond it, the longest times are shorter

/// A length of each line at a size of 1
const double reverb_line_s[REVERB_LINES] = {0.0297,
                                            0.0323,
                                            0.0349,
                                            0.0379,
                                            0.0407,
                                            0.0439,
                                            0.0473,
                                            0.0509,
                                            0.0547,
                                            0.0587,
                                            0.0629,
                                            0.0673,
                                            0.0719,
                                            0.0769,
                                            0.0823,
                                            0.0881};

/// Lengths of the allpasses: Dattorro's on the left, others on the right
static const double diffuser_s[2][REVERB_DIFFUSERS] = {
  {0.00477, 0.00359, 0.01273, 0.00931},
  {0.00439, 0.00391, 0.01187, 0.00997}};

// ---- Lengths

/// Return the least number of frames that is in whole steps, and holds `frames`
static uint32_t
whole_steps(const double frames)
{
  return ((uint32_t)ceil(frames) / REVERB_STEP_FRAMES + 1U) * REVERB_STEP_FRAMES;
}

static double
memory_rate(const double sample_rate)
{
  return sample_rate < MAX_MEMORY_RATE_HZ ? sample_rate : MAX_MEMORY_RATE_HZ;
}

static uint32_t
line_frames(const double sample_rate)
{
  const double longest_s = reverb_line_s[REVERB_LINES - 1U] * exp2(REVERB_MAX_SIZE_OCT);

  return whole_steps(longest_s * memory_rate(sample_rate) + 2.0 * GROUP);
}

static uint32_t
pre_delay_frames(const double sample_rate)
{
  return whole_steps(REVERB_MAX_PRE_DELAY_S * memory_rate(sample_rate) + 2.0 * GROUP);
}

static uint32_t
diffuser_length(const double sample_rate, const uint32_t channel, const uint32_t d)
{
  return odd_length(diffuser_s[channel][d] * memory_rate(sample_rate));
}

// ---- Lifetime

static size_t
lay_out(Reverb* const self, const double sample_rate)
{
  uint32_t longest = 0;
  for (uint32_t c = 0; c < 2U; ++c) {
    for (uint32_t d = 0; d < REVERB_DIFFUSERS; ++d) {
      const uint32_t length       = diffuser_length(sample_rate, c, d);
      self->diffuser_length[c][d] = length;
      longest                     = length > longest ? length : longest;
    }
  }
  self->sample_rate = sample_rate;
  self->n_line      = line_frames(sample_rate);
  self->n_pre_delay = pre_delay_frames(sample_rate);
  self->n_diffuser  = whole_steps((double)longest);
  return diffuser_start(self, 2U, 0U);
}

size_t
reverb_size(const double sample_rate)
{
  Reverb layout;
  memset(&layout, 0, sizeof(layout));
  return sizeof(Reverb) + lay_out(&layout, sample_rate) * sizeof(float);
}

void
reverb_init(Reverb* const self, const double sample_rate)
{
  lay_out(self, sample_rate);
  self->fade_groups = whole_steps(REVERB_FADE_S * sample_rate) / GROUP;
  self->sleep_steps =
    (self->n_line + self->n_pre_delay + 8U * self->n_diffuser) / REVERB_STEP_FRAMES +
    2U;
  reverb_reset(self);
}

void
reverb_reset(Reverb* const self)
{
  Reverb layout;
  memset(&layout, 0, sizeof(layout));
  const size_t n_floats = lay_out(&layout, self->sample_rate);
  layout.fade_groups    = self->fade_groups;
  layout.sleep_steps    = self->sleep_steps;
  layout.is_asleep      = true;
  memcpy(self, &layout, sizeof(layout));
  memset(memory_of(self), 0, n_floats * sizeof(float));
  for (uint32_t k = 0; k < REVERB_PAIRS; ++k) {
    self->swing_cos[k] = (float)cos((double)k);
    self->swing_sin[k] = (float)sin((double)k);
  }
}
