// SPDX-License-Identifier: ISC

#include "biquad.h"

#include "fast_math.h"
#include "units.h"

#include <assert.h>
#include <math.h>

#define LOG2_10 3.321928094887362

#define PI 3.141592653589793

#define LARGEST_INPUT 1e12f  ///< Anything beyond counts as 0
#define LEAST_FADE 1e-7      ///< A turn is over when this part is left: -140 dB
#define FRAMES_TO_SETTLE 64U ///< Before it pays
#define FRAMES_TO_CALM 64U   ///< From one look at the states to the next

/// The numbers that make a type what it is, with A and k as in the header
enum {
  G_POWER, ///< g is multiplied by A to this
  K_POWER, ///< k is multiplied by A to this
  DRY,     ///< dry = DRY
  DRY_A2,  ///<       + DRY_A2 A^2
  BAND,    ///< of_band = k (BAND
  BAND_A,  ///<              + BAND_A A
  BAND_A2, ///<              + BAND_A2 A^2)
  LOW,     ///< of_low = LOW
  LOW_A2,  ///<          + LOW_A2 A^2
  N_TERMS
};

static const double type_terms[][N_TERMS] = {
  {0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0},    // Low pass
  {0.0, 0.0, 1.0, 0.0, -1.0, 0.0, 0.0, -1.0, 0.0},  // High pass
  {0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0},    // Band pass
  {0.0, 0.0, 1.0, 0.0, -1.0, 0.0, 0.0, 0.0, 0.0},   // Notch
  {0.0, 0.0, 1.0, 0.0, -2.0, 0.0, 0.0, 0.0, 0.0},   // All pass
  {0.0, -1.0, 1.0, 0.0, -1.0, 0.0, 1.0, 0.0, 0.0},  // Peak
  {-0.5, 0.0, 1.0, 0.0, -1.0, 1.0, 0.0, -1.0, 1.0}, // Low shelf
  {0.5, 0.0, 0.0, 1.0, 0.0, 1.0, -1.0, 1.0, -1.0},  // High shelf
};

/// What the settings of every frame ask of a section
typedef struct {
  double g_above[BIQUAD_MAX_FRAMES]; ///< g is a quotient
  double g_below[BIQUAD_MAX_FRAMES];
  double g_factor[BIQUAD_MAX_FRAMES]; ///< And multiplied by this
  double k[BIQUAD_MAX_FRAMES];
  double k_factor[BIQUAD_MAX_FRAMES]; ///< Which k has already been multiplied by
  double dry[BIQUAD_MAX_FRAMES];
  double half_band[BIQUAD_MAX_FRAMES];
  double half_low[BIQUAD_MAX_FRAMES];
} Design;

