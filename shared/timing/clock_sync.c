// SPDX-License-Identifier: ISC

#include "timing/clock_sync.h"

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
  *self = (ClockSync){.since = 0, .period = 0, .tick = -1};
}

void
clock_sync_pass(ClockSync* const self, const uint32_t n_frames)
{
  self->since += n_frames;
}

/// Return true if the next tick ends a pause, of which there are no two in a row
static bool
ends_pause(const ClockSync* const self)
{
  return !self->has_paused && self->period > 0 &&
         self->since > CLOCK_SYNC_PAUSE * self->period;
}

bool
clock_sync_tick(ClockSync* const self)
{
  const bool is_first = self->tick < 0 && self->period == 0;

  self->has_paused = ends_pause(self);
  if (!is_first && !self->has_paused) {
    self->period = self->since;
  }
  ++self->tick;
  self->since = 0;
  return is_first;
}

void
clock_sync_restart(ClockSync* const self)
{
  self->tick = self->tick >= 0 && self->since < self->period / 2U ? 0 : -1;
}

double
clock_sync_pace(const ClockSync* const self, const ClockRatio ratio)
{
  return self->period > 0
           ? (double)ratio.above / ((double)ratio.below * (double)self->period)
           : 0.0;
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
clock_sync_place(const ClockSync* const self, const ClockRatio ratio)
{
  const uint64_t parts = (uint64_t)self->tick * ratio.above;

  return (PhasorPosition){(int64_t)(parts / ratio.below),
                          fraction(parts % ratio.below, ratio.below)};
}
