// SPDX-License-Identifier: ISC

#include "signal/sanitize.h"

#include <string.h>

#define SMALLEST_NORMAL 0x00800000 ///< Bits of the smallest float that is no denormal

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

/// Return true if all are normal and within the limit: without its sign, a float's bits
/// order as its value does, with NaN on top
static bool
is_normal(const float* const in, const uint32_t n_frames)
{
  // Such that what is below the smallest wraps around to the top
  const uint32_t shift = (uint32_t)INT32_MIN - (uint32_t)SMALLEST_NORMAL;
  const int32_t  limit = (int32_t)((uint32_t)float_bits(SANITIZE_LIMIT) + shift);

  int32_t n_others = 0;
#pragma GCC unroll 16 // Two or four vectors at once
  for (uint32_t i = 0; i < n_frames; ++i) {
    const uint32_t size = (uint32_t)(float_bits(in[i]) & INT32_MAX);
    n_others |= (int32_t)(size + shift) > limit;
  }
  return n_others == 0;
}

static bool
is_clean(const float* const in, const uint32_t n_frames)
{
  if (is_normal(in, n_frames)) {
    return true;
  }

  // There may be a 0 in it
  const int32_t limit   = float_bits(SANITIZE_LIMIT);
  int32_t       n_dirty = 0;
#pragma GCC unroll 16
  for (uint32_t i = 0; i < n_frames; ++i) {
    const int32_t size = float_bits(in[i]) & INT32_MAX;
    n_dirty |= (size > limit) | ((size < SMALLEST_NORMAL) & (size != 0));
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

  // By its bits, for a denormal is 0 to all sums here, but not when it is copied
  const int32_t size = float_bits(value) & INT32_MAX;
  if (!(value >= -largest && value <= largest) ||
      (size < SMALLEST_NORMAL && size != 0)) {
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
