// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "modulation/follower.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define TWO_PI 6.283185307179586

enum { N_FRAMES = 200000, N_SLICE = 256 };

static const double rates_hz[] = {8000.0, 48000.0, 768000.0};

static float in[N_FRAMES];
static float out[N_FRAMES];

static void
start(Follower* const follower,
      const Detector  detector,
      const double    sample_rate,
      const double    attack_s,
      const double    release_s)
{
  follower_init(follower, sample_rate);
  follower_set(follower, detector, attack_s, release_s);
}

static void
run(Follower* const follower,
    const uint32_t  first,
    const uint32_t  end,
    const uint32_t  n_slice)
{
  for (uint32_t i = first; i < end; i += n_slice) {
    const uint32_t n = end - i < n_slice ? end - i : n_slice;
    follower_process(follower, in + i, out + i, n);
  }
}

/// Fill with a level up to `end`, and silence from there on
static void
fill_level(const float level, const uint32_t end)
{
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    in[i] = i < end ? level : 0.0f;
  }
}

static void
fill_sine(const double freq_hz, const double sample_rate)
{
  for (int i = 0; i < N_FRAMES; ++i) {
    in[i] = (float)sin(TWO_PI * freq_hz * i / sample_rate);
  }
}

/// Return the first frame from `start` on where the level has passed `line`
static uint32_t
passes(const uint32_t first, const float line)
{
  const int rises = out[first] < line;

  uint32_t i = first;
  while (i < N_FRAMES && (rises ? out[i] < line : out[i] > line)) {
    ++i;
  }
  return i;
}

START_TEST(attack_takes_its_time_to_90_percent)
{
  static const double attacks_s[] = {0.001, 0.01, 0.1};

  for (int r = 0; r < 3; ++r) {
    for (int a = 0; a < 3; ++a) {
      Follower follower;
      start(&follower, (Detector)_i, rates_hz[r], attacks_s[a], 0.1);
      fill_level(-0.5f, N_FRAMES);
      run(&follower, 0, N_FRAMES, N_SLICE);
      const double frames = attacks_s[a] * rates_hz[r];
      ck_assert_double_eq_tol(passes(0, 0.45f) + 1.0, frames, 1.0);
    }
  }
}
END_TEST

START_TEST(release_takes_its_time_to_a_tenth)
{
  static const double   releases_s[] = {0.01, 0.05, 0.1};
  static const uint32_t end          = 100000;

  for (int r = 0; r < 3; ++r) {
    for (int a = 0; a < 3; ++a) {
      Follower follower;
      start(&follower, (Detector)_i, rates_hz[r], 0.001, releases_s[a]);
      fill_level(0.5f, end);
      run(&follower, 0, N_FRAMES, N_SLICE);
      ck_assert_float_eq_tol(out[end - 1], 0.5f, 1e-6f);
      const double frames = releases_s[a] * rates_hz[r];
      ck_assert_double_eq_tol(passes(end, 0.05f) - end + 1.0, frames, 1.0);
    }
  }
}
END_TEST

START_TEST(release_is_even_in_db)
{
  static const uint32_t end = 10000;

  Follower follower;
  start(&follower, (Detector)_i, 48000.0, 0.001, 0.1);
  fill_level(1.0f, end);
  run(&follower, 0, N_FRAMES, N_SLICE);
  for (uint32_t i = 0; i < 14400; i += 480) {
    const double wanted_db = -20.0 * (i + 1.0) / 4800.0;
    ck_assert_double_eq_tol(20.0 * log10((double)out[end + i]), wanted_db, 0.01);
  }
}
END_TEST

START_TEST(level_of_a_sine_is_its_peak_or_its_rms)
{
  const double wanted = _i == DETECTOR_RMS ? sqrt(0.5) : 1.0;

  Follower follower;
  start(&follower, (Detector)_i, 48000.0, 0.1, 1.0);
  fill_sine(1000.0, 48000.0);
  run(&follower, 0, N_FRAMES, N_SLICE);
  for (uint32_t i = N_FRAMES - 4800; i < N_FRAMES; ++i) {
    ck_assert_double_eq_tol((double)out[i] / wanted, 1.0, 0.005);
  }
}
END_TEST

START_TEST(silence_stays_silent_and_comes_back)
{
  Follower follower;
  start(&follower, (Detector)_i, 48000.0, 0.001, 0.001);
  fill_level(1e6f, 1000);
  run(&follower, 0, N_FRAMES, N_SLICE);
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    ck_assert_float_finite(out[i]);
  }
  ck_assert_float_le(out[N_FRAMES - 1], 1e-30f);
}
END_TEST

START_TEST(detectors_take_over_from_each_other)
{
  Follower follower;
  start(&follower, DETECTOR_PEAK, 48000.0, 0.001, 1.0);
  fill_level(0.5f, 1000);
  run(&follower, 0, 2000, N_SLICE);
  follower_set(&follower, DETECTOR_RMS, 0.001, 1.0);
  run(&follower, 2000, 3000, N_SLICE);
  follower_set(&follower, DETECTOR_PEAK, 0.001, 1.0);
  run(&follower, 3000, 4000, N_SLICE);
  for (uint32_t i = 1001; i < 4000; ++i) {
    ck_assert_float_eq_tol(out[i], out[i - 1], 1e-4f);
  }
}
END_TEST

START_TEST(slices_do_not_matter)
{
  static float whole[N_FRAMES];

  fill_sine(37.0, 48000.0);
  for (uint32_t n_slice = N_SLICE; n_slice > 0; n_slice /= 3) {
    Follower follower;
    start(&follower, (Detector)_i, 48000.0, 0.01, 0.02);
    run(&follower, 0, 100001, n_slice);
    follower_set(&follower, (Detector)(1 - _i), 0.1, 0.005);
    run(&follower, 100001, 100003, n_slice);
    follower_set(&follower, (Detector)_i, 0.1, 0.005);
    run(&follower, 100003, N_FRAMES, n_slice);
    if (n_slice == N_SLICE) {
      memcpy(whole, out, sizeof(whole));
    }
    ck_assert_mem_eq(out, whole, sizeof(whole));
  }
}
END_TEST

int
main(void)
{
  enum { N_DETECTORS = DETECTOR_RMS + 1 };

  Suite* const suite = suite_create("follower");
  TCase* const tests = tcase_create("follower");
  tcase_add_loop_test(tests, attack_takes_its_time_to_90_percent, 0, N_DETECTORS);
  tcase_add_loop_test(tests, release_takes_its_time_to_a_tenth, 0, N_DETECTORS);
  tcase_add_loop_test(tests, release_is_even_in_db, 0, N_DETECTORS);
  tcase_add_loop_test(tests, level_of_a_sine_is_its_peak_or_its_rms, 0, N_DETECTORS);
  tcase_add_loop_test(tests, silence_stays_silent_and_comes_back, 0, N_DETECTORS);
  tcase_add_test(tests, detectors_take_over_from_each_other);
  tcase_add_loop_test(tests, slices_do_not_matter, 0, N_DETECTORS);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
