// SPDX-License-Identifier: ISC

#include "knob.h"

void
knob_init(Knob* const self, const double sample_rate, const double time_s)
{
  glide_init(&self->glide, sample_rate, time_s);
  knob_reset(self);
}

void
knob_reset(Knob* const self)
{
  glide_reset(&self->glide);
  self->moves   = false;
  self->is_full = false;
}

void
knob_turn(Knob* const self, const double target, const uint32_t n_frames)
{
  if (!glide_is_at(&self->glide, target)) {
    self->moves   = glide_process(&self->glide, target, self->value, n_frames);
    self->is_full = false;
  } else if (!self->is_full) {
    // At rest, any number of frames is the same to the glide
    self->moves   = glide_process(&self->glide, target, self->value, KNOB_MAX_FRAMES);
    self->is_full = true;
  }
}
