// SPDX-License-Identifier: ISC

#ifndef SWITCH_QUALITY_H
#define SWITCH_QUALITY_H

#include "measure/study.h"

/// Measure when a switch turns, and how steep that is
void
switch_quality(const Study* study);

#endif // SWITCH_QUALITY_H
