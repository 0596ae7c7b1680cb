// SPDX-License-Identifier: ISC
/**
   How well a filter that oscillates by itself is in tune.

   A click starts it; some seconds later its frequency is compared with what the port
   asks for, and all but its first partial with that.
*/

#ifndef SELF_OSCILLATION_QUALITY_H
#define SELF_OSCILLATION_QUALITY_H

#include "measure/study.h"

/// Measure all that the roles allow of a plugin that can be run
void
self_oscillation_quality(const Study* study);

#endif // SELF_OSCILLATION_QUALITY_H
