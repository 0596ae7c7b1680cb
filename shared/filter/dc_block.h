// SPDX-License-Identifier: ISC
/**
   A high pass that takes away an offset, with a switch that fades it in and out.

   First order, by the bilinear transform with its corner at its place: 3 dB down at
   DC_BLOCK_HZ, 6 dB more with each octave below.  Switched on, it starts from the input
   as it is, from which the offset then leaks away.

   A frame follows from the fourth before it, not from the last, so that four are worked
   out at a time:

     out[n] = drive[n] + decay^4 out[n - 4]
     drive[n] = step[n] + decay step[n - 1] + decay^2 step[n - 2] + decay^3 step[n - 3]
     step[n] = gain (in[n] - in[n - 1])
*/

#ifndef DC_BLOCK_H
#define DC_BLOCK_H

#include "signal/block.h"
#include "signal/signal.h"

#include <stdint.h>

#define DC_BLOCK_HZ 5.0
#define DC_BLOCK_PAST 4U ///< Frames that it remembers

typedef struct {
  double decay; ///< Part of the output that the next frame starts from
  uint32_t
         n_singles; ///< Frames to work out one by one, until all that is past is right
  double past_in[DC_BLOCK_PAST];
  double past_out[DC_BLOCK_PAST];
} DcBlock;

void
dc_block_init(DcBlock* self, double sample_rate);

void
dc_block_reset(DcBlock* self);

/**
   Return what is left of `in`, up to BLOCK_FRAMES, which is `in` itself or in `out`.

   Nothing is taken away where `share` is 0, and all of the offset where it is 1.
*/
const float*
dc_block_process(DcBlock*     self,
                 const float* in,
                 Signal       share,
                 float*       out,
                 uint32_t     n_frames);

#endif // DC_BLOCK_H
