// SPDX-License-Identifier: ISC
/**
   A stereo phaser: a row of all-passes with feedback, whose notches move with a pitch.

     y = a u + (1 - a) s,  s' = y + u - s    in each of n stages, with its s
     a = (g - 1) / (g + 1),  g = tan(pi f / rate)
     u = sqrt(1 - k^2) in + k y_n            in front of the first, without a delay

   Stages are one-pole all-passes by the trapezoidal rule (Zavalishin, The Art of VA
   Filter Design, 10).  All of a side share f, so that u + y_n has n / 2 notches, at

     rate / pi  atan(g tan(pi (2 m - 1) / (2 n))),  m = 1 to n / 2

   which feedback k does not move, and makes no shallower.

   For each stage s'^2 - s^2 = g (u^2 - y^2), to the letter, whatever g is in the frame.
   With the sum of s^2 of all stages as energy, and as k^2 + (1 - k^2) = 1, a frame adds
   g in^2 at most: without input the energy never grows, whatever pitch and feedback do
   from frame to frame.

   A still phaser stays within the sum of |h|, which is 27 times the input at most (for
   twelve stages and k = 0.95).  Feedback that jumps can do more, so u is clamped to
   PHASER_BOUND, which takes energy away, and so are the outputs.

   The loudest frequencies, at which H of all stages is 1 or -1, come to
   sqrt((1 + |k|) / (1 - |k|)).
*/

#ifndef PHASER_H
#define PHASER_H

#include <stdbool.h>
#include <stdint.h>

#define PHASER_N_SIDES 2U
#define PHASER_MAX_STAGES 12U
#define PHASER_MAX_FREQ 0.45 ///< Highest f, over the sample rate
#define PHASER_MIN_OCT 0.0   ///< Lowest pitch of f, in octaves above 1 Hz
#define PHASER_BOUND 32.0    ///< Neither output gets beyond
#define PHASER_FADE_S 0.005  ///< In which a number of stages fades out, or in

/// Left and right
typedef double PhaserSides __attribute__((vector_size(16)));

/// Pointers to a value for each frame
typedef struct {
  const float* in[PHASER_N_SIDES];
  const float* pitch_oct[PHASER_N_SIDES]; ///< Of f, in octaves above 1 Hz
  const float* feedback;                  ///< k, -0.95 to 0.95
  uint32_t     n_stages;                  ///< 2 to PHASER_MAX_STAGES, even
  bool         is_silent;                 ///< Whether all of `in` is 0
} PhaserInputs;

typedef struct {
  double      sample_rate;
  PhaserSides held[PHASER_MAX_STAGES]; ///< s of each stage
  double      share;                   ///< Of y_n: 1, or less while stages change
  uint32_t    n_stages;                ///< 0 before the first frame
  uint32_t    n_since_calm;            ///< Frames
  bool        is_empty;                ///< Whether all of `held` is 0
} Phaser;

void
phaser_init(Phaser* self, double sample_rate);

/// Forget all input
void
phaser_reset(Phaser* self);

/// Return true if silence leads to nothing but silence; then no pitches are needed
static inline bool
phaser_rests(const Phaser* const self, const bool is_silent)
{
  return is_silent && self->is_empty;
}

/**
   Write `n_frames` of u to `direct`, and of y_n to `phased`.

   All are different buffers.
*/
void
phaser_process(Phaser*             self,
               const PhaserInputs* inputs,
               float* const        direct[PHASER_N_SIDES],
               float* const        phased[PHASER_N_SIDES],
               uint32_t            n_frames);

#endif // PHASER_H
