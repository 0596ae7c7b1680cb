// SPDX-License-Identifier: ISC

#include "shaper/ring_mod.h"

#include <math.h>
#include <string.h>

#define UPPER_RATE_HZ 768000.0
#define MAX_UPPER (OVERSAMPLE_FRAMES * OVERSAMPLE_MAX_FACTOR)

/// Values of a frame's sub-frames: at their start, and the step of each
typedef struct {
  float knee;
  float knee_step;
  float diodes;
  float diodes_step;
} RingFrame;

void
ring_mod_reset(RingMod* const self)
{
  memset(&self->up_in, 0, sizeof(self->up_in));
  memset(&self->up_carrier, 0, sizeof(self->up_carrier));
  memset(&self->down, 0, sizeof(self->down));
  self->has_started      = false;
  self->n_silent_in      = 0;
  self->n_silent_carrier = 0;
}

void
ring_mod_init(RingMod* const self, const double sample_rate)
{
  self->plan = oversampling_plan(sample_rate, UPPER_RATE_HZ, 0);
  self->step = (float)(1.0 / (RING_MOD_FADE_S * sample_rate));
  ring_mod_reset(self);
}

/// Return `x` next to `target`, or on it
static float
approach(const float x, const float target, const float step)
{
  return x < target - step ? x + step : x > target + step ? x - step : target;
}

static inline float
diodes(const float c, const float m, const float knee)
{
  const float square = knee * knee;
  const float upper  = c + 0.5f * m;
  const float lower  = c - 0.5f * m;

  return 2.0f * c * m / (sqrtf(upper * upper + square) + sqrtf(lower * lower + square));
}

/// Modulate the sub-frames of a frame, and write to `in`
static inline void
modulate_frame(const RingFrame    frame,
               float* const       in,
               const float* const carrier,
               const uint32_t     factor)
{
  for (uint32_t j = 0; j < factor; ++j) {
    const float place   = (float)(j + 1U);
    const float product = in[j] * carrier[j];
    const float ring  = diodes(carrier[j], in[j], frame.knee + place * frame.knee_step);
    const float share = frame.diodes + place * frame.diodes_step;
    in[j] = product + share * (ring - product) + 0.0f; // Never -0, as in silence
  }
}

static void
process_chunk(RingMod* const             self,
              const RingModKind          kind,
              const RingModInputs* const inputs,
              const uint32_t             start,
              float* const               out,
              const uint32_t             n_frames)
{
  float in[MAX_UPPER];
  float carrier[MAX_UPPER];
  oversample_up(&self->up_in, &self->plan, inputs->in + start, in, n_frames);
  oversample_up(
    &self->up_carrier, &self->plan, inputs->carrier + start, carrier, n_frames);

  const uint32_t factor = self->plan.factor;
  const float    share  = 1.0f / (float)factor;
  for (uint32_t i = 0; i < n_frames; ++i) {
    const float     knee  = inputs->knee[start + i];
    const float     next  = approach(self->diodes, (float)kind, self->step);
    const RingFrame frame = {self->knee,
                             (knee - self->knee) * share,
                             self->diodes,
                             (next - self->diodes) * share};
    modulate_frame(frame, in + i * factor, carrier + i * factor, factor);
    self->knee   = knee;
    self->diodes = next;
  }
  oversample_down(&self->down, &self->plan, in, out + start, n_frames);
}

/// Return true if nothing is left of a signal that is silent; count its silence
static bool
is_done(uint32_t* const n_silent, const bool is_silent, const uint32_t n_frames)
{
  const bool     is_done = is_silent && *n_silent >= OVERSAMPLE_TAIL;
  const uint32_t n_since = is_silent ? *n_silent + n_frames : 0;

  *n_silent = n_since < OVERSAMPLE_TAIL ? n_since : OVERSAMPLE_TAIL;
  return is_done;
}

/// Let the upsampler of a signal go on while nothing sounds
static void
pass(OversampleUp* const       up,
     const Oversampling* const plan,
     const float* const        in,
     const uint32_t            n_frames)
{
  uint32_t n = 0;
  for (uint32_t start = 0; start < n_frames; start += n) {
    float          unheard[MAX_UPPER];
    const uint32_t left = n_frames - start;
    n                   = left < OVERSAMPLE_FRAMES ? left : OVERSAMPLE_FRAMES;
    oversample_up(up, plan, in + start, unheard, n);
  }
}

/// Go over frames in which nothing sounds
static void
skip(RingMod* const             self,
     const RingModKind          kind,
     const RingModInputs* const inputs,
     const uint32_t             n_frames)
{
  self->knee = inputs->knee[n_frames - 1U];
  for (uint32_t i = 0; i < n_frames && self->diodes != (float)kind; ++i) {
    self->diodes = approach(self->diodes, (float)kind, self->step);
  }
}

void
ring_mod_process(RingMod* const             self,
                 const RingModKind          kind,
                 const RingModInputs* const inputs,
                 float* const               out,
                 const uint32_t             n_frames)
{
  if (!self->has_started) {
    self->knee        = inputs->knee[0];
    self->diodes      = (float)kind;
    self->has_started = true;
  }

  const bool no_in = is_done(&self->n_silent_in, inputs->in_is_silent, n_frames);
  const bool no_carrier =
    is_done(&self->n_silent_carrier, inputs->carrier_is_silent, n_frames);
  if (no_in || no_carrier) {
    if (!no_in) {
      pass(&self->up_in, &self->plan, inputs->in, n_frames);
    }
    if (!no_carrier) {
      pass(&self->up_carrier, &self->plan, inputs->carrier, n_frames);
    }
    skip(self, kind, inputs, n_frames);
    memset(out, 0, n_frames * sizeof(float));
    return;
  }

  uint32_t n = 0;
  for (uint32_t start = 0; start < n_frames; start += n) {
    const uint32_t left = n_frames - start;
    n                   = left < OVERSAMPLE_FRAMES ? left : OVERSAMPLE_FRAMES;
    process_chunk(self, kind, inputs, start, out, n);
  }
}
