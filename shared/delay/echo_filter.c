// SPDX-License-Identifier: ISC

#include "delay/echo_filter.h"

#include "math/fast_math.h"
#include "signal/units.h"

#define DAMPING 1.4142135623730951
#define MIN_CYCLES 1e-9
#define UNTUNED (-1e9f) ///< No pitch

void
echo_filter_reset(EchoFilter* const self)
{
  const Sides none = {0.0, 0.0};

  self->low  = none;
  self->band = none;
  self->high = none;
}

void
echo_filter_init(EchoFilter* const self, const double sample_rate)
{
  *self = (EchoFilter){
    .c4_cycles = C4_HZ / sample_rate, .low_oct = UNTUNED, .high_oct = UNTUNED};
  echo_filter_reset(self);
}

/// Return tan(pi f) of a cutoff
static double
gain(const EchoFilter* const self, const double pitch_oct)
{
  const double   cycles = self->c4_cycles * fast_exp2(pitch_oct);
  const double   above  = cycles > MIN_CYCLES ? cycles : MIN_CYCLES;
  const Quotient tangent =
    fast_tan_pi(above < ECHO_FILTER_MAX_FREQ ? above : ECHO_FILTER_MAX_FREQ);

  return tangent.above / tangent.below;
}

static inline void
tune(EchoFilter* const self, const float low_oct, const float high_oct)
{
  if (low_oct != self->low_oct) {
    const double g = gain(self, (double)low_oct);
    self->low_oct  = low_oct;
    self->low_part = g / (1.0 + g);
  }
  if (high_oct != self->high_oct) {
    const double g  = gain(self, (double)high_oct);
    self->high_oct  = high_oct;
    self->high_g    = g;
    self->high_part = 1.0 / (1.0 + g * (g + DAMPING));
  }
}

static inline void
low_cut(EchoFilter* const self, const double share, Sides* const x)
{
  const Sides step = self->low_part * (*x - self->low);
  const Sides low  = self->low + step;

  self->low = low + step;
  *x -= share * low;
}

static inline void
high_cut(EchoFilter* const self, const double share, Sides* const x)
{
  const double g    = self->high_g;
  const Sides  band = self->high_part * (self->band + g * (*x - self->high));
  const Sides  step = g * band;
  const Sides  low  = self->high + step;

  self->band = (band + band) - self->band;
  self->high = low + step;
  *x += share * (low - *x);
}

void
echo_filter_process(EchoFilter* const             self,
                    const EchoFilterInputs* const inputs,
                    float* const                  left,
                    float* const                  right,
                    const uint32_t                n_frames)
{
  static const Sides none = {0.0, 0.0};

  EchoFilter now = *self;
  for (uint32_t i = 0; i < n_frames; ++i) {
    Sides x = {(double)left[i], (double)right[i]};

    tune(&now, inputs->low_oct[i], inputs->high_oct[i]);
    if (inputs->low_share[i] > 0.0f) {
      low_cut(&now, (double)inputs->low_share[i], &x);
    } else {
      now.low = none;
    }
    if (inputs->high_share[i] > 0.0f) {
      high_cut(&now, (double)inputs->high_share[i], &x);
    } else {
      now.band = now.high = none;
    }
    left[i]  = (float)x[0];
    right[i] = (float)x[1];
  }
  *self = now;
}
