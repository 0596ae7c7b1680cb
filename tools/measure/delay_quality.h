// SPDX-License-Identifier: ISC
/**
   How well a delay keeps what it delays.

   Flatness is that of the magnitude from 20 Hz to 18 kHz, at a time that is no whole
   number of frames.  While a CV moves the time, by tens of frames, sines are compared
   with themselves at the exact time.  The step of the time is as zipper.h has it.
*/

#ifndef DELAY_QUALITY_H
#define DELAY_QUALITY_H

#include "measure/study.h"

/// Measure all that the roles allow of a plugin that can be run
void
delay_quality(const Study* study);

#endif // DELAY_QUALITY_H
