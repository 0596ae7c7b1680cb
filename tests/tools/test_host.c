// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "host/host.h"
#include "host/value.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/// On how many steps from end to end knobs are tried
#define N_POSITIONS 1000

static HostPoint shape_points[] = {{"Sine", 0.0f}, {"Triangle", 1.0f}, {"Saw", 4.0f}};

static const HostPort frequency = {.unit           = "Hz",
                                   .is_logarithmic = true,
                                   .minimum        = 20.0f,
                                   .maximum        = 20000.0f,
                                   .default_value  = 440.0f};
static const HostPort level     = {.unit          = "dB",
                                   .minimum       = -60.0f,
                                   .maximum       = 12.0f,
                                   .default_value = 0.0f};
static const HostPort attack    = {.unit           = "s",
                                   .is_logarithmic = true,
                                   .minimum        = 0.0001f,
                                   .maximum        = 60.0f,
                                   .default_value  = 0.01f};
static const HostPort octave    = {.unit          = "oct",
                                   .is_integer    = true,
                                   .minimum       = -6.0f,
                                   .maximum       = 6.0f,
                                   .default_value = 0.0f};
static const HostPort mute      = {.unit       = "",
                                   .is_integer = true,
                                   .is_toggled = true,
                                   .minimum    = 0.0f,
                                   .maximum    = 1.0f};
static const HostPort shape     = {.unit           = "",
                                   .is_integer     = true,
                                   .is_enumeration = true,
                                   .minimum        = 0.0f,
                                   .maximum        = 4.0f,
                                   .points         = shape_points,
                                   .n_points       = 3};

// ---- Positions

START_TEST(linear_knobs_take_equal_steps)
{
  ck_assert_float_eq(value_at_position(&level, 0.25), -42.0f);
  ck_assert_float_eq(value_at_position(&level, 0.5), -24.0f);
  ck_assert_double_eq_tol(value_position(&level, 0.0f), 60.0 / 72.0, 1e-15);
}
END_TEST

START_TEST(logarithmic_knobs_take_equal_ratios)
{
  ck_assert_float_eq(value_at_position(&frequency, 1.0 / 3.0), 200.0f);
  ck_assert_float_eq(value_at_position(&frequency, 2.0 / 3.0), 2000.0f);
  ck_assert_double_eq_tol(value_position(&frequency, 2000.0f), 2.0 / 3.0, 1e-15);
}
END_TEST

START_TEST(both_ends_are_exact_however_far_apart)
{
  const HostPort port = {.unit = "", .minimum = -1e6f, .maximum = 8e-6f};
  ck_assert_float_eq(value_at_position(&port, 0.0), -1e6f);
  ck_assert_float_eq(value_at_position(&port, 1.0), 8e-6f);
}
END_TEST

START_TEST(stepped_knobs_take_the_nearest_step)
{
  ck_assert_float_eq(value_at_position(&octave, 0.5), 0.0f);
  ck_assert_float_eq(value_at_position(&octave, 0.53), 0.0f);
  ck_assert_float_eq(value_at_position(&octave, 0.55), 1.0f);
  ck_assert_float_eq(value_at_position(&mute, 0.49), 0.0f);
  ck_assert_float_eq(value_at_position(&mute, 0.51), 1.0f);
}
END_TEST

START_TEST(choices_are_spread_evenly_whatever_their_values)
{
  ck_assert_float_eq(value_at_position(&shape, 0.2), 0.0f);
  ck_assert_float_eq(value_at_position(&shape, 0.5), 1.0f);
  ck_assert_float_eq(value_at_position(&shape, 0.8), 4.0f);
  ck_assert_double_eq(value_position(&shape, 1.0f), 0.5);
  ck_assert_double_eq(value_position(&shape, 3.6f), 1.0);
}
END_TEST

START_TEST(positions_and_values_beyond_the_ends_are_taken_for_the_ends)
{
  ck_assert_float_eq(value_at_position(&frequency, -1.0), 20.0f);
  ck_assert_float_eq(value_at_position(&frequency, 2.0), 20000.0f);
  ck_assert_float_eq(value_at_position(&frequency, (double)NAN), 440.0f);
  ck_assert_double_eq(value_position(&frequency, 1.0f), 0.0);
  ck_assert_double_eq(value_position(&frequency, INFINITY), 1.0);
  ck_assert_double_eq(value_position(&level, NAN), value_position(&level, 0.0f));
}
END_TEST

START_TEST(a_knob_without_range_goes_from_0_to_1)
{
  const HostPort port = {.unit = "", .minimum = NAN, .maximum = NAN};
  ck_assert_float_eq(value_at_position(&port, 0.25), 0.25f);
  ck_assert_double_eq(value_position(&port, 0.25f), 0.25);
}
END_TEST

