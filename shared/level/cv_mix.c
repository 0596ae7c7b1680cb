// SPDX-License-Identifier: ISC

#include "level/cv_mix.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>

void
cv_mix_init(CvMix* const self, const double sample_rate, const double glide_s)
{
  for (uint32_t c = 0; c < CV_MIX_INPUTS; ++c) {
    knob_init(&self->amount[c], sample_rate, glide_s);
  }
  knob_init(&self->offset_v, sample_rate, glide_s);
}

void
cv_mix_reset(CvMix* const self)
{
  for (uint32_t c = 0; c < CV_MIX_INPUTS; ++c) {
    knob_reset(&self->amount[c]);
  }
  knob_reset(&self->offset_v);
}

/// Find the knobs' values, and return true if any of them moves
static bool
process_knobs(CvMix* const self, const uint32_t n_frames)
{
  knob_process(&self->offset_v, n_frames);

  bool moves = self->offset_v.moves;
  for (uint32_t c = 0; c < CV_MIX_INPUTS; ++c) {
    knob_process(&self->amount[c], n_frames);
    moves = moves || self->amount[c].moves;
  }
  return moves;
}

/// Return what keeps an input that does not count out of minimum and maximum
static inline float
distance(const float amount)
{
  return amount != 0.0f ? 0.0f : FLT_MAX;
}

static inline float
lesser(const float a, const float b)
{
  return a < b ? a : b;
}

static inline float
greater(const float a, const float b)
{
  return a > b ? a : b;
}

/// Write all frames; the compiler knows whether the knobs are `still`
static inline void
mix(const CvMix* const        self,
    const float* const* const in,
    float* restrict const sum,
    float* restrict const minimum,
    float* restrict const maximum,
    float* restrict const average,
    const bool     still,
    const uint32_t n_frames)
{
  const float* const a = in[0];
  const float* const b = in[1];
  const float* const c = in[2];
  const float* const d = in[3];

  for (uint32_t i = 0; i < n_frames; ++i) {
    const uint32_t k        = still ? 0U : i;
    const float    offset_v = self->offset_v.value[k];
    const float    amount_a = self->amount[0].value[k];
    const float    amount_b = self->amount[1].value[k];
    const float    amount_c = self->amount[2].value[k];
    const float    amount_d = self->amount[3].value[k];
    const float    a_v      = amount_a * a[i];
    const float    b_v      = amount_b * b[i];
    const float    c_v      = amount_c * c[i];
    const float    d_v      = amount_d * d[i];
    const float    far_a    = distance(amount_a);
    const float    far_b    = distance(amount_b);
    const float    far_c    = distance(amount_c);
    const float    far_d    = distance(amount_d);

    const float total = 0.0f + a_v + b_v + c_v + d_v;
    const float weight =
      fabsf(amount_a) + fabsf(amount_b) + fabsf(amount_c) + fabsf(amount_d);
    const float lowest =
      lesser(lesser(a_v + far_a, b_v + far_b), lesser(c_v + far_c, d_v + far_d));
    const float highest =
      greater(greater(a_v - far_a, b_v - far_b), greater(c_v - far_c, d_v - far_d));

    sum[i]     = total + offset_v;
    minimum[i] = (lowest < FLT_MAX ? lowest : 0.0f) + offset_v;
    maximum[i] = (highest > -FLT_MAX ? highest : 0.0f) + offset_v;
    average[i] = total / (weight > 0.0f ? weight : 1.0f) + offset_v;
  }
}

void
cv_mix_process(CvMix* const              self,
               const float* const        in[CV_MIX_INPUTS],
               const CvMixOutputs* const out,
               const uint32_t            n_frames)
{
  if (process_knobs(self, n_frames)) {
    mix(self, in, out->sum, out->minimum, out->maximum, out->average, false, n_frames);
  } else {
    mix(self, in, out->sum, out->minimum, out->maximum, out->average, true, n_frames);
  }
}
