// SPDX-License-Identifier: ISC

#include "timing/sequencer.h"

#include "math/random.h"
#include "signal/fill.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#define SEMITONES_PER_OCTAVE 12.0
#define NEVER UINT32_MAX ///< A part of a step that does not come

enum { NOTE_ON = 0x90, STATUS = 0xf0, KEY_C4 = 60, NOTE_SIZE = 3 };

void
sequencer_init(Sequencer* const self, const double sample_rate)
{
  *self = (Sequencer){.sample_rate = sample_rate};
  for (uint32_t s = 0; s < SEQUENCER_STEPS; ++s) {
    self->knobs.step[s] = (SequencerStep){0, SEQUENCER_ON, 1.0f, 0.0f};
  }
  self->knobs.length     = SEQUENCER_STEPS;
  self->knobs.gate_parts = STEPS_PARTS / 2U;
  self->knobs.runs       = true;
  steps_init(&self->steps, sample_rate);
  gate_out_init(&self->gate, sample_rate);
  gate_out_init(&self->end, sample_rate);
  sequencer_reset(self);
}

void
sequencer_reset(Sequencer* const self)
{
  steps_reset(&self->steps);
  gate_out_reset(&self->gate);
  gate_out_reset(&self->end);
  portamento_reset(&self->pitch);
  self->at             = (OrderPlace){.is_silent = true};
  self->is_shown       = false;
  self->waits          = true;
  self->plays          = false;
  self->ties           = false;
  self->n_notes        = 0;
  self->note           = 0;
  self->key            = 0;
  self->backwards.high = false;
}

void
sequencer_set(Sequencer* const self, const SequencerKnobs* const knobs)
{
  if (knobs->runs != self->knobs.runs) {
    self->plays = false;
    gate_out_set(&self->gate, false);
  }
  self->knobs = *knobs;
  steps_set(&self->steps, knobs->steps);
  portamento_set_time(&self->pitch,
                      (uint32_t)lround(knobs->glide_s * self->sample_rate));
}

void
sequencer_transport(Sequencer* const self, const Transport* const transport)
{
  steps_transport(&self->steps, transport);
}

void
sequencer_midi(Sequencer* const self, const uint8_t* const bytes, const uint32_t size)
{
  if (size == NOTE_SIZE && (bytes[0] & STATUS) == NOTE_ON && bytes[2] > 0U) {
    self->key = (int)(bytes[1] & 0x7fU) - KEY_C4;
  }
}

// ---- The place

/// Return how many steps a voltage counts for
static int
steps_of(const float* const in, const uint32_t i)
{
  static const float most_v = 1000.0f; // As good as any more

  const float volts   = in ? in[i] : 0.0f;
  const float bounded = volts > most_v ? most_v : volts < -most_v ? -most_v : volts;
  return (int)lroundf(bounded / SEQUENCER_STEP_V);
}

/// A stretch of steps, and how far places in it are moved on
typedef struct {
  uint32_t first;
  uint32_t n;
  uint32_t moved;
} Stretch;

static Stretch
stretch_at(const Sequencer* const       self,
           const SequencerInputs* const in,
           const uint32_t               i)
{
  const int most   = (int)SEQUENCER_STEPS;
  const int length = (int)self->knobs.length + steps_of(in->length, i);
  const int n      = length < 1 ? 1 : length < most ? length : most;
  const int moved  = steps_of(in->select, i) % n;
  return (Stretch){
    self->knobs.first, (uint32_t)n, (uint32_t)(moved < 0 ? moved + n : moved)};
}

/// Return the number of the step at a place of the order
static uint32_t
step_at(const Stretch* const stretch, const uint32_t place)
{
  return (stretch->first + (place + stretch->moved) % stretch->n) % SEQUENCER_STEPS;
}

static Order
order_in(const Sequencer* const self, const Stretch* const stretch)
{
  uint32_t skipped = 0;
  for (uint32_t p = 0; p < stretch->n; ++p) {
    const SequencerStep* const step = &self->knobs.step[step_at(stretch, p)];
    skipped |= (uint32_t)(step->kind == SEQUENCER_SKIP) << p;
  }
  return (Order){
    self->knobs.way, stretch->n, skipped, self->backwards.high, self->knobs.seed};
}

/// Return where the last place is now, which is where its step is
static OrderPlace
last_place(const Sequencer* const self, const uint32_t first)
{
  OrderPlace last = self->at;
  last.place = (self->first + last.place + SEQUENCER_STEPS - first) % SEQUENCER_STEPS;
  return last;
}

