// SPDX-License-Identifier: ISC
// The biquad on tracks: how a sidechain moves its frequency

#include "support/fixture.h"
#include "support/test.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

enum { N_FRAMES = 9600, SETTLED = 4800 };

static Fixture fixture;

static void
setup(void)
{
  fixture_open(&fixture, CHRONUS_URI "biquad-track", 48000.0);
}

static void
teardown(void)
{
  fixture_close(&fixture);
}

/// Filter a sawtooth, and return what comes out
static const float*
filter(const float frequency_hz, const float amount_oct, const float sidechain)
{
  fixture_start(&fixture);
  *fixture_knob(&fixture, "q")                    = 3.0f;
  *fixture_knob(&fixture, "frequency")            = frequency_hz;
  *fixture_knob(&fixture, "frequency_mod_amount") = amount_oct;
  fixture_fill(&fixture, "frequency_mod", sidechain);
  float* const in = fixture_signal(&fixture, "in");
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    in[i] = (float)(i % 100U) / 50.0f - 1.0f;
  }
  fixture_run(&fixture, N_FRAMES);
  return fixture_signal(&fixture, "out");
}

/// Check that a filter that a sidechain moves settles to another one
static void
check_same(const float frequency_hz, const float amount_oct, const float sidechain)
{
  static float moved[N_FRAMES];
  memcpy(moved, filter(1000.0f, amount_oct, sidechain), sizeof(moved));
  const float* const expected = filter(frequency_hz, amount_oct, 0.0f);
  for (uint32_t i = SETTLED; i < N_FRAMES; ++i) {
    ck_assert_float_eq_tol(moved[i], expected[i], 1e-5f);
  }
}

START_TEST(sidechain_moves_the_frequency_by_octaves)
{
  check_same(4000.0f, 2.0f, 1.0f);
  check_same(500.0f, 2.0f, -0.5f);
  check_same(250.0f, -4.0f, 0.5f);
  check_same(1000.0f, 0.0f, 1.0f);
}
END_TEST

/// Let the frequency knob glide by an octave while the sidechain stands still
static const float*
glide(const float frequency_hz, const float sidechain)
{
  filter(frequency_hz, 2.0f, sidechain);
  *fixture_knob(&fixture, "frequency") = 1.9f * frequency_hz;
  fixture_run(&fixture, N_FRAMES);
  return fixture_signal(&fixture, "out");
}

START_TEST(sidechain_that_stands_adds_to_a_knob_that_moves)
{
  static float moved[N_FRAMES];
  memcpy(moved, glide(1000.0f, 0.5f), sizeof(moved));
  const float* const expected = glide(2000.0f, 0.0f);
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    ck_assert_float_eq_tol(moved[i], expected[i], 1e-4f);
  }
}
END_TEST

START_TEST(sidechain_may_stay_unpatched)
{
  static float expected[N_FRAMES];
  memcpy(expected, filter(1000.0f, 2.0f, 0.0f), sizeof(expected));
  fixture_unplug(&fixture, "frequency_mod");
  const float* const actual = filter(1000.0f, 2.0f, 0.0f);
  ck_assert(!memcmp(actual, expected, sizeof(expected)));
}
END_TEST

START_TEST(sidechain_is_followed_to_the_frame)
{
  static float before[N_FRAMES];
  memcpy(before, filter(1000.0f, 2.0f, 0.0f), sizeof(before));

  lilv_instance_activate(fixture.instance);
  float* const sidechain = fixture_signal(&fixture, "frequency_mod");
  for (uint32_t i = 777; i < N_FRAMES; ++i) {
    sidechain[i] = 1.0f;
  }
  fixture_run(&fixture, N_FRAMES);
  const float* const after = fixture_signal(&fixture, "out");
  ck_assert(!memcmp(after, before, 777 * sizeof(float)));
  ck_assert_float_gt(fabsf(after[777] - before[777]), 1e-4f);
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("biquad_track");
  TCase* const tests = tcase_create("biquad_track");
  tcase_add_checked_fixture(tests, setup, teardown);
  tcase_add_test(tests, sidechain_moves_the_frequency_by_octaves);
  tcase_add_test(tests, sidechain_that_stands_adds_to_a_knob_that_moves);
  tcase_add_test(tests, sidechain_may_stay_unpatched);
  tcase_add_test(tests, sidechain_is_followed_to_the_frame);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
