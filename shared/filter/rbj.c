// SPDX-License-Identifier: ISC

#include "filter/rbj.h"

#include "math/fast_math.h"

#define LARGE_K 8.0 ///< From where on the scale of a band grows no more

/// How a type stores and lets out what it has
typedef enum { LOW, HIGH, BAND, SHELF } Family;

/// The numbers that make a type what it is, with k and A as in the header
typedef struct {
  Family family;
  double lean;    ///< Lean where this is above 0, with log2(A)
  double lean_a;  ///<                            times this
  double g_power; ///< g is multiplied by A to this
  double k_power; ///< k is multiplied by A to this
  double dry;     ///< dry = dry
  double dry_a2;  ///<       + dry_a2 A^2
  double band;    ///< of_band = k (band
  double band_a;  ///<              + band_a A
  double band_a2; ///<              + band_a2 A^2)
  double low;     ///< of_low = low
  double low_a2;  ///<          + low_a2 A^2
} Recipe;

static const Recipe recipes[] = {
  [BIQUAD_LOW_PASS] = {.family = LOW, .low = 1.0},
  [BIQUAD_HIGH_PASS] =
    {.family = HIGH, .lean = 1.0, .dry = 1.0, .band = -1.0, .low = -1.0},
  [BIQUAD_BAND_PASS] = {.family = BAND, .band = 1.0},
  [BIQUAD_NOTCH]     = {.family = BAND, .dry = 1.0, .band = -1.0},
  [BIQUAD_ALL_PASS]  = {.family = BAND, .dry = 1.0, .band = -2.0},
  [BIQUAD_PEAK] =
    {.family = BAND, .k_power = -1.0, .dry = 1.0, .band = -1.0, .band_a2 = 1.0},
  [BIQUAD_LOW_SHELF]  = {.family  = SHELF,
                         .lean_a  = -1.0,
                         .g_power = -0.5,
                         .dry     = 1.0,
                         .band    = -1.0,
                         .band_a  = 1.0,
                         .low     = -1.0,
                         .low_a2  = 1.0},
  [BIQUAD_HIGH_SHELF] = {.family  = SHELF,
                         .lean_a  = 1.0,
                         .g_power = 0.5,
                         .dry_a2  = 1.0,
                         .band_a  = 1.0,
                         .band_a2 = -1.0,
                         .low     = 1.0,
                         .low_a2  = -1.0}};

/// Section for the gain, in every frame or in the four that stand for all
typedef struct {
  double   g_factor[SVF_MAX_FRAMES];
  double   k_factor[SVF_MAX_FRAMES];
  double   lean[SVF_MAX_FRAMES];
  double   dry[SVF_MAX_FRAMES];
  double   half_band[SVF_MAX_FRAMES]; ///< Of k * band
  double   half_low[SVF_MAX_FRAMES];
  uint32_t step; ///< From one frame to the next: 1, or 0 for all alike
} Gains;

/// Values that coefficients are computed from, in every frame
typedef struct {
  double cycles[SVF_MAX_FRAMES];
  double g_above[SVF_MAX_FRAMES];
  double g_below[SVF_MAX_FRAMES];
  double k[SVF_MAX_FRAMES];
} Stages;

// ---- Design

static double
lean_of(const Recipe* const recipe, const double a_oct)
{
  return recipe->lean + recipe->lean_a * a_oct > 0.0 ? 1.0 : 0.0;
}

SvfParams
rbj_store(const BiquadType type, const double a_oct, const SvfParams params)
{
  const Recipe* const recipe = &recipes[type];
  const double        grown  = 1.0 + params.k / LARGE_K;
  const double        scale  = recipe->family == BAND ? params.k / grown : 1.0;
  const double        lean   = lean_of(recipe, a_oct);

  SvfParams result = params;
  result.lean      = lean;
  result.scale     = scale;
  result.half_band = (params.half_band - lean * params.k * params.half_low) / scale;
  result.half_low  = params.half_low / scale;
  return result;
}

