// SPDX-License-Identifier: ISC

#include "adsr.h"

#include <math.h>
#include <string.h>

#define FALL_TIME_S 1e-3

/// Scale and CV together count as far as this
#define TIME_RANGE_OCT 15.0

/// A curve of less bend is a straight line to every float
#define STRAIGHT 1e-6

/**
   A whole stage.

   Parts of it are integers, so that they add up to the same however a stage is
   sliced.  The square root of it is the longest stage that is exact to the frame:
   half an hour, which is 60 s and 5 octaves, at 768 kHz.
*/
#define WHOLE (INT64_C(1) << 61)
#define PART (1.0 / (double)WHOLE)

void
adsr_init(Adsr* const self, const double sample_rate)
{
  self->sample_rate = sample_rate;
  adsr_reset(self);
}

void
adsr_reset(Adsr* const self)
{
  const double sample_rate = self->sample_rate;

  *self = (Adsr){.sample_rate = sample_rate,
                 .stage       = STAGE_IDLE,
                 .left        = WHOLE,
                 .time_s      = -1.0, // None yet
                 .table       = {1.0}};
}

// ---- Stages

static void
begin(Adsr* const self, const AdsrStage stage)
{
  self->stage = stage;
  self->start = self->level;
  self->left  = WHOLE;
  self->since = 0;
}

static void
start(Adsr* const self, const AdsrMode mode)
{
  self->is_owed = false;
  if (mode != ADSR_FROM_ZERO || self->level <= 0.0) {
    begin(self, STAGE_DELAY);
  } else if (self->stage != STAGE_FALL) {
    begin(self, STAGE_FALL);
  }
}

static void
release(Adsr* const self)
{
  self->is_owed = self->stage == STAGE_FALL;
  if (!self->is_owed) {
    begin(self, STAGE_RELEASE);
  }
}

/// Return what follows a stage that is over
static AdsrStage
stage_after(const AdsrStage stage, const bool loop)
{
  switch (stage) {
  case STAGE_FALL:
    return STAGE_DELAY;
  case STAGE_DELAY:
    return STAGE_ATTACK;
  case STAGE_ATTACK:
    return STAGE_HOLD;
  case STAGE_HOLD:
    return STAGE_DECAY;
  case STAGE_DECAY:
    return loop ? STAGE_DELAY : STAGE_SUSTAIN;
  default:
    return STAGE_IDLE;
  }
}

/// Return true if a stage is left out when its time is no frame
static bool
is_optional(const AdsrStage stage)
{
  return stage == STAGE_DELAY || stage == STAGE_HOLD;
}

/// Take the next frame of the gates
static void
turn(Adsr* const            self,
     const AdsrKnobs* const knobs,
     const float            gate,
     const float            retrigger)
{
  const bool was_open = self->is_open;
  const bool again    = gate_next(&self->retrigger, retrigger);

  gate_next(&self->gate, gate);
  self->is_open = self->gate.high || knobs->manual_gate;
  if (self->is_open && (!was_open || (again && knobs->mode != ADSR_LEGATO))) {
    start(self, knobs->mode);
  } else if (!self->is_open && was_open) {
    release(self);
  }
}

// ---- Pace

/// Return the part g of a ramp's height that is left with the part `q` of its time
static double
height_left(const double bend, const double q)
{
  return fabs(bend) < STRAIGHT ? q : expm1(bend * q) / expm1(bend);
}

static void
set_time(Adsr* const self, const double time_s, const double time_oct)
{
  if (time_s != self->time_s || time_oct != self->time_oct) {
    const double n_frames = rint(time_s * self->sample_rate * exp2(time_oct));

    // Upwards, so that so many steps never fall short of the whole
    const double step = (double)WHOLE / fmax(1.0, n_frames) * (1.0 + 0x1p-52);
    self->n_frames    = n_frames;
    self->step        = (int64_t)step + 1;
    self->time_s      = time_s;
    self->time_oct    = time_oct;
    self->since       = 0;
  }
}

/// Bend the rest of a ramp, which goes on from the height that it has
static void
set_bend(Adsr* const self, const double bend, const double goal)
{
  if (bend != self->bend) {
    const double q   = (double)self->left * PART;
    const double was = height_left(self->bend, q);
    const double is  = height_left(bend, q);
    self->start      = goal + (self->start - goal) * (was / is);
    self->bend       = bend;
    self->since      = 0;
  }
}

