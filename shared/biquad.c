// SPDX-License-Identifier: ISC

#include "biquad.h"

#include "fast_math.h"
#include "units.h"

#include <assert.h>
#include <math.h>

#define LOG2_10 3.321928094887362

/// Outside of this, the states are cleared: 600 dB under and above full scale
#define LEAST_STATE 1e-30
#define LARGEST_STATE 1e30

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
  END_OF_TERMS
};

static const double type_terms[][BIQUAD_N_TERMS] = {
  {0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0},    // Low pass
  {0.0, 0.0, 1.0, 0.0, -1.0, 0.0, 0.0, -1.0, 0.0},  // High pass
  {0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0},    // Band pass
  {0.0, 0.0, 1.0, 0.0, -1.0, 0.0, 0.0, 0.0, 0.0},   // Notch
  {0.0, 0.0, 1.0, 0.0, -2.0, 0.0, 0.0, 0.0, 0.0},   // All pass
  {0.0, -1.0, 1.0, 0.0, -1.0, 0.0, 1.0, 0.0, 0.0},  // Peak
  {-0.5, 0.0, 1.0, 0.0, -1.0, 1.0, 0.0, -1.0, 1.0}, // Low shelf
  {0.5, 0.0, 0.0, 1.0, 0.0, 1.0, -1.0, 1.0, -1.0},  // High shelf
};

static_assert(END_OF_TERMS == BIQUAD_N_TERMS, "as many glides as terms");

/// Numbers of a type for every frame
typedef struct {
  float of[BIQUAD_N_TERMS][BIQUAD_MAX_FRAMES];
} Terms;

/// Coefficients of every frame, and what they come from
typedef struct {
  double g[BIQUAD_MAX_FRAMES];
  double g_factor[BIQUAD_MAX_FRAMES];
  double k[BIQUAD_MAX_FRAMES];
  double damp[BIQUAD_MAX_FRAMES];
  double cross[BIQUAD_MAX_FRAMES];
  double pull[BIQUAD_MAX_FRAMES];
  double dry[BIQUAD_MAX_FRAMES];
  double of_band[BIQUAD_MAX_FRAMES];
  double of_low[BIQUAD_MAX_FRAMES];
} Design;

/// The states before every frame and after the last
typedef struct {
  double band[BIQUAD_MAX_FRAMES + 1];
  double low[BIQUAD_MAX_FRAMES + 1];
} Path;

void
biquad_init(Biquad* const self, const double sample_rate, const double glide_s)
{
  self->c4_cycles     = C4_HZ / sample_rate;
  self->min_pitch_oct = (float)log2(BIQUAD_MIN_HZ / C4_HZ);
  self->max_pitch_oct = (float)log2(BIQUAD_MAX_CYCLES / self->c4_cycles);
  for (uint32_t t = 0; t < BIQUAD_N_TERMS; ++t) {
    glide_init(&self->term[t], sample_rate, glide_s);
  }
  biquad_reset(self);
}

void
biquad_reset(Biquad* const self)
{
  self->band       = 0.0;
  self->low        = 0.0;
  self->type       = BIQUAD_LOW_PASS;
  self->is_turning = true;
  self->is_kept    = false;
  for (uint32_t t = 0; t < BIQUAD_N_TERMS; ++t) {
    glide_reset(&self->term[t]);
  }
}

// ---- Coefficients

static bool
is_steady(const float* const x, const uint32_t n_frames)
{
  int32_t n_others = 0;
  for (uint32_t i = 1; i < n_frames; ++i) {
    n_others += x[i] != x[0];
  }

  return n_others == 0;
}

static inline double
bound(const float x, const float minimum, const float maximum)
{
  return (double)(x < minimum ? minimum : x > maximum ? maximum : x);
}

static void
design_frequency(const Biquad* const self,
                 const float* const  pitch_oct,
                 double* const       g,
                 const uint32_t      n_frames)
{
  for (uint32_t i = 0; i < n_frames; ++i) {
    const double octaves =
      bound(pitch_oct[i], self->min_pitch_oct, self->max_pitch_oct);
    g[i] = fast_tan_pi(self->c4_cycles * fast_exp2(octaves));
  }
}

static void
design_shape(const BiquadSettings* const settings,
             const Terms* const          terms,
             Design* const               design,
             const uint32_t              n_frames)
{
  static const float min_q_oct = -3.321928094887362f;
  static const float max_q_oct = 5.643856189774724f;

  for (uint32_t i = 0; i < n_frames; ++i) {
    const double gain_db =
      bound(settings->gain_db[i], -BIQUAD_MAX_GAIN_DB, BIQUAD_MAX_GAIN_DB);
    const double q_oct  = bound(settings->q_oct[i], min_q_oct, max_q_oct);
    const double a_oct  = gain_db * (LOG2_10 / 40.0);
    const double a      = fast_exp2(a_oct);
    const double square = a * a;
    const double k      = fast_exp2((double)terms->of[K_POWER][i] * a_oct - q_oct);

    design->g_factor[i] = fast_exp2((double)terms->of[G_POWER][i] * a_oct);
    design->k[i]        = k;
    design->dry[i] = (double)terms->of[DRY][i] + (double)terms->of[DRY_A2][i] * square;
    design->of_band[i] =
      0.5 * k *
      ((double)terms->of[BAND][i] + (double)terms->of[BAND_A][i] * a +
       (double)terms->of[BAND_A2][i] * square);
    design->of_low[i] =
      0.5 * ((double)terms->of[LOW][i] + (double)terms->of[LOW_A2][i] * square);
  }
}

