// SPDX-License-Identifier: ISC

#include "ramp.h"

#include "fast_math.h"

#include <math.h>

/// Scale and CV together count as far as this
#define TIME_RANGE_OCT 15.0

/// The bend of a ramp whose curve is 1: RAMP_STEEPEST as an exponent of 2
#define STEEPEST (RAMP_STEEPEST * 1.4426950408889634)

/// A ramp of less bend is a straight line to every float
#define STRAIGHT 1e-6

/**
   A whole ramp.

   Parts of it are integers, so that they add up to the same however a ramp is
   sliced.  The square root of it is the longest ramp that is exact to the frame:
   half an hour, which is 60 s and 5 octaves, at 768 kHz.
*/
#define WHOLE (INT64_C(1) << 61)
#define PART (1.0 / (double)WHOLE)

void
ramp_init(Ramp* const self, const double sample_rate)
{
  self->sample_rate = sample_rate;
  ramp_reset(self);
}

void
ramp_reset(Ramp* const self)
{
  *self = (Ramp){.sample_rate = self->sample_rate, .time_s = -1.0}; // No time yet
}

void
ramp_begin(Ramp* const self, const double level)
{
  self->start = level;
  self->left  = WHOLE;
  self->since = 0;
}

static uint32_t
min_of(const uint32_t a, const uint32_t b)
{
  return a < b ? a : b;
}

// ---- Pace

/// Return a positive number rounded to the next whole one
static inline double
nearest(const double x)
{
  static const double rounder = 0x1p52; // Leaves no bits for a fraction

  return (x + rounder) - rounder;
}

/// Return the frames of a ramp that takes `n_frames` at 0 octaves
static inline double
scaled_frames(const double n_frames, const double time_oct)
{
  const double oct = time_oct < -TIME_RANGE_OCT  ? -TIME_RANGE_OCT
                     : time_oct > TIME_RANGE_OCT ? TIME_RANGE_OCT
                                                 : time_oct;

  return nearest(n_frames * fast_exp2(oct));
}

/// Return the part that a frame is of a ramp, at least one frame long
static inline double
frame_part(const double n_frames)
{
  return (double)WHOLE / (n_frames > 1.0 ? n_frames : 1.0);
}

/// Return a part rounded up, so that steps never fall short of the whole
static inline int64_t
part_step(const double part)
{
  return (int64_t)(part * (1.0 + 0x1p-52)) + 1;
}

static void
set_time(Ramp* const  self,
         const double time_s,
         const double scale_oct,
         const float  cv_oct)
{
  if (time_s != self->time_s || scale_oct != self->scale_oct ||
      cv_oct != self->cv_oct) {
    const double time_oct = scale_oct + (double)cv_oct;
    self->time_s          = time_s;
    self->scale_oct       = scale_oct;
    self->cv_oct          = cv_oct;
    self->n_frames        = scaled_frames(time_s * self->sample_rate, time_oct);
    self->step            = part_step(frame_part(self->n_frames));
    self->since           = 0;
  }
}

static bool
is_straight(const double bend)
{
  return bend > -STRAIGHT && bend < STRAIGHT;
}

/// Return 1 / (2^bend - 1), what a ramp's exponential is multiplied by
static double
bend_height(const double bend)
{
  return is_straight(bend) ? 0.0 : 1.0 / (fast_exp2(bend) - 1.0);
}

/// Return g, the part of a ramp that is left to go with the part `q` of its time
static inline double
height_left(const double bend, const double height, const double q)
{
  return is_straight(bend) ? q : (fast_exp2(bend * q) - 1.0) * height;
}

/// Bend the rest of a ramp, which goes on from the level that it has
static void
set_bend(Ramp* const self, const double bend, const double goal)
{
  static const double least = 1e-9; // Where an exponential still differs from 1

  if (bend != self->bend) {
    const double q      = fmax(least, (double)self->left * PART);
    const double was    = height_left(self->bend, self->height, q);
    const double height = bend_height(bend);
    self->start  = goal + (self->start - goal) * (was / height_left(bend, height, q));
    self->bend   = bend;
    self->height = height;
    self->since  = 0;
  }
}

static void
set_pace(Ramp* const self, const RampPace* const pace, const double goal)
{
  set_time(self, pace->time_s, pace->scale_oct, pace->cv_oct ? *pace->cv_oct : 0.0f);
  set_bend(self, STEEPEST * pace->curve, goal);
}

// ---- Steady times

static inline double
goal_at(const RampGoal goal, const uint32_t i)
{
  return goal.signal ? (double)goal.signal[i] : goal.level;
}

/// Return the level of a ramp of which the part `left` is left to go
static inline float
ramp_level(const double start, const double goal, const double left)
{
  return (float)(goal + (start - goal) * left);
}

/// Calculate g anew for the frame that leaves the part `left`
static void
anchor(Ramp* const self, const int64_t left)
{
  self->first = height_left(self->bend, self->height, (double)left * PART);
  self->slope =
    is_straight(self->bend) ? -(double)self->step * PART : self->first + self->height;
}

