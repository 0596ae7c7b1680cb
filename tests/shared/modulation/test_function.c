// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "modulation/function.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define WHOLE 0x1p62
#define CENT_RATIO 5.7778950655e-4 ///< ln 2 / 1200

enum { N_FRAMES = 96000 };

static float trigger[N_FRAMES];
static float cycle[N_FRAMES];
static float oct[N_FUNCTION_WAYS][N_FRAMES];
static float level[N_FRAMES];
static float moves[N_FUNCTION_WAYS][N_FRAMES];
static float end_v[N_FRAMES];
static float sliced[N_FRAMES];

static void
clear(void)
{
  memset(trigger, 0, sizeof(trigger));
  memset(cycle, 0, sizeof(cycle));
  memset(oct, 0, sizeof(oct));
}

static void
fill(float* const frames, const uint32_t start, const uint32_t end, const float value)
{
  for (uint32_t i = start; i < end; ++i) {
    frames[i] = value;
  }
}

static Function
make(const double rate, const FunctionKnobs knobs)
{
  Function function = {.sample_rate = 0.0};
  function_init(&function, rate);
  function_set(&function, &knobs);
  return function;
}

static void
process(Function* const function,
        float* const    out,
        const uint32_t  n_frames,
        const uint32_t  n_slice)
{
  for (uint32_t i = 0; i < n_frames; i += n_slice) {
    const uint32_t        n  = n_frames - i < n_slice ? n_frames - i : n_slice;
    const FunctionSignals in = {
      {trigger + i, false}, {cycle + i, false}, {oct[0] + i, oct[1] + i}};
    const FunctionOutputs outs = {out + i, {moves[0] + i, moves[1] + i}, end_v + i};
    function_process(function, &in, &outs, n);
  }
}

static uint32_t
count_high(const float* const gate)
{
  uint32_t n = 0;
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    n += gate[i] > 5.0f;
  }
  return n;
}

static uint32_t
count_rises(const float* const gate)
{
  uint32_t n = gate[0] > 5.0f;
  for (uint32_t i = 1; i < N_FRAMES; ++i) {
    n += gate[i] > 5.0f && gate[i - 1] < 5.0f;
  }
  return n;
}

START_TEST(ways_take_their_times_to_the_frame)
{
  static const double rates[]  = {8000.0, 44100.0, 48000.0, 192000.0};
  static const double times[]  = {0.0001, 0.00777, 0.1, 0.2};
  static const double curves[] = {-1.0, -0.3, 0.0, 0.5, 1.0};
  const double        rate     = rates[_i];
  for (uint32_t t = 0; t < 80; ++t) {
    const double   rise_s = times[t % 4U];
    const double   fall_s = times[t / 4U % 4U];
    const double   curve  = curves[t / 16U];
    const uint32_t rise   = (uint32_t)fmax(1.0, round(rise_s * rate));
    const uint32_t fall   = (uint32_t)fmax(1.0, round(fall_s * rate));
    Function       function =
      make(rate, (FunctionKnobs){{rise_s, fall_s}, {curve, -curve}, 0, 0});
    clear();
    fill(trigger, 100, 110, 10.0f);
    process(&function, level, N_FRAMES, 256);
    ck_assert_float_eq(level[99], 0.0f);
    ck_assert_float_eq(level[99 + rise], 1.0f);
    ck_assert_float_eq(level[99 + rise + fall], 0.0f);
    ck_assert_uint_eq(count_high(moves[0]), rise);
    ck_assert_uint_eq(count_high(moves[1]), fall);
    ck_assert_float_eq(end_v[98 + rise + fall], 0.0f);
    ck_assert_float_eq(end_v[99 + rise + fall], 10.0f);
    ck_assert_uint_eq(count_rises(end_v), 1);
  }
}
END_TEST

START_TEST(curves_bend_as_ramps_do)
{
  static const double curves[] = {-1.0, -0.3, 0.5, 1.0};
  for (uint32_t c = 0; c < 4; ++c) {
    Function function =
      make(48000.0, (FunctionKnobs){{0.1, 0.1}, {curves[c], curves[c]}, false, false});
    clear();
    fill(trigger, 0, 100, 10.0f);
    process(&function, level, 9600, 256);
    for (uint32_t i = 0; i < 4800; ++i) {
      const double q = 1.0 - (i + 1.0) / 4800.0;
      const double g = expm1(8.0 * curves[c] * q) / expm1(8.0 * curves[c]);
      ck_assert_double_eq_tol((double)level[i], 1.0 - g, 1e-6);
      ck_assert_double_eq_tol((double)level[4800 + i], g, 1e-6);
    }
  }
}
END_TEST

/// Return the cycles that are over, with the part of the last one
static double
cycles_done(const Function* const function, const uint32_t n_ends)
{
  const double left = (double)function->left / WHOLE;

  return n_ends + 0.5 * (1.0 - left) + (function->stage == FUNCTION_FALLS ? 0.5 : 0.0);
}

