// SPDX-License-Identifier: ISC

#include "cv_mix.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>

/// What is known of a frame after some of its inputs
typedef struct {
  float sum;
  float lowest;
  float highest;
  float weight; ///< Sum of all |amount|
} Frame;

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

/// Return a frame with one more input
static inline Frame
add_input(const Frame before, const float amount, const float in)
{
  const float value = amount * in;
  const float low   = amount != 0.0f ? value : FLT_MAX;
  const float high  = amount != 0.0f ? value : -FLT_MAX;

  return (Frame){before.sum + value,
                 low < before.lowest ? low : before.lowest,
                 high > before.highest ? high : before.highest,
                 before.weight + fabsf(amount)};
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

    Frame frame = {0.0f, FLT_MAX, -FLT_MAX, 0.0f};
    frame       = add_input(frame, self->amount[0].value[k], a[i]);
    frame       = add_input(frame, self->amount[1].value[k], b[i]);
    frame       = add_input(frame, self->amount[2].value[k], c[i]);
    frame       = add_input(frame, self->amount[3].value[k], d[i]);

    const float lowest  = frame.lowest < FLT_MAX ? frame.lowest : 0.0f;
    const float highest = frame.highest > -FLT_MAX ? frame.highest : 0.0f;
    const float weight  = frame.weight > 0.0f ? frame.weight : 1.0f;
    sum[i]              = frame.sum + offset_v;
    minimum[i]          = lowest + offset_v;
    maximum[i]          = highest + offset_v;
    average[i]          = frame.sum / weight + offset_v;
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
