// SPDX-License-Identifier: ISC

#include "carried_midi.h"
#include "midi_cv_ports.h"
#include "plugin.h"
#include "tuning_file.h"

#include "display/drawing.h"
#include "midi/midi_cv.h"

#include <assert.h>

#define SEMITONES_PER_OCTAVE 12.0

static_assert((int)MIDI_CV_CHANNEL_ALL == (int)ALL_CHANNELS, "as in the Turtle");
static_assert((int)MIDI_CV_CHANNEL_16 == (int)MIDI_CHANNELS, "as in the Turtle");
static_assert((int)MIDI_CV_PRIORITY_LAST == (int)PRIORITY_LAST, "as in the Turtle");
static_assert((int)MIDI_CV_PRIORITY_LOW == (int)PRIORITY_LOW, "as in the Turtle");
static_assert((int)MIDI_CV_PRIORITY_HIGH == (int)PRIORITY_HIGH, "as in the Turtle");
static_assert((int)MIDI_CV_GLIDE_MODE_ALWAYS == (int)GLIDE_ALWAYS, "as in the Turtle");
static_assert((int)MIDI_CV_GLIDE_MODE_LEGATO == (int)GLIDE_LEGATO, "as in the Turtle");
static_assert((int)MIDI_CV_ALLOCATION_SAME_KEY == (int)ALLOCATE_SAME_KEY,
              "as in the Turtle");
static_assert((int)MIDI_CV_ALLOCATION_UNISON == (int)ALLOCATE_UNISON,
              "as in the Turtle");
static_assert((int)MIDI_CV_MPE_OFF == (int)MPE_OFF, "as in the Turtle");
static_assert((int)MIDI_CV_MPE_UPPER_ZONE == (int)MPE_UPPER, "as in the Turtle");
static_assert((int)MIDI_CV_ZERO_VOLT_C4 == (int)ZERO_VOLT_C4, "as in the Turtle");
static_assert((int)MIDI_CV_ZERO_VOLT_C_1 == (int)ZERO_VOLT_C_MINUS_1,
              "as in the Turtle");

static_assert((int)MIDI_CV_TUNING_EQUAL == (int)KEY_TUNING_EQUAL, "as in the Turtle");
static_assert((int)MIDI_CV_TUNING_VALLOTTI == (int)KEY_TUNING_VALLOTTI,
              "as in the Turtle");
static_assert((int)MIDI_CV_TUNING_FILE == (int)KEY_TUNING_FILE, "as in the Turtle");
static_assert((int)MIDI_CV_TUNING_MIDI_TUNING == (int)KEY_TUNING_MIDI,
              "as in the Turtle");
static_assert((int)MIDI_CV_TUNING_BOHLEN_PIERCE == (int)KEY_TUNING_BOHLEN_PIERCE,
              "as in the Turtle");

typedef struct {
  MidiCv      midi_cv;
  MidiCvKnobs knobs;
} Voice;

static void
init(void* const state, const double sample_rate)
{
  Voice* const self = state;

  midi_cv_init(&self->midi_cv, sample_rate, KNOB_GLIDE_S);
}

static void
reset(void* const state)
{
  Voice* const self = state;

  midi_cv_reset(&self->midi_cv);
}

static void
set_controls(void* const state, const Ports* const ports)
{
  Voice* const self = state;

  self->knobs = (MidiCvKnobs){
    .input = {.routing = {.channel    = (uint32_t)choice(ports, MIDI_CV_CHANNEL),
                          .priority   = (Priority)choice(ports, MIDI_CV_PRIORITY),
                          .n_voices   = (uint32_t)choice(ports, MIDI_CV_VOICES),
                          .allocation = (Allocation)choice(ports, MIDI_CV_ALLOCATION),
                          .steals =
                            choice(ports, MIDI_CV_STEALING) == MIDI_CV_STEALING_OLDEST,
                          .mpe = (Mpe)choice(ports, MIDI_CV_MPE)},
              .bend_range_oct =
                choice(ports, MIDI_CV_BEND_RANGE) / SEMITONES_PER_OCTAVE,
              .mpe_bend_range_oct =
                choice(ports, MIDI_CV_MPE_BEND_RANGE) / SEMITONES_PER_OCTAVE,
              .tuning = {(KeyTuningName)choice(ports, MIDI_CV_TUNING),
                         (uint32_t)choice(ports, MIDI_CV_ROOT)},
              .panic  = choice(ports, MIDI_CV_PANIC) != 0},
    .voice = {.voice      = (uint32_t)choice(ports, MIDI_CV_VOICE) - 1U,
              .retrigger  = choice(ports, MIDI_CV_RETRIGGER) != 0,
              .glide_s    = (double)control(ports, MIDI_CV_GLIDE),
              .glide_mode = (GlideMode)choice(ports, MIDI_CV_GLIDE_MODE),
              .zero_volt  = (ZeroVolt)choice(ports, MIDI_CV_ZERO_VOLT)}};
}

