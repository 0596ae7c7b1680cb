// SPDX-License-Identifier: ISC
/**
   Gains, and sums of signals under them.

   A gain is linear, 1 leaves a signal as it is to the bit.
*/

#ifndef MIX_H
#define MIX_H

#include <stdbool.h>
#include <stdint.h>

/// How a control voltage of 0 to 10 V becomes a gain, as scale points number it
typedef enum {
  CV_LAW_LINEAR,     ///< 1 for 10 V, 0.5 for 5 V
  CV_LAW_EXPONENTIAL ///< 6 dB a volt down from 10 V; the last half volt fades to 0
} CvLaw;

#define MIX_SILENCE_DB (-60.0) ///< Where the travel of a level knob ends in silence

/// Return the gain of a level knob, which is 0 from MIX_SILENCE_DB down
double
mix_level_gain(double level_db);

/// Return the gain of a control voltage; 0 V and less is 0, 10 V and more is 1
float
mix_cv_gain(CvLaw law, float cv_v);

/**
   Multiply `out` by 1 - amount + amount * mix_cv_gain(law, cv).

   So at an amount of 0 the CV does not count, and at 1 it is all that opens.
*/
void
mix_cv_scale(CvLaw        law,
             const float* cv_v,
             const float* amount,
             float*       out,
             uint32_t     n_frames);

/// Add `in` under `gain` to `out`
void
mix_add(const float* in, const float* gain, float* out, uint32_t n_frames);

/// Write the sum of `n_in` signals, each under a gain that is still
void
mix_sum(const float* const* in,
        const float*        gain,
        uint32_t            n_in,
        float*              out,
        uint32_t            n_frames);

/// Multiply `out` by `gain`
void
mix_scale(const float* gain, float* out, uint32_t n_frames);

#endif // MIX_H
