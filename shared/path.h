// SPDX-License-Identifier: ISC
/**
   How a phase moves between two frames, or in a part of that time.

   Places are in 2^-32 cycles.  They may leave the cycle from 0 to 1 and are not
   wrapped, so that a path tells how often it crosses a line.  Where a path starts and
   ends, whole numbers say, so neighbours agree on which of them crosses a line; when
   it does, is told by a curve through the eight frames around.
*/

#ifndef PATH_H
#define PATH_H

#include "curve.h"

#include <stdbool.h>
#include <stdint.h>

#define PATH_CYCLE 4294967296.0
#define PATH_MAX_CROSSINGS 8U ///< Most that are found at once

#define PATH_N_MOVES (CURVE_N_FRAMES - 1U)
#define PATH_MOVE CURVE_START ///< The move that a whole path is

typedef struct {
  bool    is_straight;        ///< Whether its ends tell all, and no other moves are set
  bool    has_curve;          ///< Whether its curve is known yet
  int64_t move[PATH_N_MOVES]; ///< From each of the frames around to the next
  int64_t start;              ///< Place at start_time
  int64_t end;                ///< Place at end_time
  double  start_time;         ///< From 0, the frame CURVE_START
  double  end_time;           ///< To 1, the frame CURVE_END
  int64_t origin;             ///< Place from which the curve counts
  Curve   curve;              ///< In cycles
} Path;

/// When a path crosses a line, and which way
typedef struct {
  double  time;
  int64_t line;
  double  direction; ///< 1 upwards, -1 downwards
} Crossing;

/// Make this a path through all of the time between two frames, of which moves are
/// known
static inline void
path_set_whole(Path* const self, const bool is_straight, const int64_t start)
{
  self->is_straight = is_straight;
  self->has_curve   = false;
  self->start       = start;
  self->end         = start + self->move[PATH_MOVE];
  self->start_time  = 0.0;
  self->end_time    = 1.0;
  self->origin      = start;
}

/// Go straight from one frame to the next
static inline void
path_set_straight(Path* const self, const int64_t start, const int64_t move)
{
  self->move[PATH_MOVE] = move;
  path_set_whole(self, true, start);
}

/// Go as phases do that wrap, from the first of the middle two of them, or backwards
void
path_set_phases(Path*          self,
                const uint32_t phase[CURVE_N_FRAMES],
                int64_t        start,
                int32_t        direction);

/// Go through places that don't wrap
void
path_set_places(Path* self, const int32_t place[CURVE_N_FRAMES], int64_t unit);

/// Go as one path does as seen from another, for the same part of the time
void
path_set_difference(Path* self, const Path* to, const Path* from);

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

/// Return what comes after `path_until(self, time, cut)`, if it then goes on at
/// `start`, in the same direction (1) or back (-1)
Path
path_onwards(Path* self, double time, int64_t cut, int64_t start, int32_t direction);

/// Return the path as a curve, in cycles from its origin
const Curve*
path_curve(Path* self);

/// Return the place at a time
int64_t
path_at(Path* self, double time);

/**
   Find where a path crosses lines 2^`spacing` apart, one of which is `line`.

   Returns how many there are.
*/
uint32_t
path_crossings(Path*    self,
               int64_t  line,
               unsigned spacing,
               Crossing crossing[PATH_MAX_CROSSINGS]);

#endif // PATH_H
