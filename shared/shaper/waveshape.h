// SPDX-License-Identifier: ISC
/**
   Curves that bend a signal frame by frame, for a rate so high that what they make
   above half of it is too little to hear.

   All but the fold have slope 1 at 0 and no output beyond +-1; f(0) = 0 everywhere.

   tanh        s / sqrt(1 + s^2), s = u + 0.16681425 u^3 + 0.0081532746 u^5 +
               0.000246305997 u^7: odd, rising, within 1.3e-5 of tanh u
   asymmetric  tanh u - u^2 / (4 + 4 u^2): the lower half is fuller, so that even
               harmonics come in; from -1.25 to 0.75
   hard        u from -1 to 1: the mean, weighted by a triangle, along straight ways
               from the frame before and to the one after (the second-order method of
               Parker, Zavalishin, Le Bivic, "Reducing the Aliasing of Nonlinear
               Waveshaping Using Continuous-Time Convolution", DAFx-16)
   sine        sin(pi/2 u): folds back from +-1 on
   triangle    0.86 s + 0.1 s3 + 0.036 s5, with s the sine and s3, s5 those of 3 and 5
               times the angle, their signs turned to make corners: a triangle whose
               corners are round enough to be band-limited
*/

#ifndef WAVESHAPE_H
#define WAVESHAPE_H

#include <stdint.h>

typedef enum {
  WAVESHAPE_TANH,
  WAVESHAPE_ASYMMETRIC,
  WAVESHAPE_HARD,
  WAVESHAPE_SINE,
  WAVESHAPE_TRIANGLE
} Waveshape;

#define WAVESHAPE_PAST 2U ///< Frames before the first that are looked at

/**
   Write the shape of `n_frames`, each of the frame before the one it stands for.

   `in[-1]` and `in[-2]` are the frames before the first, so that out[0] is the shape of
   in[-1].  Finite for any finite input; `out` may not overlap `in`.
*/
void
waveshape_process(Waveshape shape, const float* in, float* out, uint32_t n_frames);

#endif // WAVESHAPE_H
