// SPDX-License-Identifier: ISC

#include "tuning/key_tuning.h"

#include "tuning/midi_tuning.h"

#include <math.h>
#include <string.h>

#define FIFTHS_UP 8 ///< In a row from the root, to G sharp if that is C
#define FIFTHS 11   ///< And with those down from it, to E flat

static const int middle_c = 60;

// ---- Temperaments

/// Frequencies of the notes of an octave to that of the root, of up to the fifth degree
static const struct {
  uint32_t over;
  uint32_t under;
} just[SEMITONES] = {{1, 1},
                     {16, 15},
                     {9, 8},
                     {6, 5},
                     {5, 4},
                     {4, 3},
                     {45, 32},
                     {3, 2},
                     {8, 5},
                     {5, 3},
                     {9, 5},
                     {15, 8}};

/// Fifths that are narrow by a part of a comma, from C-G up to C#-G#, then F-C, Bb-F
/// and Eb-Bb, if the root is C: bit 0 is the first
typedef struct {
  uint32_t commas;  ///< Those that are narrow
  uint32_t schisma; ///< And those that are by what Pythagoras' comma is larger
  uint32_t parts;   ///< Of the comma
  bool     is_syntonic;
} Temperament;

static const Temperament temperaments[] = {
  [KEY_TUNING_PYTHAGOREAN]  = {0, 0, 1, false},
  [KEY_TUNING_MEANTONE]     = {0x7ff, 0, 4, true},
  [KEY_TUNING_WERCKMEISTER] = {0x027, 0, 4, false},    // C-G G-D D-A, B-F#
  [KEY_TUNING_KIRNBERGER]   = {0x00f, 0x040, 4, true}, // C-G G-D D-A A-E, F#-C#
  [KEY_TUNING_VALLOTTI]     = {0x11f, 0, 6, false},    // F-C C-G G-D D-A A-E E-B
};

/// Return how narrow a fifth is, in octaves
static double
narrowing_oct(const Temperament* const temperament, const int fifth)
{
  const double syntonic    = log2(81.0 / 80.0);
  const double pythagorean = 12.0 * log2(1.5) - 7.0;
  const double comma       = temperament->is_syntonic ? syntonic : pythagorean;
  const bool   is_narrow   = temperament->commas >> fifth & 1U;
  const bool   is_last     = temperament->schisma >> fifth & 1U;

  return (is_narrow ? comma / temperament->parts : 0.0) +
         (is_last ? pythagorean - syntonic : 0.0);
}

/// Set the notes of an octave by going up and down in fifths from the root
static void
set_fifths(const Temperament* const temperament, double note_oct[SEMITONES])
{
  double oct  = 0.0;
  int    note = 0;
  for (int f = 0; f < FIFTHS; ++f) {
    const bool   is_up = f < FIFTHS_UP;
    const double fifth = log2(1.5) - narrowing_oct(temperament, f);
    note               = (f == FIFTHS_UP ? 0 : note) + (is_up ? 7 : 5);
    note               = note % (int)SEMITONES;
    oct                = (f == FIFTHS_UP ? 0.0 : oct) + (is_up ? fifth : -fifth);
    oct -= floor(oct);
    note_oct[note] = oct;
  }
  note_oct[0] = 0.0;
}

static void
set_octave(const KeyTuningName name, double note_oct[SEMITONES])
{
  if (name != KEY_TUNING_JUST) {
    set_fifths(&temperaments[name], note_oct);
    return;
  }

  for (uint32_t n = 0; n < SEMITONES; ++n) {
    note_oct[n] = log2((double)just[n].over / (double)just[n].under);
  }
}

// ---- Pitches

static double
within_range(const double oct)
{
  return fmin(fmax(oct, -KEY_TUNING_MAX_OCT), KEY_TUNING_MAX_OCT);
}

static double
equal_oct(const int key)
{
  return (key - (double)middle_c) / SEMITONES;
}

static void
set_equal(KeyPitches* const self)
{
  for (int k = 0; k < (int)TUNING_KEYS; ++k) {
    self->oct[k]    = equal_oct(k);
    self->sounds[k] = true;
  }
}

/// Let a key higher be a step higher
static void
set_steps(KeyPitches* const self, const uint32_t root, const double step_oct)
{
  const int root_key = middle_c + (int)root;
  for (int k = 0; k < (int)TUNING_KEYS; ++k) {
    self->oct[k] = within_range(equal_oct(root_key) + (k - root_key) * step_oct);
  }
}

void
key_pitches_set(KeyPitches* const self, const KeyTuningName name, const uint32_t root)
{
  double note_oct[SEMITONES];

  set_equal(self);
  switch (name) {
  case KEY_TUNING_QUARTER_TONES:
    set_steps(self, root, 1.0 / 24.0);
    break;
  case KEY_TUNING_19_EQUAL:
    set_steps(self, root, 1.0 / 19.0);
    break;
  case KEY_TUNING_31_EQUAL:
    set_steps(self, root, 1.0 / 31.0);
    break;
  case KEY_TUNING_BOHLEN_PIERCE:
    set_steps(self, root, log2(3.0) / 13.0);
    break;
  case KEY_TUNING_EQUAL:
  case KEY_TUNING_FILE:
  case KEY_TUNING_MIDI:
  case N_KEY_TUNINGS:
    break;
  default:
    set_octave(name, note_oct);
    for (int k = 0; k < (int)TUNING_KEYS; ++k) {
      const int note = (k + (int)(SEMITONES - root)) % (int)SEMITONES;
      self->oct[k]   = equal_oct(k - note) + note_oct[note];
    }
    break;
  }
}

void
key_pitches_set_tuning(KeyPitches* const self, const Tuning* const tuning)
{
  set_equal(self);
  for (uint32_t k = 0; k < TUNING_KEYS; ++k) {
    double oct      = self->oct[k];
    self->sounds[k] = tuning_key_oct(tuning, k, &oct);
    self->oct[k]    = within_range(oct);
  }
}

// ---- Choice

/// Set the pitches that count now
static void
choose(KeyTuning* const self)
{
  if (self->knobs.name == KEY_TUNING_FILE) {
    key_pitches_set_tuning(&self->pitches, &self->file);
  } else if (self->knobs.name == KEY_TUNING_MIDI) {
    self->pitches = self->midi;
  } else {
    key_pitches_set(&self->pitches, self->knobs.name, self->knobs.root);
  }
  ++self->revision;
}

void
key_tuning_reset(KeyTuning* const self)
{
  memset(self, 0, sizeof(*self));
  set_equal(&self->midi);
  set_equal(&self->pitches);
  tuning_set_equal(&self->file);
}

void
key_tuning_turn(KeyTuning* const self, const KeyTuningKnobs* const knobs)
{
  if (self->knobs.name != knobs->name || self->knobs.root != knobs->root) {
    self->knobs = *knobs;
    choose(self);
  }
}

void
key_tuning_set_file(KeyTuning* const self, const Tuning* const file)
{
  self->file = *file;
  if (self->knobs.name == KEY_TUNING_FILE) {
    choose(self);
  }
}

void
key_tuning_message(KeyTuning* const     self,
                   const uint8_t* const bytes,
                   const size_t         size,
                   const uint32_t       channels)
{
  if (midi_tuning_read(self->midi.oct, bytes, size, channels) &&
      self->knobs.name == KEY_TUNING_MIDI) {
    choose(self);
  }
}
