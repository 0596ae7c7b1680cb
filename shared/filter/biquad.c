// SPDX-License-Identifier: ISC

#include "filter/biquad.h"

#include "filter/analog_design.h"
#include "filter/rbj.h"
#include "math/fast_math.h"
#include "signal/units.h"

#include <math.h>
#include <string.h>

#define LOG2_10 3.321928094887362

#define LEAST_FADE 1e-7      ///< A turn is over when this part is left: -140 dB
#define FRAMES_TO_SETTLE 64U ///< Before it pays
#define FRAMES_TO_CALM 256U  ///< From one look at the states to the next

void
biquad_init(Biquad* const self, const double sample_rate, const double glide_s)
{
  self->c4_cycles     = C4_HZ / sample_rate;
  self->min_pitch_oct = log2(BIQUAD_MIN_HZ / C4_HZ);
  self->max_pitch_oct = log2(BIQUAD_MAX_CYCLES / self->c4_cycles);
  analog_init(&self->map, sample_rate);
  self->decay = exp(-1.0 / (glide_s * sample_rate));
  biquad_reset(self);
}

void
biquad_reset(Biquad* const self)
{
  self->started    = false;
  self->fade       = 0.0;
  self->n_frames   = 0;
  self->n_still    = 0;
  self->is_settled = false;
  for (uint32_t s = 0; s < BIQUAD_SECTIONS; ++s) {
    svf_reset(&self->svf[s]);
  }
}

/// Return the number of sections at work
static uint32_t
count_sections(const Biquad* const self)
{
  return self->response == BIQUAD_ANALOG || self->fade > 0.0 ? BIQUAD_SECTIONS : 1;
}

// ---- Settings

static bool
is_constant(const BiquadSettings* const settings)
{
  return settings->pitch_oct.is_constant && settings->q_oct.is_constant &&
         settings->gain_db.is_constant;
}

static double
value_at(const BiquadSetting setting, const uint32_t i)
{
  return setting.frames[setting.is_constant ? 0 : i];
}

static BiquadPoint
point_at(const BiquadSettings* const settings, const uint32_t i)
{
  return (BiquadPoint){value_at(settings->pitch_oct, i),
                       value_at(settings->q_oct, i),
                       value_at(settings->gain_db, i)};
}

static bool
is_same(const BiquadPoint a, const BiquadPoint b)
{
  return a.pitch_oct == b.pitch_oct && a.q_oct == b.q_oct && a.gain_db == b.gain_db;
}

static BiquadSetting
setting_from(const BiquadSetting setting, const uint32_t start)
{
  return (BiquadSetting){setting.frames + (setting.is_constant ? 0 : start),
                         setting.is_constant};
}

static BiquadSettings
settings_from(const BiquadSettings* const settings, const uint32_t start)
{
  return (BiquadSettings){setting_from(settings->pitch_oct, start),
                          setting_from(settings->q_oct, start),
                          setting_from(settings->gain_db, start)};
}

/// Write a setting within its limits, and multiplied by `factor`
static void
bound(const BiquadSetting setting,
      const double        minimum,
      const double        maximum,
      const double        factor,
      BiquadTrack* const  track,
      const uint32_t      n_frames)
{
  const uint32_t n_own  = setting.is_constant ? 1 : n_frames;
  const uint32_t n_full = double4_round_up(n_own);
  for (uint32_t i = 0; i < n_own; ++i) {
    const double x     = setting.frames[i];
    const double least = x > minimum ? x : minimum;

    track->frames[i] = factor * (least < maximum ? least : maximum);
  }
  for (uint32_t i = n_own; i < n_full; ++i) {
    track->frames[i] = track->frames[n_own - 1];
  }
  track->step = setting.is_constant ? 0 : 1;
}

