// SPDX-License-Identifier: ISC
// The ring modulator's carrier oscillator, on tracks and as a module

#include "support/fixture.h"
#include "support/test.h"

#include "measure/spectrum.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define RATE_HZ 48000.0
#define PI 3.14159265358979323846

enum { N_FRAMES = 9600, SETTLED = 1408, N_MEASURED = 8192 };

static Fixture fixture;

static void
fill_sine(const char* const symbol, const double freq_hz)
{
  float* const in = fixture_signal(&fixture, symbol);
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    in[i] = (float)sin(2.0 * PI * freq_hz / RATE_HZ * i);
  }
}

/// Return the amplitude of a frequency in an output
static double
amplitude(const char* const symbol, const double freq_hz)
{
  Spectrum* const spectrum = spectrum_new(N_MEASURED, RATE_HZ);
  spectrum_analyse(spectrum, fixture_signal(&fixture, symbol) + SETTLED);
  const double found = spectrum_amplitude(spectrum, freq_hz);
  spectrum_free(spectrum);
  return found;
}

START_TEST(track_hears_sum_and_difference_and_no_carrier)
{
  fixture_open(&fixture, CHRONUS_URI "ring_mod-stereo", RATE_HZ);
  fixture_start(&fixture);
  *fixture_knob(&fixture, "frequency") = 300.0f;
  fill_sine("in_left", 1000.0);
  fill_sine("in_right", 2000.0);
  fixture_run(&fixture, N_FRAMES);
  ck_assert_double_eq_tol(amplitude("out_left", 700.0), 0.5, 1e-4);
  ck_assert_double_eq_tol(amplitude("out_left", 1300.0), 0.5, 1e-4);
  ck_assert_double_eq_tol(amplitude("out_right", 1700.0), 0.5, 1e-4);
  ck_assert_double_lt(amplitude("out_left", 300.0), 1e-5);
  ck_assert_double_lt(amplitude("out_left", 1000.0), 1e-5);
  ck_assert_double_lt(amplitude("out_left", 2300.0), 1e-5);
  fixture_close(&fixture);
}
END_TEST

START_TEST(nothing_of_the_carrier_leaks)
{
  fixture_open(&fixture, CHRONUS_URI "ring_mod-track", RATE_HZ);
  fixture_start(&fixture);
  *fixture_knob(&fixture, "kind") = (float)_i;
  *fixture_knob(&fixture, "knee") = 0.05f;
  fixture_fill(&fixture, "in", 0.0f);
  fixture_run(&fixture, N_FRAMES);
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    ck_assert_msg(fixture_signal(&fixture, "out")[i] == 0.0f, "leaks at %u", i);
  }
  fixture_close(&fixture);
}
END_TEST

START_TEST(module_has_no_carrier_until_it_is_turned_up)
{
  fixture_open(&fixture, CHRONUS_URI "ring_mod", RATE_HZ);
  fixture_start(&fixture);
  fixture_fill(&fixture, "carrier", 0.0f);
  fill_sine("in", 1000.0);
  fixture_run(&fixture, N_FRAMES);
  ck_assert_double_eq(amplitude("out", 780.0), 0.0);

  *fixture_knob(&fixture, "carrier_level") = 0.0f;
  *fixture_knob(&fixture, "frequency")     = 110.0f;
  fixture_fill(&fixture, "frequency_cv", 1.0f);
  fixture_run(&fixture, N_FRAMES);
  ck_assert_double_eq_tol(amplitude("out", 780.0), 0.5, 1e-4);
  fixture_close(&fixture);
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("ring_mod_forms");
  TCase* const tests = tcase_create("ring_mod_forms");
  tcase_add_test(tests, track_hears_sum_and_difference_and_no_carrier);
  tcase_add_loop_test(tests, nothing_of_the_carrier_leaks, 0, 2);
  tcase_add_test(tests, module_has_no_carrier_until_it_is_turned_up);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
