// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "delay/chorus.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define RATE_HZ 48000.0
#define N_FRAMES 48000U
#define PI 3.14159265358979323846

static Chorus chorus;
static float* memory;
static float  in_[2][N_FRAMES];
static float  out_[2][N_FRAMES];
static float  freq_hz_[LINE_CHUNK];
static float  delay_s_[LINE_CHUNK];
static float  depth_s_[LINE_CHUNK];
static float  feedback_[LINE_CHUNK];
static float  weight_[LINE_CHUNK];

static void
setup(void)
{
  memory = (float*)calloc(chorus_memory(RATE_HZ), sizeof(float));
  chorus_init(&chorus, memory, RATE_HZ);
  memset(in_, 0, sizeof(in_));
}

static void
teardown(void)
{
  free(memory);
}

static void
set(const float freq_hz, const float delay_s, const float depth_s, const float feedback)
{
  for (uint32_t i = 0; i < LINE_CHUNK; ++i) {
    freq_hz_[i]  = freq_hz;
    delay_s_[i]  = delay_s;
    depth_s_[i]  = depth_s;
    feedback_[i] = feedback;
    weight_[i]   = 0.5f;
  }
}

/// Run all frames in slices of 1 to `n_most` frames
static void
run(const uint32_t n_voices, const uint32_t n_most)
{
  uint32_t n = 0;
  for (uint32_t i = 0; i < N_FRAMES; i += n) {
    n = (i * 2654435761U >> 7U) % n_most + 1U;
    n = n < N_FRAMES - i ? n : N_FRAMES - i;

    ChorusInputs inputs = {.in       = {in_[0] + i, in_[1] + i},
                           .freq_hz  = {freq_hz_, true},
                           .delay_s  = delay_s_,
                           .depth_s  = depth_s_,
                           .feedback = feedback_};
    inputs.is_silent    = true;
    for (uint32_t k = i; k < i + n; ++k) {
      inputs.is_silent &= in_[0][k] == 0.0f && in_[1][k] == 0.0f;
    }
    for (uint32_t v = 0; v < n_voices; ++v) {
      inputs.weight[v] = weight_;
    }
    float* const out[2] = {out_[0] + i, out_[1] + i};
    chorus_process(&chorus, memory, &inputs, out, n);
  }
}

static void
fill_noise(const uint32_t n_frames, const float level)
{
  uint32_t seed = 1;
  for (uint32_t i = 0; i < n_frames; ++i) {
    for (int s = 0; s < 2; ++s) {
      seed      = seed * 1664525U + 1013904223U;
      in_[s][i] = level * (float)(int32_t)seed * 0x1p-31f;
    }
  }
}

START_TEST(voice_is_exact_while_it_swings)
{
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    in_[0][i] = in_[1][i] = (float)sin(2.0 * PI * 10000.0 / RATE_HZ * i);
  }
  set(5.0f, 0.01f, 0.001f, 0.0f);
  run(1, LINE_CHUNK);
  for (uint32_t s = 0; s < 2; ++s) {
    double error = 0.0;
    double power = 0.0;
    for (uint32_t i = 1000; i < N_FRAMES; ++i) {
      const double swing = sin(2.0 * PI * (5.0 / RATE_HZ * i + 0.25 * s));
      const double delay = RATE_HZ * ((double)0.01f + (double)0.001f * (1.0 + swing));
      const double due   = 0.5 * sin(2.0 * PI * 10000.0 / RATE_HZ * (i - delay));
      error += pow((double)out_[s][i] - due, 2.0);
      power += due * due;
    }
    ck_assert_double_lt(10.0 * log10(error / power), -75.0); // The sine is within 4e-6
  }
}
END_TEST

START_TEST(slices_make_no_difference)
{
  static float whole[2][N_FRAMES];

  fill_noise(20000, 0.5f);
  set(3.0f, 0.0006f, 0.004f, 0.95f);
  run(4, LINE_CHUNK);
  memcpy(whole, out_, sizeof(whole));
  chorus_reset(&chorus);
  run(4, 3);
  ck_assert_mem_eq(out_, whole, sizeof(whole));
}
END_TEST

START_TEST(is_bounded)
{
  fill_noise(N_FRAMES, 1e6f);
  set(100.0f, 0.001f, 0.005f, 0.95f);
  run(4, LINE_CHUNK);
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    ck_assert_float_lt(fabsf(out_[0][i]), CHORUS_BOUND);
  }
}
END_TEST

START_TEST(silence_comes_to_rest)
{
  fill_noise(1000, 0.5f);
  set(3.0f, 0.005f, 0.004f, 0.5f);
  run(4, LINE_CHUNK);
  memset(in_, 0, sizeof(in_));
  run(4, LINE_CHUNK);
  ck_assert_uint_eq(chorus.n_silent, chorus.line[0].n_frames);
  ck_assert_float_eq(out_[0][N_FRAMES - 1], 0.0f);
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("chorus");
  TCase* const tests = tcase_create("chorus");
  tcase_add_checked_fixture(tests, setup, teardown);
  tcase_add_test(tests, voice_is_exact_while_it_swings);
  tcase_add_test(tests, slices_make_no_difference);
  tcase_add_test(tests, is_bounded);
  tcase_add_test(tests, silence_comes_to_rest);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
