// SPDX-License-Identifier: ISC

#include "modulation/slew.h"

#include "modulation/slew_steps.h"
#include "modulation/time_curve.h"
#include "signal/gate.h"

#include <math.h>
#include <string.h>

/// How much farther than a whole way an exponential may start, and go on, for roundings
#define SLACK 1e-6
#define MORE_SLACK 2e-6

/// Inputs of a run of frames
typedef struct {
  const float*       in;
  bool               is_constant;
  const SlewOutputs* out;
  uint32_t           n_frames;
  SlewSteps          steps[N_SLEW_WAYS];
} Run;

// ---- Lifetime

void
slew_init(Slew* const self, const double sample_rate)
{
  const SlewKnobs knobs[N_SLEW_WAYS] = {{0.0, 0.0, 0.0}, {0.0, 0.0, 0.0}};

  self->sample_rate = sample_rate;
  slew_set_knobs(self, SLEW_CONSTANT_RATE, knobs);
  slew_reset(self);
}

void
slew_reset(Slew* const self)
{
  self->has_started = false;
  self->moves       = false;
  self->is_bent     = false;
  self->direction   = SLEW_UP;
  self->level_v     = 0.0;
  self->in_v        = 0.0f;
  self->way_v       = SLEW_WAY_V;
  self->bent_v      = 0.0;
}

void
slew_set_knobs(Slew* const     self,
               const SlewMode  mode,
               const SlewKnobs knobs[N_SLEW_WAYS])
{
  for (int w = 0; w < N_SLEW_WAYS; ++w) {
    SlewWay* const way = &self->way[w];
    way->knobs         = knobs[w];
    way->bend          = time_curve_bend(knobs[w].curve);
    way->height        = time_curve_height(way->bend);
    slew_find_step(way, self->sample_rate, way->cv_v);
  }

  // The way that is left starts anew
  self->moves   = self->moves && mode == self->mode;
  self->is_bent = false;
  self->mode    = mode;
}

// ---- Ways

/// Start on the way to an input, or turn round
static void
begin(Slew* const self, const float in_v)
{
  const double way_v = (double)in_v - self->level_v;

  self->moves     = true;
  self->is_bent   = false;
  self->in_v      = in_v;
  self->direction = way_v > 0.0 ? SLEW_UP : SLEW_DOWN;
  self->way_v     = self->mode == SLEW_CONSTANT_RATE ? SLEW_WAY_V : fabs(way_v);
}

/// Return how far a frame may go at once from where it is
static double
reach_v(const SlewMode mode, const double reach)
{
  return mode == SLEW_CONSTANT_RATE ? reach * SLEW_WAY_V
         : reach >= 1.0             ? SLEW_ANY_REACH
                                    : 0.0;
}

/// Return up to which frame the input is not too fast, with masks that compilers know
static inline uint32_t
reachable(const Slew* const self,
          const Run* const  run,
          const uint32_t    start,
          const uint32_t    mask_up,
          const uint32_t    mask_down)
{
  const double* const up      = run->steps[SLEW_UP].reach;
  const double* const down    = run->steps[SLEW_DOWN].reach;
  double              level_v = self->level_v;
  for (uint32_t i = start; i < run->n_frames; ++i) {
    const double way_v = (double)run->in[i] - level_v;
    if (way_v > reach_v(self->mode, up[i & mask_up]) ||
        -way_v > reach_v(self->mode, down[i & mask_down])) {
      return i;
    }
    level_v = (double)run->in[i];
  }

  return run->n_frames;
}

/// Write frames that are as the input, which is not too fast; returns how many
static uint32_t
follow(Slew* const self, const Run* const run, const uint32_t start)
{
  const uint32_t up   = run->steps[SLEW_UP].mask;
  const uint32_t down = run->steps[SLEW_DOWN].mask;
  const uint32_t i    = up || down ? reachable(self, run, start, up, down)
                                   : reachable(self, run, start, 0, 0);

  self->level_v = i > start ? (double)run->in[i - 1] : self->level_v;
  if (i < run->n_frames) {
    begin(self, run->in[i]);
  }
  memcpy(run->out->out + start, run->in + start, (i - start) * sizeof(float));
  return i - start;
}

/// Frames on a way
typedef struct {
  uint32_t end;     ///< The first that was not written
  bool     is_over; ///< Whether it is so because the input is within reach, or behind
} Stretch;

static double
direction_sign(const Slew* const self)
{
  return self->direction == SLEW_UP ? 1.0 : -1.0;
}

/// Return the end of frames on a way, and whether it is over there
static Stretch
ending(const Run* const run, const uint32_t end, const bool is_over)
{
  return (Stretch){end, end < run->n_frames && is_over};
}

