// SPDX-License-Identifier: ISC
/**
   Band-limited edges: what a break in a waveform lacks to be free of aliases.

   A break is a step, a corner (step of the slope), a bend (step of the curvature) and
   so on, at a time between two frames.  What must be added to a waveform that was
   computed without care is the break's residual, which is BLEP_MAX_TAPS frames long
   at most and centred on the break.  So the waveform must be delayed by half of it:

     waveform  ______|~~~~~~~      frame 0 of the residual is that of the break,
     delayed   ____________|~~     its middle falls on the delayed break
     residual  ____-_-_-_-'|._-_

   See tools/tables.c for the mathematics.
*/

#ifndef BLEP_H
#define BLEP_H

#include <stdint.h>

#define BLEP_MAX_TAPS 64U
#define BLEP_MAX_ORDER 5U ///< Highest derivative whose step is known

/// Return the even number of frames that a residual lasts at a sample rate
uint32_t
blep_taps(double sample_rate);

/**
   Add the residual of a break to `out`, which has `n_taps` frames.

   `order` is the derivative that steps by `amount`, per frame to the power `order`.
   `age` from 0 to 1 is the time from the break to frame 0 of `out`, in frames.
*/
void
blep_add(uint32_t n_taps, uint32_t order, double amount, double age, float* out);

#endif // BLEP_H
