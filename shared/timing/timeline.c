// SPDX-License-Identifier: ISC

#include "timing/timeline.h"

#include <math.h>

#define TEMPO_BITS 23         ///< Of a tempo, below the point
#define MAX_BEAT_UNITS 0x1p49 ///< So that sums of them stay below 2^64
#define SECONDS_PER_MINUTE 60.0
#define QUARTERS 4.0 ///< Of a note
#define DEFAULT_TEMPO 120.0f
#define SWING_BITS 16
#define STRAIGHT (1U << (SWING_BITS - 1U))
#define FAR_BEATS 8192   ///< Farther than any slice goes
#define MAX_BEATS 0x1p40 ///< Farther than any song goes
#define MAX_PLACE 1e9    ///< The same in bars, or beats of one
#define MAX_SPEED 100.0
#define MAX_METER 1024.0
#define NEAR_FRAMES 0.25 ///< So far off is what hosts round
#define LATE_S 0.005     ///< So far off is a host that goes on
#define ON_TIME_S 0.1    ///< So far off it may be where the meter changes

// ---- Arithmetic

/// Return floor(a / b)
static int64_t
floor_div(const int64_t a, const int64_t b)
{
  return a / b - (a % b < 0);
}

/**
   Return above * units / below, rounded up.

   `above` is less than `below`, that at most 2^30, and `units` less than 2^50.
*/
static uint64_t
part_of(const uint64_t units, const uint64_t above, const uint64_t below)
{
  const uint64_t upper = above * (units >> 25U);
  const uint64_t lower = above * (units & 0x1ffffffU);
  const uint64_t rest  = ((upper % below) << 25U) + lower;

  return ((upper / below) << 25U) + rest / below + (rest % below > 0U);
}

// ---- Pace and place

void
timeline_init(Timeline* const self, const double sample_rate)
{
  self->sample_rate = sample_rate;
  timeline_reset(self);
}

void
timeline_reset(Timeline* const self)
{
  const double rate = nearbyint(self->sample_rate);
  const double base = SECONDS_PER_MINUTE * (rate > 1.0 ? rate : 1.0);

  int bits = TEMPO_BITS;
  while (bits > 0 && ldexp(base, bits) >= MAX_BEAT_UNITS) {
    --bits;
  }

  *self = (Timeline){.sample_rate = self->sample_rate,
                     .beat_units  = (uint64_t)ldexp(base, bits),
                     .tempo_unit  = ldexp(1.0, bits),
                     .swing       = STRAIGHT,
                     .swing_units = 4U,
                     .meter       = {QUARTERS, QUARTERS}};
  timeline_set_tempo(self, DEFAULT_TEMPO);
}

static void
set_pace(Timeline* const self, const double beats_per_minute)
{
  const double most  = (double)TIMELINE_MAX_TEMPO;
  const double tempo = beats_per_minute < most ? beats_per_minute : most;

  self->step = tempo > 0.0 ? (uint64_t)nearbyint(tempo * self->tempo_unit) : 0U;
}

void
timeline_set_tempo(Timeline* const self, const float beats_per_minute)
{
  set_pace(self, (double)beats_per_minute);
}

void
timeline_set_swing(Timeline* const self,
                   const double    part,
                   const uint32_t  units_per_beat)
{
  const double   above = part > 0.5 ? part : 0.5;
  const double   swing = above < 0.75 ? above : 0.75;
  const uint32_t units = units_per_beat > 1U ? units_per_beat & ~1U : 2U;

  self->swing       = (uint32_t)nearbyint(ldexp(swing, SWING_BITS));
  self->swing_units = units < TIMELINE_MAX_UNITS ? units : TIMELINE_MAX_UNITS;
}

void
timeline_run(Timeline* const self, const bool runs)
{
  self->is_running = runs;
}

TimelinePlace
timeline_place(const Timeline* const self, const double beats)
{
  const double above   = beats > -MAX_BEATS ? beats : -MAX_BEATS;
  const double bounded = above < MAX_BEATS ? above : MAX_BEATS;
  const double beat    = floor(bounded);
  const double units   = nearbyint((bounded - beat) * (double)self->beat_units);

  const TimelinePlace place = {(int64_t)beat, (uint64_t)units};
  const TimelinePlace next  = {(int64_t)beat + 1, 0};
  return place.units < self->beat_units ? place : next;
}

TimelinePlace
timeline_place_after(const Timeline* const self,
                     const TimelinePlace   place,
                     const int64_t         units)
{
  const int64_t beat_units = (int64_t)self->beat_units;
  const int64_t beats      = floor_div(units, beat_units);
  const int64_t rest       = units - beats * beat_units + (int64_t)place.units;
  const bool    carries    = rest >= beat_units;

  return (TimelinePlace){place.beat + beats + carries,
                         (uint64_t)(carries ? rest - beat_units : rest)};
}

