// SPDX-License-Identifier: ISC

#include "host/sound_writer.h"

#include "host/atomic_file.h"
#include "host/message.h"
#include "host/sound.h"
#include "host/xalloc.h"

#include <sndfile.h>

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define MAX_WAV_SIZE 0xFFFF0000U ///< WAV counts bytes in 32 bits, with its header
#define FLOAT_BITS 32
#define DEFAULT_FLAC_BITS 24
#define OGG_QUALITY 0.7 ///< From 0 to 1

struct SoundWriterImpl {
  AtomicFile* file;
  SNDFILE*    sound;
  bool        is_float;
};

// ---- Formats

/// Return the type in which a file of that name is written, or NULL
static const char*
type_of(const char* const path, const SoundFormat* const format)
{
  static const char* const types[] = {"wav", "flac", "ogg"};

  const char* const dot  = strrchr(path, '.');
  const char* const type = format->type         ? format->type
                           : dot && dot != path ? dot + 1
                                                : "";
  for (size_t t = 0; t < sizeof(types) / sizeof(types[0]); ++t) {
    if (!strcasecmp(type, types[t])) {
      return types[t];
    }
  }

  const bool is_file = !atomic_file_is_stdout(path) && atomic_file_is_regular(path);
  return is_file || format->type ? NULL : types[0];
}

static int
subformat(const int n_bits)
{
  return n_bits == 16   ? SF_FORMAT_PCM_16
         : n_bits == 24 ? SF_FORMAT_PCM_24
                        : SF_FORMAT_FLOAT;
}

/// Return a reason why a type can't have that many bits, or NULL
static const char*
wrong_bits(const char* const type, const int n_bits)
{
  return *type == 'f' && n_bits == FLOAT_BITS
           ? "can't have 32 bits in FLAC: choose 24 or 16, or WAV"
         : *type == 'o' && n_bits ? "has no bits to choose in Ogg: leave --bits away"
                                  : NULL;
}

/// Return how libsndfile calls the format, or 0 after a report
static int
sound_format(const char* const path, const SoundFormat* const format)
{
  const char* const type   = type_of(path, format);
  const char* const reason = !type ? format->type ? "can only be wav, flac or ogg"
                                                  : "must end in .wav, .flac or .ogg"
                                   : wrong_bits(type, format->n_bits);
  if (reason) {
    message_error(path, NULL, "%s", reason);
    return 0;
  }

  if (*type == 'o') {
    return SF_FORMAT_OGG | SF_FORMAT_VORBIS;
  }
  if (*type == 'f') {
    return SF_FORMAT_FLAC |
           subformat(format->n_bits ? format->n_bits : DEFAULT_FLAC_BITS);
  }

  const uint64_t n_bytes =
    format->n_frames * (uint64_t)format->n_channels * sizeof(float);
  return subformat(format->n_bits) |
         (n_bytes < MAX_WAV_SIZE ? SF_FORMAT_WAV : SF_FORMAT_RF64);
}

// ---- Files

static bool
open_sound(SoundWriter* const self, const SoundFormat* const format, const int sound)
{
  SF_INFO info = {
    .samplerate = format->sample_rate, .channels = format->n_channels, .format = sound};
  self->sound = sf_open_fd(atomic_file_fd(self->file), SFM_WRITE, &info, SF_FALSE);
  if (!self->sound) {
    return atomic_file_refuse(self->file, sound_error(NULL));
  }

  // A peak chunk would hold the time of day
  sf_command(self->sound, SFC_SET_ADD_PEAK_CHUNK, NULL, SF_FALSE);
  sf_command(self->sound, SFC_SET_CLIPPING, NULL, SF_TRUE);

  double quality = OGG_QUALITY;
  if ((sound & SF_FORMAT_TYPEMASK) == SF_FORMAT_OGG) {
    sf_command(self->sound, SFC_SET_VBR_ENCODING_QUALITY, &quality, sizeof(quality));
  }
  return true;
}

SoundWriter*
sound_writer_open(const char* const path, const SoundFormat* const format)
{
  const int sound = sound_format(path, format);
  if (!sound) {
    return NULL;
  }
  if (atomic_file_is_stdout(path) && isatty(STDOUT_FILENO)) {
    message_error(path, NULL, "no sound can be shown on a terminal: lead it elsewhere");
    return NULL;
  }

  AtomicFile* const file = atomic_file_open(path);
  if (!file) {
    return NULL;
  }

  SoundWriter* const self = (SoundWriter*)xalloc(calloc(1, sizeof(SoundWriter)));

  self->file     = file;
  self->is_float = (sound & SF_FORMAT_SUBMASK) == SF_FORMAT_FLOAT;
  if (!open_sound(self, format, sound)) {
    sound_writer_abandon(self);
    return NULL;
  }

  return self;
}

bool
sound_writer_is_float(const SoundWriter* const self)
{
  return self->is_float;
}

bool
sound_writer_write(SoundWriter* const self,
                   const float* const frames,
                   const uint32_t     n_frames)
{
  return sf_writef_float(self->sound, frames, n_frames) == (sf_count_t)n_frames ||
         atomic_file_refuse(self->file, sound_error(self->sound));
}

bool
sound_writer_finish(SoundWriter* const self)
{
  const int error = sf_close(self->sound);
  self->sound     = NULL;
  if (error) {
    atomic_file_refuse(self->file, sf_error_number(error));
    sound_writer_abandon(self);
    return false;
  }

  AtomicFile* const file = self->file;
  free(self);
  return atomic_file_finish(file);
}

void
sound_writer_abandon(SoundWriter* const self)
{
  if (self->sound) {
    sf_close(self->sound);
  }
  atomic_file_abandon(self->file);
  free(self);
}
