// SPDX-License-Identifier: ISC
/**
   Meaning of knobs and voltages for times and bends.

   A bend c is that of an exponential: of a way, the part

     g = (2^(c q) - 1) / (2^c - 1)

   is left to go with the part q of the time.
*/

#ifndef TIME_CURVE_H
#define TIME_CURVE_H

#include "math/fast_math.h"

#include <stdbool.h>

#define TIME_CURVE_STEEPEST 8.0 ///< Time constants in a way whose curve is 1

/// A time is scaled as far as this
#define TIME_CURVE_RANGE_OCT 15.0

/// A way of less bend is a straight line to every float
#define TIME_CURVE_STRAIGHT 1e-6

/// Return `n_frames` times 2^`time_oct`, rounded to a whole number
static inline double
time_curve_frames(const double n_frames, const double time_oct)
{
  static const double rounder = 0x1p52; // Leaves no bits for a fraction

  const double oct = time_oct < -TIME_CURVE_RANGE_OCT  ? -TIME_CURVE_RANGE_OCT
                     : time_oct > TIME_CURVE_RANGE_OCT ? TIME_CURVE_RANGE_OCT
                                                       : time_oct;

  return (n_frames * fast_exp2(oct) + rounder) - rounder;
}

/// Return the bend of a curve from -1 to 1
static inline double
time_curve_bend(const double curve)
{
  static const double steepest =
    TIME_CURVE_STEEPEST * 1.4426950408889634; // Of 2, not of e

  return steepest * curve;
}

static inline bool
time_curve_is_straight(const double bend)
{
  return bend > -TIME_CURVE_STRAIGHT && bend < TIME_CURVE_STRAIGHT;
}

/// Return 1 / (2^bend - 1), what an exponential is multiplied by, or 0 if it is none
static inline double
time_curve_height(const double bend)
{
  return time_curve_is_straight(bend) ? 0.0 : 1.0 / (fast_exp2(bend) - 1.0);
}

#endif // TIME_CURVE_H
