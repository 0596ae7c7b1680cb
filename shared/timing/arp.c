// SPDX-License-Identifier: ISC

#include "timing/arp.h"

#include "signal/fill.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#define SEMITONES_PER_OCTAVE 12
#define KEY_C4 60
#define VELOCITY_MAX 127.0

enum { CONTROL_CHANGE = 0xb0, STATUS = 0xf0, SOUND_OFF = 120, NOTES_OFF = 123 };

void
arp_init(Arp* const self, const double sample_rate)
{
  *self = (Arp){.sample_rate = sample_rate,
                .knobs       = {.n_octaves  = 1,
                                .gate_parts = STEPS_PARTS / 2U,
                                .velocity   = 1.0,
                                .restarts   = true}};
  steps_init(&self->steps, sample_rate);
  gate_out_init(&self->gate, sample_rate);
  gate_out_init(&self->end, sample_rate);
  arp_reset(self);
}

void
arp_reset(Arp* const self)
{
  steps_reset(&self->steps);
  gate_out_reset(&self->gate);
  gate_out_reset(&self->end);
  portamento_reset(&self->pitch);
  midi_input_reset(&self->input);
  chord_clear(&self->chord, 0);
  self->velocity   = 0.0;
  self->origin     = 0;
  self->waits      = false;
  self->has_played = false;
  self->plays      = false;
  self->is_early   = false;
  self->since      = 0;
  self->n_left     = 0;
}

// ---- Notes

static uint32_t
row_length(const Arp* const self)
{
  return self->chord.n_keys * self->knobs.n_octaves;
}

/// Return the way through the row, from its first note on
static Order
order_of(const Arp* const self)
{
  static const OrderWay ways[N_ARP_ORDERS] = {[ARP_UP]          = ORDER_FORWARD,
                                              [ARP_DOWN]        = ORDER_BACKWARD,
                                              [ARP_UP_AND_DOWN] = ORDER_PENDULUM,
                                              [ARP_DOWN_AND_UP] = ORDER_PENDULUM,
                                              [ARP_AS_PLAYED]   = ORDER_FORWARD,
                                              [ARP_RANDOM]      = ORDER_RANDOM,
                                              [ARP_WALK]        = ORDER_WALKING,
                                              [ARP_ENDS_TWICE]  = ORDER_THERE_AND_BACK,
                                              [ARP_OUTSIDE_IN]  = ORDER_FORWARD};

  return (Order){ways[self->knobs.order], row_length(self), 0, false, self->knobs.seed};
}

/// Return where in the row a place of the order is
static uint32_t
in_row(const Arp* const self, const uint32_t place)
{
  const uint32_t last = row_length(self) - 1U;

  return self->knobs.order == ARP_DOWN_AND_UP  ? last - place
         : self->knobs.order != ARP_OUTSIDE_IN ? place
         : place % 2U == 0U                    ? place / 2U
                                               : last - place / 2U;
}

/// Go to a pitch, unless that is where it goes already
static void
glide(Arp* const self, const double pitch_oct)
{
  if (!self->has_played) {
    portamento_jump(&self->pitch, pitch_oct);
    self->has_played = true;
  } else if (pitch_oct != self->pitch.target_oct) {
    portamento_glide(&self->pitch, pitch_oct);
  }
}

/// Go to note number `at` of the row: pitch and velocity, no gate
static void
tune(Arp* const self, const uint32_t at)
{
  const ArpKnobs* const knobs   = &self->knobs;
  const uint32_t        n       = self->chord.n_keys;
  const bool            by_note = knobs->octaves == ARP_NOTE_BY_NOTE;
  const uint32_t        k       = by_note ? at / knobs->n_octaves : at % n;
  const uint32_t        o       = by_note ? at % knobs->n_octaves : at / n;
  const uint32_t octave = knobs->octaves == ARP_AGAINST ? knobs->n_octaves - 1U - o : o;
  const ChordKey* const key = knobs->order == ARP_AS_PLAYED
                                ? &self->chord.key[k]
                                : chord_from_below(&self->chord, k);
  const int    from_c4  = (int)key->key - KEY_C4 + (int)octave * SEMITONES_PER_OCTAVE;
  const double velocity = key->velocity / VELOCITY_MAX;

  glide(self, from_c4 / (double)SEMITONES_PER_OCTAVE);
  self->velocity = 1.0 + knobs->velocity * (velocity - 1.0);
}

