// SPDX-License-Identifier: ISC
/**
   A trial module's core: a delay that holds its line behind its state.

   out[n] = gain[n] * in[n - delay], with 0 before the first frame.
*/

#ifndef TRIAL_H
#define TRIAL_H

#include "signal/signal.h"

#include <stddef.h>
#include <stdint.h>

#define TRIAL_MAX_S 0.01 ///< Longest delay

typedef struct {
  double   sample_rate;
  uint32_t n_line; ///< Frames of the line, which lies behind this
  uint32_t at;     ///< Where the next frame goes
  uint32_t delay;  ///< In frames, 1 to n_line
} Trial;

/// Return the bytes of a Trial with its line
size_t
trial_size(double sample_rate);

/// Set up memory of that size, which is 0
void
trial_init(Trial* self, double sample_rate);

/// Forget all input
void
trial_reset(Trial* self);

/// Delay by up to TRIAL_MAX_S, from the next frame on
void
trial_set_delay(Trial* self, double delay_s);

/// Write up to BLOCK_FRAMES; `out` may be `in`; returns the largest magnitude
float
trial_process(Trial* self, const float* in, Signal gain, float* out, uint32_t n_frames);

#endif // TRIAL_H
