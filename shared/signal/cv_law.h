// SPDX-License-Identifier: ISC
/**
   How a control voltage becomes a gain.

   Plain arithmetic in float without branches, so that loops over frames become vector
   code if `law` is a constant in them.
*/

#ifndef CV_LAW_H
#define CV_LAW_H

#include "signal/units.h"

/// The laws, as scale points number them
typedef enum {
  CV_LAW_LINEAR,      ///< 1 for 10 V, 0.5 for 5 V
  CV_LAW_EXPONENTIAL, ///< 6 dB a volt down from 10 V; the last half volt fades to 0
  CV_LAW_QUARTIC,     ///< (CV / 10 V)^4: 1/16 for 5 V
  CV_LAW_RING         ///< 1 for 5 V, -1 for -5 V, at most 2 either way
} CvLaw;

#define CV_LAW_FADE_V 0.5f ///< Below here the exponential law bends to 0

/// 0 and 1, hidden from compilers, which find an instruction for bounds they don't know
extern const float cv_law_shut;
extern const float cv_law_open;

static inline float
cv_law_min(const float a, const float b)
{
  return a < b ? a : b;
}

/// Return a CV as part of its full scale, from `least` to 1
static inline float
cv_law_share(const float cv_v, const float least)
{
  const float share = cv_v * (1.0f / CV_MAX_V);

  return cv_law_min(share > least ? share : least, cv_law_open);
}

/**
   Return 1 at 1, 60 dB less at 0, and nevertheless 0 there.

   The sixteenth root of the gain, 10^(3/16 (share - 1)), is a minimax polynomial of
   degree 4 (by Remez exchange, held to 1 at a share of 1), whose error is
   4e-5 dB.
*/
static inline float
cv_law_exponential(const float share)
{
  static const float fade = CV_MAX_V / CV_LAW_FADE_V;

  const float below = share - 1.0f;

  float power = 0.001170987f;
  power       = power * below + 0.0131833274f;
  power       = power * below + 0.0931206852f;
  power       = power * below + 0.431726532f;
  power       = power * below + 1.0f;
  power *= power;
  power *= power;
  power *= power;
  power *= power;
  return power * cv_law_min(share * fade, cv_law_open);
}

/// Return the gain of a control voltage, which bounds it: 0 V and 10 V are 0 and 1
static inline float
cv_law_gain(const CvLaw law, const float cv_v)
{
  const float least  = law == CV_LAW_RING ? -cv_law_open : cv_law_shut;
  const float share  = cv_law_share(cv_v, least);
  const float square = share * share;

  switch (law) {
  case CV_LAW_EXPONENTIAL:
    return cv_law_exponential(share);
  case CV_LAW_QUARTIC:
    return square * square;
  case CV_LAW_RING:
    return 0.0f + 2.0f * share; // Never -0, which sums would turn into 0
  case CV_LAW_LINEAR:
  default:
    break;
  }

  return share;
}

#endif // CV_LAW_H
