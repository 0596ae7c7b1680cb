// SPDX-License-Identifier: ISC

#include "signal/modulated.h"

#include <math.h>

void
modulated_init(Modulated* const self, const double sample_rate, const double time_s)
{
  smooth_init(&self->value, sample_rate, time_s);
  smooth_init(&self->per_volt, sample_rate, time_s);
}

void
modulated_reset(Modulated* const self)
{
  smooth_reset(&self->value);
  smooth_reset(&self->per_volt);
  self->rests = false;
}

void
modulated_set(Modulated* const self, const KnobPair target)
{
  self->target = target;
  self->rests  = smooth_is_at(&self->value, target.value) &&
                smooth_is_at(&self->per_volt, target.amount);
}

KnobPair
modulated_position(const Modulated* const self)
{
  return (KnobPair){glide_position(&self->value), glide_position(&self->per_volt)};
}

bool
modulated_is_far(const Modulated* const self,
                 const KnobPair         target,
                 const double           most,
                 const double           cv_v)
{
  const KnobPair position = modulated_position(self);
  const double   way      = target.value - position.value;
  const double   by_cv    = (target.amount - position.amount) * cv_v;

  return fabs(way) > most || fabs(by_cv) > most;
}

/// Write the frames of a knob that moves; where it arrives, it is all that it should be
static void
glide_frames(Smoother* const glide,
             const double    target,
             double* const   out,
             const uint32_t  n_frames)
{
  float frames[MODULATED_MAX_FRAMES];
  smooth_process(glide, target, frames, n_frames);
  for (uint32_t i = 0; i < n_frames; ++i) {
    out[i] = frames[i] == (float)target ? target : (double)frames[i];
  }
}

/// Move a knob that moves by itself, also by its CV
static SignalD
move(Modulated* const self, const Signal cv, double* const out, const uint32_t n_frames)
{
  double factor[MODULATED_MAX_FRAMES];
  glide_frames(&self->value, self->target.value, out, n_frames);
  glide_frames(&self->per_volt, self->target.amount, factor, n_frames);
  for (uint32_t i = 0; cv.frame && i < n_frames; ++i) {
    out[i] += factor[i] * (double)cv.frame[i];
  }
  modulated_set(self, self->target);
  return (SignalD){out, false};
}

SignalD
modulated_follow(const KnobPair* const knob,
                 const Signal          cv,
                 double* const         out,
                 const uint32_t        n_frames)
{
  if (!cv.frame || knob->amount == 0.0) {
    return (SignalD){&knob->value, true};
  }

  const double   value  = knob->value;
  const double   amount = knob->amount;
  const uint32_t n_own  = cv.is_constant ? 1 : n_frames;
  for (uint32_t i = 0; i < n_own; ++i) {
    out[i] = value + amount * (double)cv.frame[i];
  }
  return (SignalD){out, cv.is_constant};
}

SignalD
modulated_process(Modulated* const self,
                  const Signal     cv,
                  double* const    out,
                  const uint32_t   n_frames)
{
  return self->rests ? modulated_follow(&self->target, cv, out, n_frames)
                     : move(self, cv, out, n_frames);
}

SignalD
modulated_add(const SignalD  a,
              const SignalD  b,
              double* const  out,
              const uint32_t n_frames)
{
  if (b.is_constant && b.frame[0] == 0.0) {
    return a;
  }

  const bool     is_constant = a.is_constant && b.is_constant;
  const uint32_t n_own       = is_constant ? 1 : n_frames;
  const double   still_a     = a.frame[0]; // Before the first sum takes its place
  const double   still_b     = b.frame[0];
  for (uint32_t i = 0; i < n_own; ++i) {
    out[i] =
      (a.is_constant ? still_a : a.frame[i]) + (b.is_constant ? still_b : b.frame[i]);
  }
  return (SignalD){out, is_constant};
}
