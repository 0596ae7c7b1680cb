// SPDX-License-Identifier: ISC
/**
   When a gate or trigger input is high: a Schmitt trigger.

   The thresholds serve 10 V, 5 V and 1 V gates alike:

          ______          ______  GATE_ON_V   goes high here and above
         /      \        /
   _____/        \______/         GATE_OFF_V  goes low below here
        ^ rise    ^ fall
*/

#ifndef GATE_H
#define GATE_H

#include "signal/fill.h"

#include <stdbool.h>
#include <stdint.h>

#define GATE_ON_V 0.5f
#define GATE_OFF_V 0.25f
#define GATE_HIGH_V 10.0f   ///< What gate and trigger outputs send
#define TRIGGER_TIME_S 1e-3 ///< How long a trigger stays high

typedef struct {
  bool high;
} Gate;

/// Take the next frame of the input, and return true if the gate rises with it
static inline bool
gate_next(Gate* const self, const float in)
{
  const bool was_high = self->high;

  self->high = in >= (was_high ? GATE_OFF_V : GATE_ON_V);
  return self->high && !was_high;
}

/// Return true if the gate is left as it is by all of `in`
static inline bool
gate_is_steady(const Gate* const self, const float* const in, const uint32_t n_frames)
{
  const float threshold = self->high ? GATE_OFF_V : GATE_ON_V;

  uint32_t n_high = 0;
  for (uint32_t i = 0; i < n_frames; ++i) {
    n_high += in[i] >= threshold;
  }
  return n_high == (self->high ? n_frames : 0);
}

/// Return how many frames at the start of `in` leave the gate as it is
static inline uint32_t
gate_steady_frames(const Gate* const  self,
                   const float* const in,
                   const uint32_t     n_frames)
{
  static const uint32_t n_stride = 32; // Where compilers still use whole vectors

  if (gate_is_steady(self, in, n_frames)) {
    return n_frames;
  }

  uint32_t n = 0;
  while (n + n_stride <= n_frames && gate_is_steady(self, in + n, n_stride)) {
    n += n_stride;
  }
  while (gate_is_steady(self, in + n, 1)) {
    ++n;
  }
  return n;
}

/// Write a gate that is high or low throughout
static inline void
gate_write(float* const out, const bool is_high, const uint32_t n_frames)
{
  fill_frames(out, is_high ? GATE_HIGH_V : 0.0f, n_frames);
}

#endif // GATE_H
