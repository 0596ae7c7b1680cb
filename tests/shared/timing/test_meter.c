// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "timing/meter.h"

#include <math.h>
#include <stdint.h>

static MeterMap map;

static const Meter common = {4.0, 4.0};
static const Meter waltz  = {3.0, 4.0};

static void
setup(void)
{
  meter_reset(&map);
}

/// Take an unknown place
static double
take(const double bar, const double beat, const Meter meter)
{
  return meter_take(&map, bar, beat, meter, (double)NAN, 0.01);
}

START_TEST(one_meter_is_a_product)
{
  ck_assert_double_eq(take(7.0, 1.5, waltz), 22.5 / 4.0);
  ck_assert_double_eq(take(0.0, 0.0, waltz), 0.0);
  ck_assert_double_eq(take(-1.0, 2.0, waltz), -0.25);
}
END_TEST

START_TEST(places_are_the_same_in_each_pass)
{
  for (int pass = 0; pass < 3; ++pass) {
    ck_assert_double_eq(take(0.0, 0.0, common), 0.0);
    ck_assert_double_eq(take(1.0, 2.0, common), 1.5);
    ck_assert_double_eq(take(2.0, 0.0, waltz), 2.0);
    ck_assert_double_eq(take(3.0, 1.0, waltz), 3.0);
    ck_assert_double_eq(take(4.0, 0.0, common), 3.5);
    ck_assert_double_eq(take(5.0, 0.0, common), 4.5);
  }
}
END_TEST

START_TEST(song_goes_on_over_any_number_of_changes)
{
  double start = 0.0;
  for (uint32_t bar = 0; bar < 100U; ++bar) {
    const Meter meter = {2.0 + bar * 7U % 5U, bar % 2U ? 8.0 : 4.0};
    ck_assert_double_eq(meter_take(&map, bar, 0.0, meter, start, 0.01), start);
    ck_assert_double_eq(take(bar, 1.0, meter), start + 1.0 / meter.beat_unit);
    ck_assert_uint_le(map.n_changes, METER_MAX_CHANGES);
    start += meter.beats_per_bar / meter.beat_unit;
  }
}
END_TEST

START_TEST(numbers_that_jump_with_the_meter_are_divided_beats)
{
  // Bar 9 of 4/4 is bar 12 of 3/4, and so is bar 6 bar 8, without a place to go by
  ck_assert_double_eq(take(8.0, 3.0, common), 8.75);
  ck_assert_double_eq(meter_take(&map, 12.0, 0.0, waltz, 9.0, 0.01), 9.0);
  ck_assert_double_eq(take(6.0, 0.0, common), 6.0);
  ck_assert_double_eq(take(8.0, 0.0, waltz), 6.0);
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("meter");
  TCase* const tests = tcase_create("meter");
  tcase_add_checked_fixture(tests, setup, NULL);
  tcase_add_test(tests, one_meter_is_a_product);
  tcase_add_test(tests, places_are_the_same_in_each_pass);
  tcase_add_test(tests, song_goes_on_over_any_number_of_changes);
  tcase_add_test(tests, numbers_that_jump_with_the_meter_are_divided_beats);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
