// SPDX-License-Identifier: ISC
/**
   Reads Standard MIDI Files (formats 0 and 1, the MIDI Association's RP-001).

   All tracks are merged into one list of messages at their time in seconds, which
   follows every change of tempo.  Meta events are left out, but for tempos and time
   signatures, which make a map of the song's beats.

   Files that break the standard are read as far as they can be understood, with a
   warning that names the place: tracks beyond the header's count, wrong lengths of
   tracks, files that are cut short, statuses that run on through meta events, system
   messages without length.  RIFF files (RMID) are unwrapped.
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

/// A change of the tempo or the time signature, and where it is in the song
typedef struct {
  double  time_s;    ///< From the start of the file
  double  quarter_s; ///< Length of a quarter note
  int64_t bar;       ///< From 0
  double  bar_beat;  ///< Beats since the bar began
  int     beats_per_bar;
  int     beat_unit; ///< 4 if beats are quarters
} MidiBeat;

typedef struct {
  MidiMessage* messages; ///< By time; where notes end and begin, ends come first
  size_t       n_messages;
  double       length_s;  ///< Up to the end of the longest track
  MidiBeat*    beats;     ///< By time, the first one at 0
  size_t       n_beats;   ///< 0 if the file counts in seconds
  bool         has_tempo; ///< Whether it sets any itself
  uint8_t*     bytes;     ///< The file, to which messages point
} MidiFile;

/**
   Read a file.

   Returns false after a report if it can't be read, or has no track that can.
*/
bool
midi_file_read(MidiFile* file, const char* path);

void
midi_file_free(MidiFile* file);

/// Play a file `factor` times as fast
void
midi_file_scale(MidiFile* file, double factor);

#endif // MIDI_FILE_H
