// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "math/random.h"
#include "signal/compare.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { N_FRAMES = 8192, N_OUTPUTS = 7 };

static float a[N_FRAMES];
static float b[N_FRAMES];
static float threshold[N_FRAMES];
static float hysteresis[N_FRAMES];
static float window[N_FRAMES];
static float out[N_OUTPUTS][N_FRAMES];
static float sliced[N_OUTPUTS][N_FRAMES];

static float
random_v(const uint32_t seed, const uint32_t i)
{
  return 10.0f * random_bipolar((uint32_t)(random_at(seed, i) >> 32U));
}

static void
fill(const uint32_t seed)
{
  const float hysteresis_v = 0.5f * (float)(seed % 4U);
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    a[i]          = random_v(seed, i);
    b[i]          = seed % 3U ? random_v(seed + 1000U, i / 9U) : 0.0f;
    threshold[i]  = seed % 2U ? 2.0f : 0.0f;
    hysteresis[i] = hysteresis_v;
    window[i]     = 3.0f;
  }
}

static void
process(Compare* const compare, float (*const to)[N_FRAMES], const uint32_t n_slice)
{
  for (uint32_t i = 0; i < N_FRAMES; i += n_slice) {
    const uint32_t       n    = N_FRAMES - i < n_slice ? N_FRAMES - i : n_slice;
    const CompareInputs  in   = {{a + i, false},
                                 {b + i, false},
                                 {threshold + i, false},
                                 {hysteresis + i, false},
                                 {window + i, false}};
    const CompareOutputs outs = {
      to[0] + i, to[1] + i, to[2] + i, to[3] + i, to[4] + i, to[5] + i, to[6] + i};
    compare_process(compare, &in, &outs, n);
  }
}

START_TEST(gates_and_voltages_are_those_of_the_formulas)
{
  for (uint32_t seed = 0; seed < 24; ++seed) {
    Compare compare = {false, false};
    bool    above   = false;
    bool    inside  = false;
    fill(seed);
    process(&compare, out, 256);
    for (uint32_t i = 0; i < N_FRAMES; ++i) {
      const double over = (double)a[i] - (double)b[i] - (double)threshold[i];
      const double half = 0.5 * (double)hysteresis[i];
      above             = above ? !(over < -half) : over > half;
      inside            = fabs(over) <= (double)window[i] + (inside ? half : -half);
      ck_assert_float_eq(out[0][i], above ? 10.0f : 0.0f);
      ck_assert_float_eq(out[1][i], above ? 0.0f : 10.0f);
      ck_assert_float_eq(out[2][i], inside ? 10.0f : 0.0f);
      ck_assert_float_eq(out[3][i], fminf(a[i], b[i]));
      ck_assert_float_eq(out[4][i], fmaxf(a[i], b[i]));
      ck_assert_float_eq(out[5][i], fabsf(a[i]));
      ck_assert_float_eq(out[6][i], fmaxf(a[i], 0.0f));
    }
  }
}
END_TEST

START_TEST(comparison_is_exact_to_the_float)
{
  static const float values[] = {0.1f, 1.0f, 3.3333333f, -7.7f};
  for (uint32_t v = 0; v < 4; ++v) {
    Compare compare = {false, false};
    memset(threshold, 0, sizeof(threshold));
    memset(hysteresis, 0, sizeof(hysteresis));
    for (uint32_t i = 0; i < N_FRAMES; ++i) {
      b[i] = values[v];
      a[i] = i % 2U ? nextafterf(values[v], 100.0f) : nextafterf(values[v], -100.0f);
    }
    process(&compare, out, 256);
    for (uint32_t i = 0; i < N_FRAMES; ++i) {
      ck_assert_float_eq(out[0][i], i % 2U ? 10.0f : 0.0f);
    }
  }
}
END_TEST

START_TEST(noise_within_the_hysteresis_makes_no_gates)
{
  Compare compare = {false, false};
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    a[i]          = 5.0f * sinf((float)i * 0.003f) + 0.02f * random_v(1, i);
    b[i]          = 0.0f;
    threshold[i]  = 0.0f;
    hysteresis[i] = 0.5f;
  }
  process(&compare, out, 256);
  uint32_t n_rises = 0;
  for (uint32_t i = 1; i < N_FRAMES; ++i) {
    n_rises += out[0][i] > out[0][i - 1];
  }
  ck_assert_uint_eq(n_rises, 4);
}
END_TEST

START_TEST(slices_do_not_count)
{
  for (uint32_t seed = 0; seed < 12; ++seed) {
    Compare one   = {false, false};
    Compare other = {false, false};
    fill(seed);
    process(&one, out, 256);
    process(&other, sliced, 1U + seed * 7U);
    ck_assert_mem_eq(out, sliced, sizeof(out));
  }
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("compare");
  TCase* const tests = tcase_create("compare");
  tcase_add_test(tests, gates_and_voltages_are_those_of_the_formulas);
  tcase_add_test(tests, comparison_is_exact_to_the_float);
  tcase_add_test(tests, noise_within_the_hysteresis_makes_no_gates);
  tcase_add_test(tests, slices_do_not_count);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
