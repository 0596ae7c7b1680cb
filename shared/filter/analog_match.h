// SPDX-License-Identifier: ISC
/**
   How a filter made of sections gets the response of an analog one, up to 20 kHz.

   An analog filter of second order has a response whose square is a quotient of
   products of (w^2 + s^2), with a root s each.  A rational function that is close to
   w^2 all over the audible range,

     w^2 = R(x),   x = sin^2(w / 2)       w in radians per frame

   turns each of these factors into a polynomial in x of R's degree, which is 4, and so
   into four factors of a digital filter.  Their roots are the ones of R(x) = -s^2:
   one close to where it belongs, and three that no digital filter of second order has,
   which mend the response near half the sample rate.

   Two roots s of an analog filter, conjugated or both real, so become four pairs of
   roots.  Section by section, they are given as the coefficients of

     v^2 + linear v + constant       v = (z - 1) / (z + 1), so v^2 = x / (x - 1)

   R is found by Remez exchange, for the least relative error: 1.04e-5 up to 20.15 kHz
   at 44.1 kHz, from which 20 kHz is far enough that the error does not change fast,
   and 7.6e-7 up to 20 kHz at 48 kHz.
*/

#ifndef ANALOG_MATCH_H
#define ANALOG_MATCH_H

#include <stdint.h>

#define ANALOG_SECTIONS 4U
#define ANALOG_MAX_FRAMES 16U

typedef struct {
  double r[8];     ///< R = x (r0 + r1 x + ...) / (1 + r4 x + r5 x^2 + ...)
  double guess[4]; ///< A simpler R: x (g0 + g1 x) / (1 + g2 x + g3 x^2)
  double above[5]; ///< R as polynomials that are good for finding roots
  double below[5];
  double top;                       ///< Radians per frame up to which R is close
  double zero[ANALOG_SECTIONS];     ///< -v where s is 0
  double infinity[ANALOG_SECTIONS]; ///< -v where s is infinite
} AnalogMap;

/// Pairs of roots for every frame
typedef struct {
  double linear[ANALOG_SECTIONS][ANALOG_MAX_FRAMES];
  double constant[ANALOG_SECTIONS][ANALOG_MAX_FRAMES];
} AnalogRoots;

void
analog_init(AnalogMap* self, double sample_rate);

/**
   Turn frequencies, from 0 up, into those that R takes for them.

   Above the top, they are off by as much as at the top.
*/
void
analog_warp(const AnalogMap* self, double* w, uint32_t n_frames);

/**
   Find what becomes of the roots of s^2 + k w s + w^2, with w already warped.

   w is above 0, and k is 0 or more.
*/
void
analog_roots(const AnalogMap* self,
             const double*    w,
             const double*    k,
             AnalogRoots*     roots,
             uint32_t         n_frames);

#endif // ANALOG_MATCH_H