static void
bound_settings(const Biquad* const         self,
               const BiquadSettings* const settings,
               BiquadFrames* const         frames,
               const uint32_t              n_frames)
{
  static const double min_q_oct = -3.321928094887362;
  static const double max_q_oct = 5.643856189774724;
  static const double max_db    = BIQUAD_MAX_GAIN_DB;

  bound(settings->pitch_oct,
        self->min_pitch_oct,
        self->max_pitch_oct,
        1.0,
        &frames->pitch_oct,
        n_frames);
  bound(settings->q_oct, min_q_oct, max_q_oct, -1.0, &frames->k_oct, n_frames);
  bound(settings->gain_db, -max_db, max_db, LOG2_10 / 40.0, &frames->a_oct, n_frames);
  frames->c4_cycles = self->c4_cycles;
}

// ---- Design

/// Write what all sections are to be
static void
design(const Biquad* const         self,
       const BiquadSettings* const settings,
       SvfParamsFrames             param_frames[BIQUAD_SECTIONS],
       const uint32_t              n_frames)
{
  BiquadFrames frames;
  bound_settings(self, settings, &frames, n_frames);
  if (self->response == BIQUAD_ANALOG) {
    analog_design(&self->map, self->type, &frames, param_frames, n_frames);
    return;
  }

  rbj_design(self->type, &frames, &param_frames[0], n_frames);
  for (uint32_t s = 1; s < BIQUAD_SECTIONS; ++s) {
    for (uint32_t i = 0; i < n_frames; ++i) {
      svf_params_frames_set(&param_frames[s], i, svf_params_transparent);
    }
  }
}

/// The same, with no more work than the settings need, in whole quads
static void
design_frames(const Biquad* const         self,
              const BiquadSettings* const settings,
              SvfParamsFrames             param_frames[BIQUAD_SECTIONS],
              const uint32_t              n_frames)
{
  const uint32_t n_own = is_constant(settings) ? 1 : n_frames;
  design(self, settings, param_frames, n_own);
  for (uint32_t s = 0; s < BIQUAD_SECTIONS; ++s) {
    for (uint32_t i = n_own; i < double4_round_up(n_frames); ++i) {
      svf_params_frames_copy(&param_frames[s], n_own - 1, i);
    }
  }
}

