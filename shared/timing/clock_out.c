// SPDX-License-Identifier: ISC

#include "timing/clock_out.h"

#include <math.h>

void
clock_out_init(ClockOut* const self, const double sample_rate)
{
  const uint32_t low_frames = (uint32_t)lround(TRIGGER_TIME_S * sample_rate);

  *self = (ClockOut){.low_frames = low_frames > 0U ? low_frames : 1U,
                     .ticks      = {.ratio = {1, 1}}};
  gate_out_init(&self->gate, sample_rate);
}

/// Find where the pulse that has started ends
static void
find_fall(ClockOut* const self, const Timeline* const line)
{
  const TimelineRatio ratio = self->ticks.ratio;
  const double        beats = self->width * ratio.below / ratio.above;
  const double        whole = floor(beats);
  const double        units = (beats - whole) * (double)line->beat_units;

  self->fall = timeline_place_after(line, self->rise, (int64_t)units);
  self->fall.beat += (int64_t)whole;
}

void
clock_out_bend(ClockOut* const self, const Timeline* const line)
{
  self->due = timeline_ticks_place(line, &self->ticks, self->ticks.next);
}

void
clock_out_set(ClockOut* const               self,
              const Timeline* const         line,
              const TimelinePlace           here,
              const ClockOutSettings* const settings)
{
  TimelineTicks* const ticks  = &self->ticks;
  const bool           is_new = ticks->ratio.above != settings->ratio.above ||
                      ticks->ratio.below != settings->ratio.below ||
                      ticks->swings != settings->swings;

  if (is_new) {
    ticks->ratio  = settings->ratio;
    ticks->swings = settings->swings;
    timeline_ticks_find_from(line, ticks, here);
    clock_out_bend(self, line);
  }
  self->width = settings->width;
  find_fall(self, line);
}

void
clock_out_jump(ClockOut* const       self,
               const Timeline* const line,
               const TimelinePlace   here)
{
  gate_out_set(&self->gate, false);
  timeline_ticks_find_from(line, &self->ticks, here);
  clock_out_bend(self, line);
}

void
clock_out_stop(ClockOut* const self)
{
  gate_out_reset(&self->gate);
}

/// Start a pulse, and find the next tick that is not due yet
static void
tick(ClockOut* const self, const Timeline* const line, const TimelinePlace here)
{
  gate_out_set(&self->gate, false);
  gate_out_set(&self->gate, true);
  self->rise = self->due;
  find_fall(self, line);

  timeline_tick(&self->ticks);
  clock_out_bend(self, line);
  if (!timeline_is_before(here, self->due)) {
    timeline_ticks_find_from(line, &self->ticks, timeline_place_after(line, here, 1));
    clock_out_bend(self, line);
  }
}

/// Return the units from where a pulse has to be low to the next tick
static uint64_t
low_units(const ClockOut* const self, const Timeline* const line)
{
  return self->low_frames * line->step;
}

/// Return true if a pulse ends here, as one does at once while there is no tempo
static bool
is_over(const ClockOut* const self,
        const Timeline* const line,
        const TimelinePlace   here)
{
  return line->step == 0U || !timeline_is_before(here, self->fall) ||
         timeline_units(line, here, self->due) <= low_units(self, line);
}

void
clock_out_take(ClockOut* const       self,
               const Timeline* const line,
               const TimelinePlace   here)
{
  if (!timeline_is_before(here, self->due)) {
    tick(self, line, here);
  }
  if (self->gate.gate && is_over(self, line, here)) {
    gate_out_set(&self->gate, false);
  }
}

uint64_t
clock_out_units(const ClockOut* const self,
                const Timeline* const line,
                const TimelinePlace   here)
{
  const uint64_t next = timeline_units(line, here, self->due);
  if (!self->gate.gate) {
    return next;
  }

  const uint64_t fall = timeline_units(line, here, self->fall);
  const uint64_t last = next - low_units(self, line);
  return fall < last ? fall : last;
}
