// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "drum/kick.h"

#include "measure/spectrum.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define RATE_HZ 48000.0
#define N_FRAMES 131072U
#define PI 3.14159265358979323846
#define CLEAN_DB 0.0

static Kick   kick;
static double pitch_oct[N_FRAMES];
static double decay_oct[N_FRAMES];
static float  tone_oct[N_FRAMES];
static float  drive_oct[N_FRAMES];
static float  out[N_FRAMES];

static const KickHit plain = {1.0, 0.0, 2.0, 0.05, 0.0, 0.0, 0};

static void
set_up(const double pitch_hz, const double decay_s, const double drive_db)
{
  kick_init(&kick, RATE_HZ);
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    pitch_oct[i] = log2(pitch_hz);
    decay_oct[i] = log2(decay_s);
    tone_oct[i]  = (float)log2(3000.0);
    drive_oct[i] = (float)drum_drive_oct(drive_db);
  }
}

static void
run(const uint32_t start, const uint32_t end)
{
  const KickInputs inputs = {
    pitch_oct + start, decay_oct + start, tone_oct + start, drive_oct + start};
  kick_process(&kick, &inputs, out + start, end - start);
}

static bool
is_zero(const uint32_t start, const uint32_t end)
{
  bool is_zero = true;
  for (uint32_t i = start; i < end; ++i) {
    is_zero &= out[i] == 0.0f;
  }

  return is_zero;
}

/// Return the time of the last rise through 0 before frame `i`
static double
last_rise(uint32_t i)
{
  while (!(out[i - 1U] < 0.0f && out[i] >= 0.0f)) {
    --i;
  }

  const double before = (double)out[i - 1U];
  return i - 1U - before / ((double)out[i] - before);
}

START_TEST(hit_starts_at_its_frame)
{
  set_up(50.0, 0.5, 9.0);
  run(0, 1000);
  ck_assert(is_zero(0, 1000));
  kick_hit(&kick, &plain);
  run(1000, 2000);
  ck_assert(out[1000] != 0.0f);
}
END_TEST

START_TEST(tail_is_in_tune)
{
  static const double pitches_hz[] = {
    30.0, 52.0, 130.8127826503, 261.6255653006, 800.0};

  for (size_t p = 0; p < sizeof(pitches_hz) / sizeof(pitches_hz[0]); ++p) {
    set_up(pitches_hz[p], 5.0, 12.0);
    kick_hit(&kick, &plain);
    run(0, N_FRAMES);
    const double from    = last_rise(N_FRAMES / 2U);
    const double to      = last_rise(N_FRAMES - 1U);
    const double cycles  = round((to - from) * pitches_hz[p] / RATE_HZ);
    const double freq_hz = cycles / (to - from) * RATE_HZ;
    ck_assert_double_le(fabs(1200.0 * log2(freq_hz / pitches_hz[p])), 0.02);
  }
}
END_TEST

/// Return the amplitude of a sine of 1 kHz around frame `i`
static double
level_at(const uint32_t i)
{
  const uint32_t n = 480;

  double re = 0.0;
  double im = 0.0;
  for (uint32_t k = 0; k < n; ++k) {
    const double angle = 2.0 * PI * 1000.0 / RATE_HZ * k;
    re += (double)out[i - n / 2U + k] * cos(angle);
    im += (double)out[i - n / 2U + k] * sin(angle);
  }
  return 2.0 * sqrt(re * re + im * im) / n;
}

START_TEST(decay_is_exact)
{
  static const double decays_s[] = {0.1, 0.5, 2.0};

  const KickHit flat = {0.1, 0.0, 0.0, 0.05, 0.02, 0.0, 0};
  for (size_t d = 0; d < sizeof(decays_s) / sizeof(decays_s[0]); ++d) {
    set_up(1000.0, decays_s[d], CLEAN_DB);
    kick_hit(&kick, &flat);
    run(0, N_FRAMES);
    const uint32_t first = 1920; // Behind the hold
    const uint32_t later = (uint32_t)(0.5 * decays_s[d] * RATE_HZ);
    const double   gain  = DRUM_DRIVE_CLEAN / tanh(DRUM_DRIVE_CLEAN);
    ck_assert_double_eq_tol(level_at(480), 0.1 * gain, 1e-4); // Within the hold
    ck_assert_double_eq_tol(
      20.0 * log10(level_at(first) / level_at(first + later)), 30.0, 0.01);
  }
}
END_TEST

START_TEST(end_is_silent)
{
  set_up(50.0, 0.2, 36.0);
  kick_hit(&kick, &plain);
  run(0, N_FRAMES);
  const uint32_t end = (uint32_t)(0.2 * 2.5 * RATE_HZ);
  ck_assert(!kick.sounds);
  ck_assert(is_zero(end, N_FRAMES));

  // Nothing above -120 dB was cut off
  uint32_t last = end;
  while (out[last] == 0.0f) {
    --last;
  }
  for (uint32_t i = last - 2000U; i <= last; ++i) {
    ck_assert_double_le(fabs((double)out[i]), 1e-5);
  }
  for (uint32_t i = last - 20U; i <= last; ++i) {
    ck_assert_double_le(fabs((double)out[i]), 1e-6);
  }
}
END_TEST

