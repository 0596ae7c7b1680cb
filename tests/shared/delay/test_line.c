// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "delay/line.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define RATE_HZ 48000.0
#define N_FRAMES 24000U
#define MAX_DELAY 1000.0
#define PI 3.14159265358979323846

static Line   line;
static float  memory[2048];
static float  in_[N_FRAMES];
static float  out_[N_FRAMES];
static double delay_[N_FRAMES];

static void
fill_sine(const double freq_hz)
{
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    in_[i] = (float)sin(2.0 * PI * freq_hz / RATE_HZ * i);
  }
}

static void
fill_noise(void)
{
  uint32_t seed = 1;
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    seed   = seed * 1664525U + 1013904223U;
    in_[i] = (float)(int32_t)seed * 0x1p-31f;
  }
}

static void
start(void)
{
  const uint32_t n_frames = line_frames(MAX_DELAY);
  ck_assert_uint_le(line_memory(n_frames), sizeof(memory) / sizeof(memory[0]));
  line_init(&line, memory, n_frames);
}

static uint32_t
least(const uint32_t a, const uint32_t b)
{
  return a < b ? a : b;
}

/// Delay all frames as delay_ has it, in chunks of 1 to `n_most` frames
static void
run(const uint32_t n_most)
{
  LineTaps taps = {.delay = 0.0};
  uint32_t n    = 0;
  for (uint32_t i = 0; i < N_FRAMES; i += n) {
    n = least((i * 2654435761U >> 7U) % n_most + 1U, N_FRAMES - i);
    line_read_moving(&line, memory, &taps, delay_ + i, out_ + i, n);
    line_write(&line, memory, in_ + i, n);
  }
}

/// The same at one delay
static void
run_still(const double delay, const uint32_t n_most)
{
  LineTaps taps;
  uint32_t n = 0;
  line_taps_set(&taps, delay);
  for (uint32_t i = 0; i < N_FRAMES; i += n) {
    n = least((i * 2654435761U >> 7U) % n_most + 1U, N_FRAMES - i);
    line_read(&line, memory, &taps, out_ + i, n);
    line_write(&line, memory, in_ + i, n);
  }
}

/// Return how far out_ is from a late sine, in dB below it
static double
error_db(const double freq_hz)
{
  double error = 0.0;
  double power = 0.0;
  for (uint32_t i = 2048; i < N_FRAMES; ++i) {
    const double due = sin(2.0 * PI * freq_hz / RATE_HZ * ((double)i - delay_[i]));
    error += pow((double)out_[i] - due, 2.0);
    power += due * due;
  }
  return 10.0 * log10(error / power);
}

/// Return the gain of out_, in dB
static double
gain_db(const double freq_hz)
{
  double real = 0.0;
  double imag = 0.0;
  for (uint32_t i = N_FRAMES / 2; i < N_FRAMES; ++i) {
    const double angle = 2.0 * PI * freq_hz / RATE_HZ * i;
    real += (double)out_[i] * cos(angle);
    imag += (double)out_[i] * sin(angle);
  }
  return 20.0 * log10(hypot(real, imag) / (0.25 * N_FRAMES));
}

static void
fill_delay(const double delay)
{
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    delay_[i] = delay;
  }
}

START_TEST(is_flat_and_exact)
{
  static const double freqs_hz[]  = {100.0, 1000.0, 5000.0, 10000.0, 15000.0, 17500.0};
  static const double fractions[] = {0.0, 0.1, 0.25, 0.5, 0.7, 0.999};

  for (int f = 0; f < 6; ++f) {
    fill_sine(freqs_hz[f]);
    for (int d = 0; d < 6; ++d) {
      start();
      fill_delay(333.0 + fractions[d]);
      run_still(delay_[0], LINE_CHUNK);
      ck_assert_double_lt(error_db(freqs_hz[f]), -98.0);
      ck_assert_double_lt(fabs(gain_db(freqs_hz[f])), 0.0002);
    }
  }
}
END_TEST

