// SPDX-License-Identifier: ISC
/**
   Scales: pitches that repeat in each octave, or in another period.

     note     0     1   2  ...  n-1   n        = note 0 of the next period
              |-----|---|--------|----|
     oct      0   note_oct[]      period_oct

   Notes are numbered from the root on, upwards and downwards without end.  All pitches
   are octaves as doubles, so that a note is the float next to its true pitch.
*/

#ifndef SCALE_H
#define SCALE_H

#include <stdint.h>

#define SCALE_MAX_NOTES 128U
#define SEMITONES 12U        ///< Per octave
#define ALL_SEMITONES 0xfffU ///< A set with all of them, C being bit 0

/// Scales that need no more than a name, as scale points number them
typedef enum {
  SCALE_CHROMATIC,
  SCALE_MAJOR,
  SCALE_MINOR,
  SCALE_HARMONIC_MINOR,
  SCALE_MELODIC_MINOR,
  SCALE_DORIAN,
  SCALE_PHRYGIAN,
  SCALE_LYDIAN,
  SCALE_MIXOLYDIAN,
  SCALE_LOCRIAN,
  SCALE_MAJOR_PENTATONIC,
  SCALE_MINOR_PENTATONIC,
  SCALE_BLUES,
  SCALE_WHOLE_TONE,
  SCALE_DIMINISHED,
  SCALE_HIRAJOSHI,
  SCALE_HIJAZ,
  SCALE_OCTAVES,
  SCALE_FIFTHS,
  SCALE_MAJOR_CHORD,
  SCALE_MINOR_CHORD,
  SCALE_JUST_MAJOR,
  SCALE_PYTHAGOREAN,
  SCALE_QUARTER_TONES,
  SCALE_19_EQUAL,
  SCALE_31_EQUAL,
  SCALE_BOHLEN_PIERCE,
  N_SCALES
} ScaleName;

typedef struct {
  uint32_t n_notes;                   ///< 1 to SCALE_MAX_NOTES
  double   period_oct;                ///< Above 0
  double   note_oct[SCALE_MAX_NOTES]; ///< Rising, from 0 on, below the period
} Scale;

/// Set one of the scales that have names
void
scale_set(Scale* self, ScaleName name);

/// Set `n_notes` equal steps of a period
void
scale_set_equal(Scale* self, uint32_t n_notes, double period_oct);

/// Set the semitones of a set, counted from its member `root`, 0 to 11; none are all
void
scale_set_semitones(Scale* self, uint32_t semitones, uint32_t root);

/// Return the pitch of a note in octaves from the root
double
scale_note_oct(const Scale* self, int32_t number);

/// Return the number of the highest note at or below a pitch of octaves from the root
int32_t
scale_note_below(const Scale* self, double pitch_oct);

#endif // SCALE_H
