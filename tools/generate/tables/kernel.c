// SPDX-License-Identifier: ISC

#include "tables/kernel.h"

#include <math.h>

/// Return the modified Bessel function of the first kind and order 0
static double
bessel_i0(const double x)
{
  double sum  = 1.0;
  double term = 1.0;
  for (int k = 1; term > 1e-17 * sum; ++k) {
    term *= x * x / (4.0 * k * k);
    sum += term;
  }

  return sum;
}

double
pulse(const Kernel* const kernel, const double t)
{
  const double edge   = 2.0 * t / kernel->n_taps;
  const double inside = fmax(0.0, 1.0 - edge * edge);
  const double angle  = 2.0 * PI * kernel->cutoff * t;
  const double sinc   = angle == 0.0 ? 1.0 : sin(angle) / angle;

  return sinc * bessel_i0(kernel->beta * sqrt(inside));
}
