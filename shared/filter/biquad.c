// SPDX-License-Identifier: ISC

#include "filter/biquad.h"

#include "filter/analog_design.h"
#include "filter/rbj.h"
#include "math/fast_math.h"
#include "signal/units.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#define LOG2_10 3.321928094887362

#define FADE_TIMES 6.0       ///< Length of a fade, in times of a knob's glide
#define FRAMES_TO_SETTLE 64U ///< Before it pays
#define FRAMES_TO_CALM 256U  ///< From one look at the states to the next

static_assert(FRAMES_TO_SETTLE >= SVF_MAX_FRAMES, "no run goes on beyond that");

static uint32_t
lesser(const uint32_t a, const uint32_t b)
{
  return a < b ? a : b;
}

// ---- Lifetime

static void
filter_reset(BiquadFilter* const  self,
             const BiquadType     type,
             const BiquadResponse response)
{
  self->type       = type;
  self->response   = response;
  self->n_still    = 0;
  self->is_settled = false;
  for (uint32_t s = 0; s < BIQUAD_SECTIONS; ++s) {
    svf_reset(&self->svf[s]);
  }
}

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
  filter_reset(&self->filter[0], BIQUAD_LOW_PASS, BIQUAD_RBJ);
  filter_reset(&self->filter[1], BIQUAD_LOW_PASS, BIQUAD_RBJ);
}

/// Return the number of sections at work
static uint32_t
count_sections(const BiquadFilter* const self)
{
  return self->response == BIQUAD_ANALOG ? BIQUAD_SECTIONS : 1;
}

// ---- Settings

static bool
is_constant(const BiquadSettings* const settings)
{
  return settings->pitch_oct.is_constant && settings->q_oct.is_constant &&
         settings->gain_db.is_constant;
}

static BiquadPoint
point_at(const BiquadSettings* const settings, const uint32_t i)
{
  return (BiquadPoint){signal_d_at(settings->pitch_oct, i),
                       signal_d_at(settings->q_oct, i),
                       signal_d_at(settings->gain_db, i)};
}

static bool
is_same(const BiquadPoint a, const BiquadPoint b)
{
  return a.pitch_oct == b.pitch_oct && a.q_oct == b.q_oct && a.gain_db == b.gain_db;
}

static BiquadSettings
settings_from(const BiquadSettings* const settings, const uint32_t start)
{
  return (BiquadSettings){signal_d_from(settings->pitch_oct, start),
                          signal_d_from(settings->q_oct, start),
                          signal_d_from(settings->gain_db, start)};
}

/// Write a setting within its limits, and multiplied by `factor`
static void
bound(const SignalD      setting,
      const double       minimum,
      const double       maximum,
      const double       factor,
      BiquadTrack* const track,
      const uint32_t     n_frames)
{
  const uint32_t n_own  = setting.is_constant ? 1 : n_frames;
  const uint32_t n_full = double4_round_up(n_own);
  for (uint32_t i = 0; i < n_own; ++i) {
    const double x     = setting.frame[i];
    const double least = x > minimum ? x : minimum;

    track->frames[i] = factor * (least < maximum ? least : maximum);
  }
  for (uint32_t i = n_own; i < n_full; ++i) {
    track->frames[i] = track->frames[n_own - 1];
  }
  track->step = setting.is_constant ? 0 : 1;
}

static void
bound_settings(const BiquadRate* const     rate,
               const BiquadSettings* const settings,
               BiquadFrames* const         frames,
               const uint32_t              n_frames)
{
  static const double max_db = BIQUAD_MAX_GAIN_DB;

  bound(settings->pitch_oct,
        rate->min_pitch_oct,
        rate->max_pitch_oct,
        1.0,
        &frames->pitch_oct,
        n_frames);
  bound(
    settings->q_oct, rate->min_q_oct, rate->max_q_oct, -1.0, &frames->k_oct, n_frames);
  bound(settings->gain_db, -max_db, max_db, LOG2_10 / 40.0, &frames->a_oct, n_frames);
  frames->c4_cycles = rate->c4_cycles;
}

// ---- Analog

