// SPDX-License-Identifier: ISC
/// The pedal of a plugin as a picture: its plot, knobs and jacks where the template has
/// them

#ifndef SCREENSHOT_H
#define SCREENSHOT_H

#include "draw/portrait.h"
#include "host/host.h"
#include "modgui/template.h"

/// Return the picture, to be freed; the plot is as wide as the knobs
Portrait
screenshot_make(const HostPlugin*     plugin,
                const TemplateLayout* layout,
                const Portrait*       plot);

/// Return a picture that is scaled down to fit into a size, to be freed
Portrait
screenshot_shrink(const Portrait* picture, uint32_t max_width, uint32_t max_height);

#endif // SCREENSHOT_H
