// SPDX-License-Identifier: ISC

#include "timing/burst.h"

#include "math/clamp.h"
#include "math/random.h"
#include "signal/fill.h"
#include "signal/steady.h"

#include <math.h>

#define UNITS 0x1p52 ///< Of a straight interval
#define NEAR_S 1e-3  ///< Trigger and clock are one event if they are closer
#define MIN_HZ 0.01
#define MAX_STEP 0.25      ///< Most intervals in a frame
#define FAR_INTERVALS 64.0 ///< Farther than any clock is from where a burst is

void
burst_init(Burst* const self, const double sample_rate)
{
  const uint32_t near_frames = (uint32_t)lround(NEAR_S * sample_rate);

  *self = (Burst){.sample_rate = sample_rate,
                  .knobs       = {.n_pulses = 1, .rate_hz = 1.0, .ratio = 1.0},
                  .near_frames = near_frames > 0U ? near_frames : 1U};
  gate_out_init(&self->out, sample_rate);
  gate_out_init(&self->end, sample_rate);
  burst_reset(self);
}

void
burst_reset(Burst* const self)
{
  const Gate low = {false};

  self->trigger     = low;
  self->clock       = low;
  self->stop        = low;
  self->runs        = false;
  self->waits       = false;
  self->n_pulses    = 1;
  self->n_played    = 0;
  self->number      = -1;
  self->passed      = 0;
  self->length      = 0;
  self->fall        = 0;
  self->step        = 0;
  self->rate_v      = 0.0f;
  self->level_v     = 0.0f;
  self->n_clocks    = 0;
  self->n_before    = 0;
  self->since_clock = self->near_frames;
  self->period      = 0;
  self->has_clock   = false;
  gate_out_reset(&self->out);
  gate_out_reset(&self->end);
}

// ---- Pace

/// Find the step of a frame, rounded up such that no pulse is late by that
static void
find_step(Burst* const self)
{
  const BurstKnobs* const knobs = &self->knobs;

  double intervals = 0.0;
  if (knobs->by == BURST_BY_RATE) {
    const double oct = clamp(knobs->rate_amount * (double)self->rate_v, -40.0, 40.0);
    intervals        = fmax(knobs->rate_hz * exp2(oct), MIN_HZ) / self->sample_rate;
  } else if (self->period > 0U) {
    intervals = knobs->ratio / (double)self->period;
  }
  self->step = (int64_t)ceil(fmin(intervals, MAX_STEP) * UNITS);
}

void
burst_set(Burst* const self, const BurstKnobs* const knobs)
{
  const bool is_other = knobs->by != self->knobs.by;

  self->knobs = *knobs;
  self->runs  = self->runs && !is_other;
  self->waits = self->waits && !is_other;
  if (is_other) {
    gate_out_set(&self->out, false);
  }
  find_step(self);
}

/// Return how much longer an interval is than a straight one, but for their sum
static double
weight_of(const Burst* const self, const uint32_t interval)
{
  const double last = self->n_pulses > 1U ? self->n_pulses - 1U : 1U;

  return exp2(BURST_BEND_OCT * self->knobs.bend * (interval / last - 0.5));
}

/// Find how long the interval after a pulse is
static void
find_length(Burst* const self, const uint32_t pulse)
{
  double part = 1.0;
  if (self->knobs.bend != 0.0) {
    double sum = 0.0;
    for (uint32_t i = 0; i < self->n_pulses; ++i) {
      sum += weight_of(self, i);
    }
    part = weight_of(self, pulse) * self->n_pulses / sum;
  }

  self->length = (int64_t)(part * UNITS);
  self->fall   = (int64_t)(part * (double)self->knobs.gate_length * UNITS);
}

// ---- Pulses

static float
level_of(const Burst* const self, const uint32_t pulse)
{
  const float last = self->n_pulses > 1U ? (float)(self->n_pulses - 1U) : 1.0f;
  const float over = (float)pulse / last;
  const float fade = self->knobs.fade;
  const float part = fade < 0.0f ? 1.0f + fade * over : 1.0f - fade * (1.0f - over);

  return self->n_pulses > 1U ? GATE_HIGH_V * part : GATE_HIGH_V;
}

static bool
passes(const Burst* const self, const uint32_t pulse)
{
  const int64_t  place  = self->number * (int64_t)BURST_MAX_PULSES + (int64_t)pulse;
  const uint64_t random = random_at(self->knobs.seed, place) >> 40U;

  return (float)random < self->knobs.chance * 0x1p24f;
}

static void
play_pulse(Burst* const self)
{
  const uint32_t pulse = self->n_played;

  find_length(self, pulse);
  self->level_v = level_of(self, pulse);
  gate_out_set(&self->out, false);
  gate_out_set(&self->out, passes(self, pulse));
  ++self->n_played;
}

static uint32_t
pulses_at(const Burst* const self, const BurstInputs* const in, const uint32_t i)
{
  const double volts = clamp((double)signal_at(in->count, i), -1000.0, 1000.0);
  const long   n =
    (long)self->knobs.n_pulses + lround(volts * (double)BURST_COUNT_PER_VOLT);

  return n < 1 ? 1U : n < (long)BURST_MAX_COUNT ? (uint32_t)n : BURST_MAX_COUNT;
}

/// Start a burst with this frame, which is as long after the true start as has passed
static void
start(Burst* const self, const BurstInputs* const in, const uint32_t i)
{
  ++self->number;
  self->runs     = true;
  self->waits    = false;
  self->n_pulses = pulses_at(self, in, i);
  self->n_played = 0;
  play_pulse(self);
}

static void
stop(Burst* const self)
{
  self->runs  = false;
  self->waits = false;
  gate_out_reset(&self->out);
}

