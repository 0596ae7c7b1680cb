// SPDX-License-Identifier: ISC

#ifndef KEYS_QUALITY_H
#define KEYS_QUALITY_H

#include "measure/study.h"

/// Measure the pitch that keys have, and when they are heard
void
keys_quality(const Study* study);

#endif // KEYS_QUALITY_H
