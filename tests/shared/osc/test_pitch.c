// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "osc/osc.h"
#include "osc/pitch.h"
#include "signal/units.h"

#include <math.h>
#include <stdint.h>

#define N_FRAMES 7 // Odd, so that no vector fits
#define RATE_HZ 48000.0

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
static double   base[N_FRAMES];
static uint64_t step[N_FRAMES];

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

/// Return the settings as a tuning in which nothing rests
static Pitch
tune(const double sample_rate)
{
  pitch_base(settings.octave, settings.tune_oct, sample_rate, base, N_FRAMES);
  return (Pitch){.base          = base,
                 .pitch_oct     = settings.pitch_oct,
                 .exp_fm        = settings.exp_fm,
                 .exp_fm_amount = settings.exp_fm_amount,
                 .detune_hz     = settings.detune_hz,
                 .fm            = settings.fm,
                 .fm_amount     = settings.fm_amount,
                 .sample_rate   = sample_rate};
}

/// Return the cycles of a step
static double
cycles(const uint64_t s)
{
  static const unsigned shift = 64U - OSC_CYCLE_BITS;

  return (double)((int64_t)(s << shift) >> shift) / OSC_CYCLE;
}

/// Return the frequency of all frames, which must be the same
static double
frequency(void)
{
  const Pitch tuning = tune(RATE_HZ);
  pitch_steps(&tuning, step, N_FRAMES);
  for (int i = 1; i < N_FRAMES; ++i) {
    ck_assert_uint_eq(step[i], step[0]);
  }
  return cycles(step[0]) * RATE_HZ;
}

static double
cents(const double actual_hz, const double expected_hz)
{
  return 1200.0 * log2(actual_hz / expected_hz);
}

START_TEST(nothing_plays_middle_c)
{
  ck_assert_double_eq_tol(cents(frequency(), C4_HZ), 0.0, 1e-8);
}
END_TEST

START_TEST(pitch_is_an_octave_a_volt)
{
  for (float pitch = -10.0f; pitch <= 6.0f; pitch += 0.01f) {
    set(settings.pitch_oct, pitch);
    ck_assert_double_eq_tol(
      cents(frequency(), C4_HZ * exp2((double)pitch)), 0.0, 2.2e-4);
  }
  for (float pitch = -10.0f; pitch <= 6.0f; pitch += 1.0f) {
    set(settings.pitch_oct, pitch);
    ck_assert_double_eq_tol(cents(frequency(), C4_HZ * exp2((double)pitch)), 0.0, 2e-7);
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
  ck_assert_double_eq_tol(frequency(), 2.0 * C4_HZ, 1e-9);
  set(settings.fm, -0.5f);
  ck_assert_double_eq(frequency(), 0.0);
  set(settings.fm, -1.0f);
  ck_assert_double_eq_tol(frequency(), -C4_HZ, 1e-9);
}
END_TEST

START_TEST(steps_are_exact_at_any_rate)
{
  static const double rates[] = {8000.0, 44100.0, 48000.0, 192000.0, 768000.0};

  for (int r = 0; r < 5; ++r) {
    for (float octave = -14.0f; octave <= 3.0f; octave += 1.0f) {
      set(settings.octave, octave);
      const Pitch tuning = tune(rates[r]);
      pitch_steps(&tuning, step, N_FRAMES);
      const double freq_hz = cycles(step[0]) * rates[r];
      ck_assert_double_eq_tol(cents(freq_hz, C4_HZ * exp2((double)octave)), 0.0, 1e-4);
    }
  }
}
END_TEST

START_TEST(rest_is_no_different)
{
  set(settings.octave, -1.0f);
  set(settings.tune_oct, 0.3f);
  set(settings.exp_fm_amount, 0.5f);
  set(settings.detune_hz, 7.0f);
  set(settings.fm_amount, 3.0f);
  for (int i = 0; i < N_FRAMES; ++i) {
    settings.fm[i] = 0.3f * (float)i - 1.0f;
  }

  // Pitches that move and that rest, with linear FM and without
  for (int c = 0; c < 4; ++c) {
    for (int i = 0; i < N_FRAMES; ++i) {
      settings.pitch_oct[i] = c & 1 ? 0.123f : 0.7f * (float)i - 2.1f;
      settings.exp_fm[i]    = c & 1 ? -0.7f : 0.1f * (float)i;
    }
    uint64_t rest[N_FRAMES];
    Pitch    tuning = tune(RATE_HZ);
    tuning.fm       = c & 2 ? settings.fm : NULL;
    pitch_steps(&tuning, step, N_FRAMES);
    tuning.knobs_are_constant = true;
    tuning.pitch_is_constant  = c & 1;
    pitch_steps(&tuning, rest, N_FRAMES);
    ck_assert_mem_eq(rest, step, sizeof(rest));
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

    const Pitch tuning = tune(8000.0);
    pitch_steps(&tuning, step, N_FRAMES);
    ck_assert_double_eq(cycles(step[0]), most[n >> 2] > 0.0f ? PITCH_MAX : -PITCH_MAX);
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
  tcase_add_test(tests, steps_are_exact_at_any_rate);
  tcase_add_test(tests, rest_is_no_different);
  tcase_add_test(tests, nothing_is_too_much);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
