// SPDX-License-Identifier: ISC
/**
   Pictures of patches, as SVG: boxes with their ports, and the cables between them.

   Boxes stand as on Carla's canvas, inputs on the left and outputs on the right; blue
   is audio, orange CV, red MIDI.  Text and lines are legible on a white and on a dark
   page.
*/

#ifndef PICTURE_H
#define PICTURE_H

#include "host/patch.h"

#include <stdio.h>

/// Write the picture of an ordered patch
void
picture_write_patch(FILE* out, const Patch* patch);

/// Write the picture of a module, with all its ports
void
picture_write_module(FILE* out, const HostPlugin* plugin);

#endif // PICTURE_H
