// SPDX-License-Identifier: ISC

#include "level/vca.h"

#include <stdbool.h>

/// A way to make frames under a law that the compiler knows
typedef void
Maker(const Vca*   knobs,
      CvLaw        law,
      const float* in,
      const float* cv_v,
      float*       out,
      uint32_t     n_frames);

void
vca_init(Vca* const self, const double sample_rate, const double glide_s)
{
  self->law = CV_LAW_LINEAR;
  knob_init(&self->level, sample_rate, glide_s);
  knob_init(&self->amount, sample_rate, glide_s);
  knob_init(&self->bias_v, sample_rate, glide_s);
}

void
vca_reset(Vca* const self)
{
  knob_reset(&self->level);
  knob_reset(&self->amount);
  knob_reset(&self->bias_v);
}

static inline void
make(const Vca* const   knobs,
     const CvLaw        law,
     const float* const in,
     const float* const cv_v,
     float* const       out,
     const uint32_t     n_frames)
{
  const float* const level  = knobs->level.value;
  const float* const amount = knobs->amount.value;
  const float* const bias_v = knobs->bias_v.value;
  for (uint32_t i = 0; i < n_frames; ++i) {
    const float open = cv_law_gain(law, cv_v[i] + bias_v[i]);

    out[i] = level[i] * (1.0f - amount[i] + amount[i] * open) * in[i];
  }
}

/// The same bits sooner, where no knob moves and the amount is 1
static inline void
make_still(const Vca* const   knobs,
           const CvLaw        law,
           const float* const in,
           const float* const cv_v,
           float* const       out,
           const uint32_t     n_frames)
{
  const float level  = knobs->level.value[0];
  const float bias_v = knobs->bias_v.value[0];
  for (uint32_t i = 0; i < n_frames; ++i) {
    out[i] = level * cv_law_gain(law, cv_v[i] + bias_v) * in[i];
  }
}

/// The same bits sooner, where the CV does not count and no knob moves
static void
make_level(const Vca* const   knobs,
           const float* const in,
           float* const       out,
           const uint32_t     n_frames)
{
  const float level = knobs->level.value[0];
  for (uint32_t i = 0; i < n_frames; ++i) {
    out[i] = level * in[i];
  }
}

static inline void
make_under(const Vca* const   self,
           Maker* const       maker,
           const float* const in,
           const float* const cv_v,
           float* const       out,
           const uint32_t     n_frames)
{
  switch (self->law) {
  case CV_LAW_EXPONENTIAL:
    maker(self, CV_LAW_EXPONENTIAL, in, cv_v, out, n_frames);
    break;
  case CV_LAW_QUARTIC:
    maker(self, CV_LAW_QUARTIC, in, cv_v, out, n_frames);
    break;
  case CV_LAW_RING:
    maker(self, CV_LAW_RING, in, cv_v, out, n_frames);
    break;
  case CV_LAW_LINEAR:
  default:
    maker(self, CV_LAW_LINEAR, in, cv_v, out, n_frames);
    break;
  }
}

void
vca_process(Vca* const         self,
            const float* const in,
            const float* const cv_v,
            float* const       out,
            const uint32_t     n_frames)
{
  knob_process(&self->level, n_frames);
  knob_process(&self->amount, n_frames);
  knob_process(&self->bias_v, n_frames);
  const bool is_constant = !self->level.moves && !self->bias_v.moves;
  if (is_constant && knob_rests_at(&self->amount, 1.0f)) {
    make_under(self, make_still, in, cv_v, out, n_frames);
  } else if (!self->level.moves && knob_rests_at(&self->amount, 0.0f)) {
    make_level(self, in, out, n_frames);
  } else {
    make_under(self, make, in, cv_v, out, n_frames);
  }
}
