// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "level/peak_hold.h"
#include "level/statistics.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { N_FRAMES = 48001 };

static float in[N_FRAMES];

static void
fill(void)
{
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    in[i] = 3.0f * sinf(0.0371f * (float)i) + 0.5f;
  }
}

static Statistics
add_sliced(const uint32_t n_slice)
{
  Statistics sums;
  statistics_reset(&sums);
  for (uint32_t i = 0; i < N_FRAMES; i += n_slice) {
    const uint32_t n = N_FRAMES - i < n_slice ? N_FRAMES - i : n_slice;
    statistics_add(&sums, (Signal){in + i, false}, n);
  }
  return sums;
}

START_TEST(results_are_those_of_the_formulas)
{
  fill();
  double   sum      = 0.0;
  double   power    = 0.0;
  float    lowest   = in[0];
  float    highest  = in[0];
  uint32_t n_beyond = 0;
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    sum += (double)in[i];
    power += (double)in[i] * (double)in[i];
    lowest  = fminf(lowest, in[i]);
    highest = fmaxf(highest, in[i]);
    n_beyond += fabsf(in[i]) > 1.0f;
  }

  const Statistics sums = add_sliced(256);
  ck_assert_double_eq_tol(statistics_mean(&sums), sum / N_FRAMES, 1e-12);
  ck_assert_double_eq_tol(statistics_power(&sums), power / N_FRAMES, 1e-12);
  ck_assert_float_eq(statistics_lowest(&sums), lowest);
  ck_assert_float_eq(statistics_highest(&sums), highest);
  ck_assert_uint_eq(statistics_beyond(&sums), n_beyond);
}
END_TEST

START_TEST(mean_of_equal_frames_is_that_float)
{
  static const float values[] = {0.1f, -3.3333333f, 9.9999f, 1e-6f, 5.0f};
  for (uint32_t v = 0; v < sizeof(values) / sizeof(values[0]); ++v) {
    for (uint32_t i = 0; i < N_FRAMES; ++i) {
      in[i] = values[v];
    }
    const Statistics sums = add_sliced(100);
    ck_assert_float_eq((float)statistics_mean(&sums), values[v]);
  }
}
END_TEST

START_TEST(slices_do_not_count)
{
  static const uint32_t slices[] = {1, 2, 3, 5, 7, 64, 255};

  fill();
  const Statistics expected = add_sliced(N_FRAMES);
  for (uint32_t s = 0; s < sizeof(slices) / sizeof(slices[0]); ++s) {
    const Statistics actual = add_sliced(slices[s]);
    ck_assert_mem_eq(&actual, &expected, sizeof(expected));
  }
}
END_TEST

START_TEST(zeros_that_are_known_are_the_same)
{
  memset(in, 0, sizeof(in));
  Statistics known;
  statistics_reset(&known);
  in[0] = -1.5f;
  statistics_add(&known, (Signal){in, false}, 1);
  statistics_add(&known, (Signal){in + 1, true}, N_FRAMES - 1);
  const Statistics unknown = add_sliced(N_FRAMES);
  ck_assert_mem_eq(&known, &unknown, sizeof(known));
}
END_TEST

START_TEST(peaks_are_held)
{
  PeakHold hold = {.holds = false};
  peak_hold_add(&hold, -2.0f, 100, 250);
  ck_assert_float_eq(hold.value, -2.0f);
  peak_hold_add(&hold, 3.0f, 100, 250);
  peak_hold_add(&hold, 1.0f, 100, 250);
  peak_hold_add(&hold, 2.0f, 100, 250);
  ck_assert_float_eq(hold.value, 3.0f);
  peak_hold_add(&hold, 1.0f, 100, 250);
  ck_assert_float_eq(hold.value, 1.0f);
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("statistics");
  TCase* const tests = tcase_create("statistics");
  tcase_add_test(tests, results_are_those_of_the_formulas);
  tcase_add_test(tests, mean_of_equal_frames_is_that_float);
  tcase_add_test(tests, slices_do_not_count);
  tcase_add_test(tests, zeros_that_are_known_are_the_same);
  tcase_add_test(tests, peaks_are_held);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
