// SPDX-License-Identifier: ISC

#include "timing/steps.h"

#include <math.h>
#include <stddef.h>

#define QUARTERS 4U      ///< Of a note
#define PAUSE_PERIODS 4U ///< A clock that is later than so many ends a pause
#define LONGEST (UINT64_C(1) << 40U) ///< Frames that are counted, more than a week

void
steps_init(Steps* const self, const double sample_rate)
{
  *self = (Steps){.settings = {STEPS_CABLE, 0, STEPPER_NEXT_CLOCK}};
  stepper_init(&self->stepper, sample_rate);
  timeline_init(&self->line, sample_rate);
  steps_reset(self);
}

/// Make the next note the one at or after the place, and its number the step's
static void
find_note(Steps* const self)
{
  timeline_ticks_find(&self->line, &self->notes);
  self->shift     = self->notes.next - (self->stepper.step + 1);
  self->has_moved = true;
}

static void
set_note(Steps* const self)
{
  const TimelineRatio ratio = steps_note_ratio(self->settings.note, self->line.meter);
  const TimelineRatio last  = self->notes.ratio;

  if (ratio.above != last.above || ratio.below != last.below) {
    timeline_ticks_set(&self->line, &self->notes, ratio, false);
    find_note(self);
  }
}

void
steps_reset(Steps* const self)
{
  stepper_reset(&self->stepper);
  timeline_reset(&self->line);
  self->step        = 0;
  self->place       = 0;
  self->since_start = 0;
  self->since_clock = 0;
  self->period      = 0;
  self->notes.ratio = (TimelineRatio){0, 0};
  self->clock.high  = false;
  self->has_begun   = false;
  self->has_clock   = false;
  self->has_paused  = false;
  self->has_place   = false;
  set_note(self);
}

// ---- Settings

static uint32_t
common_divisor(uint32_t a, uint32_t b)
{
  while (b > 0U) {
    const uint32_t rest = a % b;
    a                   = b;
    b                   = rest;
  }
  return a;
}

static uint32_t
whole(const double number)
{
  return number > 1.0 ? (uint32_t)lround(number) : 1U;
}

TimelineRatio
steps_note_ratio(const uint32_t note, const Meter meter)
{
  const SongNote length = song_note(note);
  const uint32_t beats  = length.is_bars ? whole(meter.beats_per_bar) : 1U;
  const uint32_t unit   = length.is_bars ? whole(meter.beat_unit) : 1U;
  const uint32_t above  = length.below * unit;
  const uint32_t below  = length.above * beats * QUARTERS;
  const uint32_t common = common_divisor(above, below);

  // As far as a timeline goes
  const uint32_t most    = TIMELINE_MAX_RATIO;
  const uint32_t n_above = above / common;
  const uint32_t n_below = below / common;
  return (TimelineRatio){n_above < most ? n_above : most,
                         n_below < most ? n_below : most};
}

void
steps_set(Steps* const self, const StepsSettings settings)
{
  const StepsFollow before = self->settings.follow;

  self->settings = settings;
  stepper_set_mode(&self->stepper, settings.reset_mode);
  set_note(self);
  if (settings.follow == before) {
    return;
  }

  find_note(self);
  if (settings.follow == STEPS_CABLE && self->has_begun) {
    // A clock that is high now has risen before
    self->stepper.clock.high = true;
  }
}

void
steps_transport(Steps* const self, const Transport* const transport)
{
  const unsigned events = timeline_follow(&self->line, transport);

  set_note(self);
  if (events & TIMELINE_JUMPS) {
    find_note(self);
  }
  self->has_moved =
    self->has_moved || (events & (TIMELINE_STARTS | TIMELINE_STOPS)) != 0U;
}

// ---- The song

/// Return the number of the note of the next frame
static int64_t
note_here(const Steps* const self)
{
  const TimelinePlace next =
    timeline_ticks_place(&self->line, &self->notes, self->notes.next);
  const TimelinePlace here = self->line.place;

  return self->notes.next - (here.beat != next.beat || here.units != next.units);
}

static unsigned
move(Steps* const self)
{
  if (!self->has_moved) {
    return STEPPER_NOTHING;
  }

  const int64_t next  = self->stepper.step + 1 + self->shift;
  const int64_t here  = note_here(self);
  const bool    waits = stepper_is_armed(&self->stepper) && self->shift == 0;
  self->has_moved     = false;
  self->has_place     = true;
  self->place         = here;
  self->step          = waits ? 0 : next - (self->notes.next - here);
  return STEPPER_ARMED;
}

/// Take the events of a note, or of a reset
static void
take_note(Steps* const self, const unsigned events)
{
  if (events & STEPPER_ARMED) {
    self->shift = 0;
    self->step  = 0;
    self->place = self->notes.next;
  }
  if (events & STEPPER_STARTS) {
    self->step        = self->stepper.step + self->shift;
    self->place       = self->notes.next - 1;
    self->since_start = 0;
  }
}