START_TEST(cycling_plays_in_tune)
{
  static const double volts[] = {-3.0, 0.0, 0.0833333333, 1.0, 1.7, 1.934};
  static const double c4_hz   = 261.6255653005986;
  static const double rate    = 48000.0;
  for (uint32_t v = 0; v < 6; ++v) {
    const float  volt     = (float)volts[v];
    const double time_s   = 0.5 / c4_hz;
    const double expected = c4_hz * exp2((double)volt) * N_FRAMES / rate;
    Function     function =
      make(rate, (FunctionKnobs){{time_s, time_s}, {0.3, -0.7}, 0, 1});
    clear();
    fill(oct[0], 0, N_FRAMES, -volt);
    fill(oct[1], 0, N_FRAMES, -volt);
    uint32_t n_ends = 0;
    for (uint32_t n = 0; n < 10; ++n) {
      process(&function, level, N_FRAMES, 256);
      // Triggers at such rates may overtake each other: ways are counted instead
      n_ends += count_rises(moves[0]) - (moves[0][0] > 5.0f && n > 0);
      ck_assert_float_le(level[777], 1.0f);
    }
    const double done = cycles_done(&function, 0);
    const double off  = done - fmod(10.0 * expected, 1.0);
    ck_assert_double_eq_tol(
      off - round(off), 0.0, 10.0 * expected * 0.001 * CENT_RATIO);
    ck_assert_double_eq_tol(n_ends, 10.0 * expected, 12.0);
  }
}
END_TEST

START_TEST(trigger_on_the_way_up_is_ignored)
{
  Function function = make(48000.0, (FunctionKnobs){{0.1, 0.05}, {0.0, 0.0}, 0, 0});
  clear();
  for (uint32_t i = 0; i < N_FRAMES; i += 2000) {
    fill(trigger, i, i + 48, 10.0f);
  }
  process(&function, level, N_FRAMES, 256);
  ck_assert_uint_eq(count_rises(moves[0]), N_FRAMES / 6000U);
  ck_assert_float_eq(level[4799], 1.0f);
  // From where it was on the way down, in the whole time
  ck_assert_float_eq_tol(level[5999], 0.5f, 1e-6f);
  ck_assert_float_eq_tol(level[6000], 0.5f + 0.5f / 4800.0f, 1e-6f);
  ck_assert_float_eq(level[6000 + 4799], 1.0f);
}
END_TEST

START_TEST(gate_sustains)
{
  Function function = make(48000.0, (FunctionKnobs){{0.01, 0.02}, {0.0, 0.0}, 1, 0});
  clear();
  fill(trigger, 0, 5000, 10.0f);
  fill(trigger, 10000, 10240, 10.0f);
  process(&function, level, 20000, 256);
  ck_assert_float_eq(level[479], 1.0f);
  ck_assert_float_eq(level[4999], 1.0f);
  ck_assert_float_eq_tol(level[5000], 1.0f - 1.0f / 960.0f, 1e-6f);
  ck_assert_float_eq(level[5959], 0.0f);
  // Let go half way up
  ck_assert_float_eq_tol(level[10239], 0.5f, 1e-6f);
  ck_assert_float_eq_tol(level[10240], 0.5f - 0.5f / 960.0f, 1e-6f);
}
END_TEST

START_TEST(turned_curve_does_not_jump)
{
  Function function = make(48000.0, (FunctionKnobs){{0.1, 0.1}, {0.0, 0.0}, 0, 0});
  clear();
  fill(trigger, 0, 100, 10.0f);
  process(&function, level, 2400, 256);
  const float before = level[2399];
  function_set(&function, &(FunctionKnobs){{0.1, 0.1}, {0.9, 0.0}, 0, 0});
  process(&function, level, 2400, 256);
  ck_assert_float_eq_tol(level[0], before, 0.002f);
  ck_assert_float_eq(level[2399], 1.0f);
}
END_TEST

START_TEST(slices_do_not_count)
{
  for (uint32_t k = 0; k < 4; ++k) {
    const FunctionKnobs knobs = {{0.003, 0.0077}, {0.4, -0.6}, k % 2U, false};
    Function            one   = make(44100.0, knobs);
    Function            other = make(44100.0, knobs);
    clear();
    for (uint32_t i = 0; i < N_FRAMES; ++i) {
      trigger[i] = i / 311U % 5U == 1U ? 10.0f : 0.0f;
      cycle[i]   = i / 7000U % 3U == 1U ? 10.0f : 0.0f;
      oct[0][i]  = k / 2U ? sinf((float)i * 0.001f) : 0.5f;
      oct[1][i]  = k / 2U ? cosf((float)i * 0.0013f) : -0.5f;
    }
    process(&one, level, N_FRAMES, 256);
    process(&other, sliced, N_FRAMES, 17);
    ck_assert_mem_eq(level, sliced, sizeof(level));
  }
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("function");
  TCase* const tests = tcase_create("function");
  tcase_set_timeout(tests, 60);
  tcase_add_loop_test(tests, ways_take_their_times_to_the_frame, 0, 4);
  tcase_add_test(tests, curves_bend_as_ramps_do);
  tcase_add_test(tests, cycling_plays_in_tune);
  tcase_add_test(tests, trigger_on_the_way_up_is_ignored);
  tcase_add_test(tests, gate_sustains);
  tcase_add_test(tests, turned_curve_does_not_jump);
  tcase_add_test(tests, slices_do_not_count);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
