// SPDX-License-Identifier: ISC

#include "tuning/quantize.h"

#include <math.h>

/// Where a note meets the next one above
typedef struct {
  double at_oct;
  double hysteresis_oct; ///< To either side
} Boundary;

static Boundary
boundary_above(const Scale* const        scale,
               const QuantizeRule* const rule,
               const int32_t             number)
{
  const double below   = scale_note_oct(scale, number);
  const double above   = scale_note_oct(scale, number + 1);
  const double quarter = (above - below) / 4.0;
  const double near    = fmin(QUANTIZE_NEAR_OCT, quarter);

  return (Boundary){rule->rounding == ROUND_DOWN ? above - near
                    : rule->rounding == ROUND_UP ? below + near
                                                 : (below + above) / 2.0,
                    fmin(rule->hysteresis_oct, quarter)};
}

void
held_note_take(HeldNote* const           self,
               const Scale* const        scale,
               const QuantizeRule* const rule,
               const double              pitch_oct)
{
  const int32_t  below  = scale_note_below(scale, pitch_oct);
  const Boundary middle = boundary_above(scale, rule, below);
  const int32_t  number = below + (pitch_oct >= middle.at_oct);
  const Boundary lower  = boundary_above(scale, rule, number - 1);
  const Boundary upper  = boundary_above(scale, rule, number);

  *self = (HeldNote){true,
                     number,
                     lower.at_oct - lower.hysteresis_oct,
                     upper.at_oct + upper.hysteresis_oct};
}
