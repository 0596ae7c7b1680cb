// SPDX-License-Identifier: ISC
/**
   The numbers that are computed once, when Chronus is built.

   tables blep OUT.h       what a band-limited edge adds to a naive waveform
   tables halfband OUT.h   filters that double or halve the sample rate

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

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PI 3.14159265358979323846

enum {
  N_ORDERS = 6, ///< Of residuals
  N_COEFS  = 8, ///< Of each polynomial
  N_NODES  = 24 ///< Where a polynomial is fitted
};

typedef struct {
  const char* name;   ///< Of the table
  const char* prefix; ///< Of its constants
  int         n_taps; ///< Even
  double      beta;   ///< Shape of the window: how far down the stop band is
  double      cutoff; ///< Middle of the transition band in cycles per frame
} Kernel;

/// Each is flat to 0.01 dB and free of aliases up to 19.5 kHz, at its lowest rate
static const Kernel kernels[] = {
  {"blep_short", "BLEP_SHORT", 40, 11.0, 0.49}, // From 48 kHz up
  {"blep_long", "BLEP_LONG", 64, 11.0, 0.495}}; // From 44.1 kHz up

// ---- The pulse

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

/// Return h(t) but for its scale, where `t` is in frames from the middle
static double
pulse(const Kernel* const kernel, const double t)
{
  const double edge   = 2.0 * t / kernel->n_taps;
  const double inside = fmax(0.0, 1.0 - edge * edge);
  const double angle  = 2.0 * PI * kernel->cutoff * t;
  const double sinc   = angle == 0.0 ? 1.0 : sin(angle) / angle;

  return sinc * bessel_i0(kernel->beta * sqrt(inside));
}

// ---- Its integrals

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

/// Write the polynomial in x = -1/2..1/2 for T_degree(2x) to `coef`
static void
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
write_kernel(FILE* const out, const Kernel* const kernel)
{
  fprintf(out,
          "\nenum { %s_TAPS = %d };\n\n"
          "static const float %s[BLEP_N_ORDERS][BLEP_N_COEFS][%d] = {\n",
          kernel->prefix,
          kernel->n_taps,
          kernel->name,
          kernel->n_taps / 2);
  for (int order = 0; order < N_ORDERS; ++order) {
    write_order(out, kernel, order);
  }
  fprintf(out, "};\n");
}

static void
write_blep(FILE* const out)
{
  fprintf(out,
          "// Generated by tables: change tools/tables.c instead\n\n"
          "#pragma once\n\n"
          "/// Residuals by order; of each tap up to the middle, a polynomial\n"
          "enum { BLEP_N_ORDERS = %d, BLEP_N_COEFS = %d };\n",
          N_ORDERS,
          N_COEFS);
  for (size_t k = 0; k < sizeof(kernels) / sizeof(kernels[0]); ++k) {
    write_kernel(out, &kernels[k]);
  }
}

// ---- Half-band filters

/**
   A low pass at a quarter of the sample rate: of its taps, every second one is 0 but
   for the middle, which is 1/2.  Written are those that are not, from the middle on.
*/
typedef struct {
  const char* name;
  int         n_pairs; ///< Of taps beside the middle
} HalfBand;

#define HALF_BAND_BETA 10.06 ///< 100 dB in the stop band

static const HalfBand half_bands[] = {
  {"outer", 20}, ///< From 20 kHz to 28 kHz, where the upper rate is 96 kHz
  {"inner", 6}}; ///< From 20 kHz to 76 kHz, where it is 192 kHz

static void
write_half_band(FILE* const out, const HalfBand* const half_band)
{
  const Kernel kernel = {NULL, NULL, 4 * half_band->n_pairs, HALF_BAND_BETA, 0.25};

  double taps[64];
  double sum = 0.0;
  for (int i = 0; i < half_band->n_pairs; ++i) {
    taps[i] = pulse(&kernel, 2 * i + 1);
    sum += taps[i];
  }

  fprintf(out,
          "\nstatic const float half_band_%s[%d] = {",
          half_band->name,
          half_band->n_pairs);
  for (int i = 0; i < half_band->n_pairs; ++i) {
    // All taps sum to 1, so those on one side of the middle sum to 1/4
    fprintf(out, "%s%.9ef", i % 5 ? ", " : i ? ",\n  " : "\n  ", 0.25 * taps[i] / sum);
  }
  fprintf(out, "};\n");
}

static void
write_half_bands(FILE* const out)
{
  fprintf(out,
          "// Generated by tables: change tools/tables.c instead\n\n#pragma once\n");
  for (size_t i = 0; i < sizeof(half_bands) / sizeof(half_bands[0]); ++i) {
    write_half_band(out, &half_bands[i]);
  }
}

// ---- Command line

typedef struct {
  const char* name;
  void (*write)(FILE* out);
} Command;

static const Command commands[] = {{"blep", write_blep},
                                   {"halfband", write_half_bands}};

static const Command*
find_command(const char* const name)
{
  for (size_t c = 0; c < sizeof(commands) / sizeof(commands[0]); ++c) {
    if (!strcmp(commands[c].name, name)) {
      return &commands[c];
    }
  }

  return NULL;
}

int
main(const int argc, char** const argv)
{
  const Command* const command = argc == 3 ? find_command(argv[1]) : NULL;
  if (!command) {
    fprintf(stderr, "usage: tables blep|halfband OUT.h\n");
    return 1;
  }

  FILE* const out = fopen(argv[2], "w");
  if (!out) {
    fprintf(stderr, "tables: %s: %s\n", argv[2], strerror(errno));
    return 1;
  }

  command->write(out);
  return fclose(out) ? 1 : 0;
}
