// SPDX-License-Identifier: ISC
/**
   Four frames at once, for formulas that are worth it.

   Each lane is plain arithmetic of its own, so a frame's result depends on neither its
   neighbours nor the processor.  Polynomials are split in halves that do not wait for
   each other.
*/

#ifndef QUAD_H
#define QUAD_H

#include <stdint.h>
#include <string.h>

#define QUAD_FRAMES 4U

typedef double  Quad __attribute__((vector_size(32)));
typedef int64_t QuadBits __attribute__((vector_size(32)));
typedef float   FloatQuad __attribute__((vector_size(16)));
typedef int32_t FloatQuadBits __attribute__((vector_size(16)));

/// Numbers as quotients, for formulas that can do without the division
typedef struct {
  Quad above;
  Quad below;
} QuadQuotient;

/// Return the next multiple of QUAD_FRAMES
static inline uint32_t
quad_round_up(const uint32_t n_frames)
{
  return (n_frames + QUAD_FRAMES - 1U) / QUAD_FRAMES * QUAD_FRAMES;
}

static inline Quad
quad_all(const double x)
{
  return (Quad){x, x, x, x};
}

static inline Quad
quad_read(const double* const frames)
{
  Quad x;
  memcpy(&x, frames, sizeof(x));
  return x;
}

static inline void
quad_write(double* const frames, const Quad x)
{
  memcpy(frames, &x, sizeof(x));
}

static inline void
quad_write_floats(float* const frames, const Quad x)
{
  const FloatQuad narrow = __builtin_convertvector(x, FloatQuad);
  memcpy(frames, &narrow, sizeof(narrow));
}

/**
   Return 2^x, for x from -1000 to 1000.

   Relative error below 4.1e-11 (7e-8 cents): the fraction from -0.5 to 0.5 goes through
   a minimax polynomial of degree 7 (by Remez exchange), the whole number goes straight
   into the exponent.
*/
static inline Quad
quad_exp2(const Quad x)
{
  static const double rounder = 0x1.8p52; // Leaves no bits for a fraction

  const Quad shifted  = x + rounder;
  const Quad fraction = x - (shifted - rounder);
  const Quad square   = fraction * fraction;
  const Quad a        = 0.9999999999616828 + fraction * 0.6931471807284377;
  const Quad b        = 0.2402265119815426 + fraction * 0.055504103534825794;
  const Quad c        = 0.0096180272539097 + fraction * 0.0013333922529804455;
  const Quad d        = 0.00015469291101901966 + fraction * 1.520193021018367e-05;
  const Quad power    = (a + b * square) + (c + d * square) * (square * square);

  return (Quad)((QuadBits)power + ((QuadBits)shifted << 52));
}

/// Return 2^x, computed in float, for x from -100 to 100: relative error below 3e-7
static inline Quad
quad_exp2_narrow(const Quad x)
{
  static const float rounder = 0x1.8p23f; // Leaves no bits for a fraction

  const FloatQuad narrow   = __builtin_convertvector(x, FloatQuad);
  const FloatQuad shifted  = narrow + rounder;
  const FloatQuad fraction = narrow - (shifted - rounder);
  const FloatQuad square   = fraction * fraction;
  const FloatQuad a        = 1.0000000716541244f + fraction * 0.6931469670586844f;
  const FloatQuad b        = 0.24022119726572633f + fraction * 0.05550713286647641f;
  const FloatQuad c        = 0.009675541248286255f + fraction * 0.0013276467799312258f;
  const FloatQuad power    = (a + b * square) + c * (square * square);

  const FloatQuad result =
    (FloatQuad)((FloatQuadBits)power + ((FloatQuadBits)shifted << 23));

  // Element by element, as GCC makes one instruction of it
  return (Quad){
    (double)result[0], (double)result[1], (double)result[2], (double)result[3]};
}

/**
   Return tan(pi x), for x from 0 to 0.49.

   Relative error below 6e-10, and below 4e-11 up to 0.3: the tangent of half the angle
   is a minimax quotient of degree 5 over 4 (by Remez exchange), and doubled by
   tan 2a = 2 tan a / (1 - tan^2 a).
*/
static inline QuadQuotient
quad_tan_pi(const Quad x)
{
  const Quad half   = x * 1.5707963267948966;
  const Quad square = half * half;
  const Quad upper =
    half * (1.0000000000178764 +
            square * (square * 0.0010744634603243471 - 0.1113513866818701));
  const Quad lower =
    1.0 + square * (square * 0.015969352044756774 - 0.44468471861018766);

  return (QuadQuotient){(upper + upper) * lower, (lower - upper) * (lower + upper)};
}

#endif // QUAD_H
