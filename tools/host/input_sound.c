// SPDX-License-Identifier: ISC

#include "host/input_sound.h"

#include "host/input_file_impl.h"
#include "host/message.h"
#include "host/sound.h"
#include "host/xalloc.h"

#include <sndfile.h>

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define RIFF_HEADER_SIZE 12U
#define RIFF_CHUNK_SIZE 8U            ///< Of the header of a chunk
#define RIFF_ENDLESS_SIZE 0x7FFF0000U ///< From here on, a writer did not know the size
#define RIFF_MAX_SIZE 0xFFFFFFFFU

// ---- The file

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

/// Return a number with the least significant byte first
static uint32_t
little_endian(const uint8_t bytes[4])
{
  return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8U | (uint32_t)bytes[2] << 16U |
         (uint32_t)bytes[3] << 24U;
}

static void
put_little_endian(uint8_t bytes[4], const uint64_t number)
{
  const uint32_t n = number < RIFF_MAX_SIZE ? (uint32_t)number : RIFF_MAX_SIZE;
  for (uint32_t i = 0; i < 4; ++i) {
    bytes[i] = (uint8_t)(n >> 8U * i);
  }
}

static bool
read_at(FILE* const file, const uint64_t at, uint8_t* const bytes, const size_t size)
{
  return !fseeko(file, (off_t)at, SEEK_SET) && fread(bytes, 1, size, file) == size;
}

/// Return where the chunk of samples is in a WAV file, or 0
static uint64_t
find_data(const InputFile* const source, uint32_t* const size)
{
  uint8_t  header[RIFF_CHUNK_SIZE];
  uint64_t at = RIFF_HEADER_SIZE;
  while (read_at(source->file, at, header, sizeof(header))) {
    *size = little_endian(header + 4);
    if (!memcmp(header, "data", 4)) {
      return at;
    }
    at += RIFF_CHUNK_SIZE + (uint64_t)*size + (*size & 1U);
  }

  return 0;
}

/// Return true if chunks, or nothing, follow on samples that are said to have no length
static bool
is_empty(const InputFile* const source, const uint64_t end)
{
  uint8_t header[RIFF_CHUNK_SIZE];
  if (!read_at(source->file, end, header, sizeof(header))) {
    return true;
  }

  bool is_text = true;
  for (uint32_t i = 0; i < 4; ++i) {
    is_text = is_text && (isalnum(header[i]) || header[i] == ' ');
  }
  return is_text &&
         end + RIFF_CHUNK_SIZE + little_endian(header + 4) <= source->n_bytes;
}

/**
   Correct the sizes in the header of a WAV file by what is there, with a warning.

   A recorder that was killed leaves 0 or the most that the field holds.
*/
static void
mend_sizes(InputFile* const source)
{
  uint8_t header[RIFF_HEADER_SIZE];
  if (!read_at(source->file, 0, header, sizeof(header)) ||
      memcmp(header, "RIFF", 4) != 0 || memcmp(header + 8, "WAVE", 4) != 0) {
    return;
  }

  uint32_t       size   = 0;
  const uint64_t at     = find_data(source, &size);
  const uint64_t start  = at + RIFF_CHUNK_SIZE;
  const uint64_t n_left = source->n_bytes > start ? source->n_bytes - start : 0;
  if (!at || (size ? size <= n_left : is_empty(source, start))) {
    return;
  }

  message_warning(source->path,
                  NULL,
                  size && size < RIFF_ENDLESS_SIZE
                    ? "byte %llu: is cut short: it should have %lu bytes of sound, but "
                      "has %llu, which are read"
                    : "byte %llu: its recording was not finished: it has no proper "
                      "length (%lu), so all %llu bytes are read",
                  (unsigned long long)at + 4U,
                  (unsigned long)size,
                  (unsigned long long)n_left);
  source->data_at = at + 4U;
  put_little_endian(source->data_size, n_left);
  put_little_endian(source->riff_size, source->n_bytes - RIFF_CHUNK_SIZE);
}

// ---- The file as libsndfile sees it

/// Put the bytes of a corrected size where they are in a part of the file
static void
replace(const uint8_t  size[4],
        const uint64_t size_at,
        const uint64_t part_at,
        uint8_t* const part,
        const uint64_t n_bytes)
{
  for (uint32_t i = 0; i < 4; ++i) {
    if (size_at + i >= part_at && size_at + i - part_at < n_bytes) {
      part[size_at + i - part_at] = size[i];
    }
  }
}

