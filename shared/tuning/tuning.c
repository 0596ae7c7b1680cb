// SPDX-License-Identifier: ISC

#include "tuning/tuning.h"

#include "signal/units.h"

#include <math.h>
#include <string.h>

/// Notes of a scale that are closer are one
#define SAME_NOTE_OCT 1e-7

static const uint32_t middle_c = 60;

void
key_map_set_linear(KeyMap* const self)
{
  memset(self, 0, sizeof(*self));
  self->last         = TUNING_KEYS - 1U;
  self->middle       = middle_c;
  self->reference    = middle_c;
  self->reference_hz = C4_HZ;
}

void
tuning_set_equal(Tuning* const self)
{
  memset(self, 0, sizeof(*self));
  self->n_notes    = SEMITONES;
  self->period_oct = 1.0;
  for (uint32_t n = 0; n < SEMITONES; ++n) {
    self->note_oct[n] = (double)n / SEMITONES;
  }
  key_map_set_linear(&self->map);
}

// ---- Degrees

/// Divide, and round down
static int32_t
floor_divided(const int32_t a, const int32_t b)
{
  return a / b - (a % b < 0);
}

/// Return the pitch of a degree from that of degree 0
static double
degree_oct(const Tuning* const self, const int32_t degree)
{
  const int32_t n      = (int32_t)self->n_notes;
  const int32_t period = floor_divided(degree, n);

  return period * self->period_oct + self->note_oct[degree - period * n];
}

/// Return after how many octaves the keys repeat
static double
map_period_oct(const Tuning* const self)
{
  const bool is_own = self->map.size == 0U || self->map.period_degree == 0;

  return is_own ? self->period_oct : degree_oct(self, self->map.period_degree);
}

/// Find the pitch of a key from that of degree 0; returns false if it has no degree
static bool
key_from_root(const Tuning* const self, const uint32_t key, double* const oct)
{
  const KeyMap* const map   = &self->map;
  const int32_t       place = (int32_t)key - (int32_t)map->middle;
  if (map->size == 0U) {
    *oct = degree_oct(self, place);
    return true;
  }

  const int32_t size   = (int32_t)map->size;
  const int32_t period = floor_divided(place, size);
  const int32_t degree = map->degree[place - period * size];
  if (degree == TUNING_NO_DEGREE) {
    return false;
  }

  *oct = period * map_period_oct(self) + degree_oct(self, degree);
  return true;
}

double
tuning_root_oct(const Tuning* const self)
{
  const KeyMap* const map       = &self->map;
  double              reference = 0.0;
  if (!key_from_root(self, map->reference, &reference)) {
    reference = degree_oct(self, (int32_t)map->reference - (int32_t)map->middle);
  }

  return log2(map->reference_hz / C4_HZ) - reference;
}

bool
tuning_key_oct(const Tuning* const self, const uint32_t key, double* const pitch_oct)
{
  double from_root = 0.0;
  if (key < self->map.first || key > self->map.last ||
      !key_from_root(self, key, &from_root)) {
    return false;
  }

  *pitch_oct = tuning_root_oct(self) + from_root;
  return true;
}

// ---- Scale

/// Put a note among those of a scale, in its place within the period
static void
add_note(Scale* const scale, const double oct)
{
  const double period = scale->period_oct;
  const double within = oct - floor(oct / period) * period;
  const double note   = period - within < SAME_NOTE_OCT ? 0.0 : within;

  uint32_t at = scale->n_notes;
  while (at > 0U && scale->note_oct[at - 1U] > note) {
    --at;
  }
  const bool is_there =
    (at > 0U && note - scale->note_oct[at - 1U] < SAME_NOTE_OCT) ||
    (at < scale->n_notes && scale->note_oct[at] - note < SAME_NOTE_OCT);
  if (!is_there) {
    memmove(&scale->note_oct[at + 1U],
            &scale->note_oct[at],
            (scale->n_notes - at) * sizeof(double));
    scale->note_oct[at] = note;
    ++scale->n_notes;
  }
}

