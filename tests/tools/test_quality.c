// SPDX-License-Identifier: ISC
// Our plugins are within the limits of their figures

#include "support/test.h"

#include "host/host.h"
#include "measure/figures.h"
#include "measure/limits.h"
#include "measure/quality.h"
#include "measure/recovery.h"
#include "measure/roles.h"

#include <math.h>
#include <string.h>

#define RATE_HZ 48000.0

/// Those at every rate, below 18 kHz at 44.1 kHz, else below 20 kHz
static const Limit wave_rate_limits[] = {{"aliases, dB", "worst", -105.0},
                                         {"oscillator", "pitch cent", 0.001},
                                         {"oscillator", "DC", 1e-6},
                                         {"oscillator", "level dB", 0.01},
                                         {"oscillator", "harmon. dB", 0.01},
                                         {"oscillator", "droop dB", 0.01},
                                         {"linear FM, dB", "444/666 x1", -105.0},
                                         {"linear FM, dB", "444/666 x3", -105.0},
                                         {"hard sync, dB", "cable 74", -105.0},
                                         {"hard sync, dB", "cable 444", -105.0},
                                         {"hard sync, dB", "cable 962", -105.0},
                                         {"reverse sync, dB", "cable 962", -105.0},
                                         {NULL, NULL, 0.0}};

static void
check_limits(const Figures* const figures,
             const char* const    label,
             const Limit* const   limits)
{
  for (const Limit* limit = limits; limit && limit->group; ++limit) {
    const double figure = figures_get(figures, label, limit->group, limit->name);
    const double value  = limit->at_most < 0.0 ? figure : fabs(figure);
    ck_assert_msg(value <= limit->at_most,
                  "%s: %s: %s is %g, at most %g",
                  label,
                  limit->group,
                  limit->name,
                  figure,
                  limit->at_most);
  }
}

static void
check_quality(const Expectation* const expected, const double rate_hz)
{
  Roles* const         roles   = roles_new(SOURCE_DIR "/tools/measure/roles.ttl");
  Host* const          host    = host_new(TEST_LV2_PATH);
  Figures* const       figures = figures_new();
  const Subject* const subject = roles_subject(roles, expected->label);
  ck_assert_ptr_nonnull(subject);
  const Study study = {figures, host, subject, rate_hz};
  ck_assert(quality(&study));
  if (!isnan(limits_at_most(expected->label, "recovery, frames", "in"))) {
    recovery(&study);
  }
  for (uint32_t i = 0; i < MAX_LIMIT_LISTS; ++i) {
    check_limits(figures, expected->label, expected->limits[i]);
  }
  figures_free(figures);
  host_free(host);
  roles_free(roles);
}

START_TEST(oscillators_are_as_good_at_other_rates)
{
  static const double rates_hz[] = {44100.0, 88200.0};

  const Expectation expected = {_i ? "Chronus pulse" : "Chronus saw",
                                {wave_rate_limits, NULL}};
  check_quality(&expected, rates_hz[_i]);
}
END_TEST

START_TEST(figures_are_within_their_limits)
{
  uint32_t                 n        = 0;
  const Expectation* const expected = limits_expectations(&n);
  check_quality(&expected[_i], RATE_HZ);
}
END_TEST

START_TEST(envelopes_are_exact_at_any_rate)
{
  static const double rates_hz[] = {8000.0, 192000.0};

  check_quality(limits_of("Chronus ADSR, curves 1"), rates_hz[_i]);
}
END_TEST

START_TEST(analog_filters_are_so_at_44_1_khz)
{
  uint32_t                 n        = 0;
  const Expectation* const expected = limits_expectations(&n);
  if (strstr(expected[_i].label, ", analog")) {
    check_quality(&expected[_i], 44100.0);
  }
}
END_TEST

int
main(void)
{
  uint32_t n_expectations = 0;
  limits_expectations(&n_expectations);

  Suite* const suite = suite_create("quality");
  TCase* const tests = tcase_create("quality");
  tcase_set_timeout(tests, 120.0);
  tcase_add_loop_test(tests, figures_are_within_their_limits, 0, (int)n_expectations);
  tcase_add_loop_test(tests, oscillators_are_as_good_at_other_rates, 0, 2);
  tcase_add_loop_test(tests, envelopes_are_exact_at_any_rate, 0, 2);
  tcase_add_loop_test(tests, analog_filters_are_so_at_44_1_khz, 0, (int)n_expectations);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
