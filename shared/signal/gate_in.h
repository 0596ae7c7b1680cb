// SPDX-License-Identifier: ISC
/**
   The frames of a gate input, for modules that take NULL for a gate that is low.

   Hosts keep many gates low for long: then nothing has to be looked at.
*/

#ifndef GATE_IN_H
#define GATE_IN_H

#include "signal/gate.h"
#include "signal/signal.h"

#include <stdbool.h>
#include <stddef.h>

/**
   Return the frames of a gate input, or NULL if it is low in all of them.

   To a Gate both are the same, to the bit, for GATE_OFF_V is the lower threshold.
*/
static inline const float*
gate_frames(const Signal in)
{
  const bool is_low = in.frame && in.is_constant && in.frame[0] < GATE_OFF_V;

  return is_low ? NULL : in.frame;
}

#endif // GATE_IN_H
