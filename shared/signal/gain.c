// SPDX-License-Identifier: ISC

#include "signal/gain.h"

#include "signal/units.h"

#include <string.h>

double
gain_of_level(const double level_db)
{
  return level_db > GAIN_SILENCE_DB ? db_to_gain(level_db) : 0.0;
}

/// gain_cv_scale() under a law that the compiler knows
static inline void
scale(const CvLaw        law,
      const float* const cv_v,
      const float* const amount,
      const float* const gain,
      float* const       out,
      const uint32_t     n_frames)
{
  for (uint32_t i = 0; i < n_frames; ++i) {
    out[i] = gain[i] * (1.0f - amount[i] + amount[i] * cv_law_gain(law, cv_v[i]));
  }
}

void
gain_cv_scale(const CvLaw        law,
              const float* const cv_v,
              const float* const amount,
              const float* const gain,
              float* const       out,
              const uint32_t     n_frames)
{
  switch (law) {
  case CV_LAW_EXPONENTIAL:
    scale(CV_LAW_EXPONENTIAL, cv_v, amount, gain, out, n_frames);
    break;
  case CV_LAW_QUARTIC:
    scale(CV_LAW_QUARTIC, cv_v, amount, gain, out, n_frames);
    break;
  case CV_LAW_RING:
    scale(CV_LAW_RING, cv_v, amount, gain, out, n_frames);
    break;
  case CV_LAW_LINEAR:
  default:
    scale(CV_LAW_LINEAR, cv_v, amount, gain, out, n_frames);
    break;
  }
}

void
gain_add(const float* const in,
         const float* const gain,
         float* const       out,
         const uint32_t     n_frames)
{
  for (uint32_t i = 0; i < n_frames; ++i) {
    out[i] += gain[i] * in[i];
  }
}

static void
add_still(const float* const in,
          const float        gain,
          float* const       out,
          const uint32_t     n_frames)
{
  for (uint32_t i = 0; i < n_frames; ++i) {
    out[i] += gain * in[i];
  }
}

/// Write four signals in one pass, with the bits that one after the other would give
static void
sum_four(const float* const* const in,
         const float* const        gain,
         float* const              out,
         const uint32_t            n_frames)
{
  const float* const a = in[0];
  const float* const b = in[1];
  const float* const c = in[2];
  const float* const d = in[3];
  const float        g = gain[0];
  const float        h = gain[1];
  const float        k = gain[2];
  const float        l = gain[3];

  for (uint32_t i = 0; i < n_frames; ++i) {
    out[i] = 0.0f + g * a[i] + h * b[i] + k * c[i] + l * d[i];
  }
}

void
gain_sum(const float* const* const in,
         const float* const        gain,
         const uint32_t            n_in,
         float* const              out,
         const uint32_t            n_frames)
{
  if (n_in == 4U) {
    sum_four(in, gain, out, n_frames);
    return;
  }

  memset(out, 0, n_frames * sizeof(float));
  for (uint32_t c = 0; c < n_in; ++c) {
    add_still(in[c], gain[c], out, n_frames);
  }
}

void
gain_blend(const float* const in,
           const float* const share,
           float* const       out,
           const uint32_t     n_frames)
{
  for (uint32_t i = 0; i < n_frames; ++i) {
    const float faded = out[i] + share[i] * (in[i] - out[i]);

    out[i] = share[i] > 0.0f ? faded : out[i]; // With its sign, if it is 0
  }
}

void
gain_scale(const float* const gain, float* const out, const uint32_t n_frames)
{
  for (uint32_t i = 0; i < n_frames; ++i) {
    out[i] *= gain[i];
  }
}
