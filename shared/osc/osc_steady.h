// SPDX-License-Identifier: ISC
/// An oscillator in frames in which all inputs rest

#ifndef OSC_STEADY_H
#define OSC_STEADY_H

#include "osc/osc_run.h"

#include <stdint.h>

/// The phase of frames that are LOOKAHEAD before others, in 2^-64 cycles
typedef struct {
  uint64_t now; ///< In the frame before the next
  uint64_t step;
} OscSteady;

/// Return where the phase is, and how it moves
OscSteady
osc_find_steady(const Osc* self);

/// Return in how many frames there is a break
uint64_t
osc_frames_to_break(const OscRun* run, uint64_t phase, uint64_t step);

/// Add the breaks of all frames
void
osc_run_steady(const OscRun* run, const OscSteady* steady);

/**
   Write the phases of shapes, which are later than breaks by half of their length.

   Four pairs of phases move at once: compilers do not pack their upper halves so well
   by themselves.  A last part of eight frames is written in full.
*/
void
osc_write_steady_phases(const Osc*       self,
                        const OscSteady* steady,
                        uint32_t*        phase,
                        uint32_t         n);

#endif // OSC_STEADY_H
