// SPDX-License-Identifier: ISC
/// Outputs of a patch

#ifndef RENDER_OUTPUTS_H
#define RENDER_OUTPUTS_H

#include "render/render.h"

#include <stdbool.h>
#include <stdint.h>

/// Open the file to render to, which may be none that is read; false after a report
bool
render_open_output(Render* render);

/// Write the outputs of a block, and note their levels; false after a report
bool
render_write_outputs(Render* render, uint32_t n_frames);

#endif // RENDER_OUTPUTS_H
