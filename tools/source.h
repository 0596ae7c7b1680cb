// SPDX-License-Identifier: ISC
/**
   A file that plays into an input of a patch, block by block.

   A sound file is streamed, so it may be of any length; a CV input takes its samples
   as volts.  Of a file with several channels, "name.wav#2" is the second one.  After
   the end of the file there is silence.
*/

#ifndef SOURCE_H
#define SOURCE_H

#include "host.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct SourceImpl Source;

/**
   Open a file for an input of that kind, which is HOST_AUDIO, HOST_CV or HOST_EVENTS.

   No block will be longer than `max_frames`.  Returns NULL after a report.
*/
Source*
source_open(Host*        host,
            const char*  path,
            HostPortKind kind,
            double       sample_rate,
            uint32_t     max_frames);

void
source_close(Source* source);

/// Return the length of the file
uint64_t
source_n_frames(const Source* source);

/// Return the bytes that a buffer for source_read() must have
size_t
source_buffer_size(const Source* source);

/**
   Write the next block to `buffer`: floats, or an atom sequence of MIDI events.

   Returns false after a report if the file turns out to be damaged.
*/
bool
source_read(Source* source, void* buffer, uint32_t n_frames);

#endif // SOURCE_H
