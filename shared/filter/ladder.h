// SPDX-License-Identifier: ISC
/**
   A ladder of four low passes in a loop, with a saturator where the loop is closed.

     u = drive in - k y4     w = T(u)     y_i' = omega (y_(i-1) - y_i), y_0 = w, i
   = 1..4 T(u) = s / sqrt(1 + s^2), s = u + 0.18672 u^3: odd, rising, within 3.3e-3 of
   tanh

   From k = 4 on it oscillates, at the cutoff: since the only saturator is at the mixing
   point, its amplitude does not change the pitch by more than ladder_flat_oct(k), which
   is added to the cutoff.  Within 0.1 cents of it up to 5 kHz and 1 cent up to 10 kHz,
   for k to 6.

   It runs at about 192 kHz (oversample.h) with trapezoidal stages (Zavalishin, The Art
   of VA Filter Design, 5 and 6).  The loop is solved by one Newton step from u as it is
   expected from the last three; w is clamped to +-1.  As a stage's output is then a
   mean of what it holds and of its input, |y_i| <= 1, whatever cutoff, k and drive do
   from frame to frame; outputs are within LADDER_BOUND.

   Every output is a mix of w and y_1 to y_4 (as in Oberheim's Xpander), and all are
   late by ladder_latency() frames.
*/

#ifndef LADDER_H
#define LADDER_H

#include "shaper/oversample.h"

#include <stdbool.h>
#include <stdint.h>

#define LADDER_POLES 4U
#define LADDER_MAX_K 8.0
#define LADDER_MAX_FREQ 0.45     ///< Highest cutoff, over the sample rate
#define LADDER_MAX_SUB_FREQ 0.24 ///< And over that of the sub-frames, so that g < 1
#define LADDER_MAX_OUTS 6U
#define LADDER_BOUND 18.5 ///< No output gets beyond; low passes stay within 1.15
#define LADDER_FADE_S 0.01
#define LADDER_MAX_GIVEN 1.584893192461 ///< To which compensation raises drive: 4 dB

typedef enum {
  LADDER_LOW_PASS_24, ///< The number is the slope in dB an octave
  LADDER_LOW_PASS_18,
  LADDER_LOW_PASS_12,
  LADDER_LOW_PASS_6,
  LADDER_BAND_PASS_12, ///< 12 dB to either side
  LADDER_BAND_PASS_6,
  LADDER_HIGH_PASS_24,
  LADDER_HIGH_PASS_12
} LadderResponse;

/// How much of w and of y_1 to y_4 is in an output
typedef struct {
  double part[LADDER_POLES + 1U];
} LadderMix;

/// An output on its way to a response
typedef struct {
  LadderMix      mix;
  LadderMix      step;     ///< That a frame adds
  uint32_t       n_fading; ///< Frames until the mix is that of the response
  int            response; ///< -1 before the first
  bool           is_clear; ///< Whether nothing is in `down`
  OversampleDown down;
} LadderOut;

/// The loop after a sub-frame
typedef struct {
  double held[LADDER_POLES]; ///< By the stages, less what w adds
  double w;
  double past[3]; ///< The last three u
  double part;    ///< g / (1 + g), with g = tan(pi f / rate)
} LadderLoop;

/// Pointers to a value for each frame
typedef struct {
  const float*  in;
  const double* pitch_oct; ///< Cutoff in octaves above 1 Hz
  const double* k;         ///< From 0 to LADDER_MAX_K
  const double* drive;     ///< Factor of amplitude
  bool          is_steady; ///< Whether pitch and k are the same in all frames
  bool          is_silent; ///< Whether all of `in` is 0
} LadderInputs;

typedef struct {
  double       rate_hz; ///< Of the sub-frames
  uint32_t     fade_frames;
  Oversampling plan;
  OversampleUp up;
  LadderLoop   loop;
  double       part; ///< Of the last frame
  double       k;
  double       drive;
  bool         has_started;
  uint32_t     n_silent; ///< Frames since there was anything, up to OVERSAMPLE_TAIL
  LadderOut    out[LADDER_MAX_OUTS];
} Ladder;

void
ladder_init(Ladder* self, double sample_rate);

/// Forget all input
void
ladder_reset(Ladder* self);

/// Return by how many frames all outputs are late
static inline uint32_t
ladder_latency(const Ladder* const self)
{
  return self->plan.latency;
}

/// Return by how many octaves the saturated loop would be flat when it oscillates
double
ladder_flat_oct(double k);

/**
   Return the factor of the input for `drive`, and for `compensation` of what k takes.

   A passband loses 1 + k.  All of it comes back with a compensation of 1, as long as
   the input is raised to LADDER_MAX_GIVEN at most: there, a clipped wave still aliases
   below -80 dB at every cutoff, k and sample rate.  Compensation never lowers a drive.
*/
static inline double
ladder_drive(const double drive, const double compensation, const double k)
{
  const double most   = drive > LADDER_MAX_GIVEN ? drive : LADDER_MAX_GIVEN;
  const double raised = drive * (1.0 + compensation * k);

  return raised < most ? raised : most;
}

/// Give output `index` a response, to which it fades within LADDER_FADE_S
void
ladder_set_response(Ladder* self, uint32_t index, LadderResponse response);

/// Write `n_frames` of the outputs that are not NULL, of `n_outs`
void
ladder_process(Ladder*             self,
               const LadderInputs* inputs,
               float* const*       outs,
               uint32_t            n_outs,
               uint32_t            n_frames);

#endif // LADDER_H
