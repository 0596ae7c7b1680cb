// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "shaper/prompt.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define N_FRAMES 8192U
#define N_SETTLING (N_FRAMES - 4800U) ///< Before a tenth of a second
#define PI 3.14159265358979323846

static Prompt prompt;
static float  in[N_FRAMES];
static float  upper[N_FRAMES * PROMPT_MAX_FACTOR];
static float  out[N_FRAMES];

/// Return the r.m.s. level of a part of `frames` in dB, where a sine of 1 has 0
static double
level_db(const float* const frames, const uint32_t start, const uint32_t end)
{
  double sum = 1e-30;
  for (uint32_t i = start; i < end; ++i) {
    sum += (double)frames[i] * (double)frames[i];
  }
  return 10.0 * log10(2.0 * sum / (end - start));
}

static void
fill_sine(float* const frames, const double freq_hz, const double rate_hz)
{
  const uint32_t n = N_FRAMES * prompt.factor;
  for (uint32_t i = 0; i < n; ++i) {
    frames[i] = (float)sin(2.0 * PI * freq_hz / rate_hz * i);
  }
}

START_TEST(factor_follows_the_rate)
{
  static const struct {
    double   rate_hz;
    double   upper_rate_hz;
    uint32_t factor;
  } cases[] = {{8000.0, 192e3, 4},
               {44100.0, 192e3, 4},
               {48000.0, 384e3, 8},
               {96000.0, 384e3, 4},
               {192e3, 192e3, 1},
               {768e3, 384e3, 1}};

  for (size_t c = 0; c < sizeof(cases) / sizeof(cases[0]); ++c) {
    prompt_init(&prompt, cases[c].rate_hz, cases[c].upper_rate_hz);
    ck_assert_uint_eq(prompt.factor, cases[c].factor);
  }
}
END_TEST

START_TEST(delay_is_short)
{
  static const double rates_hz[] = {44.1e3, 48e3, 96e3, 192e3};

  for (size_t r = 0; r < sizeof(rates_hz) / sizeof(rates_hz[0]); ++r) {
    prompt_init(&prompt, rates_hz[r], 384e3);
    memset(in, 0, sizeof(in));
    in[0] = 1.0f;
    prompt_up(&prompt, in, upper, N_FRAMES);
    prompt_down(&prompt, upper, N_FRAMES);
    memcpy(out, upper, N_FRAMES * sizeof(float));
    ck_assert(out[0] != 0.0f);

    // The delay of low frequencies: the centre of the response
    double sum    = 0.0;
    double moment = 0.0;
    for (uint32_t i = 0; i < N_FRAMES; ++i) {
      sum += (double)out[i];
      moment += i * (double)out[i];
    }
    ck_assert_double_eq_tol(sum, 1.0, 1e-6);
    ck_assert_double_le(moment, PROMPT_MAX_DELAY);
  }
}
END_TEST

START_TEST(pass_band_is_flat)
{
  static const double freqs_hz[] = {100.0, 5000.0, 15000.0, 20000.0};

  prompt_init(&prompt, 48e3, 384e3);
  for (size_t f = 0; f < sizeof(freqs_hz) / sizeof(freqs_hz[0]); ++f) {
    prompt_reset(&prompt);
    for (uint32_t i = 0; i < N_FRAMES; ++i) {
      in[i] = (float)sin(2.0 * PI * freqs_hz[f] / 48e3 * i);
    }
    prompt_up(&prompt, in, upper, N_FRAMES);
    prompt_down(&prompt, upper, N_FRAMES);
    memcpy(out, upper, N_FRAMES * sizeof(float));
    const double lost_db =
      level_db(out, N_SETTLING, N_FRAMES) - level_db(in, N_SETTLING, N_FRAMES);
    ck_assert_double_le(fabs(lost_db), 1e-4);
  }
}
END_TEST

START_TEST(stop_band_is_silent)
{
  // All that would come down to below 20 kHz
  prompt_init(&prompt, 48e3, 384e3);
  for (uint32_t n = 1; n <= 4; ++n) {
    for (double offset = -20e3; offset <= 20e3; offset += 5e3) {
      const double freq_hz = 48e3 * n + offset;
      if (freq_hz <= 192e3) {
        prompt_reset(&prompt);
        fill_sine(upper, freq_hz, 384e3);
        prompt_down(&prompt, upper, N_FRAMES);
        memcpy(out, upper, N_FRAMES * sizeof(float));
        ck_assert_double_le(level_db(out, N_SETTLING, N_FRAMES), -98.0);
      }
    }
  }
}
END_TEST

START_TEST(slices_do_not_matter)
{
  static float whole[N_FRAMES];

  prompt_init(&prompt, 48e3, 384e3);
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    in[i] = (float)sin(0.001 * i * i);
  }
  prompt_up(&prompt, in, upper, N_FRAMES);
  prompt_down(&prompt, upper, N_FRAMES);
  memcpy(whole, upper, N_FRAMES * sizeof(float));
  prompt_reset(&prompt);
  for (uint32_t i = 0, n = 0; i < N_FRAMES; i += n) {
    n = (i * 2654435761U >> 7U) % 77U + 1U;
    n = n < N_FRAMES - i ? n : N_FRAMES - i;
    prompt_up(&prompt, in + i, upper, n);
    prompt_down(&prompt, upper, n);
    memcpy(out + i, upper, n * sizeof(float));
  }
  ck_assert_int_eq(memcmp(out, whole, sizeof(whole)), 0);
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("prompt");
  TCase* const tcase = tcase_create("prompt");
  tcase_add_test(tcase, factor_follows_the_rate);
  tcase_add_test(tcase, delay_is_short);
  tcase_add_test(tcase, pass_band_is_flat);
  tcase_add_test(tcase, stop_band_is_silent);
  tcase_add_test(tcase, slices_do_not_matter);
  suite_add_tcase(suite, tcase);
  return run_tests(suite);
}
