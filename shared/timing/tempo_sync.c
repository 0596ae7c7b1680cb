// SPDX-License-Identifier: ISC

#include "timing/tempo_sync.h"

#define QUARTERS 4.0 ///< Of a note
#define SECONDS_PER_MINUTE 60.0
#define MAX_SPEED 100.0   ///< Faster than any song goes
#define MAX_TEMPO 10000.0 ///< The same in beats per minute
#define MAX_METER 1024.0  ///< More than any bar has
#define MAX_PLACE 1e9     ///< Farther than any song goes, in bars or beats

/// The length of a cycle, in notes or bars
typedef struct {
  double above;
  double below;
  bool   is_bars;
} Length;

static const Length lengths[N_SONG_NOTES] = {
  {16.0, 1.0, true},  {8.0, 1.0, true}, {4.0, 1.0, true},
  {2.0, 1.0, true},   {1.0, 1.0, true}, {1.0, 1.0, false}, // 1/1
  {3.0, 4.0, false},                                       // 1/2 dotted
  {2.0, 3.0, false},                                       // 1/1 triplet
  {1.0, 2.0, false},                                       // 1/2
  {3.0, 8.0, false},                                       // 1/4 dotted
  {1.0, 3.0, false},                                       // 1/2 triplet
  {1.0, 4.0, false},                                       // 1/4
  {3.0, 16.0, false},                                      // 1/8 dotted
  {1.0, 6.0, false},                                       // 1/4 triplet
  {1.0, 8.0, false},                                       // 1/8
  {3.0, 32.0, false},                                      // 1/16 dotted
  {1.0, 12.0, false},                                      // 1/8 triplet
  {1.0, 16.0, false},                                      // 1/16
  {3.0, 64.0, false},                                      // 1/32 dotted
  {1.0, 24.0, false},                                      // 1/16 triplet
  {1.0, 32.0, false},                                      // 1/32
  {1.0, 48.0, false}};                                     // 1/32 triplet

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

  *self = (TempoSync){
    .sample_rate = sample_rate, .beat_unit = QUARTERS, .beats_per_bar = QUARTERS};
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

/// Return where the song is, in notes
static double
notes_now(const TempoSync* const self)
{
  const double time_s = (double)self->since / self->sample_rate;

  return self->notes + time_s * self->speed * self->notes_per_s;
}

void
tempo_sync_set_transport(TempoSync* const self, const Transport* const transport)
{
  // Where it is now, at the tempo so far
  self->notes = notes_now(self);
  self->since = 0;

  take(&self->beat_unit, transport->beat_unit, MAX_METER);
  take(&self->beats_per_bar, transport->beats_per_bar, MAX_METER);
  if (transport->beats_per_minute > 0.0 && transport->beats_per_minute <= MAX_TEMPO) {
    self->notes_per_s =
      transport->beats_per_minute / (SECONDS_PER_MINUTE * self->beat_unit);
  }
  if (transport->speed >= -MAX_SPEED && transport->speed <= MAX_SPEED) {
    self->speed = transport->speed;
  }
  if (is_place(transport)) {
    const double beats = transport->bar * self->beats_per_bar + transport->bar_beat;
    self->notes        = beats / self->beat_unit;
    self->is_placed    = true;
  }
}

double
tempo_sync_length(const TempoSync* const self, const uint32_t choice)
{
  const Length length = lengths[choice < N_SONG_NOTES ? choice : N_SONG_NOTES - 1U];
  const double unit   = length.is_bars ? self->beats_per_bar / self->beat_unit : 1.0;

  return unit * length.above / length.below;
}

double
tempo_sync_pace(const TempoSync* const self, const double length)
{
  const double speed = tempo_sync_leads(self) ? self->speed : 1.0;

  return speed * self->notes_per_s / (length * self->sample_rate);
}

PhasorPosition
tempo_sync_place(const TempoSync* const self, const double length)
{
  return phasor_place(notes_now(self) / length);
}
