// SPDX-License-Identifier: ISC
/// A MIDI file while it is read

#ifndef MIDI_READER_H
#define MIDI_READER_H

#include "host/midi_bytes.h"
#include "host/midi_file.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
  META            = 0xFF,
  META_TRACK_END  = 0x2F,
  META_TEMPO      = 0x51,
  META_SIGNATURE  = 0x58,
  SYSEX           = 0xF0,
  SONG_POSITION   = 0xF2,
  SYSEX_CONTINUED = 0xF7,
  REAL_TIME       = 0xF8 ///< From here on, but for META
};

/// An event as it stands in a track
typedef struct {
  uint64_t       tick;
  size_t         number; ///< Counts through all tracks; that of the event it precedes
  size_t         place;  ///< Counts through all tracks
  bool           goes_first; ///< Before the event of its number
  uint8_t        status;
  uint8_t        meta; ///< Type of a meta event
  const uint8_t* data;
  uint32_t       n_data;
} MidiEvent;

typedef struct {
  const char*    path;
  const uint8_t* bytes; ///< The whole file
  MidiEvent*     events;
  size_t         n_events;
  size_t         n_room;
  uint64_t       end_tick; ///< Where the longest track ends
  uint32_t       n_tracks; ///< Read so far
  uint32_t       n_warnings;
  double         ticks_per_quarter; ///< 0 if ticks don't follow the tempo
  double         tick_s;            ///< Length of a tick that doesn't
} MidiReader;

/// Report why a file is refused, and return false
bool
midi_refuse(const MidiReader* reader, const char* message);

/// Report what is wrong at a place of the file that is read nevertheless
void
midi_warn(MidiReader* reader, const uint8_t* at, const char* message);

/**
   Read events until the end of a track, as far as it can be understood.

   Returns true if the track has an end.
*/
bool
midi_read_events(MidiReader* reader, MidiBytes* track);

/// Sort the events of all tracks by time, and give a file its messages and beats
void
midi_merge_tracks(MidiReader* reader, MidiFile* file);

#endif // MIDI_READER_H
