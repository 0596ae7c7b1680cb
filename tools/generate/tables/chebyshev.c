// SPDX-License-Identifier: ISC

#include "tables/chebyshev.h"

#include <string.h>

void
chebyshev(const int degree, double coef[N_COEFS])
{
  double before[N_COEFS] = {0.0};
  double now[N_COEFS]    = {1.0};
  for (int d = 0; d < degree; ++d) {
    for (int c = N_COEFS - 1; c >= 0; --c) {
      const double next = (d ? 4.0 : 2.0) * (c ? now[c - 1] : 0.0) - before[c];
      before[c]         = next;
    }
    for (int c = 0; c < N_COEFS; ++c) {
      const double next = before[c];
      before[c]         = now[c];
      now[c]            = next;
    }
  }
  memcpy(coef, now, sizeof(now));
}
