// SPDX-License-Identifier: ISC
/**
   Messages of the MIDI Tuning Standard, as pitches of keys.

     F0 7E id 08 01 tt name[16] [xx yy zz]*128 checksum F7    all keys
     F0 7F id 08 02 tt ll [kk xx yy zz]*ll F7                 ll of them
     F0 7E id 08 07 bb tt ll [kk xx yy zz]*ll F7              the same, or with 7F
     F0 7E id 08 08 ff gg hh [ss]*12 F7                       octaves, in cents from -64
     F0 7E id 08 09 ff gg hh [ss tt]*12 F7                    the same, from -100 to 100

   A key is tuned to xx semitones above the lowest one, and yy zz parts of 2^14 of the
   next, or not at all by 7F 7F 7F.  The bits of ff gg hh are channels 16 down to 1.
*/

#ifndef MIDI_TUNING_H
#define MIDI_TUNING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Read a message into the octaves from C4 of 128 keys; returns false, and changes
/// nothing, if it is another one, broken, or for none of the set `channels`
bool
midi_tuning_read(double* key_oct, const uint8_t* bytes, size_t size, uint32_t channels);

#endif // MIDI_TUNING_H
