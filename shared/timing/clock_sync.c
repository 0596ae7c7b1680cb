// SPDX-License-Identifier: ISC

#include "timing/clock_sync.h"

#include <math.h>

#define ERROR_PART 0.25 ///< Of an error that one more makes up
#define FAR_PART 0.25   ///< Of a period, and a tick is far off
#define LOST_PART 0.5   ///< Of a period, and it is not the tick that was expected
#define MAX_FAR 3       ///< So many far off to one side are a new tempo

// A loop of second order, of a bandwidth of 0.02 of the clock: w = 2 pi 0.02
#define LOOP_PHASE 0.1777153 ///< sqrt(2) w
#define LOOP_TEMPO 0.0157914 ///< w^2

static const ClockRatio ratios[N_CLOCK_RATIOS] = {
  {1, 32}, {1, 24}, {1, 16}, {1, 12}, {1, 8}, {1, 6},  {1, 5},  {1, 4},  {1, 3},
  {3, 8},  {1, 2},  {2, 3},  {3, 4},  {1, 1}, {4, 3},  {3, 2},  {2, 1},  {8, 3},
  {3, 1},  {4, 1},  {5, 1},  {6, 1},  {8, 1}, {12, 1}, {16, 1}, {24, 1}, {32, 1}};

ClockRatio
clock_sync_ratio(const uint32_t choice)
{
  return ratios[choice < N_CLOCK_RATIOS ? choice : N_CLOCK_RATIOS - 1U];
}

void
clock_sync_reset(ClockSync* const self)
{
  *self = (ClockSync){.tick = -1};
}

void
clock_sync_pass(ClockSync* const self, const uint32_t n_frames)
{
  self->since += n_frames;
}

// ---- Prediction

/// Return true if a tick after `frames` is very late
static bool
is_pause(const ClockSync* const self, const double frames)
{
  return frames > CLOCK_SYNC_PAUSE *
                    fmax(self->way[CLOCK_SYNC_LAST], self->way[CLOCK_SYNC_SWUNG]);
}

/// Predict from one way alone
static void
start_anew(ClockSync* const self, const double frames)
{
  for (uint32_t w = 0; w < N_CLOCK_IN_WAYS; ++w) {
    self->way[w]   = frames;
    self->error[w] = 0.0;
  }
  self->even  = frames;
  self->n_off = 0;
}

/// Let the loop take a tick after `frames`, and see the next
static void
run_loop(ClockSync* const self, const double frames)
{
  const double late   = frames - self->way[CLOCK_SYNC_EVEN];
  const bool   is_far = fabs(late) > FAR_PART * self->even;
  const int    side   = late > 0.0 ? 1 : -1;

  self->n_off = !is_far ? 0 : self->n_off * side > 0 ? self->n_off + side : side;
  if (self->n_off * side >= MAX_FAR) {
    self->even                 = frames;
    self->way[CLOCK_SYNC_EVEN] = frames;
    self->n_off                = 0;
  } else if (fabs(late) > LOST_PART * self->even) {
    self->way[CLOCK_SYNC_EVEN] = self->even;
  } else {
    self->even += LOOP_TEMPO * late;
    self->way[CLOCK_SYNC_EVEN] = self->even - (1.0 - LOOP_PHASE) * late;
  }
}

/// Take the way to a tick, and predict the next
static void
learn(ClockSync* const self, const double frames)
{
  for (uint32_t w = 0; w < N_CLOCK_IN_WAYS; ++w) {
    self->error[w] += ERROR_PART * (fabs(frames - self->way[w]) - self->error[w]);
  }

  run_loop(self, frames);
  self->way[CLOCK_SYNC_SWUNG] = self->way[CLOCK_SYNC_LAST];
  self->way[CLOCK_SYNC_LAST]  = frames;
}

/// Return what the way that was the least wrong predicts
static double
prediction(const ClockSync* const self)
{
  uint32_t best = 0;
  for (uint32_t w = 1; w < N_CLOCK_IN_WAYS; ++w) {
    best = self->error[w] < self->error[best] ? w : best;
  }
  return fmax(self->way[best], 1.0);
}

void
clock_sync_tick(ClockSync* const self)
{
  const double frames    = (double)self->since;
  const bool   is_second = self->has_ticked && !(self->period > 0.0);
  const bool   is_late   = self->has_ticked && !is_second && is_pause(self, frames);

  if (is_second || (is_late && self->has_paused)) {
    start_anew(self, frames);
  } else if (self->has_ticked && !is_late) {
    learn(self, frames);
  }
  if (is_second || !is_late || self->has_paused) {
    self->period = self->has_ticked ? prediction(self) : 0.0;
  }
  self->has_paused = is_late && !self->has_paused;
  if (self->has_paused) {
    self->way[CLOCK_SYNC_EVEN] = self->even;
  }
  self->has_ticked = true;
  ++self->tick;
  self->since = 0;
}

void
clock_sync_restart(ClockSync* const self)
{
  self->tick = self->tick >= 0 && (double)self->since < self->period / 2.0 ? 0 : -1;
}

// ---- Cycles

double
clock_sync_pace(const ClockSync* const self, const ClockRatio ratio)
{
  // A hair above, so that no cycle is a frame late for what is rounded off
  static const double above = 1.0 + 0x1p-51;

  return self->period > 0.0
           ? above * (double)ratio.above / ((double)ratio.below * self->period)
           : 0.0;
}

double
clock_sync_progress(const ClockSync* const self)
{
  static const double most = 1.0 - 0x1p-32;

  const double part = self->period > 0.0 ? (double)self->since / self->period : 0.0;
  return part < most ? part : most;
}

/// Return above / below in 2^-64, where `above` is less than `below`
static uint64_t
fraction(const uint64_t above, const uint64_t below)
{
  const uint64_t upper = (above << 32U) / below;
  const uint64_t rest  = (above << 32U) % below;

  return (upper << 32U) + (rest << 32U) / below;
}

PhasorPosition
clock_sync_place(const int64_t tick, const ClockRatio ratio)
{
  const uint64_t parts = (uint64_t)tick * ratio.above;

  return (PhasorPosition){(int64_t)(parts / ratio.below),
                          fraction(parts % ratio.below, ratio.below)};
}
