// SPDX-License-Identifier: ISC
// Our plugins are within the limits of their figures

#include "support/test.h"

#include "host/host.h"
#include "measure/figures.h"
#include "measure/quality.h"
#include "measure/recovery.h"
#include "measure/roles.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define RATE_HZ 48000.0
#define ROLES_PATH SOURCE_DIR "/tools/measure/roles.ttl"

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
                                         {"reverse sync, dB", "cable 962", -105.0}};

#define N_WAVE_RATE_LIMITS (sizeof(wave_rate_limits) / sizeof(wave_rate_limits[0]))

static void
check_limit(const Figures* const figures,
            const char* const    label,
            const Limit* const   limit)
{
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

/// Measure a subject, and hold it to limits
static void
check_limits(const Subject* const subject,
             const Limit* const   limits,
             const uint32_t       n_limits,
             const double         rate_hz)
{
  Host* const    host    = host_new(TEST_LV2_PATH);
  Figures* const figures = figures_new();
  const Study    study   = {figures, host, subject, rate_hz};
  ck_assert(quality(&study));
  if (!isnan(subject_at_most(subject, "recovery, frames", "in"))) {
    recovery(&study);
  }
  for (uint32_t i = 0; i < n_limits; ++i) {
    check_limit(figures, subject->label, &limits[i]);
  }
  figures_free(figures);
  host_free(host);
}

/// The same with the limits of its own
static void
check_subject(const Subject* const subject, const double rate_hz)
{
  ck_assert_ptr_nonnull(subject);
  check_limits(subject, subject->limits, subject->n_limits, rate_hz);
}

// ---- Choice of subjects

typedef bool (*SubjectFilter)(const Subject*);

static bool
has_limits(const Subject* const subject)
{
  return subject->n_limits > 0;
}

static bool
is_analog(const Subject* const subject)
{
  return has_limits(subject) && strstr(subject->label, ", analog");
}

/// Return the subject number `n` of those that pass, or NULL
static const Subject*
choose(const Roles* const roles, const SubjectFilter passes, int n)
{
  uint32_t             n_subjects = 0;
  const Subject* const subjects   = roles_subjects(roles, &n_subjects);
  for (uint32_t i = 0; i < n_subjects; ++i) {
    if (passes(&subjects[i]) && n-- == 0) {
      return &subjects[i];
    }
  }
  return NULL;
}

static int
count(const SubjectFilter passes)
{
  Roles* const roles = roles_new(ROLES_PATH);
  int          n     = 0;
  while (roles && choose(roles, passes, n)) {
    ++n;
  }
  if (roles) {
    roles_free(roles);
  }
  return n;
}

START_TEST(oscillators_are_as_good_at_other_rates)
{
  static const double rates_hz[] = {44100.0, 88200.0};

  Roles* const         roles = roles_new(ROLES_PATH);
  const Subject* const subject =
    roles_subject(roles, _i ? "Chronus pulse" : "Chronus saw");
  ck_assert_ptr_nonnull(subject);
  check_limits(subject, wave_rate_limits, N_WAVE_RATE_LIMITS, rates_hz[_i]);
  roles_free(roles);
}
END_TEST

START_TEST(figures_are_within_their_limits)
{
  Roles* const roles = roles_new(ROLES_PATH);
  check_subject(choose(roles, has_limits, _i), RATE_HZ);
  roles_free(roles);
}
END_TEST

START_TEST(envelopes_are_exact_at_any_rate)
{
  static const double rates_hz[] = {8000.0, 192000.0};

  Roles* const roles = roles_new(ROLES_PATH);
  check_subject(roles_subject(roles, "Chronus ADSR, curves 1"), rates_hz[_i]);
  roles_free(roles);
}
END_TEST

START_TEST(analog_filters_are_so_at_44_1_khz)
{
  Roles* const roles = roles_new(ROLES_PATH);
  check_subject(choose(roles, is_analog, _i), 44100.0);
  roles_free(roles);
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("quality");
  TCase* const tests = tcase_create("quality");
  tcase_set_timeout(tests, 120.0);
  tcase_add_loop_test(tests, figures_are_within_their_limits, 0, count(has_limits));
  tcase_add_loop_test(tests, oscillators_are_as_good_at_other_rates, 0, 2);
  tcase_add_loop_test(tests, envelopes_are_exact_at_any_rate, 0, 2);
  tcase_add_loop_test(tests, analog_filters_are_so_at_44_1_khz, 0, count(is_analog));
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
