// SPDX-License-Identifier: ISC
/// How well a low frequency oscillator keeps its frequency and its shape

#ifndef LFO_QUALITY_H
#define LFO_QUALITY_H

#include "measure/study.h"

/**
   Measure a low frequency oscillator.

   How far its phase is off after ten minutes at 5 Hz and at 1/16 Hz, in cycles, against
   where its first cycles are.  How far it is from the closed form of its shape, which
   is fitted to it in phase, direction, level and offset: the root of the mean square
   over the amplitude, in dB, without a thousandth of a cycle on either side of a step.
   How many frames after a rise at the reset input it does what it does from its
   beginning.
*/
void
lfo_quality(const Study* study);

#endif // LFO_QUALITY_H
