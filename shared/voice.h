// SPDX-License-Identifier: ISC
/**
   What a filter is to be in every frame: all that a response says, before it is solved.

   The numbers are those of svf.h, with g as a quotient where it comes as one.
*/

#ifndef VOICE_H
#define VOICE_H

#include "quad.h"
#include "svf.h"

#include <stdbool.h>
#include <stdint.h>

#define VOICE_MAX_FRAMES 64U ///< Most frames of a design that is not made in one go

/// What the filter lets through, as scale points number it
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

static inline Quad
track_quad(const BiquadTrack* const track, const uint32_t i)
{
  return quad_read(track->frames + (size_t)i * track->step);
}

/// What a section is to be in one frame
typedef struct {
  double g;
  double k;
  double lean;
  double scale;
  double dry;
  double half_band;
  double half_low;
} Voice;

/// The same in every frame
typedef struct {
  double g_above[VOICE_MAX_FRAMES];
  double g_below[VOICE_MAX_FRAMES];
  double k[VOICE_MAX_FRAMES];
  double lean[VOICE_MAX_FRAMES];
  double scale[VOICE_MAX_FRAMES];
  double dry[VOICE_MAX_FRAMES];
  double half_band[VOICE_MAX_FRAMES];
  double half_low[VOICE_MAX_FRAMES];
} Voices;

/// A section that leaves its input as it is
static const Voice voice_transparent = {1.0, 2.0, 0.0, 1.0, 1.0, 0.0, 0.0};

static inline Voice
voices_at(const Voices* const voices, const uint32_t i)
{
  return (Voice){voices->g_above[i] / voices->g_below[i],
                 voices->k[i],
                 voices->lean[i],
                 voices->scale[i],
                 voices->dry[i],
                 voices->half_band[i],
                 voices->half_low[i]};
}

static inline void
voices_set(Voices* const voices, const uint32_t i, const Voice voice)
{
  voices->g_above[i]   = voice.g;
  voices->g_below[i]   = 1.0;
  voices->k[i]         = voice.k;
  voices->lean[i]      = voice.lean;
  voices->scale[i]     = voice.scale;
  voices->dry[i]       = voice.dry;
  voices->half_band[i] = voice.half_band;
  voices->half_low[i]  = voice.half_low;
}

/// Make frame `to` what frame `from` is
static inline void
voices_copy(Voices* const voices, const uint32_t from, const uint32_t to)
{
  voices->g_above[to]   = voices->g_above[from];
  voices->g_below[to]   = voices->g_below[from];
  voices->k[to]         = voices->k[from];
  voices->lean[to]      = voices->lean[from];
  voices->scale[to]     = voices->scale[from];
  voices->dry[to]       = voices->dry[from];
  voices->half_band[to] = voices->half_band[from];
  voices->half_low[to]  = voices->half_low[from];
}

/// The same in four frames, but for scale and output
typedef struct {
  QuadQuotient g;
  Quad         k;
  Quad         lean;
} VoiceQuad;

/// Write the coefficients of frames `i` to `i` + 3, but for scale and output
static inline void
voice_solve(const VoiceQuad* const voice, SvfFrames* const coefs, const uint32_t i)
{
  const Quad above = voice->g.above;
  const Quad below = voice->g.below;
  const Quad damp  = voice->k * below;
  const Quad part  = (above + above) / (below * below + above * (above + damp));
  const Quad lean  = voice->lean;

  quad_write(coefs->damp_band + i, part * (above + damp * (1.0 - lean)));
  quad_write(coefs->damp_low + i, part * (above + damp * lean));
  quad_write(coefs->cross + i, part * below);
}

#endif // VOICE_H
