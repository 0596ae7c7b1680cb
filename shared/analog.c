// SPDX-License-Identifier: ISC

#include "analog.h"

#include "fast_math.h"

#include <math.h>
#include <string.h>

#define PI 3.141592653589793
#define FAR 2.0 ///< Where x = FAR y / (1 + y) sends y far away, and no first root is

/// What R is, as in the header
typedef struct {
  double least_rate;
  double top_cycles; ///< Up to where R is close, in cycles per frame
  double r[6];
  double guess[4];
} Fit;

static const Fit fits[] = {{0.0,
                            20.0 / 44.1,
                            {3.99935749753,
                             -6.30775279983,
                             2.37291267979,
                             -1.91367943091,
                             1.06666719426,
                             -0.14599985463},
                            {3.98738, -3.39261, -1.21413, 0.280802}},
                           {47999.0,
                            20.0 / 48.0,
                            {3.9998856654,
                             -5.77178220278,
                             1.91741785501,
                             -1.77711333045,
                             0.898242460621,
                             -0.104921664544},
                            {3.99573, -3.11626, -1.12711, 0.22964}}};

// ---- Complex numbers, in a form that compilers turn into vector code

typedef struct {
  double re;
  double im;
} Complex;

static inline Complex
complex_of(const double re, const double im)
{
  const Complex z = {re, im};
  return z;
}

static inline Complex
add(const Complex a, const Complex b)
{
  return complex_of(a.re + b.re, a.im + b.im);
}

static inline Complex
subtract(const Complex a, const Complex b)
{
  return complex_of(a.re - b.re, a.im - b.im);
}

static inline Complex
scale(const double a, const Complex b)
{
  return complex_of(a * b.re, a * b.im);
}

static inline Complex
multiply(const Complex a, const Complex b)
{
  return complex_of(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re);
}

static inline Complex
divide(const Complex a, const Complex b)
{
  const double over = 1.0 / (b.re * b.re + b.im * b.im);

  return complex_of((a.re * b.re + a.im * b.im) * over,
                    (a.im * b.re - a.re * b.im) * over);
}

/// Return the square root with a real part of 0 or more
static inline Complex
square_root(const Complex z)
{
  static const double least = 1e-300; // Keeps 0 / 0 away

  const double size  = sqrt(z.re * z.re + z.im * z.im);
  const double large = sqrt(0.5 * (size + fabs(z.re)) + least);
  const double small = 0.5 * fabs(z.im) / large;
  const double im    = z.re >= 0.0 ? small : large;

  return complex_of(z.re >= 0.0 ? large : small, z.im < 0.0 ? -im : im);
}

// ---- Roots

/// The three roots of a cubic polynomial
typedef struct {
  Complex root[ANALOG_SECTIONS];
} Cubic;

/// Return the sum or difference of `a` and `b`, whichever is larger
static inline Complex
larger_sum(const Complex a, const Complex b)
{
  return a.re * b.re + a.im * b.im < 0.0 ? subtract(a, b) : add(a, b);
}

/// Return what a step of Laguerre's method from `x` to a root reaches
static inline Complex
refine(const Complex k[4], const Complex x)
{
  const Complex cubed  = multiply(k[3], x);
  const Complex second = add(k[2], cubed);
  const Complex first  = add(k[1], multiply(second, x));
  const Complex value  = add(k[0], multiply(first, x));
  const Complex bend   = add(second, scale(2.0, cubed)); // Half of the second
  const Complex slope  = add(first, multiply(x, add(second, cubed)));
  const Complex root   = square_root(
    subtract(scale(4.0, multiply(slope, slope)), scale(12.0, multiply(value, bend))));

  return subtract(x, divide(scale(3.0, value), larger_sum(slope, root)));
}

/// Return the roots of k0 + k1 x + k2 x^2 + k3 x^3, the one close to `guess` first
static inline Cubic
solve_cubic(const Complex k[4], const Complex guess)
{
  // Enough steps for any root, even one close to another
  const Complex x = refine(k, refine(k, refine(k, refine(k, guess))));

  // Two more in k3 x^2 + b x + c
  const Complex b = add(k[2], multiply(k[3], x));
  const Complex c = add(k[1], multiply(b, x));
  const Complex root =
    square_root(subtract(multiply(b, b), scale(4.0, multiply(k[3], c))));
  const Complex sum = scale(-0.5, larger_sum(b, root));

  const Cubic result = {{x, divide(c, sum), divide(sum, k[3])}};
  return result;
}

