// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "midi/bend_range.h"

#include <stdint.h>

static BendRange range;

static void
setup(void)
{
  bend_range_reset(&range);
  bend_range_turn(&range, 2.0 / 12.0);
}

static void
send(const uint8_t number, const uint8_t value)
{
  bend_range_control(&range, 1, number, value);
}

static void
select_range(void)
{
  send(101, 0);
  send(100, 0);
}

/// Assert the range of the first channel
static void
assert_cents(const double cents)
{
  ck_assert_double_eq_tol(1200.0 * bend_range_oct(&range, 1), cents, 1e-9);
}

START_TEST(knob_counts_at_first)
{
  assert_cents(200.0);
  bend_range_turn(&range, 1.0);
  for (uint32_t c = 1; c <= MIDI_CHANNELS; ++c) {
    ck_assert_double_eq(bend_range_oct(&range, c), 1.0);
  }
}
END_TEST

START_TEST(data_is_semitones_and_cents)
{
  select_range();
  send(38, 25);
  assert_cents(225.0);
  send(6, 12);
  assert_cents(1200.0);
  send(38, 50);
  assert_cents(1250.0);
  send(38, 10);
  assert_cents(1210.0);
  send(6, 0);
  assert_cents(0.0);
  ck_assert_double_eq(bend_range_oct(&range, 2), 2.0 / 12.0);
}
END_TEST

START_TEST(data_goes_up_and_down_by_cents)
{
  select_range();
  send(96, 127);
  assert_cents(201.0);
  send(97, 0);
  send(97, 0);
  assert_cents(199.0);
  send(6, 0);
  send(97, 0);
  assert_cents(0.0);
}
END_TEST

START_TEST(range_has_an_end)
{
  select_range();
  send(6, 127);
  send(38, 127);
  send(96, 0);
  assert_cents(9600.0);
}
END_TEST

START_TEST(data_for_nothing_or_something_else_is_ignored)
{
  static const uint8_t others[][2][2] = {{{101, 127}, {100, 127}},
                                         {{99, 0}, {98, 0}},
                                         {{98, 0}, {98, 0}},
                                         {{100, 1}, {101, 0}},
                                         {{101, 1}, {100, 0}}};

  send(6, 12);
  send(101, 0);
  send(6, 12);
  assert_cents(200.0);
  for (uint32_t o = 0; o < sizeof(others) / sizeof(others[0]); ++o) {
    select_range();
    send(6, 7);
    send(others[o][0][0], others[o][0][1]);
    send(others[o][1][0], others[o][1][1]);
    send(6, 12);
    send(38, 12);
    send(96, 0);
    send(97, 0);
    assert_cents(700.0);
  }
  select_range();
  bend_range_deselect(&range, 1);
  send(6, 12);
  assert_cents(700.0);
}
END_TEST

START_TEST(channels_select_for_themselves)
{
  select_range();
  bend_range_control(&range, 2, 101, 127);
  bend_range_control(&range, 2, 6, 12);
  send(6, 12);
  assert_cents(1200.0);
  ck_assert_double_eq(bend_range_oct(&range, 2), 2.0 / 12.0);
}
END_TEST

START_TEST(turn_of_the_knob_counts_again)
{
  select_range();
  send(6, 12);
  bend_range_turn(&range, 2.0 / 12.0);
  assert_cents(1200.0);
  bend_range_turn(&range, 3.0 / 12.0);
  assert_cents(300.0);
  send(6, 12); // The parameter is selected still
  assert_cents(1200.0);
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("bend_range");
  TCase* const tests = tcase_create("bend_range");
  tcase_add_checked_fixture(tests, setup, NULL);
  tcase_add_test(tests, knob_counts_at_first);
  tcase_add_test(tests, data_is_semitones_and_cents);
  tcase_add_test(tests, data_goes_up_and_down_by_cents);
  tcase_add_test(tests, range_has_an_end);
  tcase_add_test(tests, data_for_nothing_or_something_else_is_ignored);
  tcase_add_test(tests, channels_select_for_themselves);
  tcase_add_test(tests, turn_of_the_knob_counts_again);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
