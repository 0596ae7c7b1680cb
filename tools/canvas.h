// SPDX-License-Identifier: ISC
/**
   Where the boxes of a patch stand on the canvas of Carla's patchbay.

   Signals go from left to right: every block stands to the right of those that feed it,
   and Carla's own boxes stand at both ends.  If the canvas is not wide enough for that,
   the rest stands below.  Boxes do not overlap.  Their sizes, which only Carla's font
   would tell, are taken for a little more than they are.
*/

#ifndef CANVAS_H
#define CANVAS_H

#include "patch.h"

#include <stdbool.h>
#include <stdint.h>

#define CANVAS_WIDTH_PX 3100
#define CANVAS_HEIGHT_PX 2400

/// Carla's own boxes, behind those of the blocks
enum {
  CANVAS_AUDIO_INPUT,
  CANVAS_MIDI_INPUT,
  CANVAS_AUDIO_OUTPUT,
  CANVAS_MIDI_OUTPUT,
  CANVAS_OWN_BOXES
};

/// Names of the ports of MIDI, whatever the plugin calls them
#define CANVAS_EVENTS_IN "events-in"
#define CANVAS_EVENTS_OUT "events-out"

typedef struct {
  const char* name;
  uint32_t    column; ///< From the left
  int         x_px;
  int         y_px;
  int         width_px;
  int         height_px;
} CanvasBox;

/// Return the number of the box that an end of a cable is in
uint32_t
canvas_box(const Patch* patch, PatchEnd end);

/**
   Return the boxes of an ordered patch, each at its place, to be freed.

   Box number b is block number b of the patch, and Carla's own are the last ones.
*/
CanvasBox*
canvas_lay_out(const Patch* patch);

/// Return true if a box is within Carla's canvas
bool
canvas_has_room(const CanvasBox* box);

#endif // CANVAS_H
