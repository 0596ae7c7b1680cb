// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "osc/blep.h"

#include <math.h>
#include <stdint.h>

static const double rates[] = {44100.0, 48000.0};

/// Write the residual of a break of amount 1
static uint32_t
residual(const double rate, const uint32_t order, const double age, float* const out)
{
  const uint32_t n_taps = blep_taps(rate);
  for (uint32_t t = 0; t < n_taps; ++t) {
    out[t] = 0.0f;
  }

  blep_add(n_taps, order, 1.0, age, out);
  return n_taps;
}

/// Return how much the residual falls at its middle, where the naive break is
static double
fall(const uint32_t order)
{
  return order == 0 ? 1.0 : 0.0;
}

START_TEST(residual_is_continuous_but_for_the_break)
{
  for (uint32_t order = 0; order <= BLEP_MAX_ORDER; ++order) {
    float          young[BLEP_MAX_TAPS];
    float          old[BLEP_MAX_TAPS];
    const uint32_t n_taps = residual(rates[_i], order, 0.0, young);
    residual(rates[_i], order, 1.0, old);

    ck_assert_float_eq_tol(young[0], 0.0f, 2e-6f);
    ck_assert_float_eq_tol(old[n_taps - 1], 0.0f, 2e-6f);
    for (uint32_t t = 1; t < n_taps; ++t) {
      const double drop = (double)old[t - 1] - (double)young[t];
      ck_assert_double_eq_tol(drop, t == n_taps / 2 ? fall(order) : 0.0, 5e-6);
    }
  }
}
END_TEST

START_TEST(residual_is_the_slope_of_the_next)
{
  static const double dt = 4e-3;

  // The higher orders are mended so much that this no longer holds
  for (uint32_t order = 0; order < 2; ++order) {
    for (double age = 0.05; age < 1.0; age += 0.1) {
      float          now[BLEP_MAX_TAPS];
      float          before[BLEP_MAX_TAPS];
      float          after[BLEP_MAX_TAPS];
      const uint32_t n_taps = residual(rates[_i], order, age, now);
      residual(rates[_i], order + 1, age - dt, before);
      residual(rates[_i], order + 1, age + dt, after);
      for (uint32_t t = 0; t < n_taps; ++t) {
        const double slope = ((double)after[t] - (double)before[t]) / (2.0 * dt);
        ck_assert_double_eq_tol(slope, (double)now[t], 1e-3);
      }
    }
  }
}
END_TEST

START_TEST(residual_has_no_dc)
{
  // Summed over all ages, a step takes after it what it adds before it
  for (uint32_t order = 0; order <= BLEP_MAX_ORDER; order += 2) {
    double sum = 0.0;
    for (double age = 1.0 / 128.0; age < 1.0; age += 1.0 / 64.0) {
      float          out[BLEP_MAX_TAPS];
      const uint32_t n_taps = residual(rates[_i], order, age, out);
      for (uint32_t t = 0; t < n_taps; ++t) {
        sum += (double)out[t] / 64.0;
      }
    }
    ck_assert_double_eq_tol(sum, 0.0, 1e-6);
  }
}
END_TEST

START_TEST(residuals_add_up)
{
  float          once[BLEP_MAX_TAPS];
  float          twice[BLEP_MAX_TAPS];
  const uint32_t n_taps = residual(rates[_i], 0, 0.3, once);
  residual(rates[_i], 0, 0.3, twice);
  blep_add(n_taps, 0, -3.0, 0.3, twice);
  for (uint32_t t = 0; t < n_taps; ++t) {
    ck_assert_float_eq_tol(twice[t], -2.0f * once[t], 1e-7f);
  }
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("blep");
  TCase* const tests = tcase_create("blep");
  tcase_add_loop_test(tests, residual_is_continuous_but_for_the_break, 0, 2);
  tcase_add_loop_test(tests, residual_is_the_slope_of_the_next, 0, 2);
  tcase_add_loop_test(tests, residual_has_no_dc, 0, 2);
  tcase_add_loop_test(tests, residuals_add_up, 0, 2);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
