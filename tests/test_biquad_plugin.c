// SPDX-License-Identifier: ISC
// The biquad as hosts see it: that each port does what its name says

#include "test.h"

#include "biquad.h"
#include "host.h"
#include "units.h"

#include <complex.h>
#include <math.h>
#include <string.h>

#define RATE 48e3
#define GLIDE_S 0.005
#define MAX_PORTS 32U
#define PI 3.14159265358979323846

enum { N_FRAMES = 9600 };

/// The plugin, with a buffer for each port; signals are one block of N_FRAMES
typedef struct {
  Host*             host;
  const HostPlugin* plugin;
  LilvInstance*     instance;
  float             knob[MAX_PORTS];
  float             signal[MAX_PORTS][N_FRAMES];
} Rack;

static Rack rack;

static float*
knob(const char* const symbol)
{
  return &rack.knob[host_port(rack.plugin, symbol)->index];
}

static float*
signal_of(const char* const symbol)
{
  return rack.signal[host_port(rack.plugin, symbol)->index];
}

static void
fill(const char* const symbol, const float value)
{
  float* const signal = signal_of(symbol);
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    signal[i] = value;
  }
}

static void
fill_noise(const char* const symbol)
{
  float* const signal = signal_of(symbol);
  uint32_t     seed   = 1;
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    seed      = seed * 1664525U + 1013904223U;
    signal[i] = (float)(int32_t)seed / 2147483648.0f;
  }
}

/// Set all knobs to their defaults and all signals to 0, and start anew
static void
start(void)
{
  memset(rack.signal, 0, sizeof(rack.signal));
  for (uint32_t p = 0; p < rack.plugin->n_ports; ++p) {
    rack.knob[p] = rack.plugin->ports[p].default_value;
  }
  lilv_instance_activate(rack.instance);
}

static const float*
run(void)
{
  lilv_instance_run(rack.instance, N_FRAMES);
  return signal_of("out");
}

static void
setup(void)
{
  rack.host     = host_new(TEST_LV2_PATH);
  rack.plugin   = host_plugin(rack.host, CHRONUS_URI "biquad");
  rack.instance = host_instantiate(rack.host, rack.plugin, RATE);
  for (uint32_t p = 0; p < rack.plugin->n_ports; ++p) {
    const HostPortKind kind = rack.plugin->ports[p].kind;
    lilv_instance_connect_port(
      rack.instance, p, kind == HOST_CONTROL ? &rack.knob[p] : rack.signal[p]);
  }
  start();
}

static void
teardown(void)
{
  lilv_instance_free(rack.instance);
  host_free(rack.host);
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
  *knob("type")          = (float)(_i / 2);
  *knob("response")      = (float)(_i % 2);
  *knob("frequency")     = 1234.0f;
  *knob("shift")         = 0.5f;
  *knob("q")             = 3.0f;
  *knob("gain")          = -7.0f;
  const float* const out = run();

  const BiquadSettings constant = {
    {settings[0], false}, {settings[1], false}, {settings[2], false}};
  float  expected[BIQUAD_MAX_FRAMES];
  Biquad biquad;
  biquad_init(&biquad, RATE, GLIDE_S);
  biquad_process(&biquad,
                 (BiquadType)(_i / 2),
                 (BiquadResponse)(_i % 2),
                 &constant,
                 signal_of("in"),
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
  *knob("type")  = BIQUAD_PEAK;
  *knob("gain")  = 12.0f;
  *knob(c->knob) = c->moved;
  memcpy(by_knob, run(), sizeof(by_knob));

  start();
  fill_noise("in");
  fill(c->cv, c->cv_v);
  *knob("type")          = BIQUAD_PEAK;
  *knob("gain")          = 12.0f;
  *knob(c->knob)         = c->unmoved;
  *knob(c->amount_knob)  = c->amount;
  const float* const out = run();
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    ck_assert_float_eq_tol(out[i], by_knob[i], 2e-5f);
  }
}
END_TEST

START_TEST(off_is_the_input_to_the_bit)
{
  fill_noise("in");
  signal_of("in")[7] = -0.0f;
  *knob("enabled")   = 0.0f;
  ck_assert_mem_eq(run(), signal_of("in"), N_FRAMES * sizeof(float));

  // Back from on, too, once it has faded
  *knob("enabled") = 1.0f;
  run();
  *knob("enabled") = 0.0f;
  run();
  ck_assert_mem_eq(run(), signal_of("in"), N_FRAMES * sizeof(float));
}
END_TEST

START_TEST(switching_on_and_off_is_a_fade)
{
  // A high pass takes all of a standing signal, so the fade is all that is heard
  fill("in", 1.0f);
  *knob("type") = BIQUAD_HIGH_PASS;
  run();
  float last = run()[N_FRAMES - 1];
  ck_assert_float_eq_tol(last, 0.0f, 1e-6f);
  for (int on = 0; on <= 1; ++on) {
    *knob("enabled")       = (float)on;
    const float* const out = run();
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
  float* const   in   = signal_of("in");
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    in[i] = (float)sin(2.0 * PI * 100.0 * i / RATE);
  }

  // A whole number of cycles, so the sine goes on in the second half
  *knob("frequency") = 200.0f;
  lilv_instance_run(rack.instance, half);
  lilv_instance_run(rack.instance, half);
  memcpy(out, signal_of("out"), half * sizeof(float));
  *knob("frequency") = 8000.0f;
  lilv_instance_run(rack.instance, half);
  memcpy(out + half, signal_of("out"), half * sizeof(float));

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
