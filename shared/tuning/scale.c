// SPDX-License-Identifier: ISC

#include "tuning/scale.h"

#include <math.h>
#include <stdbool.h>

/// Semitones from the root, by which most scales are known
static const uint16_t semitones_of[N_SCALES] = {
  [SCALE_CHROMATIC]        = ALL_SEMITONES,
  [SCALE_MAJOR]            = 0xab5, // 0 2 4 5 7 9 11
  [SCALE_MINOR]            = 0x5ad, // 0 2 3 5 7 8 10
  [SCALE_HARMONIC_MINOR]   = 0x9ad, // 0 2 3 5 7 8 11
  [SCALE_MELODIC_MINOR]    = 0xaad, // 0 2 3 5 7 9 11, as it rises
  [SCALE_DORIAN]           = 0x6ad, // 0 2 3 5 7 9 10
  [SCALE_PHRYGIAN]         = 0x5ab, // 0 1 3 5 7 8 10
  [SCALE_LYDIAN]           = 0xad5, // 0 2 4 6 7 9 11
  [SCALE_MIXOLYDIAN]       = 0x6b5, // 0 2 4 5 7 9 10
  [SCALE_LOCRIAN]          = 0x56b, // 0 1 3 5 6 8 10
  [SCALE_MAJOR_PENTATONIC] = 0x295, // 0 2 4 7 9
  [SCALE_MINOR_PENTATONIC] = 0x4a9, // 0 3 5 7 10
  [SCALE_BLUES]            = 0x4e9, // 0 3 5 6 7 10
  [SCALE_WHOLE_TONE]       = 0x555, // 0 2 4 6 8 10
  [SCALE_DIMINISHED]       = 0xb6d, // 0 2 3 5 6 8 9 11
  [SCALE_HIRAJOSHI]        = 0x18d, // 0 2 3 7 8
  [SCALE_HIJAZ]            = 0x5b3, // 0 1 4 5 7 8 10
  [SCALE_OCTAVES]          = 0x001, // 0
  [SCALE_FIFTHS]           = 0x081, // 0 7
  [SCALE_MAJOR_CHORD]      = 0x091, // 0 4 7
  [SCALE_MINOR_CHORD]      = 0x089, // 0 3 7
};

/// A frequency that is a ratio of two numbers to that of the root
typedef struct {
  uint32_t over;
  uint32_t under;
} Ratio;

/// Ptolemy's intense diatonic scale
static const Ratio just_major[] =
  {{1, 1}, {9, 8}, {5, 4}, {4, 3}, {3, 2}, {5, 3}, {15, 8}};

/// Fifths of 3/2 in a row, from E flat to G sharp if the root is C
static const Ratio pythagorean[] = {{1, 1},
                                    {2187, 2048},
                                    {9, 8},
                                    {32, 27},
                                    {81, 64},
                                    {4, 3},
                                    {729, 512},
                                    {3, 2},
                                    {6561, 4096},
                                    {27, 16},
                                    {16, 9},
                                    {243, 128}};

static void
set_ratios(Scale* const self, const Ratio* const ratios, const uint32_t n_notes)
{
  self->n_notes    = n_notes;
  self->period_oct = 1.0;
  for (uint32_t n = 0; n < n_notes; ++n) {
    self->note_oct[n] = log2((double)ratios[n].over / (double)ratios[n].under);
  }
}

void
scale_set_equal(Scale* const self, const uint32_t n_notes, const double period_oct)
{
  self->n_notes    = n_notes;
  self->period_oct = period_oct;
  for (uint32_t n = 0; n < n_notes; ++n) {
    self->note_oct[n] = n * period_oct / n_notes;
  }
}

void
scale_set_semitones(Scale* const self, const uint32_t semitones, const uint32_t root)
{
  const uint32_t all = semitones & ALL_SEMITONES ? semitones : ALL_SEMITONES;

  self->n_notes    = 0;
  self->period_oct = 1.0;
  for (uint32_t s = 0; s < SEMITONES; ++s) {
    if (all >> ((s + root) % SEMITONES) & 1U) {
      self->note_oct[self->n_notes++] = (double)s / SEMITONES;
    }
  }
}

void
scale_set(Scale* const self, const ScaleName name)
{
  switch (name) {
  case SCALE_JUST_MAJOR:
    set_ratios(self, just_major, sizeof(just_major) / sizeof(Ratio));
    break;
  case SCALE_PYTHAGOREAN:
    set_ratios(self, pythagorean, sizeof(pythagorean) / sizeof(Ratio));
    break;
  case SCALE_QUARTER_TONES:
    scale_set_equal(self, 24, 1.0);
    break;
  case SCALE_19_EQUAL:
    scale_set_equal(self, 19, 1.0);
    break;
  case SCALE_31_EQUAL:
    scale_set_equal(self, 31, 1.0);
    break;
  case SCALE_BOHLEN_PIERCE:
    scale_set_equal(self, 13, log2(3.0));
    break;
  default:
    scale_set_semitones(self, semitones_of[name], 0);
    break;
  }
}

// ---- Notes

/// A note as one of a period
typedef struct {
  int32_t  period;
  uint32_t degree;
} Place;

static Place
place_of(const Scale* const self, const int32_t number)
{
  const int32_t n         = (int32_t)self->n_notes;
  const int32_t remainder = number % n;
  const int32_t degree    = remainder < 0 ? remainder + n : remainder;

  return (Place){(number - degree) / n, (uint32_t)degree};
}

double
scale_note_oct(const Scale* const self, const int32_t number)
{
  const Place place = place_of(self, number);

  return place.period * self->period_oct + self->note_oct[place.degree];
}

int32_t
scale_note_below(const Scale* const self, const double pitch_oct)
{
  const double period = floor(pitch_oct / self->period_oct);
  int32_t      number = (int32_t)period * (int32_t)self->n_notes;

  // The last note of the period that is not above, or else its first, by halves
  uint32_t low  = 0;
  uint32_t high = self->n_notes;
  while (high - low > 1U) {
    const uint32_t middle = (low + high) / 2U;
    const bool is_above   = scale_note_oct(self, number + (int32_t)middle) > pitch_oct;
    low                   = is_above ? low : middle;
    high                  = is_above ? middle : high;
  }

  // A period may begin above, and end below, by a note or by what floor() rounds
  number += (int32_t)low;
  number -= scale_note_oct(self, number) > pitch_oct;
  number += scale_note_oct(self, number + 1) <= pitch_oct;
  return number;
}
