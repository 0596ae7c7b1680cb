// SPDX-License-Identifier: ISC

#include "modulation/adsr.h"

#include "signal/fill.h"
#include "signal/gain.h"
#include "signal/units.h"

#include <string.h>

#define FALL_TIME_S 1e-3
#define SUSTAIN_FRAMES 256U ///< Most frames of a moving sustain that are played at once

void
adsr_init(Adsr* const self, const double sample_rate)
{
  self->sample_rate = sample_rate;
  gate_out_init(&self->end, sample_rate);
  segment_timing_set(&self->pace[STAGE_FALL], FALL_TIME_S * sample_rate, 0.0, 0.0);
  adsr_set_knobs(self, &(AdsrKnobs){.mode = ADSR_FROM_CURRENT});
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
  self->ramp      = (Segment){0};
  gate_out_reset(&self->end);
}

void
adsr_set_knobs(Adsr* const self, const AdsrKnobs* const knobs)
{
  static const AdsrStage timed[] = {
    STAGE_DELAY, STAGE_ATTACK, STAGE_HOLD, STAGE_DECAY, STAGE_RELEASE};

  self->knobs = *knobs;
  for (uint32_t i = 0; i < sizeof(timed) / sizeof(timed[0]); ++i) {
    const AdsrStage stage = timed[i];
    segment_timing_set(&self->pace[stage],
                       knobs->time_s[stage] * self->sample_rate,
                       knobs->time_scale_oct,
                       knobs->curve[stage]);
  }
}

// ---- Stages

