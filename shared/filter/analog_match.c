// SPDX-License-Identifier: ISC

#include "filter/analog_match.h"

#include "math/fast_math.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#define PI 3.141592653589793
#define FAR 2.0 ///< Where x = FAR y / (1 + y) sends y far away, and no first root is

#define DEGREE ((int)ANALOG_SECTIONS) ///< Of R
#define SECOND 1.06 ///< A place between all that the root next to the first can be

/// R as in the header
typedef struct {
  double least_rate;
  double top_cycles; ///< Up to where R is close, in cycles per frame
  double r[8];
  double guess[4];
} Fit;

static const Fit fits[] = {{0.0,
                            20.15 / 44.1,
                            {3.9999585891710963,
                             -9.21231756826183,
                             6.75995245464047,
                             -1.5424123621574362,
                             -2.636770082714275,
                             2.3934886777299846,
                             -0.8347792728597272,
                             0.07861112842921196},
                            {3.98738, -3.39261, -1.21413, 0.280802}},
                           {47999.0,
                            20.0 / 48.0,
                            {3.9999969579785413,
                             -8.383891346604278,
                             5.4565548297880735,
                             -1.0514391756617514,
                             -2.429344370603212,
                             1.996488902432854,
                             -0.6119338436537077,
                             0.04709854262213225},
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

/// The roots of a polynomial
typedef struct {
  Complex root[ANALOG_SECTIONS];
} Roots;

/// Return the sum or difference of `a` and `b`, whichever is larger
static inline Complex
larger_sum(const Complex a, const Complex b)
{
  return a.re * b.re + a.im * b.im < 0.0 ? subtract(a, b) : add(a, b);
}

/// Return what a step of Laguerre's method from `x` to a root of k0 + k1 x + ...
/// reaches
static inline Complex
refine(const Complex* const k, const int degree, const Complex x)
{
  Complex value = k[degree];
  Complex slope = complex_of(0.0, 0.0);
  Complex bend  = slope; // Half of the second derivative
#pragma GCC unroll 4
  for (int i = degree - 1; i >= 0; --i) {
    bend  = add(slope, multiply(bend, x));
    slope = add(value, multiply(slope, x));
    value = add(k[i], multiply(value, x));
  }

  const double  n      = (double)degree;
  const Complex square = scale((n - 1.0) * (n - 1.0), multiply(slope, slope));
  const Complex curve  = scale(2.0 * n * (n - 1.0), multiply(value, bend));
  const Complex root   = square_root(subtract(square, curve));

  return subtract(x, divide(scale(n, value), larger_sum(slope, root)));
}

/// Take a root out of a polynomial
static inline void
take_out(Complex* const k, const int degree, const Complex x)
{
  Complex factor = k[degree];
#pragma GCC unroll 4
  for (int i = degree - 1; i >= 0; --i) {
    const Complex next = add(k[i], multiply(factor, x));
    k[i]               = factor;
    factor             = next;
  }
}

/// Return the roots of k0 + k1 x + ..., the one close to `guess` first; spoils k
static inline Roots
find_roots(Complex k[DEGREE + 1], const Complex guess)
{
  // In enough steps from any guess of these, which loops would keep out of vectors
  static const Complex near_second = {SECOND, 0.0};

  const Complex first = refine(k, 4, refine(k, 4, refine(k, 4, guess)));
  take_out(k, 4, first);
  const Complex second = refine(k, 3, refine(k, 3, near_second));
  take_out(k, 3, second);

  // Two more in k2 x^2 + k1 x + k0
  const Complex root =
    square_root(subtract(multiply(k[1], k[1]), scale(4.0, multiply(k[2], k[0]))));
  const Complex sum = scale(-0.5, larger_sum(k[1], root));

  return (Roots){{first, second, divide(k[0], sum), divide(sum, k[2])}};
}

/// Return every v^2 where R is `u`
static inline Roots
solve(const AnalogMap* const self, const Complex u)
{
  Complex k[DEGREE + 1];
#pragma GCC unroll 5
  for (int i = 0; i <= DEGREE; ++i) {
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

  Roots roots = find_roots(k, guess);
  for (uint32_t s = 0; s < ANALOG_SECTIONS; ++s) {
    const Complex y = scale(FAR - 1.0, roots.root[s]);
    roots.root[s]   = divide(scale(FAR, roots.root[s]), complex_of(y.re - 1.0, y.im));
  }
  return roots;
}

// ---- Setting up

/// Add `factor` x^`power`, with x = FAR y / (1 + y), to a polynomial over (1 +
/// y)^DEGREE
static void
add_power(double poly[DEGREE + 1], const int power, const double factor)
{
  double binomial = factor * pow(FAR, power);
  for (int i = power; i <= DEGREE; ++i) {
    poly[i] += binomial;
    binomial *= (double)(DEGREE - i) / (double)(i - power + 1);
  }
}

/// Write -v of a polynomial's roots, which are real
static void
write_roots(const double poly[DEGREE + 1],
            const double guess,
            double       roots[ANALOG_SECTIONS])
{
  Complex k[DEGREE + 1];
  for (int i = 0; i <= DEGREE; ++i) {
    k[i] = complex_of(poly[i], 0.0);
  }

  const Roots found = find_roots(k, complex_of(guess, 0.0));
  for (uint32_t s = 0; s < ANALOG_SECTIONS; ++s) {
    const double y = found.root[s].re;
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
  for (int i = 0; i < DEGREE; ++i) {
    add_power(self->above, i + 1, fit->r[i]);
    add_power(self->below, i + 1, fit->r[i + DEGREE]);
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
    const double   above   = x * (r[0] + x * (r[1] + x * (r[2] + x * r[3])));
    const double   below   = 1.0 + x * (r[4] + x * (r[5] + x * (r[6] + x * r[7])));

    w[i] = w[i] / known * sqrt(above / below);
  }
}

/// R in every frame, or where it is that
typedef struct {
  double re[ANALOG_MAX_FRAMES];
  double im[ANALOG_MAX_FRAMES];
} ComplexFrames;

/**
   Find every v^2 of all frames.

   A solution is one long chain of sums that wait for each other.  GCC takes as many
   frames at once as a vector has numbers of the smallest kind in a loop, and those in
   `lane` are two bytes long: so that 16 frames with AVX2, and 8 without, are on their
   way through the chain together.  All of them have the bits that one alone has.
*/
static void
solve_frames(const AnalogMap* const     self,
             const ComplexFrames* const u,
             ComplexFrames              roots[ANALOG_SECTIONS],
             const uint32_t             n_frames)
{
  uint16_t lane[ANALOG_MAX_FRAMES];
  for (uint32_t i = 0; i < n_frames; ++i) {
    lane[i] = (uint16_t)i;

    const Roots found = solve(self, complex_of(u->re[i], u->im[i]));
    for (uint32_t s = 0; s < ANALOG_SECTIONS; ++s) {
      roots[s].re[i] = found.root[s].re;
      roots[s].im[i] = found.root[s].im;
    }
  }
  // NOLINTNEXTLINE(hicpp-no-assembler): no instruction
  __asm__ volatile("" : : "r"(lane) : "memory"); // As if it were read
}

/// Write the roots of conjugated targets, which are conjugated to the bit
static void
conjugate(const ComplexFrames from[ANALOG_SECTIONS],
          ComplexFrames       to[ANALOG_SECTIONS],
          const uint32_t      n_frames)
{
  for (uint32_t s = 0; s < ANALOG_SECTIONS; ++s) {
    for (uint32_t i = 0; i < n_frames; ++i) {
      to[s].re[i] = from[s].re[i];
      to[s].im[i] = -from[s].im[i];
    }
  }
}

/// Write u = -s^2 of both roots of s^2 + k w s + w^2; return whether any s is real
static bool
find_targets(const double* const  w,
             const double* const  k,
             ComplexFrames* const first,
             ComplexFrames* const second,
             const uint32_t       n_frames)
{
  uint32_t n_real = 0;
  for (uint32_t i = 0; i < n_frames; ++i) {
    // s / w = -k / 2 +- sqrt(k^2 / 4 - 1)
    const double half      = 0.5 * k[i];
    const double inside    = half * half - 1.0;
    const double apart     = sqrt(fabs(inside));
    const double larger    = half + apart;
    const double square    = w[i] * w[i];
    const double middle    = square * (1.0 - 2.0 * half * half);
    const double across    = inside < 0.0 ? 2.0 * half * apart * square : 0.0;
    const double first_re  = inside < 0.0 ? middle : -square * larger * larger;
    const double second_re = inside < 0.0 ? middle : -square / (larger * larger);

    first->re[i]  = first_re;
    first->im[i]  = across;
    second->re[i] = second_re;
    second->im[i] = -across;
    n_real += inside >= 0.0;
  }

  return n_real > 0;
}

/// Join the roots of both targets to the pairs of sections
static void
join(const ComplexFrames* const a,
     const ComplexFrames* const b,
     double* const              linear,
     double* const              constant,
     const uint32_t             n_frames)
{
  for (uint32_t i = 0; i < n_frames; ++i) {
    const double product = a->re[i] * b->re[i] - a->im[i] * b->im[i];
    const double level   = sqrt(product > 0.0 ? product : 0.0);
    const double sum     = a->re[i] + b->re[i] + 2.0 * level;

    linear[i]   = sqrt(sum > 0.0 ? sum : 0.0);
    constant[i] = level;
  }
}

void
analog_roots(const AnalogMap* const self,
             const double* const    w,
             const double* const    k,
             AnalogRoots* const     roots,
             const uint32_t         n_frames)
{
  ComplexFrames first  = {{0.0}, {0.0}};
  ComplexFrames second = {{0.0}, {0.0}};
  ComplexFrames a[ANALOG_SECTIONS];
  ComplexFrames b[ANALOG_SECTIONS];
  const bool    is_any_real = find_targets(w, k, &first, &second, n_frames);
  solve_frames(self, &first, a, n_frames);
  if (is_any_real) {
    solve_frames(self, &second, b, n_frames);
  } else {
    conjugate(a, b, n_frames);
  }
  for (uint32_t s = 0; s < ANALOG_SECTIONS; ++s) {
    join(&a[s], &b[s], roots->linear[s], roots->constant[s], n_frames);
  }
}
