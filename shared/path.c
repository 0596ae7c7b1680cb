// SPDX-License-Identifier: ISC

#include "path.h"

#include <math.h>
#include <stdbool.h>

Curve
path_curve(const Path* const self)
{
  if (self->is_straight) {
    const int64_t start    = self->frame[CURVE_START];
    const int64_t move     = self->frame[CURVE_END] - start;
    const Curve   straight = {{(double)start / PATH_CYCLE, (double)move / PATH_CYCLE}};
    return straight;
  }

  double cycles[CURVE_N_FRAMES];
  for (uint32_t f = 0; f < CURVE_N_FRAMES; ++f) {
    cycles[f] = (double)self->frame[f] / PATH_CYCLE;
  }
  return curve_through(cycles);
}

int64_t
path_at(const Path* const self, const double time)
{
  const Curve curve = path_curve(self);

  return llround(curve_value(&curve, time) * PATH_CYCLE);
}

/// Return true if the path may turn back between the frames
static bool
may_turn(const Path* const self)
{
  const int64_t* const start  = self->frame + CURVE_START;
  const int64_t* const end    = self->frame + CURVE_END;
  const bool           before = start[0] < start[-1];
  const bool           now    = end[0] < start[0];
  const bool           after  = end[1] < end[0];

  return before != now || now != after;
}

/// Return when a path that goes one way only crosses `line`
static double
crossing_time(const Path* const self, const Curve* const curve, const int64_t line)
{
  const double duration = self->end_time - self->start_time;
  const double share = (double)(line - self->start) / (double)(self->end - self->start);
  const double time  = self->start_time + share * duration;
  if (self->is_straight) {
    return time;
  }

  return curve_time(curve,
                    (double)line / PATH_CYCLE,
                    self->end > self->start,
                    time,
                    self->start_time,
                    self->end_time);
}

/// Add the crossings of a path that goes one way only
static uint32_t
add_crossings(const Path* const self,
              const int64_t     line,
              const unsigned    spacing,
              Crossing* const   crossing,
              uint32_t          n,
              Curve* const      curve)
{
  const int64_t before = (self->start - line) >> spacing;
  const int64_t after  = (self->end - line) >> spacing;
  if (before != after && n == 0) {
    *curve = path_curve(self);
  }

  const bool    rises = after > before;
  const int64_t past  = rises ? after + 1 : after;
  for (int64_t l = rises ? before + 1 : before; l != past && n < PATH_MAX_CROSSINGS;
       l += rises ? 1 : -1) {
    const int64_t at      = line + l * ((int64_t)1 << spacing);
    crossing[n].time      = crossing_time(self, curve, at);
    crossing[n].line      = at;
    crossing[n].direction = rises ? 1.0 : -1.0;
    ++n;
  }
  return n;
}

uint32_t
path_crossings(const Path* const self,
               const int64_t     line,
               const unsigned    spacing,
               Crossing          crossing[PATH_MAX_CROSSINGS],
               Curve* const      curve)
{
  if (!self->is_straight && may_turn(self)) {
    const Curve  whole = path_curve(self);
    const double turn  = curve_turn(&whole);
    if (turn > self->start_time && turn < self->end_time) {
      const int64_t  place = llround(curve_value(&whole, turn) * PATH_CYCLE);
      const Path     there = path_until(self, turn, place);
      const Path     back  = path_since(self, turn, place);
      const uint32_t n     = add_crossings(&there, line, spacing, crossing, 0, curve);
      return add_crossings(&back, line, spacing, crossing, n, curve);
    }
  }

  return add_crossings(self, line, spacing, crossing, 0, curve);
}