static void
design_gains(const BiquadType          type,
             const BiquadFrames* const frames,
             Gains* const              gains,
             const uint32_t            n_frames)
{
  const Recipe* const recipe  = &recipes[type];
  const uint32_t      step    = frames->a_oct.step;
  const uint32_t      n_gains = step ? double4_round_up(n_frames) : DOUBLE4_FRAMES;
  for (uint32_t i = 0; i < n_gains; ++i) {
    const double a_oct  = track_at(&frames->a_oct, i);
    const double a      = fast_exp2(a_oct);
    const double square = a * a;
    const double band   = recipe->band + recipe->band_a * a + recipe->band_a2 * square;
    const double low    = recipe->low + recipe->low_a2 * square;
    const double lean   = lean_of(recipe, a_oct);

    gains->g_factor[i]  = fast_exp2(recipe->g_power * a_oct);
    gains->k_factor[i]  = fast_exp2(recipe->k_power * a_oct);
    gains->lean[i]      = lean;
    gains->dry[i]       = recipe->dry + recipe->dry_a2 * square;
    gains->half_band[i] = 0.5 * (band - lean * low);
    gains->half_low[i]  = 0.5 * low;
  }
  gains->step = step;
}

/// First stage: octaves become cycles per frame and damping
static inline void
find_cycles(const Family              family,
            const BiquadFrames* const frames,
            const Gains* const        gains,
            Stages* const             stages,
            const uint32_t            i)
{
  const Double4 octaves = track_quad(&frames->pitch_oct, i);
  const Double4 k       = double4_exp2_narrow(track_quad(&frames->k_oct, i));
  const Double4 factor  = double4_read(gains->k_factor + i * gains->step);

  double4_write(stages->cycles + i, frames->c4_cycles * double4_exp2(octaves));
  double4_write(stages->k + i, family == BAND ? k * factor : k);
}

/// Second stage: cycles become g
static inline void
find_g(const Family       family,
       const Gains* const gains,
       Stages* const      stages,
       const uint32_t     i)
{
  const Double4Quotient g      = double4_tan_pi(double4_read(stages->cycles + i));
  const Double4         factor = double4_read(gains->g_factor + i * gains->step);

  double4_write(stages->g_above + i, family == SHELF ? g.above * factor : g.above);
  double4_write(stages->g_below + i, g.below);
}

/// Third stage: what the section is to be
static inline SvfParams4
find_params(const Family        family,
            const Gains* const  gains,
            const Stages* const stages,
            const uint32_t      i)
{
  static const Double4 none = {0.0, 0.0, 0.0, 0.0};
  static const Double4 one  = {1.0, 1.0, 1.0, 1.0};

  return (SvfParams4){
    {double4_read(stages->g_above + i), double4_read(stages->g_below + i)},
    double4_read(stages->k + i),
    family == SHELF  ? double4_read(gains->lean + i * gains->step)
    : family == HIGH ? one
                     : none};
}

/// Also third stage: what goes into what is stored and comes out of it
static inline void
find_levels(const Family        family,
            const Gains* const  gains,
            const Stages* const stages,
            double* const       scale,
            double* const       half_band,
            const uint32_t      i)
{
  const Double4 k    = double4_read(stages->k + i);
  const Double4 half = double4_read(gains->half_band + i * gains->step);
  if (family == BAND) {
    const Double4 grown = 1.0 + k * (1.0 / LARGE_K);
    double4_write(scale + i, k / grown);
    double4_write(half_band + i, half * grown);
  } else if (family == SHELF) {
    double4_write(half_band + i, half * k);
  }
}

// ---- All in one go

/// Fourth stage: the states before some frames
static inline SvfStates
run_frames(const Family           family,
           const SvfFrames* const coefs,
           SvfStates              states,
           SvfPath* const         path,
           const float* const     in,
           const uint32_t         start,
           const uint32_t         n_frames)
{
  for (uint32_t i = start; i < start + n_frames; ++i) {
    const SvfCoefs of_frame = {coefs->damp_band[i],
                               coefs->cross[i],
                               coefs->damp_low[i],
                               family == BAND ? coefs->scale[i] : 1.0,
                               0.0,
                               0.0,
                               0.0};

    path->band[i] = states.band;
    path->low[i]  = states.low;
    states        = svf_next(states, of_frame, (double)in[i]);
  }
  return states;
}

