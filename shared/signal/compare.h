// SPDX-License-Identifier: ISC
/**
   Two voltages compared: gates where one is higher, and the lower and higher of them.

     above      a gate, high from a > b + threshold + hysteresis / 2 until
                a < b + threshold - hysteresis / 2
     below      the opposite of it
     inside     a gate, high while |a - (b + threshold)| <= window, to which half of the
                hysteresis is added while it is high, and taken away while it is low
     minimum    of a and b, exactly, as the next
     maximum
     rectified  |a|
     half       a where it is above 0, else 0

   All are bounded by COMPARE_MAX_V.  Comparisons are made in double, of floats whose
   differences that represents.
*/

#ifndef COMPARE_H
#define COMPARE_H

#include "signal/signal.h"

#include <stdbool.h>
#include <stdint.h>

#define COMPARE_MAX_V 1e6f ///< As inputs are

typedef struct {
  Signal a;
  Signal b;
  Signal threshold_v;
  Signal hysteresis_v;
  Signal window_v;
} CompareInputs;

/// Outputs; each may be NULL
typedef struct {
  float* above;
  float* below;
  float* inside;
  float* minimum;
  float* maximum;
  float* rectified;
  float* half;
} CompareOutputs;

typedef struct {
  bool is_above;
  bool is_inside;
} Compare;

static inline void
compare_reset(Compare* const self)
{
  *self = (Compare){false, false};
}

/// Write `n_frames`; no input may overlap an output
void
compare_process(Compare*              self,
                const CompareInputs*  in,
                const CompareOutputs* out,
                uint32_t              n_frames);

#endif // COMPARE_H
