// SPDX-License-Identifier: ISC
// The LFO as hosts see it: how it follows their transport, and what its choices are

#include "support/fixture.h"
#include "support/test.h"

#include "host/position.h"
#include "timing/clock_sync.h"
#include "timing/tempo_sync.h"

#include <lv2/atom/atom.h>
#include <lv2/time/time.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#define SAMPLE_RATE 48000.0
#define MAX_FRAMES 48000U
#define TEMPO 120.0 ///< Beats a minute: 24000 frames each

static Fixture fixture;
static float   out[MAX_FRAMES];
static float   other[MAX_FRAMES];

/// A saw of a quarter of the host's, from 0 V to 10 V: 10 V are one beat
static void
setup(void)
{
  fixture_open(&fixture, CHRONUS_URI "lfo", SAMPLE_RATE);
  *fixture_knob(&fixture, "waveform") = 2.0f;
  *fixture_knob(&fixture, "unipolar") = 1.0f;
  *fixture_knob(&fixture, "speed")    = 2.0f;
}

static void
teardown(void)
{
  fixture_close(&fixture);
}

/// Run `n_frames` to `to`, after which there are no events
static void
run(float* const to, const uint32_t n_frames)
{
  uint32_t n = 0;
  for (uint32_t at = 0; at < n_frames; at += n) {
    n = n_frames - at < FIXTURE_FRAMES ? n_frames - at : FIXTURE_FRAMES;
    fixture_run(&fixture, n);
    memcpy(to + at, fixture_signal(&fixture, "out"), n * sizeof(float));
    fixture_clear_events(&fixture);
  }
}

/// Return what the saw is at a beat
static double
saw_v(const double beats)
{
  return 10.0 * (beats - floor(beats));
}

static const Position middle = {1.0, 0, 3, 1.25f, 4, 4.0f, (float)TEMPO};

/// Check that `signal` is at `beats` in frame `start`, and goes on from there
static void
check_beats(const float* const signal,
            const uint32_t     start,
            const uint32_t     end,
            const double       beats)
{
  for (uint32_t i = start; i < end; ++i) {
    const double expected_v = saw_v(beats + (i - start) * TEMPO / 60.0 / SAMPLE_RATE);
    ck_assert_double_eq_tol((double)signal[i], expected_v, 2e-6);
  }
}

// ---- Positions

START_TEST(position_acts_in_its_frame)
{
  static const int64_t frames[] = {0, 1, 255, 256, 257, 4000};
  for (size_t f = 0; f < 6; ++f) {
    for (int is_blank = 0; is_blank < 2; ++is_blank) {
      lilv_instance_activate(fixture.instance);
      position_append(
        &middle, fixture.host, frames[f], is_blank, fixture_sequence(&fixture));
      run(out, 5000);
      check_beats(out, (uint32_t)frames[f], 5000, 1.25);
      if (frames[f] > 0) {
        // Before, at the frequency of the knob, 1 Hz
        const double last_v = saw_v((double)(frames[f] - 1) / SAMPLE_RATE);
        ck_assert_double_eq_tol((double)out[frames[f] - 1], last_v, 2e-6);
      }
    }
  }
}
END_TEST

START_TEST(host_may_tell_in_every_block_or_only_once)
{
  const Position start = position_at(0, TEMPO, SAMPLE_RATE);
  position_append(&start, fixture.host, 0, false, fixture_sequence(&fixture));
  run(out, MAX_FRAMES);
  check_beats(out, 0, MAX_FRAMES, 0.0);

  lilv_instance_activate(fixture.instance);
  uint32_t n = 0;
  for (uint32_t at = 0; at < MAX_FRAMES; at += n) {
    n = 1U + at * 7919U % 300U;
    n = n < MAX_FRAMES - at ? n : MAX_FRAMES - at;

    const Position now = position_at(at, TEMPO, SAMPLE_RATE);
    position_append(&now, fixture.host, 0, true, fixture_sequence(&fixture));
    run(other + at, n);
  }
  for (uint32_t i = 0; i < MAX_FRAMES; ++i) {
    ck_assert_float_eq_tol(other[i], out[i], 1e-5f);
  }
}
END_TEST

START_TEST(host_without_a_transport_is_no_trouble)
{
  run(out, MAX_FRAMES);
  for (uint32_t i = 0; i < MAX_FRAMES; ++i) {
    ck_assert_double_eq_tol((double)out[i], saw_v(i / SAMPLE_RATE), 2e-6);
  }
}
END_TEST

START_TEST(last_of_several_positions_counts)
{
  const Position start = position_at(0, TEMPO, SAMPLE_RATE);
  position_append(&start, fixture.host, 100, false, fixture_sequence(&fixture));
  position_append(&middle, fixture.host, 100, false, fixture_sequence(&fixture));
  run(out, 5000);
  check_beats(out, 100, 5000, 1.25);
}
END_TEST

