// SPDX-License-Identifier: ISC
/**
   What a signal does between two frames: the polynomial through the six around.

     frame   -2   -1    0    1    2    3
                        |----|             x is the time here, from 0 to 1

   Lagrange's formula.  For a signal well below the sample rate, it tells values and
   times between frames orders of magnitude better than a straight line does.
*/

#ifndef CURVE_H
#define CURVE_H

#include <math.h>
#include <stdint.h>

#define CURVE_N_FRAMES 6U

typedef struct {
  double c[6]; ///< Factors of 1, x, x^2, ...
} Curve;

/// Return the curve through the values of frames -2 to 3
static inline Curve
curve_through(const double y[CURVE_N_FRAMES])
{
  const double even_1 = (y[1] + y[3]) / 2.0;
  const double odd_1  = (y[3] - y[1]) / 2.0;
  const double even_2 = (y[0] + y[4]) / 2.0;
  const double odd_2  = (y[4] - y[0]) / 2.0;

  // The even part and the slope of five frames, and what the sixth adds to them
  const double c2 = (16.0 * (even_1 - y[2]) - (even_2 - y[2])) / 12.0;
  const double c4 = ((even_2 - y[2]) - 4.0 * (even_1 - y[2])) / 12.0;
  const double c1 = (8.0 * odd_1 - odd_2) / 6.0;
  const double c3 = (odd_2 - 2.0 * odd_1) / 6.0;
  const double fifth =
    (y[5] - (y[2] + 3.0 * (c1 + 3.0 * (c2 + 3.0 * (c3 + 3.0 * c4))))) / 120.0;

  // (x + 2) (x + 1) x (x - 1) (x - 2) = x^5 - 5 x^3 + 4 x
  const Curve curve = {{y[2], c1 + 4.0 * fifth, c2, c3 - 5.0 * fifth, c4, fifth}};
  return curve;
}

/// Return the curve that goes straight on from `y` by `slope` a frame
static inline Curve
curve_straight(const double y, const double slope)
{
  const Curve curve = {{y, slope, 0.0, 0.0, 0.0, 0.0}};
  return curve;
}

static inline double
curve_value(const Curve* const self, const double x)
{
  const double* const c = self->c;

  return c[0] + x * (c[1] + x * (c[2] + x * (c[3] + x * (c[4] + x * c[5]))));
}

/// Return the first derivative, per frame
static inline double
curve_slope(const Curve* const self, const double x)
{
  const double* const c = self->c;

  return c[1] + x * (2.0 * c[2] + x * (3.0 * c[3] + x * (4.0 * c[4] + x * 5.0 * c[5])));
}

/// Return the second derivative
static inline double
curve_bend(const Curve* const self, const double x)
{
  const double* const c = self->c;

  return 2.0 * c[2] + x * (6.0 * c[3] + x * (12.0 * c[4] + x * 20.0 * c[5]));
}

/// Return the third derivative
static inline double
curve_twist(const Curve* const self, const double x)
{
  const double* const c = self->c;

  return 6.0 * c[3] + x * (24.0 * c[4] + x * 60.0 * c[5]);
}

/**
   Return the time between `start` and `end` when the curve has the value `level`.

   Newton's method, from the time `guess`, which is returned if it fails.
*/
static inline double
curve_time(const Curve* const self,
           const double       level,
           const double       guess,
           const double       start,
           const double       end)
{
  double x = guess;
  for (uint32_t n = 0; n < 8; ++n) {
    const double step = (curve_value(self, x) - level) / curve_slope(self, x);
    const double next = x - step;
    if (!(fabs(step) <= 1.0)) {
      return guess;
    }

    x = next < start ? start : next > end ? end : next;
    if (fabs(step) < 1e-6) {
      break;
    }
  }

  return x;
}

#endif // CURVE_H
