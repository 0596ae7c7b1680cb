// SPDX-License-Identifier: ISC

#include "timing/clock_place.h"

#include "math/clamp.h"
#include "timing/clock_gen.h"
#include "timing/clock_out.h"

#include <math.h>
#include <stddef.h>

#define QUARTERS 4.0    ///< Of a note, and of a bar without a host's
#define BARS_PARTS 64.0 ///< Bars start at such parts of a beat

// ---- Places

bool
clock_is_host(const ClockGen* const self)
{
  return self->settings.source == CLOCK_HOST;
}

bool
clock_is_ticked(const ClockGen* const self)
{
  return self->settings.source == CLOCK_MIDI || self->settings.source == CLOCK_CABLE;
}

Timeline*
clock_line_of(ClockGen* const self)
{
  return clock_is_host(self) ? &self->song : &self->own;
}

ClockBars*
clock_bars_of(ClockGen* const self)
{
  return clock_is_host(self) ? &self->song_bars : &self->own_bars;
}

TimelinePlace
clock_shifted_place(const ClockGen* const self, const Timeline* const line)
{
  const TimelinePlace place = line->place;
  if (self->settings.source == CLOCK_INTERNAL || line->step == 0U) {
    return place;
  }

  // As far as units can be counted, at sources and rates beyond any use
  const double most   = 0x1p62 / (double)line->step;
  const double frames = clamp(self->settings.offset_s * self->sample_rate, -most, most);
  const int64_t n_frames = (int64_t)nearbyint(frames);
  return timeline_place_after(line, place, -n_frames * (int64_t)line->step);
}

TimelinePlace
clock_place_of_outs(const ClockGen* const self,
                    const Timeline* const line,
                    const TimelinePlace   place)
{
  const TimelinePlace from = {place.beat - self->origin.beat, place.units};

  return timeline_place_after(line, from, -(int64_t)self->origin.units);
}

// ---- Bars

static void
set_bar(ClockBars* const self, const Timeline* const line, const double beats)
{
  self->next_beats = beats;
  self->next       = timeline_place(line, beats);
}

void
clock_find_bar(ClockGen* const self)
{
  ClockBars* const bars = &self->own_bars;

  bars->beats  = QUARTERS;
  bars->number = (int64_t)ceil(timeline_beats(&self->own) / QUARTERS);
  set_bar(bars, &self->own, QUARTERS * (double)bars->number);
}

/// Go over `n` bars
static void
pass_bars(ClockBars* const self, const Timeline* const line, const double n)
{
  self->last_beats = self->next_beats + (n - 1.0) * self->beats;
  self->number += (int64_t)n;
  set_bar(self, line, self->next_beats + n * self->beats);
}

void
clock_find_song_bar(ClockGen* const self)
{
  ClockBars* const bars = &self->song_bars;
  const double     far  = timeline_beats(&self->song) - bars->next_beats;

  if (far > 0.0) {
    pass_bars(bars, &self->song, ceil(far / bars->beats));
  }
}

static void
take_bar(ClockGen* const self, const Timeline* const line)
{
  ClockBars* const bars      = clock_bars_of(self);
  const bool       is_fourth = bars->number % 4 == 0;

  pass_bars(bars, line, 1.0);
  if (self->settings.reset_when == CLOCK_RESET_EACH_BAR ||
      (self->settings.reset_when == CLOCK_RESET_EACH_4_BARS && is_fourth)) {
    gate_out_triggers(&self->reset_out, 1);
  }
}

void
clock_take_bars(ClockGen* const       self,
                const Timeline* const line,
                const TimelinePlace   place)
{
  ClockBars* const bars = clock_bars_of(self);
  const double     beats =
    (double)place.beat + (double)place.units / (double)line->beat_units;
  const double n_over = floor((beats - bars->next_beats) / bars->beats);
  if (n_over >= 2.0) {
    pass_bars(bars, line, n_over - 1.0);
  }
  while (!timeline_is_before(place, bars->next)) {
    take_bar(self, line);
  }
}

void
clock_follow_bars(ClockGen* const        self,
                  const Transport* const transport,
                  const bool             jumps)
{
  const double     unit  = QUARTERS / self->song.meter.beat_unit;
  const double     here  = timeline_beats(&self->song);
  const double     start = here - transport->bar_beat * unit;
  const double     bar   = nearbyint(start * BARS_PARTS) / BARS_PARTS;
  const double     frame = timeline_cycle_step(&self->song, (TimelineRatio){1, 1});
  const double     past  = here - frame / 2.0;
  ClockBars* const bars  = &self->song_bars;
  if (!isfinite(transport->bar) || !isfinite(start)) {
    return;
  }

  bars->last_beats  = jumps ? past : bars->last_beats;
  bars->beats       = self->song.meter.beats_per_bar * unit;
  const bool is_due = bar > bars->last_beats;
  bars->number      = (int64_t)transport->bar + (is_due ? 0 : 1);
  set_bar(bars, &self->song, is_due ? bar : bar + bars->beats);
}

// ---- Starts and jumps

void
clock_find_ticks(ClockGen* const       self,
                 const Timeline* const line,
                 const TimelinePlace   place)
{
  for (uint32_t o = 0; o < CLOCK_OUTS; ++o) {
    clock_out_jump(&self->out[o], line, place);
  }
}

void
clock_enter_song(ClockGen* const self)
{
  self->origin = (TimelinePlace){0, 0};
  clock_find_ticks(self, &self->song, self->song.place);
}

void
clock_go_to(ClockGen* const self, const TimelinePlace place)
{
  self->own.place = place;
  clock_find_ticks(self, &self->own, place);
  clock_find_bar(self);
}

static bool
source_runs(const ClockGen* const self)
{
  switch (self->settings.source) {
  case CLOCK_HOST:
    return self->song.is_running;
  case CLOCK_MIDI:
    return self->midi_runs;
  case CLOCK_INTERNAL:
  case CLOCK_CABLE:
    break;
  }
  return true;
}

void
clock_find_running(ClockGen* const self)
{
  const bool wants_to = self->settings.running || self->run.high;
  const bool ran      = self->runs;

  self->runs = wants_to && source_runs(self);
  timeline_run(&self->own, self->runs && !self->is_armed && !clock_is_host(self));
  if (ran && !self->runs) {
    self->is_armed = clock_is_ticked(self);
    for (uint32_t o = 0; o < CLOCK_OUTS; ++o) {
      clock_out_stop(&self->out[o]);
    }
  } else if (!ran && self->runs && clock_is_host(self)) {
    clock_enter_song(self);
    if (self->settings.reset_when <= CLOCK_RESET_START) {
      gate_out_triggers(&self->reset_out, 1);
    }
  }
}

void
clock_arm(ClockGen* const self)
{
  self->is_armed = true;
  clock_loop_free(&self->loop);
  clock_find_running(self);
}

void
clock_gen_restart(ClockGen* const self)
{
  gate_out_triggers(&self->reset_out, 1);
  if (clock_is_host(self)) {
    self->origin = self->song.place;
    clock_find_ticks(self, &self->song, (TimelinePlace){0, 0});
    return;
  }

  clock_go_to(self, (TimelinePlace){0, 0});
  if (clock_is_ticked(self)) {
    self->tick = -1;
    clock_arm(self);
  }
}
