// SPDX-License-Identifier: ISC
// The instruments of measure on sounds that are known in full

#include "support/test.h"

#include "host/host.h"
#include "measure/decay.h"
#include "measure/driven.h"
#include "measure/likeness.h"
#include "measure/probe.h"
#include "measure/roles.h"
#include "measure/spectrum.h"
#include "measure/ticks.h"
#include "measure/waves.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define N_FRAMES 131072U
#define RATE_HZ 48000.0
#define PI 3.14159265358979323846

static float  signal[N_FRAMES];
static double wave[N_FRAMES];

static void
take_wave(void)
{
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    signal[i] = (float)wave[i];
  }
}

/// Let the wave fall by 60 dB in a time
static void
let_fall(const double time_s)
{
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    wave[i] *= pow(10.0, -3.0 * i / (time_s * RATE_HZ));
  }
  take_wave();
}

// ---- Decay

START_TEST(decay_of_noise_is_found)
{
  static const double times_s[] = {0.3, 0.6, 1.8};

  wave_noise(wave, N_FRAMES);
  let_fall(times_s[_i]);
  const double found_s = decay_t60_s(signal, N_FRAMES, RATE_HZ);
  ck_assert_double_eq_tol(found_s / times_s[_i], 1.0, 0.005);
}
END_TEST

START_TEST(silence_has_no_decay)
{
  memset(signal, 0, sizeof(signal));
  ck_assert(isnan(decay_t60_s(signal, N_FRAMES, RATE_HZ)));
}
END_TEST

START_TEST(fall_of_a_tone_is_found)
{
  wave_sine(wave, N_FRAMES, 440.3 / RATE_HZ, 1.0);
  let_fall(10.0);
  ck_assert_double_eq_tol(decay_tone_db_s(signal, N_FRAMES, RATE_HZ, 440.3), 6.0, 1e-5);
}
END_TEST

/// Write bell-shaped noise from a frame on, and a pulse every 200 frames before
static void
write_echoes(const uint32_t dense_at)
{
  wave_noise(wave, N_FRAMES);
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    double sum = 0.0;
    for (uint32_t k = 0; k < 8U; ++k) {
      sum += wave[(i * 8U + k * 7919U) % N_FRAMES];
    }
    signal[i] = i < dense_at ? (i % 200U == 0 ? 1.0f : 0.0f) : (float)sum;
  }
}

START_TEST(echoes_are_dense_where_noise_begins)
{
  // A window that is in the noise by more than a half has its density
  write_echoes(9600);
  const double at_s = decay_dense_at_s(signal, N_FRAMES, RATE_HZ, 0.9);
  ck_assert_double_gt(at_s, 0.190);
  ck_assert_double_lt(at_s, 0.212);
}
END_TEST

START_TEST(sparse_echoes_are_never_dense)
{
  write_echoes(N_FRAMES);
  ck_assert(isinf(decay_dense_at_s(signal, N_FRAMES, RATE_HZ, 0.9)));
}
END_TEST

// ---- Combs

START_TEST(comb_is_in_tune_and_falls_as_it_is_fed_back)
{
  // A loop of 100 frames that keeps 0.999 is 480 Hz, and loses 4.17 dB a second
  const double keeps = 0.999;
  memset(signal, 0, sizeof(signal));
  for (uint32_t i = 0; i < N_FRAMES; i += 100U) {
    signal[i] = (float)pow(keeps, i / 100U);
  }

  Spectrum* const spectrum = spectrum_new(N_FRAMES, RATE_HZ);
  spectrum_analyse(spectrum, signal);
  for (int k = 1; k < 40; k += 8) {
    const double wanted_hz = 480.0 * k;
    const double found_hz =
      spectrum_frequency_near(spectrum, signal, 1.002 * wanted_hz, 1.01);
    ck_assert_double_eq_tol(1200.0 * log2(found_hz / wanted_hz), 0.0, 1e-4);
  }
  ck_assert_double_eq_tol(decay_tone_db_s(signal, N_FRAMES, RATE_HZ, 480.0),
                          -20.0 * log10(keeps) * 480.0,
                          1e-4);
  spectrum_free(spectrum);
}
END_TEST

