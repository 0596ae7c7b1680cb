// SPDX-License-Identifier: ISC
/// The rises of gates, and the frames in which they are due

#ifndef TICKS_H
#define TICKS_H

#include <stdbool.h>
#include <stdint.h>

#define TICKS_HIGH 0.5 ///< Where a gate is high

/// Counts while blocks of a gate pass
typedef struct {
  double   frames_per_tick; ///< Exact
  uint64_t n_frames;        ///< That have passed
  uint64_t n_ticks;
  uint64_t first; ///< Frame of the first tick
  double   n_off; ///< Most frames by which any was off
  bool     is_high;
} Ticks;

/// Start to count ticks that come every so many frames
void
ticks_init(Ticks* ticks, double frames_per_tick);

/// Count on
void
ticks_count(Ticks* ticks, const float* gate, uint32_t n_frames);

/**
   Return the most frames by which a tick was off the first frame at or after its time.

   Infinity if there are fewer or more ticks than there should be by now.
*/
double
ticks_off(const Ticks* ticks);

/**
   Return the most frames by which a rise of `out` is off the same of `gate`.

   Infinity if there are fewer or more of them.
*/
double
ticks_late(const float* out, const double* gate, uint32_t n_frames);

#endif // TICKS_H
