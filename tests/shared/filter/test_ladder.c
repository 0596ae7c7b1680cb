// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "filter/ladder.h"

#include "math/random.h"
#include "measure/spectrum.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define RATE_HZ 48000.0
#define N_FRAMES 131072U
#define N_OUTS 4U
#define PI 3.14159265358979323846
#define PLUS_12_DB 3.9810717

static Ladder ladder;
static float  in_[N_FRAMES];
static float  out_[N_OUTS][N_FRAMES];
static double pitch_oct_[N_FRAMES];
static double k_[N_FRAMES];
static double drive_[N_FRAMES];

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
  static const LadderResponse responses[N_OUTS] = {
    LADDER_LOW_PASS_24, LADDER_LOW_PASS_12, LADDER_BAND_PASS_12, LADDER_HIGH_PASS_24};

  ladder_init(&ladder, rate_hz);
  for (uint32_t o = 0; o < N_OUTS; ++o) {
    ladder_set_response(&ladder, o, responses[o]);
  }
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
    const LadderInputs inputs = {
      in_ + i, pitch_oct_ + i, k_ + i, drive_ + i, is_steady, is_silent};
    float* const outs[N_OUTS] = {out_[0] + i, out_[1] + i, out_[2] + i, out_[3] + i};
    ladder_process(&ladder, &inputs, outs, N_OUTS, n);
  }
}

START_TEST(it_oscillates_in_tune)
{
  static const double freqs_hz[] = {55.0, 110.0, 1000.0, 5000.0, 10000.0};
  static const double ks[]       = {4.5, 5.0, 6.0};

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
      ck_assert_double_eq_tol(cents, 0.0, freqs_hz[f] <= 5000.0 ? 0.1 : 0.7);
      ck_assert_double_gt(spectrum_amplitude(spectrum, is_hz), 0.1);
    }
  }
  spectrum_free(spectrum);
}
END_TEST

START_TEST(it_starts_to_oscillate_by_itself)
{
  set_up(RATE_HZ, 440.0, 5.0, 1.0);
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
  ladder_reset(&ladder);
  for (uint32_t r = 0; r < N_OUTS; ++r) {
    static const LadderResponse responses[N_OUTS] = {
      LADDER_LOW_PASS_24, LADDER_LOW_PASS_12, LADDER_BAND_PASS_12, LADDER_HIGH_PASS_24};
    ladder_set_response(&ladder, r, responses[r]);
  }
  run(32768, 256, true);

  Spectrum* const spectrum = spectrum_new(16384, RATE_HZ);
  spectrum_analyse(spectrum, out_[o] + 16384);
  const double db = 20.0 * log10(spectrum_amplitude(spectrum, freq_hz) / 1e-3);
  spectrum_free(spectrum);
  return db;
}

START_TEST(responses_are_those_of_the_analog_ladder)
{
  static const double cutoff_hz  = 1000.0;
  static const double k          = 2.0;
  static const double freqs_hz[] = {100.0, 500.0, 1000.0, 2000.0, 5000.0};

  set_up(RATE_HZ, cutoff_hz, k, 1.0);
  for (size_t f = 0; f < sizeof(freqs_hz) / sizeof(freqs_hz[0]); ++f) {
    // p = 1 / (1 + s); the loop divides by 1 + k p^4, and hp = (1 - p)^4
    const double w           = freqs_hz[f] / cutoff_hz;
    const double p_abs       = 1.0 / sqrt(1.0 + w * w);
    const double p_arg       = -atan(w);
    const double re          = 1.0 + k * pow(p_abs, 4.0) * cos(4.0 * p_arg);
    const double im          = k * pow(p_abs, 4.0) * sin(4.0 * p_arg);
    const double loop        = 1.0 / sqrt(re * re + im * im);
    const double due[N_OUTS] = {loop * pow(p_abs, 4.0),
                                loop * pow(p_abs, 2.0),
                                loop * 4.0 * pow(p_abs, 4.0) * w * w,
                                loop * pow(w * p_abs, 4.0)};
    for (uint32_t o = 0; o < N_OUTS; ++o) {
      ck_assert_double_eq_tol(gain_db(o, freqs_hz[f]), 20.0 * log10(due[o]), 0.1);
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
      set_up(RATE_HZ, cutoffs[c], 3.8, PLUS_12_DB);
      for (uint32_t i = 0; i < N_FRAMES; ++i) {
        in_[i] = (float)sin(2.0 * PI * freqs_hz[f] / RATE_HZ * i);
      }
      run(N_FRAMES, 256, true);
      spectrum_analyse(spectrum, out_[0] + N_FRAMES / 2U);
      const SpectrumSplit split =
        spectrum_split(spectrum, freqs_hz[f], UINT32_MAX, 20000.0);
      ck_assert_double_le(10.0 * log10(split.others / split.harmonics), -95.0);
    }
  }
  spectrum_free(spectrum);
}
END_TEST

/// Play a square wave of `base_hz` without what is beyond 20 kHz
static void
play_square(const double rate_hz, const double base_hz)
{
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    const double turn = 2.0 * PI * base_hz / rate_hz * i;
    in_[i]            = (float)((4.0 / PI) * (sin(turn) + sin(3.0 * turn) / 3.0));
  }
  run(N_FRAMES, 256, true);
}

