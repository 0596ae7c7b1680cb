// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "drum/hits.h"

#include <math.h>
#include <stdint.h>

START_TEST(accents_are_exact)
{
  const HitKnobs knobs = {12.0, 0.0, 3};
  ck_assert_double_eq(hit_at(&knobs, 0, 1.0).level, 1.0);
  ck_assert_double_eq(hit_at(&knobs, 9, 7.0).level, 1.0);
  ck_assert_double_eq_tol(20.0 * log10(hit_at(&knobs, 5, 0.0).level), -12.0, 1e-9);
  ck_assert_double_eq_tol(20.0 * log10(hit_at(&knobs, 5, -1.0).level), -12.0, 1e-9);
  ck_assert_double_eq_tol(20.0 * log10(hit_at(&knobs, 5, 0.5).level), -6.0, 1e-9);
  ck_assert_uint_eq(hit_at(&knobs, 77, 0.5).seed, 3);
}
END_TEST

START_TEST(hits_vary_within_bounds)
{
  const HitKnobs knobs    = {6.0, 1.0, 3};
  double         most_oct = 0.0;
  double         least    = 1.0;
  for (uint32_t n = 0; n < 1000; ++n) {
    const Hit hit = hit_at(&knobs, n, 1.0);
    ck_assert_double_le(hit.level, 1.0);
    ck_assert_double_le(fabs(hit.pitch_oct), HITS_VARY_OCT);
    ck_assert_uint_ne(hit.seed, hit_at(&knobs, n + 1U, 1.0).seed);
    ck_assert_double_eq(hit.level, hit_at(&knobs, n, 1.0).level);
    most_oct = fmax(most_oct, fabs(hit.pitch_oct));
    least    = fmin(least, hit.level);
  }
  ck_assert_double_ge(most_oct, 0.9 * HITS_VARY_OCT);
  ck_assert_double_eq_tol(20.0 * log10(least), -HITS_VARY_DB, 0.2);
}
END_TEST

START_TEST(notes_are_those_that_start)
{
  static const uint8_t on[]      = {0x93, 36, 127};
  static const uint8_t off[]     = {0x93, 36, 0};
  static const uint8_t release[] = {0x83, 36, 64};
  static const uint8_t broken[]  = {0x93, 200, 64};

  HitNote note;
  ck_assert(hit_note(0, on, 3, &note));
  ck_assert(hit_note(4, on, 3, &note));
  ck_assert_uint_eq(note.key, 36);
  ck_assert_double_eq(note.accent, 1.0);
  ck_assert(!hit_note(5, on, 3, &note));
  ck_assert(!hit_note(0, on, 2, &note));
  ck_assert(!hit_note(0, off, 3, &note));
  ck_assert(!hit_note(0, release, 3, &note));
  ck_assert(!hit_note(0, broken, 3, &note));
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("hits");
  TCase* const tcase = tcase_create("hits");
  tcase_add_test(tcase, accents_are_exact);
  tcase_add_test(tcase, hits_vary_within_bounds);
  tcase_add_test(tcase, notes_are_those_that_start);
  suite_add_tcase(suite, tcase);
  return run_tests(suite);
}
