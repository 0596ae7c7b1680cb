// SPDX-License-Identifier: ISC

#include "timing/stepper.h"

#include <math.h>
#include <stddef.h>

void
stepper_init(Stepper* const self, const double sample_rate)
{
  const uint32_t near_frames = (uint32_t)lround(STEPPER_NEAR_S * sample_rate);

  self->near_frames = near_frames > 0U ? near_frames : 1U;
  self->mode        = STEPPER_NEXT_CLOCK;
  stepper_reset(self);
}

void
stepper_reset(Stepper* const self)
{
  self->step        = -1;
  self->since_clock = self->near_frames;
  self->since_reset = self->near_frames;
  self->clock.high  = false;
  self->reset.high  = false;
}

// ---- The rule

static unsigned
take_reset(Stepper* const self)
{
  const bool is_late   = self->since_clock < self->near_frames;
  const bool starts    = is_late || self->mode == STEPPER_AT_ONCE;
  self->step           = starts ? 0 : -1;
  self->since_reset    = 0;
  const unsigned event = starts ? STEPPER_STARTS : STEPPER_NOTHING;

  return STEPPER_ARMED | event;
}

static unsigned
take_clock(Stepper* const self)
{
  const bool is_late = self->since_reset < self->near_frames;

  self->since_clock = 0;
  if (is_late && self->mode == STEPPER_AT_ONCE) {
    return STEPPER_NOTHING;
  }

  ++self->step;
  return STEPPER_STARTS;
}

unsigned
stepper_rise(Stepper* const self, const bool reset_rises, const bool clock_rises)
{
  if (reset_rises && clock_rises) {
    // One event, whatever came before: a clock just now is not the one of this reset
    self->since_clock = self->near_frames;
  }

  const unsigned armed = reset_rises ? take_reset(self) : STEPPER_NOTHING;
  return clock_rises ? armed | take_clock(self) : armed;
}

static uint32_t
later(const uint32_t since, const uint32_t n_frames, const uint32_t most)
{
  return n_frames < most - since ? since + n_frames : most;
}

void
stepper_pass(Stepper* const self, const uint32_t n_frames)
{
  self->since_clock = later(self->since_clock, n_frames, self->near_frames);
  self->since_reset = later(self->since_reset, n_frames, self->near_frames);
}

// ---- Cables

static inline bool
rises(Gate* const gate, const float* const in, const uint32_t i)
{
  return gate_next(gate, in ? in[i] : 0.0f);
}

/// Return how many frames from `at` on leave a gate as it is
static uint32_t
steady_frames(const Gate* const  gate,
              const float* const in,
              const uint32_t     at,
              const uint32_t     n_frames)
{
  if (!in) {
    return gate->high ? 0U : n_frames - at;
  }
  return gate_steady_frames(gate, in + at, n_frames - at);
}

/// Let gates fall, and return the next frame from `at` on with a rise, or `n_frames`
static uint32_t
next_rise(Stepper* const     self,
          const float* const reset,
          const float* const clock,
          uint32_t           at,
          const uint32_t     n_frames)
{
  while (at < n_frames) {
    const uint32_t n_reset = steady_frames(&self->reset, reset, at, n_frames);
    const uint32_t n_clock = steady_frames(&self->clock, clock, at, n_frames);
    at += n_reset < n_clock ? n_reset : n_clock;
    if (at < n_frames) {
      Gate next_reset = self->reset;
      Gate next_clock = self->clock;
      if (rises(&next_reset, reset, at) || rises(&next_clock, clock, at)) {
        return at;
      }
      self->reset = next_reset;
      self->clock = next_clock;
      ++at;
    }
  }
  return n_frames;
}

/// Take the edges of frame `at`, and pass all that follow without a rise
static unsigned
take_edges(Stepper* const     self,
           const float* const reset,
           const float* const clock,
           const bool         clock_rises,
           const uint32_t     at,
           const uint32_t     n_frames,
           uint32_t* const    end)
{
  const bool     reset_rises = rises(&self->reset, reset, at);
  const unsigned events      = stepper_rise(self, reset_rises, clock_rises);

  *end = next_rise(self, reset, clock, at + 1U, n_frames);
  stepper_pass(self, *end - at);
  return events;
}

unsigned
stepper_take(Stepper* const     self,
             const float* const reset,
             const float* const clock,
             const uint32_t     at,
             const uint32_t     n_frames,
             uint32_t* const    end)
{
  const bool clock_rises = rises(&self->clock, clock, at);

  return take_edges(self, reset, clock, clock_rises, at, n_frames, end);
}

unsigned
stepper_take_reset(Stepper* const     self,
                   const float* const reset,
                   const bool         clock_rises,
                   const uint32_t     at,
                   const uint32_t     n_frames,
                   uint32_t* const    end)
{
  self->clock.high = false;
  return take_edges(self, reset, NULL, clock_rises, at, n_frames, end);
}
