// SPDX-License-Identifier: ISC

#include "inlet.h"

#include <string.h>

/// Return the bits of a float
static inline int32_t
float_bits(const float value)
{
  int32_t bits = 0;
  memcpy(&bits, &value, sizeof(bits));
  return bits;
}

static bool
is_still(const float* const in, const uint32_t n_frames)
{
  const int32_t first = float_bits(in[0]);
  if (float_bits(in[n_frames - 1U]) != first) {
    return false; // As with nearly all that move
  }

  int32_t changes = 0;
#pragma GCC unroll 16 // Two or four vectors at once
  for (uint32_t i = 0; i < n_frames; ++i) {
    changes |= float_bits(in[i]) ^ first;
  }
  return changes == 0;
}

static bool
is_clean(const float* const in, const uint32_t n_frames)
{
  const int32_t limit = float_bits(INLET_LIMIT);

  // Without its sign, a float's bits order as its value does, with NaN on top
  int32_t n_dirty = 0;
#pragma GCC unroll 16 // Two or four vectors at once
  for (uint32_t i = 0; i < n_frames; ++i) {
    n_dirty |= (float_bits(in[i]) & INT32_MAX) > limit;
  }
  return n_dirty == 0;
}

Inlet
inlet_look(const float* const in, const uint32_t n_frames)
{
  const bool  still = is_still(in, n_frames);
  const Inlet look  = {is_clean(in, still ? 1U : n_frames), still};

  return look;
}

static float
clean_frame(const float value)
{
  static const float largest = 3.402823466e38f;

  if (!(value >= -largest && value <= largest)) {
    return 0.0f;
  }

  return value < -INLET_LIMIT  ? -INLET_LIMIT
         : value > INLET_LIMIT ? INLET_LIMIT
                               : value;
}

void
inlet_clean(const float* const in, float* const out, const uint32_t n_frames)
{
  for (uint32_t i = 0; i < n_frames; ++i) {
    out[i] = clean_frame(in[i]);
  }
}
