// SPDX-License-Identifier: ISC

#include "timing/euclid.h"

#include "math/random.h"

#include <math.h>

// ---- Rhythms

/// So many groups of steps, all the same
typedef struct {
  uint64_t steps; ///< Bits, the first step lowest
  uint32_t n_steps;
  uint32_t n_groups;
} Groups;

/// Return `a` with a group of `b` behind each
static Groups
join(const Groups a, const Groups b, const uint32_t n_groups)
{
  return (Groups){a.steps | b.steps << a.n_steps, a.n_steps + b.n_steps, n_groups};
}

static void
append(Groups* const all, const Groups groups)
{
  for (uint32_t g = 0; g < groups.n_groups; ++g) {
    *all = join(*all, groups, 1U);
  }
}

static uint64_t
bjorklund(const uint32_t n_hits, const uint32_t n_steps)
{
  Groups head = {1U, 1U, n_hits};
  Groups rest = {0U, 1U, n_steps - n_hits};

  while (rest.n_groups > 1U) {
    const bool     is_longer = head.n_groups > rest.n_groups;
    const uint32_t n         = is_longer ? rest.n_groups : head.n_groups;
    Groups         left      = is_longer ? head : rest;
    left.n_groups -= n;
    head = join(head, rest, n);
    rest = left;
  }

  Groups all = {0U, 0U, 1U};
  append(&all, head);
  append(&all, rest);
  return all.steps;
}

static uint64_t
even(const uint32_t n_hits, const uint32_t n_steps)
{
  uint64_t rhythm = 0;
  for (uint32_t i = 0; i < n_steps; ++i) {
    rhythm |= (uint64_t)(i * n_hits % n_steps < n_hits) << i;
  }
  return rhythm;
}

uint64_t
euclid_rhythm(const EuclidOrder order, const uint32_t n_hits, const uint32_t n_steps)
{
  if (n_hits == 0U) {
    return 0;
  }
  if (n_hits >= n_steps) {
    return UINT64_MAX >> (EUCLID_MAX_STEPS - n_steps);
  }
  return order == EUCLID_EVEN ? even(n_hits, n_steps) : bjorklund(n_hits, n_steps);
}

// ---- Lifetime

void
euclid_init(Euclid* const self, const double sample_rate)
{
  *self = (Euclid){.knobs = {.n_steps = 16, .gate_parts = STEPS_PARTS / 2U}};
  steps_init(&self->steps, sample_rate);
  gate_out_init(&self->hit, sample_rate);
  gate_out_init(&self->accent, sample_rate);
  gate_out_init(&self->off, sample_rate);
  gate_out_init(&self->end, sample_rate);
  euclid_reset(self);
}

void
euclid_reset(Euclid* const self)
{
  steps_reset(&self->steps);
  gate_out_reset(&self->hit);
  gate_out_reset(&self->accent);
  gate_out_reset(&self->off);
  gate_out_reset(&self->end);
  self->place   = 0;
  self->waits   = true;
  self->is_high = false;
}

void
euclid_set(Euclid* const self, const EuclidKnobs* const knobs)
{
  self->knobs = *knobs;
  steps_set(&self->steps, knobs->steps);
}

void
euclid_transport(Euclid* const self, const Transport* const transport)
{
  steps_transport(&self->steps, transport);
}

// ---- Steps

/// Return what a voltage adds, where EUCLID_FULL_V is all of `n`
static int
volts_of(const float* const in, const uint32_t i, const uint32_t n)
{
  static const float most_v = 1000.0f; // As good as any more

  const float volts = in ? in[i] : 0.0f;
  const float above = volts > -most_v ? volts : -most_v;
  const float v     = above < most_v ? above : most_v;
  return (int)lroundf(v * (float)n / EUCLID_FULL_V);
}

static uint32_t
between(const int number, const int least, const int most)
{
  return (uint32_t)(number < least ? least : number > most ? most : number);
}

/// Return what is left of a number that may be below 0
static uint32_t
modulo(const int64_t number, const uint32_t n)
{
  const int64_t rest = number % (int64_t)n;

  return (uint32_t)(rest < 0 ? rest + (int64_t)n : rest);
}

static bool
has_bit(const uint64_t bits, const uint32_t i)
{
  return (bits >> i & 1U) != 0U;
}

static uint32_t
count_bits(uint64_t bits)
{
  uint32_t n = 0;
  for (; bits; bits &= bits - 1U) {
    ++n;
  }
  return n;
}

/// A rhythm as knobs and voltages have it now
typedef struct {
  uint64_t hits;
  uint32_t n_hits;
  uint32_t n_steps;
  uint32_t rotate;
} Rhythm;

