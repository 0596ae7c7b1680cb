// SPDX-License-Identifier: ISC
/// Puts the events of all tracks in order, and follows the tempo through them

#include "host/midi_reader.h"
#include "host/xalloc.h"

#include <math.h>
#include <stdlib.h>

#define DEFAULT_QUARTER_S 0.5 ///< A quarter note at 120 BPM
#define DEFAULT_BEATS 4U      ///< In a bar, if the file gives no time signature
#define ROUNDING_BARS 1e-9    ///< More than sums of beats are wrong by
#define MAX_UNIT_POWER 6U     ///< Shortest beat of a time signature: 1/64

// ---- Order

static int
compare_events(const void* const a, const void* const b)
{
  const MidiEvent* const x = (const MidiEvent*)a;
  const MidiEvent* const y = (const MidiEvent*)b;

  return x->tick != y->tick       ? (x->tick > y->tick) - (x->tick < y->tick)
         : x->number != y->number ? (x->number > y->number) - (x->number < y->number)
         : x->goes_first != y->goes_first
           ? (int)y->goes_first - (int)x->goes_first
           : (x->place > y->place) - (x->place < y->place);
}

static void
sort_events(const MidiReader* const reader)
{
  if (reader->n_events) {
    qsort(reader->events, reader->n_events, sizeof(MidiEvent), compare_events);
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
count_on(Key* const key, const MidiEvent* const event)
{
  ++key->n_new;
  key->first_on = key->has_on ? key->first_on : event->number;
  key->has_on   = true;
}

/// Have the end of an older note go before the notes that begin at the same tick
static void
count_off(Key* const key, MidiEvent* const event)
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
count_note(Key* const key, MidiEvent* const event)
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
order_events(const MidiReader* const reader)
{
  Key* const keys = (Key*)xalloc(calloc(16U * 128U, sizeof(Key)));

  sort_events(reader);
  for (size_t i = 0; i < reader->n_events; ++i) {
    MidiEvent* const event = &reader->events[i];
    if (event->status >= 0x80U && event->status < 0xA0U) {
      count_note(&keys[(event->status & 0xFU) * 128U + event->data[0]], event);
    }
  }
  sort_events(reader);
  free(keys);
}

// ---- Tempo

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
move_tempo(Tempo* const tempo, const MidiReader* const reader, const uint64_t tick)
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
change_signature(Tempo* const tempo, const MidiEvent* const event)
{
  tempo->beat.bar += tempo->beat.bar_beat > ROUNDING_BARS * tempo->beat.beats_per_bar;
  tempo->beat.bar_beat      = 0.0;
  tempo->beat.beats_per_bar = event->data[0];
  tempo->beat.beat_unit     = 1 << event->data[1];
}

static void
change_tempo(Tempo* const            tempo,
             const MidiReader* const reader,
             const MidiEvent* const  event)
{
  tempo->beat.quarter_s = 1e-6 * (double)bytes_number(event->data, 3);
  tempo->tick_s         = tempo->beat.quarter_s / reader->ticks_per_quarter;
}

static bool
is_tempo(MidiReader* const reader, const MidiEvent* const event)
{
  const bool is_any = event->meta == META_TEMPO && event->n_data >= 3U;
  const bool is_0   = is_any && !bytes_number(event->data, 3);
  if (is_0) {
    midi_warn(reader, event->data, "a tempo without end is left out");
  }
  return is_any && !is_0;
}

static bool
is_signature(const MidiEvent* const event)
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
follow(MidiReader* const      reader,
       MidiFile* const        file,
       Tempo* const           tempo,
       const MidiEvent* const event)
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
first_tempo(const MidiReader* const reader)
{
  const bool follows_tempo = reader->ticks_per_quarter > 0.0;

  return (Tempo){.tick_s = follows_tempo ? DEFAULT_QUARTER_S / reader->ticks_per_quarter
                                         : reader->tick_s,
                 .beat   = {.quarter_s     = DEFAULT_QUARTER_S,
                            .beats_per_bar = DEFAULT_BEATS,
                            .beat_unit     = 4}};
}

static size_t
count_metas(const MidiReader* const reader)
{
  size_t n = 0;
  for (size_t i = 0; i < reader->n_events; ++i) {
    n += reader->events[i].status == META;
  }
  return n;
}

void
midi_merge_tracks(MidiReader* const reader, MidiFile* const file)
{
  Tempo tempo = first_tempo(reader);
  order_events(reader);
  file->messages =
    (MidiMessage*)xalloc(calloc(reader->n_events + 1U, sizeof(MidiMessage)));
  file->beats = (MidiBeat*)xalloc(calloc(count_metas(reader) + 1U, sizeof(MidiBeat)));
  file->beats[0] = tempo.beat;
  file->n_beats  = reader->ticks_per_quarter > 0.0;
  for (size_t i = 0; i < reader->n_events; ++i) {
    const MidiEvent* const event = &reader->events[i];
    if (event->status <= SYSEX) {
      file->messages[file->n_messages++] = (MidiMessage){
        time_of(&tempo, event->tick), event->status, event->data, event->n_data};
    } else if (event->status == META) {
      follow(reader, file, &tempo, event);
    }
  }
  file->length_s = time_of(&tempo, reader->end_tick);
}
