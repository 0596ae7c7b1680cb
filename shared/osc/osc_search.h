// SPDX-License-Identifier: ISC
/// The search for breaks, in many frames at once

#ifndef OSC_SEARCH_H
#define OSC_SEARCH_H

#include "osc/osc_run.h"

#include <stdint.h>

/// Find the phase of `n` frames, and mark those before which there may be breaks
void
osc_mark_breaks(const OscRun* run, uint32_t at, uint8_t* has_break, uint32_t n);

#endif // OSC_SEARCH_H
