// SPDX-License-Identifier: ISC
/**
   Doubling and halving of the sample rate, for what must run at a higher one.

   Linear-phase filters whose every second tap is 0 (see tools/tables.c), with a
   stop band of -100 dB.  `n_pairs` is the number of their taps either side of the
   middle: up delays by n_pairs frames of the lower rate, down by n_pairs - 1.
*/

#ifndef HALFBAND_H
#define HALFBAND_H

#include <stdint.h>

#define HALFBAND_MAX_PAIRS 24U
#define HALFBAND_MAX_FRAMES 512U ///< Most frames of the lower rate at once

/// Frames that a filter remembers
typedef struct {
  float past[2U * HALFBAND_MAX_PAIRS];
} HalfbandLine;

typedef struct {
  HalfbandLine in;
} HalfbandUp;

typedef struct {
  HalfbandLine even;
  HalfbandLine odd;
} HalfbandDown;

/// Write 2 * `n_frames` to `out`
void
halfband_up(HalfbandUp*  self,
            const float* taps,
            uint32_t     n_pairs,
            const float* in,
            float*       out,
            uint32_t     n_frames);

/// Write `n_frames` to `out`, from twice as many
void
halfband_down(HalfbandDown* self,
              const float*  taps,
              uint32_t      n_pairs,
              const float*  in,
              float*        out,
              uint32_t      n_frames);

#endif // HALFBAND_H
