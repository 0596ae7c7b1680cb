// SPDX-License-Identifier: ISC
/**
   Four frames at once, for formulas that are worth it.

   Each lane is plain arithmetic of its own, so a frame's result depends on neither its
   neighbours nor the processor.  Polynomials are split in halves that do not wait for
   each other.
*/

#ifndef SIMD_H
#define SIMD_H

#include <stdint.h>
#include <string.h>

#define DOUBLE4_FRAMES 4U

typedef double  Double4 __attribute__((vector_size(32)));
typedef int64_t Long4 __attribute__((vector_size(32)));
typedef float   Float4 __attribute__((vector_size(16)));
typedef int32_t Int4 __attribute__((vector_size(16)));

/// Numbers as quotients, for formulas that can do without the division
typedef struct {
  Double4 above;
  Double4 below;
} Double4Quotient;

/// Return the next multiple of DOUBLE4_FRAMES
static inline uint32_t
double4_round_up(const uint32_t n_frames)
{
  return (n_frames + DOUBLE4_FRAMES - 1U) / DOUBLE4_FRAMES * DOUBLE4_FRAMES;
}

static inline Double4
double4_all(const double x)
{
  return (Double4){x, x, x, x};
}

static inline Double4
double4_read(const double* const frames)
{
  Double4 x;
  memcpy(&x, frames, sizeof(x));
  return x;
}

static inline void
double4_write(double* const frames, const Double4 x)
{
  memcpy(frames, &x, sizeof(x));
}

static inline void
double4_write_floats(float* const frames, const Double4 x)
{
  const Float4 narrow = __builtin_convertvector(x, Float4);
  memcpy(frames, &narrow, sizeof(narrow));
}

/**
   Return 2^x, for x from -1000 to 1000.

   Relative error below 4.1e-11 (7e-8 cents): the fraction from -0.5 to 0.5 goes through
   a minimax polynomial of degree 7 (by Remez exchange), the whole number goes straight
   into the exponent.
*/
static inline Double4
double4_exp2(const Double4 x)
{
  static const double rounder = 0x1.8p52; // Leaves no bits for a fraction

  const Double4 shifted  = x + rounder;
  const Double4 fraction = x - (shifted - rounder);
  const Double4 square   = fraction * fraction;
  const Double4 a        = 0.9999999999616828 + fraction * 0.6931471807284377;
  const Double4 b        = 0.2402265119815426 + fraction * 0.055504103534825794;
  const Double4 c        = 0.0096180272539097 + fraction * 0.0013333922529804455;
  const Double4 d        = 0.00015469291101901966 + fraction * 1.520193021018367e-05;
  const Double4 power    = (a + b * square) + (c + d * square) * (square * square);

  return (Double4)((Long4)power + ((Long4)shifted << 52));
}

/// Return 2^x, computed in float, for x from -100 to 100: relative error below 3e-7
static inline Double4
double4_exp2_narrow(const Double4 x)
{
  static const float rounder = 0x1.8p23f; // Leaves no bits for a fraction

  const Float4 narrow   = __builtin_convertvector(x, Float4);
  const Float4 shifted  = narrow + rounder;
  const Float4 fraction = narrow - (shifted - rounder);
  const Float4 square   = fraction * fraction;
  const Float4 a        = 1.0000000716541244f + fraction * 0.6931469670586844f;
  const Float4 b        = 0.24022119726572633f + fraction * 0.05550713286647641f;
  const Float4 c        = 0.009675541248286255f + fraction * 0.0013276467799312258f;
  const Float4 power    = (a + b * square) + c * (square * square);

  const Float4 result = (Float4)((Int4)power + ((Int4)shifted << 23));

  // Element by element, as GCC makes one instruction of it
  return (Double4){
    (double)result[0], (double)result[1], (double)result[2], (double)result[3]};
}

/**
   Return tan(pi x), for x from 0 to 0.49.

   Relative error below 6e-10, and below 4e-11 up to 0.3: the tangent of half the angle
   is a minimax quotient of degree 5 over 4 (by Remez exchange), and doubled by
   tan 2a = 2 tan a / (1 - tan^2 a).
*/
static inline Double4Quotient
double4_tan_pi(const Double4 x)
{
  const Double4 half   = x * 1.5707963267948966;
  const Double4 square = half * half;
  const Double4 upper =
    half * (1.0000000000178764 +
            square * (square * 0.0010744634603243471 - 0.1113513866818701));
  const Double4 lower =
    1.0 + square * (square * 0.015969352044756774 - 0.44468471861018766);

  return (Double4Quotient){(upper + upper) * lower, (lower - upper) * (lower + upper)};
}

#endif // SIMD_H
