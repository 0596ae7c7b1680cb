// SPDX-License-Identifier: ISC
/**
   How well a quantizer chooses.

   Each cent from -5 to 5 octaves comes in, upwards.  What comes out is compared with
   all that ever comes out: it should be the nearest to the input.
*/

#ifndef QUANTIZER_QUALITY_H
#define QUANTIZER_QUALITY_H

#include "measure/study.h"

/// Measure all that the roles allow of a plugin that can be run
void
quantizer_quality(const Study* study);

#endif // QUANTIZER_QUALITY_H
