// SPDX-License-Identifier: ISC
// Spectra of known signals

#include "support/test.h"

#include "measure/spectrum.h"

#include <math.h>
#include <stdint.h>

#define N_FRAMES 131072U
#define RATE_HZ 48000.0
#define LIMIT_HZ 20000.0
#define PI 3.14159265358979323846

static float     signal[N_FRAMES];
static Spectrum* spectrum;

static void
set_up(void)
{
  spectrum = spectrum_new(N_FRAMES, RATE_HZ);
  ck_assert_ptr_nonnull(spectrum);
}

static void
tear_down(void)
{
  spectrum_free(spectrum);
}

/// Return the sine of `turns` cycles; only the fraction counts
static double
sine(const double turns)
{
  return sin(2.0 * PI * (turns - floor(turns)));
}

/// Return a frequency near `freq_hz` whose aliases miss the harmonics
static double
odd_frequency(const double freq_hz)
{
  return RATE_HZ / (round(RATE_HZ / freq_hz) + 0.382);
}

/// Analyse a saw that is the sum of its harmonics up to half the sample rate
static void
analyse_additive_saw(const double freq_hz)
{
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    double sum = 0.0;
    for (uint32_t k = 1; k * freq_hz < RATE_HZ / 2.0; ++k) {
      sum += sine(k * freq_hz / RATE_HZ * i) / k;
    }
    signal[i] = (float)(2.0 / PI * sum);
  }
  spectrum_analyse(spectrum, signal);
}

/// Analyse a sum of two sines upon a constant
static void
analyse_sines(const double dc,
              const double first_hz,
              const double first,
              const double second_hz,
              const double second)
{
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    signal[i] = (float)(dc + first * sine(first_hz / RATE_HZ * i) +
                        second * sine(second_hz / RATE_HZ * i));
  }
  spectrum_analyse(spectrum, signal);
}

static double
others_db(const SpectrumSplit split)
{
  return 10.0 * log10(split.others / split.harmonics);
}

START_TEST(additive_saw_has_no_aliases)
{
  static const double freq_hz[] = {440.0, 1244.5, 4978.0, 9956.0};

  const double base_hz = odd_frequency(freq_hz[_i]);
  analyse_additive_saw(base_hz);
  const SpectrumSplit split = spectrum_split(spectrum, base_hz, UINT32_MAX, LIMIT_HZ);
  ck_assert_double_lt(others_db(split), -140.0);
  for (uint32_t k = 1; k * base_hz < LIMIT_HZ; ++k) {
    const double amplitude = spectrum_amplitude(spectrum, k * base_hz);
    ck_assert_double_eq_tol(amplitude * k, 2.0 / PI, 1e-6);
  }
}
END_TEST

START_TEST(naive_saw_reads_as_its_series_says)
{
  // Harmonic n, of power 2 / (pi n)^2, folds down; those that land below 20 kHz count
  const double base_hz = odd_frequency(1244.5);
  double       aliases = 0.0;
  double       wanted  = 0.0;
  for (uint32_t n = 1; n < 200000; ++n) {
    const double turn_hz = n * base_hz - RATE_HZ * round(n * base_hz / RATE_HZ);
    if (fabs(turn_hz) < LIMIT_HZ) {
      *(n * base_hz < RATE_HZ / 2.0 ? &wanted : &aliases) += 2.0 / (PI * PI * n * n);
    }
  }

  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    const double turns = base_hz / RATE_HZ * i;
    signal[i]          = (float)(2.0 * (turns - floor(turns)) - 1.0);
  }
  spectrum_analyse(spectrum, signal);
  const SpectrumSplit split = spectrum_split(spectrum, base_hz, UINT32_MAX, LIMIT_HZ);
  ck_assert_double_eq_tol(others_db(split), 10.0 * log10(aliases / wanted), 0.2);
}
END_TEST

