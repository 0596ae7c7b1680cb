// SPDX-License-Identifier: ISC
/**
   A reverb's settings, taken once in a step of REVERB_STEP_FRAMES: lengths, absorption,
   cuts, how the pairs of lines turn, and where the step reads.  Real-time safe.
*/

#ifndef REVERB_STEP_H
#define REVERB_STEP_H

#include "delay/reverb.h"

#include <stdint.h>

#define REVERB_SILENT 1e-9f ///< From here down, nothing is to be heard

/// Begin a step with the settings of frame `i`, at once if the reverb was asleep
void
reverb_begin_step(Reverb* self, const ReverbInputs* inputs, uint32_t i);

/// End a step, and fall asleep if nothing was above REVERB_SILENT for long enough
void
reverb_end_step(Reverb* self);

#endif // REVERB_STEP_H