uint64_t
timeline_units(const Timeline* const self,
               const TimelinePlace   from,
               const TimelinePlace   to)
{
  if (!timeline_is_before(from, to)) {
    return 0;
  }

  const int64_t beats = to.beat - from.beat;
  const int64_t near  = beats < FAR_BEATS ? beats : FAR_BEATS - 1;
  return (uint64_t)near * self->beat_units + to.units - from.units;
}

void
timeline_go_to(Timeline* const self, const double beats)
{
  self->place = timeline_place(self, beats);
}

void
timeline_pass(Timeline* const self, const uint32_t n_frames)
{
  // A step is less than 2^37, so that frames of up to 2^26 are summed at once
  static const uint32_t n_most = UINT32_C(1) << 26U;

  for (uint32_t n_left = self->is_running ? n_frames : 0U; n_left > 0U;) {
    const uint32_t n     = n_left < n_most ? n_left : n_most;
    const uint64_t units = self->place.units + n * self->step;
    const uint64_t beats = units < self->beat_units ? 0U : units / self->beat_units;
    self->place.beat += (int64_t)beats;
    self->place.units = units - beats * self->beat_units;
    n_left -= n;
  }
}

double
timeline_beats(const Timeline* const self)
{
  return (double)self->place.beat +
         (double)self->place.units / (double)self->beat_units;
}

PhasorPosition
timeline_cycle(const Timeline* const self, const TimelineRatio ratio)
{
  static const uint64_t most = UINT64_MAX - 2047U; // The last double before 2^64

  // In units of 1 / (below M) cycles: number and part are exact, the phase to a double
  const uint64_t whole = self->place.units * ratio.above;
  const int64_t  parts =
    self->place.beat * (int64_t)ratio.above + (int64_t)(whole / self->beat_units);
  const int64_t  number = floor_div(parts, ratio.below);
  const uint64_t part   = (uint64_t)(parts - number * (int64_t)ratio.below);
  const double   above  = (double)(part * self->beat_units + whole % self->beat_units);
  const double   phase  = above / ((double)self->beat_units * (double)ratio.below);

  return (PhasorPosition){number, phase < 1.0 ? (uint64_t)(phase * 0x1p64) : most};
}

double
timeline_cycle_step(const Timeline* const self, const TimelineRatio ratio)
{
  const double beats = (double)self->step / (double)self->beat_units;

  return self->is_running ? beats * (double)ratio.above / (double)ratio.below : 0.0;
}

// ---- Ticks

/// Return the place that is `above` / `below` beats after beat `beat`, rounded up
static TimelinePlace
place_after(const Timeline* const self,
            const int64_t         beat,
            const uint64_t        above,
            const uint64_t        below)
{
  const uint64_t beats = above / below;

  return (TimelinePlace){beat + (int64_t)beats,
                         part_of(self->beat_units, above % below, below)};
}

/// Return a place that swing has moved, `above` / `below` units of swing after the
/// start
static TimelinePlace
swung_place(const Timeline* const self, const int64_t above, const uint32_t below)
{
  // The pair, and how much of it is over, in 1 / (2^15 below) units
  const int64_t  whole  = floor_div(above, below);
  const uint64_t part   = (uint64_t)(above - whole * (int64_t)below);
  const int64_t  pair   = floor_div(whole, 2);
  const uint64_t first  = self->swing;
  const uint64_t second = 2U * STRAIGHT - first;
  const uint64_t over   = whole % 2 == 0 ? part * first : below * first + part * second;

  // A beat has whole pairs
  const int64_t  n_pairs = (int64_t)self->swing_units / 2;
  const int64_t  beat    = floor_div(pair, n_pairs);
  const uint64_t before  = (uint64_t)(pair - beat * n_pairs);
  const uint64_t unit    = (uint64_t)below << (SWING_BITS - 1U);
  return place_after(self, beat, before * 2U * unit + over, unit * self->swing_units);
}

TimelinePlace
timeline_ticks_place(const Timeline* const      self,
                     const TimelineTicks* const ticks,
                     const int64_t              number)
{
  const TimelineRatio ratio = ticks->ratio;
  const int64_t       parts = number * (int64_t)ratio.below;
  if (ticks->swings && self->swing != STRAIGHT) {
    return swung_place(self, parts * (int64_t)self->swing_units, ratio.above);
  }

  const int64_t beat = floor_div(parts, ratio.above);
  return place_after(
    self, beat, (uint64_t)(parts - beat * (int64_t)ratio.above), ratio.above);
}

