// SPDX-License-Identifier: ISC
/**
   The numbers that are computed once, when Chronus is built.

   tables blep OUT.h       what a band-limited edge adds to a naive waveform
   tables halfband OUT.h   filters that double or halve the sample rate
   tables noise OUT.h      filters that give noise its slope
   tables delay OUT.h      filters that delay by a fraction of a frame

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
          "// Generated by tables: change tools/generate/tables.c instead\n\n"
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
  double      beta;    ///< Of the Kaiser window
} HalfBand;

/**
   All pass 20 kHz, and stop what mirrors it at half the upper rate.

   outer and inner stop by 100 dB.  The others are a series from 48 kHz to 768 kHz: its
   filters up stop by 112 dB or more, since a fold amplifies the images they leave; its
   filters down stop by 99 dB or more.
*/
static const HalfBand half_bands[] = {{"outer", 20, 10.06},
                                      {"inner", 6, 10.06},
                                      {"up_96k", 24, 12.5},
                                      {"up_192k", 8, 14.5},
                                      {"up_384k", 5, 11.0},
                                      {"up_768k", 5, 11.5},
                                      {"down_96k", 22, 11.5},
                                      {"down_192k", 7, 12.75},
                                      {"down_384k", 5, 11.0},
                                      {"down_768k", 4, 9.75}};

static void
write_half_band(FILE* const out, const HalfBand* const half_band)
{
  const Kernel kernel = {NULL, NULL, 4 * half_band->n_pairs, half_band->beta, 0.25};

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
  fprintf(
    out,
    "// Generated by tables: change tools/generate/tables.c instead\n\n#pragma once\n");
  for (size_t i = 0; i < sizeof(half_bands) / sizeof(half_bands[0]); ++i) {
    write_half_band(out, &half_bands[i]);
  }
}

// ---- Slopes of noise

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

/// What the difference of two frames is too small by, for a slope of 6 dB an octave
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

