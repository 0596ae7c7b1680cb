// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "signal/sanitize.h"

#include <float.h>
#include <math.h>

#define N_FRAMES 100U ///< A multiple of no vector's length

static void
fill(float* const out, const float value)
{
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    out[i] = value;
  }
}

START_TEST(one_frame_that_differs_is_found_wherever_it_is)
{
  float in[N_FRAMES];
  for (uint32_t n = 1; n <= N_FRAMES; ++n) {
    fill(in, 0.25f);
    ck_assert(sanitize_check(in, n).is_constant);
    for (uint32_t i = 0; n > 1 && i < n; ++i) {
      in[i] = 0.5f;
      ck_assert_msg(!sanitize_check(in, n).is_constant, "frame %u of %u", i, n);
      in[i] = 0.25f;
    }
  }
}
END_TEST

START_TEST(frames_behind_the_end_do_not_count)
{
  float in[N_FRAMES];
  fill(in, NAN);
  in[0] = in[1] = 1.0f;
  ck_assert(sanitize_check(in, 2).is_constant);
  ck_assert(sanitize_check(in, 2).is_clean);
}
END_TEST

START_TEST(still_is_meant_to_the_bit)
{
  static const float pairs[][2] = {
    {0.0f, -0.0f}, {1.0f, 1.0f + FLT_EPSILON}, {0.0f, 1e-45f}, {NAN, 1.0f}};

  for (unsigned p = 0; p < sizeof(pairs) / sizeof(pairs[0]); ++p) {
    float in[N_FRAMES];
    fill(in, pairs[p][0]);
    in[50] = pairs[p][1];
    ck_assert(!sanitize_check(in, N_FRAMES).is_constant);
  }
}
END_TEST

START_TEST(dirt_is_found_wherever_it_is_and_cleaned)
{
  static const struct {
    float dirt;
    float clean;
  } cases[] = {{1e-45f, 0.0f},
               {-1e-45f, 0.0f},
               {1e-40f, 0.0f},
               {-1.1754942e-38f, 0.0f},
               {NAN, 0.0f},
               {-NAN, 0.0f},
               {INFINITY, 0.0f},
               {-INFINITY, 0.0f},
               {FLT_MAX, SANITIZE_LIMIT},
               {-FLT_MAX, -SANITIZE_LIMIT},
               {1000000.0625f, SANITIZE_LIMIT},
               {-1000000.0625f, -SANITIZE_LIMIT}};

  for (unsigned c = 0; c < sizeof(cases) / sizeof(cases[0]); ++c) {
    float in[N_FRAMES];
    float out[N_FRAMES];
    fill(in, 0.25f);
    for (uint32_t i = 0; i < N_FRAMES; ++i) {
      in[i] = cases[c].dirt;
      ck_assert_msg(!sanitize_check(in, N_FRAMES).is_clean, "case %u, frame %u", c, i);

      sanitize_clean(in, out, N_FRAMES);
      ck_assert_float_eq(out[i], cases[c].clean);
      in[i] = out[i] = 0.25f;
      ck_assert_mem_eq(in, out, sizeof(in));
    }
    fill(in, cases[c].dirt);
    ck_assert(sanitize_check(in, N_FRAMES).is_constant);
    ck_assert(!sanitize_check(in, N_FRAMES).is_clean);
  }
}
END_TEST

START_TEST(what_is_clean_stays_as_it_is)
{
  static const float clean[] = {
    0.0f, -0.0f, 1.0f, -1.0f, SANITIZE_LIMIT, -SANITIZE_LIMIT, FLT_MIN, -FLT_MIN};

  for (unsigned c = 0; c < sizeof(clean) / sizeof(clean[0]); ++c) {
    float in[N_FRAMES];
    float out[N_FRAMES];
    fill(in, clean[c]);
    sanitize_clean(in, out, N_FRAMES);
    ck_assert(sanitize_check(in, N_FRAMES).is_clean);
    ck_assert_mem_eq(in, out, sizeof(in));
  }
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("inlet");
  TCase* const tests = tcase_create("inlet");
  tcase_add_test(tests, one_frame_that_differs_is_found_wherever_it_is);
  tcase_add_test(tests, frames_behind_the_end_do_not_count);
  tcase_add_test(tests, still_is_meant_to_the_bit);
  tcase_add_test(tests, dirt_is_found_wherever_it_is_and_cleaned);
  tcase_add_test(tests, what_is_clean_stays_as_it_is);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
