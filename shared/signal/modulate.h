// SPDX-License-Identifier: ISC
// A knob moved by a CV, as far as a second knob lets it

#ifndef MODULATE_H
#define MODULATE_H

#include "signal/knob.h"
#include "signal/signal.h"

#include <stdbool.h>
#include <stdint.h>

/// A range that modulation does not leave
typedef struct {
  double minimum;
  double maximum;
} Range;

static inline double
range_clamp(const Range range, const double value)
{
  return value < range.minimum   ? range.minimum
         : value > range.maximum ? range.maximum
                                 : value;
}

/**
   Write value + amount * per_volt * cv for `n_frames`, within `range`.

   Both knobs must have been processed.  Returns true if all frames are the same.
*/
static inline bool
modulate(const Knob* const value,
         const Knob* const amount,
         const Signal      cv,
         const double      per_volt,
         const Range       range,
         double* const     out,
         const uint32_t    n_frames)
{
  const bool is_constant =
    !value->moves &&
    (knob_rests_at(amount, 0.0f) || (!amount->moves && signal_is_constant(cv)));
  for (uint32_t i = 0; i < n_frames; ++i) {
    const double change =
      (double)amount->value[i] * per_volt * (double)signal_at(cv, i);
    out[i] = range_clamp(range, (double)value->value[i] + change);
  }
  return is_constant;
}

/// Write the same as floats, from frame `start` of knobs and CV on
static inline void
modulate_floats(const Knob* const value,
                const Knob* const amount,
                const Signal      cv,
                const float       per_volt,
                const Range       range,
                const uint32_t    start,
                float* const      out,
                const uint32_t    n_frames)
{
  const float least = (float)range.minimum;
  const float most  = (float)range.maximum;
  for (uint32_t i = 0; i < n_frames; ++i) {
    const uint32_t at    = start + i;
    const float    moved = amount->value[at] * per_volt * signal_at(cv, at);
    const float    sum   = value->value[at] + moved;
    const float    above = sum > least ? sum : least;
    out[i]               = above < most ? above : most;
  }
}

#endif // MODULATE_H
