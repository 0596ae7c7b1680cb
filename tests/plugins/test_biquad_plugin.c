// SPDX-License-Identifier: ISC
// The biquad as hosts see it: that each port does what its name says

#include "support/fixture.h"
#include "support/test.h"

#include "filter/biquad.h"
#include "signal/units.h"

#include <complex.h>
#include <math.h>
#include <string.h>

#define RATE 48e3
#define GLIDE_S 0.005
#define PI 3.14159265358979323846

enum { N_FRAMES = FIXTURE_FRAMES };

static Fixture fixture;

static void
setup(void)
{
  fixture_open(&fixture, CHRONUS_URI "biquad", RATE);
}

static void
teardown(void)
{
  fixture_close(&fixture);
}

static void
fill_noise(const char* const symbol)
{
  float* const signal = fixture_signal(&fixture, symbol);
  uint32_t     seed   = 1;
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    seed      = seed * 1664525U + 1013904223U;
    signal[i] = (float)(int32_t)seed / 2147483648.0f;
  }
}

static const float*
run(void)
{
  fixture_run(&fixture, N_FRAMES);
  return fixture_signal(&fixture, "out");
}

START_TEST(knobs_set_the_filter)
{
  const double pitch_oct = log2(1234.0 / C4_HZ) + 0.5;
  const double q_oct     = log2(3.0);
  double       settings[3][BIQUAD_MAX_FRAMES];
  for (uint32_t i = 0; i < BIQUAD_MAX_FRAMES; ++i) {
    settings[0][i] = pitch_oct;
    settings[1][i] = q_oct;
    settings[2][i] = -7.0;
  }

  fill_noise("in");
  *fixture_knob(&fixture, "type")      = (float)(_i / 2);
  *fixture_knob(&fixture, "response")  = (float)(_i % 2);
  *fixture_knob(&fixture, "frequency") = 1234.0f;
  *fixture_knob(&fixture, "shift")     = 0.5f;
  *fixture_knob(&fixture, "q")         = 3.0f;
  *fixture_knob(&fixture, "gain")      = -7.0f;
  const float* const out               = run();

  const BiquadSettings constant = {
    {settings[0], false}, {settings[1], false}, {settings[2], false}};
  float  expected[BIQUAD_MAX_FRAMES];
  Biquad biquad;
  biquad_init(&biquad, RATE, GLIDE_S);
  biquad_process(&biquad,
                 (BiquadType)(_i / 2),
                 (BiquadResponse)(_i % 2),
                 &constant,
                 fixture_signal(&fixture, "in"),
                 expected,
                 BIQUAD_MAX_FRAMES);
  ck_assert_mem_eq(out, expected, sizeof(expected));
}
END_TEST

/// A CV under an amount, and the knob setting that does the same
typedef struct {
  const char* cv;
  const char* amount_knob;
  const char* knob;
  float       cv_v;
  float       amount;
  float       unmoved;
  float       moved;
} CvCase;

static const CvCase cv_cases[] = {
  {"frequency_cv", "frequency_amount", "frequency", 1.0f, 1.0f, 600.0f, 1200.0f},
  {"frequency_cv", "frequency_amount", "frequency", 4.0f, -0.5f, 600.0f, 150.0f},
  {"frequency_cv", "frequency_amount", "shift", -3.5f, 1.0f, 1.0f, -2.5f},
  {"q_cv", "q_amount", "q", 2.0f, 1.0f, 0.5f, 2.0f},
  {"q_cv", "q_amount", "q", 1e6f, 1.0f, 0.5f, 50.0f},
  {"q_cv", "q_amount", "q", 1e6f, -1.0f, 0.5f, 0.1f},
  {"gain_cv", "gain_amount", "gain", 2.5f, 1.0f, 0.0f, 18.0f},
  {"gain_cv", "gain_amount", "gain", 10.0f, -1.0f, 36.0f, -36.0f}};

START_TEST(cv_moves_what_its_knob_moves)
{
  static float        by_knob[N_FRAMES];
  const CvCase* const c = &cv_cases[_i];

  fill_noise("in");
  *fixture_knob(&fixture, "type")  = BIQUAD_PEAK;
  *fixture_knob(&fixture, "gain")  = 12.0f;
  *fixture_knob(&fixture, c->knob) = c->moved;
  memcpy(by_knob, run(), sizeof(by_knob));

  fixture_start(&fixture);
  fill_noise("in");
  fixture_fill(&fixture, c->cv, c->cv_v);
  *fixture_knob(&fixture, "type")         = BIQUAD_PEAK;
  *fixture_knob(&fixture, "gain")         = 12.0f;
  *fixture_knob(&fixture, c->knob)        = c->unmoved;
  *fixture_knob(&fixture, c->amount_knob) = c->amount;
  const float* const out                  = run();
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    ck_assert_float_eq_tol(out[i], by_knob[i], 2e-5f);
  }
}
END_TEST

