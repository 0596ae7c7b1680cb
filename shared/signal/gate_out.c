// SPDX-License-Identifier: ISC

#include "signal/gate_out.h"

#include <math.h>
#include <string.h>

void
gate_out_init(GateOut* const self, const double sample_rate)
{
  self->trigger_frames = (uint32_t)lround(TRIGGER_TIME_S * sample_rate);
  gate_out_reset(self);
}

void
gate_out_reset(GateOut* const self)
{
  const uint32_t trigger_frames = self->trigger_frames;

  memset(self, 0, sizeof(*self));
  self->trigger_frames = trigger_frames;
}

void
gate_out_set(GateOut* const self, const bool gate)
{
  if (gate && !self->gate) {
    self->gate_is_new     = true;
    self->gate_has_fallen = self->gate_was_high;
  }
  self->gate = gate;
}

void
gate_out_trigger(GateOut* const self)
{
  self->triggers_due += self->triggers_due == 0U;
  self->gate_is_new = self->gate_is_new || self->gate;
}

void
gate_out_triggers(GateOut* const self, const uint64_t n)
{
  const uint64_t n_free = GATE_OUT_MAX_DUE - self->triggers_due;

  self->triggers_due += (uint32_t)(n < n_free ? n : n_free);
}

static bool
next_gate(GateOut* const self)
{
  if (self->gate_has_fallen) {
    self->gate_has_fallen = false;
    self->gate_left       = 0;
    return false;
  }

  self->gate_left   = self->gate_is_new ? self->trigger_frames : self->gate_left;
  self->gate_is_new = false;

  const bool is_high = self->gate || self->gate_left > 0U;
  self->gate_left -= self->gate_left > 0U;
  return is_high;
}

static bool
next_trigger(GateOut* const self, const bool may_start)
{
  if (self->triggers_due > 0U) {
    self->trigger_left = may_start ? self->trigger_frames : 0U;
    self->triggers_due -= may_start;
  }

  const bool is_high = self->trigger_left > 0U;
  self->trigger_left -= is_high;
  return is_high;
}

/// Return true if the next frame may differ from all that follow
static bool
is_unsettled(const GateOut* const self)
{
  return self->gate_is_new || self->gate_has_fallen || self->triggers_due > 0U;
}

/// Write `n_frames` of an output from frame `start` on, if it is wanted
static void
write_from(float* const   out,
           const uint32_t start,
           const bool     is_high,
           const uint32_t n_frames)
{
  if (out) {
    gate_write(out + start, is_high, n_frames);
  }
}

static uint32_t
least(const uint32_t a, const uint32_t b)
{
  return a < b ? a : b;
}

void
gate_out_move(GateOut* const self,
              float* const   gate,
              float* const   trigger,
              const uint32_t n_frames)
{
  uint32_t i = 0;
  for (; i < n_frames && is_unsettled(self); ++i) {
    const bool must_wait   = self->gate_has_fallen || self->trigger_was_high;
    self->gate_was_high    = next_gate(self);
    self->trigger_was_high = next_trigger(self, !must_wait);
    write_from(gate, i, self->gate_was_high, 1);
    write_from(trigger, i, self->trigger_was_high, 1);
  }

  const uint32_t n_left = n_frames - i;
  const uint32_t n_gate = self->gate ? n_left : least(self->gate_left, n_left);
  const uint32_t n_high = least(self->trigger_left, n_left);
  write_from(gate, i, true, n_gate);
  write_from(gate, i + n_gate, false, n_left - n_gate);
  write_from(trigger, i, true, n_high);
  write_from(trigger, i + n_high, false, n_left - n_high);
  self->gate_left -= least(self->gate_left, n_left);
  self->trigger_left -= n_high;
  if (n_left > 0U) {
    self->gate_was_high    = n_gate == n_left;
    self->trigger_was_high = n_high == n_left;
  }
}

uint32_t
gate_out_tail(const GateOut* const self)
{
  return self->gate_is_new ? self->gate_has_fallen + self->trigger_frames
                           : self->gate_left;
}