// ---- Texts

static void
check_parse(const HostPort* const port, const char* const text, const float expected)
{
  char  reason[VALUE_TEXT_SIZE] = "";
  float value                   = NAN;
  ck_assert_msg(value_parse(port, text, &value, reason), "\"%s\": %s", text, reason);
  ck_assert_msg(value == expected, "\"%s\" is %.9g", text, (double)value);
}

static void
check_refused(const HostPort* const port, const char* const text, const char* const why)
{
  char  reason[VALUE_TEXT_SIZE] = "";
  float value                   = 0.0f;
  ck_assert_msg(!value_parse(port, text, &value, reason), "\"%s\" is taken", text);
  ck_assert_str_eq(reason, why);
}

static void
check_print(const HostPort* const port, const float value, const char* const expected)
{
  char text[VALUE_TEXT_SIZE] = "";
  value_print(port, value, text, sizeof(text));
  ck_assert_str_eq(text, expected);
}

START_TEST(texts_are_read)
{
  check_parse(&frequency, "440", 440.0f);
  check_parse(&frequency, "440 Hz", 440.0f);
  check_parse(&frequency, "  440hz\n", 440.0f);
  check_parse(&frequency, "1.5 kHz", 1500.0f);
  check_parse(&frequency, "1e3", 1000.0f);
  check_parse(&frequency, ".02MHz", 20000.0f);
  check_parse(&frequency, "3000 BPM", 50.0f);
  check_parse(&frequency, "@0", 20.0f);
  check_parse(&frequency, "@1.0", 20000.0f);
  check_parse(&level, "-6 dB", -6.0f);
  check_parse(&level, "+6db", 6.0f);
  check_parse(&attack, "20 ms", 0.02f);
  check_parse(&attack, "100 us", 0.0001f);
  check_parse(&attack, "1 min", 60.0f);
  check_parse(&octave, "24 semi", 2.0f);
  check_parse(&octave, "-1200 cents", -1.0f);
  check_parse(&mute, "on", 1.0f);
  check_parse(&mute, "False", 0.0f);
  check_parse(&mute, "1", 1.0f);
  check_parse(&shape, "saw", 4.0f);
  check_parse(&shape, "4", 4.0f);
  check_parse(&shape, "@0.5", 1.0f);
}
END_TEST

START_TEST(percent_and_plain_ratios_are_converted)
{
  const HostPort percent = {.unit = "%", .minimum = 0.0f, .maximum = 100.0f};
  const HostPort ratio   = {.unit = "", .minimum = -1.0f, .maximum = 1.0f};
  check_parse(&percent, "50 %", 50.0f);
  check_parse(&percent, "50", 50.0f);
  check_parse(&ratio, "50 %", 0.5f);
  check_print(&percent, 12.5f, "12.5 %");
}
END_TEST

START_TEST(refusals_say_why)
{
  check_refused(&frequency, "", "the value is empty");
  check_refused(&frequency, "30 kHz", "30 kHz is outside of 20 Hz to 20 kHz");
  check_refused(&frequency, "20 ms", "20 ms is not in Hz");
  check_refused(&frequency, "20 furlongs", "20 furlongs is not in Hz");
  check_refused(&frequency, "fast", "fast is not a number");
  check_refused(&frequency, "nan", "nan is not a number");
  check_refused(&frequency, "inf", "inf is not a number");
  check_refused(&frequency, "0x100", "0x100 is not a number");
  check_refused(&frequency, "1,5 kHz", "1,5 kHz needs a point for its decimals");
  check_refused(&frequency, "@1.5", "@1.5 is not a position from @0 to @1");
  check_refused(&frequency, "@", "@ is not a position from @0 to @1");
  check_refused(&frequency, "1e99", "1e99 is not a finite number");
  check_refused(&attack, "61", "61 is outside of 0.1 ms to 60 s");
  check_refused(&octave, "1.5", "1.5 is not a whole number");
  check_refused(&mute, "maybe", "maybe is neither on nor off");
  check_refused(&mute, "1 Hz", "1 Hz must be a number without unit");
  check_refused(&shape, "Square", "Square is none of Sine, Triangle, Saw");
  check_refused(&shape, "2", "2 is none of Sine, Triangle, Saw");
}
END_TEST

START_TEST(values_are_checked)
{
  char reason[VALUE_TEXT_SIZE] = "";
  ck_assert(value_check(&attack, 0.0001f, reason));
  ck_assert(value_check(&attack, 60.0f, reason));
  ck_assert(value_check(&shape, 4.0f, reason));
  ck_assert(!value_check(&attack, 61.0f, reason));
  ck_assert_str_eq(reason, "61 s is outside of 0.1 ms to 60 s");
  ck_assert(!value_check(&octave, 0.5f, reason));
  ck_assert_str_eq(reason, "0.5 oct is not a whole number");
  ck_assert(!value_check(&shape, 2.0f, reason));
  ck_assert_str_eq(reason, "2 is none of Sine, Triangle, Saw");
  ck_assert(!value_check(&attack, NAN, reason));
}
END_TEST

