// SPDX-License-Identifier: ISC

#include "sink.h"

#include "draft.h"
#include "must.h"
#include "report.h"
#include "sound.h"

#include <sndfile.h>

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MAX_WAV_SIZE 0xFFFF0000U ///< WAV counts bytes in 32 bits, with its header
#define FLOAT_BITS 32
#define DEFAULT_FLAC_BITS 24

struct SinkImpl {
  Draft*   draft;
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
  if (!is_flac && !ends_in(path, ".wav") && draft_is_regular(path)) {
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

static bool
open_sound(Sink* const sink, const SinkFormat* const format, const int sound)
{
  SF_INFO info = {
    .samplerate = format->sample_rate, .channels = format->n_channels, .format = sound};
  sink->sound = sf_open_fd(draft_fd(sink->draft), SFM_WRITE, &info, SF_FALSE);
  if (!sink->sound) {
    return draft_refuse(sink->draft, sound_error(NULL));
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

  Draft* const draft = draft_open(path);
  if (!draft) {
    return NULL;
  }

  Sink* const sink = (Sink*)must(calloc(1, sizeof(Sink)));

  sink->draft    = draft;
  sink->is_float = (sound & SF_FORMAT_SUBMASK) == SF_FORMAT_FLOAT;
  if (!open_sound(sink, format, sound)) {
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
         draft_refuse(sink->draft, sound_error(sink->sound));
}

bool
sink_finish(Sink* const sink)
{
  const int error = sf_close(sink->sound);
  sink->sound     = NULL;
  if (error) {
    draft_refuse(sink->draft, sf_error_number(error));
    sink_abandon(sink);
    return false;
  }

  Draft* const draft = sink->draft;
  free(sink);
  return draft_finish(draft);
}

void
sink_abandon(Sink* const sink)
{
  if (sink->sound) {
    sf_close(sink->sound);
  }
  draft_abandon(sink->draft);
  free(sink);
}