void
timeline_ticks_find_from(const Timeline* const self,
                         TimelineTicks* const  ticks,
                         const TimelinePlace   place)
{
  const TimelineRatio ratio = ticks->ratio;

  // Swing moves nothing by more than a beat
  int64_t before = floor_div((place.beat - 1) * ratio.above, ratio.below) - 1;
  int64_t after  = floor_div((place.beat + 2) * ratio.above, ratio.below) + 1;
  while (after - before > 1) {
    const int64_t middle = before + (after - before) / 2;
    if (timeline_is_before(timeline_ticks_place(self, ticks, middle), place)) {
      before = middle;
    } else {
      after = middle;
    }
  }
  ticks->next = after;
}

void
timeline_ticks_find(const Timeline* const self, TimelineTicks* const ticks)
{
  timeline_ticks_find_from(self, ticks, self->place);
}

static uint32_t
ratio_part(const uint32_t part)
{
  const uint32_t above = part > 1U ? part : 1U;

  return above < TIMELINE_MAX_RATIO ? above : TIMELINE_MAX_RATIO;
}

void
timeline_ticks_set(const Timeline* const self,
                   TimelineTicks* const  ticks,
                   const TimelineRatio   ratio,
                   const bool            swings)
{
  ticks->ratio  = (TimelineRatio){ratio_part(ratio.above), ratio_part(ratio.below)};
  ticks->swings = swings;
  timeline_ticks_find(self, ticks);
}

uint32_t
timeline_frames_to(const Timeline* const self,
                   const TimelinePlace   place,
                   const uint32_t        n_frames)
{
  if (!self->is_running) {
    return n_frames;
  }
  const uint64_t units = timeline_units(self, self->place, place);
  if (units == 0U) {
    return 0;
  }
  if (self->step == 0U || place.beat - self->place.beat >= FAR_BEATS) {
    return n_frames;
  }

  const uint64_t n = (units - 1U) / self->step + 1U;
  return n < n_frames ? (uint32_t)n : n_frames;
}

uint32_t
timeline_frames(const Timeline* const      self,
                const TimelineTicks* const ticks,
                const uint32_t             n_frames)
{
  return timeline_frames_to(
    self, timeline_ticks_place(self, ticks, ticks->next), n_frames);
}

// ---- A host

/// Take `told` if it is above 0 and up to `most`
static void
take(double* const value, const double told, const double most)
{
  if (told > 0.0 && told <= most) {
    *value = told;
  }
}

/// Take meter, tempo and speed, and return whether it starts or stops
static unsigned
follow_pace(Timeline* const self, const Transport* const transport)
{
  take(&self->meter.beat_unit, transport->beat_unit, MAX_METER);
  take(&self->meter.beats_per_bar, transport->beats_per_bar, MAX_METER);
  take(
    &self->beats_per_minute, transport->beats_per_minute, (double)TIMELINE_MAX_TEMPO);
  if (transport->speed >= -MAX_SPEED && transport->speed <= MAX_SPEED) {
    self->speed = transport->speed;
  }

  const double tempo = self->beats_per_minute * QUARTERS / self->meter.beat_unit;
  const bool   runs  = self->speed > 0.0 && tempo > 0.0;
  const bool   ran   = self->is_running;
  if (tempo > 0.0) {
    set_pace(self, runs ? tempo * self->speed : tempo);
  }
  timeline_run(self, runs);
  return runs == ran ? TIMELINE_GOES_ON : runs ? TIMELINE_STARTS : TIMELINE_STOPS;
}

/// Return how far it is to a place, in frames at the present tempo
static double
frames_off(const Timeline* const self, const double beats)
{
  const double whole = floor(beats) - (double)self->place.beat;
  const double units = (beats - floor(beats)) * (double)self->beat_units;

  return (whole * (double)self->beat_units + units - (double)self->place.units) /
         (double)(self->step > 0U ? self->step : 1U);
}

unsigned
timeline_follow(Timeline* const self, const Transport* const transport)
{
  const unsigned events = follow_pace(self, transport);
  const double   bar    = transport->bar;
  const double   beat   = transport->bar_beat;
  if (!(fabs(bar) <= MAX_PLACE && fabs(beat) <= MAX_PLACE)) {
    return events;
  }

  const double frame_notes = (double)self->step / (double)self->beat_units / QUARTERS;
  const double here = self->is_placed ? timeline_beats(self) / QUARTERS : (double)NAN;
  const double beats =
    QUARTERS * meter_take(&self->map,
                          bar,
                          beat,
                          self->meter,
                          here,
                          ON_TIME_S * self->sample_rate * frame_notes);
  const double off = fabs(frames_off(self, beats));
  self->is_placed  = true;
  if (off <= NEAR_FRAMES) {
    return events;
  }

  timeline_go_to(self, beats);
  return events | (off <= LATE_S * self->sample_rate ? TIMELINE_MOVES : TIMELINE_JUMPS);
}
