// SPDX-License-Identifier: ISC
/**
   An oscillator without aliases, whatever modulates it.

   Its phase is a 50-bit integer that wraps once a cycle, and moves by a signed step a
   frame: backwards through 0 Hz too, and not at all at 0.

   The steps and corners of shapes are made band-limited (blep.h) at their exact times
   between frames, which come from the movement of eight frames (path.h).  So everything
   is heard with a constant delay, osc_latency(), on all outputs alike.

   Before the first frame it has always been running as it does in that one, so that the
   phase is 0 then.

   An input that rests costs nothing, and while all of them do, only the frames are
   visited that a shape breaks in.
*/

#ifndef OSC_H
#define OSC_H

#include "osc/blep.h"
#include "osc/shape.h"
#include "signal/block.h"

#include <stdbool.h>
#include <stdint.h>

#define OSC_PAST 40U  ///< Frames of inputs that are remembered
#define OSC_LINE 640U ///< Frames in memory, with those remembered and to come

#define OSC_CYCLE_BITS 50U ///< Of a phase or step, above which all bits are ignored
#define OSC_CYCLE 0x1p50   ///< A cycle in the unit of steps

/// Effect of a sync event, as scale points number it
typedef enum {
  OSC_SYNC_HARD,   ///< The cycle starts again
  OSC_SYNC_REVERSE ///< The cycle turns back
} OscSyncMode;

/**
   Inputs of an oscillator in each frame.

   An input that is NULL rests: all frames are as the last one before.
*/
typedef struct {
  const uint64_t* step;       ///< To move, less than half a cycle either way
  const int32_t*  width;      ///< Of the pulse, SHAPE_LEAST_WIDTH to SHAPE_MOST_WIDTH,
                              ///< between frames on a curve, or straight where rough
  const float* const* weight; ///< Amplitude of each shape; NULL means 0
  const float*        sync;   ///< Sync events, or NULL for none
  OscSyncMode         sync_mode;
} OscInputs;

/// The inputs in the last frame, and for how many frames they have been the same, up to
/// OSC_PAST
typedef struct {
  uint64_t step;
  int32_t  width;
  float    weight[N_SHAPES];
  uint32_t step_frames;
  uint32_t width_frames;
  uint32_t weight_frames;
  uint32_t sync_frames;
} OscRest;

/**
   Signals of some frames: those before `at` are past, those from there to come.

   Where inputs have rested for OSC_PAST frames, what depends on them alone isn't kept.
*/
typedef struct {
  uint32_t motion[OSC_LINE]; ///< Phase as if there had been no sync
  uint32_t phase[OSC_LINE];  ///< Phase LOOKAHEAD frames ago
  int32_t  width[OSC_LINE];
  float    weight[N_SHAPES][OSC_LINE];
  float    sync[OSC_LINE];
  float    residual[OSC_LINE]; ///< What breaks add
  float    start[OSC_LINE];    ///< Starts of cycles
} OscLines;

typedef struct {
  uint32_t n_taps;    ///< Frames that a break in a shape lasts
  uint32_t at;        ///< The next frame in the lines
  uint64_t motion;    ///< Of the last frame
  uint32_t flip;      ///< What syncs have made of it: bits to turn, to go backwards,
  uint32_t offset;    ///< and then a phase to add
  bool     has_begun; ///< Whether there is a past
  bool     is_steady; ///< Whether all inputs rest, and lines of the past aren't kept
  uint64_t to_break;  ///< Frames before the next break, if it is
  OscRest  rest;
  OscLines lines;
} Osc;

void
osc_init(Osc* self, double sample_rate);

void
osc_reset(Osc* self);

/// Return the frames from inputs to outputs, the same for all of them
uint32_t
osc_latency(const Osc* self);

/**
   Write the next `n_frames`, at most BLOCK_FRAMES, to `out` and `sync_out`.

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
