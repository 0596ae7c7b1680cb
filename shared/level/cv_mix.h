// SPDX-License-Identifier: ISC
/**
   Four voltages to their sum, minimum, maximum and average.

   An input counts where its amount is not 0, and then with amount * input.  The
   average is the sum over the sum of all |amount|.  If no input counts then all are 0.
   To all, the offset is added.
*/

#ifndef CV_MIX_H
#define CV_MIX_H

#include "signal/signal.h"

#include <stdint.h>

#define CV_MIX_INPUTS 4U

typedef struct {
  const float* in[CV_MIX_INPUTS];
  Signal       amount[CV_MIX_INPUTS];
  Signal       offset_v;
} CvMixInputs;

/// Outputs, with room for every frame
typedef struct {
  float* sum;
  float* minimum;
  float* maximum;
  float* average;
} CvMixOutputs;

/// Mix voltages; no output may be an input or another output
void
cv_mix_process(const CvMixInputs* inputs, const CvMixOutputs* out, uint32_t n_frames);

#endif // CV_MIX_H
