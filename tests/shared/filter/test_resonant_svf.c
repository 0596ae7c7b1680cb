// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "filter/resonant_svf.h"

#include "math/random.h"
#include "measure/spectrum.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define RATE_HZ 48000.0
#define N_FRAMES 131072U
#define N_OUTS RESONANT_SVF_N_OUTS
#define PI 3.14159265358979323846
#define PLUS_12_DB 3.9810717

static ResonantSvf svf;
static float       in_[N_FRAMES];
static float       out_[N_OUTS][N_FRAMES];
static double      pitch_oct_[N_FRAMES];
static double      k_[N_FRAMES];
static double      drive_[N_FRAMES];

static void
fill(double* const frames, const double value)
{
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    frames[i] = value;
  }
}

static void
set_up(const double rate_hz, const double cutoff_hz, const double k, const double drive)
{
  resonant_svf_init(&svf, rate_hz);
  memset(in_, 0, sizeof(in_));
  fill(pitch_oct_, log2(cutoff_hz));
  fill(k_, k);
  fill(drive_, drive);
}

/// Run `n_frames` in slices of 1 to `n_most`
static void
run(const uint32_t n_frames, const uint32_t n_most, const bool is_steady)
{
  uint32_t n = 0;
  for (uint32_t i = 0; i < n_frames; i += n) {
    n = (i * 2654435761U >> 7U) % n_most + 1U;
    n = n < n_frames - i ? n : n_frames - i;

    bool is_silent = true;
    for (uint32_t j = i; j < i + n; ++j) {
      is_silent &= in_[j] == 0.0f;
    }
    const ResonantSvfInputs inputs = {
      in_ + i, pitch_oct_ + i, k_ + i, drive_ + i, is_steady, is_silent};
    float* outs[N_OUTS];
    for (uint32_t o = 0; o < N_OUTS; ++o) {
      outs[o] = out_[o] + i;
    }
    resonant_svf_process(&svf, &inputs, outs, n);
  }
}

START_TEST(it_oscillates_in_tune)
{
  static const double freqs_hz[] = {55.0, 110.0, 1000.0, 5000.0, 10000.0, 20000.0};
  static const double ks[]       = {-0.2, -0.3, -0.5};

  Spectrum* const spectrum = spectrum_new(N_FRAMES / 2U, RATE_HZ);
  for (size_t f = 0; f < sizeof(freqs_hz) / sizeof(freqs_hz[0]); ++f) {
    for (size_t k = 0; k < sizeof(ks) / sizeof(ks[0]); ++k) {
      set_up(RATE_HZ, freqs_hz[f], ks[k], 1.0);
      in_[0] = 0.3f;
      run(N_FRAMES, 256, true);
      const float* const end = out_[0] + N_FRAMES / 2U;
      spectrum_analyse(spectrum, end);
      const double is_hz = spectrum_frequency(spectrum, end, freqs_hz[f]);
      const double cents = 1200.0 * log2(is_hz / freqs_hz[f]);
      ck_assert_double_eq_tol(cents, 0.0, 0.001);
      ck_assert_double_gt(spectrum_amplitude(spectrum, is_hz), 0.1);
    }
  }
  spectrum_free(spectrum);
}
END_TEST

START_TEST(it_starts_to_oscillate_by_itself)
{
  set_up(RATE_HZ, 440.0, -0.25, 1.0);
  run(N_FRAMES, 256, true);
  double most = 0.0;
  for (uint32_t i = N_FRAMES / 2U; i < N_FRAMES; ++i) {
    most = fmax(most, fabs((double)out_[0][i]));
  }
  ck_assert_double_gt(most, 0.1);
}
END_TEST

/// Return by how many dB output `o` lets a faint sine through
static double
gain_db(const uint32_t o, const double freq_hz)
{
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    in_[i] = 1e-3f * (float)sin(2.0 * PI * freq_hz / RATE_HZ * i);
  }
  resonant_svf_reset(&svf);
  run(32768, 256, true);

  Spectrum* const spectrum = spectrum_new(16384, RATE_HZ);
  spectrum_analyse(spectrum, out_[o] + 16384);
  const double db = 20.0 * log10(spectrum_amplitude(spectrum, freq_hz) / 1e-3);
  spectrum_free(spectrum);
  return db;
}

START_TEST(responses_are_those_of_the_analog_filter)
{
  static const double cutoff_hz  = 1000.0;
  static const double k          = 0.5;
  static const double freqs_hz[] = {100.0, 500.0, 1000.0, 2000.0, 5000.0};

  set_up(RATE_HZ, cutoff_hz, k, 1.0);
  for (size_t f = 0; f < sizeof(freqs_hz) / sizeof(freqs_hz[0]); ++f) {
    const double w           = freqs_hz[f] / cutoff_hz;
    const double below       = 1.0 / hypot(1.0 - w * w, k * w);
    const double due[N_OUTS] = {
      below, below * w, below * w * w, below * fabs(1.0 - w * w)};
    for (uint32_t o = 0; o < N_OUTS; ++o) {
      const double due_db = 20.0 * log10(due[o] + 1e-9);
      const double is_db  = gain_db(o, freqs_hz[f]);
      ck_assert(due_db < -60.0 ? is_db < -50.0 : fabs(is_db - due_db) < 0.1);
    }
  }
}
END_TEST

