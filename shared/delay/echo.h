// SPDX-License-Identifier: ISC
/**
   A stereo delay whose echoes go round through a filter and a saturator.

            +-----------------------------------------------+
            |                                               v
     in --->(+)---> limiter ---> saturator ---> line -----> head ---> out
             ^                                      |
             +---- feedback <---- cross <--- filter +

   The first echo comes exactly `delay` frames after the input, and each one that long
   after the one before: the saturator's latency is taken off where the line is read.
   Without saturation, a plain delay stands in its place, and the first echo is the
   input as line.h reads it.

   The limiter leaves all up to 2 as it is, and keeps everything within 4, so that
   echoes may grow by feedback beyond 1.  What is below LOOP_SILENCE is 0: once the
   lines hold nothing else, and nothing comes in, echo_process() costs next to nothing.

   Frozen, the lines write again what they held `delay` before, to the bit, and take
   nothing in; the heads can still move.  It fades in and out within HEAD_FADE_S.
*/

#ifndef ECHO_H
#define ECHO_H

#include "delay/echo_filter.h"
#include "delay/head.h"
#include "delay/line.h"
#include "shaper/align.h"
#include "shaper/shaper.h"
#include "signal/knob.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ECHO_N_SIDES 2U
#define ECHO_MAX_S 10.0             ///< Longest delay, at rates up to 384 kHz
#define ECHO_MAX_FRAMES (1U << 22U) ///< Longest delay at any rate
#define ECHO_BOUND 16.0f            ///< No output gets beyond

typedef struct {
  const float*     in[ECHO_N_SIDES];
  const double*    delay[ECHO_N_SIDES]; ///< In frames; see echo_min_delay()
  bool             is_still;   ///< Whether each delay is the same in all frames
  const float*     feedback;   ///< Gain
  const float*     cross;      ///< Share of the other side in what comes back, 0 to 1
  const float*     drive;      ///< Gain in front of the saturator, taken back behind it
  EchoFilterInputs filter;     ///< Read if has_filter
  bool             has_filter; ///< False only if both of its shares are 0
  bool             is_silent;  ///< Whether all of `in` is 0
  Waveshape        shape;
  bool             is_frozen;
} EchoInputs;

typedef struct {
  Line     line;
  Head     head;
  Align    align;
  Shaper   shaper;
  uint32_t frozen; ///< Length of what is frozen, in frames
} EchoSide;

typedef struct {
  double     sample_rate;
  EchoSide   side[ECHO_N_SIDES];
  EchoFilter filter;
  Knob       saturation;  ///< Share of the saturator: 0 or 1
  bool       saturates;   ///< Whether it runs
  uint32_t   n_settling;  ///< Frames to wait until the saturator's output is whole
  uint32_t   freeze_at;   ///< How far the freeze has faded in, up to `fade_frames`
  uint32_t   fade_frames; ///< Length of a fade
  uint32_t   n_silent;    ///< Frames since anything came in or went round
} Echo;

/// Return the floats of memory of both lines
size_t
echo_memory(double sample_rate);

/// Set up for memory of that size, and clear it
void
echo_init(Echo* self, float* memory, double sample_rate);

/// Forget all input
void
echo_reset(Echo* self);

/// Return the shortest delay, in frames
static inline double
echo_min_delay(const Echo* const self)
{
  return (double)(shaper_latency(&self->side[0].shaper) + LINE_MIN_DELAY);
}

/// Return the longest delay, in frames
static inline double
echo_max_delay(const Echo* const self)
{
  return line_max_delay(&self->side[0].line);
}

/// Saturate from the next frame on, or no longer
void
echo_set_saturation(Echo* self, bool is_on);

/// Fade from the delay of the last frame to that of the next, on one side
static inline void
echo_jump(Echo* const self, const uint32_t side)
{
  head_jump(&self->side[side].head);
}

/// Return true if such a fade goes on
static inline bool
echo_jumps(const Echo* const self, const uint32_t side)
{
  return head_fades(&self->side[side].head);
}

/// Return how many frames are left of it
static inline uint32_t
echo_jump_frames(const Echo* const self, const uint32_t side)
{
  return self->side[side].head.n_fading;
}

/// Return true if the lines hold nothing, so that silence makes silence
bool
echo_is_idle(const Echo* self);

/// Return true if silence in leaves all as it is, at delays that stay the same
bool
echo_rests(const Echo* self, const double delay[ECHO_N_SIDES], bool is_frozen);

/// Write the echoes of up to BLOCK_FRAMES, without the input itself
void
echo_process(Echo*             self,
             float*            memory,
             const EchoInputs* inputs,
             float* const      out[ECHO_N_SIDES],
             uint32_t          n_frames);

#endif // ECHO_H
