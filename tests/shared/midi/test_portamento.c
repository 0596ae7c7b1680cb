// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "midi/portamento.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define N_FRAMES 200U

static Portamento pitch;
static float      out[N_FRAMES];

static void
setup(void)
{
  portamento_reset(&pitch);
  memset(out, 0, sizeof(out));
}

static void
process(const uint32_t n_frames)
{
  memset(out, 0, sizeof(out));
  portamento_add(&pitch, 0.0, out, n_frames);
}

START_TEST(line_leaves_and_lands_on_the_frame)
{
  portamento_jump(&pitch, 1.0);
  portamento_set_time(&pitch, 100);
  portamento_glide(&pitch, -2.0);
  process(N_FRAMES);
  ck_assert_float_eq(out[0], 1.0f);
  for (uint32_t i = 0; i < 100; ++i) {
    ck_assert_float_eq_tol(out[i], 1.0f - 0.03f * (float)i, 1e-6f);
    ck_assert_float_gt(out[i], -2.0f);
  }
  for (uint32_t i = 100; i < N_FRAMES; ++i) {
    ck_assert_float_eq(out[i], -2.0f);
  }
}
END_TEST

START_TEST(no_time_is_a_jump)
{
  portamento_glide(&pitch, 3.0);
  process(1);
  ck_assert_float_eq(out[0], 3.0f);
}
END_TEST

START_TEST(jump_ends_a_line)
{
  portamento_set_time(&pitch, 100);
  portamento_glide(&pitch, 1.0);
  process(10);
  portamento_jump(&pitch, 0.5);
  process(10);
  ck_assert_float_eq(out[0], 0.5f);
  ck_assert_float_eq(out[9], 0.5f);
}
END_TEST

START_TEST(line_starts_where_another_was)
{
  portamento_set_time(&pitch, 100);
  portamento_glide(&pitch, 1.0);
  process(50);
  portamento_glide(&pitch, 0.0);
  process(N_FRAMES);
  ck_assert_float_eq(out[0], 0.5f);
  ck_assert_float_eq_tol(out[50], 0.25f, 1e-7f);
  ck_assert_float_gt(out[99], 0.0f);
  ck_assert_float_eq(out[100], 0.0f);
}
END_TEST

START_TEST(turning_the_knob_scales_what_is_left)
{
  portamento_set_time(&pitch, 100);
  portamento_glide(&pitch, 1.0);
  process(75);
  portamento_set_time(&pitch, 200);
  process(N_FRAMES);
  ck_assert_float_eq(out[0], 0.75f);
  ck_assert_float_eq_tol(out[25], 0.875f, 1e-7f);
  ck_assert_float_lt(out[49], 1.0f);
  ck_assert_float_eq(out[50], 1.0f);
}
END_TEST

START_TEST(turning_the_knob_to_nothing_lands)
{
  portamento_set_time(&pitch, 100);
  portamento_glide(&pitch, 1.0);
  process(75);
  portamento_set_time(&pitch, 0);
  process(1);
  ck_assert_float_eq(out[0], 1.0f);
}
END_TEST

START_TEST(pitch_is_added_above_its_origin)
{
  portamento_jump(&pitch, 1.0);
  out[0] = 0.25f;
  portamento_add(&pitch, -5.0, out, 2);
  ck_assert_float_eq(out[0], 6.25f);
  ck_assert_float_eq(out[1], 6.0f);
}
END_TEST

START_TEST(slices_do_not_matter)
{
  float whole[N_FRAMES] = {0.0f};
  portamento_jump(&pitch, 0.1);
  portamento_set_time(&pitch, 137);
  portamento_glide(&pitch, 4.7);
  Portamento again = pitch;
  portamento_add(&pitch, 0.0, whole, N_FRAMES);
  for (uint32_t i = 0; i < N_FRAMES; i += 1U + i % 4U) {
    const uint32_t n = 1U + i % 4U;
    portamento_add(&again, 0.0, out + i, i + n > N_FRAMES ? N_FRAMES - i : n);
  }
  ck_assert_mem_eq(whole, out, sizeof(whole));
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("portamento");
  TCase* const tests = tcase_create("portamento");
  tcase_add_checked_fixture(tests, setup, NULL);
  tcase_add_test(tests, line_leaves_and_lands_on_the_frame);
  tcase_add_test(tests, no_time_is_a_jump);
  tcase_add_test(tests, jump_ends_a_line);
  tcase_add_test(tests, line_starts_where_another_was);
  tcase_add_test(tests, turning_the_knob_scales_what_is_left);
  tcase_add_test(tests, turning_the_knob_to_nothing_lands);
  tcase_add_test(tests, pitch_is_added_above_its_origin);
  tcase_add_test(tests, slices_do_not_matter);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