/// Tune to the note of the step, and return its place
static OrderPlace
find_note(Arp* const self)
{
  const Order      order = order_of(self);
  const int64_t    dice  = steps_dice(&self->steps, self->knobs.dice);
  const int64_t    step  = self->waits ? 0 : self->steps.step - self->origin;
  const OrderPlace place = order_at(&order, step, dice);

  tune(self, in_row(self, place.place));
  return place;
}

static void
rest(Arp* const self)
{
  gate_out_set(&self->gate, false);
  self->plays    = false;
  self->is_early = false;
}

static OrderPlace
play(Arp* const self)
{
  rest(self);
  if (self->chord.n_keys == 0U) {
    return (OrderPlace){.is_silent = true};
  }

  const OrderPlace place = find_note(self);
  gate_out_set(&self->gate, true);
  gate_out_trigger(&self->gate);
  self->plays = true;
  return place;
}

// ---- Keys

static ChannelSet
channels_of(const Arp* const self)
{
  return channel_set(self->knobs.input.routing.channel);
}

static uint64_t
chord_frames(const Arp* const self)
{
  return (uint64_t)llround(ARP_CHORD_S * self->sample_rate);
}

/// Play the first note of a chord before its step
static void
play_early(Arp* const self)
{
  const double period = steps_period(&self->steps);
  const double frames = ceil(period * self->knobs.gate_parts / STEPS_PARTS);

  play(self);
  self->is_early = true;
  self->since    = 0;
  self->n_left   = frames > 0.0 && frames < 0x1p40 ? (uint64_t)frames : ARP_ENDLESS;
}

static void
begin_chord(Arp* const self)
{
  self->waits = self->knobs.restarts;
  if (self->knobs.first == ARP_AT_ONCE) {
    play_early(self);
  }
}

/// Take the keys as they are now, though a strike may have begun a chord with some
static void
take_keys(Arp* const self, const bool is_new)
{
  const bool was_empty = is_new || self->chord.n_keys == 0U;
  chord_update(&self->chord, &self->input.notes, channels_of(self), self->knobs.holds);
  const bool is_empty = self->chord.n_keys == 0U;

  if (was_empty && !is_empty) {
    begin_chord(self);
  } else if (self->is_early && is_empty && self->n_left == ARP_ENDLESS) {
    rest(self);
  } else if (self->is_early && !is_empty && self->since < chord_frames(self)) {
    find_note(self);
  }
  self->waits = self->waits && !is_empty;
}

/// Return true if a message ends all notes of a channel that is listened to
static bool
is_panic(const Arp* const self, const uint8_t* const bytes, const uint32_t size)
{
  return size == 3U && (bytes[0] & STATUS) == CONTROL_CHANGE && bytes[2] < 128U &&
         (bytes[1] == SOUND_OFF || (bytes[1] >= NOTES_OFF && bytes[1] < 128U)) &&
         channel_is_in(channels_of(self), (bytes[0] & 0x0fU) + 1U);
}

static void
silence(Arp* const self)
{
  chord_clear(&self->chord, self->input.notes.n_strikes + 1U);
  self->waits = false;
  rest(self);
}

void
arp_midi(Arp* const self, const uint8_t* const bytes, const uint32_t size)
{
  const MidiEvent event =
    midi_input_message(&self->input, &self->knobs.input, bytes, size);
  if (is_panic(self, bytes, size)) {
    silence(self);
    return;
  }
  if (event.kind == MIDI_EVENT_NONE && size > 0U &&
      (bytes[0] & STATUS) != CONTROL_CHANGE) {
    return; // No key has changed
  }

  const bool is_new =
    event.kind == MIDI_EVENT_STRIKE && self->knobs.holds &&
    channel_is_in(channels_of(self), event.note.channel) &&
    !chord_has_finger(&self->input.notes, channels_of(self), event.note);
  if (is_new) {
    chord_clear(&self->chord, self->input.notes.n_strikes);
  }
  take_keys(self, is_new);
}

void
arp_set(Arp* const self, const ArpKnobs* const knobs)
{
  const bool panics  = knobs->input.panic && !self->input.panic;
  const bool turns   = midi_input_turn(&self->input, &knobs->input);
  const bool lets_go = self->knobs.holds && !knobs->holds;

  self->knobs = *knobs;
  steps_set(&self->steps, knobs->steps);
  portamento_set_time(&self->pitch,
                      (uint32_t)lround(knobs->glide_s * self->sample_rate));
  if (panics) {
    silence(self);
  }
  if (turns || lets_go) {
    take_keys(self, false);
  }
}

