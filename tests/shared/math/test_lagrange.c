// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "math/lagrange.h"
#include "osc/phase_path.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

/// Return a polynomial of degree 7, or a derivative of it
static double
septic(const double x, const int order)
{
  double c[8] = {1.0, 2.0, -3.0, 0.5, 0.25, -0.125, 0.0625, 0.03125};
  for (int n = 0; n < order; ++n) {
    for (int d = 0; d < 8; ++d) {
      c[d] = d < 7 ? (d + 1) * c[d + 1] : 0.0;
    }
  }

  double sum = 0.0;
  for (int d = 7; d >= 0; --d) {
    sum = sum * x + c[d];
  }
  return sum;
}

START_TEST(curve_is_the_polynomial_through_all_frames)
{
  double y[LAGRANGE_N_FRAMES];
  for (uint32_t f = 0; f < LAGRANGE_N_FRAMES; ++f) {
    y[f] = septic((double)f - LAGRANGE_START, 0);
  }

  Lagrange8 curve;
  lagrange_set_through(&curve, y);
  for (double x = -3.0; x <= 4.0; x += 0.125) {
    ck_assert_double_eq_tol(lagrange_value(&curve, x), septic(x, 0), 1e-10);
    ck_assert_double_eq_tol(lagrange_slope(&curve, x), septic(x, 1), 1e-10);
    ck_assert_double_eq_tol(lagrange_d2(&curve, x), septic(x, 2), 1e-9);
    ck_assert_double_eq_tol(lagrange_d3(&curve, x), septic(x, 3), 1e-9);
  }
}
END_TEST

START_TEST(times_of_levels_are_found)
{
  // A cube root is as flat as a crossing can be
  const Lagrange8 rising  = {{-0.064, 0.48, -1.2, 1.0}};
  const Lagrange8 falling = {{0.064, -0.48, 1.2, -1.0}};
  ck_assert_double_eq_tol(lagrange_time(&rising, 0.0, true, 0.9, 0.0, 1.0), 0.4, 1e-2);
  ck_assert_double_eq_tol(
    lagrange_time(&falling, 0.0, false, 0.0, 0.0, 1.0), 0.4, 1e-2);

  const Lagrange8 bent = {{0.0, 0.1, 0.9}};
  for (double x = 0.0; x <= 1.0; x += 0.01) {
    const double level = lagrange_value(&bent, x);
    ck_assert_double_eq_tol(
      lagrange_time(&bent, level, true, level, 0.0, 1.0), x, 1e-6);
  }
}
END_TEST

START_TEST(turns_are_found)
{
  const Lagrange8 parabola = {{0.2, -0.6, 1.0}};
  const Lagrange8 line     = {{0.2, -0.6}};
  ck_assert_double_eq_tol(lagrange_extremum(&parabola), 0.3, 1e-12);
  ck_assert_double_eq(lagrange_extremum(&line), 1.0);
}
END_TEST

/// Return the path of a phase that swings like a sine, with `peak` at time 0.5
static PhasePath
swing(const double peak)
{
  uint32_t phase[LAGRANGE_N_FRAMES];
  for (uint32_t f = 0; f < LAGRANGE_N_FRAMES; ++f) {
    const double cycles = peak - 1.0 + cos(0.3 * (f - 3.5));
    phase[f]            = (uint32_t)llround(cycles * PHASE_PATH_CYCLE);
  }

  PhasePath path;
  phase_path_set_phases(&path, phase, (int64_t)phase[LAGRANGE_START], 1);
  return path;
}

START_TEST(path_that_turns_crosses_twice)
{
  // The ends are below 1, the middle is above it
  PhaseCrossing  at[PHASE_PATH_MAX_CROSSINGS];
  PhasePath      path = swing(1.001);
  const uint32_t n    = phase_path_crossings(&path, 0, 32U, at);
  const double   half = acos(0.999) / 0.3;
  ck_assert_uint_eq(n, 2);
  ck_assert_double_eq_tol(at[0].time, 0.5 - half, 1e-4);
  ck_assert_double_eq_tol(at[1].time, 0.5 + half, 1e-4);
  ck_assert_double_eq(at[0].direction, 1.0);
  ck_assert_double_eq(at[1].direction, -1.0);
  ck_assert_int_eq(at[0].line, (int64_t)PHASE_PATH_CYCLE);
  ck_assert_int_eq(at[1].line, (int64_t)PHASE_PATH_CYCLE);

  PhasePath lower = swing(0.999);
  ck_assert_uint_eq(phase_path_crossings(&lower, 0, 32U, at), 0);
}
END_TEST

