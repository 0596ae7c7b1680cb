// SPDX-License-Identifier: ISC
// The instruments of measure on filters and tables with known properties

#include "support/test.h"

#include "bench/cases.h"
#include "bench/derived.h"
#include "bench/load.h"
#include "host/host.h"
#include "measure/figures.h"
#include "measure/highlights.h"
#include "measure/probe.h"
#include "measure/prototype.h"
#include "measure/roles.h"
#include "measure/waves.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PI 3.14159265358979323846264338327950288L

// ---- The cookbook

typedef struct {
  long double b[3];
  long double a[3];
} Biquad;

/// Return the cookbook's coefficients, in its own words
static Biquad
cookbook(const Prototype* const prototype, const double sample_rate)
{
  const long double A  = sqrtl(prototype->gain);
  const long double w0 = 2.0L * PI * prototype->cutoff_hz / sample_rate;
  const long double c  = cosl(w0);
  const long double al = sinl(w0) / (2.0L * prototype->q);
  const long double sq = 2.0L * sqrtl(A) * al;

  switch (prototype->shape) {
  case SHAPE_LOW_PASS:
    return (Biquad){{(1 - c) / 2, 1 - c, (1 - c) / 2}, {1 + al, -2 * c, 1 - al}};
  case SHAPE_HIGH_PASS:
    return (Biquad){{(1 + c) / 2, -1 - c, (1 + c) / 2}, {1 + al, -2 * c, 1 - al}};
  case SHAPE_BAND_PASS:
    return (Biquad){{al, 0, -al}, {1 + al, -2 * c, 1 - al}};
  case SHAPE_NOTCH:
    return (Biquad){{1, -2 * c, 1}, {1 + al, -2 * c, 1 - al}};
  case SHAPE_ALL_PASS:
    return (Biquad){{1 - al, -2 * c, 1 + al}, {1 + al, -2 * c, 1 - al}};
  case SHAPE_PEAK:
    return (Biquad){{1 + al * A, -2 * c, 1 - al * A}, {1 + al / A, -2 * c, 1 - al / A}};
  case SHAPE_LOW_SHELF:
    return (Biquad){{A * ((A + 1) - (A - 1) * c + sq),
                     2 * A * ((A - 1) - (A + 1) * c),
                     A * ((A + 1) - (A - 1) * c - sq)},
                    {(A + 1) + (A - 1) * c + sq,
                     -2 * ((A - 1) + (A + 1) * c),
                     (A + 1) + (A - 1) * c - sq}};
  default:
    return (Biquad){{A * ((A + 1) + (A - 1) * c + sq),
                     -2 * A * ((A - 1) + (A + 1) * c),
                     A * ((A + 1) + (A - 1) * c - sq)},
                    {(A + 1) - (A - 1) * c + sq,
                     2 * ((A - 1) - (A + 1) * c),
                     (A + 1) - (A - 1) * c - sq}};
  }
}

/// Return the impulse response, worked out in long double; to be freed
static double*
impulse_response(const Biquad* const biquad, const uint32_t n_frames)
{
  double* const out  = (double*)calloc(n_frames, sizeof(double));
  long double   z[2] = {0.0L, 0.0L};
  for (uint32_t i = 0; i < n_frames; ++i) {
    const long double x = i == 0 ? 1.0L / biquad->a[0] : 0.0L;
    const long double y = biquad->b[0] * x + z[0];

    z[0]   = biquad->b[1] * x - biquad->a[1] / biquad->a[0] * y + z[1];
    z[1]   = biquad->b[2] * x - biquad->a[2] / biquad->a[0] * y;
    out[i] = (double)y;
  }
  return out;
}

static double
cookbook_error_db(const Prototype* const wanted,
                  const Prototype* const made,
                  const Response         response,
                  const double           sample_rate)
{
  const Biquad   biquad   = cookbook(made, sample_rate);
  const uint32_t n_frames = prototype_frames(wanted, sample_rate);
  double* const  out      = impulse_response(&biquad, n_frames);
  const double error = prototype_error_db(wanted, response, out, n_frames, sample_rate);

  free(out);
  return error;
}

// ---- Prototypes