/// Solve the symmetric, positive definite `matrix` of n rows x = `vector`, in place
static void
solve(const int n, double* const matrix, double* const vector)
{
  for (int i = 0; i < n; ++i) {
    const double* const pivot = matrix + i * n;
    for (int row = i + 1; row < n; ++row) {
      const double factor = matrix[row * n + i] / pivot[i];
      for (int column = i; column < n; ++column) {
        matrix[row * n + column] -= factor * pivot[column];
      }
      vector[row] -= factor * vector[i];
    }
  }
  for (int i = n - 1; i >= 0; --i) {
    for (int column = i + 1; column < n; ++column) {
      vector[i] -= matrix[i * n + column] * vector[column];
    }
    vector[i] /= matrix[i * n + i];
  }
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

static void
write_slopes(FILE* const out)
{
  fprintf(
    out,
    "// Generated by tables: change tools/generate/tables.c instead\n\n#pragma once\n");
  for (size_t i = 0; i < sizeof(slopes) / sizeof(slopes[0]); ++i) {
    const Cascade cascade = fit_slope(&slopes[i]);
    write_roots(out, &slopes[i], &cascade, "poles", 1);
    write_roots(out, &slopes[i], &cascade, "zeros", 2);
  }
}

// ---- Fractional delays

enum {
  MAX_DELAY_TAPS     = 24,
  N_DELAY_COEFS      = 7,   ///< Of a tap's polynomial: one more adds nothing
  N_DELAY_NODES      = 33,  ///< Fractions of a frame that are designed
  N_DELAY_ANGLES     = 400, ///< Where the error of each is kept small
  N_DELAY_WEIGHTINGS = 25   ///< Rounds of Lawson's method, more than it needs
};

/**
   A filter that delays by a fraction of a frame, each tap a polynomial in it.

   For every fraction, taps that make the largest error of the response up to `edge` as
   small as can be: by least squares, whose weights grow where the error is large.
*/
typedef struct {
  const char* name;
  int         n_taps;
  double      edge; ///< In cycles per frame
} Delay;

/// To 17.5 kHz at 48 kHz within -98 dB, and to 20 kHz at 96 kHz within -119 dB
static const Delay delays[] = {{"delay_taps_24", 24, 17.5 / 48.0},
                               {"delay_taps_12", 12, 20.0 / 96.0}};

static double
delay_angle(const Delay* const delay, const int index)
{
  return 2.0 * PI * delay->edge * index / (N_DELAY_ANGLES - 1);
}

/// Return the magnitude of what a response is off where it should delay by `centre`
static double
delay_error(const Delay* const  delay,
            const double* const taps,
            const double        centre,
            const double        angle)
{
  double real = -1.0;
  double imag = 0.0;
  for (int t = 0; t < delay->n_taps; ++t) {
    real += taps[t] * cos(angle * (t - centre));
    imag += taps[t] * sin(angle * (t - centre));
  }

  return hypot(real, imag);
}

/// Write the taps whose squared errors, weighted, have the smallest sum
static void
fit_delay(const Delay* const  delay,
          const double        centre,
          const double* const weight,
          double* const       taps)
{
  static double matrix[MAX_DELAY_TAPS * MAX_DELAY_TAPS];

  const int n                           = delay->n_taps;
  double    correlation[MAX_DELAY_TAPS] = {0.0};
  memset(taps, 0, (size_t)n * sizeof(double));
  for (int a = 0; a < N_DELAY_ANGLES; ++a) {
    const double angle = delay_angle(delay, a);
    for (int t = 0; t < n; ++t) {
      correlation[t] += weight[a] * cos(angle * t);
      taps[t] += weight[a] * cos(angle * (t - centre));
    }
  }

  for (int row = 0; row < n; ++row) {
    for (int column = 0; column < n; ++column) {
      matrix[row * n + column] = correlation[abs(row - column)];
    }
  }
  solve(n, matrix, taps);
}

/// Write the taps that delay by `centre` with the least maximum of errors
static void
design_delay(const Delay* const delay, const double centre, double* const taps)
{
  double weight[N_DELAY_ANGLES];
  double error[N_DELAY_ANGLES];
  for (int a = 0; a < N_DELAY_ANGLES; ++a) {
    weight[a] = 1.0;
  }

  for (int round = 0; round < N_DELAY_WEIGHTINGS; ++round) {
    double most = 0.0;
    double sum  = 0.0;
    fit_delay(delay, centre, weight, taps);
    for (int a = 0; a < N_DELAY_ANGLES; ++a) {
      error[a] = delay_error(delay, taps, centre, delay_angle(delay, a));
      most     = fmax(most, error[a]);
    }
    for (int a = 0; a < N_DELAY_ANGLES; ++a) {
      weight[a] *= sqrt(error[a] / most + 1e-3);
      sum += weight[a] / N_DELAY_ANGLES;
    }
    for (int a = 0; a < N_DELAY_ANGLES; ++a) {
      weight[a] /= sum;
    }
  }
}

/// Fit a polynomial in the fraction - 1/2 to each tap
static void
fit_taps(const Delay* const delay, double coef[MAX_DELAY_TAPS][N_COEFS])
{
  memset(coef, 0, MAX_DELAY_TAPS * sizeof(coef[0]));
  for (int n = 0; n < N_DELAY_NODES; ++n) {
    double       taps[MAX_DELAY_TAPS];
    const double angle = PI * (n + 0.5) / N_DELAY_NODES;
    design_delay(delay, 0.5 * delay->n_taps - 0.5 + 0.5 * cos(angle), taps);
    for (int d = 0; d < N_DELAY_COEFS; ++d) {
      const double part = (d ? 2.0 : 1.0) / N_DELAY_NODES * cos(d * angle);
      double       term[N_COEFS];
      chebyshev(d, term);
      for (int i = 0; i < delay->n_taps * N_DELAY_COEFS; ++i) {
        coef[i / N_DELAY_COEFS][i % N_DELAY_COEFS] +=
          part * taps[i / N_DELAY_COEFS] * term[i % N_DELAY_COEFS];
      }
    }
  }
}

static void
write_delay(FILE* const out, const Delay* const delay)
{
  double coef[MAX_DELAY_TAPS][N_COEFS];
  fit_taps(delay, coef);

  fprintf(out,
          "\nstatic const float %s[%d][%d] = {\n",
          delay->name,
          N_DELAY_COEFS,
          delay->n_taps);
  for (int c = 0; c < N_DELAY_COEFS; ++c) {
    fprintf(out, "  {");
    for (int t = 0; t < delay->n_taps; ++t) {
      fprintf(out, "%s%.9ef", t % 5 ? ", " : t ? ",\n   " : "", coef[t][c]);
    }
    fprintf(out, "},\n");
  }
  fprintf(out, "};\n");
}

static void
write_delays(FILE* const out)
{
  fprintf(
    out,
    "// Generated by tables: change tools/generate/tables.c instead\n\n#pragma once\n");
  for (size_t i = 0; i < sizeof(delays) / sizeof(delays[0]); ++i) {
    write_delay(out, &delays[i]);
  }
}

// ---- Command line

typedef struct {
  const char* name;
  void (*write)(FILE* out);
} Command;

static const Command commands[] = {{"blep", write_blep},
                                   {"halfband", write_half_bands},
                                   {"noise", write_slopes},
                                   {"delay", write_delays}};

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
    fprintf(stderr, "usage: tables blep|halfband|noise|delay OUT.h\n");
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
