// SPDX-License-Identifier: ISC
/**
   Gains, and sums of signals under them.

   A gain is linear, 1 leaves a signal as it is to the bit.
*/

#ifndef GAIN_H
#define GAIN_H

#include "signal/cv_law.h"
#include "signal/knob.h"
#include "signal/signal.h"

#include <stdbool.h>
#include <stdint.h>

#define GAIN_SILENCE_DB (-60.0) ///< Where the travel of a level knob ends in silence

/// Return the gain of a level knob, which is 0 from GAIN_SILENCE_DB down
double
gain_of_level(double level_db);

/**
   Write `gain`, which `out` may be, times 1 - amount + amount * cv_law_gain(law, cv).

   So at an amount of 0 the CV does not count, and at 1 it is all that opens.
*/
void
gain_cv_scale(CvLaw        law,
              const float* cv_v,
              const float* amount,
              const float* gain,
              float*       out,
              uint32_t     n_frames);

/// Return true if a gain knob under a CV, as far as a second knob lets it, is constant
static inline bool
gain_is_constant(const Knob* const gain, const Knob* const amount, const Signal cv_v)
{
  return !gain->moves && !amount->moves &&
         (amount->value[0] == 0.0f || signal_is_constant(cv_v));
}

/**
   Return the gain of a knob under a CV, as far as a second knob lets it, in each frame.

   Both knobs must have been processed.  Where the CV counts, `scratch` is written and
   returned, else the frames of the knob.
*/
static inline const float*
gain_under_cv(const CvLaw       law,
              const Knob* const gain,
              const Knob* const amount,
              const Signal      cv_v,
              float* const      scratch,
              const uint32_t    n_frames)
{
  if (knob_rests_at(amount, 0.0f)) {
    return gain->value;
  }

  gain_cv_scale(law, cv_v.frame, amount->value, gain->value, scratch, n_frames);
  return scratch;
}

/// Add `in` under `gain` to `out`
void
gain_add(const float* in, const float* gain, float* out, uint32_t n_frames);

/// Write the sum of `n_in` signals, each under a gain that is still
void
gain_sum(const float* const* in,
         const float*        gain,
         uint32_t            n_in,
         float*              out,
         uint32_t            n_frames);

/// Fade from `out`, where `share` is 0, to `in`, where it is 1
void
gain_blend(const float* in, const float* share, float* out, uint32_t n_frames);

/// Multiply `out` by `gain`
void
gain_scale(const float* gain, float* out, uint32_t n_frames);

#endif // GAIN_H
