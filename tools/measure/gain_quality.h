// SPDX-License-Identifier: ISC
/**
   How exact and how quiet an amplifier, VCA or mixer is.

   Unity is the largest difference of output from input at a gain of 1, in dB of full
   scale; law the largest error in dB of a gain from -54 to +12 dB; aliases those of a
   sine of 5 kHz driven 12 dB too far, where something clips.
*/

#ifndef GAIN_QUALITY_H
#define GAIN_QUALITY_H

#include "measure/study.h"

/// Measure all that the roles allow of a plugin that can be run
void
gain_quality(const Study* study);

#endif // GAIN_QUALITY_H
