// SPDX-License-Identifier: ISC
/**
   From knobs and voltages to the steps of an oscillator.

     f = C4 2^(octave + tune + pitch + exp fm amount * exp fm) + detune
     f (1 + fm amount * fm) cycles a second

   The phase of an oscillator has 32 bits, so at 48 kHz a frequency is exact to 6e-6 Hz:
   0.0005 cents at 20 Hz.
*/

#ifndef TUNING_H
#define TUNING_H

#include <stdint.h>

/// What the frequency of each frame comes from
typedef struct {
  const float* octave;        ///< Octaves from C4
  const float* tune_oct;      ///< Octaves from there
  const float* pitch_oct;     ///< Octaves from there
  const float* exp_fm;        ///< Volts
  const float* exp_fm_amount; ///< Octaves per volt
  const float* detune_hz;
  const float* fm;        ///< +-1
  const float* fm_amount; ///< 1 goes from 0 Hz to twice the frequency
} Tuning;

/// Write steps as in osc.h, at most half a cycle a frame either way
void
tuning_steps(const Tuning* self, double sample_rate, int32_t* step, uint32_t n_frames);

#endif // TUNING_H
