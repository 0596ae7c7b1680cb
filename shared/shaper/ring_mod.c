// SPDX-License-Identifier: ISC

#include "shaper/ring_mod.h"

#include <math.h>
#include <string.h>

#define UPPER_RATE_HZ 768000.0
#define CHUNK (OVERSAMPLE_FRAMES / 2U) ///< Frames at once, so that twice as many fit
#define MAX_TWICE (2U * CHUNK)
#define MAX_UPPER (OVERSAMPLE_FRAMES * OVERSAMPLE_MAX_FACTOR)

void
ring_mod_reset(RingMod* const self)
{
  memset(&self->up_in, 0, sizeof(self->up_in));
  memset(&self->up_carrier, 0, sizeof(self->up_carrier));
  memset(&self->down, 0, sizeof(self->down));
  memset(&self->ring, 0, sizeof(self->ring));
  memset(self->late, 0, sizeof(self->late));
  self->has_started      = false;
  self->n_silent_in      = 0;
  self->n_silent_carrier = 0;
}

void
ring_mod_init(RingMod* const self, const double sample_rate)
{
  const Oversampling plan = oversampling_plan(sample_rate, UPPER_RATE_HZ, 0);

  self->latency = plan.latency;
  self->plan    = oversampling_split(&plan);
  self->step    = (float)(1.0 / (RING_MOD_FADE_S * sample_rate));
  ring_mod_reset(self);
}

// ---- Fade

/// Return `x` next to `target`, or on it
static float
approach(const float x, const float target, const float step)
{
  return x < target - step ? x + step : x > target + step ? x - step : target;
}

/// Return true if the diodes are heard, or are about to be
static bool
rings(const RingMod* const self, const RingModKind kind)
{
  return kind == RING_MOD_DIODES || self->diodes > 0.0f;
}

/// Move the share of the diodes by a frame, unless their filters are still filling
static void
fade(RingMod* const self, const RingModKind kind)
{
  if (kind == RING_MOD_DIODES && self->n_warm < RING_MOD_WARM_FRAMES) {
    ++self->n_warm;
    return;
  }

  self->diodes = approach(self->diodes, (float)kind, self->step);
  self->n_warm = rings(self, kind) ? self->n_warm : 0U;
}

// ---- Diodes

static inline float
diodes(const float c, const float m, const float knee)
{
  const float square = knee * knee;
  const float upper  = c + 0.5f * m;
  const float lower  = c - 0.5f * m;

  return 2.0f * c * m / (sqrtf(upper * upper + square) + sqrtf(lower * lower + square));
}

/// Write what the diodes make of both signals, all at twice the rate
static void
ring(RingMod* const     self,
     const float* const in,
     const float* const carrier,
     const float* const knee,
     float* const       out,
     const uint32_t     n_frames)
{
  float                     upper_in[MAX_UPPER];
  float                     upper_carrier[MAX_UPPER];
  const Oversampling* const inner   = &self->plan.inner;
  const uint32_t            n_twice = n_frames * self->plan.outer.factor;
  oversample_up(&self->ring.up_in, inner, in, upper_in, n_twice);
  oversample_up(&self->ring.up_carrier, inner, carrier, upper_carrier, n_twice);

  const uint32_t factor = self->plan.outer.factor * inner->factor;
  const float    share  = 1.0f / (float)factor;
  float          from   = self->knee;
  for (uint32_t i = 0; i < n_frames; ++i) {
    const float        step = (knee[i] - from) * share;
    const float* const c    = upper_carrier + i * factor;
    float* const       m    = upper_in + i * factor;
    for (uint32_t j = 0; j < factor; ++j) {
      // Never -0, as in silence
      m[j] = diodes(c[j], m[j], from + (float)(j + 1U) * step) + 0.0f;
    }
    from = knee[i];
  }
  oversample_down(&self->ring.down, inner, upper_in, out, n_twice);
}

// ---- Frames

/// Write products at twice the rate, as late as diodes are
static void
multiply(RingMod* const     self,
         const float* const in,
         const float* const carrier,
         float* const       out,
         const uint32_t     n_twice)
{
  const uint32_t n_late = self->plan.inner.latency;
  float          frames[RING_MOD_MAX_LATE + MAX_TWICE];
  memcpy(frames, self->late, n_late * sizeof(float));
  for (uint32_t i = 0; i < n_twice; ++i) {
    frames[n_late + i] = in[i] * carrier[i] + 0.0f;
  }
  memcpy(out, frames, n_twice * sizeof(float));
  memcpy(self->late, frames + n_twice, n_late * sizeof(float));
}

