// SPDX-License-Identifier: ISC

#include "filter/analog_design.h"

#include "filter/rbj.h"
#include "math/fast_math.h"

#include <assert.h>
#include <math.h>

static_assert(SVF_DESIGN_MAX_FRAMES <= ANALOG_MAX_FRAMES, "a design is made in one go");

#define PI 3.141592653589793

/// The analog filter of every frame, with what its gain makes of poles and zeros
typedef struct {
  double      pole_w[ANALOG_MAX_FRAMES]; ///< Frequency in radians per frame, warped
  double      pole_k[ANALOG_MAX_FRAMES]; ///< 1 / Q
  double      zero_w[ANALOG_MAX_FRAMES];
  double      zero_k[ANALOG_MAX_FRAMES];
  double      level[ANALOG_MAX_FRAMES]; ///< Gain at 0 Hz, of types that have one
  double      a_oct[ANALOG_MAX_FRAMES]; ///< log2(A), with A as in rbj.h
  AnalogRoots poles;
  AnalogRoots zeros;
} Prototype;

/// How far the gain of a type moves its poles and zeros apart, as powers of A
typedef struct {
  double w;
  double k;
} Spread;

static Spread
spread_of(const BiquadType type)
{
  static const Spread none       = {0.0, 0.0};
  static const Spread peak       = {0.0, -1.0};
  static const Spread low_shelf  = {-0.5, 0.0};
  static const Spread high_shelf = {0.5, 0.0};

  return type == BIQUAD_PEAK         ? peak
         : type == BIQUAD_LOW_SHELF  ? low_shelf
         : type == BIQUAD_HIGH_SHELF ? high_shelf
                                     : none;
}

static void
prototype_settings(const BiquadType          type,
                   const BiquadFrames* const frames,
                   Prototype* const          prototype,
                   const uint32_t            n_frames)
{
  const Spread spread   = spread_of(type);
  const bool   has_gain = biquad_has_gain(type);
  const bool   is_low   = type == BIQUAD_LOW_SHELF;
  for (uint32_t i = 0; i < n_frames; ++i) {
    const double w =
      2.0 * PI * frames->c4_cycles * fast_exp2(track_at(&frames->pitch_oct, i));
    const double k        = fast_exp2(track_at(&frames->k_oct, i));
    const double a_oct    = track_at(&frames->a_oct, i);
    const double w_factor = fast_exp2(spread.w * a_oct);
    const double k_factor = fast_exp2(spread.k * a_oct);

    prototype->pole_w[i] = w * w_factor;
    prototype->pole_k[i] = k * k_factor;
    prototype->zero_w[i] = w / w_factor;
    prototype->zero_k[i] = has_gain ? k / k_factor : 0.0;
    prototype->level[i]  = is_low ? fast_exp2(2.0 * a_oct) : 1.0;
    prototype->a_oct[i]  = a_oct;
  }
}

/// Give every frame the zeros that come of these two roots
static void
fill_zeros(AnalogRoots* const  zeros,
           const double* const a,
           const double* const b,
           const uint32_t      n_frames)
{
  for (uint32_t s = 0; s < ANALOG_SECTIONS; ++s) {
    for (uint32_t i = 0; i < n_frames; ++i) {
      zeros->linear[s][i]   = a[s] + b[s];
      zeros->constant[s][i] = a[s] * b[s];
    }
  }
}

/// Find all roots of a prototype
static void
prototype_roots(const AnalogMap* const map,
                const BiquadType       type,
                Prototype* const       prototype,
                const uint32_t         n_frames)
{
  AnalogRoots* const zeros = &prototype->zeros;

  analog_warp(map, prototype->pole_w, n_frames);
  analog_roots(map, prototype->pole_w, prototype->pole_k, &prototype->poles, n_frames);
  if (type == BIQUAD_LOW_PASS) {
    fill_zeros(zeros, map->infinity, map->infinity, n_frames);
  } else if (type == BIQUAD_HIGH_PASS) {
    fill_zeros(zeros, map->zero, map->zero, n_frames);
  } else if (type == BIQUAD_BAND_PASS) {
    fill_zeros(zeros, map->zero, map->infinity, n_frames);
  } else if (type == BIQUAD_ALL_PASS) {
    *zeros = prototype->poles;
    for (uint32_t i = 0; i < n_frames; ++i) {
      zeros->linear[0][i] = -zeros->linear[0][i];
    }
  } else {
    analog_warp(map, prototype->zero_w, n_frames);
    analog_roots(map, prototype->zero_w, prototype->zero_k, zeros, n_frames);
  }
}

/// Return the gain of the main section at its highest frequency
static double
main_gain(const AnalogMap* const map,
          const BiquadType       type,
          const Prototype* const prototype,
          const uint32_t         i)
{
  const double slope    = map->r[0];
  const double constant = prototype->poles.constant[0][i];
  const double w        = prototype->pole_w[i];

  return type == BIQUAD_HIGH_PASS ? slope * constant / (w * w)
         : type == BIQUAD_BAND_PASS
           ? prototype->pole_k[i] * sqrt(slope) * constant /
               (w * prototype->zeros.linear[0][i])
           : prototype->level[i] * constant / prototype->zeros.constant[0][i];
}

/// Design a section of some poles and zeros, with a gain at its highest frequency
static SvfParams
section(const AnalogRoots* const poles,
        const AnalogRoots* const zeros,
        const uint32_t           s,
        const uint32_t           i,
        const double             dry)
{
  const double g = sqrt(poles->constant[s][i]);

  return (SvfParams){
    .g         = g,
    .k         = poles->linear[s][i] / g,
    .lean      = 0.0,
    .scale     = 1.0,
    .dry       = dry,
    .half_band = 0.5 * (dry / g) * (zeros->linear[s][i] - poles->linear[s][i]),
    .half_low  = 0.5 * dry * (zeros->constant[s][i] / poles->constant[s][i] - 1.0)};
}

/// Design a section other than the main one, with a gain of 1 at 0 Hz
static void
design_section(const AnalogRoots* restrict const poles,
               const AnalogRoots* restrict const zeros,
               const uint32_t s,
               SvfParamsFrames* restrict const param_frames,
               const uint32_t n_frames)
{
  for (uint32_t i = 0; i < n_frames; ++i) {
    const double dry = poles->constant[s][i] / zeros->constant[s][i];
    svf_params_frames_set(param_frames, i, section(poles, zeros, s, i, dry));
  }
}

void
analog_design(const AnalogMap* const    map,
              const BiquadType          type,
              const BiquadFrames* const frames,
              SvfParamsFrames           param_frames[ANALOG_SECTIONS],
              const uint32_t            n_frames)
{
  Prototype prototype;
  prototype_settings(type, frames, &prototype, n_frames);
  prototype_roots(map, type, &prototype, n_frames);

  const AnalogRoots* const poles = &prototype.poles;
  const AnalogRoots* const zeros = &prototype.zeros;
  for (uint32_t i = 0; i < n_frames; ++i) {
    const double    gain = main_gain(map, type, &prototype, i);
    const SvfParams main = section(poles, zeros, 0, i, gain);
    svf_params_frames_set(
      &param_frames[0], i, rbj_store(type, prototype.a_oct[i], main));
  }
  for (uint32_t s = 1; s < ANALOG_SECTIONS; ++s) {
    design_section(poles, zeros, s, &param_frames[s], n_frames);
  }
}
