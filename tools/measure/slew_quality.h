// SPDX-License-Identifier: ISC
/**
   How exact a slew limiter is.

   Times are in frames, from a step of the whole way to the first frame from which on
   the output is within 1e-11 of its last value; the figure is by how many frames that
   differs from the knob.  Infinity is a way that has not ended after twice its time.
   Where steps end at 0, floats tell the last frames apart.
*/

#ifndef SLEW_QUALITY_H
#define SLEW_QUALITY_H

#include "measure/study.h"

/// Measure all that the roles allow of a plugin that can be run
void
slew_quality(const Study* study);

#endif // SLEW_QUALITY_H
