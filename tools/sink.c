// SPDX-License-Identifier: ISC

#include "sink.h"

#include "must.h"
#include "report.h"
#include "sound.h"

#include <sndfile.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#define TEMPORARY_ENDING ".XXXXXX"
#define MAX_WAV_SIZE 0xFFFF0000U ///< WAV counts bytes in 32 bits, with its header
#define FLOAT_BITS 32
#define DEFAULT_FLAC_BITS 24

struct SinkImpl {
  char*    path;
  char*    temporary; ///< What the file is called until it is complete, or NULL
  int      fd;
  SNDFILE* sound;
  bool     is_float;
};

// ---- Formats

static bool
ends_in(const char* const path, const char* const ending)
{
  const size_t length = strlen(path);
  const size_t n      = strlen(ending);

  return length > n && !strcasecmp(path + length - n, ending);
}

static bool
is_regular(const char* const path)
{
  struct stat info;

  return stat(path, &info) || S_ISREG(info.st_mode);
}

static int
subformat(const int n_bits)
{
  return n_bits == 16   ? SF_FORMAT_PCM_16
         : n_bits == 24 ? SF_FORMAT_PCM_24
                        : SF_FORMAT_FLOAT;
}

/// Return how libsndfile calls the format, or 0 after a report
static int
sound_format(const char* const path, const SinkFormat* const format)
{
  const bool is_flac = ends_in(path, ".flac");
  if (!is_flac && !ends_in(path, ".wav") && is_regular(path)) {
    report_error(path, NULL, "must end in .wav or .flac");
    return 0;
  }
  if (is_flac && format->n_bits == FLOAT_BITS) {
    report_error(path, NULL, "can't have 32 bits in FLAC: choose 24 or 16, or WAV");
    return 0;
  }
  if (is_flac) {
    return SF_FORMAT_FLAC |
           subformat(format->n_bits ? format->n_bits : DEFAULT_FLAC_BITS);
  }

  const uint64_t n_bytes =
    format->n_frames * (uint64_t)format->n_channels * sizeof(float);
  return subformat(format->n_bits) |
         (n_bytes < MAX_WAV_SIZE ? SF_FORMAT_WAV : SF_FORMAT_RF64);
}

// ---- Files

/// Make a temporary file that anybody may use who may use new files
static int
open_temporary(Sink* const sink)
{
  const size_t size = strlen(sink->path) + sizeof(TEMPORARY_ENDING);
  sink->temporary   = (char*)must(malloc(size));
  snprintf(sink->temporary, size, "%s" TEMPORARY_ENDING, sink->path);

  const int fd = mkstemp(sink->temporary);
  if (fd < 0) {
    free(sink->temporary);
    sink->temporary = NULL;
    return fd;
  }

  const mode_t mask = umask(0);
  umask(mask);
  fchmod(fd, 0666U & ~mask);
  return fd;
}

static bool
refuse(const Sink* const sink, const char* const why)
{
  report_error(sink->path, NULL, "can't be written: %s", why);
  return false;
}

static bool
open_sound(Sink* const sink, const SinkFormat* const format, const int sound)
{
  SF_INFO info = {
    .samplerate = format->sample_rate, .channels = format->n_channels, .format = sound};
  sink->sound = sf_open_fd(sink->fd, SFM_WRITE, &info, SF_FALSE);
  if (!sink->sound) {
    return refuse(sink, sound_error(NULL));
  }

  // A peak chunk would hold the time of day
  sf_command(sink->sound, SFC_SET_ADD_PEAK_CHUNK, NULL, SF_FALSE);
  sf_command(sink->sound, SFC_SET_CLIPPING, NULL, SF_TRUE);
  return true;
}

Sink*
sink_open(const char* const path, const SinkFormat* const format)
{
  const int sound = sound_format(path, format);
  if (!sound) {
    return NULL;
  }

  Sink* const sink = (Sink*)must(calloc(1, sizeof(Sink)));

  sink->path     = (char*)must(strdup(path));
  sink->is_float = (sound & SF_FORMAT_SUBMASK) == SF_FORMAT_FLOAT;
  sink->fd       = is_regular(path) ? open_temporary(sink) : open(path, O_WRONLY);
  if (sink->fd < 0) {
    refuse(sink, strerror(errno));
  }
  if (sink->fd < 0 || !open_sound(sink, format, sound)) {
    sink_abandon(sink);
    return NULL;
  }

  return sink;
}

bool
sink_is_float(const Sink* const sink)
{
  return sink->is_float;
}

bool
sink_write(Sink* const sink, const float* const frames, const uint32_t n_frames)
{
  return sf_writef_float(sink->sound, frames, n_frames) == (sf_count_t)n_frames ||
         refuse(sink, sound_error(sink->sound));
}

static void
free_sink(Sink* const sink)
{
  free(sink->temporary);
  free(sink->path);
  free(sink);
}

/// Close the file, and report if some of it has not found its way
static bool
close_sink(Sink* const sink)
{
  const int error = sf_close(sink->sound);
  sink->sound     = NULL;

  const int  fd     = sink->fd;
  const bool closed = !close(fd);
  sink->fd          = -1;
  return error    ? refuse(sink, sf_error_number(error))
         : closed ? true
                  : refuse(sink, strerror(errno));
}

bool
sink_finish(Sink* const sink)
{
  if (!close_sink(sink)) {
    sink_abandon(sink);
    return false;
  }
  if (sink->temporary && rename(sink->temporary, sink->path)) {
    refuse(sink, strerror(errno));
    sink_abandon(sink);
    return false;
  }

  free_sink(sink);
  return true;
}

void
sink_abandon(Sink* const sink)
{
  if (sink->sound) {
    sf_close(sink->sound);
  }
  if (sink->fd >= 0) {
    close(sink->fd);
  }
  if (sink->temporary) {
    unlink(sink->temporary);
  }
  free_sink(sink);
}
