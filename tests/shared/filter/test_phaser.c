// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "filter/phaser.h"

#include <complex.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define RATE_HZ 48000.0
#define N_FRAMES 48000U
#define SLICE 256U
#define PI 3.14159265358979323846

static const uint32_t all_stages[] = {2, 4, 6, 8, 12};

static Phaser   phaser;
static uint32_t n_stages;
static float    in_[2][N_FRAMES];
static float    pitch_[2][N_FRAMES];
static float    feedback_[N_FRAMES];
static float    direct_[2][N_FRAMES];
static float    phased_[2][N_FRAMES];

static void
setup(void)
{
  phaser_init(&phaser, RATE_HZ);
  memset(in_, 0, sizeof(in_));
  n_stages = 4;
}

static void
set(const double freq_hz, const double feedback)
{
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    pitch_[0][i] = pitch_[1][i] = (float)log2(freq_hz);
    feedback_[i]                = (float)feedback;
  }
}

static float
noise(void)
{
  static uint32_t seed = 1;

  seed = seed * 1664525U + 1013904223U;
  return (float)(int32_t)seed * 0x1p-31f;
}

/// Run a slice
static void
run_slice(const uint32_t start, const uint32_t n_frames)
{
  PhaserInputs inputs = {
    .in        = {in_[0] + start, in_[1] + start},
    .pitch_oct = {pitch_[0] + start, pitch_[1] + start},
    .feedback  = feedback_ + start,
    .n_stages  = n_stages,
    .is_silent = true,
  };
  for (uint32_t i = start; i < start + n_frames; ++i) {
    inputs.is_silent &= in_[0][i] == 0.0f && in_[1][i] == 0.0f;
  }
  float* const direct[2] = {direct_[0] + start, direct_[1] + start};
  float* const phased[2] = {phased_[0] + start, phased_[1] + start};
  phaser_process(&phaser, &inputs, direct, phased, n_frames);
}

/// Run all frames in slices of 1 to `n_most` frames
static void
run(const uint32_t n_most)
{
  uint32_t n = 0;
  for (uint32_t i = 0; i < N_FRAMES; i += n) {
    n = (i * 2654435761U >> 7U) % n_most + 1U;
    n = n < N_FRAMES - i ? n : N_FRAMES - i;
    run_slice(i, n);
  }
}

/// Compute the responses to an impulse
static void
strike(void)
{
  phaser_reset(&phaser);
  memset(in_, 0, sizeof(in_));
  in_[0][0] = in_[1][0] = 1.0f;
  run(SLICE);
}

/// Return the spectrum of a response
static double complex
spectrum(const float* const x, const double freq_hz)
{
  const double cosine = cos(2.0 * PI * freq_hz / RATE_HZ);
  const double sine   = sin(2.0 * PI * freq_hz / RATE_HZ);
  double       real   = 0.0;
  double       other  = 0.0;
  for (uint32_t i = N_FRAMES; i-- > 0;) {
    const double before = real;
    real                = cosine * real + sine * other + (double)x[i];
    other               = cosine * other - sine * before;
  }
  return real + other * I;
}

/// Return a notch of the formula
static double
notch_hz(const double freq_hz, const uint32_t m)
{
  const double g = tan(PI * exp2((double)(float)log2(freq_hz)) / RATE_HZ);

  return RATE_HZ / PI * atan(g * tan(PI * (2.0 * m - 1.0) / (2.0 * n_stages)));
}

/// Return by how many cents the phase of the stages passes -1 beside a frequency
static double
cents_off(const double freq_hz)
{
  const double cent = exp2(1.0 / 1200.0);
  double       angle[2];
  for (int i = 0; i < 2; ++i) {
    const double f = i == 0 ? freq_hz : freq_hz * cent;
    angle[i]       = carg(-spectrum(phased_[0], f) / spectrum(direct_[0], f));
  }
  return -angle[0] / (angle[1] - angle[0]);
}

