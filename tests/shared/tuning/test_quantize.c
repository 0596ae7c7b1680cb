// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "math/random.h"
#include "tuning/quantize.h"

#include <limits.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#define CENT (1.0 / 1200.0)

static const QuantizeRule plain = {ROUND_NEAREST, 0.0};

/// Return the pitch of the note that a pitch is taken for, with none held
static double
fresh(const Scale* const scale, const QuantizeRule* const rule, const double pitch_oct)
{
  HeldNote note = {false, 0, 0.0, 0.0};
  held_note_take(&note, scale, rule, pitch_oct);
  return scale_note_oct(scale, note.number);
}

/// Return a pitch between -10 and 10 octaves
static double
random_oct(Random* const random)
{
  return 10.0 * (double)random_bipolar(random_next(random));
}

// ---- Nearest

/// Return how far the nearest member of a set of semitones is from `half_cents`
static int
nearest_half_cents(const uint32_t set, const int half_cents)
{
  int nearest = INT_MAX;
  for (int s = half_cents / 200 - 12; s <= half_cents / 200 + 13; ++s) {
    const int  distance = abs(200 * s - half_cents);
    const bool is_note  = set >> ((s + 24) % 12) & 1U;
    nearest             = is_note && distance < nearest ? distance : nearest;
  }
  return nearest;
}

/// In the middle of every cent of an octave, with every set of semitones and in three
/// octaves, none is nearer
START_TEST(the_nearest_note_is_taken_in_all_sets)
{
  Scale scale;

  unsigned n_farther = 0;
  for (uint32_t set = 1; set <= ALL_SEMITONES; ++set) {
    scale_set_semitones(&scale, set, 0);
    for (int half_cents = 1; half_cents < 2400; half_cents += 2) {
      const int nearest = nearest_half_cents(set, half_cents);
      for (int octave = -1; octave <= 1; ++octave) {
        const double pitch = octave + half_cents * CENT / 2.0;
        HeldNote     note  = {false, 0, 0.0, 0.0};
        held_note_take(&note, &scale, &plain, pitch);
        const double distance = fabs(scale_note_oct(&scale, note.number) - pitch);
        n_farther += lrint(distance * 2400.0) != nearest;
      }
    }
  }
  ck_assert_uint_eq(n_farther, 0);
}
END_TEST

/// 1 to 72 equal steps over 20 octaves: each note is the float next to its true pitch
START_TEST(equal_steps_are_the_floats_next_to_their_pitch)
{
  Scale scale;

  unsigned n_wrong = 0;
  for (int steps = 1; steps <= 72; ++steps) {
    scale_set_equal(&scale, (uint32_t)steps, 1.0);
    for (int n = -10 * steps; n < 10 * steps; ++n) {
      const float want = (float)((long double)n / steps);
      n_wrong += (float)fresh(&scale, &plain, (double)want) != want;
    }
  }
  ck_assert_uint_eq(n_wrong, 0);
}
END_TEST

/// Half way between two notes, the higher one is taken
START_TEST(a_tie_goes_up)
{
  Scale scale;

  scale_set_equal(&scale, 4, 1.0);
  for (int n = -8; n < 8; ++n) {
    ck_assert(fresh(&scale, &plain, (n + 0.5) / 4.0) == (n + 1) / 4.0);
  }
}
END_TEST

// ---- Rounding

/// A note is taken for itself, as a float, however it is rounded
START_TEST(a_note_stays_as_it_is)
{
  Random random;
  Scale  scale;
  random_seed(&random, 3);

  for (int t = 0; t < 3000; ++t) {
    scale_set(&scale, (ScaleName)(t % (int)N_SCALES));
    const QuantizeRule rule  = {(Rounding)(t / 7 % 3), (t % 50) * CENT};
    const float        note  = (float)fresh(&scale, &rule, random_oct(&random));
    const float        again = (float)fresh(&scale, &rule, (double)note);
    ck_assert(again == note);
    HeldNote held = {false, 0, 0.0, 0.0};
    held_note_take(&held, &scale, &rule, (double)note);
    ck_assert(held_note_keeps(&held, (double)note));
  }
}
END_TEST