void
tuning_scale(const Tuning* const self, Scale* const scale)
{
  scale->n_notes    = 0;
  scale->period_oct = map_period_oct(self);
  for (uint32_t n = 0; self->map.size == 0U && n < self->n_notes; ++n) {
    add_note(scale, self->note_oct[n]);
  }
  for (uint32_t k = 0; k < self->map.size; ++k) {
    if (self->map.degree[k] != TUNING_NO_DEGREE) {
      add_note(scale, degree_oct(self, self->map.degree[k]));
    }
  }
}

// ---- Numbers

static bool
is_within(const double value, const double least, const double most)
{
  return value >= least && value <= most; // Not one that isn't a number, either
}

static bool
is_map_valid(const KeyMap* const map)
{
  bool is_valid = map->size <= TUNING_KEYS && map->last < TUNING_KEYS &&
                  map->first <= map->last && map->middle < TUNING_KEYS &&
                  map->reference < TUNING_KEYS && map->reference_hz > 0.0 &&
                  map->reference_hz <= TUNING_MAX_HZ &&
                  is_within(map->period_degree, 0, TUNING_MAX_DEGREE);
  bool has_degree = map->size == 0U;
  for (uint32_t k = 0; is_valid && k < map->size; ++k) {
    has_degree = has_degree || map->degree[k] != TUNING_NO_DEGREE;
    is_valid   = is_within(map->degree[k], TUNING_NO_DEGREE, TUNING_MAX_DEGREE);
  }
  return is_valid && has_degree;
}

bool
tuning_is_valid(const Tuning* const self)
{
  if (self->n_notes < 1U || self->n_notes > TUNING_MAX_NOTES ||
      !is_within(self->period_oct, TUNING_MIN_PERIOD_OCT, TUNING_MAX_OCT) ||
      self->note_oct[0] != 0.0) {
    return false;
  }
  for (uint32_t n = 0; n < self->n_notes; ++n) {
    if (!is_within(self->note_oct[n], -TUNING_MAX_OCT, TUNING_MAX_OCT)) {
      return false;
    }
  }

  return is_map_valid(&self->map) && map_period_oct(self) >= TUNING_MIN_PERIOD_OCT;
}

void
tuning_write(const Tuning* const self, double* numbers)
{
  const KeyMap* const map = &self->map;

  *numbers++ = self->n_notes;
  *numbers++ = self->period_oct;
  for (uint32_t n = 0; n < TUNING_MAX_NOTES; ++n) {
    *numbers++ = n < self->n_notes ? self->note_oct[n] : 0.0;
  }
  *numbers++ = map->size;
  *numbers++ = map->first;
  *numbers++ = map->last;
  *numbers++ = map->middle;
  *numbers++ = map->reference;
  *numbers++ = map->reference_hz;
  *numbers++ = map->period_degree;
  for (uint32_t k = 0; k < TUNING_KEYS; ++k) {
    *numbers++ = k < map->size ? map->degree[k] : 0.0;
  }
}

/// Return a number as a whole one, or a wrong one if it is none
static int32_t
whole(const double number)
{
  return is_within(number, TUNING_NO_DEGREE, TUNING_MAX_DEGREE) &&
             number == floor(number)
           ? (int32_t)number
           : INT16_MIN;
}

bool
tuning_read(Tuning* const self, const double* numbers)
{
  Tuning        tuning;
  KeyMap* const map = &tuning.map;

  tuning.n_notes    = (uint32_t)whole(*numbers++);
  tuning.period_oct = *numbers++;
  memcpy(tuning.note_oct, numbers, sizeof(tuning.note_oct));
  numbers += TUNING_MAX_NOTES;
  map->size          = (uint32_t)whole(*numbers++);
  map->first         = (uint32_t)whole(*numbers++);
  map->last          = (uint32_t)whole(*numbers++);
  map->middle        = (uint32_t)whole(*numbers++);
  map->reference     = (uint32_t)whole(*numbers++);
  map->reference_hz  = *numbers++;
  map->period_degree = whole(*numbers++);
  for (uint32_t k = 0; k < TUNING_KEYS; ++k) {
    map->degree[k] = (int16_t)whole(*numbers++);
  }

  if (!tuning_is_valid(&tuning)) {
    return false;
  }
  *self = tuning;
  return true;
}
