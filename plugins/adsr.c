// SPDX-License-Identifier: ISC

#include "adsr_ports.h"
#include "carried_midi.h"
#include "plugin.h"

#include "display/drawing.h"
#include "midi/midi_cv.h"
#include "modulation/adsr.h"
#include "modulation/follower.h"
#include "signal/gain.h"
#include "signal/knob.h"
#include "signal/units.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

static_assert((int)ADSR_MODE_FROM_CURRENT == (int)ADSR_FROM_CURRENT,
              "as in the Turtle");
static_assert((int)ADSR_MODE_FROM_ZERO == (int)ADSR_FROM_ZERO, "as in the Turtle");
static_assert((int)ADSR_MODE_LEGATO == (int)ADSR_LEGATO, "as in the Turtle");

#define SIDECHAIN_ATTACK_S 0.001
#define SIDECHAIN_RELEASE_S 0.05

/// Knobs that glide
typedef enum { SUSTAIN, LEVEL, LEVEL_CV_AMOUNT, VELOCITY_AMOUNT, N_KNOBS } KnobName;

typedef struct {
  Adsr     adsr;
  MidiCv   midi;
  Follower sidechain;
  float    drive; ///< From the sidechain's level to a voltage at the gate
  Knob     knob[N_KNOBS];
  Knob     velocity_v; ///< Of the note that sounds
} Envelope;

/// Gate and sidechain of a block, from MIDI and cables, in volts
typedef struct {
  float gate[BLOCK_FRAMES];
  float retrigger[BLOCK_FRAMES];
} Playing;

/// A new note while another is held retriggers, which the mode may ignore
static const MidiCvKnobs midi_knobs = {.voice.retrigger = true};

static void
reset(void* const state)
{
  Envelope* const self = state;

  adsr_reset(&self->adsr);
  midi_cv_reset(&self->midi);
  follower_reset(&self->sidechain);
  knobs_reset(self->knob, N_KNOBS);
  knob_reset(&self->velocity_v);
}

static void
init(void* const state, const double sample_rate)
{
  Envelope* const self = state;

  adsr_init(&self->adsr, sample_rate);
  midi_cv_init(&self->midi, sample_rate, KNOB_GLIDE_S);
  follower_init(&self->sidechain, sample_rate);
  follower_set(
    &self->sidechain, DETECTOR_PEAK, SIDECHAIN_ATTACK_S, SIDECHAIN_RELEASE_S);
  knobs_init(self->knob, N_KNOBS, sample_rate, KNOB_GLIDE_S);
  knob_init(&self->velocity_v, sample_rate, KNOB_GLIDE_S);
}

static AdsrKnobs
read_knobs(const Ports* const ports)
{
  AdsrKnobs knobs = {
    .time_scale_oct = control(ports, ADSR_TIME_SCALE),
    .mode           = (AdsrMode)choice(ports, ADSR_MODE),
    .loop           = choice(ports, ADSR_LOOP),
    .manual_gate    = choice(ports, ADSR_MANUAL_GATE),
  };

  knobs.time_s[STAGE_DELAY]   = control(ports, ADSR_DELAY);
  knobs.time_s[STAGE_ATTACK]  = control(ports, ADSR_ATTACK);
  knobs.time_s[STAGE_HOLD]    = control(ports, ADSR_HOLD);
  knobs.time_s[STAGE_DECAY]   = control(ports, ADSR_DECAY);
  knobs.time_s[STAGE_RELEASE] = control(ports, ADSR_RELEASE);
  knobs.curve[STAGE_ATTACK]   = control(ports, ADSR_ATTACK_CURVE);
  knobs.curve[STAGE_DECAY]    = control(ports, ADSR_DECAY_CURVE);
  knobs.curve[STAGE_RELEASE]  = control(ports, ADSR_RELEASE_CURVE);
  return knobs;
}

static void
set_controls(void* const state, const Ports* const ports)
{
  Envelope* const self  = state;
  const AdsrKnobs knobs = read_knobs(ports);

  adsr_set_knobs(&self->adsr, &knobs);
  knob_set(&self->knob[SUSTAIN], (double)control(ports, ADSR_SUSTAIN) / 100.0);
  knob_set(&self->knob[LEVEL], (double)control(ports, ADSR_LEVEL));
  knob_set(&self->knob[LEVEL_CV_AMOUNT], (double)control(ports, ADSR_LEVEL_CV_AMOUNT));
  knob_set(&self->knob[VELOCITY_AMOUNT], (double)control(ports, ADSR_VELOCITY_AMOUNT));
  self->drive = GATE_ON_V / (float)db_to_gain((double)control(ports, ADSR_THRESHOLD));
}

/// Take a message; out of silence a velocity counts at once, else it glides
static void
midi(void* const state, const uint8_t* const bytes, const uint32_t size)
{
  Envelope* const self = state;

  if (self->adsr.stage == STAGE_IDLE) {
    knob_reset(&self->velocity_v);
  }
  midi_cv_message(&self->midi, &midi_knobs, bytes, size);
}