START_TEST(small_tone_is_found_beside_a_large_one)
{
  analyse_sines(0.0, 1000.123, 1.0, 1234.5, 1e-6);
  ck_assert_double_eq_tol(spectrum_amplitude(spectrum, 1000.123), 1.0, 1e-8);
  ck_assert_double_eq_tol(spectrum_amplitude(spectrum, 1234.5), 1e-6, 1e-8);
  const SpectrumSplit split = spectrum_split(spectrum, 1000.123, 1, LIMIT_HZ);
  ck_assert_double_eq_tol(others_db(split), -120.0, 0.01);
}
END_TEST

START_TEST(only_as_many_harmonics_count_as_asked_for)
{
  analyse_sines(0.0, 1000.123, 1.0, 2000.246, 0.01);
  const SpectrumSplit one = spectrum_split(spectrum, 1000.123, 1, LIMIT_HZ);
  ck_assert_double_eq_tol(others_db(one), -40.0, 1e-3);
  const SpectrumSplit two = spectrum_split(spectrum, 1000.123, 2, LIMIT_HZ);
  ck_assert_double_lt(others_db(two), -140.0);
}
END_TEST

START_TEST(powers_are_mean_squares)
{
  analyse_sines(0.0, 997.0, 0.5, 7001.0, 0.25);
  ck_assert_double_eq_tol(spectrum_band_power(spectrum, 0.0, 24000.0), 0.15625, 1e-8);
  ck_assert_double_eq_tol(spectrum_band_power(spectrum, 5000.0, 9000.0), 0.03125, 1e-8);
}
END_TEST

START_TEST(dc_is_the_mean)
{
  analyse_sines(-1e-6, 439.7, 0.9, 3001.3, 0.1);
  ck_assert_double_eq_tol(spectrum_dc(spectrum), -1e-6, 1e-9);
}
END_TEST

START_TEST(frequency_is_good_to_a_ten_thousandth_of_a_cent)
{
  static const double freq_hz[] = {20.6, 110.001, 440.0, 4978.1234567, 19000.5};

  analyse_sines(0.0, freq_hz[_i], 0.8, 9.0 * freq_hz[_i] / 7.0, 0.1);
  const double found_hz = spectrum_frequency(spectrum, signal, 1.01 * freq_hz[_i]);
  const double cents    = 1200.0 * log2(found_hz / freq_hz[_i]);
  ck_assert_double_eq_tol(cents, 0.0, 1e-4);
}
END_TEST

START_TEST(magnitude_of_a_one_pole_is_its_formula)
{
  static double response[N_FRAMES];
  static double magnitude[N_FRAMES / 2U + 1U];

  double y = 1.0;
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    response[i] = y;
    y *= 0.9;
  }
  ck_assert(spectrum_magnitude(response, N_FRAMES, magnitude));
  for (uint32_t k = 0; k <= N_FRAMES / 2U; k += 4096U) {
    const double w = 2.0 * PI * k / N_FRAMES;
    const double h = 1.0 / sqrt(1.0 - 1.8 * cos(w) + 0.81);
    ck_assert_double_eq_tol(magnitude[k] / h, 1.0, 1e-6);
  }
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("spectrum");
  TCase* const tests = tcase_create("spectrum");
  tcase_set_timeout(tests, 60.0);
  tcase_add_checked_fixture(tests, set_up, tear_down);
  tcase_add_loop_test(tests, additive_saw_has_no_aliases, 0, 4);
  tcase_add_test(tests, naive_saw_reads_as_its_series_says);
  tcase_add_test(tests, small_tone_is_found_beside_a_large_one);
  tcase_add_test(tests, only_as_many_harmonics_count_as_asked_for);
  tcase_add_test(tests, powers_are_mean_squares);
  tcase_add_test(tests, dc_is_the_mean);
  tcase_add_loop_test(tests, frequency_is_good_to_a_ten_thousandth_of_a_cent, 0, 5);
  tcase_add_test(tests, magnitude_of_a_one_pole_is_its_formula);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