/// slide() with a mask that compilers know
static inline Stretch
slide_by(Slew* const      self,
         const Run* const run,
         const uint32_t   start,
         const uint32_t   mask)
{
  const double* const reach  = run->steps[self->direction].reach;
  const double* const part   = run->steps[self->direction].part;
  const float* const  in     = run->in;
  float* const        out    = run->out->out;
  const uint32_t      end    = run->n_frames;
  const double        sign   = direction_sign(self);
  const double        height = self->way_v;
  const bool          bends  = !time_curve_is_straight(self->way[self->direction].bend);
  const double        end_v  = bends ? height * (1.0 + SLACK) : 0.0;
  const bool          holds  = self->mode == SLEW_CONSTANT_TIME;
  const float         held_v = self->in_v;

  double   level_v = self->level_v;
  double   left_v  = 0.0;
  double   reach_v = 0.0;
  uint32_t i       = start;
  for (; i < end; ++i) {
    left_v  = sign * ((double)in[i] - level_v);
    reach_v = height * reach[i & mask];
    if (left_v <= (reach_v > end_v ? reach_v : end_v) || (holds && in[i] != held_v)) {
      break;
    }
    level_v += sign * height * part[i & mask];
    out[i] = (float)level_v;
  }

  self->level_v = level_v;
  self->in_v    = i > start ? in[i - 1] : held_v;
  return ending(run, i, left_v <= reach_v);
}

/// Write frames along a straight line
static Stretch
slide(Slew* const self, const Run* const run, const uint32_t start)
{
  return run->steps[self->direction].mask ? slide_by(self, run, start, UINT32_MAX)
                                          : slide_by(self, run, start, 0);
}

/// Start an exponential
static void
begin_bend(Slew* const self, const float in_v)
{
  const double offset_v = self->way_v * self->way[self->direction].height;

  self->bent_v  = direction_sign(self) * ((double)in_v - self->level_v) + offset_v;
  self->is_bent = true;
}

/// bend() with a mask and a stillness of the input that compilers know
static inline Stretch
bend_by(Slew* const      self,
        const Run* const run,
        const uint32_t   start,
        const uint32_t   mask,
        const bool       is_constant)
{
  const double* const reach    = run->steps[self->direction].reach;
  const double* const factor   = run->steps[self->direction].factor;
  const float* const  in       = run->in;
  float* const        out      = run->out->out;
  const uint32_t      end      = run->n_frames;
  const double        sign     = direction_sign(self);
  const double        height   = self->way_v;
  const double        most_v   = height * (1.0 + MORE_SLACK);
  const double        offset_v = height * self->way[self->direction].height;
  const bool          holds    = self->mode == SLEW_CONSTANT_TIME;

  double   bent_v  = self->bent_v;
  double   level_v = self->level_v;
  double   left_v  = 0.0;
  double   reach_v = 0.0;
  float    in_v    = self->in_v;
  uint32_t i       = start;
  for (; i < end; ++i) {
    const double in_way_v = is_constant ? 0.0 : sign * ((double)in[i] - (double)in_v);
    const double from_v   = is_constant ? bent_v : bent_v + in_way_v;
    left_v                = from_v - offset_v;
    reach_v               = height * reach[i & mask];
    if (left_v <= reach_v || left_v > most_v || (holds && in[i] != in_v)) {
      break;
    }
    bent_v  = from_v * factor[i & mask];
    level_v = (double)in[i] - sign * (bent_v - offset_v);
    out[i]  = (float)level_v;
    in_v    = in[i];
  }

  self->bent_v  = bent_v;
  self->level_v = level_v;
  self->in_v    = in_v;
  self->is_bent = i == end;
  return ending(run, i, left_v <= reach_v);
}

/// Write frames along an exponential
static Stretch
bend(Slew* const self, const Run* const run, const uint32_t start)
{
  const bool is_constant = run->is_constant && run->in[start] == self->in_v;
  if (run->steps[self->direction].mask) {
    return bend_by(self, run, start, UINT32_MAX, false);
  }

  return is_constant ? bend_by(self, run, start, 0, true)
                     : bend_by(self, run, start, 0, false);
}

/// Write frames on the way to the input, until it is to be bent or no more so
static Stretch
stretch(Slew* const self, const Run* const run, const uint32_t start)
{
  const float  in_v   = run->in[start];
  const double left_v = direction_sign(self) * ((double)in_v - self->level_v);
  if (self->is_bent) {
    return bend(self, run, start);
  }
  if (time_curve_is_straight(self->way[self->direction].bend) ||
      left_v > self->way_v * (1.0 + SLACK)) {
    return slide(self, run, start);
  }

  if (self->mode == SLEW_CONSTANT_RATE) {
    self->in_v = in_v;
  }
  begin_bend(self, in_v);
  return bend(self, run, start);
}

