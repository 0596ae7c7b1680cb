// SPDX-License-Identifier: ISC

#include "modulation/segment.h"

#include "math/fast_math.h"
#include "modulation/time_curve.h"

#include <math.h>
#include <string.h>

/**
   A whole ramp.

   Parts of it are integers, so that they add up to the same however a ramp is
   sliced.  The square root of it, over 1.5, is the longest ramp that is exact to the
   frame: half an hour, which is 60 s and 5 octaves, at 768 kHz.
*/
#define WHOLE (INT64_C(1) << 62)
#define PART (1.0 / (double)WHOLE)

static uint32_t
min_of(const uint32_t a, const uint32_t b)
{
  return a < b ? a : b;
}

// ---- Integers, in ways that compilers know in vectors

static inline uint64_t
bits_of(const double x)
{
  uint64_t bits = 0;
  memcpy(&bits, &x, sizeof(bits));
  return bits;
}

static inline double
double_of(const uint64_t bits)
{
  double x = 0.0;
  memcpy(&x, &bits, sizeof(x));
  return x;
}

/// Return the whole number next to `x`, which is from 0 to 2^62
static inline int64_t
to_integer(const double x)
{
  static const double upper_rounder = 0x1p52; // Leaves no bits for a fraction
  static const double lower_rounder = 0x1.8p52;

  const double   shifted = x * 0x1p-32 + upper_rounder;
  const double   rest    = x - (shifted - upper_rounder) * 0x1p32;
  const uint64_t upper   = bits_of(shifted) - bits_of(upper_rounder);
  const uint64_t lower   = bits_of(rest + lower_rounder) - bits_of(lower_rounder);

  return (int64_t)((upper << 32U) + lower);
}

/// Return a number, which is not negative, rounded as a conversion would
static inline double
to_double(const int64_t x)
{
  static const double upper_base = 0x1p84; // Of which 2^32 is the last bit
  static const double lower_base = 0x1p52;

  const double upper = double_of(bits_of(upper_base) | ((uint64_t)x >> 32U));
  const double lower = double_of(bits_of(lower_base) | ((uint64_t)x & UINT32_MAX));

  return (upper - (upper_base + lower_base)) + lower;
}

// ---- Pace

/// Return the part that a frame is of a ramp, at least one frame long, rounded up, so
/// that steps never fall short of the whole
static inline int64_t
frame_step(const double n_frames)
{
  const double part = (double)WHOLE / (n_frames > 1.0 ? n_frames : 1.0);

  return to_integer(part * (1.0 + 0x1p-52)) + 1;
}

/// Return g, the part of a ramp that is left to go with the part `q` of its time
static inline double
height_left(const double bend, const double height, const double q)
{
  return time_curve_is_straight(bend) ? q : (fast_exp2(bend * q) - 1.0) * height;
}

static void
set_cv(SegmentTiming* const self, const float cv_oct)
{
  self->cv_oct = cv_oct;
  self->n_frames =
    time_curve_frames(self->base_frames, self->scale_oct + (double)cv_oct);
  self->step         = frame_step(self->n_frames);
  self->table_frames = 0;
}

void
segment_timing_set(SegmentTiming* const self,
                   const double         n_frames,
                   const double         scale_oct,
                   const double         curve)
{
  if (self->step != 0 && n_frames == self->base_frames &&
      scale_oct == self->scale_oct && curve == self->curve) {
    return;
  }

  self->base_frames = n_frames;
  self->scale_oct   = scale_oct;
  self->curve       = curve;
  self->bend        = time_curve_bend(curve);
  self->height      = time_curve_height(self->bend);
  set_cv(self, self->cv_oct);
}

