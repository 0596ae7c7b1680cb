// SPDX-License-Identifier: ISC
/**
   A signal at a multiple of its sample rate and back, for what would alias at one.

   The rate is doubled by half-band filters (halfband.h) until it is at least the one
   asked for: 16 times from 48 kHz to 768 kHz, 8 times from 96 kHz.  All filters are of
   linear phase, and the way up and down takes a whole number of frames, so a dry signal
   can be lined up with it by a plain delay.
*/

#ifndef OVERSAMPLE_H
#define OVERSAMPLE_H

#include "shaper/halfband.h"

#include <stdint.h>

#define OVERSAMPLE_FRAMES 32U     ///< Most frames of the lower rate at once
#define OVERSAMPLE_MAX_FACTOR 16U ///< Highest multiple
#define OVERSAMPLE_MAX_STAGES 4U
#define OVERSAMPLE_MAX_LATENCY 64U ///< In frames, at any rate
#define OVERSAMPLE_TAIL 128U       ///< Frames after which input has no influence left

/// How to get from one rate to another
typedef struct {
  uint32_t first;    ///< Filter of the first doubling, counted from 48 kHz
  uint32_t n_stages; ///< How many times the rate is doubled
  uint32_t factor;   ///< 2 to the power of that
  uint32_t n_idle;   ///< Frames of the upper rate that make the latency a whole number
  uint32_t latency;  ///< From `in` to `out`, in frames of the lower rate
} Oversampling;

typedef struct {
  HalfbandUp stage[OVERSAMPLE_MAX_STAGES];
} OversampleUp;

typedef struct {
  HalfbandDown stage[OVERSAMPLE_MAX_STAGES];
  float        late[OVERSAMPLE_MAX_FACTOR]; ///< Frames that wait for n_idle others
} OversampleDown;

/// Plan the way to `upper_rate_hz` or the next higher rate, up to 768 kHz, for
/// something that delays by `n_between` frames there
Oversampling
oversampling_plan(double sample_rate, double upper_rate_hz, uint32_t n_between);

/// A plan in two parts: the first doubling, and what is between it and the upper rate
typedef struct {
  Oversampling outer;
  Oversampling inner; ///< Its latency is in frames of twice the rate
} SplitOversampling;

/// Split a plan, for what needs its upper rate only in part
SplitOversampling
oversampling_split(const Oversampling* plan);

/// Write `plan->factor` times `n_frames` to `out`; at most OVERSAMPLE_FRAMES at once
void
oversample_up(OversampleUp*       self,
              const Oversampling* plan,
              const float*        in,
              float*              out,
              uint32_t            n_frames);

/// Write `n_frames` to `out`, from `plan->factor` times as many
void
oversample_down(OversampleDown*     self,
                const Oversampling* plan,
                const float*        in,
                float*              out,
                uint32_t            n_frames);

#endif // OVERSAMPLE_H
