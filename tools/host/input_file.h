// SPDX-License-Identifier: ISC
/**
   A file that plays into an input of a patch, block by block.

   A sound file is streamed, so it may be of any length; a CV input takes its samples
   as volts.  Of a file with several channels, "name.wav#2" is the second one.  After
   the end of the file there is silence.

   WAV files are read as far as they go: where the sizes in the header are not those of
   the file, as a recorder leaves them that was killed, the file's own are taken.
*/

#ifndef INPUT_FILE_H
#define INPUT_FILE_H

#include "host/host.h"
#include "host/position.h"

#include <stdbool.h>
#include <stddef.h>
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

/// Have a MIDI file begin with a tempo in quarters a minute, and scale it all the way
void
input_file_set_tempo(InputFile* source, double tempo_bpm);

/// Return true if a MIDI file sets tempos itself
bool
input_file_has_tempo(const InputFile* source);

/**
   Return the positions at which the tempo or the time signature of a MIDI file changes.

   They are by frame, from 0 on, and to be freed.  There is none in other files.
*/
Position*
input_file_song(const InputFile* source, size_t* n_positions);

/// Return the bytes that a buffer for input_file_read() must have
size_t
input_file_buffer_size(const InputFile* source);

/**
   Write the next block to `buffer`: floats, or an atom sequence of MIDI events.

   Where a file turns out to be damaged, silence follows after a warning.
*/
void
input_file_read(InputFile* source, void* buffer, uint32_t n_frames);

#endif // INPUT_FILE_H
