// SPDX-License-Identifier: ISC
// Values kept within limits

#ifndef CLAMP_H
#define CLAMP_H

/// Return `x`, or the limit that it is beyond; `least` must not be above `most`
static inline double
clamp(const double x, const double least, const double most)
{
  const double above = x > least ? x : least;

  return above < most ? above : most;
}

#endif // CLAMP_H