static Rhythm
rhythm_at(const Euclid* const self, const EuclidInputs* const in, const uint32_t i)
{
  const EuclidKnobs* const knobs = &self->knobs;

  const int      most = (int)EUCLID_MAX_STEPS;
  const uint32_t n =
    between((int)knobs->n_steps + volts_of(in->n_steps, i, EUCLID_MAX_STEPS), 1, most);
  const uint32_t n_hits =
    between((int)knobs->n_hits + volts_of(in->n_hits, i, n), 0, (int)n);
  const uint32_t rotate = modulo((int)knobs->rotate + volts_of(in->rotate, i, n), n);
  return (Rhythm){euclid_rhythm(knobs->order, n_hits, n), n_hits, n, rotate};
}

/// Return true if a hit is an accent, which keeps its place as the rhythm rotates
static bool
is_accent(const Euclid* const self, const Rhythm* const rhythm, const uint32_t step)
{
  const EuclidKnobs* const knobs = &self->knobs;

  const uint64_t before = rhythm->hits & ((UINT64_C(1) << step) - 1U);
  const uint64_t accents =
    euclid_rhythm(knobs->order, knobs->n_accents, rhythm->n_hits);
  const int64_t hit = (int64_t)count_bits(before) - (int64_t)knobs->accent_rotate;
  return has_bit(accents, modulo(hit, rhythm->n_hits));
}

/// Return true if chance lets a hit of this step pass
static bool
passes(const Euclid* const self)
{
  const int64_t  number = steps_dice(&self->steps, self->knobs.dice);
  const uint64_t random = random_at(self->knobs.seed, number) >> 40U;

  return (float)random < self->knobs.chance * 0x1p24f;
}

static void
lower_gates(Euclid* const self)
{
  gate_out_set(&self->hit, false);
  gate_out_set(&self->accent, false);
  self->is_high = false;
}

/// Return the place of the step that starts
static uint32_t
find_place(const Euclid* const self, const uint32_t n_steps)
{
  if (self->knobs.steps.follow == STEPS_SONG) {
    return modulo(self->steps.step, n_steps);
  }
  return self->waits || self->place + 1U >= n_steps ? 0U : self->place + 1U;
}

static void
start(Euclid* const self, const EuclidInputs* const in, const uint32_t i)
{
  const Rhythm   rhythm = rhythm_at(self, in, i);
  const uint32_t place  = find_place(self, rhythm.n_steps);
  const uint32_t step   = (place + rhythm.n_steps - rhythm.rotate) % rhythm.n_steps;
  if (place == 0U && !self->waits) {
    gate_out_triggers(&self->end, 1);
  }

  self->place = place;
  self->waits = false;
  lower_gates(self);
  self->is_high = true;
  if (!has_bit(rhythm.hits, step)) {
    gate_out_triggers(&self->off, 1);
  } else if (passes(self)) {
    gate_out_set(&self->hit, true);
    gate_out_trigger(&self->hit);
    gate_out_set(&self->accent, is_accent(self, &rhythm, step));
  }
}

// ---- Time

/// Return for how many frames the gates stay, after all changes of this frame
static uint32_t
steady_frames(Euclid* const self, const uint32_t n_frames)
{
  if (!self->is_high) {
    return n_frames;
  }
  if (steps_period(&self->steps) == 0.0) {
    if (!steps_clock_is_high(&self->steps)) {
      lower_gates(self);
    }
    return n_frames;
  }

  const uint32_t n = steps_frames_to(&self->steps, self->knobs.gate_parts, n_frames);
  if (n > 0U) {
    return n;
  }
  lower_gates(self);
  return n_frames;
}

static void
write(Euclid* const              self,
      const EuclidOutputs* const out,
      const uint32_t             at,
      const uint32_t             n)
{
  gate_out_process(&self->hit, out->gate + at, out->trigger + at, n);
  gate_out_process(&self->accent, out->accent + at, NULL, n);
  gate_out_process(&self->off, NULL, out->off + at, n);
  gate_out_process(&self->end, NULL, out->end + at, n);
}

void
euclid_process(Euclid* const              self,
               const EuclidInputs* const  in,
               const EuclidOutputs* const out,
               const uint32_t             n_frames)
{
  uint32_t end = 0;
  for (uint32_t at = 0; at < n_frames;) {
    const unsigned events =
      steps_take(&self->steps, in->reset, in->clock, at, n_frames, &end);
    if (events & STEPPER_ARMED) {
      self->waits = true;
      lower_gates(self);
    }
    if (events & STEPPER_STARTS) {
      start(self, in, at);
    }
    while (at < end) {
      const uint32_t n = steady_frames(self, end - at);
      write(self, out, at, n);
      steps_pass(&self->steps, n);
      at += n;
    }
  }
}
