// SPDX-License-Identifier: ISC

#include "osc/phase_path.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define CYCLES (1.0 / PHASE_PATH_CYCLE) ///< Of a place

// ---- From frames to paths

/// Return true if any three of some moves are too rough for a curve
static bool
has_rough_moves(const int32_t* const move, const uint32_t n_moves)
{
  bool is_rough = false;
  for (uint32_t m = 1; m + 1U < n_moves; ++m) {
    is_rough |= phase_path_is_rough(move[m - 1U], move[m], move[m + 1U]);
  }
  return is_rough;
}

/// Return true if places are too rough for a curve
static bool
has_rough_places(const int32_t place[LAGRANGE_N_FRAMES])
{
  int32_t move[PHASE_PATH_N_MOVES];
  for (uint32_t m = 0; m < PHASE_PATH_N_MOVES; ++m) {
    move[m] = (place[m + 1U] >> 3) - (place[m] >> 3);
  }
  return has_rough_moves(move, PHASE_PATH_N_MOVES);
}

/// Return true if moves change too roughly for a curve
static bool
has_rough_speed(const PhasePath* const self)
{
  int32_t change[PHASE_PATH_N_MOVES - 1U];
  for (uint32_t m = 0; m < PHASE_PATH_N_MOVES - 1U; ++m) {
    change[m] = (int32_t)((self->move[m + 1U] - self->move[m]) >> 5);
  }
  return has_rough_moves(change, PHASE_PATH_N_MOVES - 1U);
}

void
phase_path_set_phases(PhasePath* const self,
                      const uint32_t   phase[LAGRANGE_N_FRAMES],
                      const int64_t    start,
                      const int32_t    direction)
{
  const uint32_t now   = phase[LAGRANGE_END] - phase[LAGRANGE_START];
  uint32_t       bends = 0;
  for (uint32_t m = 0; m < PHASE_PATH_N_MOVES; ++m) {
    const uint32_t move = phase[m + 1U] - phase[m];
    self->move[m]       = (int64_t)direction * (int32_t)move;
    bends |= move - now + 1U > 2U; // Less is rounding
  }
  phase_path_set_whole(self, !bends || has_rough_speed(self), start);
}

void
phase_path_set_places(PhasePath* const self, const int32_t place[LAGRANGE_N_FRAMES])
{
  static const int64_t unit = 4;

  int64_t changes = 0;
  for (uint32_t m = 0; m < PHASE_PATH_N_MOVES; ++m) {
    const int64_t move = (int64_t)place[m + 1U] - place[m];
    self->move[m]      = unit * move;
    changes |= move;
  }
  phase_path_set_whole(
    self, !changes || has_rough_places(place), unit * place[LAGRANGE_START]);
}

/// Return a move of a path, straight or not
static int64_t
move_at(const PhasePath* const self, const uint32_t m)
{
  return self->move[self->is_straight ? PHASE_PATH_MOVE : m];
}

void
phase_path_set_difference(PhasePath* const       self,
                          const PhasePath* const to,
                          const PhasePath* const from)
{
  self->is_straight = to->is_straight && from->is_straight;
  self->has_curve   = false;
  self->start       = to->start - from->start;
  self->end         = to->end - from->end;
  self->start_time  = to->start_time;
  self->end_time    = to->end_time;
  self->origin      = to->origin - from->origin;
  for (uint32_t m = 0; m < PHASE_PATH_N_MOVES && !self->is_straight; ++m) {
    self->move[m] = move_at(to, m) - move_at(from, m);
  }
  self->move[PHASE_PATH_MOVE] = to->move[PHASE_PATH_MOVE] - from->move[PHASE_PATH_MOVE];
}

PhasePath
phase_path_onwards(PhasePath* const self,
                   const double     time,
                   const int64_t    cut,
                   const int64_t    start,
                   const int32_t    direction)
{
  const Lagrange8* const curve = phase_path_curve(self);

  PhasePath path  = *self;
  path.end        = start + direction * (self->end - cut);
  path.start      = start;
  path.start_time = time;
  path.origin     = start;
  for (uint32_t m = 0; m < PHASE_PATH_N_MOVES; ++m) {
    path.move[m] *= direction;
  }
  for (uint32_t n = 0; n < LAGRANGE_N_FRAMES; ++n) {
    path.curve.c[n] = direction * curve->c[n];
  }
  path.curve.c[0] -= lagrange_value(&path.curve, time);
  return path;
}

// ---- Curves