START_TEST(off_is_the_input_to_the_bit)
{
  fill_noise("in");
  fixture_signal(&fixture, "in")[7]  = -0.0f;
  *fixture_knob(&fixture, "enabled") = 0.0f;
  ck_assert_mem_eq(run(), fixture_signal(&fixture, "in"), N_FRAMES * sizeof(float));

  // Back from on, too, once it has faded
  *fixture_knob(&fixture, "enabled") = 1.0f;
  run();
  *fixture_knob(&fixture, "enabled") = 0.0f;
  run();
  ck_assert_mem_eq(run(), fixture_signal(&fixture, "in"), N_FRAMES * sizeof(float));
}
END_TEST

START_TEST(switching_on_and_off_is_a_fade)
{
  // A high pass takes all of a standing signal, so the fade is all that is heard
  fixture_fill(&fixture, "in", 1.0f);
  *fixture_knob(&fixture, "type") = BIQUAD_HIGH_PASS;
  run();
  float last = run()[N_FRAMES - 1];
  ck_assert_float_eq_tol(last, 0.0f, 1e-6f);
  for (int on = 0; on <= 1; ++on) {
    *fixture_knob(&fixture, "enabled") = (float)on;
    const float* const out             = run();
    for (uint32_t i = 0; i < N_FRAMES; last = out[i++]) {
      ck_assert_float_le(fabsf(out[i] - last), 1.01f / (float)(GLIDE_S * RATE));
    }
    ck_assert_float_eq_tol(last, on ? 0.0f : 1.0f, 1e-6f);
  }
}
END_TEST

/// Make the ends of `signal` meet, without leakage into its spectrum
static void
window(float* const signal)
{
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    const double phase = 2.0 * PI * i / N_FRAMES;

    signal[i] *= (float)(0.35875 - 0.48829 * cos(phase) + 0.14128 * cos(2.0 * phase) -
                         0.01168 * cos(3.0 * phase));
  }
}

static double
power_above(const float* const signal, const double min_hz)
{
  double power = 0.0;
  for (uint32_t bin = (uint32_t)(min_hz * N_FRAMES / RATE); bin < N_FRAMES / 2; ++bin) {
    const double complex turn = cexp(2.0 * PI * I * bin / N_FRAMES);
    double complex       sum  = 0.0;
    for (uint32_t i = 0; i < N_FRAMES; ++i) {
      sum = sum * turn + (double)signal[i];
    }
    power += creal(sum * conj(sum));
  }

  return power;
}

START_TEST(turned_knobs_make_no_noise)
{
  static float   out[N_FRAMES];
  const uint32_t half = N_FRAMES / 2;
  float* const   in   = fixture_signal(&fixture, "in");
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    in[i] = (float)sin(2.0 * PI * 100.0 * i / RATE);
  }

  // A whole number of cycles, so the sine goes on in the second half
  *fixture_knob(&fixture, "frequency") = 200.0f;
  fixture_run(&fixture, half);
  fixture_run(&fixture, half);
  memcpy(out, fixture_signal(&fixture, "out"), half * sizeof(float));
  *fixture_knob(&fixture, "frequency") = 8000.0f;
  fixture_run(&fixture, half);
  memcpy(out + half, fixture_signal(&fixture, "out"), half * sizeof(float));

  window(out);
  const double noise_db =
    10.0 * log10(power_above(out, 2000.0) / power_above(out, 0.0));
  ck_assert_double_le(noise_db, -85.0);
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("biquad_plugin");
  TCase* const tests = tcase_create("biquad_plugin");
  tcase_add_checked_fixture(tests, setup, teardown);
  tcase_set_timeout(tests, 60.0);
  tcase_add_loop_test(tests, knobs_set_the_filter, 0, 2 * (BIQUAD_HIGH_SHELF + 1));
  tcase_add_loop_test(tests,
                      cv_moves_what_its_knob_moves,
                      0,
                      (int)(sizeof(cv_cases) / sizeof(cv_cases[0])));
  tcase_add_test(tests, off_is_the_input_to_the_bit);
  tcase_add_test(tests, switching_on_and_off_is_a_fade);
  tcase_add_test(tests, turned_knobs_make_no_noise);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
