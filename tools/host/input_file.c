// SPDX-License-Identifier: ISC

#include "host/input_file.h"

#include "host/input_file_impl.h"
#include "host/input_sound.h"
#include "host/midi_file.h"
#include "host/xalloc.h"

#include <lv2/atom/atom.h>
#include <lv2/atom/util.h>
#include <lv2/midi/midi.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SECONDS_PER_MINUTE 60.0
#define QUARTERS 4                    ///< In a whole note
#define MAX_FRAME 0x4000000000000000U ///< Later ones can't be counted

// ---- MIDI files

/// Return the frame of a time, or the last that can be counted
static uint64_t
frame_at(const InputFile* const source, const double time_s)
{
  const double frame = time_s * source->sample_rate;

  return frame < (double)MAX_FRAME ? (uint64_t)llround(frame) : MAX_FRAME;
}

static uint64_t
message_frame(const InputFile* const source, const MidiMessage* const message)
{
  return frame_at(source, message->time_s);
}

/// Return the size of a message as an event in a sequence
static size_t
event_size(const MidiMessage* const message)
{
  return sizeof(LV2_Atom_Event) + lv2_atom_pad_size(1U + message->n_data);
}

static void
write_event(const InputFile* const   source,
            const MidiMessage* const message,
            LV2_Atom_Sequence* const sequence)
{
  LV2_Atom_Event* const event =
    lv2_atom_sequence_end(&sequence->body, sequence->atom.size);
  uint8_t* const bytes = (uint8_t*)(event + 1);

  event->time.frames = (int64_t)(message_frame(source, message) - source->position);
  event->body.size   = 1U + message->n_data;
  event->body.type   = source->event_type;
  bytes[0]           = message->status;
  memcpy(bytes + 1, message->data, message->n_data);
  sequence->atom.size += (uint32_t)event_size(message);
}

static void
read_midi(InputFile* const         source,
          LV2_Atom_Sequence* const sequence,
          const uint32_t           n_frames)
{
  sequence->atom.type = source->sequence_type;
  sequence->atom.size = sizeof(LV2_Atom_Sequence_Body);
  sequence->body.unit = 0;
  sequence->body.pad  = 0;

  const uint64_t end = source->position + n_frames;
  while (source->next_message < source->midi.n_messages) {
    const MidiMessage* const message = &source->midi.messages[source->next_message];
    if (message_frame(source, message) >= end) {
      break;
    }
    write_event(source, message, sequence);
    ++source->next_message;
  }
}

/// Return the most bytes of events that fall into any `max_frames` in a row
static size_t
densest_block(const InputFile* const source)
{
  const MidiMessage* const messages = source->midi.messages;

  size_t first   = 0;
  size_t n_bytes = 0;
  size_t n_most  = 0;
  for (size_t i = 0; i < source->midi.n_messages; ++i) {
    n_bytes += event_size(&messages[i]);
    while (message_frame(source, &messages[first]) + source->max_frames <=
           message_frame(source, &messages[i])) {
      n_bytes -= event_size(&messages[first++]);
    }
    n_most = n_bytes > n_most ? n_bytes : n_most;
  }

  return n_most;
}

// ---- Both

InputFile*
input_file_open(Host* const        host,
                const char* const  path,
                const HostPortKind kind,
                const double       sample_rate,
                const uint32_t     max_frames)
{
  InputFile* const source = (InputFile*)xalloc(calloc(1, sizeof(InputFile)));

  source->path          = (char*)xalloc(strdup(path));
  source->kind          = kind;
  source->sample_rate   = sample_rate;
  source->max_frames    = max_frames;
  source->sequence_type = host_map(host, LV2_ATOM__Sequence);
  source->event_type    = host_map(host, LV2_MIDI__MidiEvent);

  const bool ok = kind == HOST_EVENTS ? midi_file_read(&source->midi, path)
                                      : input_sound_open(source);
  if (!ok) {
    input_file_close(source);
  }
  return ok ? source : NULL;
}

void
input_file_close(InputFile* const source)
{
  input_sound_close(source);
  midi_file_free(&source->midi);
  free(source->frames);
  free(source->path);
  free(source);
}

const char*
input_file_path(const InputFile* const source)
{
  return source->path;
}

uint64_t
input_file_n_frames(const InputFile* const source)
{
  if (source->kind != HOST_EVENTS) {
    return (uint64_t)source->info.frames;
  }

  const double n_frames = ceil(source->midi.length_s * source->sample_rate);
  return n_frames < (double)MAX_FRAME ? (uint64_t)n_frames : MAX_FRAME;
}

void
input_file_set_tempo(InputFile* const source, const double tempo_bpm)
{
  if (source->midi.n_beats) {
    const double quarter_s = SECONDS_PER_MINUTE / tempo_bpm;
    midi_file_scale(&source->midi, source->midi.beats[0].quarter_s / quarter_s);
  }
}

bool
input_file_has_tempo(const InputFile* const source)
{
  return source->midi.has_tempo;
}

/// Return what plugins are to know from a change of the song on
static Position
position_of(const InputFile* const source, const MidiBeat* const beat)
{
  return (Position){.speed            = 1.0,
                    .frame            = (int64_t)frame_at(source, beat->time_s),
                    .bar              = beat->bar,
                    .bar_beat         = (float)beat->bar_beat,
                    .beat_unit        = beat->beat_unit,
                    .beats_per_bar    = (float)beat->beats_per_bar,
                    .beats_per_minute = (float)(SECONDS_PER_MINUTE / beat->quarter_s *
                                                beat->beat_unit / QUARTERS)};
}

Position*
input_file_song(const InputFile* const source, size_t* const n_positions)
{
  const size_t    n_beats = source->midi.n_beats;
  Position* const song    = (Position*)xalloc(calloc(n_beats + 1U, sizeof(Position)));

  size_t n = 0;
  for (size_t i = 0; i < n_beats; ++i) {
    const Position position = position_of(source, &source->midi.beats[i]);
    n -= n && song[n - 1U].frame == position.frame;
    song[n++] = position;
  }
  *n_positions = n;
  return song;
}

size_t
input_file_buffer_size(const InputFile* const source)
{
  return source->kind == HOST_EVENTS ? sizeof(LV2_Atom_Sequence) + densest_block(source)
                                     : source->max_frames * sizeof(float);
}

void
input_file_read(InputFile* const source, void* const buffer, const uint32_t n_frames)
{
  if (source->kind == HOST_EVENTS) {
    read_midi(source, (LV2_Atom_Sequence*)buffer, n_frames);
  } else {
    input_sound_read(source, (float*)buffer, n_frames);
  }
  source->position += n_frames;
}
