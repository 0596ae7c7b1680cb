// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "shaper/soft_clip.h"
#include "signal/gain.h"

#include <math.h>
#include <stdint.h>

START_TEST(level_knob_is_in_db_and_ends_in_silence)
{
  ck_assert_double_eq(gain_of_level(0.0), 1.0);
  ck_assert_double_eq_tol(gain_of_level(-6.0), 0.501187233627, 1e-12);
  ck_assert_double_eq_tol(gain_of_level(12.0), 3.98107170553, 1e-10);
  ck_assert_double_eq(gain_of_level(-60.0), 0.0);
}
END_TEST

START_TEST(cv_counts_as_far_as_its_amount)
{
  const float cv_v[]   = {0.0f, 0.0f, 5.0f, 10.0f};
  const float amount[] = {0.0f, 1.0f, 0.5f, 1.0f};
  float       gain[]   = {2.0f, 2.0f, 2.0f, 2.0f};
  gain_cv_scale(CV_LAW_LINEAR, cv_v, amount, gain, gain, 4);
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
  // Of a standing input, only the curve itself comes out
  for (float x = -4.0f; x <= 4.0f; x += 0.125f) {
    SoftClip clip;
    soft_clip_reset(&clip);
    float in[SOFT_CLIP_SETTLE_FRAMES];
    float out[SOFT_CLIP_SETTLE_FRAMES];
    for (uint32_t i = 0; i < SOFT_CLIP_SETTLE_FRAMES; ++i) {
      in[i] = x;
    }
    clip_all(&clip, in, out, SOFT_CLIP_SETTLE_FRAMES, SOFT_CLIP_SETTLE_FRAMES);
    const double u = fmin(fmax((double)x / SOFT_CLIP_KNEE, -1.0), 1.0);
    const double clipped =
      (35.0 * u - 35.0 * pow(u, 3) + 21.0 * pow(u, 5) - 5.0 * pow(u, 7)) / 16.0;
    ck_assert_double_eq_tol((double)out[SOFT_CLIP_SETTLE_FRAMES - 1U], clipped, 2e-5);
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
  // Overshoot above 1 rings where the input was cut to what can be heard
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

enum { N_SWITCHED = 4096, ON_FRAME = 500, OFF_FRAME = 2500 };

/// Switch a clipper on and off again, in slices of `n_slice`
static void
switch_clipper(float* const signal, const uint32_t n_slice)
{
  SoftClip clip;
  Knob     share;
  knob_init(&share, 48000.0, 0.001);
  soft_clip_reset(&clip);
  for (uint32_t i = 0; i < N_SWITCHED; i += n_slice) {
    knob_set(&share, i >= ON_FRAME && i < OFF_FRAME ? 1.0 : 0.0);
    soft_clip_blend(&clip, &share, signal + i, n_slice);
  }
}

static void
fill_loud(float* const out)
{
  for (int i = 0; i < N_SWITCHED; ++i) {
    out[i] = 3.0f * sinf((float)i * 0.37f);
  }
}

START_TEST(clipper_fades_as_if_it_had_always_run)
{
  static float in[N_SWITCHED];
  static float clipped[N_SWITCHED];
  static float switched[N_SWITCHED];
  fill_loud(in);
  fill_loud(switched);
  switch_clipper(switched, 4);

  SoftClip clip;
  Smoother glide;
  soft_clip_reset(&clip);
  clip_all(&clip, in, clipped, N_SWITCHED, 64);
  smooth_init(&glide, 48000.0, 0.001);
  for (int i = 0; i < N_SWITCHED; ++i) {
    const bool on = i >= ON_FRAME + (int)SOFT_CLIP_SETTLE_FRAMES && i < OFF_FRAME;
    float      share;
    smooth_process(&glide, on, &share, 1);
    ck_assert_float_eq(switched[i], in[i] + share * (clipped[i] - in[i]));
  }
}
END_TEST

START_TEST(clipper_starts_at_once_after_a_reset)
{
  static float in[N_SWITCHED];
  static float clipped[N_SWITCHED];
  static float blended[N_SWITCHED];
  fill_loud(in);
  fill_loud(blended);

  SoftClip clip;
  Knob     share;
  knob_init(&share, 48000.0, 0.001);
  knob_set(&share, 1.0);
  soft_clip_reset(&clip);
  clip_all(&clip, in, clipped, N_SWITCHED, 64);
  soft_clip_reset(&clip);
  for (int i = 0; i < N_SWITCHED; i += 64) {
    soft_clip_blend(&clip, &share, blended + i, 64);
  }
  for (int i = 0; i < N_SWITCHED; ++i) {
    ck_assert_float_eq_tol(blended[i], clipped[i], 1e-6f);
  }
}
END_TEST

START_TEST(clippers_switch_does_not_depend_on_slices)
{
  static const uint32_t slices[] = {1, 2, 4, 20, 50, 100, 250};
  static float          whole[N_SWITCHED + 250];
  static float          sliced[N_SWITCHED + 250];

  fill_loud(whole);
  switch_clipper(whole, 4);
  for (unsigned s = 0; s < sizeof(slices) / sizeof(slices[0]); ++s) {
    fill_loud(sliced);
    switch_clipper(sliced, slices[s]);
    ck_assert_mem_eq(sliced, whole, N_SWITCHED * sizeof(float));
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
  tcase_add_test(tests, clipper_fades_as_if_it_had_always_run);
  tcase_add_test(tests, clipper_starts_at_once_after_a_reset);
  tcase_add_test(tests, clippers_switch_does_not_depend_on_slices);
  tcase_add_test(tests, clipper_does_not_depend_on_slices);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
