// SPDX-License-Identifier: ISC

#include "lfo_ports.h"
#include "plugin.h"

#include "display/drawing.h"
#include "osc/lfo.h"
#include "osc/lfo_waves.h"
#include "signal/knob.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

static_assert((int)LFO_WAVEFORM_SINE == (int)LFO_SINE, "as in the Turtle");
static_assert((int)LFO_WAVEFORM_TRIANGLE == (int)LFO_TRIANGLE, "as in the Turtle");
static_assert((int)LFO_WAVEFORM_SAW_UP == (int)LFO_SAW_UP, "as in the Turtle");
static_assert((int)LFO_WAVEFORM_SAW_DOWN == (int)LFO_SAW_DOWN, "as in the Turtle");
static_assert((int)LFO_WAVEFORM_PULSE == (int)LFO_PULSE, "as in the Turtle");
static_assert((int)LFO_WAVEFORM_STEPPED == (int)LFO_STEPPED, "as in the Turtle");
static_assert((int)LFO_WAVEFORM_SMOOTH == (int)LFO_SMOOTH, "as in the Turtle");
static_assert((int)LFO_SPEED_FREQUENCY == (int)LFO_FREE, "as in the Turtle");
static_assert((int)LFO_SPEED_CLOCK == (int)LFO_CLOCKED, "as in the Turtle");
static_assert((int)LFO_SPEED_TEMPO == (int)LFO_IN_TEMPO, "as in the Turtle");
static_assert((int)LFO_RATIO_32 == (int)N_CLOCK_RATIOS - 1, "as in the Turtle");
static_assert((int)LFO_NOTE_1_32_TRIPLET == (int)N_SONG_NOTES - 1, "as in the Turtle");

#define FULL_V 5.0 ///< How far a wave of full level swings
#define CYCLE_DEGREES 360.0
#define CYCLE_V 10.0f ///< What shifts by a whole cycle
#define FULL_PERCENT 100.0

/// Knobs that glide
typedef enum {
  FREQUENCY, ///< Octaves from 1 Hz
  FREQUENCY_AMOUNT,
  PHASE, ///< Cycles
  PHASE_AMOUNT,
  WIDTH,  ///< Part of the cycle
  SWING,  ///< Volts from the centre to the top
  CENTRE, ///< Volts
  WEIGHT, ///< Of the first wave, so that a change of waveform fades
  N_KNOBS = WEIGHT + N_LFO_WAVES
} KnobName;

typedef struct {
  Lfo      lfo;
  double   frequency_hz;
  float    frequency_oct; ///< The same in octaves from 1 Hz
  LfoWave  wave;
  uint32_t seed;
  bool     rests; ///< Whether all knobs do
  Knob     knob[N_KNOBS];
} Module;

static void
reset(void* const state)
{
  Module* const self = state;

  lfo_reset(&self->lfo);
  self->rests = false;
  knobs_reset(self->knob, N_KNOBS);
}

static void
init(void* const state, const double sample_rate)
{
  Module* const self = state;

  lfo_init(&self->lfo, sample_rate);
  knobs_init(self->knob, N_KNOBS, sample_rate, KNOB_GLIDE_S);
}

static void
turn_knobs(Module* const self, const Ports* const ports)
{
  const double swing_v = FULL_V * control(ports, LFO_LEVEL) / FULL_PERCENT;
  const double floor_v = choice(ports, LFO_UNIPOLAR) ? swing_v : 0.0;

  Knob* const knob = self->knob;
  knob_set(&knob[FREQUENCY], log2(self->frequency_hz));
  knob_set(&knob[FREQUENCY_AMOUNT], control(ports, LFO_FREQUENCY_AMOUNT));
  knob_set(&knob[PHASE], control(ports, LFO_PHASE) / CYCLE_DEGREES);
  knob_set(&knob[PHASE_AMOUNT], control(ports, LFO_PHASE_AMOUNT));
  knob_set(&knob[WIDTH], control(ports, LFO_PULSE_WIDTH) / FULL_PERCENT);
  knob_set(&knob[SWING], swing_v);
  knob_set(&knob[CENTRE], control(ports, LFO_OFFSET) + floor_v);
  for (int w = 0; w < N_LFO_WAVES; ++w) {
    knob_set(&knob[WEIGHT + w], w == (int)self->wave ? 1.0 : 0.0);
  }
  self->rests = false;
}

