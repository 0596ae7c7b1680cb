// SPDX-License-Identifier: ISC

#include "level/pan.h"

#include <math.h>

/**
   Return sin(pi/2 x) for x from 0 to 1.

   Taylor's series up to x^13, within 7e-10; its last term is chosen such that the sum
   is 1 at 1.
*/
static inline double
quarter_sine(const double x)
{
  const double square = x * x;

  double sum = 5.625894905492146e-08;
  sum        = sum * square - 3.598843235212084e-06;
  sum        = sum * square + 0.00016044118478735975;
  sum        = sum * square - 0.004681754135318687;
  sum        = sum * square + 0.07969262624616703;
  sum        = sum * square - 0.6459640975062462;
  sum        = sum * square + 1.5707963267948966;
  return sum * x;
}

/// Return the gain of a side that has the share `share` of the way
static inline float
side_gain(const PanLaw law, const double share)
{
  switch (law) {
  case PAN_LAW_MINUS_4_5_DB:
    return (float)sqrt(share * quarter_sine(share));
  case PAN_LAW_LINEAR:
    return (float)share;
  case PAN_LAW_BALANCE:
    return share < 0.5 ? (float)(2.0 * share) : 1.0f;
  case PAN_LAW_EQUAL_POWER:
  default:
    break;
  }

  return (float)quarter_sine(share);
}

/// Return the share of the right side in the way from left to right
static inline double
right_share(const PanPlace* const place, const uint32_t i)
{
  const float cv_v  = place->cv_v.frame[i];
  const float pan   = place->knob.frame[i] + place->amount.frame[i] * (cv_v / PAN_CV_V);
  const float above = pan > -1.0f ? pan : -1.0f;
  const float within = above < 1.0f ? above : 1.0f;

  return 0.5 + 0.5 * (double)within;
}

/// Write gains under a law that the compiler knows
static inline void
write_gains(const PanLaw          law,
            const PanPlace* const place,
            const float* const    gain,
            float* const          left,
            float* const          right,
            const uint32_t        n_frames)
{
  for (uint32_t i = 0; i < n_frames; ++i) {
    const double share = right_share(place, i);

    left[i]  = gain[i] * side_gain(law, 1.0 - share);
    right[i] = gain[i] * side_gain(law, share);
  }
}

bool
pan_is_constant(const PanPlace* const place)
{
  return place->knob.is_constant && place->amount.is_constant &&
         (place->cv_v.is_constant || place->amount.frame[0] == 0.0f);
}

void
pan_gains(const PanLaw          law,
          const PanPlace* const place,
          const float* const    gain,
          float* const          left,
          float* const          right,
          const uint32_t        n_frames)
{
  switch (law) {
  case PAN_LAW_MINUS_4_5_DB:
    write_gains(PAN_LAW_MINUS_4_5_DB, place, gain, left, right, n_frames);
    break;
  case PAN_LAW_LINEAR:
    write_gains(PAN_LAW_LINEAR, place, gain, left, right, n_frames);
    break;
  case PAN_LAW_BALANCE:
    write_gains(PAN_LAW_BALANCE, place, gain, left, right, n_frames);
    break;
  case PAN_LAW_EQUAL_POWER:
  default:
    write_gains(PAN_LAW_EQUAL_POWER, place, gain, left, right, n_frames);
    break;
  }
}
