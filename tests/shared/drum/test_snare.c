// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "drum/snare.h"

#include "measure/spectrum.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define RATE_HZ 48000.0
#define N_FRAMES 131072U
#define PI 3.14159265358979323846
#define CLEAN_DB 0.0

static Snare  snare;
static double pitch_oct[N_FRAMES];
static double decay_oct[N_FRAMES];
static double noise_decay_oct[N_FRAMES];
static float  tone_oct[N_FRAMES];
static float  drive_oct[N_FRAMES];
static float  out[N_FRAMES];

static const SnareHit plain = {1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0};
static const SnareHit full  = {0.7, 0.01, 1.0, 0.8, 0.6, 0.5, 42};

static void
set_up(const double pitch_hz, const double decay_s, const double drive_db)
{
  snare_init(&snare, RATE_HZ);
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    pitch_oct[i]       = log2(pitch_hz);
    decay_oct[i]       = log2(decay_s);
    noise_decay_oct[i] = log2(decay_s);
    tone_oct[i]        = (float)log2(3000.0);
    drive_oct[i]       = (float)drum_drive_oct(drive_db);
  }
}

static void
run(const uint32_t start, const uint32_t end)
{
  const SnareInputs inputs = {pitch_oct + start,
                              decay_oct + start,
                              noise_decay_oct + start,
                              tone_oct + start,
                              drive_oct + start};
  snare_process(&snare, &inputs, out + start, end - start);
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
  snare_hit(&snare, &plain);
  run(1000, 2000);
  ck_assert(out[1000] != 0.0f);
}
END_TEST

START_TEST(tail_is_in_tune)
{
  static const double pitches_hz[] = {
    30.0, 52.0, 130.8127826503, 261.6255653006, 800.0};

  for (size_t p = 0; p < sizeof(pitches_hz) / sizeof(pitches_hz[0]); ++p) {
    set_up(pitches_hz[p], 0.5, 0.0);
    snare_hit(&snare, &plain);
    run(0, N_FRAMES);
    const double from    = last_rise(N_FRAMES / 4U);
    const double to      = last_rise(N_FRAMES / 4U + 9600U);
    const double cycles  = round((to - from) * pitches_hz[p] / RATE_HZ);
    const double freq_hz = cycles / (to - from) * RATE_HZ;
    ck_assert_double_le(fabs(1200.0 * log2(freq_hz / pitches_hz[p])), 0.5);
  }
}
END_TEST

START_TEST(decays_are_exact)
{
  static float short_one[24000];

  // The same noise with another decay: its envelope is the quotient
  const SnareHit noise = {0.5, 0.0, 0.0, 0.0, 0.1, 0.0, 0};
  const double   slow  = 0.8;
  const double   fast  = 0.2;
  set_up(1000.0, fast, CLEAN_DB);
  snare_hit(&snare, &noise);
  run(0, 24000);
  memcpy(short_one, out, sizeof(short_one));
  set_up(1000.0, slow, CLEAN_DB);
  snare_hit(&snare, &noise);
  run(0, 24000);
  for (uint32_t i = 2400; i < 14400; i += 1200) {
    double of_slow = 0.0;
    double of_fast = 0.0;
    for (uint32_t k = i - 20U; k < i + 20U; ++k) {
      of_slow += (double)out[k] * (double)out[k];
      of_fast += (double)short_one[k] * (double)short_one[k];
    }
    const double apart_db = 60.0 * (i / RATE_HZ) * (1.0 / fast - 1.0 / slow);
    ck_assert_double_eq_tol(10.0 * log10(of_slow / of_fast), apart_db, 0.2);
  }
}
END_TEST

