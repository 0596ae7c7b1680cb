// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "level/cv_mix.h"
#include "signal/knob.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define RATE_HZ 48000.0
#define GLIDE_S 0.005

enum { N_FRAMES = 8192, N_SLICE = 256, N_OUTPUTS = 4 };

/// A mixer whose settings are knobs
typedef struct {
  Knob amount[CV_MIX_INPUTS];
  Knob offset_v;
} CvMix;

static float in_v[CV_MIX_INPUTS][N_FRAMES];
static float out_v[N_OUTPUTS][N_FRAMES]; ///< Sum, minimum, maximum, average

static void
fill(void)
{
  for (uint32_t c = 0; c < CV_MIX_INPUTS; ++c) {
    for (uint32_t i = 0; i < N_FRAMES; ++i) {
      in_v[c][i] = 10.0f * sinf((float)i * 0.011f * (float)(c + 1U) + 0.3f);
    }
  }
}

static void
start(CvMix* const mix)
{
  knobs_init(mix->amount, CV_MIX_INPUTS, RATE_HZ, GLIDE_S);
  knob_init(&mix->offset_v, RATE_HZ, GLIDE_S);
}

static void
turn(CvMix* const mix, const double amounts[CV_MIX_INPUTS], const double offset_v)
{
  for (uint32_t c = 0; c < CV_MIX_INPUTS; ++c) {
    knob_set(&mix->amount[c], amounts[c]);
  }
  knob_set(&mix->offset_v, offset_v);
}

/// Run the signals from frame `start` to `end` in slices
static void
run(CvMix* const mix, const uint32_t start, const uint32_t end, const uint32_t n_slice)
{
  for (uint32_t i = start; i < end; i += n_slice) {
    const uint32_t     n   = end - i < n_slice ? end - i : n_slice;
    const CvMixOutputs out = {out_v[0] + i, out_v[1] + i, out_v[2] + i, out_v[3] + i};
    knobs_process(mix->amount, CV_MIX_INPUTS, n);
    knob_process(&mix->offset_v, n);

    CvMixInputs inputs = {.offset_v = knob_signal(&mix->offset_v)};
    for (uint32_t c = 0; c < CV_MIX_INPUTS; ++c) {
      inputs.in[c]     = in_v[c] + i;
      inputs.amount[c] = knob_signal(&mix->amount[c]);
    }
    cv_mix_process(&inputs, &out, n);
  }
}

static void
run_still(const double amounts[CV_MIX_INPUTS], const double offset_v)
{
  CvMix mix;
  start(&mix);
  turn(&mix, amounts, offset_v);
  run(&mix, 0, N_FRAMES, N_SLICE);
}

START_TEST(one_input_comes_out_to_the_bit)
{
  double amounts[CV_MIX_INPUTS] = {0.0, 0.0, 0.0, 0.0};
  amounts[_i]                   = 1.0;

  fill();
  run_still(amounts, 0.0);
  for (uint32_t o = 0; o < N_OUTPUTS; ++o) {
    ck_assert_mem_eq(out_v[o], in_v[_i], sizeof(in_v[_i]));
  }
}
END_TEST

START_TEST(all_inputs_make_sum_minimum_maximum_and_average)
{
  static const double amounts[CV_MIX_INPUTS] = {1.0, -0.5, 2.0, -1.5};
  static const double offset_v               = 3.0;

  fill();
  run_still(amounts, offset_v);
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    double sum  = 0.0;
    double low  = INFINITY;
    double high = -INFINITY;
    for (uint32_t c = 0; c < CV_MIX_INPUTS; ++c) {
      const double value = amounts[c] * (double)in_v[c][i];
      sum += value;
      low  = fmin(low, value);
      high = fmax(high, value);
    }
    ck_assert_double_eq_tol((double)out_v[0][i], sum + offset_v, 1e-5);
    ck_assert_double_eq_tol((double)out_v[1][i], low + offset_v, 1e-5);
    ck_assert_double_eq_tol((double)out_v[2][i], high + offset_v, 1e-5);
    ck_assert_double_eq_tol((double)out_v[3][i], sum / 5.0 + offset_v, 1e-5);
  }
}
END_TEST

START_TEST(inputs_at_0_are_left_out)
{
  static const double amounts[CV_MIX_INPUTS] = {0.0, 1.0, 0.0, 1.0};

  fill();
  run_still(amounts, 0.0);
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    ck_assert_float_eq(out_v[1][i], fminf(in_v[1][i], in_v[3][i]));
    ck_assert_float_eq(out_v[2][i], fmaxf(in_v[1][i], in_v[3][i]));
    ck_assert_float_eq(out_v[3][i], 0.5f * out_v[0][i]);
  }
}
END_TEST

START_TEST(without_inputs_there_is_the_offset)
{
  static const double amounts[CV_MIX_INPUTS] = {0.0, 0.0, 0.0, 0.0};

  fill();
  run_still(amounts, -2.5);
  for (uint32_t o = 0; o < N_OUTPUTS; ++o) {
    for (uint32_t i = 0; i < N_FRAMES; ++i) {
      ck_assert_float_eq(out_v[o][i], -2.5f);
    }
  }
}
END_TEST

START_TEST(average_of_equals_is_the_same)
{
  static const double amounts[CV_MIX_INPUTS] = {1.0, 0.3, 0.7, 2.0};

  for (uint32_t c = 0; c < CV_MIX_INPUTS; ++c) {
    for (uint32_t i = 0; i < N_FRAMES; ++i) {
      in_v[c][i] = 4.0f;
    }
  }
  run_still(amounts, 0.0);
  ck_assert_float_eq_tol(out_v[3][0], 4.0f, 1e-6f);
}
END_TEST

START_TEST(slices_do_not_matter)
{
  static const double before[CV_MIX_INPUTS] = {1.0, 0.0, -2.0, 0.5};
  static const double after[CV_MIX_INPUTS]  = {0.0, 1.0, 2.0, 0.5};
  static float        whole[N_OUTPUTS][N_FRAMES];

  fill();
  for (uint32_t n_slice = N_SLICE; n_slice > 0; n_slice /= 3) {
    CvMix mix;
    start(&mix);
    turn(&mix, before, 0.0);
    run(&mix, 0, 500, n_slice);
    turn(&mix, after, 5.0);
    run(&mix, 500, N_FRAMES, n_slice);
    if (n_slice == N_SLICE) {
      memcpy(whole, out_v, sizeof(whole));
    }
    ck_assert_mem_eq(out_v, whole, sizeof(whole));
  }

  // In the end, input 1 is left out
  const float last_v = out_v[0][N_FRAMES - 1] - 5.0f;
  ck_assert_float_eq_tol(out_v[3][N_FRAMES - 1], last_v / 3.5f + 5.0f, 1e-5f);
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("cv_mix");
  TCase* const tests = tcase_create("cv_mix");
  tcase_add_loop_test(tests, one_input_comes_out_to_the_bit, 0, CV_MIX_INPUTS);
  tcase_add_test(tests, all_inputs_make_sum_minimum_maximum_and_average);
  tcase_add_test(tests, inputs_at_0_are_left_out);
  tcase_add_test(tests, without_inputs_there_is_the_offset);
  tcase_add_test(tests, average_of_equals_is_the_same);
  tcase_add_test(tests, slices_do_not_matter);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
