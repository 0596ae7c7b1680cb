// SPDX-License-Identifier: ISC
/**
   A soft clipper without audible aliases.

   f(u) = (35 u - 35 u^3 + 21 u^5 - 5 u^7) / 16 for u = 16/35 x up to |u| = 1, and +-1
   beyond: slope 1 at 0, and so smooth where it meets the ceiling (three derivatives are
   0 there) that its harmonics soon get faint.  What is left of them beyond four times
   the sample rate, at which it runs, is too little to hear when it comes back down.

   All that delays by SOFT_CLIP_LATENCY frames.
*/

#ifndef SOFT_CLIP_H
#define SOFT_CLIP_H

#include "shaper/halfband.h"
#include "signal/knob.h"

#include <stdbool.h>
#include <stdint.h>

#define SOFT_CLIP_LATENCY 44.5         ///< In frames
#define SOFT_CLIP_KNEE (35.0f / 16.0f) ///< From here on, the output is 1
#define SOFT_CLIP_SETTLE_FRAMES 96U    ///< Those before have no more influence

typedef struct {
  HalfbandUp   up[2];
  HalfbandDown down[2];
  bool         runs;       ///< Whether soft_clip_blend() does
  uint32_t     n_settling; ///< Frames to wait until what comes out is whole
} SoftClip;

/// Forget all input
void
soft_clip_reset(SoftClip* self);

/// Clip `in` to +-1 (peaks between frames may come out a little higher)
void
soft_clip_process(SoftClip* self, const float* in, float* out, uint32_t n_frames);

/**
   Clip `signal` in its place as far as `share` says, and move on that knob.

   At 0 it leaves the signal as it is, and costs nothing; at 1, what is clipped is all.
   The knob leaves 0 with a delay of SOFT_CLIP_SETTLE_FRAMES, so that it fades in what
   sounds as if the clipper had always run.
*/
void
soft_clip_blend(SoftClip* self, Knob* share, float* signal, uint32_t n_frames);

#endif // SOFT_CLIP_H
