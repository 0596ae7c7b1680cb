// SPDX-License-Identifier: ISC
/**
   From knobs and voltages to the steps of an oscillator.

     base      = C4 2^(octave + tune) 2^(pitch + exp fm amount * exp fm) + detune
     frequency = base (1 + fm amount * fm)

   The phase of an oscillator has 32 bits, so at 48 kHz a frequency is exact to 6e-6 Hz:
   0.0005 cents at 20 Hz.
*/

#ifndef TUNING_H
#define TUNING_H

#include <stdbool.h>
#include <stdint.h>

/// What the base frequency comes from, in each frame
typedef struct {
  const float* octave;        ///< Octaves from C4
  const float* tune_oct;      ///< Octaves from there
  const float* pitch_oct;     ///< Octaves from there
  const float* exp_fm;        ///< Volts
  const float* exp_fm_amount; ///< Octaves per volt
  const float* detune_hz;
  bool         pitch_only; ///< Whether `exp_fm` is 0, and all but pitch as in frame 0
} Tuning;

/// Write base frequencies
void
tuning_base(const Tuning* self, double* base_hz, uint32_t n_frames);

/// Move frequencies by `fm`, of which +-1 goes from 0 Hz to twice a frequency
void
tuning_fm(const float* fm, const float* amount, double* freq_hz, uint32_t n_frames);

/// Write steps as in osc.h, at most half a cycle a frame either way
void
tuning_steps(const double* freq_hz,
             double        sample_rate,
             int32_t*      step,
             uint32_t      n_frames);

#endif // TUNING_H