static void
set_pace(Adsr* const            self,
         const AdsrKnobs* const knobs,
         const float            cv_oct,
         const double           goal)
{
  if (self->stage == STAGE_FALL) {
    set_time(self, FALL_TIME_S, 0.0);
  } else {
    const double oct = knobs->time_scale_oct + (double)cv_oct;
    set_time(self,
             knobs->time_s[self->stage],
             fmin(fmax(oct, -TIME_RANGE_OCT), TIME_RANGE_OCT));
  }
  set_bend(self, ADSR_STEEPEST * knobs->curve[self->stage], goal);
}

/// Return how many of `n_frames` are left in the stage
static uint32_t
frames_left(const Adsr* const self, const uint32_t n_frames)
{
  const int64_t left = (self->left - 1) / self->step + 1;

  return left < n_frames ? (uint32_t)left : n_frames;
}

// ---- Ramps

/// Calculate g anew for the next frame
static void
anchor(Adsr* const self)
{
  if (fabs(self->bend) < STRAIGHT) {
    self->offset = (double)self->left * PART;
    self->scale  = -(double)self->step * PART;
  } else {
    const double q = (double)(self->left - self->step) * PART;
    self->offset   = -1.0 / expm1(self->bend);
    self->scale    = -self->offset * exp(self->bend * q);
  }
}

/// Make the table of the frames that follow: 1, 2, 3... or powers of what a frame
/// leaves
static void
make_table(Adsr* const self)
{
  if (self->table_bend == self->bend && self->table_step == self->step) {
    return;
  }

  self->table_bend = self->bend;
  self->table_step = self->step;
  if (fabs(self->bend) < STRAIGHT) {
    for (uint32_t j = 0; j < ADSR_STRIDE; ++j) {
      self->table[j] = 1.0 + (double)j;
    }
    return;
  }

  double factor = exp(-self->bend * (double)self->step * PART);
  for (uint32_t n = 1; n < ADSR_STRIDE; n *= 2, factor *= factor) {
    for (uint32_t j = 0; j < n; ++j) {
      self->table[n + j] = self->table[j] * factor;
    }
  }
}

/// Where a ramp leads to: the signal, or the level if there is none
typedef struct {
  double       level;
  const float* signal;
} Goal;

static double
goal_at(const Goal goal, const uint32_t i)
{
  return goal.signal ? (double)goal.signal[i] : goal.level;
}

static Goal
stage_goal(const Adsr* const self, const float* const sustain)
{
  switch (self->stage) {
  case STAGE_DELAY:
    return (Goal){self->start, NULL};
  case STAGE_ATTACK:
  case STAGE_HOLD:
    return (Goal){1.0, NULL};
  case STAGE_DECAY:
    return (Goal){0.0, sustain};
  default:
    return (Goal){0.0, NULL};
  }
}

/// Write frames `start` to `end` of a ramp, which must not reach beyond the table
static void
fill(Adsr* const    self,
     const Goal     goal,
     float* const   out,
     const uint32_t start,
     const uint32_t end)
{
  const double* const table = self->table + self->since;

  for (uint32_t i = start; i < end; ++i) {
    const double height = self->offset + self->scale * table[i - start];
    const double to     = goal_at(goal, i);
    out[i]              = (float)(to + (self->start - to) * height);
  }
  self->left -= (end - start) * self->step;
  self->since = (self->since + end - start) % ADSR_STRIDE;
}

static void
ramp(Adsr* const self, const Goal goal, float* const out, const uint32_t n_frames)
{
  for (uint32_t i = 0; i < n_frames;) {
    if (self->since == 0) {
      anchor(self);
    }

    const uint32_t left = n_frames - i;
    const uint32_t room = ADSR_STRIDE - self->since;
    const uint32_t n    = left < room ? left : room;
    if (self->since + n > 1) {
      make_table(self);
    }
    fill(self, goal, out, i, i + n);
    i += n;
  }
}

// ---- Playing

/// Return how many frames of `in` are the same as the first
static uint32_t
steady_frames(const float* const in, const uint32_t n_frames)
{
  if (n_frames > 1 && in[1] != in[0]) {
    return 1;
  }

  uint32_t n_others = 0;
  for (uint32_t i = 0; i < n_frames; ++i) {
    n_others += in[i] != in[0];
  }
  if (!n_others) {
    return n_frames;
  }

  uint32_t n = 0;
  while (in[n] == in[0]) {
    ++n;
  }
  return n;
}

