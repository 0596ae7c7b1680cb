// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "signal/cv_law.h"

#include <math.h>

static double
level_db(const CvLaw law, const float cv_v)
{
  return 20.0 * log10((double)cv_law_gain(law, cv_v));
}

START_TEST(laws_meet_at_both_ends)
{
  for (int law = CV_LAW_LINEAR; law <= CV_LAW_QUARTIC; ++law) {
    ck_assert_float_eq(cv_law_gain((CvLaw)law, -3.0f), 0.0f);
    ck_assert_float_eq(cv_law_gain((CvLaw)law, 0.0f), 0.0f);
    ck_assert_float_eq(cv_law_gain((CvLaw)law, 10.0f), 1.0f);
    ck_assert_float_eq(cv_law_gain((CvLaw)law, 1e6f), 1.0f);
  }
}
END_TEST

START_TEST(laws_never_fall)
{
  for (int law = CV_LAW_LINEAR; law <= CV_LAW_RING; ++law) {
    float last = -2.0f;
    for (int i = -1100; i <= 1100; ++i) {
      const float gain = cv_law_gain((CvLaw)law, (float)i * 0.01f);
      ck_assert_float_ge(gain, last);
      last = gain;
    }
  }
}
END_TEST

START_TEST(linear_law_is_a_tenth_a_volt)
{
  for (float cv_v = 0.0f; cv_v <= 10.0f; cv_v += 0.1f) {
    const float gain = cv_law_gain(CV_LAW_LINEAR, cv_v);
    ck_assert_double_eq_tol((double)gain, (double)cv_v / 10.0, 1e-7);
  }
}
END_TEST

START_TEST(exponential_law_is_6_db_a_volt)
{
  for (float cv_v = CV_LAW_FADE_V; cv_v <= 10.0f; cv_v += 0.1f) {
    const double wanted_db = 6.0 * ((double)cv_v - 10.0);
    ck_assert_double_eq_tol(level_db(CV_LAW_EXPONENTIAL, cv_v), wanted_db, 1e-4);
  }
}
END_TEST

START_TEST(exponential_law_fades_below_half_a_volt)
{
  const double gain = (double)cv_law_gain(CV_LAW_EXPONENTIAL, 0.25f);
  ck_assert_double_eq_tol(gain, 0.5 * pow(10.0, 0.3 * (0.25 - 10.0)), 1e-9);
}
END_TEST

START_TEST(quartic_law_is_the_fourth_power)
{
  for (float cv_v = 0.1f; cv_v <= 10.0f; cv_v += 0.1f) {
    const double wanted_db = 80.0 * log10((double)cv_v / 10.0);
    ck_assert_double_eq_tol(level_db(CV_LAW_QUARTIC, cv_v), wanted_db, 1e-5);
  }
}
END_TEST

START_TEST(ring_law_has_both_signs)
{
  ck_assert_float_eq(cv_law_gain(CV_LAW_RING, 0.0f), 0.0f);
  ck_assert_float_eq(cv_law_gain(CV_LAW_RING, 5.0f), 1.0f);
  ck_assert_float_eq(cv_law_gain(CV_LAW_RING, -5.0f), -1.0f);
  ck_assert_float_eq(cv_law_gain(CV_LAW_RING, 1e6f), 2.0f);
  ck_assert_float_eq(cv_law_gain(CV_LAW_RING, -1e6f), -2.0f);
  for (float cv_v = 0.0f; cv_v <= 10.0f; cv_v += 0.1f) {
    const float gain = cv_law_gain(CV_LAW_RING, cv_v);
    ck_assert_double_eq_tol((double)gain, (double)cv_v / 5.0, 2e-7);
    ck_assert_float_eq(cv_law_gain(CV_LAW_RING, -cv_v), -gain);
  }
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("cv_law");
  TCase* const tests = tcase_create("cv_law");
  tcase_add_test(tests, laws_meet_at_both_ends);
  tcase_add_test(tests, laws_never_fall);
  tcase_add_test(tests, linear_law_is_a_tenth_a_volt);
  tcase_add_test(tests, exponential_law_is_6_db_a_volt);
  tcase_add_test(tests, exponential_law_fades_below_half_a_volt);
  tcase_add_test(tests, quartic_law_is_the_fourth_power);
  tcase_add_test(tests, ring_law_has_both_signs);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