START_TEST(only_tones_that_are_near_count)
{
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    signal[i] = (float)(0.01 * sin(2.0 * PI * fmod(1000.5 / RATE_HZ * i, 1.0)) +
                        sin(2.0 * PI * fmod(1200.0 / RATE_HZ * i, 1.0)));
  }
  Spectrum* const spectrum = spectrum_new(N_FRAMES, RATE_HZ);
  spectrum_analyse(spectrum, signal);
  ck_assert_double_eq_tol(
    spectrum_frequency_near(spectrum, signal, 1000.0, 1.1), 1000.5, 1e-5);
  ck_assert_double_eq_tol(spectrum_frequency(spectrum, signal, 1000.0), 1200.0, 1e-5);
  spectrum_free(spectrum);
}
END_TEST

// ---- Aliases

START_TEST(one_alias_among_harmonics_is_found)
{
  const double base_hz = wave_odd_hz(1000.0, RATE_HZ);
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    const double turn = base_hz / RATE_HZ * i;
    signal[i]         = (float)(sin(2.0 * PI * fmod(turn, 1.0)) +
                        0.1 * sin(2.0 * PI * fmod(3.0 * turn, 1.0)) +
                        1e-4 * sin(2.0 * PI * fmod(3.4 * turn, 1.0)));
  }
  ck_assert_double_eq_tol(
    driven_others_db(signal, N_FRAMES, base_hz, RATE_HZ), power_db(1e-8 / 1.01), 0.01);
}
END_TEST

START_TEST(what_is_not_finite_has_infinite_aliases)
{
  memset(signal, 0, sizeof(signal));
  signal[100] = NAN;
  ck_assert(isinf(driven_others_db(signal, N_FRAMES, 1000.0, RATE_HZ)));
}
END_TEST

START_TEST(signals_that_drive_have_no_aliases_themselves)
{
  // A mixer at unity passes its input bit by bit
  Roles* const roles = roles_new(SOURCE_DIR "/tools/measure/roles.ttl");
  Host* const  host  = host_new(TEST_LV2_PATH);
  Probe* const probe = probe_new(host, roles_subject(roles, "Chronus mixer"), RATE_HZ);
  ck_assert_ptr_nonnull(probe);
  ck_assert_double_lt(driven_sine_db(probe, wave_odd_hz(5000.0, RATE_HZ), 1.0), -140.0);
  ck_assert_double_lt(driven_clipped_db(probe, wave_odd_hz(5000.0, RATE_HZ)), -140.0);
  probe_free(probe);
  host_free(host);
  roles_free(roles);
}
END_TEST

// ---- Likeness

START_TEST(errors_are_measured_against_what_is_wanted)
{
  wave_noise(wave, N_FRAMES);
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    signal[i] = (float)(wave[i] * (1.0 + 1e-4));
  }
  ck_assert_double_eq_tol(likeness_error_db(signal, wave, N_FRAMES), -80.0, 0.01);
}
END_TEST

START_TEST(two_frames_that_are_averaged_lose_treble)
{
  // A delay between frames by linear interpolation has the magnitude of a cosine
  memset(signal, 0, sizeof(signal));
  signal[50] = 0.5f;
  signal[51] = 0.5f;
  ck_assert_double_eq_tol(likeness_flatness_db(signal, 48000, RATE_HZ, 20.0, 18000.0),
                          -amplitude_db(cos(PI * 18000.0 / RATE_HZ)),
                          1e-6);
  signal[51] = 0.0f;
  ck_assert_double_eq_tol(likeness_flatness_db(signal, 48000, RATE_HZ, 20.0, 18000.0),
                          -amplitude_db(0.5),
                          1e-6);
}
END_TEST

