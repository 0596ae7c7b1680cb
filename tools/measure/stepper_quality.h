// SPDX-License-Identifier: ISC
/// How late something that goes in steps is: its triggers against the clocks it gets

#ifndef STEPPER_QUALITY_H
#define STEPPER_QUALITY_H

#include "measure/study.h"

/// Measure all that the roles allow of a plugin that can be run
void
stepper_quality(const Study* study);

#endif // STEPPER_QUALITY_H
