// SPDX-License-Identifier: ISC

#include "modulation/sample_hold.h"

#include <math.h>
#include <string.h>

static void
start_noise(SampleHold* const self, const uint32_t seed)
{
  random_seed(&self->noise, 2U * seed);
  random_seed(&self->dice, 2U * seed + 1U);
}

void
sample_hold_init(SampleHold* const self, const double sample_rate)
{
  memset(self, 0, sizeof(*self));
  self->sample_rate = sample_rate;
  gate_out_init(&self->taken, sample_rate);
  start_noise(self, 0);
}

void
sample_hold_reset(SampleHold* const self)
{
  sample_hold_init(self, self->sample_rate);
}

/// Start to track, or hold what the output has come to
static void
set_tracking(SampleHold* const self, const bool is_tracking)
{
  if (is_tracking != self->is_tracking) {
    self->is_tracking = is_tracking;
    self->is_new      = is_tracking;
    self->held        = self->last;
    self->glide_left  = 0;
  }
}

void
sample_hold_set(SampleHold* const self, const SampleHoldKnobs* const knobs)
{
  const bool is_in_gate = self->trigger.high && self->counts;

  if (knobs->mode != self->knobs.mode) {
    set_tracking(self,
                 (knobs->mode == TRACK_AND_HOLD && is_in_gate) ||
                   (knobs->mode == HOLD_AND_TRACK && !is_in_gate));
  }
  if (knobs->seed != self->knobs.seed) {
    start_noise(self, knobs->seed);
  }
  self->glide_frames = (uint32_t)rint(knobs->glide_s * self->sample_rate);
  self->knobs        = *knobs;
}

// ---- Source

/// Return the next value of the noise in volts
static float
noise_v(SampleHold* const self)
{
  const float value = random_bipolar(random_next(&self->noise));
  const float shift = self->knobs.range == NOISE_IS_UNIPOLAR ? 1.0f : 0.0f;

  return (value + shift) * SAMPLE_HOLD_NOISE_V;
}

static float
source_at(SampleHold* const self, const Signal in, const uint32_t i)
{
  return self->knobs.source == SAMPLE_NOISE ? noise_v(self) : signal_at(in, i);
}

static void
write_noise(SampleHold* const self, float* const out, const uint32_t n_frames)
{
  const float shift = self->knobs.range == NOISE_IS_UNIPOLAR ? 1.0f : 0.0f;

  random_fill(&self->noise, out, n_frames);
  for (uint32_t i = 0; i < n_frames; ++i) {
    out[i] = (out[i] + shift) * SAMPLE_HOLD_NOISE_V;
  }
}

static void
write_still(const float value, float* const out, const uint32_t n_frames)
{
  for (uint32_t i = 0; i < n_frames; ++i) {
    out[i] = value;
  }
}

/// Write what the output goes to in each frame
static void
write_targets(SampleHold* const self,
              const Signal      in,
              float* const      out,
              const uint32_t    n_frames)
{
  if (!self->is_tracking) {
    write_still(self->held, out, n_frames);
  } else if (self->knobs.source == SAMPLE_NOISE) {
    write_noise(self, out, n_frames);
  } else if (signal_is_constant(in)) {
    write_still(signal_at(in, 0), out, n_frames);
  } else {
    memcpy(out, in.frame, n_frames * sizeof(float));
  }
}

// ---- Glide

/// Leave the last output over the time of a glide
static void
start_glide(SampleHold* const self)
{
  self->is_new     = false;
  self->glide_left = self->glide_frames;
  self->glide_from = self->last;
  if (self->glide_left > 0U) {
    self->glide_part = 1.0 / self->glide_left;
  }
}

/// Fade from where the glide started to the targets, so as to be always in between
static void
add_glide(SampleHold* const self, float* const out, const uint32_t n_frames)
{
  const double   from = (double)self->glide_from;
  const double   part = self->glide_part;
  const double   left = self->glide_left - 1.0;
  const uint32_t n    = self->glide_left < n_frames ? self->glide_left : n_frames;
  for (uint32_t i = 0; i < n; ++i) {
    const double to = (double)out[i];
    out[i]          = (float)(to + (from - to) * (part * (left - (double)(int32_t)i)));
  }
  self->glide_left -= n;
}

/// Write the output where the trigger does nothing
static void
write_steady(SampleHold* const self,
             const Signal      in,
             float* const      out,
             const uint32_t    n_frames)
{
  write_targets(self, in, out, n_frames);
  if (self->is_new) {
    start_glide(self);
  }
  if (self->glide_left > 0U) {
    add_glide(self, out, n_frames);
  }
  self->last = out[n_frames - 1U];
}

// ---- Edges

/// Hold a value from the next frame on
static void
take(SampleHold* const self, const float value)
{
  self->is_new      = !self->is_tracking;
  self->is_tracking = false;
  self->held        = value;
  gate_out_trigger(&self->taken);
}

static void
track(SampleHold* const self)
{
  self->is_tracking = true;
  self->is_new      = true;
}

/// Return true with a probability of `chance`
static bool
throw_dice(SampleHold* const self, const float chance)
{
  return (float)(int32_t)(random_next(&self->dice) >> 8U) * 0x1p-24f < chance;
}

/// Take the frame of an edge
static void
turn(SampleHold* const self, const SampleHoldSignals* const in, const uint32_t i)
{
  const SampleHoldMode mode      = self->knobs.mode;
  const bool           was_high  = self->trigger.high;
  const bool           is_reset  = gate_next(&self->reset, signal_at(in->reset, i));
  const bool           is_rising = gate_next(&self->trigger, signal_at(in->trigger, i));
  const bool           is_edge   = self->trigger.high != was_high;

  if (is_reset) {
    start_noise(self, self->knobs.seed);
  }
  if (is_rising) {
    self->counts = throw_dice(self, in->chance[i]);
  }
  if (!is_edge || !self->counts) {
    return;
  }

  if (is_rising == (mode != TRACK_AND_HOLD)) {
    take(self, source_at(self, in->in, i));
  } else if (mode != SAMPLE_AND_HOLD) {
    track(self);
  }
}

/// Return how many frames leave a gate as it is
static uint32_t
steady_frames(const Gate* const self,
              const Signal      in,
              const uint32_t    start,
              const uint32_t    n_frames)
{
  if (signal_is_constant(in)) {
    const float threshold = self->high ? GATE_OFF_V : GATE_ON_V;
    return (signal_at(in, 0) >= threshold) == self->high ? n_frames : 0;
  }

  return gate_steady_frames(self, in.frame + start, n_frames);
}

void
sample_hold_process(SampleHold* const              self,
                    const SampleHoldSignals* const in,
                    float* const                   out,
                    float* const                   taken,
                    const uint32_t                 n_frames)
{
  uint32_t i = 0;
  while (i < n_frames) {
    uint32_t n = steady_frames(&self->trigger, in->trigger, i, n_frames - i);
    n          = steady_frames(&self->reset, in->reset, i, n);
    if (n > 0U) {
      write_steady(self, signal_from(in->in, i), out + i, n);
      gate_out_process(&self->taken, NULL, taken + i, n);
      i += n;
    }
    if (i < n_frames) {
      turn(self, in, i);
    }
  }
}