/// Play frames of a stage that takes time; returns how many, which may be none
static uint32_t
play_ramp(Adsr* const            self,
          const AdsrKnobs* const knobs,
          const float* const     cv_oct,
          const float* const     sustain,
          float* const           out,
          const uint32_t         n_frames)
{
  const Goal goal = stage_goal(self, sustain);

  set_pace(self, knobs, cv_oct ? *cv_oct : 0.0f, goal_at(goal, 0));
  if (self->n_frames < 1.0 && is_optional(self->stage)) {
    self->left = 0;
    return 0;
  }

  const uint32_t n_steady = cv_oct ? steady_frames(cv_oct, n_frames) : n_frames;
  const uint32_t n        = frames_left(self, n_steady);
  ramp(self, goal, out, n);
  if (self->left <= 0) {
    out[n - 1] = (float)goal_at(goal, n - 1);
  }
  return n;
}

/// Play frames of the present stage; returns how many, which may be none
static uint32_t
play(Adsr* const              self,
     const AdsrKnobs* const   knobs,
     const AdsrSignals* const in,
     const uint32_t           start,
     float* const             out,
     const uint32_t           n_frames)
{
  const float* const cv_oct  = in->time_oct[self->stage];
  const float* const sustain = in->sustain + start;

  switch (self->stage) {
  case STAGE_IDLE:
    memset(out, 0, n_frames * sizeof(float));
    return n_frames;
  case STAGE_SUSTAIN:
    if (knobs->loop) {
      begin(self, STAGE_DELAY);
      return 0;
    }
    memcpy(out, sustain, n_frames * sizeof(float));
    return n_frames;
  default:
    return play_ramp(
      self, knobs, cv_oct ? cv_oct + start : NULL, sustain, out, n_frames);
  }
}

/// Go on to the next stage if this one is over; returns true if that is worth a trigger
static bool
advance(Adsr* const self, const bool loop)
{
  const AdsrStage stage = self->stage;
  if (self->left > 0) {
    return false;
  }

  begin(self, stage_after(stage, loop));
  return stage == STAGE_RELEASE || (stage == STAGE_DECAY && loop);
}

/// Write the trigger output, and start a trigger at the last frame if `ends`
static void
send_end(Adsr* const self, float* const end, const uint32_t n_frames, const bool ends)
{
  // A frame of 0 V on either side keeps triggers apart
  const uint32_t n_high = (uint32_t)fmax(1.0, rint(TRIGGER_TIME_S * self->sample_rate));

  for (uint32_t i = 0; i < n_frames; ++i) {
    if (ends && i == n_frames - 1) {
      self->end_left = n_high + (self->end_left ? 2 : 1);
    }
    end[i] = self->end_left > 1 && self->end_left <= n_high + 1 ? GATE_HIGH_V : 0.0f;
    self->end_left -= self->end_left > 0;
  }
}

/// Return how many frames of the gates, which were given the first, leave them as they
/// are
static uint32_t
frames_to_turn(const Adsr* const        self,
               const AdsrSignals* const in,
               const uint32_t           start,
               const uint32_t           n_frames)
{
  const uint32_t n = gate_steady_frames(&self->gate, in->gate + start, n_frames);

  return gate_steady_frames(&self->retrigger, in->retrigger + start, n);
}

void
adsr_process(Adsr* const              self,
             const AdsrKnobs* const   knobs,
             const AdsrSignals* const in,
             float* const             out,
             float* const             end,
             const uint32_t           n_frames)
{
  uint32_t turns_at = 0;
  for (uint32_t i = 0; i < n_frames;) {
    if (i == turns_at) {
      turn(self, knobs, in->gate[i], in->retrigger[i]);
      turns_at += frames_to_turn(self, in, i, n_frames - i);
    }

    const bool     is_last = self->is_owed && self->stage != STAGE_FALL;
    const uint32_t n = play(self, knobs, in, i, out + i, is_last ? 1 : turns_at - i);
    if (n > 0) {
      self->level = (double)out[i + n - 1];
    }

    const bool ends = advance(self, knobs->loop);
    if (is_last && n > 0) {
      release(self);
    }
    send_end(self, end + i, n, ends);
    i += n;
  }
}
