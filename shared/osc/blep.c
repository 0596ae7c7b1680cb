// SPDX-License-Identifier: ISC

#include "osc/blep.h"

#include "blep_tables.h"

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>

#define LONG_BELOW_HZ 47000.0

static_assert((int)BLEP_LONG_TAPS <= (int)BLEP_MAX_TAPS, "room for a residual");
static_assert((int)BLEP_MAX_ORDER < (int)BLEP_N_ORDERS, "a table for every order");

uint32_t
blep_taps(const double sample_rate)
{
  return sample_rate < LONG_BELOW_HZ ? BLEP_LONG_TAPS : BLEP_SHORT_TAPS;
}

/**
   Evaluate the taps up to the middle, and from them their mirror images.

   Odd residuals (of even order) change their sign at the middle.
*/
static inline void
add(const size_t       n_pairs,
    const float* const table,
    const bool         is_odd,
    const float        amount,
    const float        x,
    float* const       out)
{
  const float  square   = x * x;
  const float  x_amount = x * amount;
  float* const last     = out + 2 * n_pairs - 1;
  for (size_t tap = 0; tap < n_pairs; ++tap) {
    const float* const c = table + tap;

    float even = c[6 * n_pairs];
    float odd  = c[7 * n_pairs];
    even       = even * square + c[4 * n_pairs];
    odd        = odd * square + c[5 * n_pairs];
    even       = even * square + c[2 * n_pairs];
    odd        = odd * square + c[3 * n_pairs];
    even       = (even * square + c[0]) * amount;
    odd        = (odd * square + c[n_pairs]) * x_amount;
    out[tap] += even + odd;
    *(last - tap) += is_odd ? odd - even : even - odd;
  }
}

void
blep_add(const uint32_t n_taps,
         const uint32_t order,
         const double   amount,
         const double   age,
         float* const   out)
{
  const float a = (float)amount;
  const float x = (float)(age - 0.5);
  if (n_taps == BLEP_SHORT_TAPS) {
    const float* const table = blep_short[order][0];
    if (order % 2U) {
      add(BLEP_SHORT_TAPS / 2, table, false, a, x, out);
    } else {
      add(BLEP_SHORT_TAPS / 2, table, true, a, x, out);
    }
  } else {
    add(BLEP_LONG_TAPS / 2, blep_long[order][0], order % 2U == 0, a, x, out);
  }
}