// ---- Forms of an object

/// A property as it stands in an object; `size` is the size that it claims
typedef struct {
  const char* key;
  const char* type;
  const void* bytes;
  uint32_t    n_bytes;
  uint32_t    size;
} Property;

/// Append an object with properties, and `lacks` bytes missing at its end
static void
append_object(const char* const     otype,
              const Property* const properties,
              const size_t          n_properties,
              const uint32_t        lacks)
{
  const LV2_Atom_Object_Body object = {0, host_map(fixture.host, otype)};

  uint8_t bytes[8 + 6 * (16 + 16)] = {0}; // Up to six properties of up to 16 bytes
  memcpy(bytes, &object, sizeof(object));
  uint32_t n_bytes = sizeof(object);
  for (size_t p = 0; p < n_properties; ++p) {
    const Property* const        property = &properties[p];
    const LV2_Atom_Property_Body head     = {
          host_map(fixture.host, property->key),
          0,
          {property->size, host_map(fixture.host, property->type)}};
    memcpy(bytes + n_bytes, &head, sizeof(head));
    memcpy(bytes + n_bytes + sizeof(head), property->bytes, property->n_bytes);
    n_bytes += (uint32_t)sizeof(head) + ((property->n_bytes + 7U) & ~7U);
  }
  fixture_add_event(&fixture, 0, LV2_ATOM__Object, bytes, n_bytes, n_bytes - lacks);
}

static const int32_t one_int    = 1;
static const int64_t one_long   = 1;
static const float   one_float  = 1.0f;
static const double  one_double = 1.0;
static const int32_t tempo      = (int32_t)TEMPO;

START_TEST(numbers_may_be_of_any_type)
{
  const struct {
    const char* type;
    const void* bytes;
    uint32_t    size;
  } ones[] = {{LV2_ATOM__Int, &one_int, 4},
              {LV2_ATOM__Long, &one_long, 8},
              {LV2_ATOM__Float, &one_float, 4},
              {LV2_ATOM__Double, &one_double, 8}};

  for (size_t t = 0; t < 4; ++t) {
    const uint32_t size         = ones[t].size;
    const Property properties[] = {
      {LV2_TIME__speed, ones[t].type, ones[t].bytes, size, size},
      {LV2_TIME__bar, ones[t].type, ones[t].bytes, size, size},
      {LV2_TIME__barBeat, ones[t].type, ones[t].bytes, size, size},
      {LV2_TIME__beat, ones[t].type, ones[t].bytes, size, size},
      {LV2_TIME__beatsPerMinute, LV2_ATOM__Int, &tempo, 4, 4}};
    lilv_instance_activate(fixture.instance);
    append_object(LV2_TIME__Position, properties, 5, 0);
    run(out, 5000);
    check_beats(out, 0, 5000, 1.0);
  }
}
END_TEST

START_TEST(objects_of_another_type_are_passed_over)
{
  const Property properties[] = {
    {LV2_TIME__beatsPerMinute, LV2_ATOM__Int, &tempo, 4, 4}};
  append_object(LV2_TIME__Rate, properties, 1, 0);
  run(out, 5000);
  ck_assert_double_eq_tol((double)out[4999], saw_v(4999 / SAMPLE_RATE), 2e-6);
}
END_TEST

START_TEST(position_without_a_place_sets_the_tempo)
{
  const Property properties[] = {
    {LV2_TIME__beatsPerMinute, LV2_ATOM__Int, &tempo, 4, 4}};
  run(out, 100);
  append_object(LV2_TIME__Position, properties, 1, 0);
  run(out, 5000);
  check_beats(out, 0, 5000, 100.0 / SAMPLE_RATE);
}
END_TEST

START_TEST(numbers_of_a_wrong_size_are_passed_over)
{
  static const uint32_t sizes[] = {0, 1, 3, 5, 8, 16, 0xffffffffU, 0x7fffffffU, 4096};
  static const uint8_t  bytes[16];
  for (size_t s = 0; s < 9; ++s) {
    const Property properties[] = {
      {LV2_TIME__beatsPerMinute,
       LV2_ATOM__Int,
       bytes,
       sizes[s] < 17 ? sizes[s] : 16,
       sizes[s]},
      {LV2_TIME__beatsPerMinute, LV2_ATOM__Path, bytes, 4, 4}};
    lilv_instance_activate(fixture.instance);
    append_object(LV2_TIME__Position, properties, 2, 0);
    run(out, 1000);
    ck_assert_double_eq_tol((double)out[999], saw_v(999 / SAMPLE_RATE), 2e-6);
  }
}
END_TEST

