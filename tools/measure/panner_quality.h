// SPDX-License-Identifier: ISC
/// How exact the law of a panner is: gains over its closed form, ends, and clicks

#ifndef PANNER_QUALITY_H
#define PANNER_QUALITY_H

#include "measure/study.h"

/// Measure all that the roles allow of a plugin that can be run
void
panner_quality(const Study* study);

#endif // PANNER_QUALITY_H
