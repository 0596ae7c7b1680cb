// SPDX-License-Identifier: ISC

#include "modulation/function.h"

#include "modulation/time_curve.h"
#include "signal/fill.h"
#include "signal/steady.h"

#define WHOLE (INT64_C(1) << 62) ///< A whole way
#define LEAST_LEFT 1e-9          ///< Where an exponential still differs from 1

void
function_init(Function* const self, const double sample_rate)
{
  self->sample_rate = sample_rate;
  gate_out_init(&self->end, sample_rate);
  function_set(self, &(FunctionKnobs){{0.0}, {0.0}, false, false});
  function_reset(self);
}

void
function_reset(Function* const self)
{
  self->trigger = (Gate){false};
  self->cycle   = (Gate){false};
  self->stage   = FUNCTION_IDLE;
  self->start   = 0.0;
  self->level   = 0.0;
  self->left    = 0;
  gate_out_reset(&self->end);
}

// ---- Ways

static FunctionWay
way_of(const Function* const self)
{
  return self->stage == FUNCTION_RISES ? FUNCTION_UP : FUNCTION_DOWN;
}

static double
goal_of(const FunctionWay way)
{
  return way == FUNCTION_UP ? 1.0 : 0.0;
}

static bool
is_moving(const Function* const self)
{
  return self->stage == FUNCTION_RISES || self->stage == FUNCTION_FALLS;
}

/// Return the part of a way that is left to go with the part `q` of its time
static double
height_left(const Function* const self, const FunctionWay way, const double q)
{
  const double bend = self->bend[way];

  return time_curve_is_straight(bend) ? q
                                      : (fast_exp2(bend * q) - 1.0) * self->height[way];
}

/// Bend the rest of the way, from the level that it has
static void
rebend(Function* const self)
{
  const FunctionWay way  = way_of(self);
  const double      part = (double)self->left / (double)WHOLE;
  const double      q    = part > LEAST_LEFT ? part : LEAST_LEFT;
  const double      goal = goal_of(way);

  self->start = goal + (self->level - goal) / height_left(self, way, q);
}

void
function_set(Function* const self, const FunctionKnobs* const knobs)
{
  const FunctionWay way      = way_of(self);
  const bool        is_other = knobs->curve[way] != self->knobs.curve[way];

  self->knobs = *knobs;
  for (uint32_t w = 0; w < N_FUNCTION_WAYS; ++w) {
    self->bend[w]          = time_curve_bend(knobs->curve[w]);
    self->height[w]        = time_curve_height(self->bend[w]);
    self->step[w].is_valid = false;
  }
  if (is_other && is_moving(self)) {
    rebend(self);
  }
}

/// Return the part of a way that a frame takes
static int64_t
step_of(Function* const   self,
        const FunctionWay way,
        const float       oct,
        const bool        is_rounded)
{
  FunctionStep* const step = &self->step[way];
  if (step->is_valid && step->oct == oct && step->is_rounded == is_rounded) {
    return step->part;
  }

  const double base = self->knobs.time_s[way] * self->sample_rate;
  const double above =
    (double)oct < TIME_CURVE_RANGE_OCT ? (double)oct : TIME_CURVE_RANGE_OCT;
  const double within = above > -TIME_CURVE_RANGE_OCT ? above : -TIME_CURVE_RANGE_OCT;
  const double frames =
    is_rounded ? time_curve_frames(base, within) : base * fast_exp2(within);
  const double part    = (double)WHOLE / (frames > 1.0 ? frames : 1.0);
  const double longest = part < (double)WHOLE ? part * (1.0 + 0x1p-52) : part;
  *step                = (FunctionStep){true, is_rounded, oct, (int64_t)longest + 1};
  return step->part;
}

static void
begin(Function* const self, const FunctionStage stage)
{
  self->stage = stage;
  self->start = self->level;
  self->left  = WHOLE;
}

/// Find the level where part of a way is left
static void
find_level(Function* const self)
{
  const FunctionWay way  = way_of(self);
  const double      goal = goal_of(way);
  const double      q    = (double)self->left / (double)WHOLE;

  self->level = goal + (self->start - goal) * height_left(self, way, q);
}

// ---- Frames

/// Outputs of a frame besides its level
typedef struct {
  FunctionStage stage;   ///< In which it was
  bool          is_over; ///< Whether a way down has ended
} FrameEvents;

/// Start what the inputs of a frame ask for
static void
start_stage(Function* const self, const bool rises, const bool cycles)
{
  const bool holds = self->knobs.sustains && !cycles;

  switch (self->stage) {
  case FUNCTION_IDLE:
    if (rises || cycles) {
      begin(self, FUNCTION_RISES);
    }
    break;
  case FUNCTION_RISES:
    if (holds && !self->trigger.high) {
      begin(self, FUNCTION_FALLS);
    }
    break;
  case FUNCTION_SUSTAINS:
    if (!holds || !self->trigger.high) {
      begin(self, FUNCTION_FALLS);
    }
    break;
  case FUNCTION_FALLS:
    if (rises) {
      begin(self, FUNCTION_RISES);
    }
    break;
  }
}