/// Return every v^2 where R is `u`
static inline Cubic
solve(const AnalogMap* const self, const Complex u)
{
  Complex k[4];
  for (int i = 0; i < 4; ++i) {
    k[i] = complex_of(self->above[i] - u.re * self->below[i], -u.im * self->below[i]);
  }

  // The simpler R is u where x = 2 u / linear_and_root
  const double* const g      = self->guess;
  const Complex       linear = complex_of(g[0] - u.re * g[2], -u.im * g[2]);
  const Complex       square = complex_of(g[1] - u.re * g[3], -u.im * g[3]);
  const Complex       root =
    square_root(add(multiply(linear, linear), scale(4.0, multiply(u, square))));
  const Complex twice = scale(2.0, u);
  const Complex guess = divide(twice, subtract(scale(FAR, add(linear, root)), twice));

  Cubic cubic = solve_cubic(k, guess);
  for (uint32_t s = 0; s < ANALOG_SECTIONS; ++s) {
    const Complex y = scale(FAR - 1.0, cubic.root[s]);
    cubic.root[s]   = divide(scale(FAR, cubic.root[s]), complex_of(y.re - 1.0, y.im));
  }
  return cubic;
}

// ---- Setting up

/// Add `factor` x^`power`, with x = FAR y / (1 + y), to a polynomial over (1 + y)^3
static void
add_power(double poly[4], const int power, const double factor)
{
  static const double binomial[4][4] = {
    {1.0, 3.0, 3.0, 1.0}, {1.0, 2.0, 1.0, 0.0}, {1.0, 1.0, 0.0, 0.0}, {1.0}};

  for (int i = power; i < 4; ++i) {
    poly[i] += factor * pow(FAR, power) * binomial[power][i - power];
  }
}

/// Write -v of a polynomial's roots, which are real
static void
write_roots(const double poly[4], const double guess, double roots[ANALOG_SECTIONS])
{
  Complex k[4];
  for (int i = 0; i < 4; ++i) {
    k[i] = complex_of(poly[i], 0.0);
  }

  const Cubic cubic = solve_cubic(k, complex_of(guess, 0.0));
  for (uint32_t s = 0; s < ANALOG_SECTIONS; ++s) {
    const double y = cubic.root[s].re;
    roots[s]       = sqrt(fabs(FAR * y / ((FAR - 1.0) * y - 1.0)));
  }
}

void
analog_init(AnalogMap* const self, const double sample_rate)
{
  const Fit* const fit = &fits[sample_rate >= fits[1].least_rate];

  memset(self, 0, sizeof(*self));
  memcpy(self->guess, fit->guess, sizeof(self->guess));
  memcpy(self->r, fit->r, sizeof(self->r));
  self->top = 2.0 * PI * fit->top_cycles;
  add_power(self->below, 0, 1.0);
  for (int i = 0; i < 3; ++i) {
    add_power(self->above, i + 1, fit->r[i]);
    add_power(self->below, i + 1, fit->r[i + 3]);
  }
  write_roots(self->above, 0.0, self->zero);
  write_roots(self->below, -2.0, self->infinity);
}

// ---- For every frame

void
analog_warp(const AnalogMap* const self, double* const w, const uint32_t n_frames)
{
  const double* const r = self->r;
  for (uint32_t i = 0; i < n_frames; ++i) {
    const double   known   = w[i] < self->top ? w[i] : self->top;
    const Quotient tangent = fast_tan_pi(known * (0.5 / PI));
    const double   square  = tangent.above * tangent.above;
    const double   x       = square / (square + tangent.below * tangent.below);
    const double   above   = x * (r[0] + x * (r[1] + x * r[2]));
    const double   below   = 1.0 + x * (r[3] + x * (r[4] + x * r[5]));

    w[i] = w[i] / known * sqrt(above / below);
  }
}

void
analog_roots(const AnalogMap* const self,
             const double* const    w,
             const double* const    k,
             AnalogRoots* const     roots,
             const uint32_t         n_frames)
{
  for (uint32_t i = 0; i < n_frames; ++i) {
    // s / w = -k / 2 +- sqrt(k^2 / 4 - 1), and u = -s^2
    const double half      = 0.5 * k[i];
    const double inside    = half * half - 1.0;
    const double apart     = sqrt(fabs(inside));
    const double larger    = half + apart;
    const double square    = w[i] * w[i];
    const double middle    = square * (1.0 - 2.0 * half * half);
    const double across    = inside < 0.0 ? 2.0 * half * apart * square : 0.0;
    const double first_re  = inside < 0.0 ? middle : -square * larger * larger;
    const double second_re = inside < 0.0 ? middle : -square / (larger * larger);

    const Cubic a = solve(self, complex_of(first_re, across));
    const Cubic b = solve(self, complex_of(second_re, -across));
    for (uint32_t s = 0; s < ANALOG_SECTIONS; ++s) {
      const double product  = multiply(a.root[s], b.root[s]).re;
      const double constant = sqrt(product > 0.0 ? product : 0.0);
      const double sum      = a.root[s].re + b.root[s].re + 2.0 * constant;

      roots->linear[s][i]   = sqrt(sum > 0.0 ? sum : 0.0);
      roots->constant[s][i] = constant;
    }
  }
}
