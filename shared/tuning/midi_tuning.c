// SPDX-License-Identifier: ISC

#include "tuning/midi_tuning.h"

#define KEYS 128U
#define SEMITONES 12U
#define KEY_OF_C4 60.0
#define STEPS 16384.0 ///< Of 14 bits
#define HEAD_SIZE 5U  ///< Up to the second of the two bytes that name a message
#define NAME_SIZE 16U
#define CENTS_PER_OCTAVE 1200.0

/// Kind of a message, by its fifth byte
enum {
  BULK_DUMP       = 0x01,
  SINGLE_NOTES    = 0x02,
  NOTES_OF_BANK   = 0x07,
  OCTAVE_OF_CENTS = 0x08,
  OCTAVE_OF_STEPS = 0x09
};

/// Return true if a message is exclusive, for tunings, and all between its ends is data
static bool
is_tuning(const uint8_t* const bytes, const size_t size)
{
  if (size <= HEAD_SIZE + 1U || bytes[0] != 0xf0U || bytes[size - 1U] != 0xf7U ||
      (bytes[1] != 0x7eU && bytes[1] != 0x7fU) || bytes[3] != 0x08U) {
    return false;
  }
  for (size_t i = 1; i + 1U < size; ++i) {
    if (bytes[i] > 127U) {
      return false;
    }
  }

  return true;
}

/// Tune a key by three bytes, unless they say not to
static void
tune(double* const key_oct, const uint8_t key, const uint8_t* const bytes)
{
  const uint32_t steps = ((uint32_t)bytes[1] << 7U) + bytes[2];
  if (bytes[0] < 127U || steps < 0x3fffU) {
    key_oct[key] = (bytes[0] + steps / STEPS - KEY_OF_C4) / SEMITONES;
  }
}

static bool
read_dump(double* const key_oct, const uint8_t* const bytes, const size_t size)
{
  const uint8_t* const keys = bytes + HEAD_SIZE + 1U + NAME_SIZE;
  if (size != HEAD_SIZE + 1U + NAME_SIZE + 3U * KEYS + 2U) {
    return false;
  }

  for (uint8_t k = 0; k < KEYS; ++k) {
    tune(key_oct, k, keys + 3U * k);
  }
  return true;
}

/// Read single keys, whose number is at `at`
static bool
read_keys(double* const        key_oct,
          const uint8_t* const bytes,
          const size_t         size,
          const size_t         at)
{
  if (size < at + 2U || size != at + 2U + 4U * (size_t)bytes[at]) {
    return false;
  }

  for (size_t k = 0; k < bytes[at]; ++k) {
    const uint8_t* const change = bytes + at + 1U + 4U * k;
    tune(key_oct, change[0], change + 1);
  }
  return true;
}

/// Read the notes of an octave, of one byte or two
static bool
read_octave(double* const        key_oct,
            const uint8_t* const bytes,
            const size_t         size,
            const size_t         width,
            const uint32_t       channels)
{
  const uint8_t* const notes = bytes + HEAD_SIZE + 3U;
  if (size != HEAD_SIZE + 3U + SEMITONES * width + 1U) {
    return false;
  }
  const uint32_t named = ((uint32_t)(bytes[HEAD_SIZE] & 3U) << 14U) +
                         ((uint32_t)bytes[HEAD_SIZE + 1U] << 7U) +
                         bytes[HEAD_SIZE + 2U];
  if (!(named & channels)) {
    return false;
  }

  for (uint32_t k = 0; k < KEYS; ++k) {
    const uint8_t* const note  = notes + width * (k % SEMITONES);
    const double         cents = width == 1U
                                   ? note[0] - 64.0
                                   : ((note[0] << 7) + note[1] - 8192.0) * 100.0 / 8192.0;
    key_oct[k]                 = (k - KEY_OF_C4) / SEMITONES + cents / CENTS_PER_OCTAVE;
  }
  return true;
}

bool
midi_tuning_read(double* const        key_oct,
                 const uint8_t* const bytes,
                 const size_t         size,
                 const uint32_t       channels)
{
  if (!is_tuning(bytes, size)) {
    return false;
  }

  switch (bytes[HEAD_SIZE - 1U]) {
  case BULK_DUMP:
    return read_dump(key_oct, bytes, size);
  case SINGLE_NOTES:
    return read_keys(key_oct, bytes, size, HEAD_SIZE + 1U);
  case NOTES_OF_BANK:
    return read_keys(key_oct, bytes, size, HEAD_SIZE + 2U);
  case OCTAVE_OF_CENTS:
    return read_octave(key_oct, bytes, size, 1, channels);
  case OCTAVE_OF_STEPS:
    return read_octave(key_oct, bytes, size, 2, channels);
  default:
    return false;
  }
}
