// SPDX-License-Identifier: ISC

#include "delay/wobble.h"

#include <math.h>

#define MAX_CYCLES 0.25 ///< Most cycles in a frame

void
wobble_init(Wobble* const self, const double sample_rate)
{
  *self = (Wobble){.sample_rate = sample_rate};
}

void
wobble_reset(Wobble* const self)
{
  self->phase = 0;
}

void
wobble_set_freq(Wobble* const self, const double freq_hz)
{
  const double cycles = fmin(freq_hz / self->sample_rate, MAX_CYCLES);

  self->step = (uint64_t)(cycles * 0x1p64);
}

/// Return sin 2 pi p of a phase in 2^-64 cycles
static inline double
sine(const uint64_t phase)
{
  const double p      = (double)(int32_t)(phase >> 32U) * 0x1p-32; // -1/2 to 1/2
  const double size   = p < 0.0 ? -p : p;
  const double folded = size > 0.25 ? 0.5 - size : size;
  const double x      = 6.283185307179586 * folded;
  const double square = x * x;
  const double value =
    x * (1.0 +
         square * (-1.0 / 6.0 + square * (1.0 / 120.0 + square * (-1.0 / 5040.0 +
                                                                  square / 362880.0))));

  return p < 0.0 ? -value : value;
}

void
wobble_write(const Wobble* const self,
             const double        offset_cycles,
             double* const       out,
             const uint32_t      n_frames)
{
  const uint64_t offset = (uint64_t)(offset_cycles * 0x1p64);
  for (uint32_t i = 0; i < n_frames; ++i) {
    out[i] = sine(self->phase + offset + i * self->step);
  }
}

void
wobble_pass(Wobble* const self, const uint32_t n_frames)
{
  self->phase += n_frames * self->step;
}