START_TEST(equal_hits_are_equal)
{
  static float first[24000];

  const KickHit hit = {0.7, 0.01, 2.0, 0.05, 0.01, 1.0, 42};
  set_up(50.0, 0.15, 20.0);
  kick_hit(&kick, &hit);
  run(0, 24000);
  memcpy(first, out, sizeof(first));
  run(24000, 24017);
  kick_hit(&kick, &hit);
  run(24017, 48017);
  ck_assert_int_eq(memcmp(out + 24017, first, sizeof(first)), 0);
}
END_TEST

START_TEST(roll_does_not_click)
{
  // The signal that the second hit is spliced onto: the output less that of the hit
  // alone
  static float alone[N_FRAMES];

  for (uint32_t at = 700; at < 3000; at += 23) {
    set_up(52.0, 1.0, CLEAN_DB);
    kick_hit(&kick, &plain);
    run(0, 2000);
    memcpy(alone, out, sizeof(alone));

    set_up(52.0, 1.0, CLEAN_DB);
    kick_hit(&kick, &plain);
    run(0, at);
    kick_hit(&kick, &plain);
    run(at, at + 2000U);
    for (uint32_t i = 1; i < 2000U; ++i) {
      const double step = ((double)out[at + i] - (double)alone[i]) -
                          ((double)out[at + i - 1U] - (double)alone[i - 1U]);
      ck_assert_double_le(fabs(step), 0.03); // As fast as the body at the sweep's end
    }
    // From the level that sounds: the step is that of the frames before, within -60 dB
    const double before = (double)out[at - 1U] - (double)out[at - 2U];
    const double step   = (double)out[at] - (double)alone[0] - (double)out[at - 1U];
    ck_assert_double_le(fabs(step), fabs(before) + 1e-3);
  }
}
END_TEST

START_TEST(drive_does_not_alias)
{
  static const double pitches_hz[] = {1001.0, 2003.0, 4001.0};

  const KickHit flat = {1.0, 0.0, 0.0, 0.05, 100.0, 0.0, 0};

  const uint32_t  n        = 32768;
  Spectrum* const spectrum = spectrum_new(n, RATE_HZ);
  for (size_t p = 0; p < sizeof(pitches_hz) / sizeof(pitches_hz[0]); ++p) {
    const double base_hz = RATE_HZ / n * round(pitches_hz[p] * n / RATE_HZ);
    set_up(base_hz, 10.0, 36.0);
    kick_hit(&kick, &flat);
    run(0, N_FRAMES);
    spectrum_analyse(spectrum, out + n);
    const SpectrumSplit split = spectrum_split(spectrum, base_hz, UINT32_MAX, 20000.0);
    ck_assert_double_le(10.0 * log10(split.others / split.harmonics), -80.0);
  }
  spectrum_free(spectrum);
}
END_TEST

START_TEST(slices_do_not_matter)
{
  static float whole[N_FRAMES];

  const KickHit hit = {0.9, 0.0, 4.0, 0.1, 0.013, 0.8, 7};
  for (uint32_t n_most = 1; n_most < 300; n_most += 42) {
    set_up(50.0, 0.1, 20.0);
    for (uint32_t i = 0; i < N_FRAMES; ++i) {
      decay_oct[i] += 0.3 * sin(0.001 * i);
    }
    kick_hit(&kick, &hit);
    uint32_t n = 0;
    for (uint32_t i = 0; i < 32768U; i += n) {
      n = (i * 2654435761U >> 7U) % n_most + 1U;
      n = n < 32768U - i ? n : 32768U - i;
      if (i < 9000 && i + n > 9000) {
        n = 9000 - i;
      }
      run(i, i + n);
      if (i + n == 9000) {
        kick_hit(&kick, &hit);
      }
    }
    if (n_most == 1) {
      memcpy(whole, out, sizeof(whole));
    }
    ck_assert_int_eq(memcmp(whole, out, 32768U * sizeof(float)), 0);
  }
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("kick");
  TCase* const tcase = tcase_create("kick");
  tcase_set_timeout(tcase, 60.0);
  tcase_add_test(tcase, hit_starts_at_its_frame);
  tcase_add_test(tcase, tail_is_in_tune);
  tcase_add_test(tcase, decay_is_exact);
  tcase_add_test(tcase, end_is_silent);
  tcase_add_test(tcase, equal_hits_are_equal);
  tcase_add_test(tcase, roll_does_not_click);
  tcase_add_test(tcase, drive_does_not_alias);
  tcase_add_test(tcase, slices_do_not_matter);
  suite_add_tcase(suite, tcase);
  return run_tests(suite);
}
