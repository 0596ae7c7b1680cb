// SPDX-License-Identifier: ISC
/**
   How long a reverberation lasts, and how soon it is dense.

   Decay times are those of the impulse response in percent off what ROLE_DECAY asks
   for, see decay.h.  Density is the time, in ms, in which echoes are 0.9 as dense as
   noise, with a decay of 2.5 s.
*/

#ifndef REVERB_QUALITY_H
#define REVERB_QUALITY_H

#include "measure/study.h"

/// Measure all that the roles allow of a plugin that can be run
void
reverb_quality(const Study* study);

#endif // REVERB_QUALITY_H