/// Write what all sections are to be, with no more work than the settings need
static void
design_frames(const BiquadRate* const     rate,
              const BiquadType            type,
              const BiquadSettings* const settings,
              SvfParamsFrames             param_frames[BIQUAD_SECTIONS],
              const uint32_t              n_frames)
{
  const uint32_t n_own = is_constant(settings) ? 1 : n_frames;

  BiquadFrames frames;
  bound_settings(rate, settings, &frames, n_own);
  analog_design(&rate->map, type, &frames, param_frames, n_own);
  for (uint32_t s = 0; s < BIQUAD_SECTIONS; ++s) {
    for (uint32_t i = n_own; i < double4_round_up(n_frames); ++i) {
      svf_params_frames_copy(&param_frames[s], n_own - 1, i);
    }
  }
}

/// Write the coefficients that come of a design
static void
solve(const SvfParamsFrames* const param_frames,
      SvfFrames* const             coefs,
      const uint32_t               n_frames)
{
  for (uint32_t i = 0; i < n_frames; i += DOUBLE4_FRAMES) {
    const SvfParams4 params = {{double4_read(param_frames->g_above + i),
                                double4_read(param_frames->g_below + i)},
                               double4_read(param_frames->k + i),
                               double4_read(param_frames->lean + i)};

    svf_params_solve(&params, coefs, i);
  }
  memcpy(coefs->scale, param_frames->scale, n_frames * sizeof(double));
  memcpy(coefs->dry, param_frames->dry, n_frames * sizeof(double));
  memcpy(coefs->half_band, param_frames->half_band, n_frames * sizeof(double));
  memcpy(coefs->half_low, param_frames->half_low, n_frames * sizeof(double));
}

// ---- Motion

/// Remember the last frame, and for how long it has been the same
static void
keep(BiquadFilter* const         self,
     const BiquadSettings* const settings,
     const uint32_t              n_frames)
{
  self->last    = point_at(settings, n_frames - 1);
  self->n_still = 0;
  for (uint32_t i = n_frames; i > 0; --i) {
    if (!is_same(point_at(settings, i - 1), self->last)) {
      break;
    }
    ++self->n_still;
  }
}

static void
unsettle(BiquadFilter* const self)
{
  for (uint32_t s = 0; self->is_settled && s < BIQUAD_SECTIONS; ++s) {
    svf_unsettle(&self->svf[s]);
  }
  self->is_settled = false;
}

/// Run frames with the analog response
static void
run_analog(BiquadFilter* const         self,
           const BiquadRate* const     rate,
           const BiquadSettings* const settings,
           const float* const          in,
           float* const                out,
           const uint32_t              n_frames)
{
  const float*    from = in;
  SvfParamsFrames param_frames[BIQUAD_SECTIONS];
  SvfFrames       coefs;
  design_frames(rate, self->type, settings, param_frames, n_frames);
  for (uint32_t s = 0; s < BIQUAD_SECTIONS; ++s, from = out) {
    solve(&param_frames[s], &coefs, n_frames);
    svf_process(&self->svf[s], &coefs, from, out, n_frames);
    self->coefs[s] = svf_coefs_at(&coefs, n_frames - 1);
  }
  keep(self, settings, n_frames);
}

/// Run frames with the cookbook's response
static void
run_rbj(BiquadFilter* const         self,
        const BiquadRate* const     rate,
        const BiquadSettings* const settings,
        const float* const          in,
        float* const                out,
        const uint32_t              n_frames)
{
  BiquadFrames frames;
  bound_settings(rate, settings, &frames, n_frames);
  self->coefs[0] = rbj_process(self->type, &frames, &self->svf[0], in, out, n_frames);
  keep(self, settings, n_frames);
}

/// Run frames of which the first may be unlike the last one, and return their number
static uint32_t
run_moving(BiquadFilter* const         self,
           const BiquadRate* const     rate,
           const BiquadSettings* const settings,
           const float* const          in,
           float* const                out,
           const uint32_t              n_frames)
{
  unsettle(self);
  if (self->response == BIQUAD_ANALOG) {
    const uint32_t n = lesser(n_frames, SVF_DESIGN_MAX_FRAMES);
    run_analog(self, rate, settings, in, out, n);
    return n;
  }

  const uint32_t n = lesser(n_frames, SVF_MAX_FRAMES);
  run_rbj(self, rate, settings, in, out, n);
  return n;
}

