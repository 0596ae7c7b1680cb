// SPDX-License-Identifier: ISC
/**
   How a phase moves between two frames, or in a part of that time.

   Places are in 2^-32 cycles.  They may leave the cycle from 0 to 1 and are not
   wrapped, so that a path tells how often it crosses a line.  Where a path starts and
   ends, whole numbers say, so neighbours agree on which of them crosses a line; when
   it does, is told by a curve through the eight frames around.
*/

#ifndef PHASE_PATH_H
#define PHASE_PATH_H

#include "math/lagrange.h"

#include <stdbool.h>
#include <stdint.h>

#define PHASE_PATH_CYCLE 4294967296.0
#define PHASE_PATH_MAX_CROSSINGS 8U ///< Most that are found at once

#define PHASE_PATH_N_MOVES (LAGRANGE_N_FRAMES - 1U)
#define PHASE_PATH_MOVE LAGRANGE_START ///< The move that a whole path is

typedef struct {
  bool      is_straight; ///< Whether its ends tell all, and no other moves are set
  bool      has_curve;   ///< Whether its curve is known yet
  int64_t   move[PHASE_PATH_N_MOVES]; ///< From each of the frames around to the next
  int64_t   start;                    ///< Place at start_time
  int64_t   end;                      ///< Place at end_time
  double    start_time;               ///< From 0, the frame LAGRANGE_START
  double    end_time;                 ///< To 1, the frame LAGRANGE_END
  int64_t   origin;                   ///< Place from which the curve counts
  Lagrange8 curve;                    ///< In cycles
} PhasePath;

/// When a path crosses a line, and which way
typedef struct {
  double  time;
  int64_t line;
  double  direction; ///< 1 upwards, -1 downwards
} PhaseCrossing;

/// Make this a path through all of the time between two frames, whose moves are
/// known
static inline void
phase_path_set_whole(PhasePath* const self, const bool is_straight, const int64_t start)
{
  self->is_straight = is_straight;
  self->has_curve   = false;
  self->start       = start;
  self->end         = start + self->move[PHASE_PATH_MOVE];
  self->start_time  = 0.0;
  self->end_time    = 1.0;
  self->origin      = start;
}

/// Go straight from one frame to the next
static inline void
phase_path_set_straight(PhasePath* const self, const int64_t start, const int64_t move)
{
  self->move[PHASE_PATH_MOVE] = move;
  phase_path_set_whole(self, true, start);
}

/// Go as phases do that wrap, from the first of the middle two of them, or backwards
void
phase_path_set_phases(PhasePath*     self,
                      const uint32_t phase[LAGRANGE_N_FRAMES],
                      int64_t        start,
                      int32_t        direction);

/**
   Return true if three moves in a row are too rough for a curve: it would swing to and
   fro around a step, and cross lines that nothing crosses.

   They are if the change of their change is over 3/4 of the largest of them: so are
   steps, corners and noise, but no sine below a seventh of the sample rate.  Moves are
   in 2^-27 cycles, and less than 2^-19 cycles is always smooth.
*/
static inline bool
phase_path_is_rough(const int32_t before, const int32_t now, const int32_t after)
{
  static const int32_t floor = 1 << (27 - 19);

  const int32_t change      = after - 2 * now + before;
  const int32_t size        = change < 0 ? -change : change;
  const int32_t now_size    = now < 0 ? -now : now;
  const int32_t before_size = before < 0 ? -before : before;
  const int32_t after_size  = after < 0 ? -after : after;
  const int32_t one_side    = now_size > before_size ? now_size : before_size;
  const int32_t largest     = one_side > after_size ? one_side : after_size;
  return (size > floor) & (size > largest - (largest >> 2));
}

/// Go through places that don't wrap, 2^30 to a cycle: on a curve through
/// all of them, or straight from one to the next where they are rough
void
phase_path_set_places(PhasePath* self, const int32_t place[LAGRANGE_N_FRAMES]);

/// Go as one path does as seen from another, for the same part of the time
void
phase_path_set_difference(PhasePath* self, const PhasePath* to, const PhasePath* from);

/// Return the part of a path until `time`, when it is at `end`
static inline PhasePath
phase_path_until(const PhasePath* const self, const double time, const int64_t end)
{
  PhasePath path = *self;
  path.end_time  = time;
  path.end       = end;
  return path;
}

/// Return the part of a path from `time` on, when it is at `start`
static inline PhasePath
phase_path_since(const PhasePath* const self, const double time, const int64_t start)
{
  PhasePath path  = *self;
  path.start_time = time;
  path.start      = start;
  return path;
}

/// Return what comes after `phase_path_until(self, time, cut)`, if it then goes on at
/// `start`, in the same direction (1) or back (-1)
PhasePath
phase_path_onwards(PhasePath* self,
                   double     time,
                   int64_t    cut,
                   int64_t    start,
                   int32_t    direction);

/// Return the path as a curve, in cycles from its origin
const Lagrange8*
phase_path_curve(PhasePath* self);

/// Return the place at a time
int64_t
phase_path_at(PhasePath* self, double time);

/**
   Find where a path crosses lines 2^`spacing` apart, `line` among them.

   Returns how many there are.
*/
uint32_t
phase_path_crossings(PhasePath*    self,
                     int64_t       line,
                     unsigned      spacing,
                     PhaseCrossing crossing[PHASE_PATH_MAX_CROSSINGS]);

#endif // PHASE_PATH_H
