// SPDX-License-Identifier: ISC
/**
   How exact a drum is.

   A trigger in the middle of a block, with the same again when it has died away: the
   first frame that sounds, and the difference of the two.  The pitch is that of the
   tail, and aliases are those of the driven tail.
*/

#ifndef DRUM_QUALITY_H
#define DRUM_QUALITY_H

#include "measure/study.h"

/// Measure all that the roles allow of a plugin that can be run
void
drum_quality(const Study* study);

#endif // DRUM_QUALITY_H
