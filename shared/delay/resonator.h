// SPDX-License-Identifier: ISC
/**
   A tuned comb: a string, or a tube, that rings at a pitch.

     v = in + f damp(v delayed by D - 1),   damp: b, 1 - 2 b, b

   The loop is exactly D sub-frames long at every frequency: 12 taps read between
   sub-frames (within -119 dB up to 20 kHz, see line.h), and the three of the damping
   are symmetric, so they delay by 1 whatever b is.  So pitch and partials are in tune
   within 0.001 cents, and damping does not move them.  The fundamental loses 60 dB in
   the decay time, with any damping, and so does each partial without:

     f (1 - 4 b sin^2(w / 2)) = 10^(-3 D / (rate decay)),  w that of the fundamental

   Where f would let 0 Hz ring for more than twice the decay, b is smaller than asked
   for: at the top of the keyboard, with long decays.

   A tube has a negative f and half the length: only odd partials.

   It runs at about 96 kHz (oversample.h), with linear phase up and down; input and
   output are resonator_latency() frames apart.  A limiter keeps the loop within
   RESONATOR_CEILING, however pitch and decay move.
*/

#ifndef RESONATOR_H
#define RESONATOR_H

#include "delay/line.h"
#include "shaper/oversample.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RESONATOR_TAPS 12U
#define RESONATOR_LOWEST_HZ 16.0 ///< Lowest pitch
#define RESONATOR_MIN_SUBS 8.0   ///< Shortest loop, in sub-frames
#define RESONATOR_CEILING 64.0f
#define RESONATOR_BOUND 160.0f ///< No output gets beyond

/// Pointers to a value for each frame
typedef struct {
  const float*  in;
  const double* pitch_oct; ///< Octaves from C4
  const float*  decay_oct; ///< Octaves from 1 s, to -60 dB
  const float*  damping;   ///< b, 0 to 0.25
  bool          is_tube;
  bool          is_silent; ///< Whether all of `in` is 0
} ResonatorInputs;

typedef struct {
  double         rate_hz; ///< Of the sub-frames
  Oversampling   plan;
  OversampleUp   up;
  OversampleDown down;
  Line           line;
  double         length;  ///< Of the loop, in sub-frames, in the last frame
  double         reading; ///< What the taps are for
  uint32_t       whole;   ///< Sub-frames of that
  Float4         taps[RESONATOR_TAPS / 4U];
  float          past[2];    ///< What was read last
  double         for_length; ///< What feedback and damping are for; negative of a tube
  float          decay_oct;
  float          for_damping;
  float          feedback;
  float          damping;
  bool           has_started;
  uint32_t       n_silent; ///< Frames since anything sounded
} Resonator;

/// Return the floats of memory of the line
size_t
resonator_memory(double sample_rate);

/// Set up for memory of that size, and clear it
void
resonator_init(Resonator* self, float* memory, double sample_rate);

/// Forget all input
void
resonator_reset(Resonator* self, float* memory);

/// Return by how many frames the output is late
static inline uint32_t
resonator_latency(const Resonator* const self)
{
  return self->plan.latency;
}

/// Write `n_frames`; `out` may be `in`
void
resonator_process(Resonator*             self,
                  float*                 memory,
                  const ResonatorInputs* inputs,
                  float*                 out,
                  uint32_t               n_frames);

#endif // RESONATOR_H
