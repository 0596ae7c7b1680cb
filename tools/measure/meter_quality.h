// SPDX-License-Identifier: ISC
/**
   How exact a meter is.

   Sines and saws from 20 Hz to 10 kHz, whose frequency it shows, and steady voltages.
*/

#ifndef METER_QUALITY_H
#define METER_QUALITY_H

#include "measure/study.h"

/// Measure all that the roles allow of a plugin that can be run
void
meter_quality(const Study* study);

#endif // METER_QUALITY_H
