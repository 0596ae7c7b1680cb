// SPDX-License-Identifier: ISC
/**
   The noise of a knob that moves under a sound.

   A sine of 100 Hz runs through the plugin.  Zipper noise is the power above 2 kHz,
   through a Kaiser window of 65536 frames at 48 kHz (as long in seconds at other
   rates) with the middle of the movement in its middle, over the whole power, in dB.
*/

#ifndef ZIPPER_H
#define ZIPPER_H

#include "measure/probe.h"

/// Step a knob; returns NaN if the role is missing or doesn't take the values
double
zipper_step_db(Probe* probe, RoleName name, double from, double to);

/// Sweep a knob evenly in octaves in one second, with a new value every block
double
zipper_sweep_db(Probe* probe, RoleName name, double from, double to);

#endif // ZIPPER_H
