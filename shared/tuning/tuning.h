// SPDX-License-Identifier: ISC
/**
   A tuning as players load it: the notes of a scale, and which key plays which of them.

     key --map--> degree --scale--> octaves --reference--> octaves from C4

   Degrees count notes of the scale in the order in which it lists them, which need not
   rise, and go on in the next period.  A map gives each of `size` keys, from `middle`
   on, a degree or none; the keys beyond repeat it, moved by what `period_degree` is
   above degree 0.  Without a map, a key higher is a degree higher.
*/

#ifndef TUNING_H
#define TUNING_H

#include "tuning/scale.h"

#include <stdbool.h>
#include <stdint.h>

#define TUNING_MAX_NOTES SCALE_MAX_NOTES
#define TUNING_KEYS 128U    ///< Of MIDI; 60 is C4
#define TUNING_MAX_OCT 10.0 ///< No note is farther from the first, either way
#define TUNING_MIN_PERIOD_OCT (1.0 / 1200.0)
#define TUNING_MAX_HZ 1e6
#define TUNING_MAX_DEGREE 9999 ///< Highest that a map may name
#define TUNING_NO_DEGREE (-1)  ///< For a key that does not sound

/// How many numbers tell all of a tuning
#define TUNING_NUMBERS (2U + TUNING_MAX_NOTES + 7U + TUNING_KEYS)

typedef struct {
  uint32_t size;  ///< How many keys have degrees before they repeat; 0 for no map
  uint32_t first; ///< The first key that sounds
  uint32_t last;
  uint32_t middle;        ///< The key of the first degree
  uint32_t reference;     ///< The key that reference_hz is for
  double   reference_hz;  ///< Above 0
  int32_t  period_degree; ///< From 0, which stands for the scale's own period
  int16_t  degree[TUNING_KEYS];
} KeyMap;

typedef struct {
  uint32_t n_notes;                    ///< 1 to TUNING_MAX_NOTES
  double   period_oct;                 ///< From TUNING_MIN_PERIOD_OCT
  double   note_oct[TUNING_MAX_NOTES]; ///< The first is 0
  KeyMap   map;
} Tuning;

/// Set twelve equal semitones, with A4 at 440 Hz
void
tuning_set_equal(Tuning* self);

/// Set no map: key 60 is the first note, and C4
void
key_map_set_linear(KeyMap* self);

/// Return true if all of it is within its ranges, and periods go upwards
bool
tuning_is_valid(const Tuning* self);

/// Return the pitch of the first degree in octaves from C4
double
tuning_root_oct(const Tuning* self);

/// Find the pitch of a key in octaves from C4; returns false if it does not sound
bool
tuning_key_oct(const Tuning* self, uint32_t key, double* pitch_oct);

/// Set `scale` to the notes that keys play, sorted, from the first degree on
void
tuning_scale(const Tuning* self, Scale* scale);

/// Write all of it as TUNING_NUMBERS numbers
void
tuning_write(const Tuning* self, double* numbers);

/// Read what tuning_write() wrote; returns false, and changes nothing, if it is not
/// valid
bool
tuning_read(Tuning* self, const double* numbers);

#endif // TUNING_H
