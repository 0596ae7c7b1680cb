// SPDX-License-Identifier: ISC

#include "carried_midi.h"
#include "midi_cv_poly_ports.h"
#include "plugin.h"
#include "tuning_file.h"

#include "display/drawing.h"
#include "midi/midi_input.h"
#include "midi/midi_voice.h"

#include <assert.h>
#include <string.h>

#define SEMITONES_PER_OCTAVE 12.0

static_assert((int)MIDI_CV_POLY_CHANNEL_ALL == (int)ALL_CHANNELS, "as in the Turtle");
static_assert((int)MIDI_CV_POLY_ALLOCATION_SAME_KEY == (int)ALLOCATE_SAME_KEY,
              "as in the Turtle");
static_assert((int)MIDI_CV_POLY_ALLOCATION_UNISON == (int)ALLOCATE_UNISON,
              "as in the Turtle");
static_assert((int)MIDI_CV_POLY_MPE_OFF == (int)MPE_OFF, "as in the Turtle");
static_assert((int)MIDI_CV_POLY_MPE_UPPER_ZONE == (int)MPE_UPPER, "as in the Turtle");
static_assert((int)MIDI_CV_POLY_GLIDE_MODE_LEGATO == (int)GLIDE_LEGATO,
              "as in the Turtle");
static_assert((int)MIDI_CV_POLY_ZERO_VOLT_C_1 == (int)ZERO_VOLT_C_MINUS_1,
              "as in the Turtle");

static_assert((int)MIDI_CV_POLY_TUNING_EQUAL == (int)KEY_TUNING_EQUAL,
              "as in the Turtle");
static_assert((int)MIDI_CV_POLY_TUNING_VALLOTTI == (int)KEY_TUNING_VALLOTTI,
              "as in the Turtle");
static_assert((int)MIDI_CV_POLY_TUNING_FILE == (int)KEY_TUNING_FILE,
              "as in the Turtle");
static_assert((int)MIDI_CV_POLY_TUNING_MIDI_TUNING == (int)KEY_TUNING_MIDI,
              "as in the Turtle");
static_assert((int)MIDI_CV_POLY_TUNING_BOHLEN_PIERCE == (int)KEY_TUNING_BOHLEN_PIERCE,
              "as in the Turtle");

enum { N_VOICES = 4, PORTS_PER_VOICE = MIDI_CV_POLY_PITCH_2 - MIDI_CV_POLY_PITCH_1 };

typedef struct {
  MidiInput      input;
  MidiVoice      voice[N_VOICES];
  MidiInputKnobs input_knobs;
  MidiVoiceKnobs voice_knobs[N_VOICES];
} Voices4;

static void
init(void* const state, const double sample_rate)
{
  Voices4* const self = state;

  midi_input_reset(&self->input);
  for (uint32_t v = 0; v < N_VOICES; ++v) {
    midi_voice_init(&self->voice[v], sample_rate, KNOB_GLIDE_S);
  }
}

static void
reset(void* const state)
{
  Voices4* const self = state;

  midi_input_reset(&self->input);
  for (uint32_t v = 0; v < N_VOICES; ++v) {
    midi_voice_reset(&self->voice[v]);
  }
}

static void
set_controls(void* const state, const Ports* const ports)
{
  Voices4* const self = state;

  self->input_knobs = (MidiInputKnobs){
    .routing        = {.channel    = (uint32_t)choice(ports, MIDI_CV_POLY_CHANNEL),
                       .priority   = PRIORITY_LAST,
                       .n_voices   = N_VOICES,
                       .allocation = (Allocation)choice(ports, MIDI_CV_POLY_ALLOCATION),
                       .steals =
                         choice(ports, MIDI_CV_POLY_STEALING) == MIDI_CV_POLY_STEALING_OLDEST,
                       .mpe = (Mpe)choice(ports, MIDI_CV_POLY_MPE)},
    .bend_range_oct = choice(ports, MIDI_CV_POLY_BEND_RANGE) / SEMITONES_PER_OCTAVE,
    .mpe_bend_range_oct =
      choice(ports, MIDI_CV_POLY_MPE_BEND_RANGE) / SEMITONES_PER_OCTAVE,
    .tuning = {(KeyTuningName)choice(ports, MIDI_CV_POLY_TUNING),
               (uint32_t)choice(ports, MIDI_CV_POLY_ROOT)},
    .panic  = choice(ports, MIDI_CV_POLY_PANIC) != 0};
  for (uint32_t v = 0; v < N_VOICES; ++v) {
    self->voice_knobs[v] =
      (MidiVoiceKnobs){.voice      = v,
                       .retrigger  = true,
                       .glide_s    = (double)control(ports, MIDI_CV_POLY_GLIDE),
                       .glide_mode = (GlideMode)choice(ports, MIDI_CV_POLY_GLIDE_MODE),
                       .zero_volt  = (ZeroVolt)choice(ports, MIDI_CV_POLY_ZERO_VOLT)};
  }
}

/// Let all voices follow what has happened
static void
follow(Voices4* const self, const MidiEvent event)
{
  for (uint32_t v = 0; v < N_VOICES; ++v) {
    midi_voice_follow(&self->voice[v], &self->input, &self->voice_knobs[v], event);
  }
}

static void
midi(void* const state, const uint8_t* const bytes, const uint32_t size)
{
  Voices4* const self = state;

  follow(self, midi_input_message(&self->input, &self->input_knobs, bytes, size));
}

