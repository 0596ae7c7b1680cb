// SPDX-License-Identifier: ISC
/**
   Residuals of band-limited edges.

   A naive edge is the integral of a pulse of no width.  A band-limited one is the
   integral of h(t), a sinc under a Kaiser window of `n_taps` frames.  Both agree
   outside the window, and their difference within is the residual:

     r_0(t) = H_0(t) - [t > 0]            of a step         H_0 = integral of h
     r_1(t) = H_1(t) - [t > 0] t          of a corner       H_1 = integral of H_0
     r_2(t) = H_2(t) - [t > 0] t^2 / 2    of a bend         ...

   As h is even, r_0, r_2, ... are odd and r_1, r_3, ... even: half of each will do.
   It is cut into pieces of one frame, which are the taps, and each piece is written as
   a polynomial in x, the place within the frame, from -1/2 to 1/2.
*/

#include "tables/blep.h"

#include "tables/chebyshev.h"
#include "tables/kernel.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

enum {
  N_ORDERS = 6, ///< Of residuals
  N_NODES  = 24 ///< Where a polynomial is fitted
};

typedef struct {
  const char* name;   ///< Of the table
  const char* prefix; ///< Of its constants
  Kernel      kernel;
} Table;

/// Each is flat to 0.01 dB and free of aliases up to 19.5 kHz, at its lowest rate
static const Table tables[] = {
  {"blep_short", "BLEP_SHORT", {40, 11.0, 0.49}}, // From 48 kHz up
  {"blep_long", "BLEP_LONG", {64, 11.0, 0.495}}}; // From 44.1 kHz up

// ---- Integrals of the pulse

/// Return the integral of (end - t)^power h(t) from `start` to `stop`, by Gauss
static double
moment_between(const Kernel* const kernel,
               const double        end,
               const int           power,
               const double        start,
               const double        stop)
{
  static const double node[] = {
    0.1834346424956498, 0.5255324099163290, 0.7966664774136267, 0.9602898564975363};
  static const double weight[] = {
    0.3626837833783620, 0.3137066458778873, 0.2223810344533745, 0.1012285362903763};

  const double middle = 0.5 * (start + stop);
  const double radius = 0.5 * (stop - start);
  double       sum    = 0.0;
  for (int i = 0; i < 8; ++i) {
    const double t = middle + (i & 1 ? radius : -radius) * node[i / 2];
    sum += weight[i / 2] * pow(end - t, power) * pulse(kernel, t);
  }
  return sum * radius;
}

/// Return the integral of (end - t)^power h(t) from the window's start to `stop`
static double
moment(const Kernel* const kernel, const double end, const int power, const double stop)
{
  double start = -0.5 * kernel->n_taps;
  double sum   = 0.0;
  for (; start + 1.0 <= stop; start += 1.0) {
    sum += moment_between(kernel, end, power, start, start + 1.0);
  }

  return sum + moment_between(kernel, end, power, start, stop);
}

/// Return H_order(t) for t <= 0, by Cauchy's formula for repeated integration
static double
integral(const Kernel* const kernel, const int order, const double t)
{
  const double whole = 2.0 * moment(kernel, 0.0, 0, 0.0);

  return moment(kernel, t, order, t) / (tgamma(order + 1.0) * whole);
}

/**
   Return the residual r_order(t) for t <= 0.

   From order 2 up, the integrals of h end in its variance and higher moments instead
   of 0.  To mend that, h gets enough of its own second and fourth derivatives to make
   these moments 0.
*/
static double
residual(const Kernel* const kernel, const int order, const double t)
{
  const double whole    = 2.0 * moment(kernel, 0.0, 0, 0.0);
  const double variance = 2.0 * moment(kernel, 0.0, 2, 0.0) / whole;
  const double fourth   = 2.0 * moment(kernel, 0.0, 4, 0.0) / whole;

  double sum = integral(kernel, order, t);
  if (order >= 2) {
    sum -= variance / 2.0 * integral(kernel, order - 2, t);
  }
  if (order >= 4) {
    sum += (6.0 * variance * variance - fourth) / 24.0 * integral(kernel, order - 4, t);
  }
  return sum;
}

// ---- Polynomials

/// Fit a polynomial to the residual in the frame that is `tap`
static void
fit(const Kernel* const kernel, const int order, const int tap, double coef[N_COEFS])
{
  double weight[N_COEFS] = {0.0};
  for (int n = 0; n < N_NODES; ++n) {
    const double angle = PI * (n + 0.5) / N_NODES;
    const double t     = tap + 0.5 - 0.5 * kernel->n_taps + 0.5 * cos(angle);
    const double value = residual(kernel, order, t);
    for (int d = 0; d < N_COEFS; ++d) {
      weight[d] += (d ? 2.0 : 1.0) / N_NODES * value * cos(d * angle);
    }
  }

  memset(coef, 0, N_COEFS * sizeof(double));
  for (int d = 0; d < N_COEFS; ++d) {
    double term[N_COEFS];
    chebyshev(d, term);
    for (int c = 0; c < N_COEFS; ++c) {
      coef[c] += weight[d] * term[c];
    }
  }
}

// ---- Output

static void
write_order(FILE* const out, const Kernel* const kernel, const int order)
{
  const int n_pairs = kernel->n_taps / 2;
  double    coef[64][N_COEFS];
  for (int tap = 0; tap < n_pairs; ++tap) {
    fit(kernel, order, tap, coef[tap]);
  }

  fprintf(out, "  {\n");
  for (int c = 0; c < N_COEFS; ++c) {
    fprintf(out, "    {");
    for (int tap = 0; tap < n_pairs; ++tap) {
      fprintf(out, "%s%.9ef", tap % 5 ? ", " : tap ? ",\n     " : "", coef[tap][c]);
    }
    fprintf(out, "},\n");
  }
  fprintf(out, "  },\n");
}

static void
write_table(FILE* const out, const Table* const table)
{
  const Kernel* const kernel = &table->kernel;

  fprintf(out,
          "\nenum { %s_TAPS = %d };\n\n"
          "static const float %s[BLEP_N_ORDERS][BLEP_N_COEFS][%d] = {\n",
          table->prefix,
          kernel->n_taps,
          table->name,
          kernel->n_taps / 2);
  for (int order = 0; order < N_ORDERS; ++order) {
    write_order(out, kernel, order);
  }
  fprintf(out, "};\n");
}

void
write_blep(FILE* const out)
{
  fprintf(out,
          "// Generated by tables: change tools/generate/tables/blep.c instead\n\n"
          "#pragma once\n\n"
          "/// Residuals by order; of each tap up to the middle, a polynomial\n"
          "enum { BLEP_N_ORDERS = %d, BLEP_N_COEFS = %d };\n",
          N_ORDERS,
          N_COEFS);
  for (size_t k = 0; k < sizeof(tables) / sizeof(tables[0]); ++k) {
    write_table(out, &tables[k]);
  }
}
