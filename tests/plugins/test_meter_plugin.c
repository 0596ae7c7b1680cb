// SPDX-License-Identifier: ISC
// The meter as hosts see it

#include "support/fixture.h"
#include "support/test.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define RATE_HZ 48000.0
#define PI 3.141592653589793

enum { N_FRAMES = 4800, N_BLOCKS = 10 };

static Fixture fixture;

/// Play a second of a sine, and a voltage
static void
play(const double hz, const float amplitude, const float cv_v)
{
  float* const in = fixture_signal(&fixture, "in");
  fixture_fill(&fixture, "cv", cv_v);
  for (uint32_t b = 0; b < N_BLOCKS; ++b) {
    for (uint32_t i = 0; i < N_FRAMES; ++i) {
      in[i] = amplitude * (float)sin(2.0 * PI * hz * (b * N_FRAMES + i) / RATE_HZ);
    }
    fixture_run(&fixture, N_FRAMES);
    ck_assert_mem_eq(in, fixture_signal(&fixture, "out"), N_FRAMES * sizeof(float));
  }
}

static double
shown(const char* const symbol)
{
  return (double)*fixture_knob(&fixture, symbol);
}

static void
open_meter(void)
{
  fixture_open(&fixture, CHRONUS_URI "meter", RATE_HZ);
  fixture_start(&fixture);
}

START_TEST(tone_is_shown)
{
  static const double tones[] = {20.0, 440.0, 261.6256, 3000.0, 10000.0};
  for (uint32_t t = 0; t < 5; ++t) {
    const double note = 69.0 + 12.0 * log2(tones[t] / 440.0);
    open_meter();
    play(tones[t], 0.5f, 0.0f);
    ck_assert_double_eq_tol(100.0 * (shown("note") - note) + shown("cents"), 0.0, 0.1);
    ck_assert_double_eq_tol(1200.0 * log2(shown("frequency") / tones[t]), 0.0, 0.1);
    ck_assert_double_eq_tol(shown("level"), -9.03, 0.1);
    ck_assert_double_eq_tol(shown("peak"), -6.02, 0.05);
    ck_assert_double_eq(shown("clipped"), 0.0);
    fixture_close(&fixture);
  }
}
END_TEST

START_TEST(settled_voltage_is_shown_as_it_is)
{
  static const float volts[] = {0.1f, -7.3333333f, 9.9999f, 1.0f / 12.0f};
  for (uint32_t v = 0; v < 4; ++v) {
    open_meter();
    play(100.0, 0.0f, volts[v]);
    ck_assert_float_eq(*fixture_knob(&fixture, "volts"), volts[v]);
    ck_assert_float_eq(*fixture_knob(&fixture, "lowest"), volts[v]);
    ck_assert_float_eq(*fixture_knob(&fixture, "highest"), volts[v]);
    ck_assert_double_eq_tol(60.0 + 12.0 * (double)volts[v],
                            shown("cv_note") + shown("cv_cents") / 100.0,
                            1e-5);
    ck_assert_double_eq(shown("frequency"), 0.0);
    ck_assert_double_eq(shown("note"), -1.0);
    fixture_close(&fixture);
  }
}
END_TEST

START_TEST(tempo_and_clipping_are_shown)
{
  open_meter();
  float* const cv = fixture_signal(&fixture, "cv");
  for (uint32_t i = 0; i < 96U; ++i) {
    cv[i] = 10.0f;
  }
  fixture_fill(&fixture, "in", 0.0f);
  fixture_signal(&fixture, "in")[7] = -2.0f;
  *fixture_knob(&fixture, "ticks")  = 5.0f;
  for (uint32_t b = 0; b < N_BLOCKS; ++b) {
    fixture_run(&fixture, N_FRAMES);
  }
  ck_assert_double_eq(shown("tempo"), 120.0);
  ck_assert_double_eq(shown("clipped"), N_BLOCKS);
  ck_assert_double_eq_tol(shown("peak"), 6.02, 0.01);

  *fixture_knob(&fixture, "reset") = 1.0f;
  fixture_fill(&fixture, "in", 0.0f);
  fixture_run(&fixture, N_FRAMES);
  ck_assert_double_eq(shown("clipped"), 0.0);
  ck_assert_double_eq(shown("peak"), -120.0);
  fixture_close(&fixture);
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("meter_plugin");
  TCase* const tests = tcase_create("meter_plugin");
  tcase_add_test(tests, tone_is_shown);
  tcase_add_test(tests, settled_voltage_is_shown_as_it_is);
  tcase_add_test(tests, tempo_and_clipping_are_shown);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
