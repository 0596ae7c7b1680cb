// SPDX-License-Identifier: ISC
// The end of an effect: its level, the share of the dry signal, and the bypass

#ifndef EFFECT_OUT_H
#define EFFECT_OUT_H

#include "signal/knob.h"

#include <stdint.h>

/**
   Replace the wet signal `out` by dry + share * (level * wet - dry).

   At a share of 1 the dry signal has no part in it, at 0 it is `dry` to the bit.  Both
   knobs must have been processed; `dry` may not overlap `out`.
*/
void
effect_out(const Knob*  level,
           const Knob*  share,
           const float* dry,
           float*       out,
           uint32_t     n_frames);

#endif // EFFECT_OUT_H
