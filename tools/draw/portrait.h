// SPDX-License-Identifier: ISC
/**
   Pictures that plugins make of themselves, after they have run for a moment.

   Knobs stand at their defaults, and nothing comes in.
*/

#ifndef PORTRAIT_H
#define PORTRAIT_H

#include "host/host.h"

#include <stdint.h>

typedef struct {
  uint32_t  width;
  uint32_t  height;
  uint32_t* pixels;   ///< 0xaarrggbb, row by row, to be freed; NULL if there is none
  double    render_s; ///< Time of the processor that it took
} Portrait;

/// Let a plugin draw itself, no larger than that
Portrait
portrait_make(Host* host, const HostPlugin* plugin, uint32_t width, uint32_t height);

#endif // PORTRAIT_H
