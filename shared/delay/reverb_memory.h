// SPDX-License-Identifier: ISC
/**
   The memory of a reverb, behind its struct: rings of the lines, of the pre-delays, and
   of the allpasses, all of them floats.

   A ring is as long as whole steps are, and MIRROR frames behind its end repeat those
   at its start, so that a step or a group that begins within it is in one piece.
   Everything here is real-time safe.
*/

#ifndef REVERB_MEMORY_H
#define REVERB_MEMORY_H

#include "delay/reverb.h"
#include "math/simd.h"

#include <stdint.h>
#include <string.h>

#define GROUP 4U                  ///< Frames that are computed at once
#define MIRROR REVERB_STEP_FRAMES ///< Frames behind a ring, for a step over its end
#define MIN_LENGTH (GROUP + 1U)

/// Groups in a step
enum { GROUPS = REVERB_STEP_FRAMES / GROUP };

/// A length of each line in seconds, at a size of 1
extern const double reverb_line_s[REVERB_LINES];

static inline Float4
read4(const float* const frames)
{
  Float4 x;
  memcpy(&x, frames, sizeof(x));
  return x;
}

static inline void
write4(float* const frames, const Float4 x)
{
  memcpy(frames, &x, sizeof(x));
}

static inline Float4
all4(const float x)
{
  return (Float4){x, x, x, x};
}

/// Return an odd length, which few lines share factors with
static inline uint32_t
odd_length(const double frames)
{
  const uint32_t whole = (uint32_t)(frames + 0.5);

  return (whole > MIN_LENGTH ? whole : MIN_LENGTH) | 1U;
}

/// Return the memory behind the struct
static inline float*
memory_of(Reverb* const self)
{
  return (float*)(self + 1);
}

/// Return where a line begins in memory
static inline uint32_t
line_start(const Reverb* const self, const uint32_t k)
{
  return k * (self->n_line + MIRROR);
}

static inline uint32_t
pre_delay_start(const Reverb* const self, const uint32_t channel)
{
  return line_start(self, REVERB_LINES) + channel * (self->n_pre_delay + MIRROR);
}

static inline uint32_t
diffuser_start(const Reverb* const self, const uint32_t channel, const uint32_t d)
{
  return pre_delay_start(self, 2U) +
         (channel * REVERB_DIFFUSERS + d) * (self->n_diffuser + MIRROR);
}

/// Return which frame of a ring is `length` before `at`
static inline uint32_t
ring_back(const uint32_t n_ring, const uint32_t at, const uint32_t length)
{
  return at >= length ? at - length : at + n_ring - length;
}

/// Return where the next step goes
static inline uint32_t
ring_next(const uint32_t n_ring, const uint32_t at)
{
  return at + REVERB_STEP_FRAMES < n_ring ? at + REVERB_STEP_FRAMES : 0U;
}

/// Write four frames to place `at` of a ring, also behind its end
static inline void
ring_write(float* const ring, const uint32_t n_ring, const uint32_t at, const Float4 x)
{
  write4(ring + at, x);
  if (at < MIRROR) {
    write4(ring + n_ring + at, x);
  }
}

/// Find all sizes; return how many floats there are behind the struct

#endif // REVERB_MEMORY_H
