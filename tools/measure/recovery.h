// SPDX-License-Identifier: ISC
/**
   Recovery from bad numbers.

   An input is NaN, infinite or 1e30 for one block, and well again.  The figure is the
   number of frames from then on until the output is finite, never again more than
   twice as loud as without the accident, and not silenced by it.  Infinity is a plugin
   that never recovers, hangs or crashes: each trial runs in a process of its own.
*/

#ifndef RECOVERY_H
#define RECOVERY_H

#include "measure/study.h"

/// Measure every role that takes a signal, and the main knobs
void
recovery(const Study* study);

#endif // RECOVERY_H