static int64_t
dice(const Sequencer* const self)
{
  return steps_dice(&self->steps, self->knobs.dice);
}

/// Return the place of the step that starts now, or is to start
static OrderPlace
find_place(const Sequencer* const self, const Order* const order, const uint32_t first)
{
  if (self->knobs.steps.follow == STEPS_SONG) {
    return order_at(order, self->steps.step, dice(self));
  }
  return self->waits ? order_first(order, dice(self))
                     : order_next(order, last_place(self, first), dice(self));
}

/// Return the place that comes after this one
static OrderPlace
find_next(const Sequencer* const self, const Order* const order)
{
  return self->knobs.steps.follow == STEPS_SONG
           ? order_at(order, self->steps.step + 1, dice(self) + 1)
           : order_next(order, self->at, dice(self) + 1);
}

static void
go_to(Sequencer* const self, const OrderPlace place, const Stretch* const stretch)
{
  self->at    = place;
  self->first = stretch->first;
  self->shown = step_at(stretch, place.place);
}

// ---- What a step plays

/// Return the kind of a step that chance number `number` may silence
static SequencerKind
kind_by_chance(const Sequencer* const self, const uint32_t step, const int64_t number)
{
  const SequencerStep* const one    = &self->knobs.step[step];
  const uint64_t             random = random_at(self->knobs.seed, number) >> 40U;
  const bool                 passes = (float)random < one->chance * 0x1p24f;

  return passes ? one->kind : SEQUENCER_OFF;
}

/// Return true if the step after this one, as far as one can know, is tied to it
static bool
is_tied_next(const Sequencer* const self,
             const Order* const     order,
             const Stretch* const   stretch)
{
  const OrderPlace next = find_next(self, order);
  const uint32_t   step = step_at(stretch, next.place);

  return !next.is_silent && kind_by_chance(self, step, dice(self) + 1) == SEQUENCER_TIE;
}

static double
pitch_of(const Sequencer* const self)
{
  const int key = self->knobs.follows_key ? self->key : 0;

  return (self->knobs.step[self->shown].semitones + key) / SEMITONES_PER_OCTAVE;
}

static void
play_note(Sequencer* const self)
{
  gate_out_set(&self->gate, false);
  gate_out_set(&self->gate, true);
  gate_out_trigger(&self->gate);
  self->plays = true;
}

static void
play_rest(Sequencer* const self)
{
  gate_out_set(&self->gate, false);
  self->plays = false;
}

static uint32_t
count_notes(const SequencerKind kind)
{
  return kind >= SEQUENCER_2X ? (uint32_t)kind - SEQUENCER_2X + 2U : 1U;
}

static void
play(Sequencer* const self, const SequencerKind kind)
{
  const bool goes_on = kind == SEQUENCER_TIE && self->plays;
  self->note         = 0;
  self->n_notes      = count_notes(kind);
  if (goes_on) {
    portamento_glide(&self->pitch, pitch_of(self));
    return;
  }

  portamento_jump(&self->pitch, pitch_of(self));
  if (kind == SEQUENCER_OFF || kind == SEQUENCER_SKIP) {
    play_rest(self);
  } else {
    play_note(self);
  }
}

/// Show the step that starts next, its gate low
static void
arm(Sequencer* const self, const SequencerInputs* const in, const uint32_t i)
{
  const Stretch stretch = stretch_at(self, in, i);
  const Order   order   = order_in(self, &stretch);

  self->waits    = true;
  self->is_shown = true;
  go_to(self, find_place(self, &order, stretch.first), &stretch);
  play_rest(self);
  portamento_jump(&self->pitch, pitch_of(self));
}

static void
start(Sequencer* const self, const SequencerInputs* const in, const uint32_t i)
{
  const Stretch    stretch = stretch_at(self, in, i);
  const Order      order   = order_in(self, &stretch);
  const OrderPlace place   = find_place(self, &order, stretch.first);
  if (place.is_round && !self->waits) {
    gate_out_trigger(&self->end);
  }

  go_to(self, place, &stretch);
  self->waits = false;
  self->ties  = is_tied_next(self, &order, &stretch);
  play(self,
       place.is_silent ? SEQUENCER_OFF : kind_by_chance(self, self->shown, dice(self)));
}

// ---- Time

/// Return the part of the step in which the gate changes next
static uint32_t
next_part(const Sequencer* const self)
{
  const uint32_t n       = self->n_notes;
  const bool     is_last = self->note + 1U >= n;
  if (self->plays) {
    return is_last && self->ties
             ? NEVER
             : (self->note * STEPS_PARTS + self->knobs.gate_parts) / n;
  }
  return is_last ? NEVER : (self->note + 1U) * STEPS_PARTS / n;
}

