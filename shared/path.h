// SPDX-License-Identifier: ISC
/**
   How a phase moves between two frames, or in a part of that time.

   Places are in 2^-32 cycles.  They may leave the cycle from 0 to 1 and are not
   wrapped, so that a path tells how often it crosses a line.
*/

#ifndef PATH_H
#define PATH_H

#include "curve.h"

#include <stdbool.h>
#include <stdint.h>

#define PATH_CYCLE 4294967296.0
#define PATH_MAX_CROSSINGS 8U ///< Most that are found at once

typedef struct {
  bool    is_straight; ///< Whether its two frames tell all, and no others are set
  int64_t frame[CURVE_N_FRAMES]; ///< Places in the frames around
  int64_t start;                 ///< Place at start_time
  int64_t end;                   ///< Place at end_time
  double  start_time;            ///< From 0, the frame CURVE_START
  double  end_time;              ///< To 1, the frame CURVE_END
} Path;

/// When a path crosses a line, and which way
typedef struct {
  double  time;
  int64_t line;
  double  direction; ///< 1 upwards, -1 downwards
} Crossing;

/// Return the place in a frame
static inline int64_t
path_frame(const Path* const self, const uint32_t f)
{
  const int64_t start = self->frame[CURVE_START];
  const int64_t end   = self->frame[CURVE_END];

  return self->is_straight ? start + (end - start) * ((int64_t)f - CURVE_START)
                           : self->frame[f];
}

/// Make this the path through all of the time between its two frames
static inline void
path_set_whole(Path* const self)
{
  self->start      = self->frame[CURVE_START];
  self->end        = self->frame[CURVE_END];
  self->start_time = 0.0;
  self->end_time   = 1.0;
}

/// Make this the path of one place as seen from another, for the same part of the time
static inline void
path_set_difference(Path* const self, const Path* const to, const Path* const from)
{
  self->is_straight = to->is_straight && from->is_straight;
  self->start       = to->start - from->start;
  self->end         = to->end - from->end;
  self->start_time  = to->start_time;
  self->end_time    = to->end_time;
  for (uint32_t f = 0; f < CURVE_N_FRAMES; ++f) {
    self->frame[f] = path_frame(to, f) - path_frame(from, f);
  }
}

/// Return the part of a path until `time`, when it is at `end`
static inline Path
path_until(const Path* const self, const double time, const int64_t end)
{
  Path path     = *self;
  path.end_time = time;
  path.end      = end;
  return path;
}

/// Return the part of a path from `time` on, when it is at `start`
static inline Path
path_since(const Path* const self, const double time, const int64_t start)
{
  Path path       = *self;
  path.start_time = time;
  path.start      = start;
  return path;
}

/// Return the path as a curve, in cycles
Curve
path_curve(const Path* self);

/// Return the place at a time
int64_t
path_at(const Path* self, double time);

/**
   Find where a path crosses lines 2^`spacing` apart, one of which is `line`.

   Returns how many there are.  `curve` is the path, if there are any.
*/
uint32_t
path_crossings(const Path* self,
               int64_t     line,
               unsigned    spacing,
               Crossing    crossing[PATH_MAX_CROSSINGS],
               Curve*      curve);

#endif // PATH_H
