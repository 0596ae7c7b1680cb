// SPDX-License-Identifier: ISC
/**
   How well an envelope follower follows.

   Attack: by how many frames the level is late at 90 % of a constant that begins.
   Release: by how many it is late at a tenth of one that ends.  Level: how far it is
   from the amplitude of a sine of 1 kHz, in dB.  Ripple: how far it moves up and down
   under a sine of 100 Hz, in dB, with an attack of 10 ms and a release of 0.2 s.
*/

#ifndef FOLLOWER_QUALITY_H
#define FOLLOWER_QUALITY_H

#include "measure/study.h"

/// Add the figures of an envelope follower
void
follower_quality(const Study* study);

#endif // FOLLOWER_QUALITY_H
