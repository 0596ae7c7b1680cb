// SPDX-License-Identifier: ISC

#include "host/midi_file.h"

#include "host/intake.h"
#include "host/midi_bytes.h"
#include "host/midi_reader.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK_HEADER_SIZE 8U
#define FILE_HEADER_SIZE 6U
#define SEPARATE_FORMAT 2U   ///< Tracks that do not play together
#define MAC_HEADER_SIZE 128U ///< Put before a file by old Macintosh programs

// ---- Chunks

static bool
is_type(const uint8_t* const at, const char* const type)
{
  return !memcmp(at, type, 4);
}

/// Return true if a chunk, or nothing, may follow at the start of `bytes`
static bool
is_chunk_start(const MidiBytes bytes)
{
  if (bytes_left(&bytes) < CHUNK_HEADER_SIZE) {
    return !bytes_left(&bytes);
  }

  for (uint32_t i = 0; i < 4; ++i) {
    if (!isalnum(bytes.at[i]) && bytes.at[i] != ' ') {
      return false;
    }
  }
  return true;
}

/// Return where the next track begins, or the end of the file
static uint8_t*
find_track(const MidiBytes bytes)
{
  for (uint8_t* at = bytes.at; at + CHUNK_HEADER_SIZE <= bytes.end; ++at) {
    if (is_type(at, "MTrk")) {
      return at;
    }
  }

  return bytes.end;
}

/// Read a track, whose length may be wrong
static void
read_track(MidiReader* const reader, MidiBytes* const bytes, const uint32_t size)
{
  const bool fits     = size <= bytes_left(bytes);
  MidiBytes  rest     = {fits ? bytes->at + size : bytes->end, bytes->end};
  const bool is_right = fits && is_chunk_start(rest);
  MidiBytes  track    = {bytes->at, is_right ? rest.at : find_track(*bytes)};

  ++reader->n_tracks;
  const bool     has_end  = midi_read_events(reader, &track);
  uint8_t* const expected = rest.at;
  if (!is_right && (!fits || track.at != expected)) {
    midi_warn(reader, bytes->at - 4, "the length of the track is wrong");
  } else if (has_end && track.at < expected) {
    midi_warn(reader, track.at, "what follows the end of the track is left out");
  }
  bytes->at = is_right || (fits && track.at == expected) ? expected
              : track.end == bytes->end                  ? track.at
                                                         : track.end;
}

/// Leave out what is no track, up to the next one if it is no chunk either
static void
skip_chunk(MidiReader* const reader, MidiBytes* const bytes, const uint32_t size)
{
  if (is_chunk_start(*bytes) && size <= bytes_left(bytes) - CHUNK_HEADER_SIZE) {
    bytes->at += CHUNK_HEADER_SIZE + size;
  } else {
    midi_warn(reader, bytes->at, "what is no track is left out");
    bytes->at = find_track((MidiBytes){bytes->at + 1, bytes->end});
  }
}

static bool
read_tracks(MidiReader* const reader, MidiBytes* const bytes)
{
  while (bytes_left(bytes) >= CHUNK_HEADER_SIZE) {
    const uint32_t size = bytes_number(bytes->at + 4, 4);
    if (is_type(bytes->at, "MTrk")) {
      bytes->at += CHUNK_HEADER_SIZE;
      read_track(reader, bytes, size);
    } else {
      skip_chunk(reader, bytes, size);
    }
  }

  if (bytes_left(bytes)) {
    midi_warn(reader, bytes->at, "some bytes at the end are no track");
  }
  return reader->n_tracks || midi_refuse(reader, "is cut short: it has no track");
}

// ---- The header

static bool
read_division(MidiReader* const reader, const uint32_t division)
{
  if (division == 0) {
    return midi_refuse(reader, "is no proper MIDI file: its beats have no length");
  }

  if (division < 0x8000U) {
    reader->ticks_per_quarter = (double)division;
    return true;
  }

  const uint32_t rate      = 0x100U - (division >> 8U);
  const double   frames_hz = rate == 29U ? 30.0 / 1.001 : (double)rate;
  reader->tick_s           = 1.0 / (frames_hz * (double)(division & 0xFFU));
  return (division & 0xFFU) > 0 ||
         midi_refuse(reader, "is no proper MIDI file: its ticks have no length");
}

