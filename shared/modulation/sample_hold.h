// SPDX-License-Identifier: ISC
/**
   Sample and hold, of an input or of noise.

   Effect of a trigger or gate, where x is the source's value that the output takes:

                         ______        ______
   trigger        ______/      \______/      \____
   sample & hold  0     xAAAAAAAAAAAAAxBBBBBBBBBBB   x at the rise
   track & hold   0     xxxxxxxxAAAAAAxxxxxxxxBBBB   x while high, and at the fall
   hold & track   xxxxxxxAAAAAAAxxxxxxxBBBBBBBxxxx   x while low, and at the rise

   All is exact to the frame: the value held is that of the source in the very frame of
   the edge.  With a glide, the output fades evenly from where it is to the new value or
   to what is tracked, over its time and to the bit: it is always between the two.
*/

#ifndef SAMPLE_HOLD_H
#define SAMPLE_HOLD_H

#include "math/random.h"
#include "signal/gate.h"
#include "signal/gate_out.h"
#include "signal/signal.h"

#include <stdbool.h>
#include <stdint.h>

#define SAMPLE_HOLD_NOISE_V 5.0f ///< Bipolar noise is within this, unipolar twice that

/// As scale points number them
typedef enum { SAMPLE_AND_HOLD, TRACK_AND_HOLD, HOLD_AND_TRACK } SampleHoldMode;

typedef enum { SAMPLE_NOISE, SAMPLE_INPUT } SampleHoldSource;

typedef enum { NOISE_IS_BIPOLAR, NOISE_IS_UNIPOLAR } SampleHoldRange;

typedef struct {
  SampleHoldMode   mode;
  SampleHoldSource source;
  SampleHoldRange  range;
  double           glide_s; ///< From 0
  uint32_t         seed;
} SampleHoldKnobs;

typedef struct {
  Signal       in;
  Signal       trigger;
  Signal       reset;  ///< Starts the noise anew when it rises
  const float* chance; ///< That a rise counts, from 0 to 1
} SampleHoldSignals;

typedef struct {
  SampleHoldKnobs knobs;
  Gate            trigger;
  Gate            reset;
  GateOut         taken; ///< Sends a trigger where a value is taken
  Random          noise;
  Random          dice;        ///< Which rises count
  bool            counts;      ///< Whether the last rise did
  bool            is_tracking; ///< Whether the source passes
  bool            is_new;      ///< Whether a glide starts with the next frame
  uint32_t        glide_frames;
  uint32_t        glide_left; ///< Frames to the end of the glide
  double          glide_part; ///< Part of the glide that a frame is
  float           glide_from; ///< Where it starts
  float           held;
  float           last; ///< The output, one frame ago
  double          sample_rate;
} SampleHold;

void
sample_hold_init(SampleHold* self, double sample_rate);

/// Hold 0, and start the noise of seed 0
void
sample_hold_reset(SampleHold* self);

/// Turn the knobs; another seed starts the noise anew
void
sample_hold_set(SampleHold* self, const SampleHoldKnobs* knobs);

/// Write the next `n_frames`, and triggers where values are taken
void
sample_hold_process(SampleHold*              self,
                    const SampleHoldSignals* in,
                    float*                   out,
                    float*                   taken,
                    uint32_t                 n_frames);

#endif // SAMPLE_HOLD_H
