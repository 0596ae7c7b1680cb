// SPDX-License-Identifier: ISC

#include "level/cv_mix.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>

/// Return true if all settings are constant
static bool
are_constant(const CvMixInputs* const inputs)
{
  bool are = inputs->offset_v.is_constant;
  for (uint32_t c = 0; c < CV_MIX_INPUTS; ++c) {
    are = are && inputs->amount[c].is_constant;
  }
  return are;
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

/// Write all frames; the compiler knows whether the settings are constant
static inline void
mix(const CvMixInputs* const inputs,
    float* restrict const sum,
    float* restrict const minimum,
    float* restrict const maximum,
    float* restrict const average,
    const bool     constant,
    const uint32_t n_frames)
{
  const float* const a = inputs->in[0];
  const float* const b = inputs->in[1];
  const float* const c = inputs->in[2];
  const float* const d = inputs->in[3];

  for (uint32_t i = 0; i < n_frames; ++i) {
    const uint32_t k        = constant ? 0U : i;
    const float    offset_v = inputs->offset_v.frame[k];
    const float    amount_a = inputs->amount[0].frame[k];
    const float    amount_b = inputs->amount[1].frame[k];
    const float    amount_c = inputs->amount[2].frame[k];
    const float    amount_d = inputs->amount[3].frame[k];
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
cv_mix_process(const CvMixInputs* const  inputs,
               const CvMixOutputs* const out,
               const uint32_t            n_frames)
{
  if (are_constant(inputs)) {
    mix(inputs, out->sum, out->minimum, out->maximum, out->average, true, n_frames);
  } else {
    mix(inputs, out->sum, out->minimum, out->maximum, out->average, false, n_frames);
  }
}
