// SPDX-License-Identifier: ISC

#include "plugin.h"
#include "turing_ports.h"

#include "modulation/turing.h"
#include "signal/gate.h"
#include "signal/gate_in.h"
#include "signal/gate_out.h"
#include "signal/knob.h"
#include "timing/steps.h"

#include <assert.h>
#include <math.h>

static_assert((int)TURING_FOLLOW_CABLE == (int)STEPS_CABLE, "as in the Turtle");
static_assert((int)TURING_FOLLOW_SONG == (int)STEPS_SONG, "as in the Turtle");
static_assert((int)TURING_SONG_STEP_1_32_TRIPLET == (int)N_SONG_NOTES - 1,
              "as in the Turtle");
static_assert((int)TURING_RESET_MODE_AT_ONCE == (int)STEPPER_AT_ONCE,
              "as in the Turtle");
static_assert((int)TURING_DICE_BY_SONG_PLACE == (int)STEPS_BY_SONG_PLACE,
              "as in the Turtle");
static_assert((int)TURING_BITS_8 == (int)TURING_BITS_1 + 7, "outputs in order");

#define FULL_PERCENT 100.0
#define FULL_V 10.0    ///< What goes over a whole range
#define MOST_V 1000.0f ///< As good as any more
#define MOST_VALUE 255.0f

/// Knobs that glide
typedef enum { RANGE, OFFSET, N_KNOBS } KnobName;

typedef struct {
  Turing    loop;
  Steps     steps;
  GateOut   gate;
  Gate      write;
  Gate      erase;
  Knob      knob[N_KNOBS];
  bool      has_seed; ///< Whether the loop has its first bits
  bool      waits;    ///< Whether the head is to be led to the next step
  bool      plays;    ///< Whether the gate of this step is not over
  uint32_t  seed;
  uint32_t  length;
  double    change;        ///< 0 to 1
  double    change_amount; ///< Of the whole range, for FULL_V
  bool      is_locked;
  StepsDice dice;
  uint32_t  gate_parts; ///< Of STEPS_PARTS
} Module;

static void
reset(void* const state)
{
  Module* const self = state;

  steps_reset(&self->steps);
  gate_out_reset(&self->gate);
  knobs_reset(self->knob, N_KNOBS);
  self->write.high = false;
  self->erase.high = false;
  self->has_seed   = false;
  self->waits      = true;
  self->plays      = false;
}

static void
init(void* const state, const double sample_rate)
{
  Module* const self = state;

  steps_init(&self->steps, sample_rate);
  gate_out_init(&self->gate, sample_rate);
  knobs_init(self->knob, N_KNOBS, sample_rate, KNOB_GLIDE_S);
  reset(state);
}

static void
plant(Module* const self, const uint32_t seed)
{
  if (!self->has_seed || seed != self->seed) {
    turing_reset(&self->loop, seed, self->length);
    self->has_seed = true;
    self->seed     = seed;
    self->waits    = true;
  }
}

static StepsSettings
read_time(const Ports* const ports)
{
  return (StepsSettings){.follow = (StepsFollow)choice(ports, TURING_FOLLOW),
                         .note   = (uint32_t)choice(ports, TURING_SONG_STEP),
                         .reset_mode =
                           (StepperResetMode)choice(ports, TURING_RESET_MODE)};
}

static void
set_controls(void* const state, const Ports* const ports)
{
  Module* const self       = state;
  const double  gate_share = (double)control(ports, TURING_GATE_LENGTH) / FULL_PERCENT;

  self->length        = (uint32_t)choice(ports, TURING_LENGTH);
  self->change        = (double)control(ports, TURING_CHANGE) / FULL_PERCENT;
  self->change_amount = (double)control(ports, TURING_CHANGE_AMOUNT);
  self->is_locked     = choice(ports, TURING_LOCK) != 0;
  self->dice          = (StepsDice)choice(ports, TURING_DICE);
  self->gate_parts    = (uint32_t)lround(gate_share * STEPS_PARTS);
  steps_set(&self->steps, read_time(ports));
  plant(self, (uint32_t)choice(ports, TURING_SEED));
  knob_set(&self->knob[RANGE], (double)control(ports, TURING_RANGE));
  knob_set(&self->knob[OFFSET], (double)control(ports, TURING_OFFSET));
}

static void
transport(void* const state, const Transport* const transport)
{
  Module* const self = state;

  steps_transport(&self->steps, transport);
}

// ---- A step

static float
bounded(const float volts)
{
  return volts > MOST_V ? MOST_V : volts < -MOST_V ? -MOST_V : volts;
}

static uint32_t
length_at(const Module* const self, const float cv_v)
{
  const double more   = (double)bounded(cv_v) / FULL_V * TURING_BITS;
  const long   length = (long)self->length + lround(more);

  return length < 1 ? 1U : length < (long)TURING_BITS ? (uint32_t)length : TURING_BITS;
}

