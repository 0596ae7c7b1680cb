// SPDX-License-Identifier: ISC

#include "host/midi_bytes.h"

size_t
bytes_left(const MidiBytes* const bytes)
{
  return (size_t)(bytes->end - bytes->at);
}

uint32_t
bytes_number(const uint8_t* const bytes, const uint32_t size)
{
  uint32_t number = 0;
  for (uint32_t i = 0; i < size; ++i) {
    number = number << 8U | bytes[i];
  }
  return number;
}

uint32_t
bytes_read_number(MidiBytes* const bytes, const uint32_t size)
{
  bytes->at += size;
  return bytes_number(bytes->at - size, size);
}

bool
bytes_read_variable(MidiBytes* const bytes, uint32_t* const number)
{
  *number = 0;
  for (uint32_t i = 0; i < 4U && bytes->at < bytes->end; ++i) {
    const uint8_t byte = *bytes->at++;
    *number            = *number << 7U | (byte & 0x7FU);
    if (byte < 0x80U) {
      return true;
    }
  }

  return false;
}