/// Skip what programs put around a MIDI file: RIFF, or a header of old Macintoshs
static void
unwrap(MidiBytes* const bytes)
{
  MidiBytes riff = *bytes;
  if (bytes_left(bytes) > MAC_HEADER_SIZE + CHUNK_HEADER_SIZE && !*bytes->at &&
      is_type(bytes->at + MAC_HEADER_SIZE, "MThd")) {
    bytes->at += MAC_HEADER_SIZE;
  }
  if (bytes_left(&riff) < 12U || !is_type(riff.at, "RIFF") ||
      !is_type(riff.at + 8, "RMID")) {
    return;
  }

  for (riff.at += 12; bytes_left(&riff) >= CHUNK_HEADER_SIZE + 4U; ++riff.at) {
    if (is_type(riff.at, "data") && is_type(riff.at + CHUNK_HEADER_SIZE, "MThd")) {
      const uint8_t* const s    = riff.at + 4;
      const uint32_t       size = (uint32_t)s[0] | (uint32_t)s[1] << 8U |
                            (uint32_t)s[2] << 16U | (uint32_t)s[3] << 24U;
      riff.at += CHUNK_HEADER_SIZE;
      *bytes =
        (MidiBytes){riff.at, size <= bytes_left(&riff) ? riff.at + size : riff.end};
      return;
    }
  }
}

static bool
read_header(MidiReader* const reader, MidiBytes* const bytes)
{
  if (bytes_left(bytes) < 4U || !is_type(bytes->at, "MThd")) {
    return midi_refuse(reader, bytes_left(bytes) ? "is no MIDI file" : "is empty");
  }
  if (bytes_left(bytes) < CHUNK_HEADER_SIZE + FILE_HEADER_SIZE) {
    return midi_refuse(reader, "is cut short in its header");
  }

  bytes->at += 4;
  const uint32_t  size     = bytes_read_number(bytes, 4);
  const MidiBytes rest     = {bytes->at + FILE_HEADER_SIZE, bytes->end};
  const uint32_t  format   = bytes_read_number(bytes, 2);
  const uint32_t  n_tracks = bytes_read_number(bytes, 2);
  const uint32_t  division = bytes_read_number(bytes, 2);
  if (format == SEPARATE_FORMAT && n_tracks > 1U) {
    return midi_refuse(reader,
                       "is a MIDI file of separate songs: save it as format 0 or 1");
  }
  if (size >= FILE_HEADER_SIZE && size - FILE_HEADER_SIZE <= bytes_left(&rest)) {
    bytes->at += size - FILE_HEADER_SIZE;
  }
  return read_division(reader, division);
}

// ---- The file

bool
midi_file_read(MidiFile* const file, const char* const path)
{
  size_t size = 0;
  *file       = (MidiFile){.bytes = intake_read(path, &size)};
  if (!file->bytes) {
    return false;
  }

  MidiReader reader = {.path = path, .bytes = file->bytes};
  MidiBytes  bytes  = {file->bytes, file->bytes + size};
  unwrap(&bytes);
  const bool ok = read_header(&reader, &bytes) && read_tracks(&reader, &bytes);
  if (ok) {
    midi_merge_tracks(&reader, file);
  } else {
    midi_file_free(file);
  }

  free(reader.events);
  return ok;
}

void
midi_file_free(MidiFile* const file)
{
  free(file->messages);
  free(file->beats);
  free(file->bytes);
  *file = (MidiFile){.messages = NULL};
}

void
midi_file_scale(MidiFile* const file, const double factor)
{
  for (size_t i = 0; i < file->n_messages; ++i) {
    file->messages[i].time_s /= factor;
  }
  for (size_t i = 0; i < file->n_beats; ++i) {
    file->beats[i].time_s /= factor;
    file->beats[i].quarter_s /= factor;
  }
  file->length_s /= factor;
}
