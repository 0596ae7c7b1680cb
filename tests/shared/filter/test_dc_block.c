// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "filter/dc_block.h"
#include "signal/knob.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define RATE_HZ 48000.0
#define GLIDE_S 0.005
#define TWO_PI 6.283185307179586

enum { N_FRAMES = 96000, N_SLICE = 256 };

/// A DC blocker with its switch
typedef struct {
  DcBlock dc_block;
  Knob    share;
} Block;

static float in[N_FRAMES];
static float out[N_FRAMES];

static void
start(Block* const block, const double sample_rate, const double share)
{
  dc_block_init(&block->dc_block, sample_rate);
  knob_init(&block->share, sample_rate, GLIDE_S);
  knob_set(&block->share, share);
}

/// Return what is left of `n` frames
static const float*
process(Block* const block, const float* const from, float* const to, const uint32_t n)
{
  knob_process(&block->share, n);
  return dc_block_process(&block->dc_block, from, knob_signal(&block->share), to, n);
}

/// Run the input from frame `start` to `end` in slices
static void
run(Block* const   block,
    const uint32_t first,
    const uint32_t end,
    const uint32_t n_slice)
{
  for (uint32_t i = first; i < end; i += n_slice) {
    const uint32_t     n    = end - i < n_slice ? end - i : n_slice;
    const float* const left = process(block, in + i, out + i, n);
    memmove(out + i, left, n * sizeof(float));
  }
}

static void
fill_sine(const double freq_hz, const double sample_rate, const double offset)
{
  for (int i = 0; i < N_FRAMES; ++i) {
    in[i] = (float)(offset + 0.5 * sin(TWO_PI * freq_hz * i / sample_rate));
  }
}

START_TEST(response_is_that_of_a_first_order_high_pass)
{
  static const double rates_hz[] = {8000.0, 48000.0, 96000.0};
  static const double freqs_hz[] = {2.5, 5.0, 10.0, 50.0, 1000.0};

  for (int r = 0; r < 3; ++r) {
    for (int f = 0; f < 5; ++f) {
      // The bilinear transform bends frequencies by tan(pi f / rate)
      const double ratio = tan(0.5 * TWO_PI * DC_BLOCK_HZ / rates_hz[r]) /
                           tan(0.5 * TWO_PI * freqs_hz[f] / rates_hz[r]);
      const double wanted = 0.5 / sqrt(1.0 + ratio * ratio);

      Block block;
      start(&block, rates_hz[r], 1.0);
      fill_sine(freqs_hz[f], rates_hz[r], 0.3);
      run(&block, 0, N_FRAMES, N_SLICE);

      // Whole cycles at the end
      const int n      = (int)(0.4 * rates_hz[r]);
      double    real   = 0.0;
      double    turned = 0.0;
      for (int i = N_FRAMES - n; i < N_FRAMES; ++i) {
        real += (double)out[i] * cos(TWO_PI * freqs_hz[f] * i / rates_hz[r]);
        turned += (double)out[i] * sin(TWO_PI * freqs_hz[f] * i / rates_hz[r]);
      }
      ck_assert_double_eq_tol(2.0 / n * hypot(real, turned), wanted, 2e-5);
    }
  }
}
END_TEST

START_TEST(an_offset_leaks_away)
{
  Block block;
  start(&block, RATE_HZ, 1.0);
  for (int i = 0; i < N_FRAMES; ++i) {
    in[i] = 1.0f;
  }
  run(&block, 0, N_FRAMES, N_SLICE);

  // An analog one is down to 1/e after 1 / (2 pi 5 Hz)
  const int time = (int)(RATE_HZ / (TWO_PI * DC_BLOCK_HZ));
  ck_assert_double_eq_tol((double)out[time], exp(-1.0), 1e-3);
  ck_assert_float_eq_tol(out[N_FRAMES - 1], 0.0f, 1e-12f);
}
END_TEST

START_TEST(switched_off_it_changes_no_bit)
{
  Block block;
  start(&block, RATE_HZ, 0.0);
  fill_sine(440.0, RATE_HZ, 0.3);
  ck_assert_ptr_eq(process(&block, in, out, N_SLICE), in);

  knob_set(&block.share, 1.0);
  run(&block, N_SLICE, 10000, N_SLICE);
  knob_set(&block.share, 0.0);
  run(&block, 10000, 20000, N_SLICE);
  ck_assert_ptr_eq(process(&block, in, out, N_SLICE), in);
}
END_TEST

START_TEST(switching_makes_no_step)
{
  Block block;
  start(&block, RATE_HZ, 0.0);
  for (int i = 0; i < N_FRAMES; ++i) {
    in[i] = 1.0f;
  }
  for (uint32_t i = 0; i < 20; ++i) {
    knob_set(&block.share, (double)(i % 2U));
    run(&block, i * 4000U, i * 4000U + 4000U, N_SLICE);
  }
  for (int i = 1; i < 80000; ++i) {
    ck_assert_float_eq_tol(out[i], out[i - 1], 0.005f);
  }
}
END_TEST

START_TEST(slices_do_not_matter)
{
  static float whole[N_FRAMES];

  fill_sine(3.0, RATE_HZ, 0.3);
  for (uint32_t n_slice = N_SLICE; n_slice > 0; n_slice /= 3) {
    Block block;
    start(&block, RATE_HZ, 0.0);
    for (uint32_t i = 0; i < 20; ++i) {
      knob_set(&block.share, (double)(i % 2U));
      run(&block, i * 4301U, i * 4301U + 4301U, n_slice);
    }
    if (n_slice == N_SLICE) {
      memcpy(whole, out, sizeof(whole));
    }
    ck_assert_mem_eq(out, whole, sizeof(whole));
  }
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("dc_block");
  TCase* const tests = tcase_create("dc_block");
  tcase_add_test(tests, response_is_that_of_a_first_order_high_pass);
  tcase_add_test(tests, an_offset_leaks_away);
  tcase_add_test(tests, switched_off_it_changes_no_bit);
  tcase_add_test(tests, switching_makes_no_step);
  tcase_add_test(tests, slices_do_not_matter);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
