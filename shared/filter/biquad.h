// SPDX-License-Identifier: ISC
/**
   A filter of second order: the eight types of Bristow-Johnson's cookbook.

   Either the response is the cookbook's (see rbj.h), which is squeezed together below
   half the sample rate, or the one of the analog filter that the cookbook starts from.

   With the analog response, three sections of the same kind come after the main one,
   and the poles and zeros of all four are what analog.h makes of the analog ones.  At
   44.1 kHz and from there up it is within 0.01 dB up to 20 kHz, at all settings, at
   lower rates up to 0.45 of the rate.  That is about magnitudes; phases still bend
   next to half the sample rate.
*/

#ifndef BIQUAD_H
#define BIQUAD_H

#include "filter/analog_match.h"
#include "filter/svf.h"
#include "filter/svf_design.h"

#include <stdbool.h>
#include <stdint.h>

#define BIQUAD_MAX_FRAMES SVF_MAX_FRAMES ///< Most that biquad_process() takes at once

#define BIQUAD_SECTIONS ANALOG_SECTIONS

#define BIQUAD_MIN_HZ 0.1
#define BIQUAD_MAX_CYCLES 0.49 ///< Highest frequency, in cycles per frame
#define BIQUAD_MIN_Q 0.1
#define BIQUAD_MAX_Q 50.0
#define BIQUAD_MAX_GAIN_DB 36.0 ///< Either way

/// How the filter is brought into the digital world, as scale points number it
typedef enum { BIQUAD_RBJ, BIQUAD_ANALOG } BiquadResponse;

/// A setting of every frame
typedef struct {
  const double* frames;
  bool is_constant; ///< Whether all have the first one's value, which is all there is
} BiquadSetting;

/// The filter keeps all of these within its limits by itself
typedef struct {
  BiquadSetting pitch_oct; ///< log2(frequency / C4_HZ)
  BiquadSetting q_oct;     ///< log2(Q)
  BiquadSetting gain_db;   ///< Of the peak and the shelves
} BiquadSettings;

/// The settings of a frame
typedef struct {
  double pitch_oct;
  double q_oct;
  double gain_db; ///< 0 for types without a gain
} BiquadPoint;

typedef struct {
  double         c4_cycles; ///< C4_HZ in cycles per frame
  double         min_pitch_oct;
  double         max_pitch_oct;
  AnalogMap      map;
  double         decay;   ///< Part of a turn that a frame leaves
  bool           started; ///< Whether there has been a frame since the reset
  BiquadType     type;
  BiquadResponse response;
  double         fade;                    ///< How much of a turn still is left
  SvfParams      from[BIQUAD_SECTIONS];   ///< All of it; g, k and scale in octaves
  SvfParams      params[BIQUAD_SECTIONS]; ///< Of the last frame of a turn so far
  uint32_t       n_frames;                ///< Since states were last calmed
  uint32_t       n_still;                 ///< Frames with the settings of the last one
  bool           is_settled; ///< Whether the sections have been settled on them
  BiquadPoint    last;       ///< Settings of the last frame
  SvfCoefs       coefs[BIQUAD_SECTIONS]; ///< Of the last frame
  Svf            svf[BIQUAD_SECTIONS]; ///< The others are for the analog response only
} Biquad;

/// Set up for `glide_s`, the time constant of a switch of type or response
void
biquad_init(Biquad* self, double sample_rate, double glide_s);

/// Forget all input, type and response: the next ones are taken at once
void
biquad_reset(Biquad* self);

/// Filter 1 to BIQUAD_MAX_FRAMES frames of `in`, which are finite; `out` may be `in`
void
biquad_process(Biquad*               self,
               BiquadType            type,
               BiquadResponse        response,
               const BiquadSettings* settings,
               const float*          in,
               float*                out,
               uint32_t              n_frames);

#endif // BIQUAD_H
