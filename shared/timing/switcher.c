// SPDX-License-Identifier: ISC

#include "timing/switcher.h"

#include "signal/fill.h"
#include "signal/units.h"

#include <math.h>
#include <string.h>

#define MOST_TURNS 1000.0f ///< That a voltage can go round

void
switcher_init(Switcher* const self, const double sample_rate)
{
  *self              = (Switcher){.sample_rate = sample_rate};
  self->knobs.n_ways = SWITCHER_WAYS;
  steps_init(&self->steps, sample_rate);
  switcher_reset(self);
}

void
switcher_reset(Switcher* const self)
{
  steps_reset(&self->steps);
  self->is_placed = false;
  self->place     = 0;
  self->chosen    = SWITCHER_WAYS; // None
  self->n_fade    = 0;
  self->n_left    = 0;
  memset(self->first, 0, sizeof(self->first));
  memset(self->share, 0, sizeof(self->share));
  memset(self->rest, 0, sizeof(self->rest));
  memset(self->last, 0, sizeof(self->last));
}

void
switcher_set(Switcher* const self, const SwitcherKnobs* const knobs)
{
  self->knobs = *knobs;
  steps_set(&self->steps, knobs->steps);
}

void
switcher_transport(Switcher* const self, const Transport* const transport)
{
  steps_transport(&self->steps, transport);
}

// ---- The way that is chosen

/// Find the place of the step
static void
find_place(Switcher* const self)
{
  const SwitcherKnobs* const knobs = &self->knobs;
  const Order   order = {knobs->order, knobs->n_ways, 0, false, knobs->seed};
  const int64_t dice  = steps_dice(&self->steps, knobs->dice);

  self->place     = order_at(&order, self->steps.step, dice).place;
  self->is_placed = true;
}

/// Return the way for a voltage
static uint32_t
way_at(const Switcher* const self, const float select_v)
{
  const float turns   = self->knobs.select_amount * (select_v / CV_MAX_V);
  const float above   = turns > -MOST_TURNS ? turns : -MOST_TURNS;
  const float within  = above < MOST_TURNS ? above : MOST_TURNS;
  const int   n       = (int)self->knobs.n_ways;
  const int   shifted = (int)self->place + (int)lroundf(within * (float)n);

  return (uint32_t)((shifted % n + n) % n);
}

/// Go to a way, at once after a reset
static void
choose(Switcher* const self, const uint32_t way)
{
  if (way == self->chosen) {
    return;
  }

  const bool is_first = self->chosen == SWITCHER_WAYS;
  self->chosen        = way;
  self->n_fade =
    is_first ? 0U : (uint32_t)lround(self->knobs.fade_s * self->sample_rate);
  self->n_left = self->n_fade;
  for (uint32_t w = 0; w < SWITCHER_WAYS; ++w) {
    self->rest[w]  = self->share[w] >= 1.0f ? self->last[w] : self->rest[w];
    self->first[w] = self->share[w];
    self->share[w] = self->n_left ? self->share[w] : (float)(w == way);
  }
}

// ---- Frames

/// Return a mean that was rounded, between the two
static float
between(const float a, const float b, const float mean)
{
  const float lowest  = a < b ? a : b;
  const float highest = a < b ? b : a;

  return mean < lowest ? lowest : mean > highest ? highest : mean;
}

/// Return what an output has at a share
static float
value_at(const Switcher* const self, const uint32_t way, const float in)
{
  const float share = self->share[way];
  const float rest  = self->knobs.holds ? self->rest[way] : 0.0f;

  return share >= 1.0f   ? in
         : share <= 0.0f ? rest
                         : between(rest, in, rest + share * (in - rest));
}

/// Write frames that are not in a fade
static void
pass(Switcher* const              self,
     const SwitcherInputs* const  in,
     const SwitcherOutputs* const out,
     const uint32_t               start,
     const uint32_t               n_frames)
{
  memcpy(out->out + start, in->from[self->chosen] + start, n_frames * sizeof(float));
  for (uint32_t w = 0; w < SWITCHER_WAYS; ++w) {
    float* const to = out->to[w] + start;
    self->last[w]   = value_at(self, w, in->in[start + n_frames - 1U]);
    if (w == self->chosen) {
      memcpy(to, in->in + start, n_frames * sizeof(float));
    } else {
      fill_frames(to, self->last[w], n_frames);
    }
  }
}

/// Return the mean of a frame of all ways under their shares
static float
mean_at(const Switcher* const self, const SwitcherInputs* const in, const uint32_t i)
{
  float sum     = 0.0f;
  float lowest  = in->from[self->chosen][i];
  float highest = lowest;
  for (uint32_t w = 0; w < SWITCHER_WAYS; ++w) {
    const float x = self->share[w] > 0.0f ? in->from[w][i] : lowest;
    sum += self->share[w] * x;
    lowest  = x < lowest ? x : lowest;
    highest = x > highest ? x : highest;
  }
  return between(lowest, highest, sum);
}

/// Write a frame of a fade
static void
fade(Switcher* const              self,
     const SwitcherInputs* const  in,
     const SwitcherOutputs* const out,
     const uint32_t               i)
{
  --self->n_left;
  const float part = 1.0f - (float)self->n_left / (float)self->n_fade;
  for (uint32_t w = 0; w < SWITCHER_WAYS; ++w) {
    const float goal = (float)(w == self->chosen);
    self->share[w] =
      self->n_left ? self->first[w] + part * (goal - self->first[w]) : goal;
    self->last[w] = value_at(self, w, in->in[i]);
    out->to[w][i] = self->last[w];
  }
  out->out[i] = mean_at(self, in, i);
}

/// Write frames in which the way stays
static void
write(Switcher* const              self,
      const SwitcherInputs* const  in,
      const SwitcherOutputs* const out,
      const uint32_t               start,
      const uint32_t               n_frames)
{
  uint32_t i = 0;
  for (; i < n_frames && self->n_left; ++i) {
    fade(self, in, out, start + i);
  }
  if (i < n_frames) {
    pass(self, in, out, start + i, n_frames - i);
  }
}

/// Return how many frames from `start` on have the same way
static uint32_t
steady_frames(const Switcher* const self,
              const Signal          select_v,
              const uint32_t        start,
              const uint32_t        end)
{
  if (signal_is_constant(select_v) || self->knobs.select_amount == 0.0f) {
    return end - start;
  }

  uint32_t n = 1;
  while (start + n < end && way_at(self, select_v.frame[start + n]) == self->chosen) {
    ++n;
  }
  return n;
}

void
switcher_process(Switcher* const              self,
                 const SwitcherInputs* const  in,
                 const SwitcherOutputs* const out,
                 const uint32_t               n_frames)
{
  for (uint32_t at = 0, end = 0; at < n_frames; at = end) {
    const unsigned events =
      steps_take(&self->steps, in->reset, in->clock, at, n_frames, &end);
    if (events || !self->is_placed) {
      find_place(self);
    }
    for (uint32_t i = at, n = 0; i < end; i += n) {
      choose(self, way_at(self, signal_at(in->select_v, i)));
      n = steady_frames(self, in->select_v, i, end);
      write(self, in, out, i, n);
    }
    steps_pass(&self->steps, end - at);
  }
}
