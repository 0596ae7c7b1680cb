// SPDX-License-Identifier: ISC

#include "delay/echo_time.h"

#include <math.h>

#define NEAR_FRAMES 1e-5 ///< So near a time is reached
#define N_POLES 3.0

void
echo_time_reset(EchoTime* const self)
{
  self->has_started  = false;
  self->gate         = (Gate){false};
  self->clock_frames = 0.0;
  clock_sync_reset(&self->clock);
  tempo_sync_reset(&self->tempo);
}

void
echo_time_init(EchoTime* const self,
               const double    sample_rate,
               const double    min_frames,
               const double    max_frames)
{
  self->sample_rate = sample_rate;
  self->min_frames  = min_frames;
  self->max_frames  = max_frames;
  tempo_sync_init(&self->tempo, sample_rate);
  echo_time_reset(self);
}

void
echo_time_set(EchoTime* const self, const EchoTimeSettings* const settings)
{
  const double pole_frames = settings->glide_s * self->sample_rate / N_POLES;

  self->settings = *settings;
  self->part     = 1.0 - exp(-1.0 / fmax(pole_frames, 1.0));
}

void
echo_time_set_transport(EchoTime* const self, const Transport* const transport)
{
  tempo_sync_set_transport(&self->tempo, transport);
}

// ---- The time

/// Return how many frames an echo takes, by what it follows, or 0 if that is unknown
static double
followed_frames(const EchoTime* const self)
{
  if (self->settings.source == ECHO_TIME_CLOCKED) {
    const ClockRatio ratio = clock_sync_ratio(self->settings.ratio);
    return self->clock_frames * ratio.below / ratio.above;
  }
  if (self->settings.source == ECHO_TIME_IN_TEMPO) {
    const double length = tempo_sync_length(&self->tempo, self->settings.note);
    const double pace   = tempo_sync_pace(&self->tempo, length);
    return pace > 0.0 ? 1.0 / pace : 0.0;
  }
  return 0.0;
}

/// Return the time that a side should have
static double
target(const EchoTime* const self, const uint32_t side)
{
  const double part     = side ? self->settings.right : 1.0;
  const double followed = followed_frames(self);
  const double frames =
    part * (followed > 0.0 ? followed : self->settings.time_s * self->sample_rate);

  double fitting = fmin(frames, 1e12);
  while (followed > 0.0 && fitting > self->max_frames) {
    fitting *= 0.5;
  }
  return fmax(self->min_frames, fmin(fitting, self->max_frames));
}

/// Take the time between pulses, unless it is what it was
static void
take_clock(EchoTime* const self)
{
  const double frames = self->clock.period;

  if (fabs(frames - self->clock_frames) > ECHO_TIME_CLOCK_PART * self->clock_frames) {
    self->clock_frames = frames;
  }
}

uint32_t
echo_time_take(EchoTime* const self, const float* const clock, const uint32_t n_frames)
{
  if (gate_next(&self->gate, clock[0])) {
    clock_sync_tick(&self->clock);
    take_clock(self);
  }

  return 1U + gate_steady_frames(&self->gate, clock + 1, n_frames - 1U);
}

// ---- Ways there

static bool
is_near(const EchoTimeSide* const side, const double frames, const double near)
{
  return fabs(side->at - frames) <= near && fabs(side->between[0] - frames) <= near &&
         fabs(side->between[1] - frames) <= near;
}

static void
rest_at(EchoTimeSide* const side, const double frames)
{
  *side = (EchoTimeSide){frames, {frames, frames}};
}

static void
start(EchoTime* const self)
{
  for (uint32_t s = 0; s < ECHO_TIME_N_SIDES && !self->has_started; ++s) {
    rest_at(&self->side[s], target(self, s));
  }
  self->has_started = true;
}

bool
echo_time_waits(const EchoTime* const self, const uint32_t side)
{
  return self->has_started && !self->settings.is_tape &&
         self->side[side].at != target(self, side);
}

bool
echo_time_rests(const EchoTime* const self)
{
  return self->has_started && is_near(&self->side[0], target(self, 0), 0.0) &&
         is_near(&self->side[1], target(self, 1), 0.0);
}

void
echo_time_jump(EchoTime* const self, const uint32_t side)
{
  rest_at(&self->side[side], target(self, side));
}

/// Glide by a frame
static void
glide(EchoTimeSide* const side, const double part, const double to)
{
  const double step  = part * (to - side->between[0]);
  const double below = fmin(step, ECHO_TIME_MAX_SPEED);

  side->between[0] += fmax(below, -ECHO_TIME_MAX_SPEED);
  side->between[1] += part * (side->between[0] - side->between[1]);
  side->at += part * (side->between[1] - side->at);
  if (is_near(side, to, NEAR_FRAMES)) {
    rest_at(side, to);
  }
}

void
echo_time_write(EchoTime* const self,
                const uint32_t  side,
                double* const   out,
                const uint32_t  n_frames)
{
  start(self);
  EchoTimeSide* const now     = &self->side[side];
  const double        to      = target(self, side);
  const bool          is_tape = self->settings.is_tape;
  const bool          moves   = is_tape && !is_near(now, to, 0.0);
  for (uint32_t i = 0; i < n_frames; ++i) {
    if (moves) {
      glide(now, self->part, to);
    }
    out[i] = now->at;
  }
}

void
echo_time_pass(EchoTime* const self, const uint32_t n_frames)
{
  clock_sync_pass(&self->clock, n_frames);
  tempo_sync_pass(&self->tempo, n_frames);
}