START_TEST(aliases_are_faint)
{
  static const double freqs_hz[] = {1000.37, 5000.37};
  static const double cutoffs[]  = {2000.0, 5000.0};

  Spectrum* const spectrum = spectrum_new(N_FRAMES / 2U, RATE_HZ);
  for (size_t f = 0; f < 2; ++f) {
    for (size_t c = 0; c < 2; ++c) {
      set_up(RATE_HZ, cutoffs[c], 0.1, PLUS_12_DB);
      for (uint32_t i = 0; i < N_FRAMES; ++i) {
        in_[i] = (float)sin(2.0 * PI * freqs_hz[f] / RATE_HZ * i);
      }
      run(N_FRAMES, 256, true);
      spectrum_analyse(spectrum, out_[0] + N_FRAMES / 2U);
      const SpectrumSplit split =
        spectrum_split(spectrum, freqs_hz[f], UINT32_MAX, 20000.0);
      ck_assert_double_le(10.0 * log10(split.others / split.harmonics), -105.0);
    }
  }
  spectrum_free(spectrum);
}
END_TEST

/// Return a random number from 0 to 1
static double
unit(Random* const random)
{
  return 0.5 + 0.5 * (double)random_bipolar(random_next(random));
}

/// Fill everything with chance, loud and far beyond what is sensible
static void
fill_wild(const uint32_t seed)
{
  Random random;
  random_seed(&random, seed);
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    in_[i]        = 2e6f * (float)(unit(&random) - 0.5);
    pitch_oct_[i] = -20.0 + 60.0 * unit(&random);
    k_[i] =
      RESONANT_SVF_MIN_K + (RESONANT_SVF_MAX_K - RESONANT_SVF_MIN_K) * unit(&random);
    drive_[i] = 16.0 * unit(&random);
  }
}

START_TEST(nothing_gets_beyond_the_bound)
{
  static const double rates[] = {8e3, 44.1e3, 48e3, 96e3, 192e3, 768e3};

  for (size_t r = 0; r < sizeof(rates) / sizeof(rates[0]); ++r) {
    set_up(rates[r], 1000.0, 1.0, 1.0);
    fill_wild((uint32_t)r + 1U);
    run(N_FRAMES, 256, false);
    for (uint32_t o = 0; o < N_OUTS; ++o) {
      for (uint32_t i = 0; i < N_FRAMES; ++i) {
        ck_assert_msg(fabs((double)out_[o][i]) <= RESONANT_SVF_BOUND,
                      "%g Hz, output %u: %g",
                      rates[r],
                      o,
                      (double)out_[o][i]);
      }
    }
  }
}
END_TEST

START_TEST(slices_do_not_matter)
{
  static float whole[N_OUTS][N_FRAMES];

  set_up(RATE_HZ, 1000.0, 1.0, 1.0);
  fill_wild(7);
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    in_[i] *= i < 3000 || i > 9000 ? 1e-6f : 0.0f;
    k_[i] = fabs(k_[i]);
  }
  run(16384, 256, false);
  memcpy(whole, out_, sizeof(whole));
  static const uint32_t most[] = {1, 7, 100};
  for (size_t m = 0; m < sizeof(most) / sizeof(most[0]); ++m) {
    set_up(RATE_HZ, 1000.0, 1.0, 1.0);
    fill_wild(7);
    for (uint32_t i = 0; i < N_FRAMES; ++i) {
      in_[i] *= i < 3000 || i > 9000 ? 1e-6f : 0.0f;
      k_[i] = fabs(k_[i]);
    }
    run(16384, most[m], false);
    for (uint32_t o = 0; o < N_OUTS; ++o) {
      ck_assert_mem_eq(out_[o], whole[o], 16384 * sizeof(float));
    }
  }
}
END_TEST

START_TEST(silence_ends_in_silence)
{
  set_up(RATE_HZ, 1000.0, 0.05, 1.0);
  in_[0] = 1.0f;
  run(N_FRAMES, 64, true);
  for (uint32_t o = 0; o < N_OUTS; ++o) {
    for (uint32_t i = N_FRAMES - 4096; i < N_FRAMES; ++i) {
      ck_assert_float_eq(out_[o][i], 0.0f);
    }
  }
  ck_assert_uint_ge(svf.n_silent, OVERSAMPLE_TAIL);
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("resonant_svf");
  TCase* const tests = tcase_create("resonant_svf");
  tcase_set_timeout(tests, 120);
  tcase_add_test(tests, it_oscillates_in_tune);
  tcase_add_test(tests, it_starts_to_oscillate_by_itself);
  tcase_add_test(tests, responses_are_those_of_the_analog_filter);
  tcase_add_test(tests, aliases_are_faint);
  tcase_add_test(tests, nothing_gets_beyond_the_bound);
  tcase_add_test(tests, slices_do_not_matter);
  tcase_add_test(tests, silence_ends_in_silence);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
