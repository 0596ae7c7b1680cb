// SPDX-License-Identifier: ISC
/**
   A knob as a signal: a glide (glide.h) with the frames that it fills.

   A knob at rest keeps its frames, and so costs next to nothing.
*/

#ifndef KNOB_H
#define KNOB_H

#include "signal/block.h"
#include "signal/signal.h"
#include "signal/smooth.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct {
  Smoother glide;
  double   target;              ///< Where it was turned to
  bool     moves;               ///< Whether it does in these frames
  bool     is_full;             ///< Whether all of `value` is where the knob rests
  float    value[BLOCK_FRAMES]; ///< Where it is in each frame
} Knob;

/// Set up for `time_s`, the seconds in which 1 - 1/e of a step is done
void
knob_init(Knob* self, double sample_rate, double time_s);

/// Forget the position: the next target will be reached at once
void
knob_reset(Knob* self);

/// Go to `target` from the next frame on
static inline void
knob_set(Knob* const self, const double target)
{
  self->is_full = self->is_full && target == self->target;
  self->target  = target + 0.0; // Never -0: frames that are full of 0 are kept
}

/// knob_process() where the knob has not come to rest
void
knob_move(Knob* self, uint32_t n_frames);

/// Find `moves` and `value` for the next `n_frames`
static inline void
knob_process(Knob* const self, const uint32_t n_frames)
{
  if (!self->is_full) {
    knob_move(self, n_frames);
  }
}

/// Return where the knob is in the frames that knob_process() has found
static inline Signal
knob_signal(const Knob* const self)
{
  return (Signal){self->value, !self->moves};
}

/// Turn to `target`, and find `moves` and `value` for the next `n_frames`
static inline void
knob_set_process(Knob* const self, const double target, const uint32_t n_frames)
{
  knob_set(self, target);
  knob_process(self, n_frames);
}

/// Return true if the knob rests at `value`
static inline bool
knob_rests_at(const Knob* const self, const float value)
{
  return !self->moves && self->value[0] == value;
}

/// Return true if the knob is at `value` and will be in the next frames, too
static inline bool
knob_stays_at(const Knob* const self, const double value)
{
  return self->target == value && smooth_is_at(&self->glide, value);
}

// ---- The knobs of a module, in an array

void
knobs_init(Knob* knobs, uint32_t n_knobs, double sample_rate, double time_s);

void
knobs_reset(Knob* knobs, uint32_t n_knobs);

/// knobs_process() where one has not come to rest
bool
knobs_move(Knob* knobs, uint32_t n_knobs, uint32_t n_frames);

/// Find `moves` and `value` of all for the next `n_frames`; return true if all are full
static inline bool
knobs_process(Knob* const knobs, const uint32_t n_knobs, const uint32_t n_frames)
{
  bool are_full = true;
  for (uint32_t k = 0; k < n_knobs; ++k) {
    are_full &= knobs[k].is_full;
  }
  return are_full || knobs_move(knobs, n_knobs, n_frames);
}

#endif // KNOB_H
