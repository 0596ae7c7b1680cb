// SPDX-License-Identifier: ISC
/**
   Design of a filter in every frame: all that a response asks for, before it is solved.

   The numbers are those of svf.h, with g as a quotient where it comes as one.
*/

#ifndef SVF_DESIGN_H
#define SVF_DESIGN_H

#include "filter/svf.h"
#include "math/simd.h"

#include <stdbool.h>
#include <stdint.h>

#define SVF_DESIGN_MAX_FRAMES \
  16U ///< Most frames of a design that is not made in one go

/// Response of the filter, as scale points number it
typedef enum {
  BIQUAD_LOW_PASS,
  BIQUAD_HIGH_PASS,
  BIQUAD_BAND_PASS,
  BIQUAD_NOTCH,
  BIQUAD_ALL_PASS,
  BIQUAD_PEAK,
  BIQUAD_LOW_SHELF,
  BIQUAD_HIGH_SHELF
} BiquadType;

/// Return true if a type has a gain
static inline bool
biquad_has_gain(const BiquadType type)
{
  return type >= BIQUAD_PEAK;
}

/// A setting of every frame, or of the four that stand for all
typedef struct {
  double   frames[SVF_MAX_FRAMES]; ///< In whole quads
  uint32_t step;                   ///< From one to the next: 1, or 0 for all alike
} BiquadTrack;

/// Settings within their limits
typedef struct {
  double      c4_cycles; ///< C4_HZ in cycles per frame
  BiquadTrack pitch_oct;
  BiquadTrack k_oct; ///< log2(1 / Q)
  BiquadTrack a_oct; ///< log2(A), with A as in rbj.h; 0 for types without a gain
} BiquadFrames;

static inline double
track_at(const BiquadTrack* const track, const uint32_t i)
{
  return track->frames[(size_t)i * track->step];
}

static inline Double4
track_quad(const BiquadTrack* const track, const uint32_t i)
{
  return double4_read(track->frames + (size_t)i * track->step);
}

/// Section in one frame
typedef struct {
  double g;
  double k;
  double lean;
  double scale;
  double dry;
  double half_band;
  double half_low;
} SvfParams;

/// The same in every frame
typedef struct {
  double g_above[SVF_DESIGN_MAX_FRAMES];
  double g_below[SVF_DESIGN_MAX_FRAMES];
  double k[SVF_DESIGN_MAX_FRAMES];
  double lean[SVF_DESIGN_MAX_FRAMES];
  double scale[SVF_DESIGN_MAX_FRAMES];
  double dry[SVF_DESIGN_MAX_FRAMES];
  double half_band[SVF_DESIGN_MAX_FRAMES];
  double half_low[SVF_DESIGN_MAX_FRAMES];
} SvfParamsFrames;

static inline void
svf_params_frames_set(SvfParamsFrames* const param_frames,
                      const uint32_t         i,
                      const SvfParams        params)
{
  param_frames->g_above[i]   = params.g;
  param_frames->g_below[i]   = 1.0;
  param_frames->k[i]         = params.k;
  param_frames->lean[i]      = params.lean;
  param_frames->scale[i]     = params.scale;
  param_frames->dry[i]       = params.dry;
  param_frames->half_band[i] = params.half_band;
  param_frames->half_low[i]  = params.half_low;
}

/// Make frame `to` what frame `from` is
static inline void
svf_params_frames_copy(SvfParamsFrames* const param_frames,
                       const uint32_t         from,
                       const uint32_t         to)
{
  param_frames->g_above[to]   = param_frames->g_above[from];
  param_frames->g_below[to]   = param_frames->g_below[from];
  param_frames->k[to]         = param_frames->k[from];
  param_frames->lean[to]      = param_frames->lean[from];
  param_frames->scale[to]     = param_frames->scale[from];
  param_frames->dry[to]       = param_frames->dry[from];
  param_frames->half_band[to] = param_frames->half_band[from];
  param_frames->half_low[to]  = param_frames->half_low[from];
}

/// The same in four frames, but for scale and output
typedef struct {
  Double4Quotient g;
  Double4         k;
  Double4         lean;
} SvfParams4;

/// Write the coefficients of frames `i` to `i` + 3, but for scale and output
static inline void
svf_params_solve(const SvfParams4* const params,
                 SvfFrames* const        coefs,
                 const uint32_t          i)
{
  const Double4 above = params->g.above;
  const Double4 below = params->g.below;
  const Double4 damp  = params->k * below;
  const Double4 part  = (above + above) / (below * below + above * (above + damp));
  const Double4 lean  = params->lean;

  double4_write(coefs->damp_band + i, part * (above + damp * (1.0 - lean)));
  double4_write(coefs->damp_low + i, part * (above + damp * lean));
  double4_write(coefs->cross + i, part * below);
}

#endif // SVF_DESIGN_H
