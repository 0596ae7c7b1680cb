// SPDX-License-Identifier: ISC

#include "shaper/oversample.h"

#include "halfband_tables.h"

#include <string.h>

#define MAX_UPPER (OVERSAMPLE_FRAMES * OVERSAMPLE_MAX_FACTOR)
#define TAPS(array) (array), sizeof(array) / sizeof(float)

/// The filters of a doubling, from rates around 48 kHz, 96 kHz, 192 kHz and 384 kHz
static const struct {
  const float* up;
  uint32_t     n_up;
  const float* down;
  uint32_t     n_down;
} stages[OVERSAMPLE_MAX_STAGES] = {
  {TAPS(half_band_up_96k), TAPS(half_band_down_96k)},
  {TAPS(half_band_up_192k), TAPS(half_band_down_192k)},
  {TAPS(half_band_up_384k), TAPS(half_band_down_384k)},
  {TAPS(half_band_up_768k), TAPS(half_band_down_768k)}};

_Static_assert(sizeof(half_band_up_96k) / sizeof(float) <= HALFBAND_MAX_PAIRS, "");
_Static_assert(MAX_UPPER / 2U <= HALFBAND_MAX_FRAMES, "");

/// Return the latency of a plan's filters, in frames of its upper rate
static uint32_t
filter_latency(const Oversampling* const plan)
{
  uint32_t n_frames = 0;
  for (uint32_t s = 0; s < plan->n_stages; ++s) {
    const uint32_t stage = plan->first + s;
    n_frames += (stages[stage].n_up + stages[stage].n_down - 1U)
                << (plan->n_stages - s);
  }

  return n_frames;
}

Oversampling
oversampling_plan(const double   sample_rate,
                  const double   upper_rate_hz,
                  const uint32_t n_between)
{
  // Half-way between two rates of the series, as a ratio
  static const double between = 1.4142135623730951;

  Oversampling plan = {0, 0, 1, 0, 0};
  double       from = 48000.0;
  while (plan.first < OVERSAMPLE_MAX_STAGES && sample_rate > from * between) {
    from *= 2.0;
    ++plan.first;
  }
  while (plan.first + plan.n_stages < OVERSAMPLE_MAX_STAGES &&
         from * between < upper_rate_hz) {
    from *= 2.0;
    ++plan.n_stages;
    plan.factor *= 2U;
  }

  const uint32_t n_frames = filter_latency(&plan) + n_between;
  plan.n_idle             = (plan.factor - n_frames % plan.factor) % plan.factor;
  plan.latency            = (n_frames + plan.n_idle) / plan.factor;
  return plan;
}

SplitOversampling
oversampling_split(const Oversampling* const plan)
{
  const uint32_t n_outer = plan->n_stages > 0 ? 1U : 0U;

  Oversampling outer = {plan->first, n_outer, 1U << n_outer, 0, 0};
  Oversampling inner = {plan->first + n_outer,
                        plan->n_stages - n_outer,
                        plan->factor / outer.factor,
                        plan->n_idle,
                        0};
  outer.latency      = filter_latency(&outer) / outer.factor;
  inner.latency      = (filter_latency(&inner) + inner.n_idle) / inner.factor;
  return (SplitOversampling){outer, inner};
}

void
oversample_up(OversampleUp* const       self,
              const Oversampling* const plan,
              const float* const        in,
              float* const              out,
              const uint32_t            n_frames)
{
  float buffers[2][MAX_UPPER / 2U];

  const float* from = in;
  uint32_t     n    = n_frames;
  for (uint32_t s = 0; s < plan->n_stages; ++s, n *= 2U) {
    const uint32_t stage = plan->first + s;
    float* const   to    = s + 1U == plan->n_stages ? out : buffers[s % 2U];
    halfband_up(&self->stage[s], stages[stage].up, stages[stage].n_up, from, to, n);
    from = to;
  }
  if (plan->n_stages == 0) {
    memcpy(out, in, n_frames * sizeof(float));
  }
}

/// Write frames that come `plan->n_idle` later than `in`
static void
idle(OversampleDown* const     self,
     const Oversampling* const plan,
     const float* const        in,
     float* const              out,
     const uint32_t            n_frames)
{
  const size_t n_idle = plan->n_idle;

  memcpy(out, self->late, n_idle * sizeof(float));
  memcpy(out + n_idle, in, n_frames * sizeof(float));
  memcpy(self->late, out + n_frames, n_idle * sizeof(float));
}

void
oversample_down(OversampleDown* const     self,
                const Oversampling* const plan,
                const float* const        in,
                float* const              out,
                const uint32_t            n_frames)
{
  float late[MAX_UPPER + OVERSAMPLE_MAX_FACTOR];
  float buffers[2][MAX_UPPER / 2U];

  idle(self, plan, in, late, n_frames * plan->factor);
  const float* from = late;
  uint32_t     n    = n_frames * plan->factor / 2U;
  for (uint32_t s = plan->n_stages; s-- > 0; n /= 2U) {
    const uint32_t stage = plan->first + s;
    float* const   to    = s == 0 ? out : buffers[s % 2U];
    halfband_down(
      &self->stage[s], stages[stage].down, stages[stage].n_down, from, to, n);
    from = to;
  }
  if (plan->n_stages == 0) {
    memcpy(out, late, n_frames * sizeof(float));
  }
}
