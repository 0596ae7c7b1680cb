// SPDX-License-Identifier: ISC
/// Bytes of a MIDI file still to be read

#ifndef MIDI_BYTES_H
#define MIDI_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// MidiBytes still to be read
typedef struct {
  uint8_t* at;
  uint8_t* end;
} MidiBytes;

/// Return how many bytes are left
size_t
bytes_left(const MidiBytes* bytes);

/// Return the number of `size` bytes, most significant first
uint32_t
bytes_number(const uint8_t* bytes, uint32_t size);

/// Read a number of `size` bytes, which must be there
uint32_t
bytes_read_number(MidiBytes* bytes, uint32_t size);

/// Read a number; every byte but its last has the top bit set
bool
bytes_read_variable(MidiBytes* bytes, uint32_t* number);

#endif // MIDI_BYTES_H
