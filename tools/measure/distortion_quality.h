// SPDX-License-Identifier: ISC
/**
   How clean a saturator or folder is, or a filter that has one.

   A sine of 1, 5 or 9 kHz is amplified by ROLE_GAIN.  What is no harmonic counts, below
   20 kHz, over the harmonics.  The clipped sine comes as from a saturator in front,
   driven by 24 dB, and is not amplified.
*/

#ifndef DISTORTION_QUALITY_H
#define DISTORTION_QUALITY_H

#include "measure/study.h"

/// Measure all that the roles allow of a plugin that can be run
void
distortion_quality(const Study* study);

#endif // DISTORTION_QUALITY_H
