// SPDX-License-Identifier: ISC

#include "test.h"

#include "mix.h"
#include "soft_clip.h"

#include <math.h>
#include <stdint.h>

START_TEST(level_knob_is_in_db_and_ends_in_silence)
{
  ck_assert_double_eq(mix_level_gain(0.0), 1.0);
  ck_assert_double_eq_tol(mix_level_gain(-6.0), 0.501187233627, 1e-12);
  ck_assert_double_eq_tol(mix_level_gain(12.0), 3.98107170553, 1e-10);
  ck_assert_double_eq(mix_level_gain(-60.0), 0.0);
}
END_TEST

START_TEST(cv_counts_as_far_as_its_amount)
{
  const float cv_v[]   = {0.0f, 0.0f, 5.0f, 10.0f};
  const float amount[] = {0.0f, 1.0f, 0.5f, 1.0f};
  float       gain[]   = {2.0f, 2.0f, 2.0f, 2.0f};
  mix_cv_scale(CV_LAW_LINEAR, cv_v, amount, gain, 4);
  ck_assert_float_eq(gain[0], 2.0f);
  ck_assert_float_eq(gain[1], 0.0f);
  ck_assert_float_eq_tol(gain[2], 1.5f, 1e-6f);
  ck_assert_float_eq(gain[3], 2.0f);
}
END_TEST

/// Clip `n_frames` in slices of `n_slice`
static void
clip_all(SoftClip* const    clip,
         const float* const in,
         float* const       out,
         const uint32_t     n_frames,
         const uint32_t     n_slice)
{
  for (uint32_t i = 0; i < n_frames; i += n_slice) {
    const uint32_t left = n_frames - i;
    soft_clip_process(clip, in + i, out + i, left < n_slice ? left : n_slice);
  }
}

START_TEST(clipper_follows_its_curve)
{
  // A standing input has no mean to take: the curve itself must come out
  for (float x = -4.0f; x <= 4.0f; x += 0.125f) {
    SoftClip clip;
    soft_clip_reset(&clip);
    float in[SOFT_CLIP_PAST_FRAMES];
    float out[SOFT_CLIP_PAST_FRAMES];
    for (uint32_t i = 0; i < SOFT_CLIP_PAST_FRAMES; ++i) {
      in[i] = x;
    }
    clip_all(&clip, in, out, SOFT_CLIP_PAST_FRAMES, SOFT_CLIP_MAX_FRAMES);
    const float bound = fminf(fmaxf(x, -1.5f), 1.5f);
    ck_assert_float_eq_tol(out[SOFT_CLIP_PAST_FRAMES - 1U],
                           bound - 4.0f / 27.0f * bound * bound * bound,
                           2e-5f);
  }
}
END_TEST

START_TEST(clipper_delays_by_its_latency)
{
  // Quiet enough to pass unclipped: a slow sine, seen at the frames of its delay
  enum { n_frames = 512 };
  static const double cycles = 1.0 / 64.0;
  static const double pi     = 3.14159265358979323846;
  float               in[n_frames];
  float               out[n_frames];
  for (int i = 0; i < n_frames; ++i) {
    in[i] = (float)(1e-3 * sin(2.0 * pi * cycles * i));
  }

  SoftClip clip;
  soft_clip_reset(&clip);
  clip_all(&clip, in, out, n_frames, 64);
  for (int i = 256; i < n_frames; ++i) {
    const double delayed = 1e-3 * sin(2.0 * pi * cycles * (i - SOFT_CLIP_LATENCY));
    ck_assert_double_eq_tol((double)out[i], delayed, 2e-7);
  }
}
END_TEST

START_TEST(clipper_keeps_peaks_near_full_scale)
{
  // What is left above 1 rings where the input was cut to what can be heard
  SoftClip clip;
  soft_clip_reset(&clip);
  for (int i = 0; i < 10000; ++i) {
    const float in = 1e6f * sinf((float)i * 1.7f) * (float)(i % 7);
    float       out;
    soft_clip_process(&clip, &in, &out, 1);
    ck_assert_float_le(fabsf(out), 1.4f);
  }
}
END_TEST

START_TEST(clipper_wakes_as_if_it_had_never_rested)
{
  enum { n_frames = 1024, wake = 500 };
  float in[n_frames];
  float never[n_frames];
  float rested[n_frames];
  for (int i = 0; i < n_frames; ++i) {
    in[i] = 3.0f * sinf((float)i * 0.37f);
  }

  SoftClip clip;
  soft_clip_reset(&clip);
  clip_all(&clip, in, never, n_frames, 64);
  soft_clip_reset(&clip);
  for (int i = 0; i < wake; i += 50) {
    soft_clip_rest(&clip, in + i, 50);
  }
  clip_all(&clip, in + wake, rested + wake, n_frames - wake, 64);
  for (int i = wake; i < n_frames; ++i) {
    ck_assert_float_eq_tol(rested[i], never[i], 1e-5f);
  }
}
END_TEST

START_TEST(clipper_does_not_depend_on_slices)
{
  enum { n_frames = 512 };
  float in[n_frames];
  float whole[n_frames];
  float sliced[n_frames];
  for (int i = 0; i < n_frames; ++i) {
    in[i] = 3.0f * sinf((float)i * 1.37f);
  }

  SoftClip clip;
  soft_clip_reset(&clip);
  clip_all(&clip, in, whole, n_frames, 64);
  for (uint32_t n_slice = 1; n_slice < 64; n_slice += 5) {
    soft_clip_reset(&clip);
    clip_all(&clip, in, sliced, n_frames, n_slice);
    ck_assert_mem_eq(sliced, whole, sizeof(whole));
  }
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("mix");
  TCase* const tests = tcase_create("mix");
  tcase_add_test(tests, level_knob_is_in_db_and_ends_in_silence);
  tcase_add_test(tests, cv_counts_as_far_as_its_amount);
  tcase_add_test(tests, clipper_follows_its_curve);
  tcase_add_test(tests, clipper_delays_by_its_latency);
  tcase_add_test(tests, clipper_keeps_peaks_near_full_scale);
  tcase_add_test(tests, clipper_wakes_as_if_it_had_never_rested);
  tcase_add_test(tests, clipper_does_not_depend_on_slices);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
