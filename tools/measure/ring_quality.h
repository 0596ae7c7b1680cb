// SPDX-License-Identifier: ISC
/**
   How exact a ring modulator is.

   Sines of about 5 and 3.1 kHz, at an amplitude of 1 or 4: what is no sum or difference
   of multiples of theirs counts, below 20 kHz, over what is.  Nulls are the peak of the
   output while noise is at one input and nothing at the other.
*/

#ifndef RING_QUALITY_H
#define RING_QUALITY_H

#include "measure/study.h"

/// Measure all that the roles allow of a plugin that can be run
void
ring_quality(const Study* study);

#endif // RING_QUALITY_H
