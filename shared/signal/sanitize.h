// SPDX-License-Identifier: ISC
/**
   Properties of a signal from outside, known before it is computed with.

   Clean is what is finite, within +-SANITIZE_LIMIT, and no denormal.  Still is what has
   the same bits in all frames, so that 0 and -0 differ, and nothing is still that
   denormals move in.
*/

#ifndef SANITIZE_H
#define SANITIZE_H

#include <stdbool.h>
#include <stdint.h>

#define SANITIZE_LIMIT 1e6f ///< No clean signal is larger than this

typedef struct {
  bool is_clean;
  bool is_constant;
} SanitizeCheck;

/// Look at one or more frames, in the fewest passes: one if they are still
SanitizeCheck
sanitize_check(const float* in, uint32_t n_frames);

/// Write what is clean of `in`: 0 for denormals and what is not finite, the limit
/// beyond it
void
sanitize_clean(const float* in, float* out, uint32_t n_frames);

#endif // SANITIZE_H
