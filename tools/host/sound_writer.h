// SPDX-License-Identifier: ISC
/**
   A sound file that is there in full or not at all, see atomic_file.h.
*/

#ifndef SOUND_WRITER_H
#define SOUND_WRITER_H

#include <stdbool.h>
#include <stdint.h>

typedef struct SoundWriterImpl SoundWriter;

typedef struct {
  const char* type; ///< "wav", "flac" or "ogg"; NULL is what the file's name ends in
  int         sample_rate;
  int         n_channels;
  int         n_bits;   ///< 16, 24, or 32 for floats; 0 is the most that the format has
  uint64_t    n_frames; ///< That will be written
} SoundFormat;

/**
   Begin a file, in the standard output one of WAV unless there is a type.

   Returns NULL after a report if it can't be written.
*/
SoundWriter*
sound_writer_open(const char* path, const SoundFormat* format);

/// Return true if samples are kept as they are, also beyond +-1
bool
sound_writer_is_float(const SoundWriter* self);

/// Write frames, all channels in turn; returns false after a report
bool
sound_writer_write(SoundWriter* self, const float* frames, uint32_t n_frames);

/// Complete the file and put it in place, or report and return false
bool
sound_writer_finish(SoundWriter* self);

/// Leave no trace of the file
void
sound_writer_abandon(SoundWriter* self);

#endif // SOUND_WRITER_H
