// SPDX-License-Identifier: ISC
/**
   How clean an oscillator is.

   Aliases are the power that is not at a multiple of the pitch, up to 20 kHz (18 kHz
   at 44.1 kHz), over the power that is, in dB; of a sine, that is THD+N.
*/

#ifndef OSCILLATOR_QUALITY_H
#define OSCILLATOR_QUALITY_H

#include "measure/study.h"

/// Measure all that the roles allow of a plugin that can be run
void
oscillator_quality(const Study* study);

#endif // OSCILLATOR_QUALITY_H
