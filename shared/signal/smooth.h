// SPDX-License-Identifier: ISC
/**
   How a knob moves: a one-pole filter from where it is to where it was turned.

   The knob's unit is the caller's, and should be one in which equal steps sound
   equal (octaves, dB), or one that is linear where a fade must reach 0 (gain).
   The first target after a reset is reached at once.  A glide ends on its target
   exactly, and costs next to nothing from then on.
*/

#ifndef SMOOTH_H
#define SMOOTH_H

#include <stdbool.h>
#include <stdint.h>

typedef struct {
  double target;   ///< Where the knob was turned to
  double distance; ///< How far from there it still is
  double decay;    ///< Part of the distance that a frame leaves
  bool   started;  ///< Whether there has been a target since the reset
} Smoother;

/// Set up for `time_s`, the seconds in which 1 - 1/e of a step is done
void
smooth_init(Smoother* self, double sample_rate, double time_s);

/// Forget the position: the next target will be reached at once
void
smooth_reset(Smoother* self);

/// Return true if the glide rests at `target`
static inline bool
smooth_is_at(const Smoother* const self, const double target)
{
  return self->started && self->distance == 0.0 && self->target == target;
}

/// Return where the glide is
static inline double
glide_position(const Smoother* const self)
{
  return self->target + self->distance;
}

/**
   Write the next `n_frames` positions on the way to `target` to `out`.

   Returns true if the knob moved, false if all of `out` is `target`.
*/
bool
smooth_process(Smoother* self, double target, float* out, uint32_t n_frames);

#endif // SMOOTH_H
