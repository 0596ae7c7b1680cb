// SPDX-License-Identifier: ISC
// The sound file under an input file: a channel of it, as libsndfile reads it

#ifndef INPUT_SOUND_H
#define INPUT_SOUND_H

#include "host/input_file.h"

#include <stdbool.h>
#include <stdint.h>

/// Open the file at the path, "in.wav#2" for its second channel; false after a report
bool
input_sound_open(InputFile* source);

/// Close it, if it is open
void
input_sound_close(InputFile* source);

/// Read the next `n_frames`, with silence after the end of the file
void
input_sound_read(InputFile* source, float* buffer, uint32_t n_frames);

#endif // INPUT_SOUND_H
