// SPDX-License-Identifier: ISC

#include "host/midi_file.h"

#include "host/intake.h"
#include "host/message.h"
#include "host/xalloc.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK_HEADER_SIZE 8U
#define FILE_HEADER_SIZE 6U
#define SEPARATE_FORMAT 2U    ///< Tracks that do not play together
#define MAC_HEADER_SIZE 128U  ///< Put before a file by old Macintosh programs
#define MAX_WARNINGS 16U      ///< For one file
#define DEFAULT_QUARTER_S 0.5 ///< A quarter note at 120 BPM
#define DEFAULT_BEATS 4U      ///< In a bar, if the file gives no time signature
#define ROUNDING_BARS 1e-9    ///< More than sums of beats are wrong by
#define MAX_UNIT_POWER 6U     ///< Shortest beat of a time signature: 1/64

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
} Event;

/// Bytes still to be read
typedef struct {
  uint8_t* at;
  uint8_t* end;
} Bytes;

typedef struct {
  const char*    path;
  const uint8_t* bytes; ///< The whole file
  Event*         events;
  size_t         n_events;
  size_t         n_room;
  uint64_t       end_tick; ///< Where the longest track ends
  uint32_t       n_tracks; ///< Read so far
  uint32_t       n_warnings;
  double         ticks_per_quarter; ///< 0 if ticks don't follow the tempo
  double         tick_s;            ///< Length of a tick that doesn't
} Reader;

static bool
refuse(const Reader* const reader, const char* const message)
{
  message_error(reader->path, NULL, "%s", message);
  return false;
}

/// Report what is wrong at a place of the file that is read nevertheless
static void
warn(Reader* const reader, const uint8_t* const at, const char* const message)
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

// ---- Numbers

static size_t
n_left(const Bytes* const bytes)
{
  return (size_t)(bytes->end - bytes->at);
}

/// Return the number of `size` bytes, most significant first
static uint32_t
number_at(const uint8_t* const bytes, const uint32_t size)
{
  uint32_t number = 0;
  for (uint32_t i = 0; i < size; ++i) {
    number = number << 8U | bytes[i];
  }
  return number;
}

