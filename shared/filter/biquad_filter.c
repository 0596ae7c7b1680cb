// SPDX-License-Identifier: ISC

#include "filter/biquad_filter.h"

#include "filter/analog_design.h"
#include "filter/rbj.h"
#include "math/fast_math.h"
#include "signal/units.h"

#include <assert.h>
#include <string.h>

#define LOG2_10 3.321928094887362

#define FRAMES_TO_SETTLE 64U ///< Before it pays

static_assert(FRAMES_TO_SETTLE >= SVF_MAX_FRAMES, "no run goes on beyond that");

static uint32_t
lesser(const uint32_t a, const uint32_t b)
{
  return a < b ? a : b;
}

// ---- Lifetime

void
biquad_filter_reset(BiquadFilter* const  self,
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

/// Return the number of sections at work
static uint32_t
count_sections(const BiquadFilter* const self)
{
  return self->response == BIQUAD_ANALOG ? BIQUAD_SECTIONS : 1;
}

// ---- Settings

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
  const uint32_t n_own = biquad_is_constant(settings) ? 1 : n_frames;

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

/// Run frames, the first perhaps unlike the last one, and return their number
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
    n = biquad_is_constant(settings) ? n_frames : 1;
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

void
biquad_filter_go_on(BiquadFilter* const self,
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
    biquad_filter_go_on(self, in + i, out + i, n_frames - i);
  }
}

// ---- All together

void
biquad_filter_run(BiquadFilter* const         self,
                  const BiquadRate* const     rate,
                  const BiquadSettings* const settings,
                  const float* const          in,
                  float* const                out,
                  const uint32_t              n_frames)
{
  for (uint32_t i = 0; i < n_frames;) {
    const BiquadSettings rest    = biquad_settings_from(settings, i);
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