/// Find the curve through all frames around
static void
find_curve(const PhasePath* const self, Lagrange8* const curve)
{
  double cycles[LAGRANGE_N_FRAMES] = {0.0};
  for (uint32_t f = LAGRANGE_START; f > 0; --f) {
    cycles[f - 1U] = cycles[f] - (double)self->move[f - 1U] * CYCLES;
  }
  for (uint32_t f = LAGRANGE_START; f < PHASE_PATH_N_MOVES; ++f) {
    cycles[f + 1U] = cycles[f] + (double)self->move[f] * CYCLES;
  }
  lagrange_set_through(curve, cycles);
}

const Lagrange8*
phase_path_curve(PhasePath* const self)
{
  if (!self->has_curve && self->is_straight) {
    memset(&self->curve, 0, sizeof(self->curve));
    self->curve.c[1] = (double)self->move[PHASE_PATH_MOVE] * CYCLES;
  } else if (!self->has_curve) {
    find_curve(self, &self->curve);
  }

  self->has_curve = true;
  return &self->curve;
}

int64_t
phase_path_at(PhasePath* const self, const double time)
{
  return self->origin +
         llround(lagrange_value(phase_path_curve(self), time) * PHASE_PATH_CYCLE);
}

// ---- Crossings

/// Return when a path that goes one way only crosses `line`
static double
crossing_time(PhasePath* const self, const int64_t line)
{
  const double duration = self->end_time - self->start_time;
  const double move     = (double)(self->end - self->start);
  const double share    = (double)(line - self->start) / move;
  const double time     = self->start_time + share * duration;
  if (self->is_straight) {
    return time;
  }

  // The straight line between the ends is off by this part of the time, or nearly so
  const Lagrange8* const curve = phase_path_curve(self);
  const double bulge = curve->c[2] * PHASE_PATH_CYCLE * duration * duration / move;
  return lagrange_time(curve,
                       (double)(line - self->origin) * CYCLES,
                       self->end > self->start,
                       time + bulge * share * (1.0 - share) * duration,
                       self->start_time,
                       self->end_time);
}

/// Add the crossings of a path that goes one way only
static uint32_t
add_crossings(PhasePath* const self,
              const int64_t    line,
              const unsigned   spacing,
              PhaseCrossing*   crossing,
              uint32_t         n)
{
  const int64_t before = (self->start - line) >> spacing;
  const int64_t after  = (self->end - line) >> spacing;
  const bool    rises  = after > before;
  const int64_t past   = rises ? after + 1 : after;
  for (int64_t l = rises ? before + 1 : before;
       l != past && n < PHASE_PATH_MAX_CROSSINGS;
       l += rises ? 1 : -1) {
    const int64_t at      = line + l * ((int64_t)1 << spacing);
    crossing[n].time      = crossing_time(self, at);
    crossing[n].line      = at;
    crossing[n].direction = rises ? 1.0 : -1.0;
    ++n;
  }
  return n;
}

/// Return true if the path may turn back between the frames, and cross a line there
static bool
may_turn(const PhasePath* const self, const int64_t line, const unsigned spacing)
{
  const int64_t before = self->move[PHASE_PATH_MOVE - 1U];
  const int64_t now    = self->move[PHASE_PATH_MOVE];
  const int64_t after  = self->move[PHASE_PATH_MOVE + 1U];
  if (self->is_straight || ((before < 0) == (now < 0) && (now < 0) == (after < 0))) {
    return false;
  }

  // It gets no further than this from where it was
  const int64_t reach = llabs(before) + llabs(now) + llabs(after);
  const int64_t place = self->origin - line;
  return (place - reach) >> spacing != (place + reach) >> spacing;
}

uint32_t
phase_path_crossings(PhasePath* const self,
                     const int64_t    line,
                     const unsigned   spacing,
                     PhaseCrossing    crossing[PHASE_PATH_MAX_CROSSINGS])
{
  if (may_turn(self, line, spacing)) {
    const double turn = lagrange_extremum(phase_path_curve(self));
    if (turn > self->start_time && turn < self->end_time) {
      const int64_t  place = phase_path_at(self, turn);
      PhasePath      there = phase_path_until(self, turn, place);
      PhasePath      back  = phase_path_since(self, turn, place);
      const uint32_t n     = add_crossings(&there, line, spacing, crossing, 0);
      return add_crossings(&back, line, spacing, crossing, n);
    }
  }

  return add_crossings(self, line, spacing, crossing, 0);
}
