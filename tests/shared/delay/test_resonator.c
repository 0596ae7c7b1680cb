// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "delay/resonator.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define RATE_HZ 48000.0
#define C4_HZ 261.6255653005986
#define N_FRAMES 96000U
#define MAX_SLICE 64U
#define PI 3.14159265358979323846

static Resonator resonator;
static float*    memory;
static float     in_[N_FRAMES];
static float     out_[N_FRAMES];
static double    pitch_[N_FRAMES];
static float     decay_[MAX_SLICE];
static float     damping_[MAX_SLICE];

static void
setup(void)
{
  memory = (float*)calloc(resonator_memory(RATE_HZ), sizeof(float));
  resonator_init(&resonator, memory, RATE_HZ);
  memset(in_, 0, sizeof(in_));
  in_[0] = 1.0f;
}

static void
teardown(void)
{
  free(memory);
}

static void
set(const double freq_hz, const float decay_oct, const float damping)
{
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    pitch_[i] = log2(freq_hz / C4_HZ);
  }
  for (uint32_t i = 0; i < MAX_SLICE; ++i) {
    decay_[i]   = decay_oct;
    damping_[i] = damping;
  }
}

/// Run all frames in slices of 1 to `n_most` frames
static void
run(const bool is_tube, const uint32_t n_most)
{
  uint32_t n = 0;
  for (uint32_t i = 0; i < N_FRAMES; i += n) {
    n              = (i * 2654435761U >> 7U) % n_most + 1U;
    n              = n < N_FRAMES - i ? n : N_FRAMES - i;
    bool is_silent = true;
    for (uint32_t k = i; k < i + n; ++k) {
      is_silent &= in_[k] == 0.0f;
    }
    const ResonatorInputs inputs = {
      in_ + i, pitch_ + i, decay_, damping_, is_tube, is_silent};
    resonator_process(&resonator, memory, &inputs, out_ + i, n);
  }
}

/// A partial as it is in a window of frames
typedef struct {
  double phase;
  double level_db;
} Partial;

static Partial
partial_at(const double freq_hz, const uint32_t start, const uint32_t n_frames)
{
  double real = 0.0;
  double imag = 0.0;
  for (uint32_t i = 0; i < n_frames; ++i) {
    const double place  = (i + 0.5) / n_frames;
    const double window = 0.35875 - 0.48829 * cos(2.0 * PI * place) +
                          0.14128 * cos(4.0 * PI * place) -
                          0.01168 * cos(6.0 * PI * place);
    const double angle = 2.0 * PI * freq_hz / RATE_HZ * (start + i);
    real += window * (double)out_[start + i] * cos(angle);
    imag -= window * (double)out_[start + i] * sin(angle);
  }
  return (Partial){atan2(imag, real), 20.0 * log10(hypot(real, imag))};
}

/// Check the tuning and decay of a partial, by two windows a second apart
static void
check_partial(const double freq_hz, const double decay_s)
{
  enum { N_WINDOW = 24000, FIRST = 12000, SECOND = 60000 };

  const Partial first  = partial_at(freq_hz, FIRST, N_WINDOW);
  const Partial second = partial_at(freq_hz, SECOND, N_WINDOW);
  const double  time_s = (SECOND - FIRST) / RATE_HZ;
  const double  turn   = remainder(second.phase - first.phase, 2.0 * PI);
  const double  off_hz = turn / (2.0 * PI * time_s);
  const double  cents  = 1200.0 * log2(1.0 + off_hz / freq_hz);
  const double  falls  = (second.level_db - first.level_db) / time_s;
  ck_assert_msg(fabs(cents) < 0.01, "%g Hz is off by %g cents", freq_hz, cents);
  ck_assert_msg(
    fabs(falls + 60.0 / decay_s) < 0.01, "%g Hz falls by %g dB/s", freq_hz, falls);
}

START_TEST(is_in_tune_and_decays_as_set)
{
  static const double freqs_hz[] = {
    27.5, 110.0, 440.3, 1234.5, 4186.0, 8000.0, 11999.0};

  for (int f = 0; f < 7; ++f) {
    resonator_reset(&resonator, memory);
    set(freqs_hz[f], 4.0f, 0.0f);
    run(false, MAX_SLICE);
    check_partial(freqs_hz[f], 16.0);
  }
}
END_TEST

START_TEST(damped_fundamental_decays_as_set)
{
  static const double freqs_hz[] = {27.5, 110.0, 440.3, 1234.5, 4186.0};
  static const float  dampings[] = {0.01f, 0.1f, 0.25f};

  for (int f = 0; f < 15; ++f) {
    const double freq_hz = freqs_hz[f % 5];
    const bool   is_tube = f % 2 == 1 && freq_hz < 4000.0; // Taps gain 8e-6 dB a round
    resonator_reset(&resonator, memory);
    set(freq_hz, 2.0f, dampings[f / 5]);
    run(is_tube, MAX_SLICE);
    check_partial(freq_hz, 4.0);
  }
}
END_TEST