START_TEST(cookbook_reads_as_the_cookbook)
{
  static const double cutoffs_hz[] = {50.0, 1000.0, 10000.0, 23000.0};
  static const double qs[]         = {0.1, 0.70710678, 50.0};

  for (int c = 0; c < 4; ++c) {
    for (int q = 0; q < 3; ++q) {
      const Prototype prototype = {(Shape)_i, cutoffs_hz[c], qs[q], 4.0};
      ck_assert_double_lt(
        cookbook_error_db(&prototype, &prototype, RESPONSE_RBJ, 48000.0), 0.001);
    }
  }
}
END_TEST

START_TEST(cookbook_reads_as_analog_far_below_half_the_rate)
{
  // The warp at 20 kHz, (pi f / fs)^2 / 3, is 0.2 % of the frequency or 0.04 dB
  const Prototype prototype = {(Shape)_i, 1000.0, 0.9, 0.25};
  ck_assert_double_lt(
    cookbook_error_db(&prototype, &prototype, RESPONSE_ANALOG, 768000.0), 0.05);
}
END_TEST

START_TEST(small_mistakes_are_seen)
{
  const Prototype wanted = {SHAPE_LOW_PASS, 1000.0, 2.0, 1.0};
  const Prototype higher = {SHAPE_LOW_PASS, 1000.5, 2.0, 1.0};
  ck_assert_double_gt(cookbook_error_db(&wanted, &higher, RESPONSE_RBJ, 48000.0),
                      0.005);

  // All passes differ in phase alone
  const Prototype turned  = {SHAPE_ALL_PASS, 1000.0, 2.0, 1.0};
  const Prototype sharper = {SHAPE_ALL_PASS, 1000.0, 2.01, 1.0};
  ck_assert_double_gt(cookbook_error_db(&turned, &sharper, RESPONSE_RBJ, 48000.0),
                      0.01);
}
END_TEST

START_TEST(bilinear_warp_is_seen)
{
  // dsp.md's table: 18.2 dB at 20 kHz for a low pass of 1 kHz
  const Prototype prototype = {SHAPE_LOW_PASS, 1000.0, 0.70710678, 1.0};
  ck_assert_double_gt(
    cookbook_error_db(&prototype, &prototype, RESPONSE_ANALOG, 48000.0), 15.0);
}
END_TEST

START_TEST(prototypes_have_their_known_points)
{
  const Prototype low  = {SHAPE_LOW_PASS, 1.0, 0.70710678118654752, 1.0};
  const Prototype bell = {SHAPE_PEAK, 1.0, 3.0, 4.0};
  const Prototype base = {SHAPE_LOW_SHELF, 1.0, 0.7, 4.0};
  ck_assert_double_eq_tol(prototype_magnitude(&low, 1.0), sqrt(0.5), 1e-12);
  ck_assert_double_eq_tol(prototype_magnitude(&low, 1000.0), 1e-6, 1e-12);
  ck_assert_double_eq_tol(prototype_magnitude(&bell, 1.0), 4.0, 1e-12);
  ck_assert_double_eq_tol(prototype_magnitude(&bell, 1e-9), 1.0, 1e-12);
  ck_assert_double_eq_tol(prototype_magnitude(&base, 1e-9), 4.0, 1e-8);
  ck_assert_double_eq_tol(prototype_magnitude(&base, 1e9), 1.0, 1e-8);
}
END_TEST

// ---- Roles

START_TEST(laws_are_inverted)
{
  for (int law = LAW_PLAIN; law < N_LAWS; ++law) {
    const Role role = {"x", (RoleLaw)law, 261.6, 2.5, -1.0};
    for (double quantity = 0.1; quantity < 100.0; quantity *= 1.3) {
      const double port = role_port_value(&role, quantity);
      ck_assert_double_eq_tol(role_quantity(&role, port) / quantity, 1.0, 1e-12);
    }
  }
}
END_TEST

START_TEST(laws_are_what_they_say)
{
  const Role octave  = {"x", LAW_OCTAVES, 440.0, 1.0, 0.0};
  const Role decibel = {"x", LAW_DECIBELS, 1.0, 1.0, 0.0};
  const Role width   = {"x", LAW_BANDWIDTH, 1.0, 1.0, 0.0};
  ck_assert_double_eq_tol(role_port_value(&octave, 880.0), 1.0, 1e-12);
  ck_assert_double_eq_tol(role_port_value(&decibel, 10.0), 20.0, 1e-12);
  ck_assert_double_eq_tol(role_port_value(&width, sqrt(2.0)), 1.0, 1e-12);
}
END_TEST