/// Make the first `n_frames` of the table: 0, 1, 2... or what powers add to 1
static void
make_table(Ramp* const self, const uint32_t n_frames)
{
  const bool straight = is_straight(self->bend);
  if (self->table_bend != self->bend || self->table_step != self->step) {
    self->table_bend   = self->bend;
    self->table_step   = self->step;
    self->table_frames = 1;
    self->table_factor =
      straight ? 1.0 : fast_exp2(-self->bend * (double)self->step * PART);
  }

  double* const table = self->table;
  for (uint32_t n = self->table_frames; n < n_frames; n *= 2) {
    const double factor = self->table_factor;
    const double offset = straight ? (double)n : factor - 1.0;
    for (uint32_t j = 0; j < n; ++j) {
      table[n + j] = table[j] * factor + offset;
    }
    self->table_frames = 2 * n;
    self->table_factor = factor * factor;
  }
}

/// Write frames `start` to `end` of a ramp, which must not reach beyond the table
static void
fill(Ramp* const    self,
     const RampGoal goal,
     float* const   out,
     const uint32_t start,
     const uint32_t end)
{
  const double* const table = self->table + self->since;
  const double        first = self->first;
  const double        slope = self->slope;
  const double        from  = self->start;

  for (uint32_t i = start; i < end; ++i) {
    out[i] = ramp_level(from, goal_at(goal, i), first + slope * table[i - start]);
  }
  self->left -= (end - start) * self->step;
  self->since = (self->since + end - start) % RAMP_STRIDE;
}

/// Write frames of a ramp at one pace
static void
go_on(Ramp* const self, const RampGoal goal, float* const out, const uint32_t n_frames)
{
  for (uint32_t i = 0; i < n_frames;) {
    if (self->since == 0) {
      anchor(self, self->left - self->step);
    }

    const uint32_t n = min_of(n_frames - i, RAMP_STRIDE - self->since);
    make_table(self, self->since + n);
    fill(self, goal, out, i, i + n);
    i += n;
  }
}

/// Return how many of `n_frames` are left in the ramp at its pace
static uint32_t
frames_left(const Ramp* const self, const uint32_t n_frames)
{
  // Spares a division where there are many
  if ((double)self->left > (double)self->step * (n_frames + 1.0)) {
    return n_frames;
  }

  const int64_t left = (self->left - 1) / self->step + 1;
  return left < n_frames ? (uint32_t)left : n_frames;
}

// ---- Moving times

/// Return how many frames of `in` are the same as the first
static uint32_t
steady_frames(const float* const in, const uint32_t n_frames)
{
  uint32_t n_others = 0;
  for (uint32_t i = 0; i < n_frames; ++i) {
    n_others += in[i] != in[0];
  }
  if (!n_others) {
    return n_frames;
  }

  uint32_t n = 1;
  while (in[n] == in[0]) {
    ++n;
  }
  return n;
}

/// Return how many frames at the start of `in` differ from the one before
static uint32_t
moving_frames(const float* const in, const uint32_t n_frames)
{
  uint32_t n = 1;
  while (n < n_frames && in[n] != in[n - 1]) {
    ++n;
  }
  return n;
}

/// Write frames of a ramp that each have a pace of their own; returns how many
static uint32_t
sweep(Ramp* const        self,
      const float* const cv_oct,
      const RampGoal     goal,
      float* const       out,
      const uint32_t     n_frames)
{
  const double n_unscaled = self->time_s * self->sample_rate;
  const double scale_oct  = self->scale_oct;
  const double bend       = self->bend;
  const double height     = self->height;
  const double from       = self->start;

  double part[RAMP_STRIDE];
  for (uint32_t i = 0; i < n_frames; ++i) {
    part[i] = frame_part(scaled_frames(n_unscaled, scale_oct + (double)cv_oct[i]));
  }

  double   left[RAMP_STRIDE];
  uint32_t n = 0;
  for (; n < n_frames && self->left > 0; ++n) {
    self->left -= part_step(part[n]);
    left[n] = (double)self->left * PART;
  }

  for (uint32_t i = 0; i < n; ++i) {
    out[i] = ramp_level(from, goal_at(goal, i), height_left(bend, height, left[i]));
  }

  // As if the last frame had been an anchor: so was each
  set_time(self, self->time_s, self->scale_oct, cv_oct[n - 1]);
  anchor(self, self->left);
  self->since = 1;
  return n;
}

uint32_t
ramp_process(Ramp* const           self,
             const RampPace* const pace,
             const RampGoal        goal,
             float* const          out,
             const uint32_t        n_frames)
{
  const float* const cv_oct = pace->cv_oct;

  set_pace(self, pace, goal_at(goal, 0));
  if (pace->may_skip && self->n_frames < 1.0) {
    self->left = 0;
    return 0;
  }

  const uint32_t n_moving =
    cv_oct && !self->since ? moving_frames(cv_oct, min_of(n_frames, RAMP_STRIDE)) : 1;
  uint32_t n = 0;
  if (n_moving > 1) {
    n = sweep(self, cv_oct, goal, out, n_moving);
  } else {
    n = frames_left(self, cv_oct ? steady_frames(cv_oct, n_frames) : n_frames);
    go_on(self, goal, out, n);
  }

  if (ramp_is_over(self)) {
    out[n - 1] = (float)goal_at(goal, n - 1);
  }
  return n;
}
