// SPDX-License-Identifier: ISC
/// Reports on a patch, before and after it is rendered

#ifndef RENDER_REPORT_H
#define RENDER_REPORT_H

#include "host/patch.h"
#include "render/render.h"

/// Print length, level and, if that is asked for, what every block has cost
void
render_report(const Render* render);

/// Print what the patch is made of, with the values and ranges of its knobs
void
render_list(const Patch* patch);

#endif // RENDER_REPORT_H
