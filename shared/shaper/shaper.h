// SPDX-License-Identifier: ISC
/**
   A waveshaper without audible aliases: out = shape(drive * in + bias) - shape(bias).

   So silence is silence whatever the bias does, and a moving bias makes no thump.

   The shape (waveshape.h) runs at about 768 kHz, to which the signal goes up and from
   which it comes down by linear-phase filters; drive and bias move linearly from frame
   to frame.  All that delays by shaper_latency() frames, the same for every shape.

   Where the shape changes, the old one fades to the new one within SHAPER_FADE_S; a
   change during a fade waits for its end.
*/

#ifndef SHAPER_H
#define SHAPER_H

#include "shaper/oversample.h"
#include "shaper/waveshape.h"

#include <stdbool.h>
#include <stdint.h>

#define SHAPER_FADE_S 0.01

/// Inputs of a shaper: pointers to a value for each frame
typedef struct {
  const float* in;
  const float* drive;     ///< Factor of amplitude
  const float* bias;      ///< Added after that
  bool         is_silent; ///< Whether all of `in` and `bias` is 0
} ShaperInputs;

typedef struct {
  Oversampling   plan;
  OversampleUp   up;
  OversampleDown down;
  float          drive; ///< Of the last frame
  float          bias;
  float          past[WAVESHAPE_PAST];      ///< Last frames of the upper rate
  float          past_bias[WAVESHAPE_PAST]; ///< What of them is bias
  Waveshape      shape;
  Waveshape      old_shape;
  uint32_t       fade_frames; ///< Length of a fade
  uint32_t       n_fading;    ///< Frames that are left of one
  uint32_t       n_silent;    ///< Frames of silence so far, up to OVERSAMPLE_TAIL
  bool           has_started; ///< Whether there has been a frame since the reset
} Shaper;

void
shaper_init(Shaper* self, double sample_rate);

/// Forget all input
void
shaper_reset(Shaper* self);

/// Return by how many frames the output is late
static inline uint32_t
shaper_latency(const Shaper* const self)
{
  return self->plan.latency;
}

/// Write `n_frames` of the signal bent by `shape`; `out` may be any of the inputs.
/// After OVERSAMPLE_TAIL frames of silence, more of it costs nothing.
void
shaper_process(Shaper*             self,
               Waveshape           shape,
               const ShaperInputs* inputs,
               float*              out,
               uint32_t            n_frames);

#endif // SHAPER_H
