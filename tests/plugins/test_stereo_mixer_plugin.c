// SPDX-License-Identifier: ISC
// The stereo mixer as hosts see it

#include "support/fixture.h"
#include "support/test.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define RATE_HZ 48000.0

enum { N_CHANNELS = 4, N_FRAMES = 256, N_BLOCKS = 12 };

static Fixture stereo;
static Fixture mono;

/// Return a symbol with the number of a channel
static const char*
numbered(const char* const name, const uint32_t channel)
{
  static char symbol[32];

  (void)snprintf(symbol, sizeof(symbol), "%s_%u", name, channel + 1U);
  return symbol;
}

static void
turn(Fixture* const    fixture,
     const char* const name,
     const uint32_t    channel,
     const float       value)
{
  *fixture_knob(fixture, numbered(name, channel)) = value;
}

/// Put a sine of its own into each channel
static void
fill(Fixture* const fixture)
{
  for (uint32_t c = 0; c < N_CHANNELS; ++c) {
    float* const in   = fixture_signal(fixture, numbered("in", c));
    float* const cv_v = fixture_signal(fixture, numbered("level_cv", c));
    for (uint32_t i = 0; i < N_FRAMES; ++i) {
      in[i]   = sinf((float)i * 0.1f * (float)(c + 1U));
      cv_v[i] = 5.0f + 5.0f * sinf((float)i * 0.01f * (float)(c + 1U));
    }
  }
}

static void
open_stereo(void)
{
  fixture_open(&stereo, CHRONUS_URI "stereo_mixer", RATE_HZ);
  fixture_start(&stereo);
  fill(&stereo);
}

/// Assert that an output is that of channels under gains
static void
check_sum(const char* const symbol, const double gain[N_CHANNELS])
{
  const float* const out = fixture_signal(&stereo, symbol);
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    double sum = 0.0;
    for (uint32_t c = 0; c < N_CHANNELS; ++c) {
      sum += gain[c] * (double)fixture_signal(&stereo, numbered("in", c))[i];
    }
    ck_assert_double_eq_tol((double)out[i], sum, 1e-5);
  }
}

/// Turn the knobs of one block of both mixers
static void
turn_both(const uint32_t block)
{
  Fixture* const fixtures[] = {&stereo, &mono};
  for (uint32_t f = 0; f < 2; ++f) {
    for (uint32_t c = 0; c < N_CHANNELS; ++c) {
      const uint32_t k = block * 7U + c * 3U;
      turn(fixtures[f], "level", c, (float)(k % 11U) * 3.0f - 21.0f);
      turn(fixtures[f], "cv_amount", c, block % 3U ? 0.0f : (float)(k % 5U) * 0.25f);
      turn(fixtures[f], "mute", c, k % 6U == 5U ? 1.0f : 0.0f);
    }
    *fixture_knob(fixtures[f], "level")  = (float)(block % 4U) * -2.0f;
    *fixture_knob(fixtures[f], "cv_law") = (float)(block / 4U % 2U);
    *fixture_knob(fixtures[f], "clip")   = (float)(block / 6U);
  }
}

START_TEST(hard_left_is_the_mixer_to_the_bit)
{
  open_stereo();
  fixture_open(&mono, CHRONUS_URI "mixer", RATE_HZ);
  fixture_start(&mono);
  fill(&mono);
  *fixture_knob(&stereo, "pan_law") = (float)_i;
  for (uint32_t c = 0; c < N_CHANNELS; ++c) {
    turn(&stereo, "pan", c, -1.0f);
  }

  for (uint32_t b = 0; b < N_BLOCKS; ++b) {
    turn_both(b);
    fixture_run(&stereo, N_FRAMES);
    fixture_run(&mono, N_FRAMES);
    ck_assert_mem_eq(fixture_signal(&stereo, "left"),
                     fixture_signal(&mono, "out"),
                     N_FRAMES * sizeof(float));
    for (uint32_t i = 0; i < N_FRAMES; ++i) {
      ck_assert_float_eq(fixture_signal(&stereo, "right")[i], 0.0f);
    }
  }
  fixture_close(&mono);
  fixture_close(&stereo);
}
END_TEST

