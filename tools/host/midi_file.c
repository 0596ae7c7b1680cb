// SPDX-License-Identifier: ISC

#include "host/midi_file.h"

#include "host/intake.h"
#include "host/message.h"
#include "host/xalloc.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK_HEADER_SIZE 8U
#define FILE_HEADER_SIZE 6U
#define LAST_MERGED_FORMAT 1 ///< Later formats hold tracks that do not play together
#define DEFAULT_TEMPO_S 0.5  ///< A quarter note at 120 BPM

enum {
  META            = 0xFF,
  META_TRACK_END  = 0x2F,
  META_TEMPO      = 0x51,
  SYSEX           = 0xF0,
  SYSEX_CONTINUED = 0xF7
};

/// An event as it stands in a track
typedef struct {
  uint64_t       tick;
  size_t         number; ///< Counts through all tracks
  uint8_t        status;
  uint8_t        meta; ///< Type of a meta event
  const uint8_t* data;
  uint32_t       n_data;
} Event;

/// Bytes still to be read
typedef struct {
  const uint8_t* at;
  const uint8_t* end;
} Bytes;

typedef struct {
  const char* path;
  Event*      events;
  size_t      n_events;
  size_t      n_room;
  uint64_t    end_tick; ///< Where the longest track ends
  uint32_t    n_tracks;
  double      ticks_per_quarter; ///< 0 if ticks don't follow the tempo
  double      tick_s;            ///< Length of a tick that doesn't
} Reader;

static bool
refuse(const Reader* const reader, const char* const message)
{
  message_error(reader->path, NULL, "%s", message);
  return false;
}

// ---- Numbers

static size_t
n_left(const Bytes* const bytes)
{
  return (size_t)(bytes->end - bytes->at);
}

/// Read a number of `size` bytes, of which there must be as many
static uint32_t
read_number(Bytes* const bytes, const uint32_t size)
{
  uint32_t number = 0;
  for (uint32_t i = 0; i < size; ++i) {
    number = number << 8U | *bytes->at++;
  }
  return number;
}

/// Read a number of which every byte but the last has its top bit set
static bool
read_variable(Bytes* const bytes, uint32_t* const number)
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

// ---- Events

static Event*
new_event(Reader* const reader)
{
  if (reader->n_events == reader->n_room) {
    reader->n_room = reader->n_room ? 2U * reader->n_room : 256U;
    reader->events =
      (Event*)xalloc(realloc(reader->events, reader->n_room * sizeof(Event)));
  }

  Event* const event = &reader->events[reader->n_events];
  *event             = (Event){.number = reader->n_events};
  ++reader->n_events;
  return event;
}

/// Take the next `n_data` bytes as those of the event, which may have no status among
/// them unless they are of any kind
static bool
take_data(Bytes* const bytes, Event* const event, const uint32_t n_data, const bool any)
{
  if (n_left(bytes) < n_data) {
    return false;
  }

  event->data   = bytes->at;
  event->n_data = n_data;
  for (uint32_t i = 0; i < n_data && !any; ++i) {
    if (bytes->at[i] >= 0x80U) {
      return false;
    }
  }
  bytes->at += n_data;
  return true;
}

/// Read an event that says how long it is: a meta event or a system exclusive message
static bool
read_long_event(Bytes* const bytes, Event* const event)
{
  uint32_t n_data = 0;
  if (event->status == META) {
    if (!n_left(bytes)) {
      return false;
    }
    event->meta = *bytes->at++;
  }

  return read_variable(bytes, &n_data) && take_data(bytes, event, n_data, true);
}

static bool
read_event(Bytes* const bytes, Event* const event, uint8_t* const running_status)
{
  if (!n_left(bytes)) {
    return false;
  }

  const bool has_status = *bytes->at >= 0x80U;
  event->status         = has_status ? *bytes->at++ : *running_status;
  *running_status       = event->status < SYSEX ? event->status : 0;
  if (event->status == META || event->status == SYSEX ||
      event->status == SYSEX_CONTINUED) {
    return read_long_event(bytes, event);
  }

  const uint32_t kind   = event->status >> 4U;
  const uint32_t n_data = kind == 0xCU || kind == 0xDU ? 1U : 2U;
  return event->status >= 0x80U && event->status < SYSEX &&
         take_data(bytes, event, n_data, false);
}

static bool
read_track(Reader* const reader, Bytes track)
{
  uint64_t tick           = 0;
  uint8_t  running_status = 0;
  bool     at_end         = false;
  while (!at_end && n_left(&track)) {
    uint32_t delta = 0;
    if (!read_variable(&track, &delta)) {
      return refuse(reader, "is no proper MIDI file: a time is wrong");
    }

    Event* const event = new_event(reader);
    tick += delta;
    event->tick = tick;
    if (!read_event(&track, event, &running_status)) {
      return refuse(reader, "is no proper MIDI file: an event is wrong or cut short");
    }
    at_end = event->status == META && event->meta == META_TRACK_END;
  }

  reader->end_tick = tick > reader->end_tick ? tick : reader->end_tick;
  return true;
}

// ---- Chunks