START_TEST(loses_little_at_18_khz)
{
  fill_sine(18000.0);
  for (double delay = 200.0; delay < 201.0; delay += 0.125) {
    start();
    run_still(delay, LINE_CHUNK);
    ck_assert_double_lt(fabs(gain_db(18000.0)), 0.005);
  }
}
END_TEST

/// The delays swing around 100 frames
static double
swing_error_db(const double freq_hz, const double depth, const double speed_hz)
{
  fill_sine(freq_hz);
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    delay_[i] = 100.0 + depth * sin(2.0 * PI * speed_hz / RATE_HZ * i);
  }
  start();
  run(LINE_CHUNK / 2U);
  return error_db(freq_hz);
}

START_TEST(is_exact_while_it_moves)
{
  ck_assert_double_lt(swing_error_db(1000.0, 50.0, 3.0), -110.0);
  ck_assert_double_lt(swing_error_db(5000.0, 50.0, 3.0), -106.0);
  ck_assert_double_lt(swing_error_db(10000.0, 50.0, 3.0), -110.0);
  ck_assert_double_lt(swing_error_db(17000.0, 20.0, 3.0), -104.0);
  ck_assert_double_lt(swing_error_db(5000.0, 20.0, 300.0), -106.0);
  ck_assert_double_lt(swing_error_db(1000.0, 5.0, 3000.0), -110.0);
}
END_TEST

START_TEST(one_delay_is_read_as_a_moving_one)
{
  static float still[N_FRAMES];

  fill_noise();
  start();
  run_still(90.3, LINE_CHUNK);
  memcpy(still, out_, sizeof(still));
  fill_delay(90.3);
  start();
  run(7);
  ck_assert_mem_eq(out_, still, sizeof(still));
}
END_TEST

START_TEST(chunks_make_no_difference)
{
  static float whole[N_FRAMES];

  fill_noise();
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    delay_[i] = 500.0 + 400.0 * sin(0.003 * i);
  }
  start();
  run(1);
  memcpy(whole, out_, sizeof(whole));
  start();
  run(LINE_CHUNK);
  ck_assert_mem_eq(out_, whole, sizeof(whole));
}
END_TEST

START_TEST(nothing_is_read_from_before_a_reset)
{
  static float fresh[N_FRAMES];

  fill_noise();
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    delay_[i] = 600.0 + 300.0 * sin(0.01 * i);
  }
  start();
  run(20);
  memcpy(fresh, out_, sizeof(fresh));
  line_reset(&line);
  run(33);
  ck_assert_mem_eq(out_, fresh, sizeof(fresh));
}
END_TEST

START_TEST(shortest_and_longest_delays_are_read)
{
  static float shortest[N_FRAMES];

  fill_noise();
  start();
  const double longest = line_max_delay(&line);
  ck_assert_double_ge(longest, MAX_DELAY);
  fill_delay(LINE_MIN_DELAY);
  run(1);
  memcpy(shortest, out_, sizeof(shortest));
  start();
  run_still(longest, LINE_CHUNK);
  const uint32_t lag = (uint32_t)longest - LINE_MIN_DELAY;
  for (uint32_t i = lag; i < N_FRAMES; ++i) {
    ck_assert_float_eq(out_[i], shortest[i - lag]);
  }
}
END_TEST

START_TEST(frames_are_copied_as_they_were)
{
  float copy[LINE_CHUNK];

  fill_noise();
  start();
  run_still(100.0, LINE_CHUNK);
  line_copy(&line, memory, 777, copy, LINE_CHUNK);
  ck_assert_mem_eq(copy, in_ + N_FRAMES - 777, sizeof(copy));
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("line");
  TCase* const tests = tcase_create("line");
  tcase_add_test(tests, is_flat_and_exact);
  tcase_add_test(tests, loses_little_at_18_khz);
  tcase_add_test(tests, is_exact_while_it_moves);
  tcase_add_test(tests, one_delay_is_read_as_a_moving_one);
  tcase_add_test(tests, chunks_make_no_difference);
  tcase_add_test(tests, nothing_is_read_from_before_a_reset);
  tcase_add_test(tests, shortest_and_longest_delays_are_read);
  tcase_add_test(tests, frames_are_copied_as_they_were);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
