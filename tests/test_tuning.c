// SPDX-License-Identifier: ISC

#include "test.h"

#include "osc.h"
#include "tuning.h"
#include "units.h"

#include <math.h>
#include <stdint.h>

#define N_FRAMES 7 // Odd, so that no vector fits

/// The same settings in every frame
typedef struct {
  float octave[N_FRAMES];
  float tune_oct[N_FRAMES];
  float pitch_oct[N_FRAMES];
  float exp_fm[N_FRAMES];
  float exp_fm_amount[N_FRAMES];
  float detune_hz[N_FRAMES];
  float fm[N_FRAMES];
  float fm_amount[N_FRAMES];
} Settings;

static Settings settings;
static double   freq_hz[N_FRAMES];

static void
set_up(void)
{
  settings = (Settings){.octave = {0.0f}};
}

static void
set(float* const signal, const float value)
{
  for (int i = 0; i < N_FRAMES; ++i) {
    signal[i] = value;
  }
}

/// Return the frequency of all frames, which must be the same
static double
frequency(void)
{
  const Tuning tuning = {settings.octave,
                         settings.tune_oct,
                         settings.pitch_oct,
                         settings.exp_fm,
                         settings.exp_fm_amount,
                         settings.detune_hz,
                         false};
  tuning_base(&tuning, freq_hz, N_FRAMES);
  tuning_fm(settings.fm, settings.fm_amount, freq_hz, N_FRAMES);
  for (int i = 1; i < N_FRAMES; ++i) {
    ck_assert_double_eq(freq_hz[i], freq_hz[0]);
  }
  return freq_hz[0];
}

static double
cents(const double actual_hz, const double expected_hz)
{
  return 1200.0 * log2(actual_hz / expected_hz);
}

START_TEST(nothing_plays_middle_c)
{
  ck_assert_double_eq(frequency(), C4_HZ);
}
END_TEST

START_TEST(pitch_is_an_octave_a_volt)
{
  for (float pitch = -10.0f; pitch <= 10.0f; pitch += 0.1f) {
    set(settings.pitch_oct, pitch);
    ck_assert_double_eq_tol(cents(frequency(), C4_HZ * exp2((double)pitch)), 0.0, 1e-8);
  }
}
END_TEST

START_TEST(knobs_and_voltages_add_up)
{
  set(settings.octave, -2.0f);
  set(settings.tune_oct, 0.75f);
  set(settings.pitch_oct, 1.0f);
  set(settings.exp_fm, 5.0f);
  set(settings.exp_fm_amount, 0.2f);
  ck_assert_double_eq_tol(cents(frequency(), 440.0), 0.0, 1e-4);
}
END_TEST

START_TEST(detune_is_the_same_on_every_note)
{
  set(settings.detune_hz, 3.5f);
  for (float pitch = -4.0f; pitch <= 4.0f; pitch += 1.0f) {
    set(settings.pitch_oct, pitch);
    ck_assert_double_eq_tol(frequency() - C4_HZ * exp2((double)pitch), 3.5, 1e-9);
  }
}
END_TEST

START_TEST(fm_goes_through_zero)
{
  set(settings.fm_amount, 2.0f);
  set(settings.fm, 0.5f);
  ck_assert_double_eq(frequency(), 2.0 * C4_HZ);
  set(settings.fm, -0.5f);
  ck_assert_double_eq(frequency(), 0.0);
  set(settings.fm, -1.0f);
  ck_assert_double_eq(frequency(), -C4_HZ);
}
END_TEST

START_TEST(steps_are_the_nearest)
{
  static const double hz[N_FRAMES] = {0.0, 440.0, -440.0, 1e-6, 6e-6, 20.0, 12345.678};

  int32_t step[N_FRAMES];
  tuning_steps(hz, 48000.0, step, N_FRAMES);
  for (int i = 0; i < N_FRAMES; ++i) {
    ck_assert_int_eq(step[i], (int32_t)lround(hz[i] / 48000.0 * OSC_CYCLE));
  }
}
END_TEST

START_TEST(pitch_alone_is_no_different)
{
  set(settings.octave, -1.0f);
  set(settings.tune_oct, 0.3f);
  set(settings.exp_fm_amount, 0.5f);
  set(settings.detune_hz, 7.0f);
  for (int i = 0; i < N_FRAMES; ++i) {
    settings.pitch_oct[i] = 0.7f * (float)i - 2.1f;
  }

  double alone_hz[N_FRAMES];
  Tuning tuning = {settings.octave,
                   settings.tune_oct,
                   settings.pitch_oct,
                   settings.exp_fm,
                   settings.exp_fm_amount,
                   settings.detune_hz,
                   false};
  tuning_base(&tuning, freq_hz, N_FRAMES);
  tuning.pitch_only = true;
  tuning_base(&tuning, alone_hz, N_FRAMES);
  for (int i = 0; i < N_FRAMES; ++i) {
    ck_assert_double_eq(alone_hz[i], freq_hz[i]);
  }
}
END_TEST

START_TEST(nothing_is_too_much)
{
  static const float most[] = {1e6f, -1e6f};

  for (int n = 0; n < 8; ++n) {
    set(settings.pitch_oct, most[n & 1]);
    set(settings.exp_fm, most[n >> 1 & 1]);
    set(settings.exp_fm_amount, 1.0f);
    set(settings.detune_hz, 50.0f);
    set(settings.fm, most[n >> 2]);
    set(settings.fm_amount, 10.0f);

    int32_t step[N_FRAMES];
    ck_assert(isfinite(frequency()));
    tuning_steps(freq_hz, 8000.0, step, N_FRAMES);
    ck_assert_int_eq(step[0], most[n >> 2] > 0.0f ? INT32_MAX : -INT32_MAX);
  }
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("tuning");
  TCase* const tests = tcase_create("tuning");
  tcase_add_checked_fixture(tests, set_up, NULL);
  tcase_add_test(tests, nothing_plays_middle_c);
  tcase_add_test(tests, pitch_is_an_octave_a_volt);
  tcase_add_test(tests, knobs_and_voltages_add_up);
  tcase_add_test(tests, detune_is_the_same_on_every_note);
  tcase_add_test(tests, fm_goes_through_zero);
  tcase_add_test(tests, steps_are_the_nearest);
  tcase_add_test(tests, pitch_alone_is_no_different);
  tcase_add_test(tests, nothing_is_too_much);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
