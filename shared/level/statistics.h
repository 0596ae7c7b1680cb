// SPDX-License-Identifier: ISC
/**
   Sums over the frames of a signal: mean, power, extremes, and how many are beyond
   full scale.

   Frame n goes to the sums n mod STATISTICS_LANES, so that compilers make vectors of
   them, and so that results are the same to the bit however frames are sliced.  The
   mean of frames that are all the same is that float.
*/

#ifndef STATISTICS_H
#define STATISTICS_H

#include "signal/signal.h"

#include <stdint.h>

#define STATISTICS_LANES 4U

typedef struct {
  uint64_t n_frames;
  double   sum[STATISTICS_LANES];
  double   power[STATISTICS_LANES]; ///< Sum of squares
  float    lowest[STATISTICS_LANES];
  float    highest[STATISTICS_LANES];
  uint32_t n_beyond[STATISTICS_LANES]; ///< Frames beyond +-1
} Statistics;

/// Forget all frames
void
statistics_reset(Statistics* self);

/// Take `n_frames`, which costs next to nothing if they are known to be 0
void
statistics_add(Statistics* self, Signal in, uint32_t n_frames);

// ---- Results, of one frame or more

double
statistics_mean(const Statistics* self);

/// Return the mean of all squares
double
statistics_power(const Statistics* self);

float
statistics_lowest(const Statistics* self);

float
statistics_highest(const Statistics* self);

/// Return how many frames were beyond +-1
uint32_t
statistics_beyond(const Statistics* self);

#endif // STATISTICS_H
