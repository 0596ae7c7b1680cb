// SPDX-License-Identifier: ISC

#include "test.h"

#include "mix.h"
#include "soft_clip.h"

#include <math.h>

START_TEST(level_knob_is_in_db_and_ends_in_silence)
{
  ck_assert_double_eq(mix_level_gain(0.0), 1.0);
  ck_assert_double_eq_tol(mix_level_gain(-6.0), 0.501187233627, 1e-12);
  ck_assert_double_eq_tol(mix_level_gain(12.0), 3.98107170553, 1e-10);
  ck_assert_double_eq(mix_level_gain(-60.0), 0.0);
}
END_TEST

START_TEST(laws_meet_at_both_ends)
{
  for (int law = CV_LAW_LINEAR; law <= CV_LAW_EXPONENTIAL; ++law) {
    ck_assert_float_eq(mix_cv_gain((CvLaw)law, -3.0f), 0.0f);
    ck_assert_float_eq(mix_cv_gain((CvLaw)law, 0.0f), 0.0f);
    ck_assert_float_eq(mix_cv_gain((CvLaw)law, 10.0f), 1.0f);
    ck_assert_float_eq(mix_cv_gain((CvLaw)law, 12.0f), 1.0f);
  }
}
END_TEST

START_TEST(exponential_law_is_6_db_a_volt)
{
  for (float cv_v = 0.5f; cv_v <= 10.0f; cv_v += 0.1f) {
    const double level_db = 20.0 * log10((double)mix_cv_gain(CV_LAW_EXPONENTIAL, cv_v));
    ck_assert_double_eq_tol(level_db, 6.0 * ((double)cv_v - 10.0), 1e-4);
  }
}
END_TEST

START_TEST(cv_counts_as_far_as_its_amount)
{
  const float cv_v[]   = {0.0f, 0.0f, 5.0f, 10.0f};
  const float amount[] = {0.0f, 1.0f, 0.5f, 1.0f};
  float       gain[]   = {2.0f, 2.0f, 2.0f, 2.0f};
  mix_cv_apply(CV_LAW_LINEAR, cv_v, amount, gain, 4);
  ck_assert_float_eq(gain[0], 2.0f);
  ck_assert_float_eq(gain[1], 0.0f);
  ck_assert_float_eq_tol(gain[2], 1.5f, 1e-6f);
  ck_assert_float_eq(gain[3], 2.0f);
}
END_TEST

START_TEST(clipper_follows_its_curve)
{
  // A standing input has no mean to take: the curve itself must come out
  for (float x = -4.0f; x <= 4.0f; x += 0.125f) {
    SoftClip clip;
    soft_clip_reset(&clip);
    const float in[2] = {x, x};
    float       out[2];
    soft_clip_process(&clip, in, out, 2);
    const float bound = fminf(fmaxf(x, -1.5f), 1.5f);
    ck_assert_float_eq_tol(out[1], bound - 4.0f / 27.0f * bound * bound * bound, 1e-6f);
  }
}
END_TEST

START_TEST(clipper_never_exceeds_full_scale)
{
  SoftClip clip;
  soft_clip_reset(&clip);
  for (int i = 0; i < 10000; ++i) {
    const float in = 1e6f * sinf((float)i * 1.7f) * (float)(i % 7);
    float       out;
    soft_clip_process(&clip, &in, &out, 1);
    ck_assert_float_le(fabsf(out), 1.0f);
  }
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("mix");
  TCase* const tests = tcase_create("mix");
  tcase_add_test(tests, level_knob_is_in_db_and_ends_in_silence);
  tcase_add_test(tests, laws_meet_at_both_ends);
  tcase_add_test(tests, exponential_law_is_6_db_a_volt);
  tcase_add_test(tests, cv_counts_as_far_as_its_amount);
  tcase_add_test(tests, clipper_follows_its_curve);
  tcase_add_test(tests, clipper_never_exceeds_full_scale);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
