// SPDX-License-Identifier: ISC

#include "carried_midi.h"
#include "oscillator_ports.h"
#include "plugin.h"

#include "display/drawing.h"
#include "math/fast_math.h"
#include "midi/midi_cv.h"
#include "osc/osc.h"
#include "osc/pitch.h"
#include "signal/gain.h"
#include "signal/knob.h"
#include "signal/sanitize.h"
#include "signal/units.h"

#include <assert.h>
#include <stdbool.h>

static_assert((int)OSCILLATOR_WAVEFORM_SINE == (int)SHAPE_SINE, "as in the Turtle");
static_assert((int)OSCILLATOR_WAVEFORM_TRIANGLE == (int)SHAPE_TRIANGLE,
              "as in the Turtle");
static_assert((int)OSCILLATOR_WAVEFORM_SAW == (int)SHAPE_SAW, "as in the Turtle");
static_assert((int)OSCILLATOR_WAVEFORM_PULSE == (int)SHAPE_PULSE, "as in the Turtle");
static_assert((int)OSCILLATOR_ZERO_VOLT_C4 == (int)ZERO_VOLT_C4, "as in the Turtle");
static_assert((int)OSCILLATOR_ZERO_VOLT_C_1 == (int)ZERO_VOLT_C_MINUS_1,
              "as in the Turtle");
static_assert((int)OSCILLATOR_SYNC_MODE_HARD == (int)OSC_SYNC_HARD, "as in the Turtle");
static_assert((int)OSCILLATOR_SYNC_MODE_REVERSE == (int)OSC_SYNC_REVERSE,
              "as in the Turtle");

#define PWM_RANGE_V 10.0 ///< Moves the pulse width from 0 to 100 %

// Pulse widths beyond which none are told apart, in cycles: so far above the most that
// pulses can have, that these are reached on a smooth curve
#define LEAST_WIDTH ((double)SHAPE_LEAST_WIDTH / SHAPE_FULL_WIDTH)
#define MOST_WIDTH ((double)SHAPE_MOST_WIDTH / SHAPE_FULL_WIDTH)
#define SEMITONES_PER_OCTAVE 12.0

/// When the oscillator sounds, as scale points number it
typedef enum {
  GATE_FREE,           ///< Always
  GATE_GATED,          ///< While a key is held
  GATE_FROM_FIRST_NOTE ///< Always, after silence at first
} GateMode;

static_assert((int)OSCILLATOR_GATE_MODE_FREE == (int)GATE_FREE, "as in the Turtle");
static_assert((int)OSCILLATOR_GATE_MODE_GATED == (int)GATE_GATED, "as in the Turtle");
static_assert((int)OSCILLATOR_GATE_MODE_FROM_FIRST_NOTE == (int)GATE_FROM_FIRST_NOTE,
              "as in the Turtle");

/// Knobs that glide
typedef enum {
  OCTAVE, ///< Whole octaves from C4, of octave and 0 V
  TUNE,   ///< Octaves from there
  DETUNE,
  FM_AMOUNT,
  EXP_FM_AMOUNT,
  WIDTH, ///< Part of the cycle
  PWM_AMOUNT,
  LEVEL,  ///< As gain
  WEIGHT, ///< Of the first shape, so that a change of waveform fades
  N_KNOBS = WEIGHT + N_SHAPES
} KnobName;

/// Where voltages that move the phase, or the pulse width, have last been still
typedef struct {
  bool  is_known;
  float pitch_oct;
  float exp_fm;
  float fm;
} StillPitch;

typedef struct {
  bool  is_known;
  float pwm;
} StillWidth;

typedef struct {
  double      sample_rate;
  double      base;  ///< Step that knobs at rest are set to
  bool        rests; ///< Whether all knobs do
  OscSyncMode sync_mode;
  GateMode    gate_mode;
  MidiCvKnobs midi_knobs;
  StillPitch  still_pitch;
  StillWidth  still_width;
  Osc         osc;
  Knob        knob[N_KNOBS];
  Knob        gate; ///< As gain
  MidiCv      midi;
} Oscillator;

static void
reset(void* const state)
{
  Oscillator* const self = state;

  self->rests = false;
  knobs_reset(self->knob, N_KNOBS);
  knob_reset(&self->gate);
  midi_cv_reset(&self->midi);
  osc_reset(&self->osc);
}

static void
init(void* const state, const double sample_rate)
{
  Oscillator* const self = state;

  self->sample_rate = sample_rate;
  knobs_init(self->knob, N_KNOBS, sample_rate, KNOB_GLIDE_S);
  knob_init(&self->gate, sample_rate, KNOB_GLIDE_S);
  midi_cv_init(&self->midi, sample_rate, KNOB_GLIDE_S);
  osc_init(&self->osc, sample_rate);
}

