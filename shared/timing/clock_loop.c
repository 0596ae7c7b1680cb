// SPDX-License-Identifier: ISC

#include "timing/clock_loop.h"

#include <math.h>

#define PI 3.14159265358979323846
#define FAR_PART 0.25 ///< Of a period, and a tick is far off
#define MAX_FAR 3     ///< So many far off to one side are a new tempo

// A new tempo is followed by more, as a line through its first ticks would be
#define FIRST_BANDWIDTH 0.1
#define FIRST_TICKS 0.4 ///< Over the number of its ticks, a bandwidth
#define MAX_TICKS 1000U ///< No more are counted

void
clock_loop_reset(ClockLoop* const self)
{
  *self = (ClockLoop){.is_free = true};
}

/// Count ticks that are far off, and return true if they are a new tempo
static bool
is_new_tempo(ClockLoop* const self, const double error)
{
  const bool is_far = fabs(error) > FAR_PART * self->period;
  const int  side   = error > 0.0 ? 1 : -1;

  self->n_off = !is_far ? 0 : self->n_off * side > 0 ? self->n_off + side : side;
  return self->n_off * side >= MAX_FAR;
}

/// Take a tick that is `error` frames later than it should be
static void
follow(ClockLoop* const self,
       const double     frames,
       const double     error,
       const double     bandwidth)
{
  const double first = fmin(FIRST_BANDWIDTH, FIRST_TICKS / self->n_ticks);
  const double w     = 2.0 * PI * fmax(bandwidth, first);

  self->n_ticks += self->n_ticks < MAX_TICKS;
  if (is_new_tempo(self, error)) {
    self->period  = frames;
    self->late    = 0.0;
    self->n_off   = 0;
    self->n_ticks = 1;
  } else if (self->n_off != 0) {
    self->late = -error;
  } else {
    self->period += w * w * error;
    self->late = (sqrt(2.0) * w - 1.0) * error;
  }
}

void
clock_loop_tick(ClockLoop* const self, const double bandwidth)
{
  const double frames    = (double)self->since;
  const bool   is_second = self->has_ticked && !(self->period > 0.0);
  const bool   is_late   = !is_second && frames > CLOCK_LOOP_PAUSE * self->period;

  if (is_second || (is_late && self->has_paused)) {
    self->period  = fmax(frames, 1.0);
    self->n_ticks = 1;
  }
  if (is_second || is_late || self->is_free || !self->has_ticked) {
    self->late  = 0.0;
    self->n_off = 0;
  } else {
    follow(self, frames, frames - (self->late + self->period), bandwidth);
  }
  self->has_paused = self->has_ticked && is_late && !self->has_paused;
  self->has_ticked = true;
  self->is_free    = false;
  self->since      = 0;
}
