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
#include <stdbool.h>
#include <stdint.h>

#define CURVE_N_FRAMES 6U

typedef struct {
  double c[CURVE_N_FRAMES]; ///< Factors of 1, x, x^2, ...
} Curve;

/// Return the curve through the values of frames -2 to 3
static inline Curve
curve_through(const double y[CURVE_N_FRAMES])
{
  const double even_1 = 0.5 * (y[3] + y[1]) - y[2];
  const double odd_1  = 0.5 * (y[3] - y[1]);
  const double even_2 = 0.5 * (y[4] + y[0]) - y[2];
  const double odd_2  = 0.5 * (y[4] - y[0]);

  // The curve through the first five, and how far it is from the sixth
  const double c1   = (8.0 * odd_1 - odd_2) * (1.0 / 6.0);
  const double c2   = (16.0 * even_1 - even_2) * (1.0 / 12.0);
  const double c3   = (odd_2 - 2.0 * odd_1) * (1.0 / 6.0);
  const double c4   = (even_2 - 4.0 * even_1) * (1.0 / 12.0);
  const double miss = y[5] - (y[2] + 3.0 * c1 + 9.0 * c2 + 27.0 * c3 + 81.0 * c4);

  // (x + 2) (x + 1) x (x - 1) (x - 2) is 0 at the first five, 120 at the sixth
  const double fifth = miss * (1.0 / 120.0);
  const Curve  curve = {{y[2], c1 + 4.0 * fifth, c2, c3 - 5.0 * fifth, c4, fifth}};
  return curve;
}

static inline double
curve_value(const Curve* const self, const double x)
{
  const double* const c      = self->c;
  const double        square = x * x;

  return (c[0] + c[1] * x) + square * ((c[2] + c[3] * x) + square * (c[4] + c[5] * x));
}

/// Return the first derivative, per frame
static inline double
curve_slope(const Curve* const self, const double x)
{
  const double* const c      = self->c;
  const double        square = x * x;

  return (c[1] + 2.0 * c[2] * x) +
         square * ((3.0 * c[3] + 4.0 * c[4] * x) + square * (5.0 * c[5]));
}

/// Return the second derivative
static inline double
curve_bend(const Curve* const self, const double x)
{
  const double* const c = self->c;

  return (2.0 * c[2] + 6.0 * c[3] * x) + x * x * (12.0 * c[4] + 20.0 * c[5] * x);
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

   The curve must rise through it (or fall, unless `rises`) just once in that time.
   Newton's method from the time `guess`, and bisection where it goes astray.
*/
static inline double
curve_time(const Curve* const self,
           const double       level,
           const bool         rises,
           const double       guess,
           const double       start,
           const double       end)
{
  double lower = start;
  double upper = end;
  double x     = guess;
  for (uint32_t n = 0; n < 16; ++n) {
    const double above = curve_value(self, x) - level;
    if ((above > 0.0) == rises) {
      upper = x;
    } else {
      lower = x;
    }

    const double newton    = x - above / curve_slope(self, x);
    const bool   is_within = newton >= lower && newton <= upper;
    const double last      = x;
    x                      = is_within ? newton : 0.5 * (lower + upper);

    // The next step would be about the square of this one
    if (fabs(x - last) < 1e-4) {
      break;
    }
  }

  return x;
}

/// Return the time from 0 to 1 when the curve turns back, or 1 if it does not
static inline double
curve_turn(const Curve* const self)
{
  const double at_start = curve_slope(self, 0.0);
  const double at_end   = curve_slope(self, 1.0);
  if (at_start * at_end >= 0.0) {
    return 1.0;
  }

  double x = at_start / (at_start - at_end);
  for (uint32_t n = 0; n < 3; ++n) {
    const double newton = x - curve_slope(self, x) / curve_bend(self, x);
    x                   = newton >= 0.0 && newton <= 1.0 ? newton : x;
  }
  return x;
}

#endif // CURVE_H
