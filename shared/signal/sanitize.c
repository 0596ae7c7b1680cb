// SPDX-License-Identifier: ISC

#include "signal/sanitize.h"

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
is_constant(const float* const in, const uint32_t n_frames)
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
  const int32_t limit = float_bits(SANITIZE_LIMIT);

  // Without its sign, a float's bits order as its value does, with NaN on top
  int32_t n_dirty = 0;
#pragma GCC unroll 16 // Two or four vectors at once
  for (uint32_t i = 0; i < n_frames; ++i) {
    n_dirty |= (float_bits(in[i]) & INT32_MAX) > limit;
  }
  return n_dirty == 0;
}

SanitizeCheck
sanitize_check(const float* const in, const uint32_t n_frames)
{
  const bool          still = is_constant(in, n_frames);
  const SanitizeCheck look  = {is_clean(in, still ? 1U : n_frames), still};

  return look;
}

static float
clean_frame(const float value)
{
  static const float largest = 3.402823466e38f;

  if (!(value >= -largest && value <= largest)) {
    return 0.0f;
  }

  return value < -SANITIZE_LIMIT  ? -SANITIZE_LIMIT
         : value > SANITIZE_LIMIT ? SANITIZE_LIMIT
                                  : value;
}

void
sanitize_clean(const float* const in, float* const out, const uint32_t n_frames)
{
  for (uint32_t i = 0; i < n_frames; ++i) {
    out[i] = clean_frame(in[i]);
  }
}
