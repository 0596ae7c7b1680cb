// SPDX-License-Identifier: ISC
/**
   Reads Standard MIDI Files (formats 0 and 1, the MIDI Association's RP-001).

   All tracks are merged into one list of messages at their time in seconds, which
   follows every change of tempo.  Meta events are left out.
*/

#ifndef MIDI_FILE_H
#define MIDI_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
  double         time_s; ///< From the start of the file
  uint8_t        status; ///< The first byte
  const uint8_t* data;   ///< The bytes after it
  uint32_t       n_data;
} MidiMessage;

typedef struct {
  MidiMessage* messages; ///< By time
  size_t       n_messages;
  double       length_s; ///< Up to the end of the longest track
  uint8_t*     bytes;    ///< The file, to which messages point
} MidiFile;

/**
   Read a file.

   Returns false after a report if it can't be read, is cut short or is wrong.
*/
bool
midi_file_read(MidiFile* file, const char* path);

void
midi_file_free(MidiFile* file);

#endif // MIDI_FILE_H