void
arp_transport(Arp* const self, const Transport* const transport)
{
  steps_transport(&self->steps, transport);
}

// ---- Steps

/// Return true if the first note has come early by no more than the keys of a chord may
static bool
is_fresh(const Arp* const self)
{
  return self->is_early && self->since < chord_frames(self);
}

static void
arm(Arp* const self, const bool starts)
{
  if (!starts || !is_fresh(self)) {
    rest(self);
  }
  self->origin = 0;
}

/// Start the step of a note that has come early, without another trigger
static void
catch_up(Arp* const self)
{
  self->is_early = false;
  if (self->chord.n_keys > 0U) {
    find_note(self);
  }
}

static void
start(Arp* const self)
{
  const bool is_same = is_fresh(self);
  if (self->waits) {
    self->origin = self->steps.step - (self->is_early && !is_same);
    self->waits  = false;
  }
  if (is_same) {
    catch_up(self);
    return;
  }

  const bool       is_first = self->steps.step == self->origin;
  const OrderPlace place    = play(self);
  if (place.is_round && !is_first) {
    gate_out_triggers(&self->end, 1);
  }
}

// ---- Time

/// Return for how many frames the gate of a note stays that has come early
static uint32_t
early_frames(Arp* const self, const uint32_t n_frames)
{
  if (self->n_left > 0U) {
    return self->n_left < n_frames ? (uint32_t)self->n_left : n_frames;
  }
  gate_out_set(&self->gate, false);
  self->plays = false;
  return n_frames;
}

/// Return for how many frames the gate stays, after all changes of this frame
static uint32_t
steady_frames(Arp* const self, const uint32_t n_frames)
{
  if (!self->plays) {
    return n_frames;
  }
  if (self->is_early) {
    return early_frames(self, n_frames);
  }
  if (steps_period(&self->steps) == 0.0) {
    if (!steps_clock_is_high(&self->steps)) {
      rest(self);
    }
    return n_frames;
  }

  const uint32_t n = steps_frames_to(&self->steps, self->knobs.gate_parts, n_frames);
  if (n > 0U) {
    return n;
  }
  rest(self);
  return n_frames;
}

static void
write_pitch(Arp* const         self,
            const float* const transpose,
            float* const       pitch,
            const uint32_t     n)
{
  const double origin_oct = zero_volt_oct(self->knobs.zero_volt);
  if (!transpose && portamento_rests(&self->pitch)) {
    fill_frames(pitch, (float)(self->pitch.target_oct - origin_oct + 0.0), n);
    return;
  }

  if (transpose) {
    memcpy(pitch, transpose, n * sizeof(float));
  } else {
    fill_frames(pitch, 0.0f, n);
  }
  portamento_add(&self->pitch, origin_oct, pitch, n);
}

static void
pass(Arp* const self, const uint32_t n)
{
  const uint64_t most = chord_frames(self);

  self->since = self->since + n < most ? self->since + n : most;
  if (self->is_early && self->plays && self->n_left != ARP_ENDLESS) {
    self->n_left -= n;
  }
  steps_pass(&self->steps, n);
}

void
arp_process(Arp* const              self,
            const ArpInputs* const  in,
            const ArpOutputs* const out,
            const uint32_t          n_frames)
{
  uint32_t end = 0;
  for (uint32_t at = 0; at < n_frames;) {
    const unsigned events =
      steps_take(&self->steps, in->reset, in->clock, at, n_frames, &end);
    if (events & STEPPER_ARMED) {
      arm(self, (events & STEPPER_STARTS) != 0U);
    }
    if (events & STEPPER_STARTS) {
      start(self);
    }
    while (at < end) {
      const uint32_t n = steady_frames(self, end - at);
      write_pitch(self, in->transpose ? in->transpose + at : NULL, out->pitch + at, n);
      fill_frames(out->velocity + at, (float)self->velocity * CV_MAX_V, n);
      gate_out_process(&self->gate, out->gate + at, out->trigger + at, n);
      gate_out_process(&self->end, NULL, out->end + at, n);
      pass(self, n);
      at += n;
    }
  }
}
