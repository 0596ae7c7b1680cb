// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "level/pan.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

enum { N_PLACES = 20001 };

#define TOLERANCE 1e-7 ///< A float's rounding
#define HALF_PI 1.5707963267948966

static float pan[N_PLACES];
static float amount[N_PLACES];
static float cv_v[N_PLACES];
static float unity[N_PLACES];
static float left[N_PLACES];
static float right[N_PLACES];

/// Return the right gain, by the formulas in pan.h
static double
expected(const PanLaw law, const double share)
{
  switch (law) {
  case PAN_LAW_MINUS_4_5_DB:
    return sqrt(share * sin(HALF_PI * share));
  case PAN_LAW_LINEAR:
    return share;
  case PAN_LAW_BALANCE:
    return fmin(1.0, 2.0 * share);
  case PAN_LAW_EQUAL_POWER:
  default:
    return sin(HALF_PI * share);
  }
}

/// Write gains all the way from left to right
static void
sweep(const PanLaw law)
{
  for (uint32_t i = 0; i < N_PLACES; ++i) {
    pan[i]    = (float)(2.0 * i / (N_PLACES - 1) - 1.0);
    amount[i] = 0.0f;
    unity[i]  = 1.0f;
  }
  const PanPlace place = {{pan, false}, {amount, true}, {cv_v, true}};
  pan_gains(law, &place, unity, left, right, N_PLACES);
}

START_TEST(gains_follow_the_law)
{
  const PanLaw law = (PanLaw)_i;
  sweep(law);
  for (uint32_t i = 0; i < N_PLACES; ++i) {
    const double share = 0.5 + 0.5 * (double)pan[i];
    ck_assert_double_eq_tol((double)right[i], expected(law, share), TOLERANCE);
    ck_assert_double_eq_tol((double)left[i], expected(law, 1.0 - share), TOLERANCE);
  }
}
END_TEST

START_TEST(ends_are_exact)
{
  sweep((PanLaw)_i);
  ck_assert_float_eq(left[0], 1.0f);
  ck_assert_float_eq(right[0], 0.0f);
  ck_assert_float_eq(left[N_PLACES - 1], 0.0f);
  ck_assert_float_eq(right[N_PLACES - 1], 1.0f);
}
END_TEST

START_TEST(equal_power_is_constant)
{
  sweep(PAN_LAW_EQUAL_POWER);
  for (uint32_t i = 0; i < N_PLACES; ++i) {
    const double power =
      (double)left[i] * (double)left[i] + (double)right[i] * (double)right[i];
    ck_assert_double_eq_tol(power, 1.0, 2e-7);
  }
}
END_TEST

START_TEST(cv_moves_the_place_and_is_clamped)
{
  static const float knobs[]   = {0.0f, 0.0f, 0.0f, 0.5f, -0.5f, 0.0f};
  static const float amounts[] = {1.0f, 1.0f, 0.5f, -1.0f, 1.0f, 0.0f};
  static const float cvs_v[]   = {5.0f, -2.5f, 5.0f, 2.5f, -1e6f, 5.0f};
  static const float places[]  = {1.0f, -0.5f, 0.5f, 0.0f, -1.0f, 0.0f};
  static const float gain[]    = {1.0f, 1.0f, 1.0f, 1.0f, 1.0f, 1.0f};

  const PanPlace place = {{knobs, false}, {amounts, false}, {cvs_v, false}};
  pan_gains(PAN_LAW_LINEAR, &place, gain, left, right, 6);
  for (uint32_t i = 0; i < 6; ++i) {
    ck_assert_float_eq_tol(right[i], 0.5f + 0.5f * places[i], 1e-7f);
  }
}
END_TEST

START_TEST(gain_scales_both_sides)
{
  static const float gain[] = {0.25f, 4.0f, 0.0f};
  static const float at[]   = {-1.0f, 1.0f, 0.0f};
  static const float none[] = {0.0f, 0.0f, 0.0f};

  const PanPlace place = {{at, false}, {none, true}, {none, true}};
  pan_gains(PAN_LAW_EQUAL_POWER, &place, gain, left, right, 3);
  ck_assert_float_eq(left[0], 0.25f);
  ck_assert_float_eq(right[1], 4.0f);
  ck_assert_float_eq(left[2], 0.0f);
  ck_assert_float_eq(right[2], 0.0f);
}
END_TEST

START_TEST(cv_without_amount_leaves_the_place_constant)
{
  static const float zero[] = {0.0f, 0.0f};
  static const float one[]  = {1.0f, 1.0f};
  const PanPlace     out    = {{zero, true}, {zero, true}, {one, false}};
  const PanPlace     in     = {{zero, true}, {one, true}, {one, false}};
  const PanPlace     turns  = {{zero, false}, {zero, true}, {one, true}};

  ck_assert(pan_is_constant(&out));
  ck_assert(!pan_is_constant(&in));
  ck_assert(!pan_is_constant(&turns));
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("pan");
  TCase* const tests = tcase_create("pan");
  tcase_add_loop_test(tests, gains_follow_the_law, 0, PAN_LAW_BALANCE + 1);
  tcase_add_loop_test(tests, ends_are_exact, 0, PAN_LAW_BALANCE + 1);
  tcase_add_test(tests, equal_power_is_constant);
  tcase_add_test(tests, cv_moves_the_place_and_is_clamped);
  tcase_add_test(tests, gain_scales_both_sides);
  tcase_add_test(tests, cv_without_amount_leaves_the_place_constant);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