START_TEST(texts_are_written_as_people_read_them)
{
  check_print(&frequency, 440.0f, "440 Hz");
  check_print(&frequency, 1500.0f, "1.5 kHz");
  check_print(&level, -6.0f, "-6 dB");
  check_print(&level, -0.0f, "0 dB");
  check_print(&attack, 0.02f, "20 ms");
  check_print(&attack, 0.0001f, "0.1 ms");
  check_print(&attack, 2.5f, "2.5 s");
  check_print(&octave, -1.0f, "-1 oct");
  check_print(&mute, 1.0f, "on");
  check_print(&shape, 4.0f, "Saw");
}
END_TEST

START_TEST(a_locale_with_decimal_commas_changes_nothing)
{
  static const char* const locales[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8"};

  for (size_t i = 0; i < sizeof(locales) / sizeof(locales[0]); ++i) {
    setlocale(LC_ALL, locales[i]);
  }
  check_print(&frequency, 1500.0f, "1.5 kHz");
  check_parse(&frequency, "1.5 kHz", 1500.0f);
  setlocale(LC_ALL, "C");
}
END_TEST

// ---- Every knob of the bundle

static void
check_positions(const HostPlugin* const plugin, const HostPort* const port)
{
  ck_assert_float_eq(value_at_position(port, 0.0), port->minimum);
  ck_assert_float_eq(value_at_position(port, 1.0), port->maximum);
  ck_assert_double_eq(value_position(port, port->minimum), 0.0);
  ck_assert_double_eq(value_position(port, port->maximum), 1.0);

  float last = port->minimum;
  for (int i = 0; i <= N_POSITIONS; ++i) {
    const double position = (double)i / N_POSITIONS;
    const float  value    = value_at_position(port, position);
    const double back     = value_position(port, value);
    ck_assert_msg(value >= last && value <= port->maximum,
                  "%s %s goes back at %g",
                  plugin->uri,
                  port->symbol,
                  position);
    ck_assert_msg(value_at_position(port, back) == value,
                  "%s %s loses %.9g",
                  plugin->uri,
                  port->symbol,
                  (double)value);
    last = value;
  }
}

static void
check_texts(const HostPlugin* const plugin, const HostPort* const port)
{
  for (int i = 0; i <= N_POSITIONS; ++i) {
    const float value = value_at_position(port, (double)i / N_POSITIONS);
    char        text[VALUE_TEXT_SIZE]   = "";
    char        reason[VALUE_TEXT_SIZE] = "";
    float       back                    = NAN;
    value_print(port, value, text, sizeof(text));
    ck_assert_msg(value_parse(port, text, &back, reason) && back == value,
                  "%s %s: %.9g reads as \"%s\": %s",
                  plugin->uri,
                  port->symbol,
                  (double)value,
                  text,
                  reason);
  }
}

typedef void (*KnobCheck)(const HostPlugin* plugin, const HostPort* port);

static void
for_every_knob(const KnobCheck check)
{
  Host* const host    = host_new(TEST_LV2_PATH);
  uint32_t    n_knobs = 0;

  const HostPlugin* const* const plugins = host_plugins(host, CHRONUS_URI);
  for (size_t i = 0; plugins[i]; ++i) {
    for (uint32_t p = 0; p < plugins[i]->n_ports; ++p) {
      const HostPort* const port = &plugins[i]->ports[p];
      if (host_is_knob(port)) {
        check(plugins[i], port);
        ++n_knobs;
      }
    }
  }

  ck_assert_uint_gt(n_knobs, 0);
  host_free(host);
}

START_TEST(every_knob_goes_there_and_back)
{
  for_every_knob(check_positions);
}
END_TEST

START_TEST(every_value_reads_back)
{
  for_every_knob(check_texts);
}
END_TEST

// ---- Plugins

START_TEST(a_plugin_is_known_by_its_turtle)
{
  Host* const             host  = host_new(TEST_LV2_PATH);
  const HostPlugin* const mixer = host_plugin(host, CHRONUS_URI "mixer");
  ck_assert_ptr_nonnull(mixer);
  ck_assert_str_eq(mixer->name, "Chronus Mixer");
  ck_assert_ptr_null(host_plugin(host, CHRONUS_URI "nothing"));
  ck_assert_ptr_null(host_port(mixer, "nothing"));

  const HostPort* const port = host_port(mixer, "level_1");
  ck_assert_ptr_nonnull(port);
  ck_assert_int_eq(port->kind, HOST_CONTROL);
  ck_assert_str_eq(port->unit, "dB");
  ck_assert_float_eq(port->minimum, -60.0f);
  ck_assert_float_eq(port->maximum, 12.0f);
  ck_assert_ptr_eq(port, &mixer->ports[port->index]);
  host_free(host);
}
END_TEST

START_TEST(folders_may_be_named_from_here)
{
  ck_assert_int_eq(chdir(BUILD_DIR), 0);
  Host* const host = host_new("lv2:/usr/lib/lv2:nowhere");
  ck_assert_ptr_nonnull(host_plugin(host, CHRONUS_URI "mixer"));
  host_free(host);

  setenv("LV2_PATH", "lv2:/usr/lib/lv2:nowhere", 1);
  Host* const other = host_new(NULL);
  ck_assert_ptr_nonnull(host_plugin(other, CHRONUS_URI "mixer"));
  host_free(other);
}
END_TEST

START_TEST(units_are_known_without_their_specification)
{
  Host* const             host   = host_new(BUILD_DIR "/lv2");
  const HostPlugin* const biquad = host_plugin(host, CHRONUS_URI "biquad");
  ck_assert_str_eq(host_port(biquad, "frequency")->unit, "Hz");
  ck_assert_str_eq(host_port(biquad, "shift")->unit, "oct");
  ck_assert_str_eq(host_port(biquad, "q")->unit, "");
  ck_assert_str_eq(host_port(biquad, "q_cv")->unit, "V");
  host_free(host);
}
END_TEST

/// Return the value that a preset of the mixer gives a knob
static float
preset_value(Host* const host, const char* const preset, const char* const symbol)
{
  const HostPlugin* const mixer       = host_plugin(host, CHRONUS_URI "mixer");
  float                   values[256] = {0.0f};
  ck_assert_uint_lt(mixer->n_ports, 256);
  ck_assert(host_load_preset(host, mixer, preset, values));
  return values[host_port(mixer, symbol)->index];
}

START_TEST(presets_are_known_by_uri_and_by_label)
{
  Host* const             host        = host_new(TEST_LV2_PATH);
  const HostPlugin* const mixer       = host_plugin(host, CHRONUS_URI "mixer");
  float                   values[256] = {0.0f};
  ck_assert_float_eq(preset_value(host, "VCA", "cv_amount_1"), 1.0f);
  ck_assert_float_eq(preset_value(host, "VCA", "mute_2"), 1.0f);
  ck_assert_float_eq(preset_value(host, CHRONUS_URI "mixer:preset:warm-drive", "level"),
                     9.0f);
  ck_assert(!host_load_preset(host, mixer, "Nothing", values));
  ck_assert(!host_load_preset(host, mixer, CHRONUS_URI "mixer", values));
  host_free(host);
}
END_TEST

START_TEST(numbers_of_uris_last)
{
  Host* const    host  = host_new(TEST_LV2_PATH);
  const uint32_t first = host_map(host, "urn:test:a");
  ck_assert_uint_gt(first, 0);
  ck_assert_uint_ne(host_map(host, "urn:test:b"), first);
  ck_assert_uint_eq(host_map(host, "urn:test:a"), first);
  host_free(host);
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("host");
  TCase* const tests = tcase_create("host");
  tcase_set_timeout(tests, 60);
  tcase_add_test(tests, linear_knobs_take_equal_steps);
  tcase_add_test(tests, logarithmic_knobs_take_equal_ratios);
  tcase_add_test(tests, both_ends_are_exact_however_far_apart);
  tcase_add_test(tests, stepped_knobs_take_the_nearest_step);
  tcase_add_test(tests, choices_are_spread_evenly_whatever_their_values);
  tcase_add_test(tests, positions_and_values_beyond_the_ends_are_taken_for_the_ends);
  tcase_add_test(tests, a_knob_without_range_goes_from_0_to_1);
  tcase_add_test(tests, texts_are_read);
  tcase_add_test(tests, percent_and_plain_ratios_are_converted);
  tcase_add_test(tests, refusals_say_why);
  tcase_add_test(tests, values_are_checked);
  tcase_add_test(tests, texts_are_written_as_people_read_them);
  tcase_add_test(tests, a_locale_with_decimal_commas_changes_nothing);
  tcase_add_test(tests, every_knob_goes_there_and_back);
  tcase_add_test(tests, every_value_reads_back);
  tcase_add_test(tests, a_plugin_is_known_by_its_turtle);
  tcase_add_test(tests, folders_may_be_named_from_here);
  tcase_add_test(tests, units_are_known_without_their_specification);
  tcase_add_test(tests, presets_are_known_by_uri_and_by_label);
  tcase_add_test(tests, numbers_of_uris_last);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