START_TEST(notches_are_where_the_formula_has_them)
{
  static const double freqs_hz[]  = {200.0, 700.0, 9000.0};
  static const double feedbacks[] = {0.0, 0.6, -0.7};

  n_stages = all_stages[_i];
  for (uint32_t f = 0; f < 9; ++f) {
    set(freqs_hz[f / 3], feedbacks[f % 3]);
    strike();
    for (uint32_t m = 1; m <= n_stages / 2; ++m) {
      const double         at     = notch_hz(freqs_hz[f / 3], m);
      const double complex direct = spectrum(direct_[0], at);
      const double complex sum    = direct + spectrum(phased_[0], at);
      ck_assert_double_lt(fabs(cents_off(at)), 0.01);
      ck_assert_double_lt(cabs(sum), 1e-5 * cabs(direct)); // -100 dB
    }
  }
}
END_TEST

START_TEST(stages_alone_are_flat)
{
  n_stages = all_stages[_i];
  set(700.0, 0.0);
  strike();
  for (double f = 20.0; f < 20000.0; f *= 1.3) {
    const double level_db = 20.0 * log10(cabs(spectrum(phased_[1], f)));
    ck_assert_double_lt(fabs(level_db), 0.001);
  }
  ck_assert_mem_eq(direct_, in_, sizeof(in_));
}
END_TEST

START_TEST(loudest_frequencies_are_as_the_formula_has_them)
{
  set(700.0, 0.8);
  strike();
  const double base = cabs(spectrum(phased_[0], 0.0));
  ck_assert_double_lt(fabs(base - sqrt(1.8 / 0.2)), 1e-5);
}
END_TEST

/// Let pitch and feedback jump in each frame
static void
set_wild(void)
{
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    pitch_[0][i] = 9.0f + 6.0f * noise();
    pitch_[1][i] = noise() < 0.0f ? 3.0f : 14.4f;
    feedback_[i] = noise() < 0.0f ? -0.95f : 0.95f;
  }
}

static double
energy(const uint32_t side)
{
  double sum = 0.0;
  for (uint32_t n = 0; n < PHASER_MAX_STAGES; ++n) {
    sum += phaser.held[n][side] * phaser.held[n][side];
  }
  return sum;
}

START_TEST(energy_never_grows_by_itself)
{
  n_stages = all_stages[_i];
  set_wild();
  for (uint32_t i = 0; i < 100; ++i) {
    in_[0][i] = in_[1][i] = noise();
  }
  run_slice(0, 100);
  bool   grows     = false;
  double before[2] = {energy(0), energy(1)};
  for (uint32_t i = 100; i < N_FRAMES; ++i) {
    run_slice(i, 1);
    for (uint32_t s = 0; s < PHASER_N_SIDES; ++s) {
      grows |= energy(s) > before[s] * (1.0 + 1e-12);
      before[s] = energy(s);
    }
  }
  ck_assert(!grows);
}
END_TEST

START_TEST(a_frame_adds_no_more_than_the_bound)
{
  n_stages = all_stages[_i];
  set_wild();
  double before = 0.0;
  double excess = 0.0;
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    in_[0][i]         = noise();
    const double f    = exp2((double)pitch_[0][i]) / RATE_HZ;
    const double g    = tan(PI * (f < PHASER_MAX_FREQ ? f : PHASER_MAX_FREQ));
    const double most = g * (double)in_[0][i] * (double)in_[0][i];
    run_slice(i, 1);
    excess = fmax(excess, energy(0) - before - most);
    before = energy(0);
  }
  ck_assert_double_lt(excess, 1e-9);
}
END_TEST

static float
peak(float frames[2][N_FRAMES])
{
  float most = 0.0f;
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    most = fmaxf(most, fmaxf(fabsf(frames[0][i]), fabsf(frames[1][i])));
  }
  return most;
}

START_TEST(is_bounded_under_any_modulation)
{
  n_stages = all_stages[_i];
  set_wild();
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    in_[0][i] = in_[1][i] = noise() < 0.0f ? -1.0f : 1.0f;
  }
  run(SLICE);
  ck_assert_float_le(peak(direct_), (float)PHASER_BOUND);
  ck_assert_float_le(peak(phased_), (float)PHASER_BOUND);
}
END_TEST

