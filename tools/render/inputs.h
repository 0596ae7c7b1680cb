// SPDX-License-Identifier: ISC
/// Inputs of a patch, and how long they last

#ifndef RENDER_INPUTS_H
#define RENDER_INPUTS_H

#include "render/render.h"

#include <stdbool.h>
#include <stdint.h>

/// Open the file that an input of the patch plays, and make its buffer; false after a
/// report
bool
render_open_input(Render* render, uint32_t index);

/// Read the next frames of all inputs into their buffers
void
render_read_inputs(const Render* render, uint32_t n_frames);

/**
   Take the song from the first MIDI file with a map of tempos.

   A file that sets no tempo leaves it to the patch, if that has one.
*/
void
render_find_song(Render* render);

/// Return how many frames to render
uint64_t
render_find_length(const Render* render);

/// Refuse what no one can want who has not asked for so much
bool
render_check_length(const Render* render);

#endif // RENDER_INPUTS_H
