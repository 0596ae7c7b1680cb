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
#include "signal/knob.h"

#include <stdint.h>

typedef struct {
  CvLaw law;
  Knob  level; ///< Linear, with its sign
  Knob  amount;
  Knob  bias_v;
} Vca;

/// Set up knobs that do 1 - 1/e of a step in `glide_s`
void
vca_init(Vca* self, double sample_rate, double glide_s);

void
vca_reset(Vca* self);

/// Write `in` under the gain that `cv_v` and the knobs, which may all move, make
void
vca_process(Vca*         self,
            const float* in,
            const float* cv_v,
            float*       out,
            uint32_t     n_frames);

#endif // VCA_H