static void
finish(Burst* const self, const BurstInputs* const in, const uint32_t i)
{
  gate_out_triggers(&self->end, 1);
  if (self->knobs.loops) {
    self->n_before += (int64_t)self->n_pulses;
    start(self, in, i);
  } else {
    self->runs = false;
    gate_out_set(&self->out, false);
  }
}

// ---- Edges

/// Go to where a clock has the burst, if it is not bent, past pulses that are missed
static void
follow_clock(Burst* const self)
{
  ++self->n_clocks;
  if (self->knobs.bend != 0.0) {
    return;
  }

  const double due    = (double)self->n_clocks * self->knobs.ratio;
  const double here   = (double)(self->n_before + (int64_t)self->n_played - 1);
  const double left   = (double)(self->n_pulses - self->n_played);
  const double missed = clamp(floor(due - here) - 1.0, 0.0, left);
  const double passed = clamp(due - here - missed, -FAR_INTERVALS, FAR_INTERVALS);
  self->n_played += (uint32_t)missed;
  self->passed = (int64_t)ceil(passed * UNITS);
}

static void
take_clock(Burst* const self, const BurstInputs* const in, const uint32_t at)
{
  self->period      = self->has_clock ? self->since_clock : 0U;
  self->has_clock   = true;
  self->since_clock = 0;
  find_step(self);
  if (self->knobs.by != BURST_BY_CLOCK) {
    return;
  }

  if (self->waits) {
    self->passed   = 0;
    self->n_clocks = 0;
    self->n_before = 0;
    start(self, in, at);
  } else if (self->runs) {
    follow_clock(self);
  }
}

static void
take_trigger(Burst* const self, const BurstInputs* const in, const uint32_t at)
{
  if (self->runs && self->knobs.retrigger != BURST_START_AGAIN) {
    const uint32_t n    = self->n_pulses + pulses_at(self, in, at);
    const bool     adds = self->knobs.retrigger == BURST_ADD;
    self->n_pulses      = !adds                  ? self->n_pulses
                          : n < BURST_MAX_PULSES ? n
                                                 : BURST_MAX_PULSES;
    return;
  }

  const bool by_clock = self->knobs.by == BURST_BY_CLOCK;
  if (by_clock && (!self->has_clock || self->since_clock >= self->near_frames)) {
    stop(self);
    self->waits = true;
    return;
  }
  self->passed   = by_clock ? (int64_t)self->since_clock * self->step : 0;
  self->n_clocks = 0;
  self->n_before = 0;
  start(self, in, at);
}

/// Take the edges of frame `at`
static void
take_edges(Burst* const self, const BurstInputs* const in, const uint32_t at)
{
  const float rate_v = signal_at(in->rate, at);
  const bool  clocks = gate_next(&self->clock, signal_at(in->clock, at));
  const bool  starts = gate_next(&self->trigger, signal_at(in->trigger, at));
  const bool  stops  = gate_next(&self->stop, signal_at(in->stop, at));

  if (rate_v != self->rate_v) {
    self->rate_v = rate_v;
    find_step(self);
  }
  if (stops) {
    stop(self);
  }
  if (clocks) {
    take_clock(self, in, at);
  }
  if (starts) {
    take_trigger(self, in, at);
  }
}

/// Return how many frames from `at` on bring nothing new
static uint32_t
quiet_frames(const Burst* const       self,
             const BurstInputs* const in,
             const uint32_t           at,
             const uint32_t           n_frames)
{
  const uint32_t n_rate = steady_value_frames(in->rate, at, n_frames);
  const uint32_t n_trigger =
    steady_gate_frames(&self->trigger, in->trigger, at, n_rate);
  const uint32_t n_clock = steady_gate_frames(&self->clock, in->clock, at, n_trigger);

  return steady_gate_frames(&self->stop, in->stop, at, n_clock);
}

// ---- Running

/// Start and end pulses in this frame, and return the frames to where that is next
static uint32_t
take_place(Burst* const             self,
           const BurstInputs* const in,
           const uint32_t           at,
           const uint32_t           n_frames)
{
  if (self->runs && self->passed >= self->length) {
    self->passed -= self->length;
    if (self->n_played < self->n_pulses) {
      play_pulse(self);
    } else {
      finish(self, in, at);
    }
  }
  if (!self->runs) {
    return n_frames;
  }

  // Before a pace is known, pulses are as short as can be
  if (self->out.gate && (self->passed >= self->fall || self->step == 0)) {
    gate_out_set(&self->out, false);
  }
  const int64_t to   = self->out.gate ? self->fall : self->length;
  const int64_t left = to - self->passed;
  if (self->step == 0 || left > self->step * (int64_t)n_frames) {
    return n_frames;
  }
  const int64_t n = left > 0 ? (left - 1) / self->step + 1 : 1;
  return n < (int64_t)n_frames ? (uint32_t)n : n_frames;
}

static void
write(Burst* const              self,
      const BurstOutputs* const out,
      const uint32_t            at,
      const uint32_t            n)
{
  gate_out_process(&self->out, out->out + at, NULL, n);
  gate_out_process(&self->end, NULL, out->end + at, n);
  gate_write(out->running + at, self->runs, n);
  fill_frames(out->level + at, self->level_v, n);
}

void
burst_process(Burst* const              self,
              const BurstInputs* const  in,
              const BurstOutputs* const out,
              const uint32_t            n_frames)
{
  for (uint32_t at = 0; at < n_frames;) {
    take_edges(self, in, at);
    const uint32_t end = at + 1U + quiet_frames(self, in, at + 1U, n_frames - at - 1U);
    while (at < end) {
      const uint32_t n = take_place(self, in, at, end - at);
      write(self, out, at, n);
      self->passed += self->runs ? self->step * (int64_t)n : 0;
      self->since_clock += n;
      at += n;
    }
  }
}
