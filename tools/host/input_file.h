// SPDX-License-Identifier: ISC
/**
   A file that plays into an input of a patch, block by block.

   A sound file is streamed, so it may be of any length; a CV input takes its samples
   as volts.  Of a file with several channels, "name.wav#2" is the second one.  After
   the end of the file there is silence.
*/

#ifndef INPUT_FILE_H
#define INPUT_FILE_H

#include "host/host.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct InputFileImpl InputFile;

/**
   Open a file for an input of that kind, which is HOST_AUDIO, HOST_CV or HOST_EVENTS.

   No block will be longer than `max_frames`.  Returns NULL after a report.
*/
InputFile*
input_file_open(Host*        host,
                const char*  path,
                HostPortKind kind,
                double       sample_rate,
                uint32_t     max_frames);

void
input_file_close(InputFile* source);

/// Return the path of the file, without the number of a channel
const char*
input_file_path(const InputFile* source);

/// Return the length of the file
uint64_t
input_file_n_frames(const InputFile* source);

/// Return the bytes that a buffer for input_file_read() must have
size_t
input_file_buffer_size(const InputFile* source);

/**
   Write the next block to `buffer`: floats, or an atom sequence of MIDI events.

   Returns false after a report if the file turns out to be damaged.
*/
bool
input_file_read(InputFile* source, void* buffer, uint32_t n_frames);

#endif // INPUT_FILE_H
