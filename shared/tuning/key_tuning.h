// SPDX-License-Identifier: ISC
/**
   The pitch of each key of a keyboard, in a tuning that is chosen by its name.

     name, root ----------\
     tuning file ----------> the pitch of each of 128 keys, or none
     MIDI tuning messages -/

   The key of the root has the pitch of the equal tuning, and all others are tuned from
   it: C4 is 261.63 Hz if the root is C.  A file names its pitches itself, and so do
   messages, so that the root does not count for these.
*/

#ifndef KEY_TUNING_H
#define KEY_TUNING_H

#include "tuning/tuning.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KEY_TUNING_MAX_OCT 10.0 ///< Farthest that a key is from C4, either way

/// As scale points number them
typedef enum {
  KEY_TUNING_EQUAL,
  KEY_TUNING_JUST,
  KEY_TUNING_PYTHAGOREAN,
  KEY_TUNING_MEANTONE,
  KEY_TUNING_WERCKMEISTER,
  KEY_TUNING_KIRNBERGER,
  KEY_TUNING_VALLOTTI,
  KEY_TUNING_FILE,
  KEY_TUNING_MIDI,          ///< Equal, until messages tune keys
  KEY_TUNING_QUARTER_TONES, ///< From here on, a key higher is the next note
  KEY_TUNING_19_EQUAL,
  KEY_TUNING_31_EQUAL,
  KEY_TUNING_BOHLEN_PIERCE,
  N_KEY_TUNINGS
} KeyTuningName;

typedef struct {
  double oct[TUNING_KEYS]; ///< Octaves from C4
  bool   sounds[TUNING_KEYS];
} KeyPitches;

typedef struct {
  KeyTuningName name;
  uint32_t      root; ///< In semitones from C
} KeyTuningKnobs;

typedef struct {
  KeyPitches     pitches;
  uint32_t       revision; ///< Which differs when pitches do
  KeyTuningKnobs knobs;    ///< As they were last
  KeyPitches     midi;     ///< As messages have tuned it
  Tuning         file;
} KeyTuning;

/// Set the pitches of a tuning with a name; those of files and messages are equal
void
key_pitches_set(KeyPitches* self, KeyTuningName name, uint32_t root);

/// Set the pitches of a tuning
void
key_pitches_set_tuning(KeyPitches* self, const Tuning* tuning);

/// Be the equal tuning, and forget files and messages
void
key_tuning_reset(KeyTuning* self);

/// Follow the knobs
void
key_tuning_turn(KeyTuning* self, const KeyTuningKnobs* knobs);

/// Take the tuning of a file
void
key_tuning_set_file(KeyTuning* self, const Tuning* file);

/**
   Take a message of the MIDI Tuning Standard, from F0 to F7; all others are ignored.

   Such are dumps of all keys (08 01), changes of single ones (08 02 and 08 07), and of
   the twelve of an octave on channels (08 08 and 08 09), if one of the set `channels`
   is among those: bit c - 1 stands for channel c.  A change counts at once, also where
   it says that it does not (7E), and whichever program it is for.  One that is broken
   changes nothing.

   See "MIDI Tuning Updated Specification", The MIDI Association, 1999.
*/
void
key_tuning_message(KeyTuning*     self,
                   const uint8_t* bytes,
                   size_t         size,
                   uint32_t       channels);

#endif // KEY_TUNING_H
