// SPDX-License-Identifier: ISC

#ifndef ARPEGGIO_QUALITY_H
#define ARPEGGIO_QUALITY_H

#include "measure/study.h"

/// Measure the notes of an arpeggio and their time
void
arpeggio_quality(const Study* study);

#endif // ARPEGGIO_QUALITY_H