/// Turn the envelope down as far as a voltage says, and a knob lets it
static void
scale(const Knob* const  amount,
      const float* const cv_v,
      float* const       envelope,
      const uint32_t     n_frames)
{
  if (!knob_rests_at(amount, 0.0f)) {
    gain_cv_scale(CV_LAW_LINEAR, cv_v, amount->value, envelope, envelope, n_frames);
  }
}

// ---- MIDI and sidechain

/// Raise voltages to those of a signal, if it is there
static void
raise(const float* const in, float* const out_v, const uint32_t n_frames)
{
  for (uint32_t i = 0; in && i < n_frames; ++i) {
    out_v[i] = in[i] > out_v[i] ? in[i] : out_v[i];
  }
}

static void
play_midi(Envelope* const self, Playing* const playing, const uint32_t n_frames)
{
  float                  ignored[4][BLOCK_FRAMES];
  const MidiVoiceOutputs outputs = {.pitch    = ignored[0],
                                    .gate     = playing->gate,
                                    .velocity = ignored[1],
                                    .pressure = ignored[2],
                                    .mod      = ignored[3],
                                    .trigger  = playing->retrigger};

  midi_cv_process(&self->midi, &midi_knobs, &outputs, n_frames);
  knob_set_process(
    &self->velocity_v, self->midi.voice.velocity * (double)CV_MAX_V, n_frames);
}

/// Open the gate while the sidechain is loud; it shuts 6 dB below where it opened
static void
play_sidechain(Envelope* const    self,
               const float* const in,
               Playing* const     playing,
               const uint32_t     n_frames)
{
  float level[BLOCK_FRAMES];
  follower_process(&self->sidechain, in, level, n_frames);
  for (uint32_t i = 0; i < n_frames; ++i) {
    level[i] *= self->drive;
  }
  raise(level, playing->gate, n_frames);
}

/// Join what plays the envelope to its gates
static void
play(Envelope* const    self,
     const Ports* const ports,
     AdsrSignals* const in,
     Playing* const     playing,
     const uint32_t     n_frames)
{
  const float* const sidechain = connected_in(ports, ADSR_SIDECHAIN);
  if (!self->midi.voice.has_played && !sidechain) {
    return;
  }

  const size_t size = n_frames * sizeof(float);
  if (self->midi.voice.has_played) {
    play_midi(self, playing, n_frames);
  } else {
    memset(playing->gate, 0, size);
    memset(playing->retrigger, 0, size);
  }
  if (sidechain) {
    play_sidechain(self, sidechain, playing, n_frames);
  }
  raise(connected_in(ports, ADSR_GATE), playing->gate, n_frames);
  raise(connected_in(ports, ADSR_RETRIGGER), playing->retrigger, n_frames);
  in->gate      = (Signal){playing->gate, false};
  in->retrigger = (Signal){playing->retrigger, false};
}

// ---- Sound

/// Open the amplifier of a track as far as the envelope is
static void
amplify(const float* const in,
        const float* const envelope_v,
        float* const       out,
        const uint32_t     n_frames)
{
  for (uint32_t i = 0; i < n_frames; ++i) {
    out[i] = in[i] * (envelope_v[i] * (1.0f / CV_MAX_V));
  }
}

static void
run(void* const state, const Ports* const ports, const uint32_t n_frames)
{
  Envelope* const self     = state;
  float* const    envelope = signal_out(ports, ADSR_ENVELOPE);

  knobs_process(self->knob, N_KNOBS, n_frames);
  AdsrSignals in = {
    .gate         = signal_in(ports, ADSR_GATE),
    .retrigger    = signal_in(ports, ADSR_RETRIGGER),
    .attack_oct   = signal_in(ports, ADSR_ATTACK_CV),
    .decay_oct    = signal_in(ports, ADSR_DECAY_CV),
    .release_oct  = signal_in(ports, ADSR_RELEASE_CV),
    .sustain      = knob_signal(&self->knob[SUSTAIN]),
    .sustain_cv_v = signal_in(ports, ADSR_SUSTAIN_CV),
    .level_v      = knob_signal(&self->knob[LEVEL]),
  };
  Playing      playing;
  float* const end = connected_out(ports, ADSR_END);
  play(self, ports, &in, &playing, n_frames);
  if (adsr_process(&self->adsr, &in, envelope, end, n_frames)) {
    const float* const level_v = signal_in(ports, ADSR_LEVEL_CV).frame;
    scale(&self->knob[LEVEL_CV_AMOUNT], level_v, envelope, n_frames);
    if (self->midi.voice.has_played) {
      scale(&self->knob[VELOCITY_AMOUNT], self->velocity_v.value, envelope, n_frames);
    }
  }
  if (is_connected(ports, ADSR_OUT)) {
    amplify(
      signal_in(ports, ADSR_IN).frame, envelope, signal_out(ports, ADSR_OUT), n_frames);
  }
}

static size_t
state_size(const double sample_rate)
{
  (void)sample_rate;
  return sizeof(Envelope);
}

