// SPDX-License-Identifier: ISC
/**
   How pitch gets from note to note: a straight line in octaves, always as long.

   With a time of n frames, the pitch leaves the old note in the frame where the new
   one starts, and is exactly on the new one n frames later:

           ________ target
          /
   ______/
         0  n
*/

#ifndef PORTAMENTO_H
#define PORTAMENTO_H

#include <stdbool.h>
#include <stdint.h>

typedef struct {
  double   target_oct;
  double   distance_oct; ///< From the target to where the line started
  uint32_t line_frames;  ///< Length of the line
  uint32_t n_left;       ///< Frames of it that are left
  uint32_t time_frames;  ///< Length that the next line will have
} Portamento;

/// Rest at a pitch of 0 octaves
void
portamento_reset(Portamento* self);

/// Set how long a line takes; one that has begun goes on for as much of it as is left
void
portamento_set_time(Portamento* self, uint32_t n_frames);

/// Start a line from where the pitch is
void
portamento_glide(Portamento* self, double target_oct);

/// Be at a pitch at once
void
portamento_jump(Portamento* self, double target_oct);

/// Return true if the pitch is where it leads to
static inline bool
portamento_rests(const Portamento* const self)
{
  return self->n_left == 0U;
}

/// Add the next `n_frames` of pitch, in octaves above `origin_oct`, to `out`
void
portamento_add(Portamento* self, double origin_oct, float* out, uint32_t n_frames);

#endif // PORTAMENTO_H