static unsigned
take_song(Steps* const       self,
          const float* const reset,
          const uint32_t     at,
          const uint32_t     n_frames,
          uint32_t* const    end)
{
  self->clock.high = false; // As a cable was last, where a slice began

  const unsigned moved  = move(self);
  const bool     is_due = timeline_frames(&self->line, &self->notes, 1U) == 0U;
  if (is_due) {
    timeline_tick(&self->notes);
  }

  const uint32_t n_left = timeline_frames(&self->line, &self->notes, n_frames - at);
  const uint32_t limit  = at + (n_left > 1U ? n_left : 1U);
  const unsigned events =
    stepper_take_reset(&self->stepper, reset, is_due, at, limit, end);
  take_note(self, events);
  return moved | events;
}

// ---- A cable

/// Take the way from the last clock to this one, unless that was a pause
static void
take_period(Steps* const self)
{
  const uint64_t way     = self->since_clock;
  const bool     is_late = self->period > 0U && way > PAUSE_PERIODS * self->period;

  if (self->has_clock && (!is_late || self->has_paused)) {
    self->period = way;
  }
  self->has_paused  = is_late && !self->has_paused;
  self->has_clock   = true;
  self->since_clock = 0;
}

/// Return which note of the song is nearest
static int64_t
nearest_note(const Steps* const self)
{
  const PhasorPosition here = timeline_cycle(&self->line, self->notes.ratio);

  return here.number + (here.phase >= PHASOR_HALF);
}

/// Return where frames end that have no fall of the clock, if that is to be known
static uint32_t
pulse_end(const Steps* const self,
          const float* const clock,
          const uint32_t     at,
          const uint32_t     n_frames)
{
  if (self->period > 0U || !self->clock.high || !clock) {
    return n_frames;
  }
  return at + gate_steady_frames(&self->clock, clock + at, n_frames - at);
}

static unsigned
take_cable(Steps* const       self,
           const float* const reset,
           const float* const clock,
           const uint32_t     at,
           const uint32_t     n_frames,
           uint32_t* const    end)
{
  self->clock = self->stepper.clock;
  if (gate_next(&self->clock, clock ? clock[at] : 0.0f)) {
    take_period(self);
  }

  const uint32_t limit  = pulse_end(self, clock, at, n_frames);
  const unsigned events = stepper_take(&self->stepper, reset, clock, at, limit, end);
  if (events != STEPPER_NOTHING) {
    self->step        = self->stepper.step > 0 ? self->stepper.step : 0;
    self->place       = nearest_note(self);
    self->has_place   = self->line.is_placed && self->line.is_running;
    self->since_start = 0;
  }
  return events;
}

// ---- Both

unsigned
steps_take(Steps* const       self,
           const float* const reset,
           const float* const clock,
           const uint32_t     at,
           const uint32_t     n_frames,
           uint32_t* const    end)
{
  if (self->settings.follow == STEPS_SONG) {
    return take_song(self, reset, at, n_frames, end);
  }

  self->has_moved = false;
  return take_cable(self, reset, clock, at, n_frames, end);
}

static uint64_t
later(const uint64_t since, const uint32_t n_frames)
{
  return since < LONGEST ? since + n_frames : since;
}

void
steps_pass(Steps* const self, const uint32_t n_frames)
{
  self->has_begun = true;
  timeline_pass(&self->line, n_frames);
  self->since_start = later(self->since_start, n_frames);
  self->since_clock = later(self->since_clock, n_frames);
}

double
steps_period(const Steps* const self)
{
  if (self->settings.follow == STEPS_CABLE) {
    return (double)self->period;
  }

  const double notes = timeline_cycle_step(&self->line, self->notes.ratio);
  return notes > 0.0 ? 1.0 / notes : 0.0;
}

/// Return frames to a part of the note that is numbered one before the next
static uint32_t
frames_in_song(const Steps* const self, const uint32_t part, const uint32_t n_frames)
{
  const TimelineRatio ratio  = self->notes.ratio;
  const TimelineTicks parts  = {{ratio.above * STEPS_PARTS, ratio.below}, false, 0};
  const int64_t       number = (self->notes.next - 1) * STEPS_PARTS + part;

  return timeline_frames_to(
    &self->line, timeline_ticks_place(&self->line, &parts, number), n_frames);
}

uint32_t
steps_frames_to(const Steps* const self, const uint32_t part, const uint32_t n_frames)
{
  if (self->settings.follow == STEPS_SONG) {
    return frames_in_song(self, part, n_frames);
  }
  if (self->period == 0U) {
    return n_frames;
  }

  const uint64_t due = (self->period * part + STEPS_PARTS - 1U) / STEPS_PARTS;
  const uint64_t n   = due > self->since_start ? due - self->since_start : 0U;
  return n < n_frames ? (uint32_t)n : n_frames;
}
