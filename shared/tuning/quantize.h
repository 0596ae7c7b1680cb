// SPDX-License-Identifier: ISC
/**
   The note of a scale that a pitch is taken for, without chatter.

   Between two notes lies a boundary: half way, or close to one of them to round down or
   up.  A note that is held is left only where a pitch has passed its boundary by the
   hysteresis:

     note                d                      d + 1
                         |      boundary          |
     pitch   ------------+-----------|------------+-----
                                 <---|---> hysteresis, a quarter of the way at most
       d is left             ............/^^^^^^^^^^^^^^
       d + 1 is left  _______\...........

   On a boundary itself, the higher note is taken.
*/

#ifndef QUANTIZE_H
#define QUANTIZE_H

#include "tuning/scale.h"

#include <stdbool.h>
#include <stdint.h>

/// How far from a note to round down or up still is on it: a quarter of a cent, so that
/// the rounding of floats does not matter
#define QUANTIZE_NEAR_OCT (0.25 / 1200.0)

/// As scale points number it
typedef enum { ROUND_NEAREST, ROUND_DOWN, ROUND_UP } Rounding;

typedef struct {
  Rounding rounding;
  double   hysteresis_oct; ///< From 0
} QuantizeRule;

/// A note, and where it is left; none is held if all is 0
typedef struct {
  bool    is_held;
  int32_t number;    ///< As scale.h counts
  double  lower_oct; ///< The lowest pitch that keeps it
  double  upper_oct; ///< The lowest above that does not
} HeldNote;

/// Hold none: the next pitch is decided on without hysteresis
static inline void
held_note_drop(HeldNote* const self)
{
  self->is_held = false;
}

/// Return true if a pitch, in octaves from the root, keeps the note
static inline bool
held_note_keeps(const HeldNote* const self, const double pitch_oct)
{
  return self->is_held && pitch_oct >= self->lower_oct && pitch_oct < self->upper_oct;
}

/// Hold the note that a pitch is taken for, whichever was held
void
held_note_take(HeldNote*           self,
               const Scale*        scale,
               const QuantizeRule* rule,
               double              pitch_oct);

#endif // QUANTIZE_H
