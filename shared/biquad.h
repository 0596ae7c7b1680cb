// SPDX-License-Identifier: ISC
/**
   A filter of second order: the eight types of Bristow-Johnson's cookbook.

   Each has exactly the response of its cookbook formula, but runs as a state variable
   filter with trapezoidal integrators (Zavalishin, The Art of VA Filter Design, 3.10;
   Simper, Solving the continuous SVF equations):

     band = band_state + g (in - k band - low)     g = tan(pi f / sample rate)
     low  = low_state + g band                     k = 1 / Q
     out  = dry * in + of_band * band + of_low * low

   The energy of the states never grows by itself, whatever g and k do from frame to
   frame, so the filter can't run away under modulation of any speed.

   With A = 10^(gain / 40), the types are

     type         g          k        dry   of_band        of_low
     low pass     g          k        0     0              1
     high pass    g          k        1     -k             -1
     band pass    g          k        0     k              0        (peak of 0 dB)
     notch        g          k        1     -k             0
     all pass     g          k        1     -2 k           0
     peak         g          k / A    1     k (A^2 - 1)    0        (k is k / A here)
     low shelf    g A^-1/2   k        1     k (A - 1)      A^2 - 1
     high shelf   g A^1/2    k        A^2   k (A - A^2)    1 - A^2
*/

#ifndef BIQUAD_H
#define BIQUAD_H

#include "glide.h"

#include <stdbool.h>
#include <stdint.h>

#define BIQUAD_MAX_FRAMES 64U ///< Most frames that biquad_process() takes at once
#define BIQUAD_N_TERMS 9U     ///< Numbers that make a type what it is

#define BIQUAD_MIN_HZ 0.1
#define BIQUAD_MAX_CYCLES 0.49 ///< Highest frequency, in cycles per frame
#define BIQUAD_MIN_Q 0.1
#define BIQUAD_MAX_Q 50.0
#define BIQUAD_MAX_GAIN_DB 36.0 ///< Either way

/// What the filter lets through, as scale points number it
typedef enum {
  BIQUAD_LOW_PASS,
  BIQUAD_HIGH_PASS,
  BIQUAD_BAND_PASS,
  BIQUAD_NOTCH,
  BIQUAD_ALL_PASS,
  BIQUAD_PEAK,
  BIQUAD_LOW_SHELF,
  BIQUAD_HIGH_SHELF
} BiquadType;

/// The settings of every frame; the filter keeps within its limits by itself
typedef struct {
  const float* pitch_oct; ///< log2(frequency / C4_HZ)
  const float* q_oct;     ///< log2(Q)
  const float* gain_db;   ///< Of the peak and the shelves
} BiquadSettings;

/**
   What the settings of a frame come to.

   With d = in - low_state, a frame is

     band_state' = band_state - damp * band_state + cross * d
     low_state'  = low_state + cross * band_state + pull * d
     out         = dry * in + of_band * (band_state + band_state')
                            + of_low * (low_state + low_state')

   This is the filter above solved for its next states, each written as its last one
   and a step, which loses nothing where the steps get small.
*/
typedef struct {
  double damp;
  double cross;
  double pull;
  double dry;
  double of_band; ///< Half of what stands above, as the two states sum to 2 band
  double of_low;
} BiquadCoefs;

typedef struct {
  double      c4_cycles; ///< C4_HZ in cycles per frame
  float       min_pitch_oct;
  float       max_pitch_oct;
  double      band;                 ///< What the integrators hold: band_state above
  double      low;                  ///< And low_state
  Glide       term[BIQUAD_N_TERMS]; ///< Of the type, so that it is switched smoothly
  BiquadType  type;
  bool        is_turning; ///< From one type to another
  bool        is_kept;    ///< Whether the next four hold
  float       kept_pitch_oct;
  float       kept_q_oct;
  float       kept_gain_db;
  BiquadCoefs kept; ///< Coefficients of settings that last
} Biquad;

/// Set up for `glide_s`, the time constant of a switch from type to type
void
biquad_init(Biquad* self, double sample_rate, double glide_s);

/// Forget all input, and the type: the next one is taken at once
void
biquad_reset(Biquad* self);

/// Filter 1 to BIQUAD_MAX_FRAMES frames of `in`; `out` may be `in`
void
biquad_process(Biquad*               self,
               BiquadType            type,
               const BiquadSettings* settings,
               const float*          in,
               float*                out,
               uint32_t              n_frames);

#endif // BIQUAD_H