START_TEST(middle_is_3_db_down_on_both_sides)
{
  static const double gains[] = {M_SQRT1_2, M_SQRT1_2, M_SQRT1_2, M_SQRT1_2};

  open_stereo();
  fixture_run(&stereo, N_FRAMES);
  check_sum("left", gains);
  check_sum("right", gains);
  fixture_close(&stereo);
}
END_TEST

START_TEST(pan_cv_goes_all_the_way_in_5_v)
{
  static const double none[] = {0.0, 0.0, 0.0, 0.0};
  static const double all[]  = {1.0, 1.0, 1.0, 1.0};

  open_stereo();
  for (uint32_t c = 0; c < N_CHANNELS; ++c) {
    fixture_fill(&stereo, numbered("pan_cv", c), 5.0f);
  }
  fixture_run(&stereo, N_FRAMES);
  check_sum("left", none);
  check_sum("right", all);
  fixture_close(&stereo);
}
END_TEST

START_TEST(solo_silences_the_others_and_mute_wins)
{
  static const double left[] = {0.0, 1.0, 0.0, 0.0};
  static const double sent[] = {0.0, 2.0, 0.0, 0.0};

  open_stereo();
  *fixture_knob(&stereo, "send_point") = (float)_i;
  for (uint32_t c = 0; c < N_CHANNELS; ++c) {
    turn(&stereo, "pan", c, -1.0f);
    turn(&stereo, "send", c, 20.0f * log10f(2.0f));
  }
  turn(&stereo, "solo", 1, 1.0f);
  turn(&stereo, "solo", 2, 1.0f);
  turn(&stereo, "mute", 2, 1.0f);
  fixture_run(&stereo, N_FRAMES);
  check_sum("left", left);
  check_sum("send", sent);
  fixture_close(&stereo);
}
END_TEST

START_TEST(sends_branch_off_where_send_point_puts_them)
{
  static const double after[]  = {0.25, 0.0, 0.5, 0.0};
  static const double before[] = {0.5, 0.0, 0.5, 0.5};
  static const float  half_db  = -6.0205999f;

  open_stereo();
  turn(&stereo, "level", 0, half_db);
  turn(&stereo, "level", 3, -60.0f);
  turn(&stereo, "send", 0, half_db);
  turn(&stereo, "send", 2, half_db);
  turn(&stereo, "send", 3, half_db);
  fixture_run(&stereo, N_FRAMES);
  check_sum("send", after);

  *fixture_knob(&stereo, "send_point") = 1.0f;
  for (uint32_t b = 0; b < 40; ++b) { // Until that has glided
    fixture_run(&stereo, N_FRAMES);
  }
  check_sum("send", before);
  fixture_close(&stereo);
}
END_TEST

START_TEST(returns_are_added_to_their_sides)
{
  open_stereo();
  for (uint32_t c = 0; c < N_CHANNELS; ++c) {
    fixture_fill(&stereo, numbered("in", c), 0.0f);
  }
  fixture_fill(&stereo, "return_left", 0.25f);
  fixture_fill(&stereo, "return_right", -0.5f);
  *fixture_knob(&stereo, "return_level") = 6.0205999f;
  fixture_run(&stereo, N_FRAMES);
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    ck_assert_float_eq_tol(fixture_signal(&stereo, "left")[i], 0.5f, 1e-6f);
    ck_assert_float_eq_tol(fixture_signal(&stereo, "right")[i], -1.0f, 1e-6f);
    ck_assert_float_eq(fixture_signal(&stereo, "send")[i], 0.0f);
  }
  fixture_close(&stereo);
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("stereo_mixer_plugin");
  TCase* const tests = tcase_create("stereo_mixer_plugin");
  tcase_set_timeout(tests, 60);
  tcase_add_loop_test(tests, hard_left_is_the_mixer_to_the_bit, 0, 4);
  tcase_add_test(tests, middle_is_3_db_down_on_both_sides);
  tcase_add_test(tests, pan_cv_goes_all_the_way_in_5_v);
  tcase_add_loop_test(tests, solo_silences_the_others_and_mute_wins, 0, 2);
  tcase_add_test(tests, sends_branch_off_where_send_point_puts_them);
  tcase_add_test(tests, returns_are_added_to_their_sides);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