/// Read the header of a chunk, and return its content
static bool
read_chunk(const Reader* const reader,
           Bytes* const        bytes,
           char                type[4],
           Bytes* const        content)
{
  if (n_left(bytes) < CHUNK_HEADER_SIZE) {
    return refuse(reader, "is cut short: tracks are missing");
  }

  memcpy(type, bytes->at, 4);
  bytes->at += 4;
  const uint32_t size = read_number(bytes, 4);
  if (n_left(bytes) < size) {
    return refuse(reader, "is cut short in the middle of a track");
  }

  *content  = (Bytes){bytes->at, bytes->at + size};
  bytes->at = content->end;
  return true;
}

static bool
read_division(Reader* const reader, const uint32_t division)
{
  if (division == 0) {
    return refuse(reader, "is no proper MIDI file: its beats have no length");
  }

  if (division < 0x8000U) {
    reader->ticks_per_quarter = (double)division;
    return true;
  }

  const uint32_t rate      = 0x100U - (division >> 8U);
  const double   frames_hz = rate == 29U ? 30.0 / 1.001 : (double)rate;
  reader->tick_s           = 1.0 / (frames_hz * (double)(division & 0xFFU));
  return (division & 0xFFU) > 0 ||
         refuse(reader, "is no proper MIDI file: its ticks have no length");
}

static bool
read_header(Reader* const reader, Bytes* const bytes)
{
  if (n_left(bytes) < CHUNK_HEADER_SIZE + FILE_HEADER_SIZE ||
      memcmp(bytes->at, "MThd", 4) != 0) {
    return refuse(reader, n_left(bytes) ? "is no MIDI file" : "is empty");
  }

  char  type[4];
  Bytes header = {NULL, NULL};
  if (!read_chunk(reader, bytes, type, &header)) {
    return false;
  }
  if (n_left(&header) < FILE_HEADER_SIZE) {
    return refuse(reader, "is no proper MIDI file: its header is too short");
  }
  if (read_number(&header, 2) > LAST_MERGED_FORMAT) {
    return refuse(reader, "is a MIDI file of separate songs: save it as format 0 or 1");
  }

  reader->n_tracks = read_number(&header, 2);
  return read_division(reader, read_number(&header, 2));
}

static bool
read_tracks(Reader* const reader, Bytes* const bytes)
{
  for (uint32_t t = 0; t < reader->n_tracks;) {
    char  type[4];
    Bytes content = {NULL, NULL};
    if (!read_chunk(reader, bytes, type, &content)) {
      return false;
    }
    if (!memcmp(type, "MTrk", 4)) {
      if (!read_track(reader, content)) {
        return false;
      }
      ++t;
    }
  }

  return true;
}

// ---- Time

static int
compare_events(const void* const a, const void* const b)
{
  const Event* const x = (const Event*)a;
  const Event* const y = (const Event*)b;

  return x->tick != y->tick ? (x->tick > y->tick) - (x->tick < y->tick)
                            : (x->number > y->number) - (x->number < y->number);
}

/// Time as a line through the last change of tempo
typedef struct {
  uint64_t tick;
  double   time_s;
  double   tick_s;
} Tempo;

static double
time_of(const Tempo* const tempo, const uint64_t tick)
{
  return tempo->time_s + (double)(tick - tempo->tick) * tempo->tick_s;
}

static void
change_tempo(Tempo* const tempo, const Reader* const reader, const Event* const event)
{
  Bytes        bytes     = {event->data, event->data + event->n_data};
  const double quarter_s = 1e-6 * (double)read_number(&bytes, 3);

  tempo->time_s = time_of(tempo, event->tick);
  tempo->tick   = event->tick;
  tempo->tick_s = quarter_s / reader->ticks_per_quarter;
}

/// Copy messages with their time from the events of all tracks
static void
merge_tracks(Reader* const reader, MidiFile* const file)
{
  if (reader->n_events) {
    qsort(reader->events, reader->n_events, sizeof(Event), compare_events);
  }

  const bool follows_tempo = reader->ticks_per_quarter > 0.0;
  Tempo      tempo         = {0,
                              0.0,
                 follows_tempo ? DEFAULT_TEMPO_S / reader->ticks_per_quarter
                                            : reader->tick_s};
  file->messages =
    (MidiMessage*)xalloc(calloc(reader->n_events + 1U, sizeof(MidiMessage)));
  for (size_t i = 0; i < reader->n_events; ++i) {
    const Event* const event = &reader->events[i];
    if (event->status != META && event->status != SYSEX_CONTINUED) {
      file->messages[file->n_messages++] = (MidiMessage){
        time_of(&tempo, event->tick), event->status, event->data, event->n_data};
    } else if (event->meta == META_TEMPO && event->n_data == 3U && follows_tempo) {
      change_tempo(&tempo, reader, event);
    }
  }
  file->length_s = time_of(&tempo, reader->end_tick);
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

  Reader     reader = {.path = path};
  Bytes      bytes  = {file->bytes, file->bytes + size};
  const bool ok     = read_header(&reader, &bytes) && read_tracks(&reader, &bytes);
  if (ok) {
    merge_tracks(&reader, file);
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
  free(file->bytes);
  *file = (MidiFile){NULL, 0, 0.0, NULL};
}