/// Write the outputs between states; `step` is that of the gains
static inline void
write_outputs(const Family         family,
              const uint32_t       step,
              const Gains* const   gains,
              const double* const  half_band,
              const SvfPath* const path,
              const float* const   in,
              float* const         out,
              const uint32_t       n_frames)
{
  for (uint32_t i = 0; i < n_frames; ++i) {
    const double dry  = gains->dry[i * step] * (double)in[i];
    const double band = path->band[i] + path->band[i + 1];
    const double low  = path->low[i] + path->low[i + 1];
    const double part =
      family == BAND || family == SHELF ? dry + half_band[i] * band : dry;
    const double sum = family == BAND ? part : part + gains->half_low[i * step] * low;

    out[i] = (float)(0.0 + sum);
  }
}

/**
   Filter frames with a type of `family`, which is a constant wherever this is called.

   Each stage is four frames behind the one before it, so that the processor has all
   of them to do while the last one, where each frame waits for the one before, waits.
*/
static inline SvfCoefs
process(const Family              family,
        const BiquadFrames* const frames,
        const Gains* const        gains,
        Svf* const                svf,
        const float* const        in,
        float* const              out,
        const uint32_t            n_frames)
{
  const uint32_t quad = DOUBLE4_FRAMES;

  Stages    stages;
  SvfFrames coefs;
  SvfPath   path;
  SvfStates states = svf->states;
  for (uint32_t i = 0; i < n_frames + 3U * quad; i += quad) {
    if (i < n_frames) {
      find_cycles(family, frames, gains, &stages, i);
    }
    if (i >= quad && i < n_frames + quad) {
      find_g(family, gains, &stages, i - quad);
    }
    if (i >= 2U * quad && i < n_frames + 2U * quad) {
      const uint32_t   at     = i - 2U * quad;
      const SvfParams4 params = find_params(family, gains, &stages, at);
      svf_params_solve(&params, &coefs, at);
      find_levels(family, gains, &stages, coefs.scale, coefs.half_band, at);
    }
    if (i >= 3U * quad) {
      const uint32_t at     = i - 3U * quad;
      const uint32_t n_left = n_frames - at;

      states = n_left < quad ? run_frames(family, &coefs, states, &path, in, at, n_left)
                             : run_frames(family, &coefs, states, &path, in, at, quad);
    }
  }

  path.band[n_frames] = states.band;
  path.low[n_frames]  = states.low;
  if (gains->step) {
    write_outputs(family, 1, gains, coefs.half_band, &path, in, out, n_frames);
  } else {
    write_outputs(family, 0, gains, coefs.half_band, &path, in, out, n_frames);
  }
  svf->states = states;

  const uint32_t last     = n_frames - 1U;
  const bool     has_band = family == BAND || family == SHELF;
  return (SvfCoefs){coefs.damp_band[last],
                    coefs.cross[last],
                    coefs.damp_low[last],
                    family == BAND ? coefs.scale[last] : 1.0,
                    gains->dry[last * gains->step],
                    has_band ? coefs.half_band[last] : 0.0,
                    gains->half_low[last * gains->step]};
}

SvfCoefs
rbj_process(const BiquadType          type,
            const BiquadFrames* const frames,
            Svf* const                svf,
            const float* const        in,
            float* const              out,
            const uint32_t            n_frames)
{
  Gains gains;
  design_gains(type, frames, &gains, n_frames);
  switch (recipes[type].family) {
  case HIGH:
    return process(HIGH, frames, &gains, svf, in, out, n_frames);
  case BAND:
    return process(BAND, frames, &gains, svf, in, out, n_frames);
  case SHELF:
    return process(SHELF, frames, &gains, svf, in, out, n_frames);
  case LOW:
    break;
  }
  return process(LOW, frames, &gains, svf, in, out, n_frames);
}
