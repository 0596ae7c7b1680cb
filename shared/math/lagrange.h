// SPDX-License-Identifier: ISC
/**
   Course of a signal between two frames: the polynomial through the eight around.

     frame   0    1    2    3    4    5    6    7
                            |----|               x is the time here, from 0 to 1

   Lagrange's formula.  For a signal well below the sample rate, it gives values and
   times between frames orders of magnitude better than a straight line does.
*/

#ifndef LAGRANGE_H
#define LAGRANGE_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#define LAGRANGE_N_FRAMES 8U
#define LAGRANGE_START 3U ///< The frame at time 0
#define LAGRANGE_END 4U   ///< The frame at time 1

typedef struct {
  double c[LAGRANGE_N_FRAMES]; ///< Factors of 1, x, x^2, ...
} Lagrange8;

/// Go through the values of eight frames
static inline void
lagrange_set_through(Lagrange8* const self, const double y[LAGRANGE_N_FRAMES])
{
  // Even and odd parts of the first seven, which are around frame 3
  const double even_1 = 0.5 * (y[4] + y[2]) - y[3];
  const double even_2 = 0.5 * (y[5] + y[1]) - y[3];
  const double even_3 = 0.5 * (y[6] + y[0]) - y[3];
  const double odd_1  = 0.5 * (y[4] - y[2]);
  const double odd_2  = 0.5 * (y[5] - y[1]);
  const double odd_3  = 0.5 * (y[6] - y[0]);

  const double c1 = (45.0 * odd_1 - 9.0 * odd_2 + odd_3) * (1.0 / 30.0);
  const double c2 = (270.0 * even_1 - 27.0 * even_2 + 2.0 * even_3) * (1.0 / 180.0);
  const double c3 = (-13.0 * odd_1 + 8.0 * odd_2 - odd_3) * (1.0 / 24.0);
  const double c4 = (-39.0 * even_1 + 12.0 * even_2 - even_3) * (1.0 / 72.0);
  const double c5 = (5.0 * odd_1 - 4.0 * odd_2 + odd_3) * (1.0 / 120.0);
  const double c6 = (15.0 * even_1 - 6.0 * even_2 + even_3) * (1.0 / 360.0);

  // How far their curve is from the eighth, at x = 4
  const double even = y[3] + 16.0 * (c2 + 16.0 * (c4 + 16.0 * c6));
  const double odd  = 4.0 * (c1 + 16.0 * (c3 + 16.0 * c5));
  const double c7   = (y[7] - (even + odd)) * (1.0 / 5040.0);

  // Polynomial that is 0 at the first seven: (x^2 - 9) (x^2 - 4) (x^2 - 1) x
  self->c[0] = y[3];
  self->c[1] = c1 - 36.0 * c7;
  self->c[2] = c2;
  self->c[3] = c3 + 49.0 * c7;
  self->c[4] = c4;
  self->c[5] = c5 - 14.0 * c7;
  self->c[6] = c6;
  self->c[7] = c7;
}

static inline double
lagrange_value(const Lagrange8* const self, const double x)
{
  const double* const c      = self->c;
  const double        square = x * x;
  const double        fourth = square * square;

  return ((c[0] + c[1] * x) + square * (c[2] + c[3] * x)) +
         fourth * ((c[4] + c[5] * x) + square * (c[6] + c[7] * x));
}

/// Return the first derivative, per frame
static inline double
lagrange_slope(const Lagrange8* const self, const double x)
{
  const double* const c      = self->c;
  const double        square = x * x;
  const double        fourth = square * square;

  return ((c[1] + 2.0 * c[2] * x) + square * (3.0 * c[3] + 4.0 * c[4] * x)) +
         fourth * ((5.0 * c[5] + 6.0 * c[6] * x) + square * (7.0 * c[7]));
}

/// Return the second derivative
static inline double
lagrange_d2(const Lagrange8* const self, const double x)
{
  const double* const c      = self->c;
  const double        square = x * x;

  return (2.0 * c[2] + 6.0 * c[3] * x) +
         square *
           ((12.0 * c[4] + 20.0 * c[5] * x) + square * (30.0 * c[6] + 42.0 * c[7] * x));
}

/// Return the third derivative
static inline double
lagrange_d3(const Lagrange8* const self, const double x)
{
  const double* const c = self->c;

  return 6.0 * c[3] +
         x * (24.0 * c[4] + x * (60.0 * c[5] + x * (120.0 * c[6] + x * 210.0 * c[7])));
}

/// Return what Newton's method makes of the time `x` of a level
static inline double
lagrange_newton(const Lagrange8* const self, const double level, const double x)
{
  return x - (lagrange_value(self, x) - level) / lagrange_slope(self, x);
}

/// lagrange_time() where the curve is flat: bisection where Newton goes
/// astray
static inline double
lagrange_flat_time(const Lagrange8* const self,
                   const double           level,
                   const bool             rises,
                   const double           start,
                   const double           end)
{
  double lower = start;
  double upper = end;
  double x     = 0.5 * (start + end);
  double step  = end - start;
  for (uint32_t n = 0; n < 60 && step > 1e-9; ++n) {
    if ((lagrange_value(self, x) > level) == rises) {
      upper = x;
    } else {
      lower = x;
    }

    const double newton    = lagrange_newton(self, level, x);
    const bool   is_within = newton >= lower && newton <= upper;
    const double next      = is_within ? newton : 0.5 * (lower + upper);
    step                   = fabs(next - x);
    x                      = next;
  }

  return x;
}

/**
   Return the time between `start` and `end` when the curve has the value `level`.

   The curve must rise through it (or fall, unless `rises`) just once in that time.
   Newton's method from the time `guess`; each step is about the square of the
   one before it.
*/
static inline double
lagrange_time(const Lagrange8* const self,
              const double           level,
              const bool             rises,
              const double           guess,
              const double           start,
              const double           end)
{
  static const double nearly = 1e-4;

  double       x      = lagrange_newton(self, level, guess);
  const double step   = fabs(x - guess);
  bool         is_met = step < nearly;
  if (!is_met) {
    const double next = lagrange_newton(self, level, x);
    is_met            = fabs(next - x) < nearly;
    x                 = next;
  }

  return is_met && x >= start && x <= end
           ? x
           : lagrange_flat_time(self, level, rises, start, end);
}

/// Return the time from 0 to 1 when the curve turns back, or 1 if it does not
static inline double
lagrange_extremum(const Lagrange8* const self)
{
  const double at_start = lagrange_slope(self, 0.0);
  const double at_end   = lagrange_slope(self, 1.0);
  if (at_start * at_end >= 0.0) {
    return 1.0;
  }

  double x = at_start / (at_start - at_end);
  for (uint32_t n = 0; n < 3; ++n) {
    const double newton = x - lagrange_slope(self, x) / lagrange_d2(self, x);
    x                   = newton >= 0.0 && newton <= 1.0 ? newton : x;
  }
  return x;
}

#endif // LAGRANGE_H