/// Make the first `n_frames` of the table: 0, 1, 2... or what powers add to 1
static void
make_table(SegmentTiming* const self, const uint32_t n_frames)
{
  const bool straight = time_curve_is_straight(self->bend);
  if (self->table_frames == 0) {
    self->table[0]     = 0.0;
    self->table_frames = 1;
    self->table_factor =
      straight ? 1.0 : fast_exp2(-self->bend * to_double(self->step) * PART);
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

// ---- Way

void
segment_begin(Segment* const self, const SegmentTiming* const pace, const double level)
{
  *self = (Segment){.start = level,
                    .share = 1.0,
                    .left  = WHOLE,
                    .step  = pace->step,
                    .bend  = pace->bend};
}

double
segment_part(const Segment* const self)
{
  const double left = to_double(self->left) * PART;

  return left < 0.0 ? 1.0 : left > 1.0 ? 0.0 : 1.0 - left;
}

static inline double
goal_at(const SegmentGoal goal, const uint32_t i)
{
  return goal.signal ? (double)goal.signal[i] : goal.level;
}

/// Bend the rest of a ramp, which goes on from the level that it has
///
/// Of the start and the goal in that level, each has the share that it had, so that a
/// goal that moves never takes the ramp beyond the two.
static void
set_bend(Segment* const self, const SegmentTiming* const pace)
{
  static const double least = 1e-9; // Where an exponential still differs from 1

  const double q   = fmax(least, to_double(self->left) * PART);
  const double was = height_left(self->bend, time_curve_height(self->bend), q);
  const double is  = height_left(pace->bend, pace->height, q);
  self->share *= was / is;
  self->bend  = pace->bend;
  self->since = 0;
}

/// Go on at a pace from where the ramp is
static void
set_pace(Segment* const self, SegmentTiming* const pace, const float cv_oct)
{
  if (cv_oct != pace->cv_oct) {
    set_cv(pace, cv_oct);
    self->since = 0;
  }
  if (pace->step != self->step) {
    self->step  = pace->step;
    self->since = 0;
  }
  if (pace->bend != self->bend) {
    set_bend(self, pace);
  }
}

/// Calculate g anew for the frame that leaves the part `left`
static void
anchor(Segment* const self, const SegmentTiming* const pace, const int64_t left)
{
  const double g     = height_left(pace->bend, pace->height, to_double(left) * PART);
  const double slope = time_curve_is_straight(pace->bend)
                         ? -to_double(pace->step) * PART
                         : g + pace->height;

  self->first = self->share * g;
  self->slope = self->share * slope;
}

/// Return the level of a ramp where g is first + slope * x
static inline float
ramp_level(const double start,
           const double goal,
           const double first,
           const double slope,
           const double x)
{
  const double way = start - goal;

  return (float)((goal + way * first) + (way * slope) * x);
}

/// Write frames of a ramp where g is first + slope * x
static void
write_levels(Segment* const      self,
             const double        first,
             const double        slope,
             const double* const x,
             const SegmentGoal   goal,
             float* const        out,
             const uint32_t      n_frames)
{
  const double start = self->start;
  const float  scale = goal.scale;

  if (goal.signal) {
    for (uint32_t i = 0; i < n_frames; ++i) {
      const double level = (double)goal.signal[i];
      out[i]             = ramp_level(start, level, first, slope, x[i]) * scale;
    }
  } else {
    for (uint32_t i = 0; i < n_frames; ++i) {
      out[i] = ramp_level(start, goal.level, first, slope, x[i]) * scale;
    }
  }

  const uint32_t last = n_frames - 1;
  self->level = (double)ramp_level(start, goal_at(goal, last), first, slope, x[last]);
}

// ---- Steady times

/// Return the goal as it is from frame `i` on
static SegmentGoal
goal_from(const SegmentGoal goal, const uint32_t i)
{
  const float* const signal = goal.signal ? goal.signal + i : NULL;

  return (SegmentGoal){goal.level, signal, goal.scale};
}

/// Write frames of a ramp at one pace
static void
go_on(Segment* const       self,
      SegmentTiming* const pace,
      const SegmentGoal    goal,
      float* const         out,
      const uint32_t       n_frames)
{
  for (uint32_t i = 0; i < n_frames;) {
    if (self->since == 0) {
      anchor(self, pace, self->left - self->step);
    }

    const uint32_t n = min_of(n_frames - i, SEGMENT_STRIDE - self->since);
    if (self->since + n > pace->table_frames) {
      make_table(pace, self->since + n);
    }
    write_levels(self,
                 self->first,
                 self->slope,
                 pace->table + self->since,
                 goal_from(goal, i),
                 out + i,
                 n);
    self->left -= n * self->step;
    self->since = (self->since + n) % SEGMENT_STRIDE;
    i += n;
  }
}

/// Return how many of `n_frames` are left in the ramp at its pace
static uint32_t
frames_left(const Segment* const self, const uint32_t n_frames)
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
  uint32_t n_same = 0;
  for (uint32_t i = 1; i < n_frames; ++i) {
    n_same += in[i] == in[i - 1];
  }
  if (!n_same) {
    return n_frames;
  }

  uint32_t n = 1;
  while (in[n] != in[n - 1]) {
    ++n;
  }
  return n;
}

/// Write g where the parts `left` are left to go
static void
write_heights(const SegmentTiming* const pace,
              const int64_t* const       left,
              double* const              heights,
              const uint32_t             n_frames)
{
  const double bend   = pace->bend;
  const double height = pace->height;

  if (time_curve_is_straight(bend)) {
    for (uint32_t i = 0; i < n_frames; ++i) {
      heights[i] = to_double(left[i]) * PART;
    }
  } else {
    for (uint32_t i = 0; i < n_frames; ++i) {
      heights[i] = (fast_exp2(bend * (to_double(left[i]) * PART)) - 1.0) * height;
    }
  }
}

/// Write frames of a ramp that each have a pace of their own; returns how many
static uint32_t
sweep(Segment* const       self,
      SegmentTiming* const pace,
      const float* const   cv_oct,
      const SegmentGoal    goal,
      float* const         out,
      const uint32_t       n_frames)
{
  const double base_frames = pace->base_frames;
  const double scale_oct   = pace->scale_oct;

  int64_t left[SEGMENT_STRIDE];
  for (uint32_t i = 0; i < n_frames; ++i) {
    left[i] = frame_step(time_curve_frames(base_frames, scale_oct + (double)cv_oct[i]));
  }

  uint32_t n = 0;
  for (; n < n_frames && self->left > 0; ++n) {
    self->left -= left[n];
    left[n] = self->left;
  }

  double heights[SEGMENT_STRIDE];
  write_heights(pace, left, heights, n);
  write_levels(self, 0.0, self->share, heights, goal, out, n);

  // As if the last frame had been an anchor: so was each
  set_cv(pace, cv_oct[n - 1]);
  self->step = pace->step;
  anchor(self, pace, self->left);
  self->since = 1;
  return n;
}

uint32_t
segment_process(Segment* const       self,
                SegmentTiming* const pace,
                const Signal         cv_oct,
                const SegmentGoal    goal,
                float* const         out,
                const uint32_t       n_frames)
{
  const float* const moving = signal_is_constant(cv_oct) ? NULL : cv_oct.frame;

  set_pace(self, pace, signal_at(cv_oct, 0));

  const uint32_t n_moving = moving && !self->since
                              ? moving_frames(moving, min_of(n_frames, SEGMENT_STRIDE))
                              : 1;
  uint32_t       n        = 0;
  if (n_moving > 1) {
    n = sweep(self, pace, moving, goal, out, n_moving);
  } else {
    n = frames_left(self, moving ? steady_frames(moving, n_frames) : n_frames);
    go_on(self, pace, goal, out, n);
  }

  if (segment_is_over(self)) {
    self->level = goal_at(goal, n - 1);
    out[n - 1]  = (float)self->level * goal.scale;
  }
  return n;
}