static sf_count_t
view_length(void* const data)
{
  return (sf_count_t)((const InputFile*)data)->n_bytes;
}

static sf_count_t
view_seek(const sf_count_t offset, const int whence, void* const data)
{
  InputFile* const source = (InputFile*)data;
  const sf_count_t start  = whence == SEEK_SET   ? 0
                            : whence == SEEK_CUR ? (sf_count_t)source->offset
                                                 : (sf_count_t)source->n_bytes;
  const sf_count_t at     = start + offset;
  if (at < 0 || fseeko(source->file, (off_t)at, SEEK_SET)) {
    return -1;
  }

  source->offset = (uint64_t)at;
  return at;
}

static sf_count_t
view_read(void* const to, const sf_count_t n_bytes, void* const data)
{
  InputFile* const source = (InputFile*)data;
  const size_t     n_read = fread(to, 1, (size_t)n_bytes, source->file);
  if (source->data_at) {
    replace(source->riff_size, 4, source->offset, (uint8_t*)to, n_read);
    replace(source->data_size, source->data_at, source->offset, (uint8_t*)to, n_read);
  }

  source->offset += n_read;
  return (sf_count_t)n_read;
}

static sf_count_t
view_write(const void* const from, const sf_count_t n_bytes, void* const data)
{
  (void)from;
  (void)n_bytes;
  (void)data;
  return 0;
}

static sf_count_t
view_tell(void* const data)
{
  return (sf_count_t)((const InputFile*)data)->offset;
}

static bool
refuse_sound(const InputFile* const source, const char* const why)
{
  message_error(source->path, NULL, "can't be read: %s", why);
  return false;
}

/// Open the file of a sound, with its sizes corrected
static bool
open_view(InputFile* const source)
{
  static SF_VIRTUAL_IO view = {
    view_length, view_seek, view_read, view_write, view_tell};

  source->file = fopen(source->path, "rb");
  if (!source->file || fseeko(source->file, 0, SEEK_END)) {
    return refuse_sound(source, strerror(errno));
  }

  source->n_bytes = (uint64_t)ftello(source->file);
  mend_sizes(source);
  view_seek(0, SEEK_SET, source);
  source->sound = sf_open_virtual(&view, SFM_READ, &source->info, source);
  return source->sound || refuse_sound(source, sound_error(NULL));
}

static bool
refuse(const InputFile* const source, const char* const message)
{
  message_error(source->path, NULL, "%s", message);
  return false;
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

bool
input_sound_open(InputFile* const source)
{
  const int channel = cut_channel(source->path);
  if (!check_kind(source) || !open_view(source)) {
    return false;
  }

  const size_t n_channels = (size_t)source->info.channels;
  source->frames =
    (float*)xalloc(calloc(source->max_frames * n_channels, sizeof(float)));
  return check_channel(source, channel) && check_rate(source);
}

void
input_sound_close(InputFile* const source)
{
  if (source->sound) {
    sf_close(source->sound);
  }
  if (source->file) {
    fclose(source->file);
  }
}

void
input_sound_read(InputFile* const source, float* const buffer, const uint32_t n_frames)
{
  const uint64_t n_total = input_file_n_frames(source);
  const uint64_t n_left =
    n_total - (source->position < n_total ? source->position : n_total);
  const uint32_t   n_expected = n_left < n_frames ? (uint32_t)n_left : n_frames;
  const sf_count_t n_read =
    n_expected ? sf_readf_float(source->sound, source->frames, n_expected) : 0;
  const uint32_t n_there = n_read > 0 ? (uint32_t)n_read : 0;
  if (n_there < n_expected && !source->is_cut) {
    source->is_cut = true;
    message_warning(source->path,
                    NULL,
                    "frame %llu: is cut short or damaged: silence follows",
                    (unsigned long long)source->position + n_there);
  }

  const size_t n_channels = (size_t)source->info.channels;
  const float* frame      = source->frames + source->channel;
  for (uint32_t i = 0; i < n_frames; ++i, frame += n_channels) {
    buffer[i] = i < n_there ? *frame : 0.0f;
  }
}
