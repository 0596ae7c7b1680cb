// SPDX-License-Identifier: ISC
/// Reads the events of a track

#include "host/message.h"
#include "host/midi_reader.h"
#include "host/xalloc.h"

#include <stdlib.h>
#include <string.h>

#define MAX_WARNINGS 16U ///< For one file

// ---- Reports

bool
midi_refuse(const MidiReader* const reader, const char* const message)
{
  message_error(reader->path, NULL, "%s", message);
  return false;
}

void
midi_warn(MidiReader* const reader, const uint8_t* const at, const char* const message)
{
  if (++reader->n_warnings <= MAX_WARNINGS) {
    message_warning(reader->path,
                    NULL,
                    "track %u, byte %zu: %s",
                    reader->n_tracks,
                    (size_t)(at - reader->bytes),
                    message);
  } else if (reader->n_warnings == MAX_WARNINGS + 1U) {
    message_warning(reader->path, NULL, "more is wrong, which is not reported");
  }
}

// ---- Events

static void
add_event(MidiReader* const reader, const MidiEvent* const event)
{
  if (reader->n_events == reader->n_room) {
    reader->n_room = reader->n_room ? 2U * reader->n_room : 256U;
    reader->events =
      (MidiEvent*)xalloc(realloc(reader->events, reader->n_room * sizeof(MidiEvent)));
  }

  MidiEvent* const added = &reader->events[reader->n_events];
  *added                 = *event;
  added->number          = reader->n_events;
  added->place           = reader->n_events++;
}

/// Move a real-time byte before the `n` bytes that it stands behind
static void
skip_real_time(MidiReader* const reader, MidiBytes* const bytes, const uint32_t n)
{
  midi_warn(reader, bytes->at + n, "a real-time message within another is left out");
  memmove(bytes->at + 1, bytes->at, n);
  ++bytes->at;
}

/// Take the next bytes as those of a channel message, with 7 bits each
static bool
take_data(MidiReader* const reader,
          MidiBytes* const  bytes,
          MidiEvent* const  event,
          const uint32_t    n_data)
{
  for (uint32_t i = 0; i < n_data;) {
    if (bytes_left(bytes) <= i) {
      return false;
    }
    if (bytes->at[i] >= REAL_TIME && bytes->at[i] < META) {
      skip_real_time(reader, bytes, i);
      continue;
    }
    if (bytes->at[i] >= 0x80U) {
      midi_warn(reader, bytes->at + i, "a value is over 127: its top bit is left out");
      bytes->at[i] &= 0x7FU;
    }
    ++i;
  }

  event->data   = bytes->at;
  event->n_data = n_data;
  bytes->at += n_data;
  return true;
}

/// Read an event that has its length in it: a meta event or a system exclusive message
static bool
read_long_event(MidiBytes* const bytes, MidiEvent* const event)
{
  if (event->status == META) {
    if (!bytes_left(bytes)) {
      return false;
    }
    event->meta = *bytes->at++;
  }
  if (!bytes_read_variable(bytes, &event->n_data) ||
      bytes_left(bytes) < event->n_data) {
    return false;
  }

  event->data = bytes->at;
  bytes->at += event->n_data;
  return true;
}

/// Leave out a message for cables only: of real time, or common to all channels
static bool
read_stray(MidiReader* const reader, MidiBytes* const bytes, MidiEvent* const event)
{
  const uint32_t n_data =
    event->status == SONG_POSITION                                       ? 2U
    : event->status == SYSEX + 1U || event->status == SONG_POSITION + 1U ? 1U
                                                                         : 0U;

  midi_warn(
    reader, bytes->at - 1, "a system message, which no file should have, is left out");
  return take_data(reader, bytes, event, n_data);
}

/// Read an event; its status runs on, also through meta events and system messages
static bool
read_event(MidiReader* const reader,
           MidiBytes* const  bytes,
           MidiEvent* const  event,
           uint8_t* const    running_status)
{
  if (!bytes_left(bytes)) {
    return false;
  }

  const bool has_status = *bytes->at >= 0x80U;
  event->status         = has_status ? *bytes->at++ : *running_status;
  if (event->status == META || event->status == SYSEX ||
      event->status == SYSEX_CONTINUED) {
    return read_long_event(bytes, event);
  }
  if (event->status > SYSEX) {
    return read_stray(reader, bytes, event);
  }

  *running_status     = event->status;
  const uint32_t kind = event->status >> 4U;
  return event->status &&
         take_data(reader, bytes, event, kind == 0xCU || kind == 0xDU ? 1U : 2U);
}

bool
midi_read_events(MidiReader* const reader, MidiBytes* const track)
{
  uint64_t tick           = 0;
  uint8_t  running_status = 0;
  bool     at_end         = false;
  while (!at_end && bytes_left(track)) {
    const uint8_t* const start = track->at;
    uint32_t             delta = 0;
    MidiEvent            event = {.tick = tick};
    if (!bytes_read_variable(track, &delta) ||
        !read_event(reader, track, &event, &running_status)) {
      midi_warn(reader, start, "is cut short or wrong: the track ends here");
      break;
    }

    tick += delta;
    at_end     = event.status == META && event.meta == META_TRACK_END;
    event.tick = tick;
    add_event(reader, &event);
  }

  reader->end_tick = tick > reader->end_tick ? tick : reader->end_tick;
  return at_end;
}
