// SPDX-License-Identifier: ISC
/**
   A sine that moves delays: slow, cheap, and the same however blocks are sliced.

   sin 2 pi p, where f / rate is added to p with each frame: a polynomial of degree 9 in
   the phase folded to a quarter of a cycle either side of 0, within 4e-6.
*/

#ifndef WOBBLE_H
#define WOBBLE_H

#include "signal/signal.h"

#include <stdint.h>

typedef struct {
  double   sample_rate;
  uint64_t phase; ///< In 2^-64 cycles
} Wobble;

void
wobble_init(Wobble* self, double sample_rate);

/// Go back to the start of the cycle
void
wobble_reset(Wobble* self);

/// Write the sine at a frequency for each frame, above or below 0, `offset_cycles` of 0
/// to below 1 ahead
void
wobble_write(const Wobble* self,
             const float*  freq_hz,
             double        offset_cycles,
             double*       out,
             uint32_t      n_frames);

/// Let time pass
void
wobble_pass(Wobble* self, Signal freq_hz, uint32_t n_frames);

#endif // WOBBLE_H
