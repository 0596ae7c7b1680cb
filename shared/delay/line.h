// SPDX-License-Identifier: ISC
/**
   A delay line that is read between frames, at delays that may move with every frame.

     out[i] = sum over taps of h_j(d) x[i - floor(d) - n/2 + j]  =  x(i - d)

   Each tap h_j is a polynomial of degree 6 in the fraction of the delay d (the form of
   C. W. Farrow, "A Continuously Variable Digital Delay Element", ISCAS 1988), fitted to
   filters whose largest error is as small as can be (see tools/generate/tables.c).  24
   taps are right within -98 dB, and 0.0002 dB of gain, up to 17.5 kHz at 48 kHz, and
   within 0.005 dB at 18 kHz; 12 taps within -119 dB up to 20 kHz at 96 kHz, for lines
   at twice the rate.

   Frames are read before the next one is written: a delay of d frames is d before the
   one that is written next.  So loops can be closed, and up to n frames may be read in
   one go where no delay is below LINE_MIN_DELAY + n - 1.

   The frames themselves lie in memory of the caller's, such as behind the state of a
   module, as a Line has no pointers.  It may hold anything: frames before the first
   one since the reset are read as 0, so a reset costs nothing.
*/

#ifndef LINE_H
#define LINE_H

#include "math/simd.h"

#include <stddef.h>
#include <stdint.h>

#define LINE_TAPS 24U
#define LINE_MIN_DELAY 12U ///< Shortest delay, in frames
#define LINE_CHUNK 64U     ///< Most frames at once

/// Frames at the end of the memory that repeat those at its start, so that no read
/// wraps
#define LINE_GUARD (LINE_CHUNK + LINE_TAPS)

typedef struct {
  uint32_t n_frames; ///< That are kept
  uint32_t at;       ///< Where the next frame goes
  uint32_t n_filled; ///< Frames since the reset, up to n_frames
} Line;

/// Reader at one delay
typedef struct {
  double   delay;   ///< In frames
  uint32_t whole;   ///< The whole frames of it
  Float4   taps[6]; ///< From the oldest frame on
} LineTaps;

/// Return how many frames a line keeps for delays up to `max_delay` frames
uint32_t
line_frames(double max_delay);

/// Return the floats of memory of a line that keeps `n_frames`
static inline size_t
line_memory(const uint32_t n_frames)
{
  return (size_t)n_frames + LINE_GUARD;
}

/// Set up for memory of that size, and write to all of it, so that it is there
void
line_init(Line* self, float* memory, uint32_t n_frames);

/// Forget all frames
void
line_reset(Line* self);

/// Return the longest delay that can be read, in frames
static inline double
line_max_delay(const Line* const self)
{
  return (double)(self->n_frames - LINE_TAPS);
}

/// Read at `delay` from now on: LINE_MIN_DELAY to line_max_delay()
void
line_taps_set(LineTaps* taps, double delay);

/// Write up to LINE_CHUNK frames
void
line_write(Line* self, float* memory, const float* in, uint32_t n_frames);

/// Read up to LINE_CHUNK frames at the same delay
void
line_read(const Line*     self,
          const float*    memory,
          const LineTaps* taps,
          float*          out,
          uint32_t        n_frames);

/**
   Read up to LINE_CHUNK frames, each at a delay of its own.

   The result is the same as line_read()'s at the same delay, to the bit.  `taps`
   are those of the last frame, before and after.
*/
void
line_read_moving(const Line*   self,
                 const float*  memory,
                 LineTaps*     taps,
                 const double* delay,
                 float*        out,
                 uint32_t      n_frames);

/// Read up to LINE_CHUNK frames as they were written, `delay` frames ago: `n_frames` or
/// more, up to those that the line keeps
void
line_copy(const Line*  self,
          const float* memory,
          uint32_t     delay,
          float*       out,
          uint32_t     n_frames);

// ---- Frame by frame, for loops shorter than a chunk: memory must be 0 at a reset

/// Return the frame that is `distance` before the next, followed by newer ones
static inline const float*
line_window(const Line* const self, const float* const memory, const uint32_t distance)
{
  const uint32_t at = self->at;

  return memory + (at >= distance ? at - distance : at + self->n_frames - distance);
}

/// Write a frame
static inline void
line_push(Line* const self, float* const memory, const float in)
{
  memory[self->at] = in;
  if (self->at < LINE_GUARD) {
    memory[self->n_frames + self->at] = in;
  }
  self->at = self->at + 1U < self->n_frames ? self->at + 1U : 0U;
}

#endif // LINE_H
