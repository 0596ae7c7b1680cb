// SPDX-License-Identifier: ISC
/**
   How exact a clock is.

   Rises of the gate over ten minutes at several tempi, against the first frame at or
   after the exact time, counted from the first.
*/

#ifndef CLOCK_QUALITY_H
#define CLOCK_QUALITY_H

#include "measure/study.h"

/// Measure all that the roles allow of a plugin that can be run
void
clock_quality(const Study* study);

#endif // CLOCK_QUALITY_H