START_TEST(noise_is_as_loud_at_any_rate)
{
  const SnareHit noise = {0.5, 0.0, 0.0, 0.0, 0.2, 0.0, 0};

  double db[2];
  for (uint32_t r = 0; r < 2; ++r) {
    const double rate_hz = r ? 96e3 : 48e3;
    set_up(1000.0, 30.0, CLEAN_DB);
    snare_init(&snare, rate_hz);
    snare_hit(&snare, &noise);
    run(0, N_FRAMES);

    // Up to 12 kHz, roughly: the mean of neighbours
    double         power = 0.0;
    const uint32_t n     = r ? 8 : 4;
    for (uint32_t i = 0; i + n <= N_FRAMES; i += n) {
      double sum = 0.0;
      for (uint32_t k = 0; k < n; ++k) {
        sum += (double)out[i + k] / n;
      }
      power += sum * sum * n / N_FRAMES;
    }
    db[r] = 10.0 * log10(power);
  }
  ck_assert_double_eq_tol(db[0], db[1], 1.5);
}
END_TEST

START_TEST(end_is_silent)
{
  set_up(50.0, 0.2, 36.0);
  snare_hit(&snare, &plain);
  run(0, N_FRAMES);
  const uint32_t end = (uint32_t)(0.2 * 2.5 * RATE_HZ);
  ck_assert(!snare.sounds);
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
  snare_hit(&snare, &full);
  run(0, 24000);
  memcpy(first, out, sizeof(first));
  run(24000, 24017);
  snare_hit(&snare, &full);
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
    set_up(185.0, 1.0, CLEAN_DB);
    snare_hit(&snare, &plain);
    run(0, 2000);
    memcpy(alone, out, sizeof(alone));

    set_up(185.0, 1.0, CLEAN_DB);
    snare_hit(&snare, &plain);
    run(0, at);
    snare_hit(&snare, &plain);
    run(at, at + 2000U);
    for (uint32_t i = 1; i < 2000U; ++i) {
      const double step = ((double)out[at + i] - (double)alone[i]) -
                          ((double)out[at + i - 1U] - (double)alone[i - 1U]);
      ck_assert_double_le(fabs(step), 0.15); // As fast as the body
    }
    // From the level that sounds: the step is that of the frames before, within -60 dB
    const double before = (double)out[at - 1U] - (double)out[at - 2U];
    const double step   = (double)out[at] - (double)alone[0] - (double)out[at - 1U];
    ck_assert_double_le(fabs(step), 1.01 * fabs(before) + 1e-3);
  }
}
END_TEST

START_TEST(drive_does_not_alias)
{
  // Both tones, and all that they make, are multiples of a hundredth of the lower one
  const SnareHit  flat     = {1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0};
  const uint32_t  n        = 65536;
  Spectrum* const spectrum = spectrum_new(n, RATE_HZ);
  const double    base_hz  = RATE_HZ / n * 11.0;
  set_up(100.0 * base_hz, 30.0, 36.0);
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    decay_oct[i] = 20.0;
  }
  snare_hit(&snare, &flat);
  run(0, N_FRAMES);
  spectrum_analyse(spectrum, out + n);
  const SpectrumSplit split = spectrum_split(spectrum, base_hz, UINT32_MAX, 20000.0);
  ck_assert_double_le(10.0 * log10(split.others / split.harmonics), -80.0);
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
    snare_hit(&snare, &full);
    uint32_t n = 0;
    for (uint32_t i = 0; i < 32768U; i += n) {
      n = (i * 2654435761U >> 7U) % n_most + 1U;
      n = n < 32768U - i ? n : 32768U - i;
      if (i < 9000 && i + n > 9000) {
        n = 9000 - i;
      }
      run(i, i + n);
      if (i + n == 9000) {
        snare_hit(&snare, &full);
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
  Suite* const suite = suite_create("snare");
  TCase* const tcase = tcase_create("snare");
  tcase_set_timeout(tcase, 60.0);
  tcase_add_test(tcase, hit_starts_at_its_frame);
  tcase_add_test(tcase, tail_is_in_tune);
  tcase_add_test(tcase, decays_are_exact);
  tcase_add_test(tcase, noise_is_as_loud_at_any_rate);
  tcase_add_test(tcase, end_is_silent);
  tcase_add_test(tcase, equal_hits_are_equal);
  tcase_add_test(tcase, roll_does_not_click);
  tcase_add_test(tcase, drive_does_not_alias);
  tcase_add_test(tcase, slices_do_not_matter);
  suite_add_tcase(suite, tcase);
  return run_tests(suite);
}