START_TEST(table_of_roles_is_sound)
{
  Roles* const roles = roles_new(SOURCE_DIR "/tools/measure/roles.ttl");
  ck_assert_ptr_nonnull(roles);
  const Subject* const saw = roles_subject(roles, "blop sawtooth");
  ck_assert_ptr_nonnull(saw);
  ck_assert_int_eq(saw->kind, OSCILLATOR);
  ck_assert_int_eq(saw->shape, SHAPE_SAW);
  ck_assert_str_eq(saw->role[ROLE_FREQUENCY].symbol, "freq");
  ck_assert_ptr_null(saw->role[ROLE_SYNC_IN].symbol);

  // Values of its like come first, those of a subject itself come last
  const Subject* const clip = roles_subject(roles, "Chronus mixer, soft clip");
  ck_assert_ptr_nonnull(clip);
  ck_assert_str_eq(clip->role[ROLE_GAIN].symbol, "level_1");
  ck_assert_str_eq(clip->settings[clip->n_settings - 1U].symbol, "clip");
  roles_free(roles);
}
END_TEST

START_TEST(roles_of_our_plugins_have_their_ports)
{
  Roles* const         roles      = roles_new(SOURCE_DIR "/tools/measure/roles.ttl");
  Host* const          host       = host_new(TEST_LV2_PATH);
  uint32_t             n_subjects = 0;
  const Subject* const subjects   = roles_subjects(roles, &n_subjects);
  for (uint32_t i = 0; i < n_subjects; ++i) {
    if (!strncmp(subjects[i].uri, CHRONUS_URI, strlen(CHRONUS_URI))) {
      Probe* const probe = probe_new(host, &subjects[i], 48000.0);
      ck_assert_msg(probe, "%s", subjects[i].label);
      probe_free(probe);
    }
  }
  host_free(host);
  roles_free(roles);
}
END_TEST

START_TEST(cases_of_our_plugins_run)
{
  Cases* const      cases   = cases_new(SOURCE_DIR "/tools/bench/cases.ttl");
  Host* const       host    = host_new(TEST_LV2_PATH);
  uint32_t          n_cases = 0;
  const Case* const all     = cases_all(cases, &n_cases);
  for (uint32_t i = 0; i < n_cases; ++i) {
    if (!strncmp(all[i].uri, CHRONUS_URI, strlen(CHRONUS_URI)) &&
        host_plugin(host, all[i].uri)) {
      Load* const load = load_new(host, &all[i], 48000.0, 2);
      ck_assert_msg(load, "%s", all[i].name);
      load_run(load, 64);
      load_free(load);
    }
  }
  host_free(host);
  cases_free(cases);
}
END_TEST

/// Print a note if no row of a table is about a module
static void
note_missing(const HostPlugin* const plugin, const bool is_there, const char* const row)
{
  if (!is_there) {
    printf("note: no %s for <%s>\n", row, plugin->uri);
  }
}

/// Nothing fails: not every module has a quality that a number shows
START_TEST(modules_without_rows_are_named)
{
  Roles* const         roles      = roles_new(SOURCE_DIR "/tools/measure/roles.ttl");
  Cases* const         cases      = cases_new(SOURCE_DIR "/tools/bench/cases.ttl");
  Host* const          host       = host_new(TEST_LV2_PATH);
  uint32_t             n_subjects = 0;
  uint32_t             n_cases    = 0;
  const Subject* const subjects   = roles_subjects(roles, &n_subjects);
  const Case* const    all        = cases_all(cases, &n_cases);

  const HostPlugin* const* plugins = host_plugins(host, CHRONUS_URI);
  ck_assert_ptr_nonnull(*plugins);
  for (; *plugins; ++plugins) {
    bool has_figure = strchr((*plugins)->uri, '-'); // A form is its module's
    bool has_case   = has_figure;
    for (uint32_t i = 0; i < n_subjects; ++i) {
      has_figure = has_figure || !strcmp(subjects[i].uri, (*plugins)->uri);
    }
    for (uint32_t i = 0; i < n_cases; ++i) {
      has_case = has_case || !strcmp(all[i].uri, (*plugins)->uri);
    }
    note_missing(*plugins, has_figure, "figure in tools/measure/roles.ttl");
    note_missing(*plugins, has_case, "case in tools/bench/cases.ttl");
  }
  host_free(host);
  cases_free(cases);
  roles_free(roles);
}
END_TEST

