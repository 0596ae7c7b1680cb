// SPDX-License-Identifier: ISC
/**
   A voltage-controlled amplifier.

   The gain is level * (1 - amount + amount * law(cv + bias)): at an amount of 0 the CV
   does not count, at 1 it is all that opens.  A gain of 1 leaves the input as it is to
   the bit.
*/

#ifndef VCA_H
#define VCA_H

#include "signal/cv_law.h"
#include "signal/signal.h"

#include <stdint.h>

typedef struct {
  const float* in;
  const float* cv_v;
  Signal       level; ///< Linear, with its sign
  Signal       amount;
  Signal       bias_v;
} VcaInputs;

/// Write the input under the gain that CV and settings make to `out`, which may be `in`
void
vca_process(CvLaw law, const VcaInputs* inputs, float* out, uint32_t n_frames);

#endif // VCA_H