/// Pitches of MIDI are what they are, whatever 0 V is
static void
turn_midi(Oscillator* const self, const Ports* const ports)
{
  const double semitones = (double)choice(ports, OSCILLATOR_BEND_RANGE);

  self->gate_mode  = (GateMode)choice(ports, OSCILLATOR_GATE_MODE);
  self->midi_knobs = (MidiCvKnobs){
    .input.bend_range_oct = semitones / SEMITONES_PER_OCTAVE,
    .voice.glide_s        = (double)control(ports, OSCILLATOR_GLIDE),
    .voice.zero_volt      = (ZeroVolt)choice(ports, OSCILLATOR_ZERO_VOLT),
  };
}

static void
set_controls(void* const state, const Ports* const ports)
{
  Oscillator* const self      = state;
  Knob* const       knob      = self->knob;
  const ZeroVolt    zero_volt = (ZeroVolt)choice(ports, OSCILLATOR_ZERO_VOLT);
  const double      octave    = (double)control(ports, OSCILLATOR_OCTAVE);
  const double      semitones = (double)control(ports, OSCILLATOR_TUNE);
  const double      cents     = (double)control(ports, OSCILLATOR_FINE);
  const int         waveform  = choice(ports, OSCILLATOR_WAVEFORM);

  knob_set(&knob[OCTAVE], octave + zero_volt_oct(zero_volt));
  knob_set(&knob[TUNE], semitones / 12.0 + cents / 1200.0);
  knob_set(&knob[DETUNE], (double)control(ports, OSCILLATOR_DETUNE));
  knob_set(&knob[FM_AMOUNT], (double)control(ports, OSCILLATOR_FM_AMOUNT));
  knob_set(&knob[EXP_FM_AMOUNT], (double)control(ports, OSCILLATOR_EXP_FM_AMOUNT));
  knob_set(&knob[WIDTH], (double)control(ports, OSCILLATOR_PULSE_WIDTH) / 100.0);
  knob_set(&knob[PWM_AMOUNT], (double)control(ports, OSCILLATOR_PWM_AMOUNT));
  knob_set(&knob[LEVEL], gain_of_level((double)control(ports, OSCILLATOR_LEVEL)));
  for (int s = 0; s < N_SHAPES; ++s) {
    knob_set(&knob[WEIGHT + s], s == waveform ? 1.0 : 0.0);
  }
  self->sync_mode = (OscSyncMode)choice(ports, OSCILLATOR_SYNC_MODE);
  self->rests     = false;
  turn_midi(self, ports);
}

static void
midi(void* const state, const uint8_t* const bytes, const uint32_t size)
{
  Oscillator* const self = state;

  midi_cv_message(&self->midi, &self->midi_knobs, bytes, size);
}

/// Move knobs that do not rest
static void
move_knobs(Oscillator* const self, const uint32_t n_frames)
{
  const Knob* const octave   = &self->knob[OCTAVE];
  const Knob* const tune_oct = &self->knob[TUNE];

  self->still_pitch.is_known = false;
  self->still_width.is_known = false;
  self->rests                = knobs_process(self->knob, N_KNOBS, n_frames);
  pitch_base(octave->value, tune_oct->value, self->sample_rate, &self->base, 1);
}

/// Return a modulation input, or one without frames if it moves nothing
static Signal
modulator(const Ports* const ports, const uint32_t index, const Knob* const amount)
{
  static const Signal none = {NULL, true};

  const bool is_used = is_connected(ports, index) && !knob_rests_at(amount, 0.0f);
  return is_used ? signal_in(ports, index) : none;
}

/// Return the pitch of the cable with that of MIDI notes, which is written to `sum_oct`
static Signal
play_midi(Oscillator* const self,
          const Signal      cable,
          float* const      sum_oct,
          const uint32_t    n_frames)
{
  if (!self->midi.voice.has_played) {
    return cable;
  }

  float                  ignored[5][BLOCK_FRAMES];
  const MidiVoiceOutputs outputs = {.pitch    = sum_oct,
                                    .gate     = ignored[0],
                                    .velocity = ignored[1],
                                    .pressure = ignored[2],
                                    .mod      = ignored[3],
                                    .trigger  = ignored[4]};
  midi_cv_process(&self->midi, &self->midi_knobs, &outputs, n_frames);
  for (uint32_t i = 0; i < n_frames; ++i) {
    sum_oct[i] += cable.frame[i];
  }
  return (Signal){sum_oct, sanitize_check(sum_oct, n_frames).is_constant};
}

