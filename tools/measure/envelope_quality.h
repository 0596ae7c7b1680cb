// SPDX-License-Identifier: ISC
/**
   How exact an envelope is.

   Times are in frames, from the edge of the gate or the end of the stage before; the
   figure is by how many frames that differs from the knob.  An attack ends while the
   output stays at its top, decay and release in the first frame from which on it is
   within 1e-11 of its last value.  Infinity is a stage that has not ended after four
   times its time.  A gate of one frame is missed if nothing rises.
*/

#ifndef ENVELOPE_QUALITY_H
#define ENVELOPE_QUALITY_H

#include "measure/study.h"

/// Measure all that the roles allow of a plugin that can be run
void
envelope_quality(const Study* study);

#endif // ENVELOPE_QUALITY_H
