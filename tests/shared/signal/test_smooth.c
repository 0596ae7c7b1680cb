// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "signal/smooth.h"

#include <math.h>

#define RATE 48000.0
#define TIME_S 0.005
#define N_FRAMES 8192U

/// Where knobs are turned to, every 1024 frames
static const double targets[] = {0.3, 1.0, -60.0, -60.0, 12.0, 0.0, 1e-3, 20000.0};

static float out[N_FRAMES];

/// Play all targets in slices of `size` frames
static void
play_targets(Smoother* const self, float* const to, const uint32_t size)
{
  for (uint32_t i = 0; i < N_FRAMES;) {
    const uint32_t left = 1024 - i % 1024;
    const uint32_t n    = size < left ? size : left;
    smooth_process(self, targets[i / 1024], to + i, n);
    i += n;
  }
}

START_TEST(first_target_is_reached_at_once)
{
  Smoother glide;
  smooth_init(&glide, RATE, TIME_S);
  for (unsigned n = 0; n < 2; ++n) {
    ck_assert(!smooth_process(&glide, -23.5, out, 64));
    for (uint32_t i = 0; i < 64; ++i) {
      ck_assert_float_eq(out[i], -23.5f);
    }

    ck_assert(smooth_process(&glide, 10.0, out, 64));
    smooth_reset(&glide);
  }
}
END_TEST

START_TEST(way_to_a_target_is_exponential)
{
  static const double rates[] = {8000.0, 44100.0, 192000.0, 768000.0};

  Smoother glide;
  smooth_init(&glide, rates[_i], TIME_S);
  smooth_process(&glide, 2.0, out, 1);
  ck_assert(smooth_process(&glide, -1.0, out, N_FRAMES));
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    const double expected = -1.0 + 3.0 * exp(-(i + 1.0) / (TIME_S * rates[_i]));
    ck_assert_double_eq_tol((double)out[i], expected, 4e-7);
  }
}
END_TEST

START_TEST(a_turn_on_the_way_goes_on_from_there)
{
  Smoother glide;
  smooth_init(&glide, RATE, TIME_S);
  smooth_process(&glide, 0.0, out, 1);
  smooth_process(&glide, 1.0, out, 240);
  const double from = 1.0 - exp(-1.0);
  ck_assert_double_eq_tol((double)out[239], from, 1e-6);

  smooth_process(&glide, -1.0, out, 240);
  const double first = -1.0 + (from + 1.0) * exp(-1.0 / 240.0);
  ck_assert_double_eq_tol((double)out[0], first, 1e-6);
  ck_assert_double_eq_tol((double)out[239], -1.0 + (from + 1.0) * exp(-1.0), 1e-6);
}
END_TEST

/// The end of a glide is on the target to the bit, within 16 time constants
START_TEST(target_is_reached_exactly)
{
  Smoother glide;
  smooth_init(&glide, RATE, TIME_S);
  for (unsigned t = 0; t < sizeof(targets) / sizeof(targets[0]); ++t) {
    const uint32_t n_frames = (uint32_t)(16.0 * TIME_S * RATE) * 2;
    smooth_process(&glide, targets[t], out, n_frames);
    ck_assert_float_eq(out[n_frames - 1], (float)targets[t]);
    ck_assert(!smooth_process(&glide, targets[t], out, 1));
    ck_assert_float_eq(out[0], (float)targets[t]);
  }
}
END_TEST

START_TEST(arrival_makes_no_step)
{
  Smoother glide;
  smooth_init(&glide, RATE, TIME_S);
  smooth_process(&glide, 0.0, out, 1);
  smooth_process(&glide, 1.0, out, N_FRAMES);
  for (uint32_t i = 1; i < N_FRAMES; ++i) {
    ck_assert(out[i] >= out[i - 1]);
    if (out[i] == 1.0f) {
      ck_assert_float_le(out[i] - out[i - 1], 2.5e-7f);
    }
  }
}
END_TEST

START_TEST(slicing_changes_nothing)
{
  static float whole[N_FRAMES];

  Smoother glide;
  smooth_init(&glide, RATE, TIME_S);
  play_targets(&glide, whole, N_FRAMES);
  for (uint32_t size = 1; size <= 64; ++size) {
    smooth_reset(&glide);
    play_targets(&glide, out, size);
    ck_assert_mem_eq(out, whole, sizeof(whole));
  }
}
END_TEST

/// 0 is the same to the bit, whatever its sign was and however it was reached
START_TEST(no_zero_has_a_sign)
{
  Smoother glide;
  smooth_init(&glide, RATE, TIME_S);
  smooth_process(&glide, -0.0, out, 1);
  ck_assert(!signbit(out[0]));
  smooth_process(&glide, 1.0, out, 1);
  smooth_process(&glide, -0.0, out, N_FRAMES);
  ck_assert(!signbit(out[N_FRAMES - 1]));
  smooth_process(&glide, 0.0, out, 1);
  smooth_process(&glide, -0.0, out, 1);
  ck_assert(!signbit(out[0]));
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("glide");
  TCase* const tests = tcase_create("glide");
  tcase_add_test(tests, first_target_is_reached_at_once);
  tcase_add_loop_test(tests, way_to_a_target_is_exponential, 0, 4);
  tcase_add_test(tests, a_turn_on_the_way_goes_on_from_there);
  tcase_add_test(tests, target_is_reached_exactly);
  tcase_add_test(tests, arrival_makes_no_step);
  tcase_add_test(tests, no_zero_has_a_sign);
  tcase_add_test(tests, slicing_changes_nothing);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
