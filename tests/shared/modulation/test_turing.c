// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "modulation/turing.h"

#include <stdint.h>
#include <string.h>

#define N_STEPS 4000

static Turing     turing;
static TuringStep step;
static int64_t    number;

static void
setup(void)
{
  step   = (TuringStep){.length = 8};
  number = 0;
  turing_reset(&turing, 0, 8);
}

/// Do a step, and return the newest bit
static bool
go_on(void)
{
  step.dice = number++;
  turing_step(&turing, &step);
  return turing_bit(&turing, 0);
}

START_TEST(loop_is_kept)
{
  for (uint32_t length = 1; length <= TURING_BITS; ++length) {
    step.length = length;
    turing_reset(&turing, length, length);
    bool first[TURING_BITS];
    for (uint32_t i = 0; i < 10U * length; ++i) {
      const bool bit    = go_on();
      first[i % length] = i < length ? bit : first[i % length];
      ck_assert_int_eq(bit, first[i % length]);
    }
  }
}
END_TEST

START_TEST(full_change_is_twice_the_loop)
{
  step.change = 1.0;
  bool bits[64];
  for (int i = 0; i < 64; ++i) {
    bits[i] = go_on();
    ck_assert(i < 8 || bits[i] != bits[i - 8]);
    ck_assert(i < 16 || bits[i] == bits[i - 16]);
  }
}
END_TEST

START_TEST(half_change_is_random)
{
  step.change       = 0.5;
  uint32_t n_set    = 0;
  uint32_t n_turned = 0;
  bool     bits[N_STEPS];
  for (int i = 0; i < N_STEPS; ++i) {
    bits[i] = go_on();
    n_set += bits[i];
    n_turned += i >= 8 && bits[i] != bits[i - 8];
  }
  ck_assert_double_eq_tol(n_set, N_STEPS / 2.0, 130.0); // Four sigma
  ck_assert_double_eq_tol(n_turned, N_STEPS / 2.0, 130.0);
}
END_TEST

START_TEST(value_is_what_was_heard)
{
  step.change   = 0.5;
  step.length   = 16;
  uint32_t seen = 0;
  for (int i = 0; i < 200; ++i) {
    seen = seen >> 1U | (uint32_t)go_on() << 7U;
    ck_assert(i < 8 || turing_value(&turing) == seen);
  }

  // And what is locked from now on is what was heard last
  uint32_t heard[16];
  for (int i = 0; i < 16; ++i) {
    go_on();
    heard[i] = turing_value(&turing);
  }
  step.change = 0.0;
  for (int i = 0; i < 64; ++i) {
    go_on();
    ck_assert(i % 16 < 7 || turing_value(&turing) == heard[i % 16]);
  }
}
END_TEST

START_TEST(locked_loop_starts_where_it_started)
{
  bool first[8];
  step.change = 0.5;
  for (int i = 0; i < 29; ++i) {
    go_on();
  }
  step.change = 0.0;
  turing_seek(&turing, 0);
  for (int i = 0; i < 8; ++i) {
    first[i] = go_on();
  }
  for (int n = 0; n < 20; ++n) {
    for (int i = 0; i < n; ++i) {
      go_on();
    }
    turing_seek(&turing, 0);
    for (int i = 0; i < 8; ++i) {
      ck_assert_int_eq(go_on(), first[i]);
    }
  }
}
END_TEST

START_TEST(place_of_a_locked_loop_can_be_sought)
{
  bool first[8];
  for (int i = 0; i < 8; ++i) {
    first[i] = go_on();
  }
  for (int n = -20; n < 20; ++n) {
    turing_seek(&turing, n);
    ck_assert_int_eq(go_on(), first[(n + 80) % 8]);
    ck_assert_int_eq(go_on(), first[(n + 81) % 8]);
  }
}
END_TEST

START_TEST(shorter_loop_is_the_last_that_was_heard)
{
  for (uint32_t length = 1; length < 16; ++length) {
    turing_reset(&turing, length, 16);
    step.length = 16;
    bool heard[16];
    for (int i = 0; i < 16; ++i) {
      heard[i] = go_on();
    }
    const uint32_t ring = turing.ring;
    step.length         = length;
    for (uint32_t i = 0; i < 3U * length; ++i) {
      ck_assert_int_eq(go_on(), heard[16U - length + i % length]);
    }
    ck_assert_uint_eq(turing.ring, ring); // The others are still there
  }
}
END_TEST

START_TEST(bits_can_be_written)
{
  step.writes = true;
  for (int i = 0; i < 8; ++i) {
    ck_assert(go_on());
  }
  ck_assert_uint_eq(turing_value(&turing), 255);
  step.erases = true;
  for (int i = 0; i < 8; ++i) {
    ck_assert(!go_on());
  }
  ck_assert_uint_eq(turing_value(&turing), 0);
}
END_TEST

START_TEST(seeds_differ)
{
  uint32_t n_same = 0;
  for (uint32_t seed = 0; seed < 100; ++seed) {
    turing_reset(&turing, seed, 8);
    const uint32_t ring = turing.ring;
    turing_reset(&turing, seed + 1U, 8);
    n_same += turing.ring == ring;
  }
  ck_assert_uint_eq(n_same, 0);
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("turing");
  TCase* const tests = tcase_create("turing");
  tcase_add_checked_fixture(tests, setup, NULL);
  tcase_add_test(tests, loop_is_kept);
  tcase_add_test(tests, full_change_is_twice_the_loop);
  tcase_add_test(tests, half_change_is_random);
  tcase_add_test(tests, value_is_what_was_heard);
  tcase_add_test(tests, locked_loop_starts_where_it_started);
  tcase_add_test(tests, place_of_a_locked_loop_can_be_sought);
  tcase_add_test(tests, shorter_loop_is_the_last_that_was_heard);
  tcase_add_test(tests, bits_can_be_written);
  tcase_add_test(tests, seeds_differ);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
