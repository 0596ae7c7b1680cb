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
  double       settings[3][BLOCK_FRAMES];
  for (uint32_t i = 0; i < BLOCK_FRAMES; ++i) {
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
  float  expected[BLOCK_FRAMES];
  Biquad biquad;
  biquad_init(&biquad, RATE, GLIDE_S);
  biquad_process(&biquad,
                 (BiquadType)(_i / 2),
                 (BiquadResponse)(_i % 2),
                 &constant,
                 fixture_signal(&fixture, "in"),
                 expected,
                 BLOCK_FRAMES);
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

// ---- Switches

/// Settings that are switched at once
typedef struct {
  float type;
  float response;
  float frequency;
  float q;
  float gain;
} Panel;

/// Return a number below `n`
static uint32_t
pick(uint32_t* const seed, const uint32_t n)
{
  *seed = *seed * 1664525U + 1013904223U;
  return (*seed >> 8U) % n;
}

static Panel
pick_panel(uint32_t* const seed)
{
  static const float frequencies[] = {200.0f, 1000.0f, 5000.0f, 20000.0f};
  static const float qs[]          = {0.1f, 0.707f, 5.0f, 50.0f};
  static const float gains[]       = {-36.0f, -12.0f, 12.0f, 36.0f};

  const uint32_t type      = pick(seed, 8);
  const uint32_t response  = pick(seed, 2);
  const uint32_t frequency = pick(seed, 4);
  const uint32_t q         = pick(seed, frequency > 0 ? 4 : 3); // No slow resonance
  return (Panel){
    (float)type, (float)response, frequencies[frequency], qs[q], gains[pick(seed, 4)]};
}

static void
turn_to(const Panel panel)
{
  *fixture_knob(&fixture, "type")      = panel.type;
  *fixture_knob(&fixture, "response")  = panel.response;
  *fixture_knob(&fixture, "frequency") = panel.frequency;
  *fixture_knob(&fixture, "q")         = panel.q;
  *fixture_knob(&fixture, "gain")      = panel.gain;
}

/// Return the largest output of some more frames
static float
peak_of(const uint32_t n_runs)
{
  float peak = 0.0f;
  for (uint32_t r = 0; r < n_runs; ++r) {
    const float* const out = run();
    for (uint32_t i = 0; i < N_FRAMES; ++i) {
      peak = fmaxf(peak, fabsf(out[i]));
    }
  }
  return peak;
}

START_TEST(switches_are_not_louder_than_twice_either_setting)
{
  uint32_t     seed = 1U + (uint32_t)_i;
  float* const in   = fixture_signal(&fixture, "in");
  for (int s = 0; s < 50; ++s) {
    // As many whole cycles as it takes for runs to go on from each other
    const Panel    from     = pick_panel(&seed);
    const Panel    to       = pick_panel(&seed);
    const uint32_t n_cycles = 25U << pick(&seed, 7);
    fixture_start(&fixture);
    for (uint32_t i = 0; i < N_FRAMES; ++i) {
      in[i] = 0.5f * (float)sin(2.0 * PI * n_cycles * i / N_FRAMES);
    }

    turn_to(from);
    peak_of(10);
    const float before = peak_of(1);
    turn_to(to);
    const float between = peak_of(10);
    const float after   = peak_of(1);
    if (!(between <= 2.0f * fmaxf(before, after))) {
      ck_abort_msg("seed %d, switch %d: %g, from %g to %g",
                   1 + _i,
                   s,
                   (double)between,
                   (double)before,
                   (double)after);
    }
  }
}
END_TEST

START_TEST(switches_do_not_depend_on_blocks)
{
  enum { STEP = 320 }; // Less than a third of a fade

  static float in[N_FRAMES];
  static float out[2][N_FRAMES];
  fill_noise("in");
  memcpy(in, fixture_signal(&fixture, "in"), sizeof(in));
  for (int fine = 0; fine < 2; ++fine) {
    uint32_t           seed       = 1U + (uint32_t)_i;
    uint32_t           block_seed = 77;
    float* const       block      = fixture_signal(&fixture, "in");
    const float* const o          = fixture_signal(&fixture, "out");
    fixture_start(&fixture);
    *fixture_knob(&fixture, "frequency_amount") = 0.5f;
    for (uint32_t start = 0; start < N_FRAMES; start += STEP) {
      if (pick(&seed, 3) > 0) {
        turn_to(pick_panel(&seed));
      }
      *fixture_knob(&fixture, "shift") = (float)pick(&seed, 3);
      for (uint32_t i = 0, n = 0; i < STEP; i += n) {
        n = fine ? 1U + pick(&block_seed, 64) : STEP;
        n = n < STEP - i ? n : STEP - i;
        memcpy(block, in + start + i, n * sizeof(float));
        memcpy(fixture_signal(&fixture, "frequency_cv"), block, n * sizeof(float));
        fixture_run(&fixture, n);
        memcpy(out[fine] + start + i, o, n * sizeof(float));
      }
    }
  }
  ck_assert_mem_eq(out[0], out[1], sizeof(out[0]));
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
  tcase_add_loop_test(tests, switches_are_not_louder_than_twice_either_setting, 0, 12);
  tcase_add_loop_test(tests, switches_do_not_depend_on_blocks, 0, 8);
  tcase_add_test(tests, turned_knobs_make_no_noise);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