/// Return true if voltages are still, where they were still before; take note of them
static bool
keep_pitch(StillPitch* const self,
           const Signal      pitch,
           const Signal      exp_fm,
           const Signal      fm)
{
  const bool is_constant = pitch.is_constant && exp_fm.is_constant && fm.is_constant;
  const StillPitch now   = {
      is_constant, signal_at(pitch, 0), signal_at(exp_fm, 0), signal_at(fm, 0)};
  const bool is_same = is_constant && self->is_known &&
                       now.pitch_oct == self->pitch_oct && now.exp_fm == self->exp_fm &&
                       now.fm == self->fm;

  *self = now;
  return is_same;
}

/// Write the steps that the phase takes; returns NULL if they are as the last one
static const uint64_t*
make_steps(Oscillator* const  self,
           const Ports* const ports,
           uint64_t* const    step,
           const uint32_t     n_frames)
{
  float             sum_oct[BLOCK_FRAMES];
  const Knob* const knob   = self->knob;
  const Signal      cable  = signal_in(ports, OSCILLATOR_PITCH);
  const Signal      pitch  = play_midi(self, cable, sum_oct, n_frames);
  const Signal      exp_fm = modulator(ports, OSCILLATOR_EXP_FM, &knob[EXP_FM_AMOUNT]);
  const Signal      fm     = modulator(ports, OSCILLATOR_FM_IN, &knob[FM_AMOUNT]);
  if (self->rests && keep_pitch(&self->still_pitch, pitch, exp_fm, fm)) {
    return NULL;
  }

  double base[BLOCK_FRAMES];
  if (!self->rests) {
    pitch_base(knob[OCTAVE].value, knob[TUNE].value, self->sample_rate, base, n_frames);
  }

  const Pitch tuning = {.base               = self->rests ? &self->base : base,
                        .pitch_oct          = pitch.frame,
                        .exp_fm             = exp_fm.frame,
                        .exp_fm_amount      = knob[EXP_FM_AMOUNT].value,
                        .detune_hz          = knob[DETUNE].value,
                        .fm                 = fm.frame,
                        .fm_amount          = knob[FM_AMOUNT].value,
                        .sample_rate        = self->sample_rate,
                        .knobs_are_constant = self->rests,
                        .pitch_is_constant  = pitch.is_constant && exp_fm.is_constant};
  pitch_steps(&tuning, step, n_frames);
  return step;
}

/// Write pulse widths; returns NULL if they are as the last one
static const int32_t*
make_widths(Oscillator* const  self,
            const Ports* const ports,
            int32_t* const     width,
            const uint32_t     n_frames)
{
  const Knob* const  knob   = self->knob;
  const Signal       pwm    = modulator(ports, OSCILLATOR_PWM, &knob[PWM_AMOUNT]);
  const float* const cv_v   = pwm.frame ? pwm.frame : silent_frames;
  const float* const amount = knob[PWM_AMOUNT].value;
  const float* const rest   = knob[WIDTH].value;

  const bool       is_constant = self->rests && pwm.is_constant;
  const StillWidth before      = self->still_width;
  const StillWidth now         = {is_constant, cv_v[0]};
  self->still_width            = now;
  if (is_constant && before.is_known && now.pwm == before.pwm) {
    return NULL;
  }

  for (uint32_t i = 0; i < n_frames; ++i) {
    const double change = (double)amount[i] * (1.0 / PWM_RANGE_V) * (double)cv_v[i];
    const double sum    = (double)rest[i] + change;
    const double above  = sum > LEAST_WIDTH ? sum : LEAST_WIDTH;
    width[i] = fast_round((above < MOST_WIDTH ? above : MOST_WIDTH) * SHAPE_FULL_WIDTH);
  }
  return width;
}

/// Return the sync input, or NULL if it is 0 in all frames
static const float*
find_sync(const Ports* const ports)
{
  const Signal sync = signal_in(ports, OSCILLATOR_SYNC_IN);

  return sync.is_constant && signal_at(sync, 0) == 0.0f ? NULL : sync.frame;
}

/// Return for how many of the next `n_frames` the oscillator sounds, from the first on
static uint32_t
open_frames(const Oscillator* const self, const uint32_t n_frames)
{
  const bool has_played = self->midi.voice.has_played;
  return self->gate_mode == GATE_GATED
           ? midi_voice_sounding_frames(&self->midi.voice, n_frames)
         : self->gate_mode == GATE_FROM_FIRST_NOTE && !has_played ? 0U
                                                                  : n_frames;
}

static void
scale(const Knob* const gain, float* const out, const uint32_t n_frames)
{
  if (!knob_rests_at(gain, 1.0f)) {
    gain_scale(gain->value, out, n_frames);
  }
}

/// Open for `n_open` frames, and shut for the others
static void
process_gate(Knob* const    gate,
             float* const   out,
             const uint32_t n_open,
             const uint32_t n_frames)
{
  if (n_open > 0U) {
    knob_set_process(gate, 1.0, n_open);
    scale(gate, out, n_open);
  }
  if (n_open < n_frames) {
    knob_set_process(gate, 0.0, n_frames - n_open);
    scale(gate, out + n_open, n_frames - n_open);
  }
}

