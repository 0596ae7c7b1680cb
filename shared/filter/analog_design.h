// SPDX-License-Identifier: ISC
/// The analog filters that the cookbook starts from, as sections (see analog.h)

#ifndef ANALOG_DESIGN_H
#define ANALOG_DESIGN_H

#include "filter/analog_match.h"
#include "filter/svf_design.h"

#include <stdint.h>

/**
   Write what the sections are to be in 1 to SVF_DESIGN_MAX_FRAMES frames, the main one
   first.

   Under modulation, a filter peaks less with the main one first.
*/
void
analog_design(const AnalogMap*    map,
              BiquadType          type,
              const BiquadFrames* frames,
              SvfParamsFrames     param_frames[ANALOG_SECTIONS],
              uint32_t            n_frames);

#endif // ANALOG_DESIGN_H
