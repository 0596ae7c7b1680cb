// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "timing/stepper.h"

#include <stdint.h>
#include <string.h>

#define RATE_HZ 48000.0
#define N_FRAMES 6000
#define PERIOD 1000
#define NEAR 48 ///< Frames in which clock and reset are one event

static Stepper stepper;
static float   clock_v[N_FRAMES];
static float   reset_v[N_FRAMES];
static int64_t start[N_FRAMES]; ///< Number of the step that starts, -1 if none does
static int     armed[N_FRAMES]; ///< Whether it is, after a frame

static void
setup(void)
{
  stepper_init(&stepper, RATE_HZ);
  memset(reset_v, 0, sizeof(reset_v));
  memset(clock_v, 0, sizeof(clock_v));
  for (int i = 500; i < N_FRAMES; i += PERIOD) {
    clock_v[i] = clock_v[i + 1] = 5.0f;
  }
}

static void
run(const uint32_t n_slice)
{
  for (int i = 0; i < N_FRAMES; ++i) {
    start[i] = -1;
  }
  for (uint32_t at = 0; at < N_FRAMES; at += n_slice) {
    const uint32_t n = N_FRAMES - at < n_slice ? N_FRAMES - at : n_slice;
    for (uint32_t i = 0, end = 0; i < n; i = end) {
      const unsigned events =
        stepper_take(&stepper, reset_v + at, clock_v + at, i, n, &end);
      if (events & STEPPER_STARTS) {
        start[at + i] = stepper.step;
      }
      for (uint32_t j = i; j < end; ++j) {
        armed[at + j] = stepper_is_armed(&stepper);
      }
    }
  }
}

/// Check that step `step` starts in frame `frame`, and nothing else from there to `end`
static void
check_start(const int frame, const int end, const int64_t step)
{
  ck_assert_int_eq(start[frame], step);
  int n_others = 0;
  for (int i = frame + 1; i < end; ++i) {
    n_others += start[i] != -1;
  }
  ck_assert_int_eq(n_others, 0);
}

START_TEST(reset_at_every_offset_makes_the_next_clock_the_first)
{
  // From 2 ms before the clock of frame 2500 to 2 ms after
  for (int offset = -96; offset <= 96; ++offset) {
    setup();
    reset_v[2500 + offset] = 10.0f;
    run(256);
    check_start(500, 1500, 0);
    check_start(1500, 2500, 1);
    if (offset <= 0) {
      check_start(2500, 3500, 0);
      check_start(3500, 4500, 1);
      ck_assert(offset == 0 || armed[2499]);
    } else if (offset < NEAR) {
      check_start(2500, 2500 + offset, 2);
      check_start(2500 + offset, 3500, 0);
      check_start(3500, 4500, 1);
      ck_assert(!armed[2500 + offset]);
    } else {
      check_start(2500, 3500, 2);
      ck_assert(armed[2500 + offset]);
      check_start(3500, 4500, 0);
    }
  }
}
END_TEST

START_TEST(reset_at_once_starts_the_first_step)
{
  for (int offset = -96; offset <= 96; ++offset) {
    setup();
    stepper_set_mode(&stepper, STEPPER_AT_ONCE);
    reset_v[2500 + offset] = 10.0f;
    run(256);
    ck_assert_int_eq(start[2500 + offset], 0);
    if (offset < 0) {
      ck_assert_int_eq(start[2500], offset > -NEAR ? -1 : 1);
    }
    check_start(3500, 4500, offset <= -NEAR ? 2 : 1);
  }
}
END_TEST

START_TEST(fresh_stepper_is_armed)
{
  clock_v[0] = 10.0f;
  run(256);
  check_start(0, 500, 0);
  check_start(500, 1500, 1);

  // And so is one that was reset, with the clock high
  stepper_reset(&stepper);
  ck_assert(stepper_is_armed(&stepper));
  run(256);
  check_start(0, 500, 0);
}
END_TEST

START_TEST(reset_half_way_is_waited_for)
{
  reset_v[2000] = 10.0f;
  run(256);
  for (int i = 2000; i < 2500; ++i) {
    ck_assert(armed[i]);
    ck_assert_int_eq(start[i], -1);
  }
  check_start(2500, 3500, 0);
}
END_TEST

START_TEST(reset_that_stays_high_counts_once)
{
  for (int i = 2000; i < 5000; ++i) {
    reset_v[i] = 10.0f;
  }
  run(64);
  check_start(2500, 3500, 0);
  check_start(3500, 4500, 1);
}
END_TEST

START_TEST(slices_do_not_matter)
{
  static int64_t expected[N_FRAMES];
  uint32_t       dice = 1;
  for (int i = 0; i < N_FRAMES; ++i) {
    dice       = dice * 1664525U + 1013904223U;
    clock_v[i] = dice >> 28U == 0U ? 10.0f : clock_v[i];
    reset_v[i] = dice >> 22U == 77U ? 10.0f : dice >> 24U == 5U ? 0.3f : 0.0f;
  }
  for (int mode = 0; mode < 2; ++mode) {
    stepper_reset(&stepper);
    stepper_set_mode(&stepper, (StepperResetMode)mode);
    run(N_FRAMES);
    memcpy(expected, start, sizeof(start));
    for (uint32_t n_slice = 1; n_slice < 300; n_slice += 23) {
      stepper_reset(&stepper);
      run(n_slice);
      ck_assert_mem_eq(start, expected, sizeof(start));
    }
  }
}
END_TEST

START_TEST(nothing_patched_is_no_edge)
{
  uint32_t end = 0;
  ck_assert_uint_eq(stepper_take(&stepper, NULL, NULL, 0, 256, &end), STEPPER_NOTHING);
  ck_assert_uint_eq(end, 256);
  ck_assert(stepper_is_armed(&stepper));
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("stepper");
  TCase* const tests = tcase_create("stepper");
  tcase_add_checked_fixture(tests, setup, NULL);
  tcase_add_test(tests, reset_at_every_offset_makes_the_next_clock_the_first);
  tcase_add_test(tests, reset_at_once_starts_the_first_step);
  tcase_add_test(tests, fresh_stepper_is_armed);
  tcase_add_test(tests, reset_half_way_is_waited_for);
  tcase_add_test(tests, reset_that_stays_high_counts_once);
  tcase_add_test(tests, slices_do_not_matter);
  tcase_add_test(tests, nothing_patched_is_no_edge);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
