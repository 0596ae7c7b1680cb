// SPDX-License-Identifier: ISC
/// One of the two filters of a biquad: its type and response stay what they are

#ifndef BIQUAD_FILTER_H
#define BIQUAD_FILTER_H

#include "filter/biquad.h"
#include "signal/signal.h"

#include <stdbool.h>
#include <stdint.h>

/// Return true if all frames have the settings of the first
static inline bool
biquad_is_constant(const BiquadSettings* const settings)
{
  return settings->pitch_oct.is_constant && settings->q_oct.is_constant &&
         settings->gain_db.is_constant;
}

/// Return the settings from frame `start` on
static inline BiquadSettings
biquad_settings_from(const BiquadSettings* const settings, const uint32_t start)
{
  return (BiquadSettings){signal_d_from(settings->pitch_oct, start),
                          signal_d_from(settings->q_oct, start),
                          signal_d_from(settings->gain_db, start)};
}

/// Forget all input, and take a type and a response
void
biquad_filter_reset(BiquadFilter* self, BiquadType type, BiquadResponse response);

/// Run frames, at most as many as there are between two looks at the states
void
biquad_filter_run(BiquadFilter*         self,
                  const BiquadRate*     rate,
                  const BiquadSettings* settings,
                  const float*          in,
                  float*                out,
                  uint32_t              n_frames);

/// Run frames that are like the last one, once `is_settled`
void
biquad_filter_go_on(BiquadFilter* self, const float* in, float* out, uint32_t n_frames);

#endif // BIQUAD_FILTER_H
