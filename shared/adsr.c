// SPDX-License-Identifier: ISC

#include "adsr.h"

#include <math.h>
#include <string.h>

#define FALL_TIME_S 1e-3

void
adsr_init(Adsr* const self, const double sample_rate)
{
  self->n_trigger = (uint32_t)fmax(1.0, rint(TRIGGER_TIME_S * sample_rate));
  ramp_init(&self->ramp, sample_rate);
  adsr_reset(self);
}

void
adsr_reset(Adsr* const self)
{
  self->gate      = (Gate){false};
  self->retrigger = (Gate){false};
  self->is_open   = false;
  self->is_owed   = false;
  self->stage     = STAGE_IDLE;
  self->level     = 0.0;
  self->end_left  = 0;
  ramp_reset(&self->ramp);
}

// ---- Stages

static void
begin(Adsr* const self, const AdsrStage stage)
{
  self->stage = stage;
  ramp_begin(&self->ramp, self->level);
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
stage_after(const AdsrStage stage)
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
    return STAGE_SUSTAIN;
  default:
    return STAGE_IDLE;
  }
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

// ---- Playing

/// Return true if a stage is left out when its time is no frame
static bool
is_optional(const AdsrStage stage)
{
  return stage == STAGE_DELAY || stage == STAGE_HOLD;
}

static RampGoal
stage_goal(const Adsr* const self, const float* const sustain)
{
  switch (self->stage) {
  case STAGE_DELAY:
    return (RampGoal){self->level, NULL};
  case STAGE_ATTACK:
  case STAGE_HOLD:
    return (RampGoal){1.0, NULL};
  case STAGE_DECAY:
    return (RampGoal){0.0, sustain};
  default:
    return (RampGoal){0.0, NULL};
  }
}

static RampPace
stage_pace(const Adsr* const        self,
           const AdsrKnobs* const   knobs,
           const AdsrSignals* const in,
           const uint32_t           start)
{
  const AdsrStage    stage  = self->stage;
  const float* const cv_oct = in->time_oct[stage];

  if (stage == STAGE_FALL) {
    return (RampPace){.time_s = FALL_TIME_S};
  }
  return (RampPace){.time_s    = knobs->time_s[stage],
                    .scale_oct = knobs->time_scale_oct,
                    .cv_oct    = cv_oct ? cv_oct + start : NULL,
                    .curve     = knobs->curve[stage],
                    .may_skip  = is_optional(stage)};
}

/// Play a stage that takes time; returns how many frames, which may be none
static uint32_t
play_ramp(Adsr* const              self,
          const AdsrKnobs* const   knobs,
          const AdsrSignals* const in,
          const uint32_t           start,
          float* const             out,
          const uint32_t           n_frames)
{
  const RampPace pace = stage_pace(self, knobs, in, start);
  const RampGoal goal = stage_goal(self, in->sustain + start);

  return ramp_process(&self->ramp, &pace, goal, out, n_frames);
}

/// Play the present stage; returns how many frames, which may be none
static uint32_t
play(Adsr* const              self,
     const AdsrKnobs* const   knobs,
     const AdsrSignals* const in,
     const uint32_t           start,
     float* const             out,
     const uint32_t           n_frames)
{
  switch (self->stage) {
  case STAGE_IDLE:
    memset(out, 0, n_frames * sizeof(float));
    return n_frames;
  case STAGE_SUSTAIN:
    if (knobs->loop) {
      begin(self, STAGE_DELAY);
      return 0;
    }
    memcpy(out, in->sustain + start, n_frames * sizeof(float));
    return n_frames;
  default:
    return play_ramp(self, knobs, in, start, out, n_frames);
  }
}

/// Go on to the next stage if this one is over; returns true if that is worth a trigger
static bool
advance(Adsr* const self, const bool loop)
{
  const AdsrStage stage = self->stage;
  if (stage == STAGE_IDLE || stage == STAGE_SUSTAIN || !ramp_is_over(&self->ramp)) {
    return false;
  }

  begin(self, stage_after(stage));
  return stage == STAGE_RELEASE || (stage == STAGE_DECAY && loop);
}

/// Write the trigger output, and start a trigger at the last frame if `ends`
static void
send_end(Adsr* const self, float* const end, const uint32_t n_frames, const bool ends)
{
  if (!ends && !self->end_left) {
    memset(end, 0, n_frames * sizeof(float));
    return;
  }

  // A frame of 0 V after a trigger, or before the next, keeps them apart
  for (uint32_t i = 0; i < n_frames; ++i) {
    if (ends && i == n_frames - 1) {
      self->end_left = self->n_trigger + (self->end_left ? 2 : 1);
    }
    end[i] =
      self->end_left > 1 && self->end_left <= self->n_trigger + 1 ? GATE_HIGH_V : 0.0f;
    self->end_left -= self->end_left > 0;
  }
}

/// Return a frame of a gate, which is 0 V where nothing is patched
static inline float
gate_at(const float* const in, const uint32_t i)
{
  return in ? in[i] : 0.0f;
}

/// Return how many frames leave a gate, which was given the first, as it is
static inline uint32_t
steady_frames(const Gate* const  gate,
              const float* const in,
              const uint32_t     start,
              const uint32_t     n_frames)
{
  return in ? gate_steady_frames(gate, in + start, n_frames) : n_frames;
}

/// Return how many frames leave both gates as they are
static uint32_t
frames_to_turn(const Adsr* const        self,
               const AdsrSignals* const in,
               const uint32_t           start,
               const uint32_t           n_frames)
{
  const uint32_t n = steady_frames(&self->gate, in->gate, start, n_frames);

  return steady_frames(&self->retrigger, in->retrigger, start, n);
}

bool
adsr_process(Adsr* const              self,
             const AdsrKnobs* const   knobs,
             const AdsrSignals* const in,
             float* const             out,
             float* const             end,
             const uint32_t           n_frames)
{
  uint32_t turns_at = 0;
  bool     sounds   = false;
  for (uint32_t i = 0; i < n_frames;) {
    if (i == turns_at) {
      turn(self, knobs, gate_at(in->gate, i), gate_at(in->retrigger, i));
      turns_at += frames_to_turn(self, in, i, n_frames - i);
    }

    sounds                 = sounds || self->stage != STAGE_IDLE;
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

  return sounds;
}
