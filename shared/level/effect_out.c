// SPDX-License-Identifier: ISC

#include "level/effect_out.h"

#include "signal/gain.h"

void
effect_out(const Knob* const  level,
           const Knob* const  share,
           const float* const dry,
           float* const       out,
           const uint32_t     n_frames)
{
  if (!knob_rests_at(level, 1.0f)) {
    gain_scale(level->value, out, n_frames);
  }
  if (knob_rests_at(share, 1.0f)) {
    return;
  }

  for (uint32_t i = 0; i < n_frames; ++i) {
    const float part  = share->value[i];
    const float faded = dry[i] + part * (out[i] - dry[i]);
    out[i]            = part >= 1.0f ? out[i] : part <= 0.0f ? dry[i] : faded;
  }
}