static double
change_at(const Module* const self, const float cv_v)
{
  return self->is_locked ? 0.0
                         : self->change + self->change_amount * (double)cv_v / FULL_V;
}

static void
start(Module* const self, const Ports* const ports, const uint32_t i)
{
  const TuringStep step = {
    .length = length_at(self, signal_at(signal_in(ports, TURING_LENGTH_CV), i)),
    .change = change_at(self, signal_at(signal_in(ports, TURING_CHANGE_CV), i)),
    .seed   = self->seed,
    .dice   = steps_dice(&self->steps, self->dice),
    .writes = self->write.high,
    .erases = self->erase.high};
  if (self->waits) {
    turing_seek(&self->loop, self->steps.step);
    self->waits = false;
  }

  turing_step(&self->loop, &step);
  self->plays = turing_bit(&self->loop, 0);
  gate_out_set(&self->gate, false);
  gate_out_set(&self->gate, self->plays);
}

static void
arm(Module* const self)
{
  turing_seek(&self->loop, self->steps.step);
  gate_out_set(&self->gate, false);
  self->plays = false;
  self->waits = true;
}

/// End the gate if that is due, and return for how many frames it stays then
static uint32_t
steady_frames(Module* const self, const uint32_t n_frames)
{
  if (!self->plays) {
    return n_frames;
  }

  const Steps* const steps    = &self->steps;
  const bool         is_known = steps_period(steps) > 0.0;
  const uint32_t     n        = steps_frames_to(steps, self->gate_parts, n_frames);
  if (is_known ? n == 0U : !steps_clock_is_high(steps)) {
    gate_out_set(&self->gate, false);
    self->plays = false;
    return n_frames;
  }
  return n;
}

// ---- Frames

static void
follow_gate(Gate* const gate, const Signal in, const uint32_t from, const uint32_t to)
{
  const uint32_t n = in.is_constant && from < to ? 1U : to - from;
  if (gate_is_steady(gate, in.frame + from, n)) {
    return;
  }
  for (uint32_t i = from; i < to; ++i) {
    gate_next(gate, in.frame[i]);
  }
}

static void
follow(Module* const      self,
       const Ports* const ports,
       const uint32_t     from,
       const uint32_t     to)
{
  follow_gate(&self->write, signal_in(ports, TURING_WRITE), from, to);
  follow_gate(&self->erase, signal_in(ports, TURING_ERASE), from, to);
}

static void
write(Module* const self, const Ports* const ports, const uint32_t at, const uint32_t n)
{
  const float        share  = (float)turing_value(&self->loop) / MOST_VALUE;
  const float* const range  = self->knob[RANGE].value;
  const float* const offset = self->knob[OFFSET].value;
  float* const       cv     = signal_out(ports, TURING_CV);
  for (uint32_t i = at; i < at + n; ++i) {
    cv[i] = offset[i] + range[i] * share;
  }
  for (uint32_t b = 0; b < TURING_SEEN; ++b) {
    float* const bit = signal_out(ports, (uint32_t)TURING_BITS_1 + b);
    gate_write(bit + at, turing_bit(&self->loop, b), n);
  }
  gate_out_process(&self->gate, signal_out(ports, TURING_GATE) + at, NULL, n);
}

static void
run(void* const state, const Ports* const ports, const uint32_t n_frames)
{
  Module* const      self     = state;
  const float* const reset_in = gate_frames(signal_in(ports, TURING_RESET));
  const float* const clock_in = gate_frames(signal_in(ports, TURING_CLOCK));
  knobs_process(self->knob, N_KNOBS, n_frames);

  uint32_t at  = 0;
  uint32_t end = 0;
  while (at < n_frames) {
    const unsigned events =
      steps_take(&self->steps, reset_in, clock_in, at, n_frames, &end);
    follow(self, ports, at, at + 1U);
    if (events & STEPPER_ARMED) {
      arm(self);
    }
    if (events & STEPPER_STARTS) {
      start(self, ports, at);
    }
    follow(self, ports, at + 1U, end);
    while (at < end) {
      const uint32_t n = steady_frames(self, end - at);
      write(self, ports, at, n);
      steps_pass(&self->steps, n);
      at += n;
    }
  }
}

static size_t
state_size(const double sample_rate)
{
  (void)sample_rate;
  return sizeof(Module);
}

const Plugin plugin = {
  .uri          = TURING_URI,
  .ports        = turing_ports,
  .n_ports      = TURING_N_PORTS,
  .state_size   = state_size,
  .init         = init,
  .reset        = reset,
  .set_controls = set_controls,
  .run          = run,
  .transport    = transport,
};
