// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "shaper/ring_mod.h"

#include "measure/spectrum.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define RATE_HZ 48000.0
#define N_FRAMES 65536U
#define PI 3.14159265358979323846

static RingMod ring;
static float   in_[N_FRAMES];
static float   carrier_[N_FRAMES];
static float   knee_[N_FRAMES];
static float   out_[N_FRAMES];

static void
fill_sine(float* const frames, const double freq_hz, const double level)
{
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    frames[i] = (float)(level * sin(2.0 * PI * freq_hz / RATE_HZ * i));
  }
}

static void
fill(float* const frames, const float value)
{
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    frames[i] = value;
  }
}

static bool
is_zero(const float* const frames, const uint32_t n_frames)
{
  bool is_zero = true;
  for (uint32_t i = 0; i < n_frames; ++i) {
    is_zero &= frames[i] == 0.0f;
  }

  return is_zero;
}

/// Run all frames in slices of 1 to `n_most` frames
static void
run(const RingModKind kind, const uint32_t n_most)
{
  uint32_t n = 0;
  for (uint32_t i = 0; i < N_FRAMES; i += n) {
    n                          = (i * 2654435761U >> 7U) % n_most + 1U;
    n                          = n < N_FRAMES - i ? n : N_FRAMES - i;
    const RingModInputs inputs = {
      in_ + i, carrier_ + i, knee_ + i, is_zero(in_ + i, n), is_zero(carrier_ + i, n)};
    ring_mod_process(&ring, kind, &inputs, out_ + i, n);
  }
}

START_TEST(product_is_exact)
{
  ring_mod_init(&ring, RATE_HZ);
  fill_sine(in_, 5000.0, 1.0);
  fill_sine(carrier_, 3100.0, 0.8);
  fill(knee_, 0.3f);
  run(RING_MOD_MULTIPLIER, 256);
  const uint32_t latency = ring_mod_latency(&ring);
  for (uint32_t i = 1024; i < N_FRAMES; ++i) {
    const double due = (double)in_[i - latency] * (double)carrier_[i - latency];
    ck_assert_double_eq_tol((double)out_[i], due, 3e-5);
  }
}
END_TEST

START_TEST(nulls_are_exact)
{
  for (int kind = RING_MOD_MULTIPLIER; kind <= RING_MOD_DIODES; ++kind) {
    ring_mod_init(&ring, RATE_HZ);
    fill_sine(in_, 440.0, 1.0);
    fill(carrier_, 0.0f);
    fill(knee_, 0.1f);
    run((RingModKind)kind, 256);
    ck_assert(is_zero(out_, N_FRAMES));
    ring_mod_reset(&ring);
    memcpy(carrier_, in_, sizeof(in_));
    fill(in_, 0.0f);
    run((RingModKind)kind, 256);
    ck_assert(is_zero(out_, N_FRAMES));
  }
}
END_TEST

START_TEST(quiet_signals_multiply_in_diodes)
{
  ring_mod_init(&ring, RATE_HZ);
  fill(in_, 0.01f);
  fill(carrier_, 0.02f);
  fill(knee_, 0.5f);
  run(RING_MOD_DIODES, 256);
  ck_assert_float_eq_tol(out_[N_FRAMES - 1U], 0.01f * 0.02f / 0.5f, 1e-6f);

  // Loud ones chop: A(c + m/2) - A(c - m/2)
  fill(in_, 1.0f);
  fill(carrier_, 2.0f);
  run(RING_MOD_DIODES, 256);
  ck_assert_float_eq_tol(
    out_[N_FRAMES - 1U], sqrtf(6.25f + 0.25f) - sqrtf(2.25f + 0.25f), 1e-4f);
}
END_TEST

START_TEST(aliases_are_faint)
{
  static const float knees[] = {0.1f, 0.3f, 1.0f};

  // All sums and differences of these are multiples of 100 Hz
  Spectrum* const spectrum = spectrum_new(N_FRAMES / 2U, RATE_HZ);
  for (size_t k = 0; k < sizeof(knees) / sizeof(knees[0]); ++k) {
    ring_mod_init(&ring, RATE_HZ);
    const double base_hz = RATE_HZ / 32768.0 * 71.0;
    fill_sine(in_, 29.0 * base_hz, 4.0);
    fill_sine(carrier_, 48.0 * base_hz, 4.0);
    fill(knee_, knees[k]);
    run(RING_MOD_DIODES, 256);
    spectrum_analyse(spectrum, out_ + N_FRAMES / 2U);
    const SpectrumSplit split = spectrum_split(spectrum, base_hz, UINT32_MAX, 20000.0);
    ck_assert_double_le(10.0 * log10(split.others / split.harmonics), -92.0);
  }
  spectrum_free(spectrum);
}
END_TEST

