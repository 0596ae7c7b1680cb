// SPDX-License-Identifier: ISC
/// Breaks of shapes where the phase and the width go, with and without sync

#ifndef OSC_BREAKS_H
#define OSC_BREAKS_H

#include "osc/osc_run.h"
#include "osc/phase_path.h"

#include <stdbool.h>
#include <stdint.h>

/// Find the path of the phase to the frame that is LOOKAHEAD before `at`
void
osc_find_phase(const Osc* self, uint32_t at, PhasePath* path);

/// Find the path of the pulse width, likewise
void
osc_find_width(const OscRun* run, uint32_t at, PhasePath* path);

/// Add the breaks on the way of the phase to a frame, and whether the width bends there
void
osc_add_breaks(const OscRun* run, uint32_t at, PhasePath* phase, bool bends);

/// Return true if there is a sync event on the way of a curve
static inline bool
osc_is_sync(const float* const sync)
{
  return sync[LAGRANGE_START] <= 0.0f && sync[LAGRANGE_END] > 0.0f;
}

/// OscRun a frame before which there is a sync event
void
osc_run_sync(const OscRun* run, uint32_t at);

#endif // OSC_BREAKS_H
