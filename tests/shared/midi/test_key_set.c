// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "midi/key_set.h"

#include <stdint.h>
#include <string.h>

#define C (1U << 0U)
#define D (1U << 2U)
#define E (1U << 4U)
#define G (1U << 7U)

static KeySet keys;

static void
set_up(void)
{
  memset(&keys, 0, sizeof(keys));
}

static uint32_t
play(const unsigned status, const unsigned first, const unsigned second)
{
  const uint8_t bytes[] = {(uint8_t)status, (uint8_t)first, (uint8_t)second};
  key_set_message(&keys, bytes, sizeof(bytes));
  return keys.names;
}

START_TEST(keys_that_are_held_are_the_set)
{
  ck_assert_uint_eq(play(0x90, 60, 100), C);
  ck_assert_uint_eq(play(0x90, 64, 100), C | E);
  ck_assert_uint_eq(play(0x90, 67 + 24, 1), C | E | G);
}
END_TEST

/// In whichever order the keys of a chord are let go, it lasts until the next
START_TEST(a_chord_lasts_until_the_next)
{
  play(0x90, 60, 100);
  play(0x90, 64, 100);
  ck_assert_uint_eq(play(0x80, 60, 0), C | E);
  ck_assert_uint_eq(play(0x90, 67, 100), C | E | G);
  ck_assert_uint_eq(play(0x90, 64, 0), C | E | G);
  ck_assert_uint_eq(play(0x80, 67, 64), C | E | G);
  ck_assert_uint_eq(play(0x90, 62, 100), D);
}
END_TEST

/// The same key of another channel is another key
START_TEST(channels_hold_keys_of_their_own)
{
  play(0x90, 60, 100);
  play(0x91, 60, 100);
  play(0x81, 60, 0);
  ck_assert_uint_eq(play(0x90, 62, 100), C | D);
}
END_TEST

START_TEST(all_notes_off_ends_a_chord)
{
  play(0x93, 60, 100);
  play(0xb3, 123, 0);
  ck_assert_uint_eq(play(0x93, 62, 100), D);
  play(0xb3, 120, 0);
  ck_assert_uint_eq(play(0x93, 64, 100), E);
  play(0xb3, 1, 0);
  ck_assert_uint_eq(play(0x93, 67, 100), E | G);
}
END_TEST

START_TEST(other_messages_are_ignored)
{
  play(0x90, 60, 100);
  ck_assert_uint_eq(play(0xa0, 64, 100), C);
  ck_assert_uint_eq(play(0xe0, 64, 100), C);
  ck_assert_uint_eq(play(0xf0, 64, 100), C);
  ck_assert_uint_eq(play(0x90, 128, 100), C);
  ck_assert_uint_eq(play(0x90, 64, 128), C);

  static const uint8_t two[] = {0x90, 64};
  key_set_message(&keys, two, sizeof(two));
  key_set_message(&keys, two, 0);
  ck_assert_uint_eq(keys.names, C);
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("key_set");
  TCase* const tests = tcase_create("key_set");
  tcase_add_checked_fixture(tests, set_up, NULL);
  tcase_add_test(tests, keys_that_are_held_are_the_set);
  tcase_add_test(tests, a_chord_lasts_until_the_next);
  tcase_add_test(tests, channels_hold_keys_of_their_own);
  tcase_add_test(tests, all_notes_off_ends_a_chord);
  tcase_add_test(tests, other_messages_are_ignored);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