/// Write what all sections are to be at some settings
static void
design_point(const Biquad* const self,
             const BiquadPoint   point,
             SvfParams           params[BIQUAD_SECTIONS])
{
  const BiquadSettings settings = {
    {&point.pitch_oct, true}, {&point.q_oct, true}, {&point.gain_db, true}};

  SvfParamsFrames param_frames[BIQUAD_SECTIONS];
  design(self, &settings, param_frames, 1);
  for (uint32_t s = 0; s < BIQUAD_SECTIONS; ++s) {
    params[s] = svf_params_frames_at(&param_frames[s], 0);
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

// ---- Turns to another type or response

/// Return how far from `to` it is to `from`
static SvfParams
way_back(const SvfParams from, const SvfParams to)
{
  return (SvfParams){log2(from.g / to.g),
                     log2(from.k / to.k),
                     from.lean - to.lean,
                     log2(from.scale / to.scale),
                     from.dry - to.dry,
                     from.half_band - to.half_band,
                     from.half_low - to.half_low};
}

/// Take `type` and `response`, and note how far from there the last frame was
static void
turn(Biquad* const        self,
     const BiquadType     type,
     const BiquadResponse response,
     const BiquadPoint    point)
{
  if (self->fade == 0.0) {
    design_point(self, self->last, self->params);
  }
  for (uint32_t s = count_sections(self); s < BIQUAD_SECTIONS; ++s) {
    svf_reset(&self->svf[s]);
  }

  SvfParams to[BIQUAD_SECTIONS];
  self->type     = type;
  self->response = response;
  self->fade     = 1.0;
  self->n_still  = 0;
  design_point(self, point, to);
  for (uint32_t s = 0; s < BIQUAD_SECTIONS; ++s) {
    self->from[s] = way_back(self->params[s], to[s]);
  }
}

/// Write how much of a turn is left at every frame
static void
advance_fade(Biquad* const self, double* const fade, const uint32_t n_frames)
{
  for (uint32_t i = 0; i < n_frames; ++i) {
    const double left = self->fade * self->decay;
    self->fade        = left > LEAST_FADE ? left : 0.0;
    fade[i]           = self->fade;
  }
}

/// Move a design back by what is left of the turn
static void
blend(const SvfParams* const from,
      const double* const    fade,
      SvfParamsFrames* const param_frames,
      const uint32_t         n_frames)
{
  for (uint32_t i = 0; i < n_frames; ++i) {
    param_frames->g_above[i] *= fast_exp2(fade[i] * from->g);
    param_frames->k[i] *= fast_exp2(fade[i] * from->k);
    param_frames->lean[i] += fade[i] * from->lean;
    param_frames->scale[i] *= fast_exp2(fade[i] * from->scale);
    param_frames->dry[i] += fade[i] * from->dry;
    param_frames->half_band[i] += fade[i] * from->half_band;
    param_frames->half_low[i] += fade[i] * from->half_low;
  }
}

// ---- Motion

/// Remember the last frame, and for how long it has been the same
static void
keep(Biquad* const               self,
     const BiquadSettings* const settings,
     const uint32_t              n_faded,
     const uint32_t              n_frames)
{
  self->last    = point_at(settings, n_frames - 1);
  self->n_still = 0;
  for (uint32_t i = n_frames; i > n_faded; --i) {
    if (!is_same(point_at(settings, i - 1), self->last)) {
      break;
    }
    ++self->n_still;
  }
}

static void
unsettle(Biquad* const self)
{
  for (uint32_t s = 0; self->is_settled && s < BIQUAD_SECTIONS; ++s) {
    svf_unsettle(&self->svf[s]);
  }
  self->is_settled = false;
}

/// Run frames with all sections, which may be in a turn
static void
run_turning(Biquad* const               self,
            const BiquadSettings* const settings,
            const float* const          in,
            float* const                out,
            const uint32_t              n_frames)
{
  const uint32_t n_sections = count_sections(self);
  const bool     is_turning = self->fade > 0.0;

  double          fade[SVF_DESIGN_MAX_FRAMES];
  SvfParamsFrames param_frames[BIQUAD_SECTIONS];
  SvfFrames       coefs;
  design_frames(self, settings, param_frames, n_frames);
  if (is_turning) {
    advance_fade(self, fade, n_frames);
  }
  const float* from = in;
  for (uint32_t s = 0; s < n_sections; ++s, from = out) {
    if (is_turning) {
      blend(&self->from[s], fade, &param_frames[s], n_frames);
    }
    solve(&param_frames[s], &coefs, n_frames);
    svf_process(&self->svf[s], &coefs, from, out, n_frames);
    self->params[s] = svf_params_frames_at(&param_frames[s], n_frames - 1);
    self->coefs[s]  = svf_coefs_at(&coefs, n_frames - 1);
  }

  uint32_t n_faded = 0;
  while (is_turning && n_faded < n_frames && fade[n_faded] > 0.0) {
    ++n_faded;
  }
  keep(self, settings, n_faded, n_frames);
}

/// Run frames with the cookbook's response
static void
run_rbj(Biquad* const               self,
        const BiquadSettings* const settings,
        const float* const          in,
        float* const                out,
        const uint32_t              n_frames)
{
  BiquadFrames frames;
  bound_settings(self, settings, &frames, n_frames);
  self->coefs[0] = rbj_process(self->type, &frames, &self->svf[0], in, out, n_frames);
  keep(self, settings, 0, n_frames);
}

/// Return false if no FRAMES_TO_SETTLE frames have the same settings
static bool
may_rest(const BiquadSettings* const settings, const uint32_t n_frames)
{
  for (uint32_t i = 0; i + 1U < n_frames; i += FRAMES_TO_SETTLE / 2U) {
    if (is_same(point_at(settings, i), point_at(settings, i + 1U))) {
      return true;
    }
  }

  return false;
}

/// Run frames of which the first may be unlike the last one, and return their number
static uint32_t
run_moving(Biquad* const               self,
           const BiquadSettings* const settings,
           const float* const          in,
           float* const                out,
           const uint32_t              n_frames)
{
  const uint32_t n_few = n_frames < FRAMES_TO_SETTLE ? n_frames : FRAMES_TO_SETTLE;

  unsettle(self);
  if (count_sections(self) > 1) {
    run_turning(self, settings, in, out, n_few);
    return n_few;
  }

  const uint32_t n = may_rest(settings, n_frames) ? n_few : n_frames;
  run_rbj(self, settings, in, out, n);
  return n;
}

// ---- Stillness

/// Return the number of frames before the settings change
static uint32_t
count_still(const Biquad* const         self,
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
run_waiting(Biquad* const      self,
            const float* const in,
            float* const       out,
            const uint32_t     n_frames)
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
settle(Biquad* const self)
{
  for (uint32_t s = 0; !self->is_settled && s < count_sections(self); ++s) {
    svf_settle(&self->svf[s], self->coefs[s]);
  }
  self->is_settled = true;
}

/// Run frames that are like the last one, once settled
static void
run_settled(Biquad* const      self,
            const float* const in,
            float* const       out,
            const uint32_t     n_frames)
{
  const uint32_t n_sections = count_sections(self);
  const float*   from       = in;
  for (uint32_t s = 0; s < n_sections; ++s, from = out) {
    svf_process_settled(&self->svf[s], from, out, n_frames);
  }
}

/// Run frames that are like the last one
static void
run_still(Biquad* const      self,
          const float* const in,
          float* const       out,
          const uint32_t     n_frames)
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
run(Biquad* const               self,
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
      i += run_moving(self, &rest, in + i, out + i, n_left);
    }
  }
}

/// Take type and response at once if it is the first frame, else by and by
static void
choose(Biquad* const               self,
       const BiquadType            type,
       const BiquadResponse        response,
       const BiquadSettings* const settings)
{
  if (!self->started) {
    self->type     = type;
    self->response = response;
    self->started  = true;
  } else if (type != self->type || response != self->response) {
    turn(self, type, response, point_at(settings, 0));
  }
}

/// Count frames, and look at the states now and then
static void
calm(Biquad* const self, const uint32_t n_frames)
{
  self->n_frames += n_frames;
  if (self->n_frames == FRAMES_TO_CALM) {
    self->n_frames = 0;
    for (uint32_t s = 0; s < BIQUAD_SECTIONS; ++s) {
      svf_calm(&self->svf[s]);
    }
  }
}

/// Return true if there is nothing to do but to go on
static bool
goes_on(const Biquad* const         self,
        const BiquadType            type,
        const BiquadResponse        response,
        const BiquadSettings* const settings,
        const uint32_t              n_frames)
{
  return self->is_settled && type == self->type && response == self->response &&
         is_constant(settings) && self->n_frames + n_frames <= FRAMES_TO_CALM &&
         settings->pitch_oct.frames[0] == self->last.pitch_oct &&
         settings->q_oct.frames[0] == self->last.q_oct &&
         (settings->gain_db.frames[0] == self->last.gain_db || !biquad_has_gain(type));
}

/// Run any frames
static void
run_any(Biquad* const               self,
        const BiquadType            type,
        const BiquadResponse        response,
        const BiquadSettings* const settings,
        const float* const          in,
        float* const                out,
        const uint32_t              n_frames)
{
  static const double        no_gain_db = 0.0;
  static const BiquadSetting no_gain    = {&no_gain_db, true};

  const BiquadSettings relevant = {settings->pitch_oct,
                                   settings->q_oct,
                                   biquad_has_gain(type) ? settings->gain_db : no_gain};
  choose(self, type, response, &relevant);
  uint32_t n = 0;
  for (uint32_t i = 0; i < n_frames; i += n) {
    const uint32_t n_left = FRAMES_TO_CALM - self->n_frames;
    n                     = n_left < n_frames - i ? n_left : n_frames - i;

    const BiquadSettings rest = settings_from(&relevant, i);
    run(self, &rest, in + i, out + i, n);
    calm(self, n);
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
    run_settled(self, in, out, n_frames);
    calm(self, n_frames);
  } else {
    run_any(self, type, response, settings, in, out, n_frames);
  }
}
