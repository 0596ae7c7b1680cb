// SPDX-License-Identifier: ISC

#include "blep.h"

#include "blep_tables.h"

#include <assert.h>

#define LONG_BELOW_HZ 47000.0

static_assert((int)BLEP_LONG_TAPS <= (int)BLEP_MAX_TAPS, "room for a residual");
static_assert((int)BLEP_MAX_ORDER < (int)BLEP_N_ORDERS, "a table for every order");

uint32_t
blep_taps(const double sample_rate)
{
  return sample_rate < LONG_BELOW_HZ ? BLEP_LONG_TAPS : BLEP_SHORT_TAPS;
}

/// Evaluate each tap and its mirror image, which differ in the sign of odd powers
static inline void
add(const uint32_t     n_pairs,
    const float* const table,
    const float        amount,
    const float        mirrored,
    const float        x,
    float* const       out)
{
  const float  square = x * x;
  float* const last   = out + 2 * n_pairs - 1;
  for (uint32_t tap = 0; tap < n_pairs; ++tap) {
    const float* const c = table + tap;

    float even = c[6 * n_pairs];
    float odd  = c[7 * n_pairs];
    even       = even * square + c[4 * n_pairs];
    odd        = odd * square + c[5 * n_pairs];
    even       = even * square + c[2 * n_pairs];
    odd        = odd * square + c[3 * n_pairs];
    even       = even * square + c[0];
    odd        = (odd * square + c[n_pairs]) * x;
    out[tap] += amount * (even + odd);
    last[-(int32_t)tap] += mirrored * (even - odd);
  }
}

void
blep_add(const uint32_t n_taps,
         const uint32_t order,
         const double   amount,
         const double   age,
         float* const   out)
{
  const float up       = (float)amount;
  const float mirrored = order & 1U ? up : -up;
  const float x        = (float)(age - 0.5);

  if (n_taps == BLEP_SHORT_TAPS) {
    add(BLEP_SHORT_TAPS / 2, blep_short[order][0], up, mirrored, x, out);
  } else {
    add(BLEP_LONG_TAPS / 2, blep_long[order][0], up, mirrored, x, out);
  }
}
