// SPDX-License-Identifier: ISC
/**
   A soft clipper without audible aliases.

   f(x) = x - 4/27 x^3 up to |x| = 1.5, and +-1 beyond: slope 1 at 0, slope 0 where it
   meets the ceiling.  Aliases are kept down twice: it runs at four times the sample
   rate, and there by antiderivative antialiasing of first order (Parker, Zavalishin
   and Le Bivic, DAFx-16), which puts out the mean of f between two frames.

   All that delays by SOFT_CLIP_LATENCY frames.
*/

#ifndef SOFT_CLIP_H
#define SOFT_CLIP_H

#include "halfband.h"
#include "knob.h"

#include <stdbool.h>
#include <stdint.h>

#define SOFT_CLIP_LATENCY 44.625   ///< In frames
#define SOFT_CLIP_MAX_FRAMES 256U  ///< Most frames at once
#define SOFT_CLIP_PAST_FRAMES 256U ///< Frames after which what was before is forgotten

typedef struct {
  bool         runs;
  double       last; ///< The input one frame ago, at the high rate
  HalfbandUp   up[2];
  HalfbandDown down[2];
  uint32_t     oldest;                      ///< Of the past
  float        past[SOFT_CLIP_PAST_FRAMES]; ///< The last frames, round and round
} SoftClip;

void
soft_clip_reset(SoftClip* self);

/// Clip `in` to +-1 (peaks between frames may come out a little higher)
void
soft_clip_process(SoftClip* self, const float* in, float* out, uint32_t n_frames);

/// Put out nothing, but be ready to go on: much cheaper
void
soft_clip_rest(SoftClip* self, const float* in, uint32_t n_frames);

/// Clip `signal` in its place as far as `share` says: 0 leaves it as it is, 1 is all
void
soft_clip_fade(SoftClip* self, const Knob* share, float* signal, uint32_t n_frames);

#endif // SOFT_CLIP_H
