// SPDX-License-Identifier: ISC

#include "host/input_file.h"

#include "host/message.h"
#include "host/midi_file.h"
#include "host/sound.h"
#include "host/xalloc.h"

#include <lv2/atom/atom.h>
#include <lv2/atom/util.h>
#include <lv2/midi/midi.h>
#include <sndfile.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define RIFF_HEADER_SIZE 8U
#define RIFF_ENDLESS_SIZE 0x7FFF0000U ///< From here on, a writer did not know the size

struct InputFileImpl {
  char*        path;
  HostPortKind kind;
  double       sample_rate;
  uint32_t     max_frames;
  uint64_t     position; ///< Frames read so far

  SNDFILE* sound;
  SF_INFO  info;
  int      channel;
  float*   frames; ///< A block of all channels

  MidiFile midi;
  size_t   next_message;
  LV2_URID sequence_type;
  LV2_URID event_type;
};

// ---- Sound files

/// Return the channel that a path ends in, "in.wav#2" for 1, and cut it off; else -1
static int
cut_channel(char* const path)
{
  char* const mark = strrchr(path, '#');
  char*       end  = NULL;
  const long  n    = mark ? strtol(mark + 1, &end, 10) : 0;
  if (n < 1 || n > 1024 || *end || !access(path, F_OK)) {
    return -1;
  }

  *mark = '\0';
  return (int)n - 1;
}

static bool
refuse(const InputFile* const source, const char* const message)
{
  message_error(source->path, NULL, "%s", message);
  return false;
}

/// Refuse a RIFF file that is shorter than it says, which libsndfile would not mind
static bool
check_length(const InputFile* const source)
{
  uint8_t     header[RIFF_HEADER_SIZE] = {0};
  FILE* const file                     = fopen(source->path, "rb");
  if (!file) {
    return true;
  }

  const size_t n_read = fread(header, 1, sizeof(header), file);
  fseek(file, 0, SEEK_END);
  const long n_bytes = ftell(file);
  fclose(file);

  const uint32_t size = (uint32_t)header[4] | (uint32_t)header[5] << 8U |
                        (uint32_t)header[6] << 16U | (uint32_t)header[7] << 24U;
  return n_read < sizeof(header) || memcmp(header, "RIFF", 4) != 0 ||
         size >= RIFF_ENDLESS_SIZE || (long)size + (long)RIFF_HEADER_SIZE <= n_bytes ||
         refuse(source, "is cut short: it says that it is longer than it is");
}

/// Refuse what is there but no file: the length of a sound must be known beforehand
static bool
check_kind(const InputFile* const source)
{
  struct stat info;

  return stat(source->path, &info) || S_ISREG(info.st_mode) ||
         refuse(source, "can't be read: it is not a file with sound");
}

static bool
check_channel(InputFile* const source, const int channel)
{
  const int n_channels = source->info.channels;

  source->channel = channel < 0 ? 0 : channel;
  if (source->channel >= n_channels) {
    message_error(source->path, NULL, "has no more than %d channels", n_channels);
    return false;
  }
  if (channel < 0 && n_channels > 1) {
    message_error(source->path,
                  NULL,
                  "has %d channels, but an input takes one: write %s#1 for the first",
                  n_channels,
                  source->path);
    return false;
  }

  return true;
}

static bool
check_rate(const InputFile* const source)
{
  const int rate = source->info.samplerate;
  if (rate != (int)source->sample_rate) {
    message_error(source->path,
                  NULL,
                  "has a sample rate of %d Hz, but the patch runs at %.0f Hz: convert "
                  "it, or say --rate %d",
                  rate,
                  source->sample_rate,
                  rate);
  }

  return rate == (int)source->sample_rate;
}

static bool
open_sound(InputFile* const source)
{
  const int channel = cut_channel(source->path);
  if (!check_kind(source)) {
    return false;
  }

  source->sound = sf_open(source->path, SFM_READ, &source->info);
  if (!source->sound) {
    message_error(source->path, NULL, "can't be read: %s", sound_error(NULL));
    return false;
  }

  const size_t n_channels = (size_t)source->info.channels;
  source->frames =
    (float*)xalloc(calloc(source->max_frames * n_channels, sizeof(float)));
  return check_length(source) && check_channel(source, channel) && check_rate(source);
}

static bool
read_sound(InputFile* const source, float* const buffer, const uint32_t n_frames)
{
  const uint64_t n_total = input_file_n_frames(source);
  const uint64_t n_left =
    n_total - (source->position < n_total ? source->position : n_total);
  const uint32_t n_expected = n_left < n_frames ? (uint32_t)n_left : n_frames;
  if (n_expected && sf_readf_float(source->sound, source->frames, n_expected) <
                      (sf_count_t)n_expected) {
    return refuse(source, "is cut short or damaged");
  }

  const size_t n_channels = (size_t)source->info.channels;
  const float* frame      = source->frames + source->channel;
  for (uint32_t i = 0; i < n_frames; ++i, frame += n_channels) {
    buffer[i] = i < n_expected ? *frame : 0.0f;
  }
  return true;
}

// ---- MIDI files

static uint64_t
message_frame(const InputFile* const source, const MidiMessage* const message)
{
  return (uint64_t)llround(message->time_s * source->sample_rate);
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

  const bool ok =
    kind == HOST_EVENTS ? midi_file_read(&source->midi, path) : open_sound(source);
  if (!ok) {
    input_file_close(source);
  }
  return ok ? source : NULL;
}

void
input_file_close(InputFile* const source)
{
  if (source->sound) {
    sf_close(source->sound);
  }
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
  return source->kind == HOST_EVENTS
           ? (uint64_t)ceil(source->midi.length_s * source->sample_rate)
           : (uint64_t)source->info.frames;
}

size_t
input_file_buffer_size(const InputFile* const source)
{
  return source->kind == HOST_EVENTS ? sizeof(LV2_Atom_Sequence) + densest_block(source)
                                     : source->max_frames * sizeof(float);
}

bool
input_file_read(InputFile* const source, void* const buffer, const uint32_t n_frames)
{
  bool ok = true;
  if (source->kind == HOST_EVENTS) {
    read_midi(source, (LV2_Atom_Sequence*)buffer, n_frames);
  } else {
    ok = read_sound(source, (float*)buffer, n_frames);
  }
  source->position += n_frames;
  return ok;
}
