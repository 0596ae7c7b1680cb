// SPDX-License-Identifier: ISC
/**
   From knobs and voltages to the steps of an oscillator.

     base      = C4 2^(octave + tune)
     frequency = (base 2^(pitch + exp fm amount * exp fm) + detune) (1 + fm amount * fm)

   A frequency is exact to 0.0003 cents; 0.0002 come from a pitch that moves
   between whole octaves, and the rest from the voltages themselves, as floats.
*/

#ifndef PITCH_H
#define PITCH_H

#include <stdbool.h>
#include <stdint.h>

#define PITCH_MAX (0.5 - 0x1p-20) ///< Just below half a cycle a frame

/// Sources of the frequency in each frame
typedef struct {
  const double* base;          ///< As a step (osc.h)
  const float*  pitch_oct;     ///< Octaves from there
  const float*  exp_fm;        ///< Volts, or NULL for none
  const float*  exp_fm_amount; ///< Octaves per volt
  const float*  detune_hz;
  const float*  fm; ///< +-1 goes from 0 Hz to twice; or NULL for none
  const float*  fm_amount;
  double        sample_rate;
  bool knobs_are_constant; ///< Whether the first of base, amounts and detune count
  bool pitch_is_constant;  ///< Whether the first of `pitch_oct` and `exp_fm` do
} Pitch;

/// Write base frequencies, as steps, from octaves that sum up
void
pitch_base(const float* octave,
           const float* tune_oct,
           double       sample_rate,
           double*      base,
           uint32_t     n_frames);

/// Write steps as in osc.h, at most PITCH_MAX cycles a frame either way
void
pitch_steps(const Pitch* self, uint64_t* step, uint32_t n_frames);

#endif // PITCH_H