static void
set_controls(void* const state, const Ports* const ports)
{
  Module* const     self     = state;
  const LfoSettings settings = {(LfoSpeed)choice(ports, LFO_SPEED),
                                (uint32_t)choice(ports, LFO_RATIO),
                                (uint32_t)choice(ports, LFO_NOTE)};

  self->frequency_hz  = (double)control(ports, LFO_FREQUENCY);
  self->frequency_oct = (float)log2(self->frequency_hz);
  self->wave          = (LfoWave)choice(ports, LFO_WAVEFORM);
  self->seed          = (uint32_t)choice(ports, LFO_SEED);
  lfo_set(&self->lfo, &settings);
  turn_knobs(self, ports);
}

static void
transport(void* const state, const Transport* const transport)
{
  Module* const self = state;

  lfo_set_transport(&self->lfo, transport);
}

static void
process_knobs(Module* const self, const uint32_t n_frames)
{
  if (self->rests) {
    return;
  }

  self->rests = knobs_process(self->knob, N_KNOBS, n_frames);
}

/// Write the steps of the own frequency; returns true if all are as the first
static bool
make_steps(Module* const      self,
           const Ports* const ports,
           uint64_t* const    step,
           const uint32_t     n_frames)
{
  const Knob* const amount = &self->knob[FREQUENCY_AMOUNT];
  const bool        mute   = knob_rests_at(amount, 0.0f);
  const bool      rests = self->rests && (mute || is_constant(ports, LFO_FREQUENCY_CV));
  const LfoTuning tuning = {self->frequency_hz,
                            self->frequency_oct,
                            self->knob[FREQUENCY].value,
                            mute ? NULL : connected_in(ports, LFO_FREQUENCY_CV),
                            amount->value};

  lfo_steps(&self->lfo, &tuning, step, rests ? 1U : n_frames);
  return rests;
}

/// Return true if a random wave may be heard, which takes the numbers of cycles
static bool
counts(const Module* const self)
{
  return !self->rests || self->wave == LFO_STEPPED || self->wave == LFO_SMOOTH;
}

/// Shift the wave as knob and CV say
static void
shift(const Module* const self,
      const Ports* const  ports,
      LfoFrames* const    frames,
      const uint32_t      n_frames)
{
  const Knob* const  amount = &self->knob[PHASE_AMOUNT];
  const float* const cv_v =
    knob_rests_at(amount, 0.0f) ? NULL : connected_in(ports, LFO_PHASE_CV);
  const bool     rests = self->rests && (!cv_v || is_constant(ports, LFO_PHASE_CV));
  const uint32_t n     = rests ? 1U : n_frames;

  float cycles[BLOCK_FRAMES];
  for (uint32_t i = 0; i < n; ++i) {
    cycles[i] = self->knob[PHASE].value[i];
  }
  for (uint32_t i = 0; cv_v && i < n; ++i) {
    cycles[i] += amount->value[i] * cv_v[i] / CYCLE_V;
  }
  if (!rests || cycles[0] != 0.0f) {
    lfo_shift(frames, cycles, rests, counts(self), n_frames);
  }
}

/// Return a sum of waves within what each of them is, in which weights are rounded
static float
bound_wave(const float wave)
{
  return wave < -1.0f ? -1.0f : wave > 1.0f ? 1.0f : wave;
}

/// Write the waves that can be heard while the waveform may change
static void
mix_waves(const Module* const    self,
          const LfoFrames* const frames,
          float* const           out,
          const uint32_t         n_frames)
{
  memset(out, 0, n_frames * sizeof(float));
  for (uint32_t w = 0; w < N_LFO_WAVES; ++w) {
    const Knob* const weight = &self->knob[WEIGHT + w];
    const LfoSound sound = {self->knob[WIDTH].value, weight->value, false, self->seed};
    if (!knob_rests_at(weight, 0.0f)) {
      lfo_add((LfoWave)w, frames, &sound, out, out, n_frames);
    }
  }

  const float* const swing_v  = self->knob[SWING].value;
  const float* const centre_v = self->knob[CENTRE].value;
  for (uint32_t i = 0; i < n_frames; ++i) {
    out[i] = centre_v[i] + swing_v[i] * bound_wave(out[i]);
  }
}

