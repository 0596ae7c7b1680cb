// SPDX-License-Identifier: ISC

#include "signal/logic.h"

#include "signal/steady.h"

void
logic_reset(Logic* const self)
{
  const LogicKnobs knobs = self->knobs;

  *self = (Logic){.knobs = knobs};
}

/// Return whether an input is high, inverted or not
static bool
level(const Logic* const self, const uint32_t input)
{
  return self->gate[input].high != self->knobs.inverts[input];
}

/// Return how many of the next frames leave all inputs as they are
static uint32_t
steady_frames(const Logic* const self,
              const Signal       in[LOGIC_INPUTS],
              const uint32_t     start,
              const uint32_t     n_frames)
{
  uint32_t n = n_frames;
  for (uint32_t g = 0; g < LOGIC_INPUTS && n; ++g) {
    n = steady_gate_frames_from(&self->gate[g], in[g], start, n);
  }
  return n;
}

/// Take a frame of all inputs
static void
take(Logic* const self, const Signal in[LOGIC_INPUTS], const uint32_t i)
{
  // A cable that is low from the first frame on has not fallen
  const bool was_a = self->has_started ? level(self, 0) : self->knobs.inverts[0];
  const bool was_b = self->has_started ? level(self, 1) : self->knobs.inverts[1];
  for (uint32_t g = 0; g < LOGIC_INPUTS; ++g) {
    (void)gate_next(&self->gate[g], in[g].frame[i]);
  }
  self->has_started = true;

  const bool a_rises = !was_a && level(self, 0);
  const bool b_rises = !was_b && level(self, 1);
  self->toggle       = self->toggle != a_rises;
  self->latch        = (self->latch || a_rises) && !b_rises;
}

/// Find what the outputs are
static void
combine(const Logic* const self, bool is_high[N_LOGIC_OUTPUTS])
{
  bool all = true;
  bool any = false;
  bool odd = false;
  for (uint32_t g = 0; g < LOGIC_INPUTS; ++g) {
    if (g < 2U || self->knobs.counts[g]) {
      all = all && level(self, g);
      any = any || level(self, g);
      odd = odd != level(self, g);
    }
  }
  is_high[LOGIC_OUT_AND]    = all;
  is_high[LOGIC_OUT_OR]     = any;
  is_high[LOGIC_OUT_XOR]    = odd;
  is_high[LOGIC_OUT_NOT]    = !level(self, 0);
  is_high[LOGIC_OUT_TOGGLE] = self->toggle;
  is_high[LOGIC_OUT_LATCH]  = self->latch;
}

void
logic_process(Logic* const   self,
              const Signal   in[LOGIC_INPUTS],
              float* const   out[N_LOGIC_OUTPUTS],
              const uint32_t n_frames)
{
  for (uint32_t i = 0; i < n_frames;) {
    uint32_t n = self->has_started ? steady_frames(self, in, i, n_frames - i) : 0;
    if (!n) {
      take(self, in, i);
      n = 1;
    }

    bool is_high[N_LOGIC_OUTPUTS];
    combine(self, is_high);
    for (uint32_t o = 0; o < N_LOGIC_OUTPUTS; ++o) {
      if (out[o]) {
        gate_write(out[o] + i, is_high[o], n);
      }
    }
    i += n;
  }
}
