// SPDX-License-Identifier: ISC
/**
   One plugin by itself, and what comes out of it when a test signal goes in.

   Ports that the test does not feed have no cable, and knobs stand where the block has
   them. Events reach nothing.
*/

#ifndef SCOPE_H
#define SCOPE_H

#include "host/patch.h"

#include <stdbool.h>
#include <stdint.h>

#define SCOPE_RATE_HZ 48000.0
#define SCOPE_BLOCK_FRAMES 64U

/**
   Record output `out` of a patch's only block from its first frame on.

   `in` is the input that gets the `n_frames` of `signal`, or NULL for none.  Returns
   the frames, to be freed, or NULL after a report if there is no such port.
*/
float*
scope_record(Patch*       patch,
             const char*  out,
             const char*  in,
             const float* signal,
             uint32_t     n_frames);

/// Return the decibels of the power that `n_frames` have at a frequency, in cycles per
/// frame; -300 for none
double
scope_level_db(const float* frames, uint32_t n_frames, double freq);

#endif // SCOPE_H
