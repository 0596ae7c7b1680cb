// SPDX-License-Identifier: ISC
/**
   A soft clipper without harsh aliases.

   f(x) = x - 4/27 x^3 up to |x| = 1.5, and +-1 beyond: slope 1 at 0, slope 0 where it
   meets the ceiling.  Aliases are kept down by antiderivative antialiasing of first
   order (Parker, Zavalishin and Le Bivic, DAFx-16): the output is the mean of f
   between two frames, which delays it by half a frame.
*/

#ifndef SOFT_CLIP_H
#define SOFT_CLIP_H

#include <stdint.h>

typedef struct {
  double last; ///< The input one frame ago
} SoftClip;

void
soft_clip_reset(SoftClip* self);

/// Clip `in` to +-1; `out` may be `in`
void
soft_clip_process(SoftClip* self, const float* in, float* out, uint32_t n_frames);

#endif // SOFT_CLIP_H
