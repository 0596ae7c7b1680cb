// SPDX-License-Identifier: ISC
/// The inputs of an oscillator, as far as they are remembered

#ifndef OSC_HISTORY_H
#define OSC_HISTORY_H

#include "osc/osc_run.h"

#include <stdint.h>

/// Lay out what does not rest
void
osc_lay_out_inputs(const OscRun* run, const OscInputs* in);

/// Take note of the inputs in the last frame
void
osc_remember(OscRest* self, const OscInputs* in, uint32_t n);

/// Make room for frames, if need be
void
osc_make_room(Osc* self, uint32_t n_frames);

#endif // OSC_HISTORY_H
