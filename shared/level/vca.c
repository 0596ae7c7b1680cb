// SPDX-License-Identifier: ISC

#include "level/vca.h"

#include <stdbool.h>

/// A way to make frames under a law that the compiler knows
typedef void
Maker(const VcaInputs* inputs, CvLaw law, float* out, uint32_t n_frames);

static inline void
make(const VcaInputs* const inputs,
     const CvLaw            law,
     float* const           out,
     const uint32_t         n_frames)
{
  const float* const in     = inputs->in;
  const float* const cv_v   = inputs->cv_v;
  const float* const level  = inputs->level.frame;
  const float* const amount = inputs->amount.frame;
  const float* const bias_v = inputs->bias_v.frame;
  for (uint32_t i = 0; i < n_frames; ++i) {
    const float open = cv_law_gain(law, cv_v[i] + bias_v[i]);

    out[i] = level[i] * (1.0f - amount[i] + amount[i] * open) * in[i];
  }
}

/// The same bits sooner, where all settings are constant and the amount is 1
static inline void
make_open(const VcaInputs* const inputs,
          const CvLaw            law,
          float* const           out,
          const uint32_t         n_frames)
{
  const float* const in     = inputs->in;
  const float* const cv_v   = inputs->cv_v;
  const float        level  = inputs->level.frame[0];
  const float        bias_v = inputs->bias_v.frame[0];
  for (uint32_t i = 0; i < n_frames; ++i) {
    out[i] = level * cv_law_gain(law, cv_v[i] + bias_v) * in[i];
  }
}

/// The same bits sooner, where the CV does not count and the level is constant
static void
make_level(const VcaInputs* const inputs, float* const out, const uint32_t n_frames)
{
  const float level = inputs->level.frame[0];
  for (uint32_t i = 0; i < n_frames; ++i) {
    out[i] = level * inputs->in[i];
  }
}

static inline void
make_under(const CvLaw            law,
           Maker* const           maker,
           const VcaInputs* const inputs,
           float* const           out,
           const uint32_t         n_frames)
{
  switch (law) {
  case CV_LAW_EXPONENTIAL:
    maker(inputs, CV_LAW_EXPONENTIAL, out, n_frames);
    break;
  case CV_LAW_QUARTIC:
    maker(inputs, CV_LAW_QUARTIC, out, n_frames);
    break;
  case CV_LAW_RING:
    maker(inputs, CV_LAW_RING, out, n_frames);
    break;
  case CV_LAW_LINEAR:
  default:
    maker(inputs, CV_LAW_LINEAR, out, n_frames);
    break;
  }
}

void
vca_process(const CvLaw            law,
            const VcaInputs* const inputs,
            float* const           out,
            const uint32_t         n_frames)
{
  const bool is_level_constant = inputs->level.is_constant;
  const bool are_constant      = is_level_constant && inputs->bias_v.is_constant;
  if (are_constant && signal_stays_at(inputs->amount, 1.0f)) {
    make_under(law, make_open, inputs, out, n_frames);
  } else if (is_level_constant && signal_stays_at(inputs->amount, 0.0f)) {
    make_level(inputs, out, n_frames);
  } else {
    make_under(law, make, inputs, out, n_frames);
  }
}