/// Return by how many dB a second a frequency falls
static double
falls_db(const double freq_hz)
{
  const double before = partial_at(freq_hz, 12000, 24000).level_db;

  return before - partial_at(freq_hz, 60000, 24000).level_db;
}

START_TEST(damping_lets_upper_partials_die_sooner)
{
  set(440.3, 2.0f, 0.1f);
  run(false, MAX_SLICE);
  ck_assert_double_gt(falls_db(5.0 * 440.3), 1.2 * 15.0);
  ck_assert_double_gt(falls_db(0.0), 0.49 * 15.0); // What offset there is goes, too
  resonator_reset(&resonator, memory);
  set(4186.0, 2.0f, 0.25f);
  run(false, MAX_SLICE);
  ck_assert_double_gt(falls_db(2.0 * 4186.0), 1.2 * 15.0);
  ck_assert_double_gt(falls_db(0.0), 0.49 * 15.0);
}
END_TEST

START_TEST(partials_are_in_tune)
{
  set(440.3, 4.0f, 0.0f);
  run(false, MAX_SLICE);
  for (int p = 1; p <= 40; ++p) {
    check_partial(440.3 * p, 16.0);
  }
}
END_TEST

/// Return how far the fundamental is off, in cents
static double
cents_off(const double freq_hz)
{
  const Partial first  = partial_at(freq_hz, 4800, 9600);
  const Partial second = partial_at(freq_hz, 9600, 9600);
  const double  turn   = remainder(second.phase - first.phase, 2.0 * PI);
  return 1200.0 * log2(1.0 + turn / (2.0 * PI * 0.1) / freq_hz);
}

START_TEST(damping_does_not_move_the_pitch)
{
  set(440.3, 4.0f, 0.1f);
  run(false, MAX_SLICE);
  ck_assert_double_lt(fabs(cents_off(440.3)), 0.01);
}
END_TEST

START_TEST(tube_has_odd_partials)
{
  set(440.3, 4.0f, 0.0f);
  run(true, MAX_SLICE);
  check_partial(440.3, 16.0);
  check_partial(3.0 * 440.3, 16.0);
  ck_assert_double_lt(partial_at(880.6, 12000, 24000).level_db,
                      partial_at(440.3, 12000, 24000).level_db - 60.0);
}
END_TEST

static void
fill_wild(void)
{
  uint32_t seed = 1;
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    seed      = seed * 1664525U + 1013904223U;
    in_[i]    = i < 30000 ? (float)(int32_t)seed * 0x1p-31f : 0.0f;
    pitch_[i] = -3.0 + 9.0 * (double)(seed >> 8U) * 0x1p-24;
  }
}

START_TEST(is_bounded)
{
  set(440.0, 8.0f, 0.0f);
  fill_wild();
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    in_[i] *= i < 20000 ? 1e6f : 1.0f;
  }
  run(false, MAX_SLICE);
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    ck_assert_float_lt(fabsf(out_[i]), RESONATOR_BOUND);
  }
}
END_TEST

START_TEST(slices_make_no_difference)
{
  static float whole[N_FRAMES];

  set(440.0, -2.0f, 0.1f);
  fill_wild();
  run(true, MAX_SLICE);
  memcpy(whole, out_, sizeof(whole));
  resonator_reset(&resonator, memory);
  run(true, 3);
  ck_assert_mem_eq(out_, whole, sizeof(whole));
}
END_TEST

START_TEST(silence_comes_to_rest)
{
  set(440.0, -3.0f, 0.1f);
  run(false, MAX_SLICE);
  ck_assert_float_eq(out_[N_FRAMES - 1], 0.0f);
  ck_assert_uint_gt(resonator.n_silent, 3000);
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("resonator");
  TCase* const tests = tcase_create("resonator");
  tcase_add_checked_fixture(tests, setup, teardown);
  tcase_set_timeout(tests, 60);
  tcase_add_test(tests, is_in_tune_and_decays_as_set);
  tcase_add_test(tests, damped_fundamental_decays_as_set);
  tcase_add_test(tests, damping_lets_upper_partials_die_sooner);
  tcase_add_test(tests, partials_are_in_tune);
  tcase_add_test(tests, damping_does_not_move_the_pitch);
  tcase_add_test(tests, tube_has_odd_partials);
  tcase_add_test(tests, is_bounded);
  tcase_add_test(tests, slices_make_no_difference);
  tcase_add_test(tests, silence_comes_to_rest);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
