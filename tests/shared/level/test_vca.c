// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "level/vca.h"
#include "signal/knob.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define RATE_HZ 48000.0
#define GLIDE_S 0.005

enum { N_FRAMES = 8192, N_SLICE = 256 };

/// An amplifier whose settings are knobs
typedef struct {
  CvLaw law;
  Knob  level;
  Knob  amount;
  Knob  bias_v;
} Vca;

static float in[N_FRAMES];
static float cv_v[N_FRAMES];
static float out[N_FRAMES];

/// Fill the input with a sine, and the CV with what sweeps -12 V to 12 V
static void
fill(void)
{
  for (int i = 0; i < N_FRAMES; ++i) {
    in[i]   = sinf((float)i * 0.37f);
    cv_v[i] = 12.0f * sinf((float)i * 0.011f);
  }
}

static void
fill_cv(const float volts)
{
  for (int i = 0; i < N_FRAMES; ++i) {
    cv_v[i] = volts;
  }
}

static void
start(Vca* const vca)
{
  knob_init(&vca->level, RATE_HZ, GLIDE_S);
  knob_init(&vca->amount, RATE_HZ, GLIDE_S);
  knob_init(&vca->bias_v, RATE_HZ, GLIDE_S);
}

static void
turn(Vca* const   vca,
     const CvLaw  law,
     const double level,
     const double amount,
     const double bias_v)
{
  vca->law = law;
  knob_set(&vca->level, level);
  knob_set(&vca->amount, amount);
  knob_set(&vca->bias_v, bias_v);
}

/// Run the signals from frame `start` to `end` in slices
static void
run(Vca* const vca, const uint32_t start, const uint32_t end, const uint32_t n_slice)
{
  for (uint32_t i = start; i < end; i += n_slice) {
    const uint32_t n = end - i < n_slice ? end - i : n_slice;
    knob_process(&vca->level, n);
    knob_process(&vca->amount, n);
    knob_process(&vca->bias_v, n);

    const VcaInputs inputs = {in + i,
                              cv_v + i,
                              knob_signal(&vca->level),
                              knob_signal(&vca->amount),
                              knob_signal(&vca->bias_v)};
    vca_process(vca->law, &inputs, out + i, n);
  }
}

/// Run all with knobs that stand still
static void
run_still(const CvLaw law, const double level, const double amount, const double bias_v)
{
  Vca vca;
  start(&vca);
  turn(&vca, law, level, amount, bias_v);
  run(&vca, 0, N_FRAMES, N_SLICE);
}

START_TEST(open_amplifier_changes_no_bit)
{
  fill();
  run_still((CvLaw)_i, 1.0, 0.0, 0.0);
  ck_assert_mem_eq(out, in, sizeof(in));

  fill_cv(_i == CV_LAW_RING ? 5.0f : 10.0f);
  run_still((CvLaw)_i, 1.0, 1.0, 0.0);
  ck_assert_mem_eq(out, in, sizeof(in));

  fill_cv(0.0f);
  run_still((CvLaw)_i, 1.0, 1.0, _i == CV_LAW_RING ? 5.0 : 10.0);
  ck_assert_mem_eq(out, in, sizeof(in));
}
END_TEST

START_TEST(shut_amplifier_is_silent)
{
  fill();
  fill_cv(0.0f);
  run_still((CvLaw)_i, 1.0, 1.0, 0.0);
  for (int i = 0; i < N_FRAMES; ++i) {
    ck_assert_float_eq(out[i], 0.0f);
  }
}
END_TEST

START_TEST(gain_is_as_its_formula_says)
{
  static const double level  = -1.7;
  static const double amount = 0.6;
  static const double bias_v = 2.5;

  fill();
  run_still((CvLaw)_i, level, amount, bias_v);
  for (int i = 0; i < N_FRAMES; ++i) {
    const double open = (double)cv_law_gain((CvLaw)_i, cv_v[i] + (float)bias_v);
    const double gain = level * (1.0 - amount + amount * open);
    ck_assert_double_eq_tol((double)out[i], gain * (double)in[i], 1e-6);
  }
}
END_TEST

START_TEST(moving_knobs_glide)
{
  // One time constant after it was turned, a knob has 1/e of its way before it
  static const int after = 240;

  Vca vca;
  start(&vca);
  fill_cv(10.0f);
  for (int i = 0; i < N_FRAMES; ++i) {
    in[i] = 1.0f;
  }
  turn(&vca, CV_LAW_LINEAR, 1.0, 1.0, 0.0);
  run(&vca, 0, 1000, N_SLICE);
  turn(&vca, CV_LAW_LINEAR, -1.0, 1.0, 0.0);
  run(&vca, 1000, N_FRAMES, N_SLICE);
  ck_assert_float_eq(out[999], 1.0f);
  ck_assert_double_eq_tol((double)out[999 + after], 2.0 * exp(-1.0) - 1.0, 1e-5);
  ck_assert_float_eq(out[N_FRAMES - 1], -1.0f);
}
END_TEST

START_TEST(slices_do_not_matter)
{
  static float whole[N_FRAMES];

  fill();
  for (uint32_t n_slice = N_SLICE; n_slice > 0; n_slice /= 3) {
    Vca vca;
    start(&vca);
    turn(&vca, (CvLaw)_i, 1.0, 0.3, 4.0);
    run(&vca, 0, 500, n_slice);
    turn(&vca, (CvLaw)_i, -0.5, 1.0, 1.0);
    run(&vca, 500, N_FRAMES, n_slice);
    if (n_slice == N_SLICE) {
      memcpy(whole, out, sizeof(out));
    }
    ck_assert_mem_eq(out, whole, sizeof(out));
  }
}
END_TEST

int
main(void)
{
  enum { N_LAWS = CV_LAW_RING + 1 };

  Suite* const suite = suite_create("vca");
  TCase* const tests = tcase_create("vca");
  tcase_add_loop_test(tests, open_amplifier_changes_no_bit, 0, N_LAWS);
  tcase_add_loop_test(tests, shut_amplifier_is_silent, 0, N_LAWS);
  tcase_add_loop_test(tests, gain_is_as_its_formula_says, 0, N_LAWS);
  tcase_add_test(tests, moving_knobs_glide);
  tcase_add_loop_test(tests, slices_do_not_matter, 0, N_LAWS);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