/// Mix products and diodes, frame by frame as the kind fades
static void
mix(RingMod* const     self,
    const RingModKind  kind,
    float* const       products,
    const float* const rings,
    const uint32_t     n_frames)
{
  const uint32_t factor = self->plan.outer.factor;
  for (uint32_t i = 0; i < n_frames; ++i) {
    const float from = self->diodes;
    fade(self, kind);
    const float step = (self->diodes - from) / (float)factor;
    for (uint32_t j = 0; j < factor; ++j) {
      const uint32_t at    = i * factor + j;
      const float    share = from + (float)(j + 1U) * step;
      products[at]         = (1.0f - share) * products[at] + share * rings[at];
    }
  }
}

/// Have the diodes start from nothing, not from what they were last fed with
static void
start_diodes(RingMod* const self, const RingModKind kind)
{
  self->n_warm = rings(self, kind) ? self->n_warm : 0U;
  if (kind == RING_MOD_DIODES && self->n_warm == 0) {
    memset(&self->ring, 0, sizeof(self->ring));
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
  const Oversampling* const outer   = &self->plan.outer;
  const uint32_t            n_twice = n_frames * outer->factor;

  float in[MAX_TWICE];
  float carrier[MAX_TWICE];
  float products[MAX_TWICE];
  oversample_up(&self->up_in, outer, inputs->in + start, in, n_frames);
  oversample_up(&self->up_carrier, outer, inputs->carrier + start, carrier, n_frames);
  multiply(self, in, carrier, products, n_twice);
  if (rings(self, kind)) {
    float heard[MAX_TWICE];
    ring(self, in, carrier, inputs->knee + start, heard, n_frames);
    mix(self, kind, products, heard, n_frames);
  }
  self->knee = inputs->knee[start + n_frames - 1U];
  oversample_down(&self->down, outer, products, out + start, n_frames);
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

/// Let the upsamplers of a signal go on while nothing sounds, `inner` unless it is NULL
static void
pass(const SplitOversampling* const plan,
     OversampleUp* const            outer,
     OversampleUp* const            inner,
     const float* const             in,
     const uint32_t                 n_frames)
{
  uint32_t n = 0;
  for (uint32_t start = 0; start < n_frames; start += n) {
    float          twice[MAX_TWICE];
    float          unheard[MAX_UPPER];
    const uint32_t left = n_frames - start;
    n                   = left < CHUNK ? left : CHUNK;
    oversample_up(outer, &plan->outer, in + start, twice, n);
    if (inner) {
      oversample_up(inner, &plan->inner, twice, unheard, n * plan->outer.factor);
    }
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
    fade(self, kind);
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
    self->n_warm      = kind == RING_MOD_DIODES ? RING_MOD_WARM_FRAMES : 0U;
    self->has_started = true;
  }

  start_diodes(self, kind);
  const bool is_ringing = rings(self, kind);
  const bool no_in      = is_done(&self->n_silent_in, inputs->in_is_silent, n_frames);
  const bool no_carrier =
    is_done(&self->n_silent_carrier, inputs->carrier_is_silent, n_frames);
  if (no_in || no_carrier) {
    if (!no_in) {
      OversampleUp* const inner = is_ringing ? &self->ring.up_in : NULL;
      pass(&self->plan, &self->up_in, inner, inputs->in, n_frames);
    }
    if (!no_carrier) {
      OversampleUp* const inner = is_ringing ? &self->ring.up_carrier : NULL;
      pass(&self->plan, &self->up_carrier, inner, inputs->carrier, n_frames);
    }
    skip(self, kind, inputs, n_frames);
    memset(out, 0, n_frames * sizeof(float));
    return;
  }

  uint32_t n = 0;
  for (uint32_t start = 0; start < n_frames; start += n) {
    const uint32_t left = n_frames - start;
    n                   = left < CHUNK ? left : CHUNK;
    process_chunk(self, kind, inputs, start, out, n);
  }
}
