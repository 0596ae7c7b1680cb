// SPDX-License-Identifier: ISC

#include "filter/biquad.h"

#include "filter/biquad_filter.h"
#include "signal/units.h"

#include <math.h>

#define FADE_TIMES 6.0      ///< Length of a fade, in times of a knob's glide
#define FRAMES_TO_CALM 256U ///< From one look at the states to the next

static uint32_t
lesser(const uint32_t a, const uint32_t b)
{
  return a < b ? a : b;
}

// ---- Lifetime

void
biquad_init(Biquad* const self, const double sample_rate, const double glide_s)
{
  BiquadRate* const rate = &self->rate;

  rate->c4_cycles     = C4_HZ / sample_rate;
  rate->min_pitch_oct = log2(BIQUAD_MIN_HZ / C4_HZ);
  rate->max_pitch_oct = log2(BIQUAD_MAX_CYCLES / rate->c4_cycles);
  rate->min_q_oct     = log2(BIQUAD_MIN_Q);
  rate->max_q_oct     = log2(BIQUAD_MAX_Q);
  analog_init(&rate->map, sample_rate);

  const double n_fade = ceil(FADE_TIMES * glide_s * sample_rate);
  self->n_fade        = n_fade < 1e9 ? (uint32_t)n_fade : 1000000000U;
  biquad_reset(self);
}

void
biquad_reset(Biquad* const self)
{
  self->started  = false;
  self->n_left   = 0;
  self->n_frames = 0;
  self->now      = 0;
  biquad_filter_reset(&self->filter[0], BIQUAD_LOW_PASS, BIQUAD_RBJ);
  biquad_filter_reset(&self->filter[1], BIQUAD_LOW_PASS, BIQUAD_RBJ);
}

// ---- Fades from one filter to another

void
biquad_fade(Biquad* const self, const BiquadType type, const BiquadResponse response)
{
  if (self->started) {
    self->n_left = self->n_fade;
    self->now    = 1U - self->now;
  }
  biquad_filter_reset(&self->filter[self->now], type, response);
}

/// Fade to another type or response, or take the first at once
static void
choose(Biquad* const self, const BiquadType type, const BiquadResponse response)
{
  const BiquadFilter* const now = &self->filter[self->now];
  if (!self->started ||
      (!self->n_left && (type != now->type || response != now->response))) {
    biquad_fade(self, type, response);
  }
  self->started = true;
}

/// Return how much of the new filter there is when a part of the fade has passed
static double
share_at(const double part)
{
  return part * part * part * (10.0 + part * (6.0 * part - 15.0));
}

/// Run frames of a filter, with a gain only if its type has one
static void
run_relevant(BiquadFilter* const         self,
             const BiquadRate* const     rate,
             const BiquadSettings* const settings,
             const float* const          in,
             float* const                out,
             const uint32_t              n_frames)
{
  static const double  no_gain_db = 0.0;
  static const SignalD no_gain    = {&no_gain_db, true};

  const bool           has_gain = biquad_has_gain(self->type);
  const BiquadSettings relevant = {
    settings->pitch_oct, settings->q_oct, has_gain ? settings->gain_db : no_gain};

  biquad_filter_run(self, rate, &relevant, in, out, n_frames);
}

/// Run frames of a fade: the last filter, and the new one with its input faded in
static void
run_fading(Biquad* const               self,
           const BiquadSettings* const settings,
           const BiquadSettings* const last_settings,
           const float* const          in,
           float* const                out,
           const uint32_t              n_frames)
{
  const uint32_t      n_done = self->n_fade - self->n_left;
  BiquadFilter* const before = &self->filter[1U - self->now];
  BiquadFilter* const after  = &self->filter[self->now];

  double share[SVF_MAX_FRAMES];
  float  last[SVF_MAX_FRAMES];
  float  faded[SVF_MAX_FRAMES];
  for (uint32_t i = 0; i < n_frames; ++i) {
    share[i] = share_at((double)(n_done + i + 1U) / (double)self->n_fade);
    faded[i] = (float)(share[i] * (double)in[i]);
  }

  run_relevant(before, &self->rate, last_settings, in, last, n_frames);
  run_relevant(after, &self->rate, settings, faded, faded, n_frames);
  for (uint32_t i = 0; i < n_frames; ++i) {
    out[i] = (float)((1.0 - share[i]) * (double)last[i] + (double)faded[i]);
  }
  self->n_left -= n_frames;
}

/// Count frames, and look at the states now and then
static void
calm(Biquad* const self, const uint32_t n_frames)
{
  self->n_frames += n_frames;
  if (self->n_frames == FRAMES_TO_CALM) {
    self->n_frames = 0;
    for (uint32_t s = 0; s < BIQUAD_SECTIONS; ++s) {
      svf_calm(&self->filter[0].svf[s]);
      svf_calm(&self->filter[1].svf[s]);
    }
  }
}

/// Run frames up to the next look at the states or the end of a fade; return how many
static uint32_t
run_some(Biquad* const               self,
         const BiquadSettings* const settings,
         const BiquadSettings* const last_settings,
         const float* const          in,
         float* const                out,
         const uint32_t              n_frames)
{
  uint32_t n = lesser(n_frames, FRAMES_TO_CALM - self->n_frames);
  if (self->n_left) {
    n = lesser(n, lesser(self->n_left, SVF_MAX_FRAMES));
    run_fading(self, settings, last_settings, in, out, n);
  } else {
    run_relevant(&self->filter[self->now], &self->rate, settings, in, out, n);
  }
  calm(self, n);
  return n;
}

/// Return true if there is nothing to do but to go on
static bool
goes_on(const Biquad* const         self,
        const BiquadType            type,
        const BiquadResponse        response,
        const BiquadSettings* const settings,
        const uint32_t              n_frames)
{
  const BiquadFilter* const now = &self->filter[self->now];

  return now->is_settled && !self->n_left && type == now->type &&
         response == now->response && biquad_is_constant(settings) &&
         self->n_frames + n_frames <= FRAMES_TO_CALM &&
         settings->pitch_oct.frame[0] == now->last.pitch_oct &&
         settings->q_oct.frame[0] == now->last.q_oct &&
         (settings->gain_db.frame[0] == now->last.gain_db || !biquad_has_gain(type));
}

void
biquad_process_fade(Biquad* const               self,
                    const BiquadType            type,
                    const BiquadResponse        response,
                    const BiquadSettings* const settings,
                    const BiquadSettings* const last_settings,
                    const float* const          in,
                    float* const                out,
                    const uint32_t              n_frames)
{
  uint32_t n = 0;
  for (uint32_t i = 0; i < n_frames; i += n) {
    const BiquadSettings rest      = biquad_settings_from(settings, i);
    const BiquadSettings last_rest = biquad_settings_from(last_settings, i);
    choose(self, type, response);
    n = run_some(self, &rest, &last_rest, in + i, out + i, n_frames - i);
  }
}

void
biquad_process(Biquad* const               self,
               const BiquadType            type,
               const BiquadResponse        response,
               const BiquadSettings* const settings,
               const float* const          in,
               float* const                out,
               const uint32_t              n_frames)
{
  if (goes_on(self, type, response, settings, n_frames)) {
    biquad_filter_go_on(&self->filter[self->now], in, out, n_frames);
    calm(self, n_frames);
  } else {
    biquad_process_fade(self, type, response, settings, settings, in, out, n_frames);
  }
}
