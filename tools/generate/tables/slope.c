// SPDX-License-Identifier: ISC

#include "tables/slope.h"

#include "tables/kernel.h"
#include "tables/solve.h"

#include <math.h>
#include <stddef.h>

enum {
  MAX_PAIRS     = 8,
  MAX_UNKNOWNS  = 2 * MAX_PAIRS + 1,
  N_FREQUENCIES = 400, ///< Where a slope is fitted
  N_STEPS       = 200  ///< Of Levenberg's and Marquardt's method, more than it needs
};

/**
   A filter of real poles and zeros whose gain follows a target, for any sample rate.

   An angle is 2 pi times the frequency over the sample rate.
*/
typedef struct {
  const char* name;
  int         n_pairs;
  double      lowest;  ///< Angle where the fit begins
  double      highest; ///< Angle where it ends, and all is lower from there to pi
  double (*target)(double angle); ///< ln of the power gain
} Slope;

/**
   The logarithm of a filter's power gain, as what is to be fitted:

     u_0 + sum ln(x + exp(2 u_zero)) - ln(x + exp(2 u_pole)),   x = tan^2(angle / 2)

   A pole or zero is at (1 - exp(u)) / (1 + exp(u)) in the z plane.
*/
typedef struct {
  int    n_pairs;
  double u[MAX_UNKNOWNS]; ///< The level, then poles and zeros in turns
} Cascade;

/// 3 dB down with each octave
static double
falls_by_3_db(const double angle)
{
  return -log(angle);
}

/// Error of the difference of two frames, for a slope of 6 dB an octave
static double
loses_as_differences_do(const double angle)
{
  return 2.0 * log(2.0 * sin(0.5 * angle) / angle);
}

/// From 20 Hz at 768 kHz up to 20 kHz at 44.1 kHz
static const Slope slopes[] = {{"noise_pink", 8, 1.6e-4, 2.86, falls_by_3_db},
                               {"noise_edge", 2, 0.1, 2.86, loses_as_differences_do}};

/// Return the logarithm of the power gain, and write its derivatives
static double
cascade_gain(const Cascade* const self,
             const double         angle,
             double               derivative[MAX_UNKNOWNS])
{
  const double x   = pow(tan(0.5 * angle), 2.0);
  double       sum = self->u[0];
  derivative[0]    = 1.0;
  for (int i = 1; i <= 2 * self->n_pairs; ++i) {
    const double sign   = i % 2 ? -1.0 : 1.0;
    const double square = exp(2.0 * self->u[i]);
    sum += sign * log(x + square);
    derivative[i] = sign * 2.0 * square / (x + square);
  }
  return sum;
}

/// Return one of the angles of a fit, which are closer to each other at both ends
static double
fit_angle(const Slope* const slope, const int index)
{
  const double low   = log(tan(0.5 * slope->lowest));
  const double high  = log(tan(0.5 * slope->highest));
  const double place = 0.5 - 0.5 * cos(PI * (index + 0.5) / N_FREQUENCIES);

  return 2.0 * atan(exp(low + place * (high - low)));
}

/// Return the sum of squared errors
static double
misfit(const Slope* const slope, const Cascade* const cascade)
{
  double sum = 0.0;
  for (int f = 0; f < N_FREQUENCIES; ++f) {
    double       derivative[MAX_UNKNOWNS];
    const double angle = fit_angle(slope, f);
    sum += pow(slope->target(angle) - cascade_gain(cascade, angle, derivative), 2.0);
  }
  return sum;
}

/// Return the cascade that is a step nearer to the slope, the shorter the more damped
static Cascade
step(const Slope* const slope, const Cascade* const from, const double damping)
{
  const int n                                   = 2 * from->n_pairs + 1;
  double    matrix[MAX_UNKNOWNS * MAX_UNKNOWNS] = {0.0};
  double    vector[MAX_UNKNOWNS]                = {0.0};
  for (int f = 0; f < N_FREQUENCIES; ++f) {
    double       derivative[MAX_UNKNOWNS];
    const double angle = fit_angle(slope, f);
    const double error = slope->target(angle) - cascade_gain(from, angle, derivative);
    for (int row = 0; row < n; ++row) {
      vector[row] += derivative[row] * error;
      for (int column = 0; column < n; ++column) {
        matrix[row * n + column] += derivative[row] * derivative[column];
      }
    }
  }

  Cascade to = *from;
  for (int i = 0; i < n; ++i) {
    matrix[i * n + i] *= 1.0 + damping;
  }
  solve(n, matrix, vector);
  for (int i = 0; i < n; ++i) {
    to.u[i] += vector[i];
  }
  return to;
}

/// Fit a cascade, from one whose poles and zeros are evenly spread
static Cascade
fit_slope(const Slope* const slope)
{
  const double low  = log(tan(0.5 * slope->lowest));
  const double high = log(tan(0.5 * slope->highest));
  Cascade      best = {slope->n_pairs, {0.0}};
  for (int i = 1; i <= 2 * slope->n_pairs; ++i) {
    best.u[i] = low + (high - low) * (i - 0.5) / (2.0 * slope->n_pairs);
  }

  double damping = 1e-3;
  for (int s = 0; s < N_STEPS; ++s) {
    const Cascade next = step(slope, &best, damping);
    if (misfit(slope, &next) < misfit(slope, &best)) {
      best = next;
      damping *= 0.3;
    } else {
      damping *= 4.0;
    }
  }
  return best;
}

/// Write the poles, or the zeros
static void
write_roots(FILE* const          out,
            const Slope* const   slope,
            const Cascade* const cascade,
            const char* const    what,
            const int            first)
{
  fprintf(
    out, "\nstatic const double %s_%s[%d] = {", slope->name, what, slope->n_pairs);
  for (int i = first; i <= 2 * slope->n_pairs; i += 2) {
    fprintf(out, "%s%.17g", i == first ? "\n  " : ",\n  ", -tanh(0.5 * cascade->u[i]));
  }
  fprintf(out, "};\n");
}

void
write_slopes(FILE* const out)
{
  fprintf(out,
          "// Generated by tables: change tools/generate/tables/slope.c "
          "instead\n\n#pragma once\n");
  for (size_t i = 0; i < sizeof(slopes) / sizeof(slopes[0]); ++i) {
    const Cascade cascade = fit_slope(&slopes[i]);
    write_roots(out, &slopes[i], &cascade, "poles", 1);
    write_roots(out, &slopes[i], &cascade, "zeros", 2);
  }
}
