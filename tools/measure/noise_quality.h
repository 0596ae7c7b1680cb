// SPDX-License-Identifier: ISC
/**
   How well noise keeps to its colour.

   Slope: how far the power of one of five bands from 20 Hz to 20 kHz, each of two
   octaves, is from the colour's line through all of them, in dB; 0.05 dB are
   chance.  RMS, DC and peak in dB from full scale, over the 18 minutes of that; the DC
   of noise that has much power below 1 Hz is chance, too.
*/

#ifndef NOISE_QUALITY_H
#define NOISE_QUALITY_H

#include "measure/study.h"

/// Add the figures of a noise
void
noise_quality(const Study* study);

#endif // NOISE_QUALITY_H