/// Return the aliases of output `o`
static double
aliases_db(const uint32_t o, const double rate_hz, const double base_hz)
{
  const double    limit_hz = fmin(20000.0, rate_hz * 5.0 / 12.0);
  Spectrum* const spectrum = spectrum_new(N_FRAMES / 2U, rate_hz);
  spectrum_analyse(spectrum, out_[o] + N_FRAMES / 2U);
  const SpectrumSplit split = spectrum_split(spectrum, base_hz, UINT32_MAX, limit_hz);

  spectrum_free(spectrum);
  return 10.0 * log10(split.others / split.harmonics);
}

START_TEST(aliases_are_faint_with_any_compensation)
{
  static const double rates_hz[]      = {44.1e3, 48e3, 96e3, 192e3};
  static const double compensations[] = {0.5, 1.0};
  static const double ks[]            = {2.0, 3.8, 6.0};

  const double rate_hz = rates_hz[_i];
  const double base_hz = 5000.37;
  for (uint32_t c = 0; c < 2; ++c) {
    for (uint32_t k = 0; k < 3; ++k) {
      set_up(rate_hz, 5000.0, ks[k], ladder_drive(1.0, compensations[c], ks[k]));
      play_square(rate_hz, base_hz);
      for (uint32_t o = 0; o < N_OUTS; ++o) {
        ck_assert_double_le(aliases_db(o, rate_hz, base_hz), -80.0);
      }
    }
  }
}
END_TEST

START_TEST(compensation_gives_back_what_k_takes)
{
  ck_assert_double_eq(ladder_drive(0.25, 0.0, 3.0), 0.25);
  ck_assert_double_eq(ladder_drive(0.25, 0.5, 3.0), 0.625);
  ck_assert_double_eq(ladder_drive(0.25, 1.0, 3.0), 1.0);
  ck_assert_double_eq(ladder_drive(1.0, 1.0, 3.0), LADDER_MAX_GIVEN);
  ck_assert_double_eq(ladder_drive(4.0, 1.0, 3.0), 4.0);
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
    k_[i]         = LADDER_MAX_K * unit(&random);
    drive_[i]     = 16.0 * unit(&random);
  }
}

START_TEST(nothing_gets_beyond_the_bound)
{
  static const double rates[]        = {8e3, 44.1e3, 48e3, 192e3, 768e3};
  static const double bounds[N_OUTS] = {1.15, 1.4, 4.0, LADDER_BOUND};

  for (size_t r = 0; r < sizeof(rates) / sizeof(rates[0]); ++r) {
    set_up(rates[r], 1000.0, 4.0, 1.0);
    fill_wild((uint32_t)r + 1U);
    run(N_FRAMES, 256, false);
    for (uint32_t o = 0; o < N_OUTS; ++o) {
      for (uint32_t i = 0; i < N_FRAMES; ++i) {
        ck_assert_msg(fabs((double)out_[o][i]) <= bounds[o],
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

  set_up(RATE_HZ, 1000.0, 4.0, 1.0);
  fill_wild(7);
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    in_[i] *= i < 3000 || i > 9000 ? 1e-6f : 0.0f;
    k_[i] *= 0.4;
  }
  run(16384, 256, false);
  memcpy(whole, out_, sizeof(whole));
  static const uint32_t most[] = {1, 7, 100};
  for (size_t m = 0; m < sizeof(most) / sizeof(most[0]); ++m) {
    set_up(RATE_HZ, 1000.0, 4.0, 1.0);
    fill_wild(7);
    for (uint32_t i = 0; i < N_FRAMES; ++i) {
      in_[i] *= i < 3000 || i > 9000 ? 1e-6f : 0.0f;
      k_[i] *= 0.4;
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
  set_up(RATE_HZ, 1000.0, 3.9, 1.0);
  in_[0] = 1.0f;
  run(N_FRAMES, 64, true);
  for (uint32_t o = 0; o < N_OUTS; ++o) {
    for (uint32_t i = N_FRAMES - 4096; i < N_FRAMES; ++i) {
      ck_assert_float_eq(out_[o][i], 0.0f);
    }
  }
  ck_assert_uint_ge(ladder.n_silent, OVERSAMPLE_TAIL);
}
END_TEST

START_TEST(a_new_response_fades_in)
{
  set_up(RATE_HZ, 1000.0, 0.0, 1.0);
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    in_[i] = 0.1f;
  }
  run(4096, 64, true);
  const float before = out_[0][4095];
  ladder_set_response(&ladder, 0, LADDER_HIGH_PASS_24);
  run(4096, 64, true);
  ck_assert_float_eq_tol(before, 0.1f, 1e-3f);
  ck_assert_float_eq_tol(out_[0][4095], 0.0f, 1e-4f);
  for (uint32_t i = 1; i < 4096; ++i) {
    ck_assert_float_le(fabsf(out_[0][i] - out_[0][i - 1U]), 0.1f / 400.0f);
  }
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("ladder");
  TCase* const tests = tcase_create("ladder");
  tcase_set_timeout(tests, 120);
  tcase_add_test(tests, it_oscillates_in_tune);
  tcase_add_test(tests, it_starts_to_oscillate_by_itself);
  tcase_add_test(tests, responses_are_those_of_the_analog_ladder);
  tcase_add_test(tests, aliases_are_faint);
  tcase_add_loop_test(tests, aliases_are_faint_with_any_compensation, 0, 4);
  tcase_add_test(tests, compensation_gives_back_what_k_takes);
  tcase_add_test(tests, nothing_gets_beyond_the_bound);
  tcase_add_test(tests, slices_do_not_matter);
  tcase_add_test(tests, silence_ends_in_silence);
  tcase_add_test(tests, a_new_response_fades_in);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
