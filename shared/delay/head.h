// SPDX-License-Identifier: ISC
/**
   A head that reads a delay line (line.h), and fades where its delay jumps.

   A delay that moves is followed to the frame.  Where it moves by more than
   HEAD_JUMP_FRAMES in a frame, or head_jump() was called, the head stays where it is,
   and another takes over within HEAD_FADE_S: gains f and 1 - f, f = 10 u^3 - 15 u^4 +
   6 u^5, so that nothing clicks.  A jump during a fade waits for its end.
*/

#ifndef HEAD_H
#define HEAD_H

#include "delay/line.h"

#include <stdbool.h>
#include <stdint.h>

#define HEAD_FADE_S 0.01
#define HEAD_JUMP_FRAMES 16.0

typedef struct {
  LineTaps taps;
  LineTaps old_taps;    ///< Of the head that fades out
  double   at;          ///< Delay of the last frame
  uint32_t fade_frames; ///< Length of a fade
  uint32_t n_fading;    ///< Frames that are left of one
  bool     has_started; ///< Whether there has been a frame since the reset
} Head;

void
head_init(Head* self, double sample_rate);

/// Forget the delay: the next one will be reached at once
void
head_reset(Head* self);

/// Return true if a fade goes on
static inline bool
head_fades(const Head* const self)
{
  return self->n_fading > 0;
}

/// Fade from the delay of the last frame to that of the next
void
head_jump(Head* self);

/**
   Find the delays of the next frames: `path`, as `delay` has it but for jumps.

   `is_still` is true only if all of `delay` is the same.  Returns how many of up to
   LINE_CHUNK `n_frames` can be read in one go, 1 at least, where each `delay` is
   LINE_MIN_DELAY at least.  A jump at the first frame starts its fade here.
*/
uint32_t
head_aim(Head*         self,
         const double* delay,
         bool          is_still,
         double*       path,
         uint32_t      n_frames);

/// Read that many frames or fewer, and move on
void
head_read(Head*         self,
          const Line*   line,
          const float*  memory,
          const double* path,
          bool          is_still,
          float*        out,
          uint32_t      n_frames);

/// Move on without reading
void
head_pass(Head* self, const double* path, uint32_t n_frames);

#endif // HEAD_H