static void
begin(Adsr* const self, const AdsrStage stage)
{
  self->stage = stage;
  segment_begin(&self->ramp, &self->pace[stage], self->level);
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
turn(Adsr* const self, const float gate, const float retrigger)
{
  const AdsrMode mode     = self->knobs.mode;
  const bool     was_open = self->is_open;
  const bool     again    = gate_next(&self->retrigger, retrigger);

  gate_next(&self->gate, gate);
  self->is_open = self->gate.high || self->knobs.manual_gate;
  if (self->is_open && (!was_open || (again && mode != ADSR_LEGATO))) {
    start(self, mode);
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

/// Play a stage that takes time; returns how many frames, which may be none
static uint32_t
play_ramp(Adsr* const       self,
          const Signal      time_oct,
          const SegmentGoal goal,
          float* const      out,
          const uint32_t    n_frames)
{
  SegmentTiming* const pace = &self->pace[self->stage];
  if (is_optional(self->stage) && pace->n_frames < 1.0) {
    segment_end(&self->ramp);
    return 0;
  }

  const uint32_t n = segment_process(&self->ramp, pace, time_oct, goal, out, n_frames);
  self->level      = self->ramp.level;
  return n;
}

/// Return the sustain that a CV makes of a level
static inline float
moved_sustain(const float sustain, const float cv_v)
{
  static const float part_per_volt = 1.0f / CV_MAX_V;

  const float level = sustain + cv_v * part_per_volt;
  return level < 0.0f ? 0.0f : level > 1.0f ? 1.0f : level;
}

/// Return true if the sustain is known to be the same in all frames
static bool
is_sustain_still(const AdsrSignals* const in)
{
  return signal_is_constant(in->sustain) && signal_is_constant(in->sustain_cv_v);
}

/// Return the sustain in a frame
static float
sustain_at(const AdsrSignals* const in, const uint32_t i)
{
  return moved_sustain(signal_at(in->sustain, i), signal_at(in->sustain_cv_v, i));
}

/// Write a sustain that is not still
static void
write_sustain(const AdsrSignals* const in,
              const uint32_t           start,
              float* const             out,
              const uint32_t           n_frames)
{
  const float* const sustain = in->sustain.frame + start;
  const float* const cv_v    = signal_from(in->sustain_cv_v, start).frame;

  if (!cv_v) {
    memcpy(out, sustain, n_frames * sizeof(float));
    return;
  }

  for (uint32_t i = 0; i < n_frames; ++i) {
    out[i] = moved_sustain(sustain[i], cv_v[i]);
  }
}

/// Play the sustain; returns how many frames, which may be none
static uint32_t
play_sustain(Adsr* const              self,
             const AdsrSignals* const in,
             const uint32_t           start,
             const float              scale,
             float* const             out,
             const uint32_t           n_frames)
{
  if (self->knobs.loop) {
    begin(self, STAGE_DELAY);
    return 0;
  }

  const float last = sustain_at(in, start + n_frames - 1);
  self->level      = (double)last;
  if (is_sustain_still(in)) {
    fill_frames(out, last * scale, n_frames);
  } else {
    write_sustain(in, start, out, n_frames);
    for (uint32_t i = 0; i < n_frames; ++i) {
      out[i] *= scale;
    }
  }
  return n_frames;
}

/// Play the decay, to where the sustain is in each frame; returns how many frames
static uint32_t
play_decay(Adsr* const              self,
           const AdsrSignals* const in,
           const uint32_t           start,
           const float              scale,
           float* const             out,
           const uint32_t           n_frames)
{
  const Signal time_oct = signal_from(in->decay_oct, start);
  if (is_sustain_still(in)) {
    const SegmentGoal goal = {(double)sustain_at(in, start), NULL, scale};
    return play_ramp(self, time_oct, goal, out, n_frames);
  }

  float             sustain[SUSTAIN_FRAMES];
  const uint32_t    n    = n_frames < SUSTAIN_FRAMES ? n_frames : SUSTAIN_FRAMES;
  const SegmentGoal goal = {0.0, sustain, scale};
  write_sustain(in, start, sustain, n);
  return play_ramp(self, time_oct, goal, out, n);
}

/// Return where a stage leads to
static double
stage_level(const Adsr* const self)
{
  switch (self->stage) {
  case STAGE_DELAY:
    return self->level;
  case STAGE_ATTACK:
  case STAGE_HOLD:
    return 1.0;
  default:
    return 0.0;
  }
}

/// Return what moves the time of a stage
static Signal
stage_oct(const AdsrStage stage, const AdsrSignals* const in)
{
  static const Signal nothing = {NULL, true};

  return stage == STAGE_ATTACK    ? in->attack_oct
         : stage == STAGE_RELEASE ? in->release_oct
                                  : nothing;
}

/// Play a stage that leads to one level; returns how many frames, which may be none
static uint32_t
play_simple(Adsr* const              self,
            const AdsrSignals* const in,
            const uint32_t           start,
            const float              scale,
            float* const             out,
            const uint32_t           n_frames)
{
  const Signal      time_oct = signal_from(stage_oct(self->stage, in), start);
  const SegmentGoal goal     = {stage_level(self), NULL, scale};

  return play_ramp(self, time_oct, goal, out, n_frames);
}

/// Play the present stage; returns how many frames, which may be none
static uint32_t
play(Adsr* const              self,
     const AdsrSignals* const in,
     const uint32_t           start,
     const float              scale,
     float* const             out,
     const uint32_t           n_frames)
{
  switch (self->stage) {
  case STAGE_IDLE:
    self->level = 0.0;
    fill_frames(out, 0.0f, n_frames);
    return n_frames;
  case STAGE_SUSTAIN:
    return play_sustain(self, in, start, scale, out, n_frames);
  case STAGE_DECAY:
    return play_decay(self, in, start, scale, out, n_frames);
  default:
    return play_simple(self, in, start, scale, out, n_frames);
  }
}

/// Go on to the next stage if this one is over; returns true if that is worth a trigger
static bool
advance(Adsr* const self)
{
  const AdsrStage stage = self->stage;
  if (stage == STAGE_IDLE || stage == STAGE_SUSTAIN || !segment_is_over(&self->ramp)) {
    return false;
  }

  begin(self, stage_after(stage));
  return stage == STAGE_RELEASE || (stage == STAGE_DECAY && self->knobs.loop);
}

/// Write the trigger output from frame `start` to `stop`, unless it is NULL
static void
write_end(Adsr* const self, float* const end, const uint32_t start, const uint32_t stop)
{
  gate_out_process(&self->end, NULL, end ? end + start : NULL, stop - start);
}

// ---- Gates

/// Return how many frames leave a gate, which was given the first, as it is
static inline uint32_t
steady_frames(const Gate* const gate,
              const Signal      in,
              const uint32_t    start,
              const uint32_t    n_frames)
{
  return signal_is_constant(in) ? n_frames
                                : gate_steady_frames(gate, in.frame + start, n_frames);
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
             const AdsrSignals* const in,
             float* const             out,
             float* const             end,
             const uint32_t           n_frames)
{
  const bool  scales = signal_is_constant(in->level_v);
  const float scale  = scales ? signal_at(in->level_v, 0) : 1.0f;

  uint32_t turns_at = 0;
  uint32_t ended_at = 0; // How much of `end` is written
  bool     sounds   = false;
  for (uint32_t i = 0; i < n_frames;) {
    if (i == turns_at) {
      turn(self, signal_at(in->gate, i), signal_at(in->retrigger, i));
      turns_at += frames_to_turn(self, in, i, n_frames - i);
    }

    sounds                 = sounds || self->stage != STAGE_IDLE;
    const bool     is_last = self->is_owed && self->stage != STAGE_FALL;
    const uint32_t n_most  = is_last ? 1 : turns_at - i;
    const uint32_t n       = play(self, in, i, scale, out + i, n_most);

    i += n;
    if (advance(self)) {
      write_end(self, end, ended_at, i - 1);
      gate_out_trigger(&self->end);
      ended_at = i - 1;
    }
    if (is_last && n > 0) {
      release(self);
    }
  }

  write_end(self, end, ended_at, n_frames);
  if (sounds && !scales) {
    gain_scale(in->level_v.frame, out, n_frames);
  }
  return sounds;
}