START_TEST(steps_that_are_not_the_nearest_are_found)
{
  for (uint32_t i = 0; i < 1000U; ++i) {
    wave[i]   = i / 100.0;
    signal[i] = (float)nearbyint(wave[i]);
  }
  ck_assert_double_lt(likeness_not_nearest(wave, signal, 1000), 1e-9);

  signal[320] = 4.0f; // Of 3.2, which is 0.2 from 3 and 0.8 from 4
  ck_assert_double_eq_tol(likeness_not_nearest(wave, signal, 1000), 0.6, 1e-9);
  ck_assert_uint_eq(likeness_count_values(signal, 1000), 11);
}
END_TEST

// ---- Ticks

/// Write gates that rise in the first frame at or after each time
static void
write_gates(const double first, const double frames)
{
  memset(signal, 0, sizeof(signal));
  for (uint32_t n = 0; first + ceil(n * frames) + 50.0 < N_FRAMES; ++n) {
    const uint32_t rise = (uint32_t)(first + ceil(n * frames));
    for (uint32_t i = rise; i < rise + 50U; ++i) {
      signal[i] = 10.0f;
    }
  }
}

static double
count(const double frames)
{
  Ticks ticks;
  ticks_init(&ticks, frames);
  for (uint32_t i = 0; i < N_FRAMES; i += 1024U) {
    ticks_count(&ticks, signal + i, 1024);
  }
  return ticks_off(&ticks);
}

START_TEST(ticks_are_counted_from_the_first)
{
  const double frames = 1234.567;
  write_gates(17.0, frames);
  ck_assert_double_eq(count(frames), 0.0);
  ck_assert_double_eq(count(frames * (1.0 + 2.0 / N_FRAMES)), 2.0);

  write_gates(17.0, frames);
  signal[17 + 2470] = 0.0f; // The second after the first comes a frame late
  ck_assert_double_eq(count(frames), 1.0);
}
END_TEST

START_TEST(ticks_that_are_missing_or_too_many_are_found)
{
  write_gates(0.0, 1000.0);
  memset(signal + 131000, 0, 72 * sizeof(float));
  ck_assert(isinf(count(1000.0)));

  write_gates(0.0, 1000.0);
  signal[N_FRAMES - 10U] = 10.0f;
  ck_assert(isinf(count(1000.0)));

  memset(signal, 0, sizeof(signal));
  ck_assert(isinf(count(1000.0)));
}
END_TEST

START_TEST(rises_are_compared_one_by_one)
{
  write_gates(100.0, 1000.5);
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    wave[i] = signal[i] > 0.0f ? 1.0 : 0.0;
  }
  ck_assert_double_eq(ticks_late(signal, wave, N_FRAMES), 0.0);

  memmove(signal + 3, signal, (N_FRAMES - 3U) * sizeof(float));
  ck_assert_double_eq(ticks_late(signal, wave, N_FRAMES), 3.0);

  memset(signal, 0, sizeof(signal));
  ck_assert(isinf(ticks_late(signal, wave, N_FRAMES)));
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("known signals");
  TCase* const tests = tcase_create("known signals");
  tcase_add_loop_test(tests, decay_of_noise_is_found, 0, 3);
  tcase_add_test(tests, silence_has_no_decay);
  tcase_add_test(tests, fall_of_a_tone_is_found);
  tcase_add_test(tests, echoes_are_dense_where_noise_begins);
  tcase_add_test(tests, sparse_echoes_are_never_dense);
  tcase_add_test(tests, comb_is_in_tune_and_falls_as_it_is_fed_back);
  tcase_add_test(tests, only_tones_that_are_near_count);
  tcase_add_test(tests, one_alias_among_harmonics_is_found);
  tcase_add_test(tests, what_is_not_finite_has_infinite_aliases);
  tcase_add_test(tests, signals_that_drive_have_no_aliases_themselves);
  tcase_add_test(tests, errors_are_measured_against_what_is_wanted);
  tcase_add_test(tests, two_frames_that_are_averaged_lose_treble);
  tcase_add_test(tests, steps_that_are_not_the_nearest_are_found);
  tcase_add_test(tests, ticks_are_counted_from_the_first);
  tcase_add_test(tests, ticks_that_are_missing_or_too_many_are_found);
  tcase_add_test(tests, rises_are_compared_one_by_one);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
