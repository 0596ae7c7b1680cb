// SPDX-License-Identifier: ISC
/**
   When a gate or trigger input is high: a Schmitt trigger.

   The thresholds serve 10 V, 5 V and 1 V gates alike:

          ______          ______  GATE_ON_V   goes high here and above
         /      \        /
   _____/        \______/         GATE_OFF_V  goes low below here
        ^ rise    ^ fall
*/

#ifndef GATE_H
#define GATE_H

#include <stdbool.h>

#define GATE_ON_V 0.5f
#define GATE_OFF_V 0.25f
#define GATE_HIGH_V 10.0f   ///< What gate and trigger outputs send
#define TRIGGER_TIME_S 1e-3 ///< How long a trigger stays high

typedef struct {
  bool high;
} Gate;

/// Take the next frame of the input, and return true if the gate rises with it
static inline bool
gate_next(Gate* const self, const float in)
{
  const bool was_high = self->high;

  self->high = in >= (was_high ? GATE_OFF_V : GATE_ON_V);
  return self->high && !was_high;
}

#endif // GATE_H
