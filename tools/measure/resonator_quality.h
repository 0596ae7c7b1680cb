// SPDX-License-Identifier: ISC
/**
   How well a comb that rings is in tune, and how exact its decay is.

   A click strikes it.  The frequencies of its first and tenth partial are compared with
   what the port asks for, and the fall of the first, in dB a second, with the 60 dB in
   the time that ROLE_DECAY asks for.
*/

#ifndef RESONATOR_QUALITY_H
#define RESONATOR_QUALITY_H

#include "measure/study.h"

/// Measure all that the roles allow of a plugin that can be run
void
resonator_quality(const Study* study);

#endif // RESONATOR_QUALITY_H