static void
change_gate(Sequencer* const self)
{
  if (self->plays) {
    play_rest(self);
  } else {
    ++self->note;
    play_note(self);
  }
}

/// Return for how many frames the gate stays, after all changes of this frame
static uint32_t
steady_frames(Sequencer* const self, const uint32_t n_frames)
{
  if (steps_period(&self->steps) == 0.0) {
    if (self->plays && !self->ties && !steps_clock_is_high(&self->steps)) {
      play_rest(self);
    }
    return n_frames;
  }

  uint32_t part = next_part(self);
  uint32_t n    = 0;
  while (part != NEVER && (n = steps_frames_to(&self->steps, part, n_frames)) == 0U) {
    change_gate(self);
    part = next_part(self);
  }
  return part == NEVER ? n_frames : n;
}

/// Show the step where it stands, and return for how many frames that holds
static uint32_t
stand(Sequencer* const             self,
      const SequencerInputs* const in,
      const uint32_t               i,
      const uint32_t               n_frames)
{
  const Stretch  stretch = stretch_at(self, in, i);
  const uint32_t place   = last_place(self, stretch.first).place;

  self->shown              = step_at(&stretch, place < stretch.n ? place : 0U);
  const SequencerKind kind = self->knobs.step[self->shown].kind;
  gate_out_set(&self->gate, kind != SEQUENCER_OFF && kind != SEQUENCER_SKIP);
  return in->is_steady ? n_frames : 1U;
}

static void
write_pitch(Sequencer* const   self,
            const float* const transpose,
            float* const       pitch,
            const uint32_t     at,
            const uint32_t     n)
{
  const double origin_oct = zero_volt_oct(self->knobs.zero_volt);
  if (!transpose && self->pitch.n_left == 0U) {
    fill_frames(pitch + at, (float)(self->pitch.target_oct - origin_oct), n);
    return;
  }

  if (transpose) {
    memcpy(pitch + at, transpose + at, n * sizeof(float));
  } else {
    fill_frames(pitch + at, 0.0f, n);
  }
  portamento_add(&self->pitch, origin_oct, pitch + at, n);
}

static void
write(Sequencer* const              self,
      const SequencerInputs* const  in,
      const SequencerOutputs* const out,
      const uint32_t                at,
      const uint32_t                n)
{
  if (pitch_of(self) != self->pitch.target_oct) {
    portamento_jump(&self->pitch, pitch_of(self));
  }
  write_pitch(self, in->transpose, out->pitch, at, n);
  fill_frames(out->mod + at, self->knobs.step[self->shown].mod_v, n);
  fill_frames(out->step + at, (float)self->shown * SEQUENCER_STEP_V, n);
  gate_out_process(&self->gate, out->gate + at, out->trigger + at, n);
  gate_out_process(&self->end, NULL, out->end + at, n);
}

/// Take the gate that reverses the order, up to frame `to`
static void
follow(Sequencer* const   self,
       const float* const backwards,
       const uint32_t     from,
       const uint32_t     to)
{
  if (!backwards) {
    self->backwards.high = self->backwards.high && from == to;
  } else if (!gate_is_steady(&self->backwards, backwards + from, to - from)) {
    for (uint32_t i = from; i < to; ++i) {
      gate_next(&self->backwards, backwards[i]);
    }
  }
}

static void
take(Sequencer* const             self,
     const SequencerInputs* const in,
     const unsigned               events,
     const uint32_t               i)
{
  if ((events & STEPPER_ARMED) || !self->is_shown) {
    arm(self, in, i);
  }
  if ((events & STEPPER_STARTS) && self->knobs.runs) {
    start(self, in, i);
  }
}

void
sequencer_process(Sequencer* const              self,
                  const SequencerInputs* const  in,
                  const SequencerOutputs* const out,
                  const uint32_t                n_frames)
{
  uint32_t at  = 0;
  uint32_t end = 0;
  while (at < n_frames) {
    const unsigned events =
      steps_take(&self->steps, in->reset, in->clock, at, n_frames, &end);
    follow(self, in->backwards, at, at + 1U);
    take(self, in, events, at);
    follow(self, in->backwards, at + 1U, end);
    while (at < end) {
      const uint32_t n = self->knobs.runs ? steady_frames(self, end - at)
                                          : stand(self, in, at, end - at);
      write(self, in, out, at, n);
      steps_pass(&self->steps, n);
      at += n;
    }
  }
}