/// Write frames on the way to the input; returns how many, which may be none
static uint32_t
move(Slew* const self, const Run* const run, const uint32_t start)
{
  const Stretch done = stretch(self, run, start);
  if (done.end == run->n_frames) {
    return done.end - start;
  }

  const float  in_v   = run->in[done.end];
  const double left_v = direction_sign(self) * ((double)in_v - self->level_v);
  const bool   turns  = self->mode == SLEW_CONSTANT_TIME && in_v != self->in_v;
  if (turns || (done.is_over && left_v < 0.0)) {
    self->moves = false;
  } else if (done.is_over) {
    self->moves             = false;
    self->level_v           = (double)in_v;
    run->out->out[done.end] = in_v;
    return done.end + 1 - start;
  }
  return done.end - start;
}

// ---- Playing

/// Write the gates of frames in which it moves in a direction, or in none
static void
write_gates(const SlewOutputs* const out,
            const bool               moves,
            const SlewDirection      direction,
            const uint32_t           start,
            const uint32_t           n_frames)
{
  for (int w = 0; w < N_SLEW_WAYS; ++w) {
    if (out->moves[w]) {
      gate_write(out->moves[w] + start, moves && (int)direction == w, n_frames);
    }
  }
}

/// Write frames up to where something changes; returns how many, which may be none
static uint32_t
play(Slew* const self, const Run* const run, const uint32_t start)
{
  const bool          moves     = self->moves;
  const SlewDirection direction = self->direction;

  const uint32_t n = moves ? move(self, run, start) : follow(self, run, start);
  write_gates(run->out, moves, direction, start, n);
  return n;
}

/// Write an input that stays at the level that there is
static void
rest(const float in_v, const SlewOutputs* const out, const uint32_t n_frames)
{
  for (uint32_t i = 0; i < n_frames; ++i) {
    out->out[i] = in_v;
  }
  write_gates(out, false, SLEW_UP, 0, n_frames);
}

/// Take one frame of the way that has just begun
static void
step_off(Slew* const self, const SlewSteps* const steps, const uint32_t i)
{
  const SlewWay* const way      = &self->way[self->direction];
  const double         sign     = direction_sign(self);
  const double         offset_v = self->way_v * way->height;
  const uint32_t       at       = i & steps->mask;

  if (time_curve_is_straight(way->bend)) {
    self->level_v += sign * self->way_v * steps->part[at];
    return;
  }

  begin_bend(self, self->in_v);
  self->bent_v *= steps->factor[at];
  self->level_v = (double)self->in_v - sign * (self->bent_v - offset_v);
}

/// Return true if the input of the next frame is another one, too
static bool
is_chased(const Slew* const self, const Run* const run, const uint32_t i)
{
  return self->mode == SLEW_CONSTANT_TIME && i + 1 < run->n_frames &&
         run->in[i + 1] != run->in[i];
}

/**
   Write frames that each begin a way, as those of a moving input do at a constant time.

   It is what play() does, sooner.  Returns how many.
*/
static uint32_t
chase(Slew* const self, const Run* const run, const uint32_t start)
{
  uint32_t i = start;
  for (; is_chased(self, run, i); ++i) {
    const float            in_v  = run->in[i];
    const double           way_v = (double)in_v - self->level_v;
    const SlewDirection    to    = way_v > 0.0 ? SLEW_UP : SLEW_DOWN;
    const SlewSteps* const steps = &run->steps[to];

    self->moves   = false;
    self->is_bent = false;
    if (way_v == 0.0 || steps->reach[i & steps->mask] >= 1.0) {
      self->level_v = (double)in_v;
    } else {
      begin(self, in_v);
      step_off(self, steps, i);
    }
    run->out->out[i] = (float)self->level_v;
    write_gates(run->out, self->moves, to, i, 1);
  }
  return i - start;
}

void
slew_process(Slew* const              self,
             const SlewSignals* const in,
             const SlewOutputs* const out,
             const uint32_t           n_frames)
{
  const float in_v = in->in.frame[0];
  if (!self->has_started) {
    self->has_started = true;
    self->level_v     = (double)in_v;
  }
  if (!self->moves && in->in.is_constant && (double)in_v == self->level_v) {
    rest(in_v, out, n_frames);
    return;
  }

  SlewStepFrames frames[N_SLEW_WAYS];
  Run            run = {in->in.frame, in->in.is_constant, out, n_frames, {{0}}};
  for (int w = 0; w < N_SLEW_WAYS; ++w) {
    run.steps[w] = slew_steps_of(
      &self->way[w], self->sample_rate, in->time_cv_v[w], n_frames, &frames[w]);
  }
  for (uint32_t i = 0; i < n_frames;) {
    const bool turns = !self->moves || run.in[i] != self->in_v;
    i += turns && is_chased(self, &run, i) ? chase(self, &run, i) : play(self, &run, i);
  }
}