/// Either signal is silent for a while, and both are for some of it
START_TEST(slices_of_silence_do_not_matter)
{
  static float whole[N_FRAMES];

  ring_mod_init(&ring, RATE_HZ);
  fill_sine(in_, 440.0, 1.0);
  fill_sine(carrier_, 3100.0, 0.8);
  fill(knee_, 0.3f);
  memset(in_ + 5000, 0, 3000 * sizeof(float));
  memset(carrier_ + 7900, 0, 3000 * sizeof(float));
  memset(in_ + 10850, 0, 3000 * sizeof(float));
  run(RING_MOD_DIODES, 256);
  memcpy(whole, out_, sizeof(whole));
  ring_mod_reset(&ring);
  run(RING_MOD_DIODES, 1);
  ck_assert_mem_eq(out_, whole, sizeof(whole));
  ck_assert(is_zero(whole + 5000 + OVERSAMPLE_TAIL, 2900));
}
END_TEST

START_TEST(slices_do_not_matter)
{
  static float whole[N_FRAMES];

  fill_sine(in_, 1234.5, 2.0);
  fill_sine(carrier_, 777.0, 3.0);
  memset(in_ + 20000, 0, 9000 * sizeof(float));
  memset(carrier_ + 20000, 0, 9000 * sizeof(float));
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    knee_[i] = 0.1f + (float)(i % 100U) * 0.009f;
  }
  ring_mod_init(&ring, RATE_HZ);
  run(RING_MOD_DIODES, 256);
  memcpy(whole, out_, sizeof(whole));
  ring_mod_reset(&ring);
  run(RING_MOD_DIODES, 1);
  ck_assert_mem_eq(out_, whole, sizeof(whole));
}
END_TEST

/// Play the product, then diodes, and on with a change before a fade has ended
static void
run_through_kinds(const uint32_t n_most)
{
  static const uint32_t ends[] = {5000, 12000, 12030, 12300, 20000, N_FRAMES};

  uint32_t i = 0;
  for (uint32_t e = 0; e < sizeof(ends) / sizeof(ends[0]); ++e) {
    const RingModKind kind = e % 2U ? RING_MOD_DIODES : RING_MOD_MULTIPLIER;
    for (uint32_t n = 0; i < ends[e]; i += n) {
      n                          = (i * 2654435761U >> 7U) % n_most + 1U;
      n                          = n < ends[e] - i ? n : ends[e] - i;
      const RingModInputs inputs = {in_ + i,
                                    carrier_ + i,
                                    knee_ + i,
                                    is_zero(in_ + i, n),
                                    is_zero(carrier_ + i, n)};
      ring_mod_process(&ring, kind, &inputs, out_ + i, n);
    }
  }
}

START_TEST(slices_of_fades_do_not_matter)
{
  static float whole[N_FRAMES];

  fill_sine(in_, 1234.5, 2.0);
  fill_sine(carrier_, 777.0, 3.0);
  fill(knee_, 0.3f);
  memset(in_ + 19000, 0, 3000 * sizeof(float));
  ring_mod_init(&ring, RATE_HZ);
  run_through_kinds(256);
  memcpy(whole, out_, sizeof(whole));
  ring_mod_reset(&ring);
  run_through_kinds(1);
  ck_assert_mem_eq(out_, whole, sizeof(whole));
}
END_TEST

START_TEST(a_new_kind_makes_no_click)
{
  ring_mod_init(&ring, RATE_HZ);
  fill_sine(in_, 440.0, 1.0);
  fill_sine(carrier_, 110.0, 1.0);
  fill(knee_, 0.3f);
  run_through_kinds(256);
  double worst = 0.0;
  for (uint32_t i = 1003; i < N_FRAMES; ++i) {
    const double bend = (double)out_[i] - 3.0 * (double)out_[i - 1U] +
                        3.0 * (double)out_[i - 2U] - (double)out_[i - 3U];
    worst = fmax(worst, fabs(bend));
  }
  ck_assert_double_le(worst, 5e-3);
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("ring_mod");
  TCase* const tests = tcase_create("ring_mod");
  tcase_set_timeout(tests, 120);
  tcase_add_test(tests, product_is_exact);
  tcase_add_test(tests, nulls_are_exact);
  tcase_add_test(tests, quiet_signals_multiply_in_diodes);
  tcase_add_test(tests, aliases_are_faint);
  tcase_add_test(tests, slices_of_silence_do_not_matter);
  tcase_add_test(tests, slices_do_not_matter);
  tcase_add_test(tests, slices_of_fades_do_not_matter);
  tcase_add_test(tests, a_new_kind_makes_no_click);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
