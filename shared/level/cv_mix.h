// SPDX-License-Identifier: ISC
/**
   Four voltages to their sum, minimum, maximum and average.

   An input counts where its amount is not 0, and then with amount * input.  The
   average is the sum over the sum of all |amount|.  If no input counts then all are 0.
   To all, the offset is added.
*/

#ifndef CV_MIX_H
#define CV_MIX_H

#include "signal/knob.h"

#include <stdint.h>

#define CV_MIX_INPUTS 4U

typedef struct {
  Knob amount[CV_MIX_INPUTS];
  Knob offset_v;
} CvMix;

/// What comes out: a value for every frame
typedef struct {
  float* sum;
  float* minimum;
  float* maximum;
  float* average;
} CvMixOutputs;

/// Set up knobs that do 1 - 1/e of a step in `glide_s`
void
cv_mix_init(CvMix* self, double sample_rate, double glide_s);

void
cv_mix_reset(CvMix* self);

void
cv_mix_process(CvMix*              self,
               const float* const  in[CV_MIX_INPUTS],
               const CvMixOutputs* out,
               uint32_t            n_frames);

#endif // CV_MIX_H
