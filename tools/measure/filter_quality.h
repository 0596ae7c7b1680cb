// SPDX-License-Identifier: ISC
/**
   How true, quiet and stable a filter is.

   Errors of the response are worst cases over Q from 0.1 to 50 and gains of +-12 dB
   (as prototype_error_db() has them).  Peaks are those of the output over that of the
   input, a saw of 220 Hz that stops half-way, while the cutoff moves between 50 Hz and
   18 kHz: by CV in every frame, or by its knob every 16 frames.  With it, Q moves
   between 0.1 and 50, and the gain by 24 dB either way, which is a factor of 16.
*/

#ifndef FILTER_QUALITY_H
#define FILTER_QUALITY_H

#include "measure/study.h"

/// Measure all that the roles allow of a plugin that can be run
void
filter_quality(const Study* study);

#endif // FILTER_QUALITY_H