/// Go on to the next way with what is left of a frame, of steps that are not rounded
static void
turn_round(Function* const self, const float* const oct, const int64_t step)
{
  const double        carry = (double)-self->left / (double)step;
  const FunctionWay   way   = way_of(self) == FUNCTION_UP ? FUNCTION_DOWN : FUNCTION_UP;
  const int64_t       next  = step_of(self, way, oct[way], false);
  const FunctionStage stage = way == FUNCTION_UP ? FUNCTION_RISES : FUNCTION_FALLS;

  self->level = 1.0 - goal_of(way);
  begin(self, stage);
  self->left -= (int64_t)(carry * (double)next);
  find_level(self);
}

/// Arrive where a way leads to, exactly
static void
arrive(Function* const self)
{
  const bool was_up = self->stage == FUNCTION_RISES;

  self->level = goal_of(way_of(self));
  if (!was_up) {
    self->stage = FUNCTION_IDLE;
  } else if (self->knobs.sustains) {
    self->stage = FUNCTION_SUSTAINS;
  } else {
    begin(self, FUNCTION_FALLS);
  }
}

/// Go one frame on the way
static FrameEvents
advance(Function* const self, const float* const oct, const bool cycles)
{
  FrameEvents events = {self->stage, false};
  if (!is_moving(self)) {
    return events;
  }

  const FunctionWay way  = way_of(self);
  const int64_t     step = step_of(self, way, oct[way], !cycles);
  self->left -= step;
  if (self->left > 0) {
    find_level(self);
    return events;
  }

  events.is_over = way == FUNCTION_DOWN;
  if (cycles) {
    turn_round(self, oct, step);
  } else {
    arrive(self);
  }
  return events;
}

static void
write_frame(const Function* const        self,
            const FunctionOutputs* const out,
            const FunctionStage          stage,
            const uint32_t               i)
{
  out->level[i] = (float)self->level;
  if (out->moves[FUNCTION_UP]) {
    out->moves[FUNCTION_UP][i] = stage == FUNCTION_RISES ? GATE_HIGH_V : 0.0f;
  }
  if (out->moves[FUNCTION_DOWN]) {
    out->moves[FUNCTION_DOWN][i] = stage == FUNCTION_FALLS ? GATE_HIGH_V : 0.0f;
  }
}

/// Write frames in which nothing starts and nothing moves; returns how many
static uint32_t
stay(Function* const              self,
     const FunctionSignals* const in,
     const FunctionOutputs* const out,
     const uint32_t               start,
     const uint32_t               n_frames)
{
  if (is_moving(self) || self->knobs.cycles || self->cycle.high ||
      (self->stage == FUNCTION_SUSTAINS &&
       (!self->knobs.sustains || !self->trigger.high))) {
    return 0;
  }

  const uint32_t n_left = n_frames - start;
  const uint32_t n_idle =
    steady_gate_frames_from(&self->trigger, in->trigger, start, n_left);
  const uint32_t n = steady_gate_frames_from(&self->cycle, in->cycle, start, n_idle);
  fill_frames(out->level + start, (float)self->level, n);
  for (uint32_t w = 0; w < N_FUNCTION_WAYS; ++w) {
    if (out->moves[w]) {
      gate_write(out->moves[w] + start, false, n);
    }
  }
  return n;
}

void
function_process(Function* const              self,
                 const FunctionSignals* const in,
                 const FunctionOutputs* const out,
                 const uint32_t               n_frames)
{
  uint32_t ended = 0; // Up to where the trigger is written
  for (uint32_t i = 0; i < n_frames; ++i) {
    i += stay(self, in, out, i, n_frames);
    if (i == n_frames) {
      break;
    }
    const float oct[] = {in->oct[FUNCTION_UP][i], in->oct[FUNCTION_DOWN][i]};
    const bool  rises = gate_next(&self->trigger, in->trigger.frame[i]);
    (void)gate_next(&self->cycle, in->cycle.frame[i]);
    const bool cycles = self->knobs.cycles || self->cycle.high;

    start_stage(self, rises, cycles);
    const FrameEvents events = advance(self, oct, cycles);
    write_frame(self, out, events.stage, i);
    if (events.is_over) {
      gate_out_process(&self->end, NULL, out->end + ended, i - ended);
      gate_out_trigger(&self->end);
      ended = i;
    }
  }
  gate_out_process(&self->end, NULL, out->end + ended, n_frames - ended);
}