START_TEST(highlights_name_the_best_of_the_others)
{
  static const char expected[] =
    "| figure | Chronus | best other | which |\n"
    "|---|---|---|---|\n"
    "| saw: aliases at any pitch, dB | -120 | -60 | fomp saw_vco |\n"
    "| saw: aliases of hard sync, dB | -110 | | |\n"
    "| mixer: clicks of a turned knob, dB | -70 | exact | eg-amp |\n"
    "| mixer: aliases of the soft clip, dB | -90 | -20 | invada input, soft clip |\n";

  Roles* const   roles   = roles_new(SOURCE_DIR "/tools/measure/roles.ttl");
  Figures* const figures = figures_new();
  figures_add(figures, "Chronus saw", "aliases, dB", "worst", -120.0);
  figures_add(figures, "blop sawtooth", "aliases, dB", "worst", -40.0);
  figures_add(figures, "fomp saw_vco", "aliases, dB", "worst", -60.0);
  figures_add(figures, "fomp rec_vco", "aliases, dB", "worst", -90.0);
  figures_add(figures, "Chronus saw", "hard sync, dB", "sine 962", -110.0);
  figures_add(figures, "fomp saw_vco", "hard sync, dB", "sine 962", 40.0);
  figures_add(figures, "Chronus mixer", "gain, dB", "step", -70.0);
  figures_add(figures, "eg-amp", "gain, dB", "step", -(double)INFINITY);
  figures_add(figures, "Chronus mixer, soft clip", "gain, dB", "aliases", -90.0);
  figures_add(figures, "eg-amp", "gain, dB", "aliases", -150.0);
  figures_add(figures, "invada input, soft clip", "gain, dB", "aliases", -20.0);

  char        text[1024] = {0};
  FILE* const file       = tmpfile();
  highlights_print(figures, roles, file);
  rewind(file);
  ck_assert_uint_gt(fread(text, 1, sizeof(text) - 1U, file), 0);
  ck_assert_str_eq(text, expected);
  fclose(file);
  figures_free(figures);
  roles_free(roles);
}
END_TEST

START_TEST(derived_cases_of_our_plugins_run)
{
  Cases* const      cases   = cases_new(SOURCE_DIR "/tools/bench/cases.ttl");
  Host* const       host    = host_new(TEST_LV2_PATH);
  uint32_t          n_cases = 0;
  const Case* const all     = cases_all(cases, &n_cases);
  for (uint32_t i = 0; i < n_cases; ++i) {
    for (int k = 0; k < N_DERIVED && case_is_ours(&all[i]); ++k) {
      Derived* const derived = derived_new(host, &all[i], (DerivedKind)k);
      ck_assert(k != DERIVED_DENORMAL || derived->of.n_feeds == 0 ||
                case_has_denormals(&derived->of));
      Load* const load = load_new(host, &derived->of, 48000.0, 1);
      ck_assert_msg(load, "%s", derived->name);
      load_run(load, 64);
      load_free(load);
      derived_free(derived);
    }
  }
  host_free(host);
  cases_free(cases);
}
END_TEST

START_TEST(still_ports_of_a_load_are_counted)
{
  Cases* const      cases = cases_new(SOURCE_DIR "/tools/bench/cases.ttl");
  Host* const       host  = host_new(TEST_LV2_PATH);
  const Case* const saw   = cases_find(cases, "saw");
  ck_assert_ptr_nonnull(saw);
  ck_assert_ptr_null(cases_find(cases, "no such case"));

  Case patched       = *saw;
  patched.is_patched = true;
  patched.n_feeds    = 1;
  patched.feeds[0]   = (Feed){"pitch", FEED_SINE, 1.0};

  Load* const bare  = load_new(host, saw, 48000.0, 1);
  Load* const still = load_new(host, &patched, 48000.0, 1);
  ck_assert_uint_eq(load_patched(bare), 0);
  ck_assert_uint_eq(load_patched(still), 4);
  load_free(still);
  load_free(bare);
  host_free(host);
  cases_free(cases);
}
END_TEST

START_TEST(a_load_is_connected_anew)
{
  Cases* const cases = cases_new(SOURCE_DIR "/tools/bench/cases.ttl");
  Host* const  host  = host_new(TEST_LV2_PATH);
  cases_connect_anew(cases);

  Load* const load = load_new(host, cases_find(cases, "saw-pitch"), 48000.0, 2);
  ck_assert_ptr_nonnull(load);
  ck_assert_uint_eq(load_patched(load), 4);
  load_run(load, 16);
  load_free(load);
  host_free(host);
  cases_free(cases);
}
END_TEST