static void
run(void* const state, const Ports* const ports, const uint32_t n_frames)
{
  Oscillator* const self = state;

  const bool has_rested = self->rests;
  if (!has_rested) {
    move_knobs(self, n_frames);
  }

  const float* weight[N_SHAPES];
  for (uint32_t s = 0; s < N_SHAPES && !has_rested; ++s) {
    const Knob* const knob = &self->knob[WEIGHT + s];
    weight[s]              = knob_rests_at(knob, 0.0f) ? NULL : knob->value;
  }

  const uint32_t  n_open = open_frames(self, n_frames);
  uint64_t        step[BLOCK_FRAMES];
  int32_t         width[BLOCK_FRAMES];
  const OscInputs in  = {.step      = make_steps(self, ports, step, n_frames),
                         .width     = make_widths(self, ports, width, n_frames),
                         .weight    = has_rested ? NULL : weight,
                         .sync      = find_sync(ports),
                         .sync_mode = self->sync_mode};
  float* const    out = signal_out(ports, OSCILLATOR_OUT);
  osc_process(&self->osc, &in, out, signal_out(ports, OSCILLATOR_SYNC_OUT), n_frames);
  scale(&self->knob[LEVEL], out, n_frames);
  process_gate(&self->gate, out, n_open, n_frames);
}

static size_t
state_size(const double sample_rate)
{
  (void)sample_rate;
  return sizeof(Oscillator);
}

/// Parts that go on in another layout
static const Carried carried[] = {
  CARRY("flip", Oscillator, osc.flip, uint32_t),
  CARRY("offset", Oscillator, osc.offset, uint32_t),
  CARRY("phase", Oscillator, osc.motion, uint64_t),
  CARRY_MIDI_INPUT(Oscillator, midi.input),
  CARRY_MIDI_VOICE("voice_", Oscillator, midi.voice),
  CARRY("gate_gain", Oscillator, gate, Knob),
  CARRY("osc", Oscillator, osc, Osc),
};

// ---- Picture

#define SHOWN_CYCLES 2.0

static const uint8_t watched[] = {OSCILLATOR_PITCH, OSCILLATOR_PWM};

/// Return the frequency that knobs and the cable lead to
static double
find_frequency(const Drawing* const drawing)
{
  const ZeroVolt zero_volt = (ZeroVolt)draw_value(drawing, OSCILLATOR_ZERO_VOLT);
  const double   octaves   = draw_value(drawing, OSCILLATOR_OCTAVE) +
                         zero_volt_oct(zero_volt) +
                         draw_value(drawing, OSCILLATOR_TUNE) / 12.0 +
                         draw_value(drawing, OSCILLATOR_FINE) / 1200.0 +
                         draw_value(drawing, OSCILLATOR_PITCH);

  return C4_HZ * exp2(octaves) + draw_value(drawing, OSCILLATOR_DETUNE);
}

/// Draw the wave at C4, whatever the pitch is
static void
draw(Drawing* const drawing)
{
  static const uint8_t outs[]   = {OSCILLATOR_OUT};
  static const uint8_t others[] = {OSCILLATOR_PITCH,
                                   OSCILLATOR_OCTAVE,
                                   OSCILLATOR_TUNE,
                                   OSCILLATOR_FINE,
                                   OSCILLATOR_DETUNE,
                                   OSCILLATOR_ZERO_VOLT,
                                   OSCILLATOR_GATE_MODE};

  const DrawTrace trace = {.outs     = outs,
                           .n_outs   = 1,
                           .length_s = SHOWN_CYCLES / C4_HZ,
                           .low      = -1.2f,
                           .high     = 1.2f,
                           .skip_s   = SHOWN_CYCLES / C4_HZ};
  draw_number(drawing, find_frequency(drawing), "Hz");
  for (uint32_t i = 0; i < sizeof(others); ++i) {
    draw_set(drawing, others[i], 0.0);
  }
  draw_trace(drawing, &trace);
}

static const View view = {.draw      = draw,
                          .watched   = watched,
                          .n_watched = sizeof(watched)};

const Plugin plugin = {
  .uri          = OSCILLATOR_URI,
  .ports        = oscillator_ports,
  .n_ports      = OSCILLATOR_N_PORTS,
  .forms        = oscillator_forms,
  .n_forms      = OSCILLATOR_N_FORMS,
  .state_size   = state_size,
  .init         = init,
  .reset        = reset,
  .set_controls = set_controls,
  .run          = run,
  .midi         = midi,
  CARRIED(carried),
  .view = &view,
};
