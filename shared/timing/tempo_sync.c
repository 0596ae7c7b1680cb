// SPDX-License-Identifier: ISC

#include "timing/tempo_sync.h"

#include <math.h>

#define QUARTERS 4.0 ///< Of a note
#define SECONDS_PER_MINUTE 60.0
#define MAX_SPEED 100.0   ///< Faster than any song goes
#define MAX_TEMPO 10000.0 ///< The same in beats per minute
#define MAX_METER 1024.0  ///< More than any bar has
#define MAX_PLACE 1e9     ///< Farther than any song goes, in bars or beats
#define NEAR_FRAMES 0.25  ///< So far off is what hosts round
#define ON_TIME_S 0.1     ///< So far off a song may still be where a meter changes
#define HAIR 1e-9         ///< In cycles: what is rounded off here, and more

void
tempo_sync_init(TempoSync* const self, const double sample_rate)
{
  self->sample_rate = sample_rate;
  tempo_sync_reset(self);
}

void
tempo_sync_reset(TempoSync* const self)
{
  const double sample_rate = self->sample_rate;

  *self = (TempoSync){.sample_rate = sample_rate, .meter = {QUARTERS, QUARTERS}};
}

/// Take `told` if it is above 0 and up to `most`
static void
take(double* const value, const double told, const double most)
{
  if (told > 0.0 && told <= most) {
    *value = told;
  }
}

/// Return true if a place in the song was told that there can be
static bool
is_place(const Transport* const transport)
{
  const double bar  = transport->bar;
  const double beat = transport->bar_beat;

  return bar >= -MAX_PLACE && bar <= MAX_PLACE && beat >= -MAX_PLACE &&
         beat <= MAX_PLACE;
}

/// Return how many notes have gone by since the host told
static double
notes_since(const TempoSync* const self)
{
  return (double)self->since / self->sample_rate * self->speed * self->notes_per_s;
}

/// Return the length of a bar, in notes
static double
bar_notes(const TempoSync* const self)
{
  return self->meter.beats_per_bar / self->meter.beat_unit;
}

/// Go to where it is now, at the tempo so far
static void
catch_up(TempoSync* const self)
{
  const double notes = notes_since(self);

  self->notes += notes;
  self->bars += notes / bar_notes(self);
  self->since = 0;
}

/// Take a place if it is farther than `near` from `here`
static void
go_to(double* const here, const double place, const double near)
{
  if (place < *here - near || place > *here + near) {
    *here = place;
  }
}

/// Take the host's place
static void
take_place(TempoSync* const self, const Transport* const transport)
{
  const double notes_per_s = self->speed * self->notes_per_s;
  const double near        = NEAR_FRAMES / self->sample_rate * notes_per_s;
  const double here        = self->is_placed ? self->notes : (double)NAN;
  const double bar_beat    = transport->bar_beat;
  const double notes       = meter_take(
    &self->map, transport->bar, bar_beat, self->meter, here, ON_TIME_S * notes_per_s);

  go_to(&self->notes, notes, self->is_placed ? near : 0.0);
  go_to(&self->bars,
        transport->bar + bar_beat / self->meter.beats_per_bar,
        self->is_placed ? near / bar_notes(self) : 0.0);
  self->is_placed = true;
}

void
tempo_sync_set_transport(TempoSync* const self, const Transport* const transport)
{
  catch_up(self);
  take(&self->meter.beat_unit, transport->beat_unit, MAX_METER);
  take(&self->meter.beats_per_bar, transport->beats_per_bar, MAX_METER);
  if (transport->beats_per_minute > 0.0 && transport->beats_per_minute <= MAX_TEMPO) {
    self->notes_per_s =
      transport->beats_per_minute / (SECONDS_PER_MINUTE * self->meter.beat_unit);
  }
  if (transport->speed >= -MAX_SPEED && transport->speed <= MAX_SPEED) {
    self->speed = transport->speed;
  }
  if (is_place(transport)) {
    take_place(self, transport);
  }
}

double
tempo_sync_length(const TempoSync* const self, const uint32_t choice)
{
  const SongNote length = song_note(choice);
  const double   unit   = length.is_bars ? bar_notes(self) : 1.0;

  return unit * length.above / length.below;
}

double
tempo_sync_pace(const TempoSync* const self, const double length)
{
  const double speed = tempo_sync_leads(self) ? self->speed : 1.0;

  return speed * self->notes_per_s / (length * self->sample_rate);
}

PhasorPosition
tempo_sync_place(const TempoSync* const self, const uint32_t choice)
{
  const SongNote length = song_note(choice);
  const double   notes  = notes_since(self);
  const double   place =
    length.is_bars ? self->bars + notes / bar_notes(self) : self->notes + notes;

  return phasor_place(place * length.below / length.above + HAIR);
}
