// SPDX-License-Identifier: ISC
/**
   A way from one level to another, in a given time and with a bend.

     y = goal + (start - goal) g,  g = (e^(c q) - 1) / (e^c - 1)

   where q falls from 1 to 0 in equal steps and c = TIME_CURVE_STEEPEST * curve:

     |      __--- curve > 0: quick at first
     |   .-   .'
     |  /   .'    curve = 0: straight, g = q
     | /  .'    /
     |/ .'   _-
     |.___---     curve < 0: slow at first

   It takes as many frames as its time rounds to, and its last frame is exactly the
   goal.  Time, curve and goal may change at any frame: the ramp then goes on from
   where it is, at the new pace.
*/

#ifndef SEGMENT_H
#define SEGMENT_H

#include "signal/signal.h"

#include <stdbool.h>
#include <stdint.h>

/// How often a ramp is calculated anew instead of being continued, in frames
#define SEGMENT_STRIDE 256U

/// How a ramp goes, and what follows from that
typedef struct {
  double base_frames; ///< Frames of the whole ramp before it is scaled
  double scale_oct;   ///< What they are multiplied by
  double curve;       ///< -1..1

  float    cv_oct;       ///< Added to the scale
  double   n_frames;     ///< Of the whole ramp
  int64_t  step;         ///< Part that a frame takes
  double   bend;         ///< The exponent c, as one of 2
  double   height;       ///< 1 / (2^bend - 1)
  uint32_t table_frames; ///< How much of the table is made: 0 or a power of 2
  double   table_factor; ///< Part that so many frames leave
  double   table[SEGMENT_STRIDE];
} SegmentTiming;

/// Where a ramp leads to: a signal, or one level if that is NULL
typedef struct {
  double       level;
  const float* signal;
  float        scale; ///< What all levels are multiplied by as they are written
} SegmentGoal;

typedef struct {
  double  start; ///< Level to start from
  double  share; ///< Of the way that g = 1 stands for, which a turned curve changes
  double  level; ///< Of the last frame
  int64_t left;  ///< Part that is left to go
  int64_t step;  ///< Of the pace that it goes at
  double  bend;

  // g = first + slope * table[since]
  uint32_t since; ///< Frames since g was calculated anew
  double   first;
  double   slope;
} Segment;

/// Set up a pace of `n_frames`, times 2^`scale_oct`
void
segment_timing_set(SegmentTiming* self,
                   double         n_frames,
                   double         scale_oct,
                   double         curve);

/// Start from `level`, with the whole way to go
void
segment_begin(Segment* self, const SegmentTiming* pace, double level);

/// Go no further
static inline void
segment_end(Segment* const self)
{
  self->left = 0;
}

/// Return true if the goal is reached
static inline bool
segment_is_over(const Segment* const self)
{
  return self->left <= 0;
}

/// Return which part of its time is over, 0 to 1
double
segment_part(const Segment* self);

/**
   Write the next frames of the ramp, up to its end, at a pace to which `cv_oct` is
   added at every frame.

   Returns how many, at least one, which may be fewer than `n_frames` before the end.
*/
uint32_t
segment_process(Segment*       self,
                SegmentTiming* pace,
                Signal         cv_oct,
                SegmentGoal    goal,
                float*         out,
                uint32_t       n_frames);

#endif // SEGMENT_H
