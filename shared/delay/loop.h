// SPDX-License-Identifier: ISC
/**
   Limiter that keeps a loop around a delay line from growing for ever, and lets it come
   to rest.

   The limiter leaves all up to LOOP_KNEE as it is, and bends to LOOP_CEILING:

     y = x - (x - LOOP_KNEE)^2 / 8   up to x = LOOP_KNEE + 4, and its value there beyond
*/

#ifndef LOOP_H
#define LOOP_H

#include <math.h>
#include <stdint.h>

#define LOOP_KNEE 2.0f
#define LOOP_CEILING 4.0f
#define LOOP_SILENCE 1e-8f ///< -160 dB: what is below is 0

/// Keep everything within LOOP_CEILING
static inline void
loop_limit(float* const x, const uint32_t n_frames)
{
  static const float most = 2.0f * (LOOP_CEILING - LOOP_KNEE);

  for (uint32_t i = 0; i < n_frames; ++i) {
    const float magnitude = fabsf(x[i]);
    const float above     = magnitude > LOOP_KNEE ? magnitude - LOOP_KNEE : 0.0f;
    const float excess    = above < most ? above : most;
    const float inside    = magnitude < LOOP_KNEE ? magnitude : LOOP_KNEE;
    x[i] = copysignf(inside + excess * (1.0f - excess * (0.5f / most)), x[i]);
  }
}

/// Make 0 of what can't be heard, and return the frames since anything was not, up to
/// `n_since`
static inline uint32_t
loop_gate(float* const x, const uint32_t n_since, const uint32_t n_frames)
{
  uint32_t n_off = 0;
  for (uint32_t i = 0; i < n_frames; ++i) {
    x[i] = fabsf(x[i]) < LOOP_SILENCE ? 0.0f : x[i];
    n_off += x[i] == 0.0f;
  }
  if (n_off == n_frames) {
    return n_since;
  }

  uint32_t n = 0;
  while (x[n_frames - 1U - n] == 0.0f) {
    ++n;
  }
  return n < n_since ? n : n_since;
}

#endif // LOOP_H
