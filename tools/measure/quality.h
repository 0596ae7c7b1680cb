// SPDX-License-Identifier: ISC
/// All that is measured of a subject for the sake of its quality

#ifndef QUALITY_H
#define QUALITY_H

#include "measure/study.h"

#include <stdbool.h>

/// Measure what its kind is measured by; returns false if the plugin can't be run
bool
quality(const Study* study);

#endif // QUALITY_H