/// Read a number of `size` bytes, of which there must be as many
static uint32_t
read_number(Bytes* const bytes, const uint32_t size)
{
  bytes->at += size;
  return number_at(bytes->at - size, size);
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

static void
add_event(Reader* const reader, const Event* const event)
{
  if (reader->n_events == reader->n_room) {
    reader->n_room = reader->n_room ? 2U * reader->n_room : 256U;
    reader->events =
      (Event*)xalloc(realloc(reader->events, reader->n_room * sizeof(Event)));
  }

  Event* const added = &reader->events[reader->n_events];
  *added             = *event;
  added->number      = reader->n_events;
  added->place       = reader->n_events++;
}

/// Move a real-time byte before the `n` bytes that it stands behind
static void
skip_real_time(Reader* const reader, Bytes* const bytes, const uint32_t n)
{
  warn(reader, bytes->at + n, "a real-time message within another is left out");
  memmove(bytes->at + 1, bytes->at, n);
  ++bytes->at;
}

/// Take the next bytes as those of a channel message, with 7 bits each
static bool
take_data(Reader* const  reader,
          Bytes* const   bytes,
          Event* const   event,
          const uint32_t n_data)
{
  for (uint32_t i = 0; i < n_data;) {
    if (n_left(bytes) <= i) {
      return false;
    }
    if (bytes->at[i] >= REAL_TIME && bytes->at[i] < META) {
      skip_real_time(reader, bytes, i);
      continue;
    }
    if (bytes->at[i] >= 0x80U) {
      warn(reader, bytes->at + i, "a value is over 127: its top bit is left out");
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
read_long_event(Bytes* const bytes, Event* const event)
{
  if (event->status == META) {
    if (!n_left(bytes)) {
      return false;
    }
    event->meta = *bytes->at++;
  }
  if (!read_variable(bytes, &event->n_data) || n_left(bytes) < event->n_data) {
    return false;
  }

  event->data = bytes->at;
  bytes->at += event->n_data;
  return true;
}

/// Leave out a message for cables only: of real time, or common to all channels
static bool
read_stray(Reader* const reader, Bytes* const bytes, Event* const event)
{
  const uint32_t n_data =
    event->status == SONG_POSITION                                       ? 2U
    : event->status == SYSEX + 1U || event->status == SONG_POSITION + 1U ? 1U
                                                                         : 0U;

  warn(
    reader, bytes->at - 1, "a system message, which no file should have, is left out");
  return take_data(reader, bytes, event, n_data);
}

/// Read an event; its status runs on, also through meta events and system messages
static bool
read_event(Reader* const  reader,
           Bytes* const   bytes,
           Event* const   event,
           uint8_t* const running_status)
{
  if (!n_left(bytes)) {
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

/**
   Read events until the end of a track, as far as it can be understood.

   Returns true if the track has an end.
*/
static bool
read_events(Reader* const reader, Bytes* const track)
{
  uint64_t tick           = 0;
  uint8_t  running_status = 0;
  bool     at_end         = false;
  while (!at_end && n_left(track)) {
    const uint8_t* const start = track->at;
    uint32_t             delta = 0;
    Event                event = {.tick = tick};
    if (!read_variable(track, &delta) ||
        !read_event(reader, track, &event, &running_status)) {
      warn(reader, start, "is cut short or wrong: the track ends here");
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

// ---- Chunks

static bool
is_type(const uint8_t* const at, const char* const type)
{
  return !memcmp(at, type, 4);
}

/// Return true if a chunk, or nothing, may follow at the start of `bytes`
static bool
is_chunk_start(const Bytes bytes)
{
  if (n_left(&bytes) < CHUNK_HEADER_SIZE) {
    return !n_left(&bytes);
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
find_track(const Bytes bytes)
{
  for (uint8_t* at = bytes.at; at + CHUNK_HEADER_SIZE <= bytes.end; ++at) {
    if (is_type(at, "MTrk")) {
      return at;
    }
  }

  return bytes.end;
}

/// Read a track, the length of which may be wrong
static void
read_track(Reader* const reader, Bytes* const bytes, const uint32_t size)
{
  const bool fits     = size <= n_left(bytes);
  Bytes      rest     = {fits ? bytes->at + size : bytes->end, bytes->end};
  const bool is_right = fits && is_chunk_start(rest);
  Bytes      track    = {bytes->at, is_right ? rest.at : find_track(*bytes)};

  ++reader->n_tracks;
  const bool     has_end  = read_events(reader, &track);
  uint8_t* const expected = rest.at;
  if (!is_right && (!fits || track.at != expected)) {
    warn(reader, bytes->at - 4, "the length of the track is wrong");
  } else if (has_end && track.at < expected) {
    warn(reader, track.at, "what follows the end of the track is left out");
  }
  bytes->at = is_right || (fits && track.at == expected) ? expected
              : track.end == bytes->end                  ? track.at
                                                         : track.end;
}

/// Leave out what is no track, up to the next one if it is no chunk either
static void
skip_chunk(Reader* const reader, Bytes* const bytes, const uint32_t size)
{
  if (is_chunk_start(*bytes) && size <= n_left(bytes) - CHUNK_HEADER_SIZE) {
    bytes->at += CHUNK_HEADER_SIZE + size;
  } else {
    warn(reader, bytes->at, "what is no track is left out");
    bytes->at = find_track((Bytes){bytes->at + 1, bytes->end});
  }
}

static bool
read_tracks(Reader* const reader, Bytes* const bytes)
{
  while (n_left(bytes) >= CHUNK_HEADER_SIZE) {
    const uint32_t size = number_at(bytes->at + 4, 4);
    if (is_type(bytes->at, "MTrk")) {
      bytes->at += CHUNK_HEADER_SIZE;
      read_track(reader, bytes, size);
    } else {
      skip_chunk(reader, bytes, size);
    }
  }

  if (n_left(bytes)) {
    warn(reader, bytes->at, "some bytes at the end are no track");
  }
  return reader->n_tracks || refuse(reader, "is cut short: it has no track");
}

// ---- The header

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

/// Skip what programs put around a MIDI file: RIFF, or a header of old Macintoshs
static void
unwrap(Bytes* const bytes)
{
  Bytes riff = *bytes;
  if (n_left(bytes) > MAC_HEADER_SIZE + CHUNK_HEADER_SIZE && !*bytes->at &&
      is_type(bytes->at + MAC_HEADER_SIZE, "MThd")) {
    bytes->at += MAC_HEADER_SIZE;
  }
  if (n_left(&riff) < 12U || !is_type(riff.at, "RIFF") ||
      !is_type(riff.at + 8, "RMID")) {
    return;
  }

  for (riff.at += 12; n_left(&riff) >= CHUNK_HEADER_SIZE + 4U; ++riff.at) {
    if (is_type(riff.at, "data") && is_type(riff.at + CHUNK_HEADER_SIZE, "MThd")) {
      const uint8_t* const s    = riff.at + 4;
      const uint32_t       size = (uint32_t)s[0] | (uint32_t)s[1] << 8U |
                            (uint32_t)s[2] << 16U | (uint32_t)s[3] << 24U;
      riff.at += CHUNK_HEADER_SIZE;
      *bytes = (Bytes){riff.at, size <= n_left(&riff) ? riff.at + size : riff.end};
      return;
    }
  }
}

static bool
read_header(Reader* const reader, Bytes* const bytes)
{
  if (n_left(bytes) < 4U || !is_type(bytes->at, "MThd")) {
    return refuse(reader, n_left(bytes) ? "is no MIDI file" : "is empty");
  }
  if (n_left(bytes) < CHUNK_HEADER_SIZE + FILE_HEADER_SIZE) {
    return refuse(reader, "is cut short in its header");
  }

  bytes->at += 4;
  const uint32_t size     = read_number(bytes, 4);
  const Bytes    rest     = {bytes->at + FILE_HEADER_SIZE, bytes->end};
  const uint32_t format   = read_number(bytes, 2);
  const uint32_t n_tracks = read_number(bytes, 2);
  const uint32_t division = read_number(bytes, 2);
  if (format == SEPARATE_FORMAT && n_tracks > 1U) {
    return refuse(reader, "is a MIDI file of separate songs: save it as format 0 or 1");
  }
  if (size >= FILE_HEADER_SIZE && size - FILE_HEADER_SIZE <= n_left(&rest)) {
    bytes->at += size - FILE_HEADER_SIZE;
  }
  return read_division(reader, division);
}

// ---- Time

static int
compare_events(const void* const a, const void* const b)
{
  const Event* const x = (const Event*)a;
  const Event* const y = (const Event*)b;

  return x->tick != y->tick       ? (x->tick > y->tick) - (x->tick < y->tick)
         : x->number != y->number ? (x->number > y->number) - (x->number < y->number)
         : x->goes_first != y->goes_first
           ? (int)y->goes_first - (int)x->goes_first
           : (x->place > y->place) - (x->place < y->place);
}

static void
sort_events(const Reader* const reader)
{
  if (reader->n_events) {
    qsort(reader->events, reader->n_events, sizeof(Event), compare_events);
  }
}

/// Notes of one key of one channel
typedef struct {
  uint64_t tick;     ///< That of the last event
  size_t   n_older;  ///< Notes that began before this tick and sound on
  size_t   n_new;    ///< Notes that began at this tick
  size_t   first_on; ///< Number of the first event that began one at this tick
  bool     has_on;   ///< Whether there is such an event
} Key;

static void
count_on(Key* const key, const Event* const event)
{
  ++key->n_new;
  key->first_on = key->has_on ? key->first_on : event->number;
  key->has_on   = true;
}

/// Have the end of an older note go before the notes that begin at the same tick
static void
count_off(Key* const key, Event* const event)
{
  if (!key->n_older) {
    key->n_new -= key->n_new > 0;
    return;
  }

  --key->n_older;
  if (key->has_on) {
    event->number     = key->first_on;
    event->goes_first = true;
  }
}

/// Note an on or off of a key, in the order of ticks and tracks
static void
count_note(Key* const key, Event* const event)
{
  if (event->tick != key->tick) {
    key->n_older += key->n_new;
    key->n_new  = 0;
    key->has_on = false;
    key->tick   = event->tick;
  }
  if (event->status >= 0x90U && event->data[1]) {
    count_on(key, event);
  } else {
    count_off(key, event);
  }
}

/**
   Sort events by time, and those of one tick by track.

   Where a note ends and the same one begins again, the end comes first, in which order
   ever they stand in the file; but a note without length ends after it began.
*/
static void
order_events(const Reader* const reader)
{
  Key* const keys = (Key*)xalloc(calloc(16U * 128U, sizeof(Key)));

  sort_events(reader);
  for (size_t i = 0; i < reader->n_events; ++i) {
    Event* const event = &reader->events[i];
    if (event->status >= 0x80U && event->status < 0xA0U) {
      count_note(&keys[(event->status & 0xFU) * 128U + event->data[0]], event);
    }
  }
  sort_events(reader);
  free(keys);
}

/// Song from a change of tempo or time signature on
typedef struct {
  uint64_t tick;
  double   tick_s;
  MidiBeat beat;
} Tempo;

static double
time_of(const Tempo* const tempo, const uint64_t tick)
{
  return tempo->beat.time_s + (double)(tick - tempo->tick) * tempo->tick_s;
}

/// Go on to a tick, from where on the tempo may be another
static void
move_tempo(Tempo* const tempo, const Reader* const reader, const uint64_t tick)
{
  MidiBeat* const beat     = &tempo->beat;
  const double    quarters = (double)(tick - tempo->tick) / reader->ticks_per_quarter;
  const double    beats    = beat->bar_beat + quarters * beat->beat_unit / 4.0;
  const double    bars     = floor(beats / beat->beats_per_bar + ROUNDING_BARS);

  beat->time_s = time_of(tempo, tick);
  beat->bar += (int64_t)bars;
  beat->bar_beat = fmax(0.0, beats - bars * beat->beats_per_bar);
  tempo->tick    = tick;
}

/// Let bars begin with a time signature
static void
change_signature(Tempo* const tempo, const Event* const event)
{
  tempo->beat.bar += tempo->beat.bar_beat > ROUNDING_BARS * tempo->beat.beats_per_bar;
  tempo->beat.bar_beat      = 0.0;
  tempo->beat.beats_per_bar = event->data[0];
  tempo->beat.beat_unit     = 1 << event->data[1];
}

static void
change_tempo(Tempo* const tempo, const Reader* const reader, const Event* const event)
{
  tempo->beat.quarter_s = 1e-6 * (double)number_at(event->data, 3);
  tempo->tick_s         = tempo->beat.quarter_s / reader->ticks_per_quarter;
}

static bool
is_tempo(Reader* const reader, const Event* const event)
{
  const bool is_any = event->meta == META_TEMPO && event->n_data >= 3U;
  const bool is_0   = is_any && !number_at(event->data, 3);
  if (is_0) {
    warn(reader, event->data, "a tempo without end is left out");
  }
  return is_any && !is_0;
}

static bool
is_signature(const Event* const event)
{
  return event->meta == META_SIGNATURE && event->n_data >= 2U && event->data[0] &&
         event->data[1] <= MAX_UNIT_POWER;
}

/// Add a change to the map, or to the last change if there is no time between them
static void
add_beat(MidiFile* const file, const MidiBeat* const beat)
{
  MidiBeat* const last = &file->beats[file->n_beats - 1U];
  if (beat->time_s > last->time_s) {
    file->beats[file->n_beats++] = *beat;
  } else {
    *last = *beat;
  }
}

/// Follow a meta event
static void
follow(Reader* const      reader,
       MidiFile* const    file,
       Tempo* const       tempo,
       const Event* const event)
{
  const bool is_change = is_tempo(reader, event);
  if (reader->ticks_per_quarter <= 0.0 || (!is_change && !is_signature(event))) {
    return;
  }

  move_tempo(tempo, reader, event->tick);
  if (is_change) {
    change_tempo(tempo, reader, event);
    file->has_tempo = true;
  } else {
    change_signature(tempo, event);
  }
  add_beat(file, &tempo->beat);
}

/// Return the song as it begins without any event
static Tempo
first_tempo(const Reader* const reader)
{
  const bool follows_tempo = reader->ticks_per_quarter > 0.0;

  return (Tempo){.tick_s = follows_tempo ? DEFAULT_QUARTER_S / reader->ticks_per_quarter
                                         : reader->tick_s,
                 .beat   = {.quarter_s     = DEFAULT_QUARTER_S,
                            .beats_per_bar = DEFAULT_BEATS,
                            .beat_unit     = 4}};
}

static size_t
count_metas(const Reader* const reader)
{
  size_t n = 0;
  for (size_t i = 0; i < reader->n_events; ++i) {
    n += reader->events[i].status == META;
  }
  return n;
}

/// Copy messages with their time from the events of all tracks
static void
merge_tracks(Reader* const reader, MidiFile* const file)
{
  Tempo tempo = first_tempo(reader);
  order_events(reader);
  file->messages =
    (MidiMessage*)xalloc(calloc(reader->n_events + 1U, sizeof(MidiMessage)));
  file->beats = (MidiBeat*)xalloc(calloc(count_metas(reader) + 1U, sizeof(MidiBeat)));
  file->beats[0] = tempo.beat;
  file->n_beats  = reader->ticks_per_quarter > 0.0;
  for (size_t i = 0; i < reader->n_events; ++i) {
    const Event* const event = &reader->events[i];
    if (event->status <= SYSEX) {
      file->messages[file->n_messages++] = (MidiMessage){
        time_of(&tempo, event->tick), event->status, event->data, event->n_data};
    } else if (event->status == META) {
      follow(reader, file, &tempo, event);
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

  Reader reader = {.path = path, .bytes = file->bytes};
  Bytes  bytes  = {file->bytes, file->bytes + size};
  unwrap(&bytes);
  const bool ok = read_header(&reader, &bytes) && read_tracks(&reader, &bytes);
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
