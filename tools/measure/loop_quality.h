// SPDX-License-Identifier: ISC

#ifndef LOOP_QUALITY_H
#define LOOP_QUALITY_H

#include "measure/study.h"

/// Measure whether a loop repeats, and how much of it changes
void
loop_quality(const Study* study);

#endif // LOOP_QUALITY_H
