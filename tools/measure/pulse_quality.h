// SPDX-License-Identifier: ISC
/**
   How a pulse of any width keeps to its middle, and within its bounds.

   The mean is the worst of widths from 1 to 99 %.  Peaks are those of the first frames
   of a new plugin, and of a width that jumps between 1 and 99 % by its CV.
*/

#ifndef PULSE_QUALITY_H
#define PULSE_QUALITY_H

#include "measure/study.h"

/// Measure all that the roles allow of a plugin that can be run
void
pulse_quality(const Study* study);

#endif // PULSE_QUALITY_H
