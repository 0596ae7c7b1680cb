// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "tuning/scale.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

// ---- Scales

/// All scales rise from the root, and stay below the period
START_TEST(scales_are_well_formed)
{
  Scale scale;

  for (int s = 0; s < (int)N_SCALES; ++s) {
    scale_set(&scale, (ScaleName)s);
    ck_assert_uint_ge(scale.n_notes, 1);
    ck_assert(scale.note_oct[0] == 0.0);
    for (uint32_t n = 1; n < scale.n_notes; ++n) {
      ck_assert(scale.note_oct[n] > scale.note_oct[n - 1U]);
    }
    ck_assert(scale.note_oct[scale.n_notes - 1U] < scale.period_oct);
  }
}
END_TEST

/// Notes of some scales in cents, from books
START_TEST(notes_are_those_of_books)
{
  static const struct {
    ScaleName name;
    uint32_t  n_notes;
    double    cents[12];
  } cases[] = {
    {SCALE_MAJOR, 7, {0, 200, 400, 500, 700, 900, 1100}},
    {SCALE_MINOR, 7, {0, 200, 300, 500, 700, 800, 1000}},
    {SCALE_HARMONIC_MINOR, 7, {0, 200, 300, 500, 700, 800, 1100}},
    {SCALE_MELODIC_MINOR, 7, {0, 200, 300, 500, 700, 900, 1100}},
    {SCALE_DORIAN, 7, {0, 200, 300, 500, 700, 900, 1000}},
    {SCALE_PHRYGIAN, 7, {0, 100, 300, 500, 700, 800, 1000}},
    {SCALE_LYDIAN, 7, {0, 200, 400, 600, 700, 900, 1100}},
    {SCALE_MIXOLYDIAN, 7, {0, 200, 400, 500, 700, 900, 1000}},
    {SCALE_LOCRIAN, 7, {0, 100, 300, 500, 600, 800, 1000}},
    {SCALE_MAJOR_PENTATONIC, 5, {0, 200, 400, 700, 900}},
    {SCALE_MINOR_PENTATONIC, 5, {0, 300, 500, 700, 1000}},
    {SCALE_BLUES, 6, {0, 300, 500, 600, 700, 1000}},
    {SCALE_DIMINISHED, 8, {0, 200, 300, 500, 600, 800, 900, 1100}},
    {SCALE_HIRAJOSHI, 5, {0, 200, 300, 700, 800}},
    {SCALE_HIJAZ, 7, {0, 100, 400, 500, 700, 800, 1000}},
    {SCALE_FIFTHS, 2, {0, 700}},
    {SCALE_MINOR_CHORD, 3, {0, 300, 700}},
    {SCALE_JUST_MAJOR, 7, {0, 203.910, 386.314, 498.045, 701.955, 884.359, 1088.269}},
    {SCALE_PYTHAGOREAN,
     12,
     {0,
      113.685,
      203.910,
      294.135,
      407.820,
      498.045,
      611.730,
      701.955,
      815.640,
      905.865,
      996.090,
      1109.775}},
    {SCALE_BOHLEN_PIERCE, 13, {0, 146.304, 292.608, 438.913, 585.217}},
  };

  Scale scale;
  for (size_t c = 0; c < sizeof(cases) / sizeof(cases[0]); ++c) {
    scale_set(&scale, cases[c].name);
    ck_assert_uint_eq(scale.n_notes, cases[c].n_notes);
    for (uint32_t n = 0; n < 12U && (n == 0U || cases[c].cents[n] > 0.0); ++n) {
      ck_assert_double_eq_tol(1200.0 * scale.note_oct[n], cases[c].cents[n], 0.0006);
    }
  }
}
END_TEST

/// A set of semitones is counted from its root, wherever that is
START_TEST(semitones_count_from_the_root)
{
  Scale scale;

  scale_set_semitones(&scale, 1U << 0U | 1U << 4U | 1U << 7U, 4);
  ck_assert_uint_eq(scale.n_notes, 3);
  ck_assert(scale.note_oct[0] == 0.0);
  ck_assert(scale.note_oct[1] == 3.0 / 12.0);
  ck_assert(scale.note_oct[2] == 8.0 / 12.0);

  scale_set_semitones(&scale, 1U << 0U, 11);
  ck_assert_uint_eq(scale.n_notes, 1);
  ck_assert(scale.note_oct[0] == 1.0 / 12.0);

  scale_set_semitones(&scale, 0, 5);
  ck_assert_uint_eq(scale.n_notes, 12);
}
END_TEST

// ---- Notes

/// Notes go on up and down by periods
START_TEST(notes_repeat_in_each_period)
{
  Scale scale;

  scale_set(&scale, SCALE_MAJOR_CHORD);
  ck_assert(scale_note_oct(&scale, 0) == 0.0);
  ck_assert(scale_note_oct(&scale, 3) == 1.0);
  ck_assert(scale_note_oct(&scale, 4) == 1.0 + 4.0 / 12.0);
  ck_assert(scale_note_oct(&scale, -1) == -1.0 + 7.0 / 12.0);
  ck_assert(scale_note_oct(&scale, -3) == -1.0);
  ck_assert(scale_note_oct(&scale, -4) == -2.0 + 7.0 / 12.0);
}
END_TEST

/// The note below a pitch is at or below it, and the next one is above
START_TEST(the_note_below_is_the_last_that_is_not_above)
{
  Scale scale;

  unsigned n_wrong = 0;
  for (uint32_t c = 0; c < 4000U; ++c) {
    if (c < N_SCALES) {
      scale_set(&scale, (ScaleName)c);
    } else if (c < 1000U) {
      scale_set_equal(&scale, 1U + c % SCALE_MAX_NOTES, 0.001 + 0.003 * c);
    } else {
      scale_set_semitones(&scale, c, c % SEMITONES);
    }
    for (int k = -50; k < 50; ++k) {
      const double  at     = k % 2 ? k * 0.3717 : scale_note_oct(&scale, 3 * k);
      const int32_t number = scale_note_below(&scale, at);
      n_wrong += scale_note_oct(&scale, number) > at;
      n_wrong += scale_note_oct(&scale, number + 1) <= at;
    }
  }
  ck_assert_uint_eq(n_wrong, 0);
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("scale");
  TCase* const tests = tcase_create("scale");
  tcase_add_test(tests, scales_are_well_formed);
  tcase_add_test(tests, notes_are_those_of_books);
  tcase_add_test(tests, semitones_count_from_the_root);
  tcase_add_test(tests, notes_repeat_in_each_period);
  tcase_add_test(tests, the_note_below_is_the_last_that_is_not_above);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
