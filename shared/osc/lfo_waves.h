// SPDX-License-Identifier: ISC
/**
   The waves of a low frequency oscillator, by where in which cycle it is.

     phase     0      1/4     1/2     3/4      1
     sine      0       1       0      -1       0
     triangle  0       1       0      -1       0
     saw up   -1     -1/2      0      1/2      1, then -1
     saw down  1      1/2      0     -1/2     -1, then 1
     pulse     1 up to the width, then -1
     stepped   a random number for each cycle, from -1 to 1
     smooth    from one such number to the next, by 3 p^2 - 2 p^3

   Nothing is band-limited: a wave at the frame is what it is at that time.
*/

#ifndef LFO_WAVES_H
#define LFO_WAVES_H

#include "osc/lfo.h"

#include <stdbool.h>
#include <stdint.h>

/// As scale points number them
typedef enum {
  LFO_SINE,
  LFO_TRIANGLE,
  LFO_SAW_UP,
  LFO_SAW_DOWN,
  LFO_PULSE,
  LFO_STEPPED,
  LFO_SMOOTH,
  N_LFO_WAVES ///< Not a wave, but their number
} LfoWave;

/// How a wave sounds, in each frame
typedef struct {
  const float* width;       ///< Part of the cycle in which a pulse is high
  const float* weight;      ///< Amplitude
  bool         is_constant; ///< Whether the first of both counts for all
  uint32_t     seed;        ///< Of random numbers
} LfoSound;

/**
   Shift frames by any number of cycles.

   If they are not numbered, `counts` is false; if the first of `cycles` counts for all,
   `is_constant` is true.
*/
void
lfo_shift(LfoFrames*   frames,
          const float* cycles,
          bool         is_constant,
          bool         counts,
          uint32_t     n_frames);

/// Return the random number of a cycle, from -1 to below 1
float
lfo_random(uint32_t seed, int64_t number);

/// Write `base` and a wave to `out`, which may be `base`
void
lfo_add(LfoWave          wave,
        const LfoFrames* frames,
        const LfoSound*  sound,
        const float*     base,
        float*           out,
        uint32_t         n_frames);

#endif // LFO_WAVES_H
