// SPDX-License-Identifier: ISC

#include "timing/chance.h"

#include "math/random.h"

#include <stddef.h>

#define FULL_V 10.0 ///< CV that goes over the whole range

void
chance_init(Chance* const self, const double sample_rate)
{
  *self = (Chance){.knobs = {.chance = 0.5}};
  steps_init(&self->steps, sample_rate);
  chance_reset(self);
}

void
chance_reset(Chance* const self)
{
  steps_reset(&self->steps);
  self->in.high = false;
  self->is_b    = false;
  self->starts  = true;
}

void
chance_set(Chance* const self, const ChanceKnobs* const knobs)
{
  self->knobs = *knobs;
  steps_set(&self->steps,
            (StepsSettings){STEPS_CABLE, knobs->note, STEPPER_NEXT_CLOCK});
}

void
chance_transport(Chance* const self, const Transport* const transport)
{
  steps_transport(&self->steps, transport);
}

static void
toss(Chance* const self, const double cv_v)
{
  const int64_t number = steps_dice(&self->steps, self->knobs.dice);
  const double  random = (double)(random_at(self->knobs.seed, number) >> 32U) * 0x1p-32;
  const bool falls = random < self->knobs.chance + self->knobs.amount * cv_v / FULL_V;
  const bool was_b = self->is_b && !self->starts;

  self->is_b   = self->knobs.mode == CHANCE_TOGGLE ? was_b != falls : falls;
  self->starts = false;
}

/// Write frames in which the gate is `is_high`
static void
write(const Chance* const self,
      float* const        a,
      float* const        b,
      const bool          is_high,
      const uint32_t      n)
{
  const bool holds  = self->knobs.mode == CHANCE_HOLD && !self->starts;
  const bool passes = is_high || holds;

  gate_write(a, passes && !self->is_b, n);
  gate_write(b, passes && self->is_b, n);
}

/// Let the gate pass from frame `at` to `end`, in which it rises at the start only
static void
pass(Chance* const      self,
     const float* const in,
     float* const       a,
     float* const       b,
     uint32_t           at,
     const uint32_t     end)
{
  while (at < end) {
    gate_next(&self->in, in ? in[at] : 0.0f);
    const uint32_t n_left = end - at - 1U;
    const uint32_t n =
      1U + (in ? gate_steady_frames(&self->in, in + at + 1U, n_left) : n_left);
    write(self, a + at, b + at, self->in.high, n);
    at += n;
  }
}

void
chance_process(Chance* const             self,
               const ChanceInputs* const in,
               float* const              a,
               float* const              b,
               const uint32_t            n_frames)
{
  for (uint32_t at = 0, end = 0; at < n_frames; at = end) {
    const unsigned events =
      steps_take(&self->steps, in->reset, in->in, at, n_frames, &end);
    if (events & STEPPER_ARMED) {
      self->starts = true;
    }
    if (events & STEPPER_STARTS) {
      toss(self, in->chance_cv ? (double)in->chance_cv[at] : 0.0);
    }
    pass(self, in->in, a, b, at, end);
    steps_pass(&self->steps, end - at);
  }
}
