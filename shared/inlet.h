// SPDX-License-Identifier: ISC
/**
   What is to know of a signal from outside before it is computed with.

   Clean is what is finite and within +-INLET_LIMIT.  Still is what has the same bits in
   all frames, so that 0 and -0 differ, and nothing is still that denormals move in.
*/

#ifndef INLET_H
#define INLET_H

#include <stdbool.h>
#include <stdint.h>

#define INLET_LIMIT 1e6f ///< No clean signal is larger than this

typedef struct {
  bool is_clean;
  bool is_still;
} Inlet;

/// Look at one or more frames, in the fewest passes: one if they are still
Inlet
inlet_look(const float* in, uint32_t n_frames);

/// Write what is clean of `in`: 0 for what is not finite, the limit beyond it
void
inlet_clean(const float* in, float* out, uint32_t n_frames);

#endif // INLET_H
