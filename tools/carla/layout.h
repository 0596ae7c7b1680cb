// SPDX-License-Identifier: ISC
/**
   Where the boxes of a patch stand on the canvas of Carla's patchbay.

   Signals go from left to right: every block stands to the right of those that feed it,
   and Carla's own boxes stand at both ends.  If the canvas is not wide enough for that,
   the rest stands below.  Boxes do not overlap.  Their sizes, which only Carla's font
   would tell, are taken for a little more than they are.
*/

#ifndef LAYOUT_H
#define LAYOUT_H

#include "host/patch.h"

#include <stdbool.h>
#include <stdint.h>

#define LAYOUT_WIDTH_PX 3100
#define LAYOUT_HEIGHT_PX 2400

/// Carla's own boxes, behind those of the blocks
enum {
  LAYOUT_AUDIO_INPUT,
  LAYOUT_MIDI_INPUT,
  LAYOUT_AUDIO_OUTPUT,
  LAYOUT_MIDI_OUTPUT,
  LAYOUT_OWN_BOXES
};

/// Names of the ports of MIDI, whatever the plugin calls them
#define LAYOUT_EVENTS_IN "events-in"
#define LAYOUT_EVENTS_OUT "events-out"

typedef struct {
  const char* name;
  uint32_t    column; ///< From the left
  int         x_px;
  int         y_px;
  int         width_px;
  int         height_px;
} LayoutBox;

/// Return the number of the box that an end of a cable is in
uint32_t
layout_box(const Patch* patch, PatchEnd end);

/**
   Return the boxes of an ordered patch, each at its place, to be freed.

   Box number b is block number b of the patch, and Carla's own are the last ones.
*/
LayoutBox*
layout_lay_out(const Patch* patch);

/// Return the box of a block by itself, at the canvas's origin
LayoutBox
layout_size_block(const PatchBlock* block);

/// Return true if a box is within Carla's canvas
bool
layout_has_room(const LayoutBox* box);

#endif // LAYOUT_H
