// SPDX-License-Identifier: ISC
/**
   A state variable filter that can oscillate, with four outputs at once.

     band' = omega (T(drive in) - k band - low)     low' = omega band
     k = k0 + BEND E / (1 + SOFT E)                 E = band^2 + low^2

   The damping k follows the energy E of both integrators.  With k0 < 0 the filter
   oscillates where k = 0, which makes each frame a rotation by exactly the angle of the
   cutoff: a pure sine within 0.001 cents of it from 20 Hz to 20 kHz, of amplitude 1 at
   k0 = -BEND / (1 + SOFT).  Without oscillation E is small or k0 large, and the filter
   is the linear one.  T is tanh (waveshape.h), so that loud input is bounded before it
   comes to the resonance.

   It runs at about 192 kHz (oversample.h) with trapezoidal integrators (Zavalishin, The
   Art of VA Filter Design, 4.4); k is of the sub-frame before.  All outputs are late by
   resonant_svf_latency() frames.

   Bounded: input to the integrators is within +-1, and what they hold loses energy from
   E = -k0 / (BEND + SOFT k0) on, however cutoff and damping move; see the test for the
   figure, RESONANT_SVF_BOUND.
*/

#ifndef RESONANT_SVF_H
#define RESONANT_SVF_H

#include "shaper/oversample.h"
#include "shaper/waveshape.h"

#include <stdbool.h>
#include <stdint.h>

#define RESONANT_SVF_MIN_K (-0.5) ///< The loudest oscillation
#define RESONANT_SVF_MAX_K 2.0    ///< No resonance
#define RESONANT_SVF_BEND 0.25
#define RESONANT_SVF_SOFT (RESONANT_SVF_BEND / 1.75)
#define RESONANT_SVF_MAX_FREQ 0.45 ///< Highest cutoff, over the sample rate
#define RESONANT_SVF_BOUND 12.0    ///< No output gets beyond

typedef enum {
  RESONANT_SVF_LOW_PASS,
  RESONANT_SVF_BAND_PASS,
  RESONANT_SVF_HIGH_PASS,
  RESONANT_SVF_NOTCH,
  RESONANT_SVF_N_OUTS
} ResonantSvfOut;

/// Pointers to a value for each frame
typedef struct {
  const float*  in;
  const double* pitch_oct; ///< Cutoff in octaves above 1 Hz
  const double* k;         ///< Damping k0, from RESONANT_SVF_MIN_K to MAX_K
  const double* drive;     ///< Factor of amplitude
  bool          is_steady; ///< Whether pitch and k are the same in all frames
  bool          is_silent; ///< Whether all of `in` is 0
} ResonantSvfInputs;

/// The integrators after a sub-frame
typedef struct {
  double band;
  double low;
  double energy; ///< Before that sub-frame
} ResonantSvfState;

typedef struct {
  double           rate_hz; ///< Of the sub-frames
  Oversampling     plan;
  OversampleUp     up;
  OversampleDown   down[RESONANT_SVF_N_OUTS];
  bool             is_clear[RESONANT_SVF_N_OUTS]; ///< Whether nothing is in there
  float            past[WAVESHAPE_PAST];          ///< Last sub-frames of the input
  ResonantSvfState state;
  double           g; ///< Of the last frame
  double           k;
  double           drive;
  bool             has_started;
  uint32_t         n_silent; ///< Frames since there was anything, up to OVERSAMPLE_TAIL
} ResonantSvf;

void
resonant_svf_init(ResonantSvf* self, double sample_rate);

/// Forget all input
void
resonant_svf_reset(ResonantSvf* self);

/// Return by how many frames all outputs are late
static inline uint32_t
resonant_svf_latency(const ResonantSvf* const self)
{
  return self->plan.latency;
}

/// Write `n_frames` of the outputs that are not NULL
void
resonant_svf_process(ResonantSvf*             self,
                     const ResonantSvfInputs* inputs,
                     float* const             outs[RESONANT_SVF_N_OUTS],
                     uint32_t                 n_frames);

#endif // RESONANT_SVF_H