static void
midi(void* const state, const uint8_t* const bytes, const uint32_t size)
{
  Voice* const self = state;

  midi_cv_message(&self->midi_cv, &self->knobs, bytes, size);
}

static void
run(void* const state, const Ports* const ports, const uint32_t n_frames)
{
  Voice* const           self    = state;
  const MidiVoiceOutputs outputs = {.pitch    = signal_out(ports, MIDI_CV_PITCH),
                                    .gate     = signal_out(ports, MIDI_CV_GATE),
                                    .velocity = signal_out(ports, MIDI_CV_VELOCITY),
                                    .pressure = signal_out(ports, MIDI_CV_PRESSURE),
                                    .mod      = signal_out(ports, MIDI_CV_MOD),
                                    .trigger  = signal_out(ports, MIDI_CV_TRIGGER),
                                    .slide    = signal_out(ports, MIDI_CV_SLIDE),
                                    .lift     = signal_out(ports, MIDI_CV_LIFT)};

  midi_cv_process(&self->midi_cv, &self->knobs, &outputs, n_frames);
}

static size_t
state_size(const double sample_rate)
{
  (void)sample_rate;
  return sizeof(Voice);
}

static void
take_file(void* const state, const double* const numbers)
{
  Voice* const self = state;

  Tuning tuning;
  if (tuning_read(&tuning, numbers)) {
    midi_input_set_file(&self->midi_cv.input, &tuning);
  }
}

static const File tuning_file = {
  .property  = MIDI_CV_PROPERTY_FILE,
  .n_numbers = TUNING_NUMBERS,
  .beside    = TUNING_FILE_BESIDE,
  .start     = tuning_file_start,
  .read      = tuning_file_read,
  .check     = tuning_file_check,
  .take      = take_file,
};

/// Parts that go on in another layout
static const Carried carried[] = {
  CARRY_MIDI_INPUT(Voice, midi_cv.input),
  CARRY_MIDI_VOICE("voice_", Voice, midi_cv.voice),
};

// ---- Picture

static const uint8_t watched[] = {MIDI_CV_PITCH,
                                  MIDI_CV_GATE,
                                  MIDI_CV_VELOCITY,
                                  MIDI_CV_PRESSURE,
                                  MIDI_CV_MOD};

/// Draw gate, velocity, pressure and modulation, with the note that was played
static void
draw(Drawing* const drawing)
{
  const float bars[] = {0.1f * (float)draw_value(drawing, MIDI_CV_GATE),
                        0.1f * (float)draw_value(drawing, MIDI_CV_VELOCITY),
                        0.1f * (float)draw_value(drawing, MIDI_CV_PRESSURE),
                        0.1f * (float)draw_value(drawing, MIDI_CV_MOD)};
  draw_bars(drawing, bars, 4, 0.0f, bars[0] > 0.0f ? 0 : -1);
  draw_note(drawing,
            draw_value(drawing, MIDI_CV_PITCH) +
              zero_volt_oct((ZeroVolt)draw_value(drawing, MIDI_CV_ZERO_VOLT)));
}

static const View view = {.draw      = draw,
                          .watched   = watched,
                          .n_watched = sizeof(watched)};

const Plugin plugin = {
  .uri          = MIDI_CV_URI,
  .ports        = midi_cv_ports,
  .n_ports      = MIDI_CV_N_PORTS,
  .state_size   = state_size,
  .init         = init,
  .reset        = reset,
  .set_controls = set_controls,
  .run          = run,
  .midi         = midi,
  .properties   = midi_cv_properties,
  .n_properties = MIDI_CV_N_PROPERTIES,
  .file         = &tuning_file,
  CARRIED(carried),
  .view = &view,
};