START_TEST(object_may_be_cut_anywhere)
{
  const Property properties[] = {
    {LV2_TIME__speed, LV2_ATOM__Int, &one_int, 4, 4},
    {LV2_TIME__bar, LV2_ATOM__Long, &one_long, 8, 8},
    {LV2_TIME__barBeat, LV2_ATOM__Float, &one_float, 4, 4},
    {LV2_TIME__beatsPerMinute, LV2_ATOM__Int, &tempo, 4, 4}};
  for (uint32_t lacks = 0; lacks <= 104; ++lacks) {
    lilv_instance_activate(fixture.instance);
    append_object(LV2_TIME__Position, properties, 4, lacks);
    run(out, 1000);
    ck_assert(isfinite(out[999]));
  }
}
END_TEST

START_TEST(numbers_that_are_none_are_passed_over)
{
  static const double numbers[] = {NAN, INFINITY, -INFINITY};
  for (size_t n = 0; n < 3; ++n) {
    const Property properties[] = {
      {LV2_TIME__speed, LV2_ATOM__Double, &numbers[n], 8, 8},
      {LV2_TIME__bar, LV2_ATOM__Double, &numbers[n], 8, 8},
      {LV2_TIME__barBeat, LV2_ATOM__Double, &numbers[n], 8, 8},
      {LV2_TIME__beatUnit, LV2_ATOM__Double, &numbers[n], 8, 8},
      {LV2_TIME__beatsPerBar, LV2_ATOM__Double, &numbers[n], 8, 8},
      {LV2_TIME__beatsPerMinute, LV2_ATOM__Double, &numbers[n], 8, 8}};
    lilv_instance_activate(fixture.instance);
    append_object(LV2_TIME__Position, properties, 6, 0);
    run(out, 1000);
    ck_assert_double_eq_tol((double)out[999], saw_v(999 / SAMPLE_RATE), 2e-6);
  }
}
END_TEST

// ---- Choices

START_TEST(ratios_are_what_their_labels_say)
{
  const HostPort* const port = host_port(fixture.plugin, "ratio");
  ck_assert_uint_eq(port->n_points, N_CLOCK_RATIOS);
  for (uint32_t p = 0; p < port->n_points; ++p) {
    unsigned         above = 0;
    unsigned         below = 1;
    const int        n     = sscanf(port->points[p].label, "%u/%u", &above, &below);
    const ClockRatio ratio = clock_sync_ratio(p);
    ck_assert_int_ge(n, 1);
    ck_assert_uint_eq(ratio.above, above);
    ck_assert_uint_eq(ratio.below, below);
  }
}
END_TEST

START_TEST(notes_are_what_their_labels_say)
{
  // In 3/4, so that a bar is no whole note
  static TempoSync song;
  tempo_sync_init(&song, SAMPLE_RATE);
  tempo_sync_set_transport(&song, &(Transport){NAN, NAN, 4.0, 3.0, NAN, NAN, NAN});

  const HostPort* const port = host_port(fixture.plugin, "note");
  ck_assert_uint_eq(port->n_points, N_SONG_NOTES);
  for (uint32_t p = 0; p < port->n_points; ++p) {
    const char* const label   = port->points[p].label;
    double            above   = 0.0;
    double            below   = 1.0;
    const int         n       = sscanf(label, "%lf/%lf", &above, &below);
    const double      stretch = strstr(label, "Dotted")    ? 3.0 / 2.0
                                : strstr(label, "Triplet") ? 2.0 / 3.0
                                : strstr(label, "Bar")     ? 3.0 / 4.0
                                                           : 1.0;
    ck_assert_int_ge(n, 1);
    ck_assert_double_eq_tol(
      tempo_sync_length(&song, p), stretch * above / below, 1e-12);
  }
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("lfo plugin");
  TCase* const tests = tcase_create("lfo plugin");
  tcase_add_checked_fixture(tests, setup, teardown);
  tcase_add_test(tests, position_acts_in_its_frame);
  tcase_add_test(tests, host_may_tell_in_every_block_or_only_once);
  tcase_add_test(tests, host_without_a_transport_is_no_trouble);
  tcase_add_test(tests, last_of_several_positions_counts);
  tcase_add_test(tests, numbers_may_be_of_any_type);
  tcase_add_test(tests, objects_of_another_type_are_passed_over);
  tcase_add_test(tests, position_without_a_place_sets_the_tempo);
  tcase_add_test(tests, numbers_of_a_wrong_size_are_passed_over);
  tcase_add_test(tests, object_may_be_cut_anywhere);
  tcase_add_test(tests, numbers_that_are_none_are_passed_over);
  tcase_add_test(tests, ratios_are_what_their_labels_say);
  tcase_add_test(tests, notes_are_what_their_labels_say);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
