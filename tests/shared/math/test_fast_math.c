// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "math/fast_math.h"

#include <math.h>

START_TEST(exp2_is_within_1e_12)
{
  for (double x = -40.0; x < 40.0; x += 0.00097) {
    const double ratio = (double)((long double)fast_exp2(x) / exp2l((long double)x));
    ck_assert_double_eq_tol(ratio, 1.0, 1.2e-12);
  }
}
END_TEST

START_TEST(exp2_of_whole_numbers_is_exact)
{
  for (int x = -1000; x <= 1000; ++x) {
    ck_assert_double_eq(fast_exp2((double)x), ldexp(1.0, x));
  }
}
END_TEST

START_TEST(float_exp2_is_within_1e_7)
{
  for (float x = -126.0f; x < 127.0f; x += 0.00097f) {
    const double ratio = (double)fast_exp2f(x) / exp2((double)x);
    ck_assert_double_eq_tol(ratio, 1.0, 1.1e-7);
  }
}
END_TEST

START_TEST(float_exp2_of_whole_numbers_is_exact)
{
  for (int x = -126; x <= 127; ++x) {
    ck_assert_float_eq(fast_exp2f((float)x), ldexpf(1.0f, x));
  }
}
END_TEST

START_TEST(round_goes_to_the_next_whole_number)
{
  ck_assert_int_eq(fast_round(0.0), 0);
  ck_assert_int_eq(fast_round(0.49), 0);
  ck_assert_int_eq(fast_round(0.51), 1);
  ck_assert_int_eq(fast_round(-0.49), 0);
  ck_assert_int_eq(fast_round(-0.51), -1);
  ck_assert_int_eq(fast_round(-123456.4), -123456);
  ck_assert_int_eq(fast_round(2147483646.7), INT32_MAX);
  ck_assert_int_eq(fast_round(-2147483647.7), INT32_MIN);
}
END_TEST

START_TEST(tan_is_within_1e_11)
{
  ck_assert_double_eq(fast_tan_pi(0.0).above, 0.0);
  for (double x = 1e-8; x <= 0.49; x = x < 1e-3 ? x * 1.1 : x + 1e-5) {
    const long double angle  = 3.141592653589793238462643L * (long double)x;
    const Quotient    result = fast_tan_pi(x);
    const double      ratio =
      (double)((long double)result.above / (long double)result.below / tanl(angle));
    ck_assert_double_eq_tol(ratio, 1.0, 1e-11);
  }
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("fast_math");
  TCase* const tests = tcase_create("fast_math");
  tcase_add_test(tests, exp2_is_within_1e_12);
  tcase_add_test(tests, exp2_of_whole_numbers_is_exact);
  tcase_add_test(tests, float_exp2_is_within_1e_7);
  tcase_add_test(tests, float_exp2_of_whole_numbers_is_exact);
  tcase_add_test(tests, round_goes_to_the_next_whole_number);
  tcase_add_test(tests, tan_is_within_1e_11);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
