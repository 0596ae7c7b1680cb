// SPDX-License-Identifier: ISC

#include "delay/wobble.h"

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

/// Return the phase of a frame
static inline uint64_t
step(const Wobble* const self, const float freq_hz)
{
  const double cycles = (double)freq_hz / self->sample_rate;
  const double below  = cycles < MAX_CYCLES ? cycles : MAX_CYCLES;

  return (uint64_t)(int64_t)((below > -MAX_CYCLES ? below : -MAX_CYCLES) * 0x1p64);
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
             const float* const  freq_hz,
             const double        offset_cycles,
             double* const       out,
             const uint32_t      n_frames)
{
  uint64_t phase = self->phase + (uint64_t)(offset_cycles * 0x1p64);
  for (uint32_t i = 0; i < n_frames; ++i) {
    out[i] = sine(phase);
    phase += step(self, freq_hz[i]);
  }
}

void
wobble_pass(Wobble* const self, const Signal freq_hz, const uint32_t n_frames)
{
  if (freq_hz.is_constant) {
    self->phase += n_frames * step(self, freq_hz.frame[0]);
    return;
  }

  for (uint32_t i = 0; i < n_frames; ++i) {
    self->phase += step(self, freq_hz.frame[i]);
  }
}
