// SPDX-License-Identifier: ISC
/**
   How exactly a sample and hold holds.

   Late: by how many frames what is held is older or newer than the rise of the gate.
   Error: how far it is from the input of that frame, and droop: how far it moves while
   it is held for a second, both over the largest input.
*/

#ifndef HOLD_QUALITY_H
#define HOLD_QUALITY_H

#include "measure/study.h"

/// Add the figures of a sample and hold
void
hold_quality(const Study* study);

#endif // HOLD_QUALITY_H
