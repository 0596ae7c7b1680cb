// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "drum/hat.h"

#include "measure/spectrum.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define RATE_HZ 48000.0
#define N_FRAMES 131072U
#define CLEAN_DB 0.0

static Hat    hat;
static double pitch_oct[N_FRAMES];
static double decay_oct[N_FRAMES];
static double open_decay_oct[N_FRAMES];
static float  metal[N_FRAMES];
static float  tone_oct[N_FRAMES];
static float  drive_oct[N_FRAMES];
static float  out[N_FRAMES];

static const HatHit plain = {1.0, 0.0, 1.0, false, 0};
static const HatHit open  = {1.0, 0.0, 1.0, true, 0};
static const HatHit full  = {0.7, 0.01, 0.9, false, 42};

static void
set_up(const double pitch_hz, const double decay_s, const double drive_db)
{
  hat_init(&hat, RATE_HZ);
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    pitch_oct[i]      = log2(pitch_hz);
    decay_oct[i]      = log2(decay_s);
    open_decay_oct[i] = 3.0 + log2(decay_s);
    metal[i]          = 0.7f;
    tone_oct[i]       = (float)log2(3000.0);
    drive_oct[i]      = (float)drum_drive_oct(drive_db);
  }
}

static void
run(const uint32_t start, const uint32_t end)
{
  const HatInputs inputs = {pitch_oct + start,
                            decay_oct + start,
                            open_decay_oct + start,
                            metal + start,
                            tone_oct + start,
                            drive_oct + start};
  hat_process(&hat, &inputs, out + start, end - start);
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

START_TEST(hit_starts_at_its_frame)
{
  set_up(50.0, 0.5, 9.0);
  run(0, 1000);
  ck_assert(is_zero(0, 1000));
  hat_hit(&hat, &plain);
  run(1000, 2000);
  ck_assert(out[1000] != 0.0f);
}
END_TEST

START_TEST(squares_are_in_tune)
{
  static const double pitches_hz[] = {100.0, 205.3, 700.0};

  for (size_t p = 0; p < sizeof(pitches_hz) / sizeof(pitches_hz[0]); ++p) {
    set_up(pitches_hz[p], 30.0, CLEAN_DB);
    for (uint32_t i = 0; i < N_FRAMES; ++i) {
      metal[i]    = 1.0f;
      tone_oct[i] = 5.0f;
    }
    const HatHit unison = {1.0, 0.0, 0.0, false, 0};
    hat_hit(&hat, &unison);
    run(0, N_FRAMES);

    // From the first rise through 0 to the last
    double   first    = 0.0;
    double   last     = 0.0;
    uint32_t n_cycles = 0;
    for (uint32_t i = 24000; i < N_FRAMES; ++i) {
      if (out[i - 1U] < 0.0f && out[i] >= 0.0f) {
        const double before = (double)out[i - 1U];
        last                = i - 1U - before / ((double)out[i] - before);
        n_cycles += first > 0.0;
        first = first > 0.0 ? first : last;
      }
    }
    const double freq_hz = n_cycles / (last - first) * RATE_HZ;
    ck_assert_double_le(fabs(1200.0 * log2(freq_hz / pitches_hz[p])), 0.02);
  }
}
END_TEST

/// Return the decay of `hit` in seconds, from two places a 25th of one apart
static double
measure_decay(const HatHit* const hit)
{
  static float whole[N_FRAMES];

  // The same metal and noise, with hardly any decay
  set_up(205.3, 0.05, CLEAN_DB);
  hat_hit(&hat, hit);
  run(0, N_FRAMES);
  memcpy(whole, out, sizeof(whole));
  set_up(205.3, 1e6, CLEAN_DB);
  hat_hit(&hat, hit);
  run(0, N_FRAMES);

  double level[2];
  for (uint32_t t = 0; t < 2; ++t) {
    const uint32_t start   = t ? 2400 : 480;
    double         decayed = 0.0;
    double         steady  = 0.0;
    for (uint32_t i = start; i < start + 20U; ++i) {
      decayed += (double)whole[i] * (double)whole[i];
      steady += (double)out[i] * (double)out[i];
    }
    level[t] = 10.0 * log10(decayed / steady);
  }
  return 60.0 * 0.04 / (level[0] - level[1]);
}

START_TEST(decays_are_exact)
{
  const HatHit closed = {0.1, 0.0, 1.0, false, 0};
  const HatHit opened = {0.1, 0.0, 1.0, true, 0};
  ck_assert_double_eq_tol(measure_decay(&closed), 0.05, 0.0005);
  ck_assert_double_eq_tol(measure_decay(&opened), 0.4, 0.01);
}
END_TEST

START_TEST(closed_hat_chokes_open_one)
{
  static float closed[N_FRAMES];

  set_up(205.3, 0.05, CLEAN_DB);
  hat_hit(&hat, &plain);
  run(0, 24000);
  memcpy(closed, out, sizeof(closed));
  set_up(205.3, 0.05, CLEAN_DB);
  hat_hit(&hat, &open);
  run(0, 1000);
  hat_hit(&hat, &plain);
  run(1000, 25000);
  for (uint32_t i = 480; i < 24000; ++i) {
    ck_assert_float_eq_tol(out[1000 + i], closed[i], 1e-6f);
  }
}
END_TEST

START_TEST(end_is_silent)
{
  set_up(50.0, 0.2, 36.0);
  hat_hit(&hat, &plain);
  run(0, N_FRAMES);
  const uint32_t end = (uint32_t)(0.2 * 2.5 * RATE_HZ);
  ck_assert(!hat.sounds);
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

  set_up(50.0, 0.15, 20.0);
  hat_hit(&hat, &full);
  run(0, 24000);
  memcpy(first, out, sizeof(first));
  run(24000, 24017);
  hat_hit(&hat, &full);
  run(24017, 48017);
  ck_assert_int_eq(memcmp(out + 24017, first, sizeof(first)), 0);
}
END_TEST

START_TEST(roll_does_not_click)
{
  // The signal that the second hit is spliced onto: the output less that of the hit
  // alone
  static float alone[N_FRAMES];

  set_up(205.3, 1.0, CLEAN_DB);
  hat_hit(&hat, &plain);
  run(0, 2000);
  memcpy(alone, out, sizeof(alone));
  for (uint32_t at = 700; at < 3000; at += 23) {
    set_up(205.3, 1.0, CLEAN_DB);
    hat_hit(&hat, &plain);
    run(0, at + 2U);
    double most = 0.0;
    for (uint32_t i = 100; i < at; ++i) {
      most = fmax(most, fabs((double)out[i] - (double)out[i - 1U]));
    }
    set_up(205.3, 1.0, CLEAN_DB);
    hat_hit(&hat, &plain);
    run(0, at);
    hat_hit(&hat, &plain);
    run(at, at + 2000U);
    double before = (double)out[at - 1U];
    for (uint32_t i = 0; i < 2000U; ++i) {
      const double rest = (double)out[at + i] - (double)alone[i];
      ck_assert_double_le(fabs(rest - before), 1.02 * most + 1e-3);
      before = rest;
    }
  }
}
END_TEST

START_TEST(squares_and_drive_do_not_alias)
{
  static const double drives_db[] = {0.0, 12.0, 15.0};

  // All in tune, as far as the mix of squares goes
  const HatHit    unison   = {1.0, 0.0, 0.0, false, 0};
  const uint32_t  n        = 65536;
  Spectrum* const spectrum = spectrum_new(n, RATE_HZ);
  const double    base_hz  = RATE_HZ / n * 1093.0; // 800 Hz
  for (size_t d = 0; d < sizeof(drives_db) / sizeof(drives_db[0]); ++d) {
    set_up(base_hz, 1e6, drives_db[d]);
    for (uint32_t i = 0; i < N_FRAMES; ++i) {
      metal[i]     = 1.0f;
      tone_oct[i]  = (float)log2(6500.0);
      decay_oct[i] = 20.0;
    }
    hat_hit(&hat, &unison);
    run(0, N_FRAMES);
    spectrum_analyse(spectrum, out + n);
    const SpectrumSplit split = spectrum_split(spectrum, base_hz, UINT32_MAX, 20000.0);
    const double        db    = 10.0 * log10(split.others / split.harmonics);
    ck_assert_double_le(db, -80.0);
  }
  spectrum_free(spectrum);
}
END_TEST

START_TEST(slices_do_not_matter)
{
  static float whole[N_FRAMES];

  for (uint32_t n_most = 1; n_most < 300; n_most += 42) {
    set_up(50.0, 0.1, 20.0);
    for (uint32_t i = 0; i < N_FRAMES; ++i) {
      decay_oct[i] += 0.3 * sin(0.001 * i);
    }
    hat_hit(&hat, &full);
    uint32_t n = 0;
    for (uint32_t i = 0; i < 32768U; i += n) {
      n = (i * 2654435761U >> 7U) % n_most + 1U;
      n = n < 32768U - i ? n : 32768U - i;
      if (i < 9000 && i + n > 9000) {
        n = 9000 - i;
      }
      run(i, i + n);
      if (i + n == 9000) {
        hat_hit(&hat, &full);
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
  Suite* const suite = suite_create("hat");
  TCase* const tcase = tcase_create("hat");
  tcase_set_timeout(tcase, 60.0);
  tcase_add_test(tcase, hit_starts_at_its_frame);
  tcase_add_test(tcase, squares_are_in_tune);
  tcase_add_test(tcase, decays_are_exact);
  tcase_add_test(tcase, closed_hat_chokes_open_one);
  tcase_add_test(tcase, end_is_silent);
  tcase_add_test(tcase, equal_hits_are_equal);
  tcase_add_test(tcase, roll_does_not_click);
  tcase_add_test(tcase, squares_and_drive_do_not_alias);
  tcase_add_test(tcase, slices_do_not_matter);
  suite_add_tcase(suite, tcase);
  return run_tests(suite);
}