/// Parts that go on in another layout
static const Carried carried[] = {
  CARRY("stage", Envelope, adsr.stage, AdsrStage),
  CARRY("level", Envelope, adsr.level, double),
  CARRY("ramp", Envelope, adsr.ramp, Segment),
  CARRY("is_open", Envelope, adsr.is_open, bool),
  CARRY("is_owed", Envelope, adsr.is_owed, bool),
  CARRY("gate_in", Envelope, adsr.gate, Gate),
  CARRY("retrigger", Envelope, adsr.retrigger, Gate),
  CARRY_MIDI_INPUT(Envelope, midi.input),
  CARRY_MIDI_VOICE("voice_", Envelope, midi.voice),
  CARRY("velocity_v", Envelope, velocity_v, Knob),
  CARRY("sidechain", Envelope, sidechain, Follower),
  CARRY("adsr", Envelope, adsr, Adsr),
};

// ---- Picture

#define SUSTAIN_SHARE 0.25 ///< Of the picture, in which the gate is held

static const uint8_t watched[] = {ADSR_ATTACK_CV,
                                  ADSR_DECAY_CV,
                                  ADSR_SUSTAIN_CV,
                                  ADSR_RELEASE_CV,
                                  ADSR_LEVEL_CV};

/// Where the envelope is
enum { STAGE, PART, NOW };

static void
watch(const void* const state, float* const figures)
{
  const Envelope* const self = state;
  const Adsr* const     adsr = &self->adsr;

  figures[STAGE] = (float)adsr->stage;
  figures[PART]  = (float)segment_part(&adsr->ramp);
  figures[NOW]   = (float)adsr->level;
}

/// Write when each stage starts, with the time of the picture at the end
static void
find_starts(const Drawing* const drawing, double start_s[N_STAGES + 1])
{
  const double scale   = exp2(draw_value(drawing, ADSR_TIME_SCALE));
  const double attack  = exp2(draw_value(drawing, ADSR_ATTACK_CV));
  const double decay   = exp2(draw_value(drawing, ADSR_DECAY_CV));
  const double release = exp2(draw_value(drawing, ADSR_RELEASE_CV));

  double time_s[N_STAGES] = {
    [STAGE_DELAY]   = scale * draw_value(drawing, ADSR_DELAY),
    [STAGE_ATTACK]  = scale * draw_value(drawing, ADSR_ATTACK) * attack,
    [STAGE_HOLD]    = scale * draw_value(drawing, ADSR_HOLD),
    [STAGE_DECAY]   = scale * draw_value(drawing, ADSR_DECAY) * decay,
    [STAGE_RELEASE] = scale * draw_value(drawing, ADSR_RELEASE) * release,
  };
  double sum_s = 0.0;
  for (int s = 0; s < N_STAGES; ++s) {
    sum_s += time_s[s];
  }
  time_s[STAGE_SUSTAIN] = sum_s * SUSTAIN_SHARE / (1.0 - SUSTAIN_SHARE);
  start_s[0]            = 0.0;
  for (int s = 0; s < N_STAGES; ++s) {
    start_s[s + 1] = start_s[s] + time_s[s];
  }
}

/// Mark where the envelope is; while it sustains, in the middle of that
static void
draw_place(Drawing* const drawing, const double start_s[N_STAGES + 1])
{
  const int stage = (int)draw_figure(drawing, STAGE);
  if (stage == STAGE_IDLE) {
    return;
  }

  const double part   = stage == STAGE_SUSTAIN ? 0.5 : draw_figure(drawing, PART);
  const double time_s = start_s[stage] + part * (start_s[stage + 1] - start_s[stage]);
  const double full   = draw_value(drawing, ADSR_LEVEL) / (double)CV_MAX_V;
  draw_point(drawing, time_s / start_s[N_STAGES], full * draw_figure(drawing, NOW));
}

static void
draw(Drawing* const drawing)
{
  static const uint8_t outs[] = {ADSR_ENVELOPE};

  double start_s[N_STAGES + 1];
  find_starts(drawing, start_s);
  draw_set(drawing, ADSR_MANUAL_GATE, 0.0);

  const DrawSignal gate = {
    ADSR_GATE, DRAW_GATE, 0.0f, CV_MAX_V, start_s[STAGE_RELEASE]};
  const DrawTrace trace = {.outs      = outs,
                           .n_outs    = 1,
                           .signals   = &gate,
                           .n_signals = 1,
                           .length_s  = start_s[N_STAGES],
                           .high      = CV_MAX_V};
  draw_trace(drawing, &trace);
  draw_place(drawing, start_s);
  draw_number(drawing, start_s[N_STAGES], "s");
}

static const View view = {.draw      = draw,
                          .watched   = watched,
                          .n_watched = sizeof(watched),
                          .watch     = watch};

const Plugin plugin = {
  .uri          = ADSR_URI,
  .ports        = adsr_ports,
  .n_ports      = ADSR_N_PORTS,
  .forms        = adsr_forms,
  .n_forms      = ADSR_N_FORMS,
  .state_size   = state_size,
  .init         = init,
  .reset        = reset,
  .set_controls = set_controls,
  .run          = run,
  .midi         = midi,
  CARRIED(carried),
  .view = &view,
};
