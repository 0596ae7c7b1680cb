// SPDX-License-Identifier: ISC
// A plain delay that lines a dry signal up with an oversampled one

#ifndef ALIGN_H
#define ALIGN_H

#include "shaper/oversample.h"

#include <stdint.h>

typedef struct {
  float past[OVERSAMPLE_MAX_LATENCY];
} Align;

/// Forget all input
void
align_reset(Align* self);

/// Write `in` delayed by `latency` frames, up to OVERSAMPLE_MAX_LATENCY; `out` may be
/// `in`
void
align_process(Align*       self,
              uint32_t     latency,
              const float* in,
              float*       out,
              uint32_t     n_frames);

#endif // ALIGN_H
