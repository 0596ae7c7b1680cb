// SPDX-License-Identifier: ISC

#include "plugin.h"
#include "quantizer_ports.h"
#include "tuning_file.h"

#include "display/drawing.h"
#include "midi/key_set.h"
#include "signal/units.h"
#include "tuning/quantizer.h"
#include "tuning/tuning.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#define CENTS_PER_OCTAVE 1200.0

static_assert((int)QUANTIZER_SCALE_CHROMATIC == (int)SCALE_CHROMATIC,
              "as in the Turtle");
static_assert((int)QUANTIZER_SCALE_OCTAVES == (int)SCALE_OCTAVES, "as in the Turtle");
static_assert((int)QUANTIZER_SCALE_BOHLEN_PIERCE == (int)SCALE_BOHLEN_PIERCE,
              "as in the Turtle");
static_assert((int)QUANTIZER_SCALE_FILE == (int)N_SCALES, "as in the Turtle");
static_assert(QUANTIZER_KEY_B - QUANTIZER_KEY_C == SEMITONES - 1,
              "keys are in the order of their notes");
static_assert((int)QUANTIZER_INPUT_AS_PITCH == (int)QUANTIZER_PITCH,
              "as in the Turtle");
static_assert((int)QUANTIZER_INPUT_AS_STEPS == (int)QUANTIZER_STEPS,
              "as in the Turtle");
static_assert((int)QUANTIZER_ROUNDING_NEAREST == (int)ROUND_NEAREST,
              "as in the Turtle");
static_assert((int)QUANTIZER_ROUNDING_DOWN == (int)ROUND_DOWN, "as in the Turtle");
static_assert((int)QUANTIZER_ROUNDING_UP == (int)ROUND_UP, "as in the Turtle");
static_assert((int)QUANTIZER_WHEN_ALWAYS == (int)QUANTIZER_ALWAYS, "as in the Turtle");
static_assert((int)QUANTIZER_WHEN_AT_TRIGGERS == (int)QUANTIZER_AT_TRIGGERS,
              "as in the Turtle");
static_assert((int)QUANTIZER_ZERO_VOLT_C4 == (int)ZERO_VOLT_C4, "as in the Turtle");
static_assert((int)QUANTIZER_ZERO_VOLT_C_1 == (int)ZERO_VOLT_C_MINUS_1,
              "as in the Turtle");

/// Notes of a scale
typedef struct {
  int      name; ///< As the Turtle numbers scales
  uint32_t root; ///< In semitones from C
  uint32_t keys; ///< The set of notes that have a key, for scales of keys
} Choice;

typedef struct {
  Quantizer quantizer;
  KeySet    played;
  uint32_t  keys; ///< As the knobs are
  Choice    choice;
  bool      has_choice;
  Scale     file; ///< The notes of the tuning file
  double    file_root_oct;
  double    root_oct; ///< As the knob is
} Tuner;

static void
reset(void* const state)
{
  Tuner* const self = state;

  quantizer_reset(&self->quantizer);
  memset(&self->played, 0, sizeof(self->played));
  self->has_choice = false;
}

static void
init(void* const state, const double sample_rate)
{
  Tuner* const self = state;

  quantizer_init(&self->quantizer, sample_rate);
  reset(self);
}

/// Return the set of keys that a scale has, or 0 if it is none of keys
static uint32_t
keys_of(const Tuner* const self, const int name)
{
  return name == QUANTIZER_SCALE_KEYS        ? self->keys
         : name == QUANTIZER_SCALE_MIDI_KEYS ? self->played.names
                                             : 0U;
}

/// Make the scale that is chosen, if that is another one than before
static void
choose(Tuner* const self, const int name, const uint32_t root)
{
  const Choice choice = {name, root, keys_of(self, name)};
  if (self->has_choice && choice.name == self->choice.name &&
      choice.root == self->choice.root && choice.keys == self->choice.keys) {
    return;
  }

  Scale scale;
  if (name == QUANTIZER_SCALE_FILE) {
    scale = self->file;
  } else if (name < (int)N_SCALES) {
    scale_set(&scale, (ScaleName)name);
  } else {
    scale_set_semitones(&scale, choice.keys, root);
  }
  quantizer_set_scale(&self->quantizer, &scale);
  self->choice     = choice;
  self->has_choice = true;
}