/// Down takes a note below, up one above, and none lies between
START_TEST(rounding_takes_the_note_below_or_above)
{
  static const QuantizeRule down = {ROUND_DOWN, 0.0};
  static const QuantizeRule up   = {ROUND_UP, 0.0};

  Random random;
  Scale  scale;
  random_seed(&random, 4);
  for (int t = 0; t < 3000; ++t) {
    scale_set(&scale, (ScaleName)(t % (int)N_SCALES));
    const double  pitch  = random_oct(&random);
    const int32_t number = scale_note_below(&scale, pitch);
    const double  below  = scale_note_oct(&scale, number);
    const double  above  = scale_note_oct(&scale, number + 1);
    if (pitch - below > QUANTIZE_NEAR_OCT && above - pitch > QUANTIZE_NEAR_OCT) {
      ck_assert(fresh(&scale, &down, pitch) == below);
      ck_assert(fresh(&scale, &up, pitch) == above);
    }
  }
}
END_TEST

// ---- Hysteresis

/// Return how many notes a slow octave with noise makes
static unsigned
count_notes(const double hysteresis_cents, const double noise_cents)
{
  enum { n_frames = 480000 };

  const QuantizeRule rule = {ROUND_NEAREST, hysteresis_cents * CENT};
  HeldNote           note = {false, 0, 0.0, 0.0};
  Random             random;
  Scale              scale;
  random_seed(&random, 1);
  scale_set(&scale, SCALE_CHROMATIC);

  unsigned n_notes = 0;
  for (int i = 0; i < n_frames; ++i) {
    const double noise = (double)random_bipolar(random_next(&random));
    const double pitch = (double)i / n_frames + noise * noise_cents * CENT;
    if (!held_note_keeps(&note, pitch)) {
      held_note_take(&note, &scale, &rule, pitch);
      ++n_notes;
    }
  }
  return n_notes;
}

START_TEST(noise_within_the_hysteresis_makes_no_notes)
{
  ck_assert_uint_eq(count_notes(0.0, 0.0), 13);
  ck_assert_uint_gt(count_notes(0.0, 4.0), 10000);
  ck_assert_uint_eq(count_notes(5.0, 4.0), 13);
  ck_assert_uint_eq(count_notes(25.0, 24.0), 13);
}
END_TEST

/// A note is kept up to its boundary and the hysteresis, but never a quarter beyond
START_TEST(hysteresis_ends_a_quarter_of_the_way_beyond)
{
  Scale    scale;
  HeldNote note;

  scale_set_equal(&scale, 4, 1.0);
  for (int h = 0; h <= 200; h += 5) {
    const QuantizeRule rule   = {ROUND_NEAREST, h * CENT};
    const double       beyond = fmin(h, 75.0) * CENT;
    held_note_take(&note, &scale, &rule, 0.25);
    ck_assert_double_eq_tol(note.lower_oct, 0.125 - beyond, 1e-12);
    ck_assert_double_eq_tol(note.upper_oct, 0.375 + beyond, 1e-12);
  }
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("quantize");
  TCase* const tests = tcase_create("quantize");
  tcase_add_test(tests, the_nearest_note_is_taken_in_all_sets);
  tcase_add_test(tests, equal_steps_are_the_floats_next_to_their_pitch);
  tcase_add_test(tests, a_tie_goes_up);
  tcase_add_test(tests, a_note_stays_as_it_is);
  tcase_add_test(tests, rounding_takes_the_note_below_or_above);
  tcase_add_test(tests, noise_within_the_hysteresis_makes_no_notes);
  tcase_add_test(tests, hysteresis_ends_a_quarter_of_the_way_beyond);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
