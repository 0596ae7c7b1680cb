// SPDX-License-Identifier: ISC
/**
   The filters that others are compared with, and the comparison.

   Prototypes are those of R. Bristow-Johnson's "Cookbook formulae for audio EQ biquad
   filter coefficients", as functions of frequency over cutoff.  His digital filters
   are these after the bilinear transform, which maps a frequency f to tan(pi f / fs):
   so both references follow from the same formula, without any coefficient.
*/

#ifndef PROTOTYPE_H
#define PROTOTYPE_H

#include "measure/roles.h"

#include <stdint.h>

typedef enum {
  RESPONSE_RBJ,   ///< The cookbook's digital filter
  RESPONSE_ANALOG ///< The prototype itself
} Response;

/// A filter with its cutoff in Hz and its gain, of peak and shelves, as a factor
typedef struct {
  Shape  shape;
  double cutoff_hz;
  double q;
  double gain;
} Prototype;

/// Return the magnitude of the prototype at `ratio` times its cutoff
double
prototype_magnitude(const Prototype* prototype, double ratio);

/// Return the frames in which the impulse response dies away by 140 dB, 0 if too many
uint32_t
prototype_frames(const Prototype* prototype, double sample_rate);

/**
   Return by how many dB an impulse response is off, at worst.

   From 10 Hz to 0.49 of the sample rate, for the analog response to 20 kHz at most,
   where the reference is above -60 dB.  An all-pass is compared by its phase: as the
   notch that it is when half of the input is added to half of it.  `n_frames` is even.
*/
double
prototype_error_db(const Prototype* prototype,
                   Response         response,
                   const double*    impulse_response,
                   uint32_t         n_frames,
                   double           sample_rate);

#endif // PROTOTYPE_H
