// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "midi/chord.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define ALL ((1U << MIDI_CHANNELS) - 1U)

static NoteStack notes;
static Chord     chord;

static void
set_up(void)
{
  note_stack_reset(&notes);
  chord_clear(&chord, 0);
}

static void
strike(const uint32_t channel, const uint32_t key)
{
  note_stack_strike(&notes, (Note){channel, key}, (uint8_t)key);
}

static void
let_go(const uint32_t channel, const uint32_t key)
{
  note_stack_let_go(&notes, (Note){channel, key});
}

static void
check(const ChannelSet channels, const bool is_held, const char* const expected)
{
  char text[256] = "";
  chord_update(&chord, &notes, channels, is_held);
  for (uint32_t i = 0; i < chord.n_keys; ++i) {
    const size_t n = strlen(text);
    snprintf(text + n, sizeof(text) - n, "%s%d", n ? " " : "", chord.key[i].key);
    ck_assert_uint_eq(chord.key[i].velocity, chord.key[i].key);
  }
  ck_assert_str_eq(text, expected);
}

START_TEST(keys_are_in_the_order_of_their_strikes)
{
  strike(1, 64);
  strike(1, 60);
  strike(1, 67);
  check(ALL, false, "64 60 67");
  ck_assert_uint_eq(chord_from_below(&chord, 0)->key, 60);
  ck_assert_uint_eq(chord_from_below(&chord, 1)->key, 64);
  ck_assert_uint_eq(chord_from_below(&chord, 2)->key, 67);
  let_go(1, 60);
  check(ALL, false, "64 67");
  strike(1, 64); // Again, while it is down
  check(ALL, false, "67 64");
}
END_TEST

START_TEST(held_keys_stay)
{
  strike(1, 60);
  strike(1, 64);
  check(ALL, true, "60 64");
  let_go(1, 60);
  let_go(1, 64);
  check(ALL, true, "60 64");
  check(ALL, false, "");
}
END_TEST

START_TEST(pedal_keeps_keys)
{
  note_stack_set_pedal(&notes, 1, true);
  strike(1, 60);
  let_go(1, 60);
  strike(1, 64);
  check(ALL, false, "60 64");
  ck_assert(chord_has_finger(&notes, ALL, (Note){1, 60}));
  ck_assert(!chord_has_finger(&notes, ALL, (Note){1, 64}));
  note_stack_set_pedal(&notes, 1, false);
  check(ALL, false, "64");
}
END_TEST

/// The oldest makes room, and comes back when there is some
START_TEST(latest_keys_count)
{
  for (uint32_t k = 0; k < 18; ++k) {
    strike(1, 90U - k);
  }
  check(ALL, false, "88 87 86 85 84 83 82 81 80 79 78 77 76 75 74 73");
  let_go(1, 80);
  check(ALL, false, "89 88 87 86 85 84 83 82 81 79 78 77 76 75 74 73");
  strike(1, 88);
  check(ALL, false, "89 87 86 85 84 83 82 81 79 78 77 76 75 74 73 88");
}
END_TEST

/// A key of two channels is one, at its last strike, until both let it go
START_TEST(channels_share_keys)
{
  strike(1, 60);
  strike(2, 62);
  strike(2, 60);
  check(ALL, false, "62 60");
  check(channel_set(1), false, "60");
  let_go(2, 60);
  check(ALL, false, "62 60");
  ck_assert(!chord_has_finger(&notes, channel_set(3), (Note){1, 60}));
  let_go(1, 60);
  check(ALL, false, "62");
}
END_TEST

START_TEST(cleared_keys_do_not_come_back)
{
  strike(1, 60);
  strike(1, 64);
  check(ALL, true, "60 64");
  chord_clear(&chord, notes.n_strikes + 1U);
  check(ALL, true, "");
  check(ALL, false, "");
  strike(1, 60);
  check(ALL, false, "60");
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("chord");
  TCase* const tests = tcase_create("chord");
  tcase_add_checked_fixture(tests, set_up, NULL);
  tcase_add_test(tests, keys_are_in_the_order_of_their_strikes);
  tcase_add_test(tests, held_keys_stay);
  tcase_add_test(tests, pedal_keeps_keys);
  tcase_add_test(tests, latest_keys_count);
  tcase_add_test(tests, channels_share_keys);
  tcase_add_test(tests, cleared_keys_do_not_come_back);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
