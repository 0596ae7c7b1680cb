// SPDX-License-Identifier: ISC
/**
   A sound file that is there in full or not at all, see draft.h.
*/

#ifndef SINK_H
#define SINK_H

#include <stdbool.h>
#include <stdint.h>

typedef struct SinkImpl Sink;

typedef struct {
  int      sample_rate;
  int      n_channels;
  int      n_bits;   ///< 16, 24, or 32 for floats; 0 is the most that the format has
  uint64_t n_frames; ///< That will be written
} SinkFormat;

/**
   Begin a file, WAV or FLAC as its name ends.

   Returns NULL after a report if it can't be written.
*/
Sink*
sink_open(const char* path, const SinkFormat* format);

/// Return true if samples are kept as they are, also beyond +-1
bool
sink_is_float(const Sink* sink);

/// Write frames, all channels in turn; returns false after a report
bool
sink_write(Sink* sink, const float* frames, uint32_t n_frames);

/// Complete the file and put it in place, or report and return false
bool
sink_finish(Sink* sink);

/// Leave no trace of the file
void
sink_abandon(Sink* sink);

#endif // SINK_H
