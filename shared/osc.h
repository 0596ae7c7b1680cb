// SPDX-License-Identifier: ISC
/**
   An oscillator without aliases, whatever modulates it.

   Its phase is a 32-bit integer that wraps once a cycle, and moves by a signed step a
   frame: backwards through 0 Hz too, and not at all at 0.

   The steps and corners of shapes are made band-limited (blep.h) at their exact times
   between frames, which come from the movement of eight frames (path.h).  So everything
   is heard with a constant delay, osc_latency(), on all outputs alike.
*/

#ifndef OSC_H
#define OSC_H

#include "blep.h"
#include "shape.h"

#include <stdbool.h>
#include <stdint.h>

#define OSC_MAX_FRAMES 256U       ///< Most frames that osc_process() takes at once
#define OSC_MEMORY 7U             ///< Frames of inputs that are remembered
#define OSC_MAX_DELAY 32U         ///< Frames of shapes that are remembered
#define OSC_CYCLE 4294967296.0    ///< A cycle in the unit of steps
#define OSC_MAX_STEP 2147483647.0 ///< Just below half a cycle

/// What a sync event does, as scale points number it
typedef enum {
  OSC_SYNC_HARD,   ///< The cycle starts again
  OSC_SYNC_REVERSE ///< The cycle turns back
} OscSyncMode;

/// What an oscillator is to do in each frame
typedef struct {
  const int32_t* step;             ///< 2^-32 cycles to move, up to OSC_MAX_STEP
  const int32_t* width;            ///< Of the pulse, from 0 to SHAPE_FULL_WIDTH
  bool           step_rests;       ///< Whether the first of `step` counts for all
  bool           width_rests;      ///< Whether the first of `width` does
  const float*   sync;             ///< Sync events, or NULL for none
  const float*   weight[N_SHAPES]; ///< Amplitude of each shape, or NULL for 0
  OscSyncMode    sync_mode;
} OscInputs;

typedef struct {
  uint32_t n_taps; ///< Frames that a break in a shape lasts
  uint32_t phase;
  int32_t  direction; ///< 1, or -1 after an odd number of reverse syncs

  int32_t past_step[OSC_MEMORY];
  int32_t past_width[OSC_MEMORY];
  float   past_sync[OSC_MEMORY];

  float naive[OSC_MAX_DELAY];    ///< Shapes on their way to the output
  float starts[OSC_MAX_DELAY];   ///< Starts of cycles, likewise
  float residual[BLEP_MAX_TAPS]; ///< What breaks add to frames to come
} Osc;

void
osc_init(Osc* self, double sample_rate);

void
osc_reset(Osc* self);

/// Return the frames from inputs to outputs, the same for all of them
uint32_t
osc_latency(const Osc* self);

/**
   Write the next `n_frames`, at most OSC_MAX_FRAMES, to `out` and `sync_out`.

   `sync_out` is 0, or in the frame after a cycle has started the time since then, in
   frames, above 0 and up to 1.  Sync inputs understand this after a frame of 0.
   Otherwise they take any signal that rises through 0.
*/
void
osc_process(Osc*             self,
            const OscInputs* in,
            float*           out,
            float*           sync_out,
            uint32_t         n_frames);

#endif // OSC_H