static void
run(void* const state, const Ports* const ports, const uint32_t n_frames)
{
  Voices4* const self = state;

  if (midi_input_turn(&self->input, &self->input_knobs)) {
    follow(self, midi_event_none());
  }

  // The wheel is the same for all: that of the first voice counts
  float mod[N_VOICES][BLOCK_FRAMES];
  for (uint32_t v = 0; v < N_VOICES; ++v) {
    const uint32_t         first   = v * PORTS_PER_VOICE;
    const MidiVoiceOutputs outputs = {
      .pitch    = signal_out(ports, first + MIDI_CV_POLY_PITCH_1),
      .gate     = signal_out(ports, first + MIDI_CV_POLY_GATE_1),
      .velocity = signal_out(ports, first + MIDI_CV_POLY_VELOCITY_1),
      .pressure = signal_out(ports, first + MIDI_CV_POLY_PRESSURE_1),
      .mod      = mod[v],
      .trigger  = signal_out(ports, first + MIDI_CV_POLY_TRIGGER_1),
      .slide    = signal_out(ports, first + MIDI_CV_POLY_SLIDE_1)};
    midi_voice_process(
      &self->voice[v], &self->input, &self->voice_knobs[v], &outputs, n_frames);
  }
  memcpy(signal_out(ports, MIDI_CV_POLY_MOD), mod[0], n_frames * sizeof(float));
}

static size_t
state_size(const double sample_rate)
{
  (void)sample_rate;
  return sizeof(Voices4);
}

static void
take_file(void* const state, const double* const numbers)
{
  Voices4* const self = state;

  Tuning tuning;
  if (tuning_read(&tuning, numbers)) {
    midi_input_set_file(&self->input, &tuning);
  }
}

static const File tuning_file = {
  .property  = MIDI_CV_POLY_PROPERTY_FILE,
  .n_numbers = TUNING_NUMBERS,
  .beside    = TUNING_FILE_BESIDE,
  .start     = tuning_file_start,
  .read      = tuning_file_read,
  .check     = tuning_file_check,
  .take      = take_file,
};

/// Parts that go on in another layout
static const Carried carried[] = {
  CARRY_MIDI_INPUT(Voices4, input),
  CARRY_MIDI_VOICE("voice_1_", Voices4, voice[0]),
  CARRY_MIDI_VOICE("voice_2_", Voices4, voice[1]),
  CARRY_MIDI_VOICE("voice_3_", Voices4, voice[2]),
  CARRY_MIDI_VOICE("voice_4_", Voices4, voice[3]),
};

// ---- Picture

static const uint8_t watched[] = {MIDI_CV_POLY_PITCH_1,
                                  MIDI_CV_POLY_GATE_1,
                                  MIDI_CV_POLY_VELOCITY_1,
                                  MIDI_CV_POLY_PITCH_2,
                                  MIDI_CV_POLY_GATE_2,
                                  MIDI_CV_POLY_VELOCITY_2,
                                  MIDI_CV_POLY_PITCH_3,
                                  MIDI_CV_POLY_GATE_3,
                                  MIDI_CV_POLY_VELOCITY_3,
                                  MIDI_CV_POLY_PITCH_4,
                                  MIDI_CV_POLY_GATE_4,
                                  MIDI_CV_POLY_VELOCITY_4};

/// Draw the velocities of voices that sound, with the note of the first and the last
static void
draw(Drawing* const drawing)
{
  static const uint8_t voices[][3] = {
    {MIDI_CV_POLY_PITCH_1, MIDI_CV_POLY_GATE_1, MIDI_CV_POLY_VELOCITY_1},
    {MIDI_CV_POLY_PITCH_2, MIDI_CV_POLY_GATE_2, MIDI_CV_POLY_VELOCITY_2},
    {MIDI_CV_POLY_PITCH_3, MIDI_CV_POLY_GATE_3, MIDI_CV_POLY_VELOCITY_3},
    {MIDI_CV_POLY_PITCH_4, MIDI_CV_POLY_GATE_4, MIDI_CV_POLY_VELOCITY_4}};

  const double zero_oct =
    zero_volt_oct((ZeroVolt)draw_value(drawing, MIDI_CV_POLY_ZERO_VOLT));
  float bars[4];
  int   n_notes = 0;
  for (int v = 0; v < 4; ++v) {
    const bool is_open = draw_value(drawing, voices[v][1]) > 0.0;
    bars[v] = is_open ? 0.1f * (float)draw_value(drawing, voices[v][2]) : 0.0f;
    if (is_open && n_notes++ < 2) {
      draw_note(drawing, draw_value(drawing, voices[v][0]) + zero_oct);
    }
  }
  draw_bars(drawing, bars, 4, 0.0f, -1);
}

static const View view = {.draw      = draw,
                          .watched   = watched,
                          .n_watched = sizeof(watched)};

const Plugin plugin = {
  .uri          = MIDI_CV_POLY_URI,
  .ports        = midi_cv_poly_ports,
  .n_ports      = MIDI_CV_POLY_N_PORTS,
  .state_size   = state_size,
  .init         = init,
  .reset        = reset,
  .set_controls = set_controls,
  .run          = run,
  .midi         = midi,
  .properties   = midi_cv_poly_properties,
  .n_properties = MIDI_CV_POLY_N_PROPERTIES,
  .file         = &tuning_file,
  CARRIED(carried),
  .view = &view,
};