START_TEST(path_that_just_touches_is_found_in_time)
{
  // The nearer it turns, the flatter it crosses, and the more Newton's steps are needed
  for (double depth = 1e-3; depth > 1e-7; depth *= 0.3) {
    PhaseCrossing at[PHASE_PATH_MAX_CROSSINGS];
    PhasePath     path = swing(1.0 + depth);
    ck_assert_uint_eq(phase_path_crossings(&path, 0, 32U, at), 2);
    for (int n = 0; n < 2; ++n) {
      const double place = lagrange_value(phase_path_curve(&path), at[n].time);
      const double above =
        place - (PHASE_PATH_CYCLE - (double)path.origin) / PHASE_PATH_CYCLE;
      ck_assert_double_eq_tol(above / depth, 0.0, 1e-3);
    }
  }
}
END_TEST

START_TEST(path_crosses_every_line_once)
{
  PhaseCrossing at[PHASE_PATH_MAX_CROSSINGS];
  PhasePath     path;
  phase_path_set_straight(&path, -0x80000000LL, 0x300000000LL);
  ck_assert_uint_eq(phase_path_crossings(&path, 0, 32U, at), 3);
  for (int n = 0; n < 3; ++n) {
    ck_assert_int_eq(at[n].line, n * (int64_t)PHASE_PATH_CYCLE);
    ck_assert_double_eq_tol(at[n].time, (0.5 + n) / 3.0, 1e-12);
  }

  PhasePath rest = phase_path_since(&path, 0.5, 0x100000000LL);
  ck_assert_uint_eq(phase_path_crossings(&rest, 0, 32U, at), 1);
  ck_assert_double_eq_tol(at[0].time, 2.5 / 3.0, 1e-12);
}
END_TEST

START_TEST(neighbours_share_no_crossing)
{
  // A frame right on a line belongs to the path that ends there, upwards
  PhaseCrossing at[PHASE_PATH_MAX_CROSSINGS];
  uint32_t      n = 0;
  for (int64_t start = -0x100000000LL; start < 0x100000000LL; start += 0x40000000LL) {
    PhasePath path;
    phase_path_set_straight(&path, start, 0x40000000LL);
    n += phase_path_crossings(&path, 0, 32U, at);
  }
  ck_assert_uint_eq(n, 2);
}
END_TEST

START_TEST(path_goes_on_from_a_cut_or_back)
{
  PhasePath     path = swing(1.3);
  const int64_t cut  = phase_path_at(&path, 0.25);
  PhasePath     on   = phase_path_onwards(&path, 0.25, cut, 0, 1);
  PhasePath     back = phase_path_onwards(&path, 0.25, cut, cut, -1);
  ck_assert_int_eq(on.end, path.end - cut);
  ck_assert_int_eq(back.end, 2 * cut - path.end);
  for (double time = 0.25; time <= 1.0; time += 0.25) {
    ck_assert_int_le(
      llabs(phase_path_at(&on, time) - (phase_path_at(&path, time) - cut)), 2);
    ck_assert_int_le(
      llabs(phase_path_at(&back, time) - (2 * cut - phase_path_at(&path, time))), 2);
  }
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("curve");
  TCase* const tests = tcase_create("curve");
  tcase_add_test(tests, curve_is_the_polynomial_through_all_frames);
  tcase_add_test(tests, times_of_levels_are_found);
  tcase_add_test(tests, turns_are_found);
  tcase_add_test(tests, path_that_turns_crosses_twice);
  tcase_add_test(tests, path_that_just_touches_is_found_in_time);
  tcase_add_test(tests, path_crosses_every_line_once);
  tcase_add_test(tests, neighbours_share_no_crossing);
  tcase_add_test(tests, path_goes_on_from_a_cut_or_back);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
