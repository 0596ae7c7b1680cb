// SPDX-License-Identifier: ISC

#include "signal/fill.h"

#include <string.h>

#if defined(__AVX2__)
#  define LANES 8
#else
#  define LANES 4
#endif

#define TURN_FRAMES (8 * LANES) ///< Frames in one turn of the loop

typedef int32_t Lanes __attribute__((vector_size(4 * LANES)));

static inline void
write_lanes(float* const out, const Lanes bits)
{
  memcpy(out, &bits, sizeof(bits));
}

void
fill_frames(float* const out, const float value, const uint32_t n_frames)
{
  if (n_frames < (uint32_t)LANES) {
    for (uint32_t i = 0; i < n_frames; ++i) {
      out[i] = value;
    }
    return;
  }

  int32_t bits = 0;
  memcpy(&bits, &value, sizeof(bits));

  const Lanes  lanes = bits | (Lanes){0}; // As integers, for which -0 is no 0
  float* const last  = out + n_frames - LANES;
  float*       at    = out;
  for (; last - at >= TURN_FRAMES - LANES; at += TURN_FRAMES) {
#pragma GCC unroll 8
    for (int v = 0; v < TURN_FRAMES; v += LANES) {
      write_lanes(at + v, lanes);
    }
  }
  for (; at < last; at += LANES) {
    write_lanes(at, lanes);
  }
  write_lanes(last, lanes); // Some of them again
}
