// SPDX-License-Identifier: ISC
/// Plugins that go on instead of others while a patch is rendered

#ifndef RENDER_SWAPS_H
#define RENDER_SWAPS_H

#include "render/render.h"

#include <stdbool.h>
#include <stdint.h>

/// Load what the options ask for, once there is an engine; false after a report
bool
render_open_swaps(Render* render);

/// Free it, after the engine
void
render_close_swaps(Render* render);

/// Let plugins go on that are due after `done` frames, and cut the block that comes
/// next where others are due; false after a report
bool
render_swap_due(Render* render, uint64_t done, uint32_t* n_frames);

#endif // RENDER_SWAPS_H