void
biquad_init(Biquad* const self, const double sample_rate, const double glide_s)
{
  self->c4_cycles     = C4_HZ / sample_rate;
  self->min_pitch_oct = (float)log2(BIQUAD_MIN_HZ / C4_HZ);
  self->max_pitch_oct = (float)log2(BIQUAD_MAX_CYCLES / self->c4_cycles);
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

static inline double
bound(const float x, const float minimum, const float maximum)
{
  return (double)(x < minimum ? minimum : x > maximum ? maximum : x);
}

static bool
is_still(const BiquadSettings* const settings)
{
  return settings->pitch_oct.is_still && settings->q_oct.is_still &&
         settings->gain_db.is_still;
}

static void
design_frequency(const Biquad* const self,
                 const float* const  pitch_oct,
                 Design* const       design,
                 const uint32_t      n_frames)
{
  for (uint32_t i = 0; i < n_frames; ++i) {
    const double octaves =
      bound(pitch_oct[i], self->min_pitch_oct, self->max_pitch_oct);
    const Quotient g   = fast_tan_pi(self->c4_cycles * fast_exp2(octaves));
    design->g_above[i] = g.above;
    design->g_below[i] = g.below;
  }
}

static void
design_q(const float* const q_oct, double* const k, const uint32_t n_frames)
{
  static const float min_q_oct = -3.321928094887362f;
  static const float max_q_oct = 5.643856189774724f;

  for (uint32_t i = 0; i < n_frames; ++i) {
    k[i] = fast_exp2(-bound(q_oct[i], min_q_oct, max_q_oct));
  }
}

/// Design what a type makes of its gain, but for the Q
static void
design_gain(const double* const term,
            const float* const  gain_db,
            Design* const       design,
            const uint32_t      n_frames)
{
  for (uint32_t i = 0; i < n_frames; ++i) {
    const double a_oct =
      bound(gain_db[i], -BIQUAD_MAX_GAIN_DB, BIQUAD_MAX_GAIN_DB) * (LOG2_10 / 40.0);
    const double a      = fast_exp2(a_oct);
    const double square = a * a;

    design->g_factor[i] = fast_exp2(term[G_POWER] * a_oct);
    design->k_factor[i] = fast_exp2(term[K_POWER] * a_oct);
    design->dry[i]      = term[DRY] + term[DRY_A2] * square;
    design->half_band[i] =
      0.5 * (term[BAND] + term[BAND_A] * a + term[BAND_A2] * square);
    design->half_low[i] = 0.5 * (term[LOW] + term[LOW_A2] * square);
  }
}

/// Give all frames from `n_done` on the first one's value
static void
spread(double* const x, const uint32_t n_done, const uint32_t n_frames)
{
  for (uint32_t i = n_done; i < n_frames; ++i) {
    x[i] = x[0];
  }
}

static void
design_rbj(const Biquad* const         self,
           const BiquadSettings* const settings,
           Design* const               design,
           const uint32_t              n_frames)
{
  const bool     has_gain  = self->type >= BIQUAD_PEAK;
  const bool     is_steady = !has_gain || settings->gain_db.is_still;
  const uint32_t n_pitches = settings->pitch_oct.is_still ? 1 : n_frames;
  const uint32_t n_qs      = settings->q_oct.is_still ? 1 : n_frames;
  const uint32_t n_gains   = is_steady ? 1 : n_frames;

  design_frequency(self, settings->pitch_oct.frames, design, n_pitches);
  spread(design->g_above, n_pitches, n_frames);
  spread(design->g_below, n_pitches, n_frames);

  design_q(settings->q_oct.frames, design->k, n_qs);
  spread(design->k, n_qs, n_frames);

  design_gain(type_terms[self->type], settings->gain_db.frames, design, n_gains);
  spread(design->g_factor, n_gains, n_frames);
  spread(design->k_factor, n_gains, n_frames);
  spread(design->dry, n_gains, n_frames);
  spread(design->half_band, n_gains, n_frames);
  spread(design->half_low, n_gains, n_frames);
  for (uint32_t i = 0; i < n_frames; ++i) {
    design->k[i] *= design->k_factor[i];
    design->half_band[i] *= design->k[i];
  }
}

/// A section that leaves its input as it is
static const BiquadVoice transparent = {1.0, 2.0, 1.0, 0.0, 0.0};

static void
design_transparent(Design* const design, const uint32_t n_frames)
{
  for (uint32_t i = 0; i < n_frames; ++i) {
    design->g_above[i]   = transparent.g;
    design->g_below[i]   = 1.0;
    design->g_factor[i]  = 1.0;
    design->k[i]         = transparent.k;
    design->dry[i]       = transparent.dry;
    design->half_band[i] = transparent.half_band;
    design->half_low[i]  = transparent.half_low;
  }
}

// ---- The analog response

/// The analog filter of every frame
typedef struct {
  double      w[BIQUAD_MAX_FRAMES]; ///< Frequency in radians per frame
  double      k[BIQUAD_MAX_FRAMES]; ///< 1 / Q
  double      pole_w[BIQUAD_MAX_FRAMES];
  double      pole_k[BIQUAD_MAX_FRAMES];
  double      zero_w[BIQUAD_MAX_FRAMES];
  double      zero_k[BIQUAD_MAX_FRAMES];
  double      level[BIQUAD_MAX_FRAMES]; ///< Gain at 0 Hz, of types that have one
  AnalogRoots poles;
  AnalogRoots zeros;
} Prototype;

static void
prototype_settings(const Biquad* const         self,
                   const BiquadSettings* const settings,
                   Prototype* const            prototype,
                   const uint32_t              n_frames)
{
  const float* const pitch_oct = settings->pitch_oct.frames;
  const uint32_t     n_pitches = settings->pitch_oct.is_still ? 1 : n_frames;
  const uint32_t     n_qs      = settings->q_oct.is_still ? 1 : n_frames;
  for (uint32_t i = 0; i < n_pitches; ++i) {
    const double octaves =
      bound(pitch_oct[i], self->min_pitch_oct, self->max_pitch_oct);
    prototype->w[i] = 2.0 * PI * self->c4_cycles * fast_exp2(octaves);
  }
  spread(prototype->w, n_pitches, n_frames);

  design_q(settings->q_oct.frames, prototype->k, n_qs);
  spread(prototype->k, n_qs, n_frames);
}

/// Move poles and zeros of a prototype apart, as its gain says
static void
prototype_gain(const Biquad* const         self,
               const BiquadSettings* const settings,
               Prototype* const            prototype,
               const uint32_t              n_frames)
{
  const double* const term     = type_terms[self->type];
  const float* const  gain_db  = settings->gain_db.frames;
  const bool          has_gain = self->type >= BIQUAD_PEAK;
  const uint32_t      n_gains  = !has_gain || settings->gain_db.is_still ? 1 : n_frames;

  double g_factor[BIQUAD_MAX_FRAMES];
  double k_factor[BIQUAD_MAX_FRAMES];
  for (uint32_t i = 0; i < n_gains; ++i) {
    const double a_oct =
      bound(gain_db[i], -BIQUAD_MAX_GAIN_DB, BIQUAD_MAX_GAIN_DB) * (LOG2_10 / 40.0);
    g_factor[i]         = fast_exp2(term[G_POWER] * a_oct);
    k_factor[i]         = fast_exp2(term[K_POWER] * a_oct);
    prototype->level[i] = self->type == BIQUAD_LOW_SHELF ? fast_exp2(2.0 * a_oct) : 1.0;
  }
  spread(g_factor, n_gains, n_frames);
  spread(k_factor, n_gains, n_frames);
  spread(prototype->level, n_gains, n_frames);

  for (uint32_t i = 0; i < n_frames; ++i) {
    prototype->pole_w[i] = prototype->w[i] * g_factor[i];
    prototype->pole_k[i] = prototype->k[i] * k_factor[i];
    prototype->zero_w[i] = prototype->w[i] / g_factor[i];
    prototype->zero_k[i] = has_gain ? prototype->k[i] / k_factor[i] : 0.0;
  }
}

/// Give every frame the zeros that come of these two roots
static void
fill_zeros(AnalogRoots* const  zeros,
           const double* const a,
           const double* const b,
           const uint32_t      n_frames)
{
  for (uint32_t s = 0; s < BIQUAD_SECTIONS; ++s) {
    for (uint32_t i = 0; i < n_frames; ++i) {
      zeros->linear[s][i]   = a[s] + b[s];
      zeros->constant[s][i] = a[s] * b[s];
    }
  }
}

/// Find all roots of a prototype
static void
prototype_roots(const Biquad* const self,
                Prototype* const    prototype,
                const uint32_t      n_frames)
{
  const AnalogMap* const map   = &self->map;
  AnalogRoots* const     zeros = &prototype->zeros;

  analog_warp(map, prototype->pole_w, prototype->pole_w, n_frames);
  analog_roots(map, prototype->pole_w, prototype->pole_k, &prototype->poles, n_frames);
  switch (self->type) {
  case BIQUAD_LOW_PASS:
    fill_zeros(zeros, map->infinity, map->infinity, n_frames);
    break;
  case BIQUAD_HIGH_PASS:
    fill_zeros(zeros, map->zero, map->zero, n_frames);
    break;
  case BIQUAD_BAND_PASS:
    fill_zeros(zeros, map->zero, map->infinity, n_frames);
    break;
  case BIQUAD_ALL_PASS:
    *zeros = prototype->poles;
    for (uint32_t i = 0; i < n_frames; ++i) {
      zeros->linear[0][i] = -zeros->linear[0][i];
    }
    break;
  case BIQUAD_NOTCH:
  case BIQUAD_PEAK:
  case BIQUAD_LOW_SHELF:
  case BIQUAD_HIGH_SHELF:
    analog_warp(map, prototype->zero_w, prototype->zero_w, n_frames);
    analog_roots(map, prototype->zero_w, prototype->zero_k, zeros, n_frames);
    break;
  }
}

/// Write the gain of the main section at its highest frequency
static void
prototype_dry(const Biquad* const    self,
              const Prototype* const prototype,
              double* const          dry,
              const uint32_t         n_frames)
{
  const double  slope    = self->map.r[0];
  const double* constant = prototype->poles.constant[0];
  for (uint32_t i = 0; i < n_frames; ++i) {
    const double w = prototype->pole_w[i];

    dry[i] = self->type == BIQUAD_HIGH_PASS ? slope * constant[i] / (w * w)
             : self->type == BIQUAD_BAND_PASS
               ? prototype->pole_k[i] * sqrt(slope) * constant[i] /
                   (w * prototype->zeros.linear[0][i])
               : prototype->level[i] * constant[i] / prototype->zeros.constant[0][i];
  }
}

/// Design the section with poles and zeros `s`, and the gain that is in `dry` already
static void
design_section(const Prototype* const prototype,
               const uint32_t         s,
               Design* const          design,
               const uint32_t         n_frames)
{
  const AnalogRoots* const poles = &prototype->poles;
  const AnalogRoots* const zeros = &prototype->zeros;
  for (uint32_t i = 0; i < n_frames; ++i) {
    const double g   = sqrt(poles->constant[s][i]);
    const double dry = design->dry[i];

    design->g_above[i]  = g;
    design->g_below[i]  = 1.0;
    design->g_factor[i] = 1.0;
    design->k[i]        = poles->linear[s][i] / g;
    design->half_band[i] =
      0.5 * (dry / g) * (zeros->linear[s][i] - poles->linear[s][i]);
    design->half_low[i] =
      0.5 * dry * (zeros->constant[s][i] / poles->constant[s][i] - 1.0);
  }
}

static void
spread_design(Design* const design, const uint32_t n_done, const uint32_t n_frames)
{
  spread(design->g_above, n_done, n_frames);
  spread(design->g_below, n_done, n_frames);
  spread(design->g_factor, n_done, n_frames);
  spread(design->k, n_done, n_frames);
  spread(design->dry, n_done, n_frames);
  spread(design->half_band, n_done, n_frames);
  spread(design->half_low, n_done, n_frames);
}

static void
design_analog(const Biquad* const         self,
              const BiquadSettings* const settings,
              Design                      design[BIQUAD_SECTIONS],
              const uint32_t              n_frames)
{
  const uint32_t n_designs = is_still(settings) ? 1 : n_frames;

  Prototype prototype;
  prototype_settings(self, settings, &prototype, n_designs);
  prototype_gain(self, settings, &prototype, n_designs);
  prototype_roots(self, &prototype, n_designs);
  prototype_dry(self, &prototype, design[0].dry, n_designs);
  for (uint32_t s = 0; s < BIQUAD_SECTIONS; ++s) {
    for (uint32_t i = 0; s > 0 && i < n_designs; ++i) {
      design[s].dry[i] =
        prototype.poles.constant[s][i] / prototype.zeros.constant[s][i];
    }
    design_section(&prototype, s, &design[s], n_designs);
    spread_design(&design[s], n_designs, n_frames);
  }
}

// ---- Coefficients

/// Design all sections at work
static void
design_all(const Biquad* const         self,
           const BiquadSettings* const settings,
           Design                      design[BIQUAD_SECTIONS],
           const uint32_t              n_frames)
{
  if (self->response == BIQUAD_ANALOG) {
    design_analog(self, settings, design, n_frames);
    return;
  }

  design_rbj(self, settings, &design[0], n_frames);
  for (uint32_t s = 1; s < count_sections(self); ++s) {
    design_transparent(&design[s], n_frames);
  }
}

static BiquadVoice
voice_at(const Design* const design, const uint32_t i)
{
  const BiquadVoice voice = {design->g_above[i] * design->g_factor[i] /
                               design->g_below[i],
                             design->k[i],
                             design->dry[i],
                             design->half_band[i],
                             design->half_low[i]};

  return voice;
}

/// Write the coefficients that come of a design
static void
solve(const Design* const design, SvfFrames* const coefs, const uint32_t n_frames)
{
  for (uint32_t i = 0; i < n_frames; ++i) {
    const double above = design->g_above[i] * design->g_factor[i];
    const double below = design->g_below[i];
    const double g_k   = above + design->k[i] * below;
    const double scale = 2.0 / (below * below + above * g_k);

    coefs->damp[i]      = scale * above * g_k;
    coefs->cross[i]     = scale * above * below;
    coefs->pull[i]      = scale * above * above;
    coefs->dry[i]       = design->dry[i];
    coefs->half_band[i] = design->half_band[i];
    coefs->half_low[i]  = design->half_low[i];
  }
}

// ---- Turns to another type or response

/// Take `type` and `response`, and note how far from there the last frame was
static void
turn(Biquad* const               self,
     const BiquadType            type,
     const BiquadResponse        response,
     const BiquadSettings* const settings)
{
  for (uint32_t s = count_sections(self); s < BIQUAD_SECTIONS; ++s) {
    self->voice[s] = transparent;
    svf_reset(&self->svf[s]);
  }

  Design design[BIQUAD_SECTIONS];
  self->type     = type;
  self->response = response;
  self->fade     = 1.0;
  self->n_still  = 0;
  design_all(self, settings, design, 1);
  for (uint32_t s = 0; s < BIQUAD_SECTIONS; ++s) {
    const BiquadVoice from  = self->voice[s];
    const BiquadVoice to    = voice_at(&design[s], 0);
    self->from[s].g         = log2(from.g / to.g);
    self->from[s].k         = log2(from.k / to.k);
    self->from[s].dry       = from.dry - to.dry;
    self->from[s].half_band = from.half_band - to.half_band;
    self->from[s].half_low  = from.half_low - to.half_low;
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
blend(const BiquadVoice* const from,
      const double* const      fade,
      Design* const            design,
      const uint32_t           n_frames)
{
  for (uint32_t i = 0; i < n_frames; ++i) {
    design->g_factor[i] *= fast_exp2(fade[i] * from->g);
    design->k[i] *= fast_exp2(fade[i] * from->k);
    design->dry[i] += fade[i] * from->dry;
    design->half_band[i] += fade[i] * from->half_band;
    design->half_low[i] += fade[i] * from->half_low;
  }
}

// ---- Motion and stillness

static bool
is_same(const Biquad* const         self,
        const BiquadSettings* const settings,
        const uint32_t              i)
{
  return settings->pitch_oct.frames[settings->pitch_oct.is_still ? 0 : i] ==
           self->pitch_oct &&
         settings->q_oct.frames[settings->q_oct.is_still ? 0 : i] == self->q_oct &&
         settings->gain_db.frames[settings->gain_db.is_still ? 0 : i] == self->gain_db;
}

/// Return the number of frames before the settings change
static uint32_t
count_still(const Biquad* const         self,
            const BiquadSettings* const settings,
            const uint32_t              n_frames)
{
  if (!self->n_still || !is_same(self, settings, 0)) {
    return 0;
  }
  if (is_still(settings)) {
    return n_frames;
  }

  uint32_t i = 1;
  while (i < n_frames && is_same(self, settings, i)) {
    ++i;
  }
  return i;
}

static float
last_of(const BiquadSetting setting, const uint32_t n_frames)
{
  return setting.frames[setting.is_still ? 0 : n_frames - 1];
}

/// Remember the last frame, and for how long it has been the same
static void
keep(Biquad* const               self,
     const BiquadSettings* const settings,
     const double* const         fade,
     const uint32_t              n_frames)
{
  self->pitch_oct = last_of(settings->pitch_oct, n_frames);
  self->q_oct     = last_of(settings->q_oct, n_frames);
  self->gain_db   = last_of(settings->gain_db, n_frames);
  self->n_still   = 0;
  for (uint32_t i = n_frames; i > 0 && fade[i - 1] == 0.0; --i) {
    if (!is_same(self, settings, i - 1)) {
      break;
    }
    ++self->n_still;
  }
}

/// Run the sections, the main one first, which peaks less under modulation
static void
run_sections(Biquad* const          self,
             const SvfFrames* const coefs,
             const uint32_t         n_sections,
             const float* const     in,
             float* const           out,
             const uint32_t         n_frames)
{
  const float* from = in;
  for (uint32_t s = 0; s < n_sections; ++s, from = out) {
    svf_process(&self->svf[s], &coefs[s], from, out, n_frames);
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

static void
run_moving(Biquad* const               self,
           const BiquadSettings* const settings,
           const float* const          in,
           float* const                out,
           const uint32_t              n_frames)
{
  const uint32_t n_sections              = count_sections(self);
  double         fade[BIQUAD_MAX_FRAMES] = {0.0};
  const bool     is_turning              = self->fade > 0.0;
  Design         design[BIQUAD_SECTIONS];
  SvfFrames      coefs[BIQUAD_SECTIONS];
  design_all(self, settings, design, n_frames);
  if (is_turning) {
    advance_fade(self, fade, n_frames);
  }
  for (uint32_t s = 0; s < n_sections; ++s) {
    if (is_turning) {
      blend(&self->from[s], fade, &design[s], n_frames);
    }
    solve(&design[s], &coefs[s], n_frames);
    self->voice[s] = voice_at(&design[s], n_frames - 1);
    self->coefs[s] = svf_coefs_at(&coefs[s], n_frames - 1);
  }

  unsettle(self);
  run_sections(self, coefs, n_sections, in, out, n_frames);
  keep(self, settings, fade, n_frames);
}

static void
repeat(const SvfCoefs coefs, SvfFrames* const frames, const uint32_t n_frames)
{
  for (uint32_t i = 0; i < n_frames; ++i) {
    frames->damp[i]      = coefs.damp;
    frames->cross[i]     = coefs.cross;
    frames->pull[i]      = coefs.pull;
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
  const uint32_t n_sections = count_sections(self);
  SvfFrames      coefs[BIQUAD_SECTIONS];
  for (uint32_t s = 0; s < n_sections; ++s) {
    repeat(self->coefs[s], &coefs[s], n_frames);
  }
  run_sections(self, coefs, n_sections, in, out, n_frames);
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
  if (i == n_frames) {
    return;
  }

  settle(self);
  const float* from = in + i;
  for (uint32_t s = 0; s < count_sections(self); ++s, from = out + i) {
    svf_process_settled(&self->svf[s], from, out + i, n_frames - i);
  }
}

static BiquadSetting
setting_from(const BiquadSetting setting, const uint32_t start)
{
  const BiquadSetting rest = {setting.frames + (setting.is_still ? 0 : start),
                              setting.is_still};

  return rest;
}

/// Run frames between two looks at the states
static void
run(Biquad* const               self,
    const BiquadSettings* const settings,
    const float* const          in,
    float* const                out,
    const uint32_t              n_frames)
{
  const uint32_t n_still = count_still(self, settings, n_frames);
  if (n_still > 0) {
    run_still(self, in, out, n_still);
  }
  if (n_still < n_frames) {
    const BiquadSettings rest = {setting_from(settings->pitch_oct, n_still),
                                 setting_from(settings->q_oct, n_still),
                                 setting_from(settings->gain_db, n_still)};
    run_moving(self, &rest, in + n_still, out + n_still, n_frames - n_still);
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
    turn(self, type, response, settings);
  }
}

static void
calm(Biquad* const self)
{
  for (uint32_t s = 0; s < BIQUAD_SECTIONS; ++s) {
    svf_calm(&self->svf[s]);
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
  // Zeros lose their sign, which sections that come and go would not keep
  float clean[BIQUAD_MAX_FRAMES];
  for (uint32_t i = 0; i < n_frames; ++i) {
    clean[i] = fabsf(in[i]) <= LARGEST_INPUT ? in[i] + 0.0f : 0.0f;
  }

  choose(self, type, response, settings);
  uint32_t n = 0;
  for (uint32_t i = 0; i < n_frames; i += n) {
    const uint32_t n_left = FRAMES_TO_CALM - self->n_frames % FRAMES_TO_CALM;
    n                     = n_left < n_frames - i ? n_left : n_frames - i;

    const BiquadSettings rest = {setting_from(settings->pitch_oct, i),
                                 setting_from(settings->q_oct, i),
                                 setting_from(settings->gain_db, i)};
    run(self, &rest, clean + i, out + i, n);
    self->n_frames += n;
    if (n == n_left) {
      calm(self);
    }
  }
}