static void
design_steps(Design* const design, const uint32_t n_frames)
{
  for (uint32_t i = 0; i < n_frames; ++i) {
    const double g    = design->g[i] * design->g_factor[i];
    const double g_k  = g + design->k[i];
    const double step = 2.0 * g / (1.0 + g * g_k);

    design->damp[i]  = step * g_k;
    design->cross[i] = step;
    design->pull[i]  = step * g;
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
design_all(const Biquad* const         self,
           const BiquadSettings* const settings,
           const Terms* const          terms,
           Design* const               design,
           const uint32_t              n_frames)
{
  const uint32_t n_g = is_steady(settings->pitch_oct, n_frames) ? 1 : n_frames;
  design_frequency(self, settings->pitch_oct, design->g, n_g);
  spread(design->g, n_g, n_frames);

  const bool is_still = !self->is_turning && is_steady(settings->q_oct, n_frames) &&
                        is_steady(settings->gain_db, n_frames);
  const uint32_t n_shapes = is_still ? 1 : n_frames;
  design_shape(settings, terms, design, n_shapes);
  spread(design->g_factor, n_shapes, n_frames);
  spread(design->k, n_shapes, n_frames);
  spread(design->dry, n_shapes, n_frames);
  spread(design->of_band, n_shapes, n_frames);
  spread(design->of_low, n_shapes, n_frames);
  design_steps(design, n_frames);
}

static BiquadCoefs
coefs_at(const Design* const design, const uint32_t i)
{
  const BiquadCoefs coefs = {design->damp[i],
                             design->cross[i],
                             design->pull[i],
                             design->dry[i],
                             design->of_band[i],
                             design->of_low[i]};

  return coefs;
}

// ---- Types

/// Write what makes up `type`, or the way there from the last one
static void
turn(Biquad* const    self,
     const BiquadType type,
     Terms* const     terms,
     const uint32_t   n_frames)
{
  self->type       = type;
  self->is_turning = false;
  for (uint32_t t = 0; t < BIQUAD_N_TERMS; ++t) {
    self->is_turning |=
      glide_process(&self->term[t], type_terms[type][t], terms->of[t], n_frames);
  }
  self->is_kept = self->is_kept && !self->is_turning;
}

/// Have the coefficients of lasting settings at hand
static void
keep(Biquad* const self, const BiquadSettings* const settings)
{
  if (self->is_kept && self->kept_pitch_oct == settings->pitch_oct[0] &&
      self->kept_q_oct == settings->q_oct[0] &&
      self->kept_gain_db == settings->gain_db[0]) {
    return;
  }

  Terms  terms;
  Design design;
  turn(self, self->type, &terms, 1);
  design_all(self, settings, &terms, &design, 1);

  self->is_kept        = true;
  self->kept_pitch_oct = settings->pitch_oct[0];
  self->kept_q_oct     = settings->q_oct[0];
  self->kept_gain_db   = settings->gain_db[0];
  self->kept           = coefs_at(&design, 0);
}

// ---- Signal

/// Write the states between frames to `path`, in the order that they depend on
static inline void
step(Path* const path, const uint32_t i, const BiquadCoefs coefs, const double in)
{
  const double band = path->band[i];
  const double low  = path->low[i];
  const double d    = in - low;

  // In an order that makes no result wait for more than three operations
  const double next_band = (band - coefs.damp * band) + coefs.cross * d;
  const double next_low  = (low + coefs.cross * band) + coefs.pull * d;
  const double size      = fabs(next_band) + fabs(next_low);
  const bool   is_sane   = size > LEAST_STATE && size < LARGEST_STATE;

  path->band[i + 1] = is_sane ? next_band : 0.0;
  path->low[i + 1]  = is_sane ? next_low : 0.0;
}

static inline float
mix(const Path* const path, const uint32_t i, const BiquadCoefs coefs, const double in)
{
  return (float)(coefs.dry * in + coefs.of_band * (path->band[i] + path->band[i + 1]) +
                 coefs.of_low * (path->low[i] + path->low[i + 1]));
}

static void
run_still(const BiquadCoefs  coefs,
          Path* const        path,
          const float* const in,
          float* const       out,
          const uint32_t     n_frames)
{
  for (uint32_t i = 0; i < n_frames; ++i) {
    step(path, i, coefs, (double)in[i]);
  }
  for (uint32_t i = 0; i < n_frames; ++i) {
    out[i] = mix(path, i, coefs, (double)in[i]);
  }
}

static void
run_moving(const Design* const design,
           Path* const         path,
           const float* const  in,
           float* const        out,
           const uint32_t      n_frames)
{
  for (uint32_t i = 0; i < n_frames; ++i) {
    step(path, i, coefs_at(design, i), (double)in[i]);
  }
  for (uint32_t i = 0; i < n_frames; ++i) {
    out[i] = mix(path, i, coefs_at(design, i), (double)in[i]);
  }
}

void
biquad_process(Biquad* const               self,
               const BiquadType            type,
               const BiquadSettings* const settings,
               const float* const          in,
               float* const                out,
               const uint32_t              n_frames)
{
  const bool is_still = type == self->type && !self->is_turning &&
                        is_steady(settings->pitch_oct, n_frames) &&
                        is_steady(settings->q_oct, n_frames) &&
                        is_steady(settings->gain_db, n_frames);

  Path path;
  path.band[0] = self->band;
  path.low[0]  = self->low;
  if (is_still) {
    keep(self, settings);
    run_still(self->kept, &path, in, out, n_frames);
  } else {
    Terms  terms;
    Design design;
    turn(self, type, &terms, n_frames);
    design_all(self, settings, &terms, &design, n_frames);
    run_moving(&design, &path, in, out, n_frames);
  }

  self->band = path.band[n_frames];
  self->low  = path.low[n_frames];
}