// ---- Stillness

/// Return the number of frames before the settings change
static uint32_t
count_still(const BiquadFilter* const   self,
            const BiquadSettings* const settings,
            const uint32_t              n_frames)
{
  uint32_t n = 0;
  if (self->n_still > 0 && is_same(point_at(settings, 0), self->last)) {
    n = is_constant(settings) ? n_frames : 1;
    while (n < n_frames && is_same(point_at(settings, n), self->last)) {
      ++n;
    }
  }

  return n;
}

static void
repeat(const SvfCoefs coefs, SvfFrames* const frames, const uint32_t n_frames)
{
  for (uint32_t i = 0; i < n_frames; ++i) {
    frames->damp_band[i] = coefs.damp_band;
    frames->cross[i]     = coefs.cross;
    frames->damp_low[i]  = coefs.damp_low;
    frames->scale[i]     = coefs.scale;
    frames->dry[i]       = coefs.dry;
    frames->half_band[i] = coefs.half_band;
    frames->half_low[i]  = coefs.half_low;
  }
}

/// Run frames that are like the last one, but not yet settled
static void
run_waiting(BiquadFilter* const self,
            const float* const  in,
            float* const        out,
            const uint32_t      n_frames)
{
  const float* from = in;
  SvfFrames    coefs;
  for (uint32_t s = 0; s < count_sections(self); ++s, from = out) {
    repeat(self->coefs[s], &coefs, n_frames);
    svf_process(&self->svf[s], &coefs, from, out, n_frames);
  }
  self->n_still += n_frames;
}

static void
settle(BiquadFilter* const self)
{
  for (uint32_t s = 0; !self->is_settled && s < count_sections(self); ++s) {
    svf_settle(&self->svf[s], self->coefs[s]);
  }
  self->is_settled = true;
}

/// Run frames that are like the last one, once settled
static void
run_settled(BiquadFilter* const self,
            const float* const  in,
            float* const        out,
            const uint32_t      n_frames)
{
  const uint32_t n_sections = count_sections(self);
  const float*   from       = in;
  for (uint32_t s = 0; s < n_sections; ++s, from = out) {
    svf_process_settled(&self->svf[s], from, out, n_frames);
  }
}

/// Run frames that are like the last one
static void
run_still(BiquadFilter* const self,
          const float* const  in,
          float* const        out,
          const uint32_t      n_frames)
{
  uint32_t i = 0;
  if (!self->is_settled) {
    const uint32_t n_left = FRAMES_TO_SETTLE - self->n_still;
    i                     = n_left < n_frames ? n_left : n_frames;
    run_waiting(self, in, out, i);
  }
  if (i < n_frames) {
    settle(self);
    run_settled(self, in + i, out + i, n_frames - i);
  }
}

// ---- All together

/// Run frames between two looks at the states
static void
run(BiquadFilter* const         self,
    const BiquadRate* const     rate,
    const BiquadSettings* const settings,
    const float* const          in,
    float* const                out,
    const uint32_t              n_frames)
{
  for (uint32_t i = 0; i < n_frames;) {
    const BiquadSettings rest    = settings_from(settings, i);
    const uint32_t       n_left  = n_frames - i;
    const uint32_t       n_still = count_still(self, &rest, n_left);
    if (n_still > 0) {
      run_still(self, in + i, out + i, n_still);
      i += n_still;
    } else {
      i += run_moving(self, rate, &rest, in + i, out + i, n_left);
    }
  }
}

// ---- Fades from one filter to another

void
biquad_fade(Biquad* const self, const BiquadType type, const BiquadResponse response)
{
  if (self->started) {
    self->n_left = self->n_fade;
    self->now    = 1U - self->now;
  }
  filter_reset(&self->filter[self->now], type, response);
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

  run(self, rate, &relevant, in, out, n_frames);
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
         response == now->response && is_constant(settings) &&
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
    const BiquadSettings rest      = settings_from(settings, i);
    const BiquadSettings last_rest = settings_from(last_settings, i);
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
    run_settled(&self->filter[self->now], in, out, n_frames);
    calm(self, n_frames);
  } else {
    biquad_process_fade(self, type, response, settings, settings, in, out, n_frames);
  }
}