/// Drives a still phaser as far as it goes
START_TEST(worst_input_stays_within_the_bound)
{
  n_stages = PHASER_MAX_STAGES;
  set(2000.0, 0.95);
  strike();
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    in_[0][i] = in_[1][i] = phased_[0][N_FRAMES - 1U - i] < 0.0f ? -1.0f : 1.0f;
  }
  phaser_reset(&phaser);
  run(SLICE);
  const float most = fabsf(phased_[0][N_FRAMES - 1]);
  ck_assert_float_gt(most, 20.0f);
  ck_assert_float_lt(most, (float)PHASER_BOUND);
}
END_TEST

START_TEST(slices_make_no_difference)
{
  static float whole[2][N_FRAMES];

  set_wild();
  for (uint32_t i = 1000; i < 20000; ++i) {
    in_[0][i] = noise();
    in_[1][i] = noise();
  }
  run(SLICE);
  memcpy(whole, phased_, sizeof(whole));
  phaser_reset(&phaser);
  run(3);
  ck_assert_mem_eq(phased_, whole, sizeof(whole));
}
END_TEST

/// Run all frames, with other stages from frames 1000 and 30000 on
static void
run_changing(const uint32_t n_frames)
{
  uint32_t n = 0;
  for (uint32_t i = 0; i < N_FRAMES; i += n) {
    const uint32_t change = i < 1000 ? 1000 : i < 30000 ? 30000 : N_FRAMES;
    n                     = change - i < n_frames ? change - i : n_frames;
    n_stages              = i < 1000 ? 4 : i < 30000 ? 12 : 2;
    run_slice(i, n);
  }
}

START_TEST(stages_change_without_a_click)
{
  static float whole[N_FRAMES];

  set(700.0, 0.5);
  for (uint32_t i = 0; i < 25000; ++i) {
    in_[0][i] = (float)sin(2.0 * PI * 220.0 / RATE_HZ * i);
  }
  run_changing(200);
  memcpy(whole, phased_[0], sizeof(whole));
  float most = 0.0f;
  for (uint32_t i = 600; i + 1U < 24000; ++i) {
    most = fmaxf(most, fabsf(whole[i + 1U] - 2.0f * whole[i] + whole[i - 1U]));
  }
  ck_assert_float_lt(most, 0.02f);
  phaser_reset(&phaser);
  run_changing(1);
  ck_assert_mem_eq(phased_[0], whole, sizeof(whole));
}
END_TEST

START_TEST(silence_comes_to_rest_without_denormals)
{
  set(100.0, 0.95);
  for (uint32_t i = 0; i < 100; ++i) {
    in_[0][i] = in_[1][i] = 1e-3f * noise();
  }
  bool has_denormals = false;
  for (uint32_t round = 0; round < 10; ++round) {
    run(SLICE);
    memset(in_, 0, sizeof(in_));
    for (uint32_t i = 0; i < N_FRAMES; ++i) {
      has_denormals |= fpclassify(phased_[0][i]) == FP_SUBNORMAL ||
                       fpclassify(direct_[0][i]) == FP_SUBNORMAL;
    }
  }
  ck_assert(!has_denormals);
  ck_assert(phaser.is_empty);
  run(SLICE);
  ck_assert_float_eq(peak(phased_), 0.0f);
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("phaser");
  TCase* const tests = tcase_create("phaser");
  tcase_add_checked_fixture(tests, setup, NULL);
  tcase_add_loop_test(tests, notches_are_where_the_formula_has_them, 0, 5);
  tcase_add_loop_test(tests, stages_alone_are_flat, 0, 5);
  tcase_add_test(tests, loudest_frequencies_are_as_the_formula_has_them);
  tcase_add_loop_test(tests, energy_never_grows_by_itself, 0, 5);
  tcase_add_loop_test(tests, a_frame_adds_no_more_than_the_bound, 0, 5);
  tcase_add_loop_test(tests, is_bounded_under_any_modulation, 0, 5);
  tcase_add_test(tests, worst_input_stays_within_the_bound);
  tcase_add_test(tests, slices_make_no_difference);
  tcase_add_test(tests, stages_change_without_a_click);
  tcase_add_test(tests, silence_comes_to_rest_without_denormals);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