static void
run(void* const state, const Ports* const ports, const uint32_t n_frames)
{
  Module* const self = state;
  float* const  out  = signal_out(ports, LFO_OUT);

  process_knobs(self, n_frames);

  uint64_t        step[BLOCK_FRAMES];
  const LfoInputs in = {
    .step             = step,
    .step_is_constant = make_steps(self, ports, step, n_frames),
    .reset            = {connected_in(ports, LFO_RESET), is_constant(ports, LFO_RESET)},
    .clock            = {connected_in(ports, LFO_CLOCK), is_constant(ports, LFO_CLOCK)},
    .counts           = counts(self)};
  float* const trigger = connected_out(ports, LFO_TRIGGER);
  LfoFrames    frames;
  lfo_process(&self->lfo, &in, &frames, trigger, n_frames);
  shift(self, ports, &frames, n_frames);

  if (self->rests) {
    const Knob* const knob  = self->knob;
    const LfoSound    sound = {knob[WIDTH].value, knob[SWING].value, true, self->seed};
    lfo_add(self->wave, &frames, &sound, knob[CENTRE].value, out, n_frames);
  } else {
    mix_waves(self, &frames, out, n_frames);
  }
}

static size_t
state_size(const double sample_rate)
{
  (void)sample_rate;
  return sizeof(Module);
}

/// Parts that go on in another layout
static const Carried carried[] = {
  CARRY("phase", Module, lfo.cycle, Phasor),
  CARRY("origin", Module, lfo.origin, PhasorPosition),
  CARRY("song", Module, lfo.song, TempoSync),
  CARRY("settings", Module, lfo.settings, LfoSettings),
  CARRY("led_step", Module, lfo.led_step, uint64_t),
  CARRY("limit", Module, lfo.limit, PhasorPosition),
  CARRY("clock_in", Module, lfo.clock_in, ClockSync),
  CARRY("clock", Module, lfo.clock, Gate),
  CARRY("reset", Module, lfo.reset, Gate),
  CARRY("trigger", Module, lfo.trigger, GateOut),
  CARRY("lfo", Module, lfo, Lfo),
};

// ---- Picture

#define SHOWN_CYCLES 2.0

static const uint8_t watched[] = {LFO_OUT};

/// Write which part of a cycle is over
static void
watch(const void* const state, float* const figures)
{
  const Module* const self = state;

  figures[0] = (float)((double)self->lfo.cycle.next.phase * 0x1p-64);
}

/// Return the voltage at the upper edge, a little more than the wave reaches
static double
find_most(const Drawing* const drawing)
{
  const double swing_v = FULL_V * draw_value(drawing, LFO_LEVEL) / FULL_PERCENT;
  const double floor_v = draw_value(drawing, LFO_UNIPOLAR) > 0.0 ? swing_v : 0.0;
  const double most_v  = swing_v + floor_v + fabs(draw_value(drawing, LFO_OFFSET));

  return 1.1 * fmax(most_v, FULL_V);
}

static void
draw(Drawing* const drawing)
{
  static const uint8_t outs[] = {LFO_OUT};

  const double    most_v       = find_most(drawing);
  const double    frequency_hz = draw_value(drawing, LFO_FREQUENCY);
  const DrawTrace trace        = {.outs     = outs,
                                  .n_outs   = 1,
                                  .length_s = SHOWN_CYCLES / frequency_hz,
                                  .low      = (float)-most_v,
                                  .high     = (float)most_v};
  const double    range_v      = (double)(trace.high - trace.low);
  const double    height = (draw_value(drawing, LFO_OUT) - (double)trace.low) / range_v;
  draw_set(drawing, LFO_SPEED, LFO_SPEED_FREQUENCY);
  draw_trace(drawing, &trace);
  draw_point(drawing, draw_figure(drawing, 0) / SHOWN_CYCLES, height);
  draw_number(drawing, frequency_hz, "Hz");
}

static const View view = {.draw      = draw,
                          .watched   = watched,
                          .n_watched = sizeof(watched),
                          .watch     = watch};

const Plugin plugin = {
  .uri          = LFO_URI,
  .ports        = lfo_ports,
  .n_ports      = LFO_N_PORTS,
  .state_size   = state_size,
  .init         = init,
  .reset        = reset,
  .set_controls = set_controls,
  .run          = run,
  .transport    = transport,
  CARRIED(carried),
  .view = &view,
};
