// SPDX-License-Identifier: ISC

#include "signal/knob.h"

void
knob_init(Knob* const self, const double sample_rate, const double time_s)
{
  smooth_init(&self->glide, sample_rate, time_s);
  knob_reset(self);
}

void
knob_reset(Knob* const self)
{
  smooth_reset(&self->glide);
  self->moves   = false;
  self->is_full = false;
}

void
knob_move(Knob* const self, const uint32_t n_frames)
{
  // At rest, any number of frames is the same to the glide
  const bool rests = smooth_is_at(&self->glide, self->target);

  self->moves = smooth_process(
    &self->glide, self->target, self->value, rests ? BLOCK_FRAMES : n_frames);
  self->is_full = rests;
}

void
knobs_init(Knob* const    knobs,
           const uint32_t n_knobs,
           const double   sample_rate,
           const double   time_s)
{
  for (uint32_t k = 0; k < n_knobs; ++k) {
    knob_init(&knobs[k], sample_rate, time_s);
  }
}

void
knobs_reset(Knob* const knobs, const uint32_t n_knobs)
{
  for (uint32_t k = 0; k < n_knobs; ++k) {
    knob_reset(&knobs[k]);
  }
}

bool
knobs_move(Knob* const knobs, const uint32_t n_knobs, const uint32_t n_frames)
{
  bool are_full = true;
  for (uint32_t k = 0; k < n_knobs; ++k) {
    knob_process(&knobs[k], n_frames);
    are_full = are_full && knobs[k].is_full;
  }
  return are_full;
}