static void
set_controls(void* const state, const Ports* const ports)
{
  Tuner* const   self = state;
  const uint32_t root = (uint32_t)choice(ports, QUANTIZER_ROOT);

  self->root_oct     = (double)root / SEMITONES;
  const bool is_file = choice(ports, QUANTIZER_SCALE) == QUANTIZER_SCALE_FILE;

  const QuantizerKnobs knobs = {
    .input_as = (QuantizerInput)choice(ports, QUANTIZER_INPUT_AS),
    .when     = (QuantizerWhen)choice(ports, QUANTIZER_WHEN),
    .rule     = {(Rounding)choice(ports, QUANTIZER_ROUNDING),
                 (double)control(ports, QUANTIZER_HYSTERESIS) / CENTS_PER_OCTAVE},
    .degrees  = choice(ports, QUANTIZER_DEGREES),
    .octave   = choice(ports, QUANTIZER_OCTAVE),
    .glide_s  = (double)control(ports, QUANTIZER_GLIDE),
    .root_oct = self->root_oct + (is_file ? self->file_root_oct : 0.0),
    .zero_oct = zero_volt_oct((ZeroVolt)choice(ports, QUANTIZER_ZERO_VOLT)),
  };
  quantizer_set(&self->quantizer, &knobs);

  self->keys = 0;
  for (uint32_t s = 0; s < SEMITONES; ++s) {
    self->keys |= (choice(ports, QUANTIZER_KEY_C + s) != 0 ? 1U : 0U) << s;
  }
  choose(self, choice(ports, QUANTIZER_SCALE), root);
}

static void
midi(void* const state, const uint8_t* const bytes, const uint32_t size)
{
  Tuner* const self = state;

  key_set_message(&self->played, bytes, size);
  choose(self, self->choice.name, self->choice.root);
}

static void
run(void* const state, const Ports* const ports, const uint32_t n_frames)
{
  Tuner* const self = state;

  const QuantizerSignals in = {
    .in        = {signal_in(ports, QUANTIZER_IN_1),
                  signal_in(ports, QUANTIZER_IN_2),
                  signal_in(ports, QUANTIZER_IN_3),
                  signal_in(ports, QUANTIZER_IN_4)},
    .trigger   = signal_in(ports, QUANTIZER_TRIGGER),
    .transpose = signal_in(ports, QUANTIZER_TRANSPOSE),
    .degrees   = signal_in(ports, QUANTIZER_DEGREES_CV),
  };
  QuantizerOutputs out;
  for (uint32_t v = 0; v < QUANTIZER_VOICES; ++v) {
    out.pitch[v]   = signal_out(ports, QUANTIZER_PITCH_1 + v);
    out.changed[v] = signal_out(ports, QUANTIZER_CHANGED_1 + v);
  }
  quantizer_process(&self->quantizer, &in, &out, n_frames);
}

static size_t
state_size(const double sample_rate)
{
  (void)sample_rate;
  return sizeof(Tuner);
}

// ---- Tuning file

static void
take_file(void* const state, const double* const numbers)
{
  Tuner* const self = state;

  Tuning tuning;
  if (tuning_read(&tuning, numbers)) {
    tuning_scale(&tuning, &self->file);
    self->file_root_oct = tuning_root_oct(&tuning);
  }
  if (self->has_choice && self->choice.name == QUANTIZER_SCALE_FILE) {
    quantizer_set_scale(&self->quantizer, &self->file);
    quantizer_set_root(&self->quantizer, self->root_oct + self->file_root_oct);
  }
}

static const File tuning_file = {
  .property  = QUANTIZER_PROPERTY_FILE,
  .n_numbers = TUNING_NUMBERS,
  .beside    = TUNING_FILE_BESIDE,
  .start     = tuning_file_start,
  .read      = tuning_file_read,
  .check     = tuning_file_check,
  .take      = take_file,
};

// ---- Picture

static const uint8_t watched[] = {QUANTIZER_IN_1, QUANTIZER_PITCH_1};

/// Draw an octave of the scale, and mark the present pitch
static void
draw(Drawing* const drawing)
{
  static const uint8_t outs[] = {QUANTIZER_PITCH_1};

  const double pitch =
    draw_value(drawing, QUANTIZER_PITCH_1) +
    zero_volt_oct((ZeroVolt)draw_value(drawing, QUANTIZER_ZERO_VOLT));
  const double     in    = draw_value(drawing, QUANTIZER_IN_1);
  const DrawSignal ramp  = {QUANTIZER_IN_1, DRAW_RAMP, 0.0f, 1.0f, 0.0};
  const DrawTrace  trace = {
     .outs = outs, .n_outs = 1, .signals = &ramp, .low = -0.05f, .high = 1.1f};
  draw_note(drawing, pitch);
  draw_set(drawing, QUANTIZER_WHEN, QUANTIZER_WHEN_ALWAYS);
  draw_set(drawing, QUANTIZER_OCTAVE, 0.0);
  draw_set(drawing, QUANTIZER_GLIDE, 0.0);
  draw_transfer(drawing, &trace);
  draw_cursor(drawing, in - floor(in));
}

static const View view = {.draw      = draw,
                          .watched   = watched,
                          .n_watched = sizeof(watched)};

const Plugin plugin = {
  .uri          = QUANTIZER_URI,
  .ports        = quantizer_ports,
  .n_ports      = QUANTIZER_N_PORTS,
  .state_size   = state_size,
  .init         = init,
  .reset        = reset,
  .set_controls = set_controls,
  .run          = run,
  .midi         = midi,
  .properties   = quantizer_properties,
  .n_properties = QUANTIZER_N_PROPERTIES,
  .file         = &tuning_file,
  .view         = &view,
};