START_TEST(cases_are_compared_with_cases)
{
  Cases* const      cases   = cases_new(SOURCE_DIR "/tools/bench/cases.ttl");
  uint32_t          n_cases = 0;
  const Case* const all     = cases_all(cases, &n_cases);
  ck_assert_uint_gt(n_cases, 20);
  for (uint32_t i = 0; i < n_cases; ++i) {
    bool is_found = !all[i].against;
    for (uint32_t j = 0; j < n_cases; ++j) {
      is_found = is_found || !strcmp(all[j].name, all[i].against);
    }
    ck_assert_msg(is_found, "%s", all[i].name);
  }
  cases_free(cases);
}
END_TEST

// ---- Figures

START_TEST(figures_are_found_again)
{
  Figures* const figures = figures_new();
  figures_add(figures, "a", "group", "x", 1.0);
  figures_add(figures, "a", "group", "y", 2.0);
  figures_add(figures, "b", "group", "x", 3.0);
  ck_assert_double_eq(figures_get(figures, "b", "group", "x"), 3.0);
  ck_assert_double_eq(figures_get(figures, "a", "group", "y"), 2.0);
  ck_assert(isnan(figures_get(figures, "b", "group", "y")));
  figures_free(figures);
}
END_TEST

START_TEST(tables_print_what_is_missing_as_a_dash)
{
  char*          text    = NULL;
  size_t         size    = 0;
  FILE*          file    = open_memstream(&text, &size);
  Figures* const figures = figures_new();
  figures_add(figures, "a", "group, dB", "x", -120.5);
  figures_add(figures, "b", "group, dB", "y", 2.0);
  figures_add(figures, "c", "group, dB", "y", (double)NAN);
  figures_print(figures, file);
  fclose(file);
  ck_assert_ptr_nonnull(strstr(text, "-120.5          -\n"));
  ck_assert_ptr_nonnull(strstr(text, "-          2\n"));
  ck_assert_ptr_null(strstr(text, "\nc"));
  figures_free(figures);
  free(text);
}
END_TEST

// ---- Waves

START_TEST(peaks_and_steps)
{
  const float calm[]   = {0.0f, 0.5f, -0.75f, 0.25f};
  const float broken[] = {0.0f, NAN, 0.0f};
  ck_assert_double_eq(wave_peak(calm, 4), 0.75);
  ck_assert(isinf(wave_peak(broken, 3)));
  ck_assert_double_eq(wave_largest_step(calm, 0, 4), 1.25);
  ck_assert_double_eq(wave_largest_step(calm, 3, 4), 1.0);
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("measure");
  TCase* const tests = tcase_create("measure");
  tcase_set_timeout(tests, 60.0);
  tcase_add_loop_test(
    tests, cookbook_reads_as_the_cookbook, SHAPE_LOW_PASS, SHAPE_OTHER);
  tcase_add_loop_test(tests,
                      cookbook_reads_as_analog_far_below_half_the_rate,
                      SHAPE_LOW_PASS,
                      SHAPE_OTHER);
  tcase_add_test(tests, small_mistakes_are_seen);
  tcase_add_test(tests, bilinear_warp_is_seen);
  tcase_add_test(tests, prototypes_have_their_known_points);
  tcase_add_test(tests, laws_are_inverted);
  tcase_add_test(tests, laws_are_what_they_say);
  tcase_add_test(tests, table_of_roles_is_sound);
  tcase_add_test(tests, roles_of_our_plugins_have_their_ports);
  tcase_add_test(tests, cases_of_our_plugins_run);
  tcase_add_test(tests, highlights_name_the_best_of_the_others);
  tcase_add_test(tests, derived_cases_of_our_plugins_run);
  tcase_add_test(tests, modules_without_rows_are_named);
  tcase_add_test(tests, still_ports_of_a_load_are_counted);
  tcase_add_test(tests, a_load_is_connected_anew);
  tcase_add_test(tests, cases_are_compared_with_cases);
  tcase_add_test(tests, figures_are_found_again);
  tcase_add_test(tests, tables_print_what_is_missing_as_a_dash);
  tcase_add_test(tests, peaks_and_steps);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
