// SPDX-License-Identifier: ISC
/**
   A stereo chorus and flanger: up to four voices a side, each read at a delay that
   swings.

     out = sum over voices of weight_v in(t - d_v),  d_v = ratio_v delay + depth (1 +
   s_v)

   s_v is a sine (wobble.h); voices are quarters of a cycle apart, and the right side is
   a quarter ahead of the left.  The first voice can be fed back into the line, within
   the limits of loop.h.  Voices are exact while they move, as line.h reads them.
*/

#ifndef CHORUS_H
#define CHORUS_H

#include "delay/line.h"
#include "delay/wobble.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CHORUS_N_SIDES 2U
#define CHORUS_N_VOICES 4U
#define CHORUS_MAX_S 0.08                       ///< Longest delay of any voice
#define CHORUS_MIN_FRAMES (LINE_MIN_DELAY + 15) ///< Shortest
#define CHORUS_BOUND 32.0f ///< No output gets beyond with weights whose sum is 2

/// Pointers to a value for each frame
typedef struct {
  const float* in[CHORUS_N_SIDES];
  Signal       freq_hz;
  const float* delay_s;
  const float* depth_s;                 ///< Half of the swing
  const float* feedback;                ///< -1 to 1
  const float* weight[CHORUS_N_VOICES]; ///< NULL for a voice that is off
  bool         is_silent;               ///< Whether all of `in` is 0
} ChorusInputs;

typedef struct {
  double   sample_rate;
  Wobble   wobble;
  Line     line[CHORUS_N_SIDES];
  LineTaps taps[CHORUS_N_SIDES][CHORUS_N_VOICES];
  uint32_t n_silent; ///< Frames since anything went into a line
} Chorus;

/// Return the floats of memory of both lines
size_t
chorus_memory(double sample_rate);

/// Set up for memory of that size, and clear it
void
chorus_init(Chorus* self, float* memory, double sample_rate);

/// Forget all input
void
chorus_reset(Chorus* self);

/// Write up to LINE_CHUNK frames of the voices, without the input itself
void
chorus_process(Chorus*             self,
               float*              memory,
               const ChorusInputs* inputs,
               float* const        out[CHORUS_N_SIDES],
               uint32_t            n_frames);

#endif // CHORUS_H
