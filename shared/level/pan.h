// SPDX-License-Identifier: ISC
/**
   A place between left and right, as two gains.

   With the share s from 0, hard left, to 1, hard right, the right gain is

     equal power   sin(pi/2 s): both are 0.70711 in the middle, the power is constant
     -4.5 dB       sqrt(s sin(pi/2 s)): the geometric mean of the two others
     linear        s: both are 0.5 in the middle, the sum is constant
     balance       2 s up to the middle, and 1 from there on

   and the left one is the same of 1 - s.  At both ends the near side is 1 and the far
   side 0, exactly.  Gains are within 1e-7 of these formulas: a float's rounding.
*/

#ifndef PAN_H
#define PAN_H

#include "signal/signal.h"

#include <stdbool.h>
#include <stdint.h>

/// The laws, as scale points number them
typedef enum {
  PAN_LAW_EQUAL_POWER,
  PAN_LAW_MINUS_4_5_DB,
  PAN_LAW_LINEAR,
  PAN_LAW_BALANCE
} PanLaw;

#define PAN_CV_V 5.0f ///< CV that goes from the middle to one side

/// Where a signal is: a knob from -1 to 1, and a CV under an amount
typedef struct {
  Signal knob;
  Signal amount;
  Signal cv_v;
} PanPlace;

/// Return true if the place is the same in all frames
bool
pan_is_constant(const PanPlace* place);

/**
   Write the gains of both sides, each times `gain`.

   The place is knob + amount * cv / PAN_CV_V, from -1 to 1.  Nothing may overlap.
*/
void
pan_gains(PanLaw          law,
          const PanPlace* place,
          const float*    gain,
          float*          left,
          float*          right,
          uint32_t        n_frames);

#endif // PAN_H
