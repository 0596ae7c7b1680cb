// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "timing/switcher.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define RATE_HZ 48000.0

enum { N_FRAMES = 12000, N_CLOCK = 1000, N_PULSE = 48 };

static float clock_v[N_FRAMES];
static float reset_v[N_FRAMES];
static float select_v[N_FRAMES];
static float from[SWITCHER_WAYS][N_FRAMES];
static float in[N_FRAMES];
static float out[N_FRAMES];
static float to[SWITCHER_WAYS][N_FRAMES];
static float sliced[N_FRAMES];

static Switcher
make(const SwitcherKnobs knobs)
{
  Switcher switcher;
  switcher_init(&switcher, RATE_HZ);
  switcher_set(&switcher, &knobs);
  return switcher;
}

/// Write a clock, and something of its own at each input
static void
fill(void)
{
  memset(reset_v, 0, sizeof(reset_v));
  memset(select_v, 0, sizeof(select_v));
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    clock_v[i] = i % N_CLOCK < N_PULSE ? 10.0f : 0.0f;
    in[i]      = 5.0f * sinf((float)i * 0.01f);
    for (uint32_t w = 0; w < SWITCHER_WAYS; ++w) {
      from[w][i] = (float)(w + 1U) + 0.1f * sinf((float)i * 0.02f * (float)(w + 1U));
    }
  }
}

static void
process(Switcher* const switcher, float* const to_out, const uint32_t n_slice)
{
  for (uint32_t i = 0; i < N_FRAMES; i += n_slice) {
    const uint32_t        n    = N_FRAMES - i < n_slice ? N_FRAMES - i : n_slice;
    const SwitcherInputs  ins  = {clock_v + i,
                                  reset_v + i,
                                  {select_v + i, false},
                                  {from[0] + i, from[1] + i, from[2] + i, from[3] + i},
                                  in + i};
    const SwitcherOutputs outs = {to_out + i,
                                  {to[0] + i, to[1] + i, to[2] + i, to[3] + i}};
    switcher_process(switcher, &ins, &outs, n);
  }
}

/// Check that a frame has way `way`, to the bit
static void
check_way(const uint32_t i, const uint32_t way)
{
  ck_assert_msg(out[i] == from[way][i], "frame %u is not of way %u", i, way);
  for (uint32_t w = 0; w < SWITCHER_WAYS; ++w) {
    ck_assert_float_eq(to[w][i], w == way ? in[i] : 0.0f);
  }
}

START_TEST(clock_goes_through_the_ways)
{
  static const OrderWay orders[]   = {ORDER_FORWARD, ORDER_BACKWARD, ORDER_PENDULUM};
  static const uint32_t ways[][12] = {{0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3},
                                      {3, 2, 1, 0, 3, 2, 1, 0, 3, 2, 1, 0},
                                      {0, 1, 2, 3, 2, 1, 0, 1, 2, 3, 2, 1}};

  Switcher switcher = make((SwitcherKnobs){.n_ways = 4, .order = orders[_i]});
  fill();
  process(&switcher, out, 256);
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    check_way(i, ways[_i][i / N_CLOCK]);
  }
}
END_TEST

START_TEST(reset_goes_back_to_the_first)
{
  Switcher switcher = make((SwitcherKnobs){.n_ways = 3});
  fill();
  reset_v[4500] = 10.0f;
  process(&switcher, out, 256);
  check_way(4499, 1);
  check_way(4500, 0);
  check_way(5000, 0); // The next clock starts there
  check_way(6000, 1);
}
END_TEST

START_TEST(select_goes_once_round_in_10_v)
{
  static const float    volts[] = {0.0f, 2.5f, 5.0f, 7.5f, 10.0f, -2.5f, 3.0f, 1e6f};
  static const uint32_t ways[]  = {0, 1, 2, 3, 0, 3, 1, 0};

  Switcher switcher = make((SwitcherKnobs){.n_ways = 4, .select_amount = 1.0f});
  fill();
  memset(clock_v, 0, sizeof(clock_v));
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    select_v[i] = volts[i / 100U % 8U];
  }
  process(&switcher, out, 256);
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    check_way(i, ways[i / 100U % 8U]);
  }
}
END_TEST

START_TEST(fade_goes_straight_to_the_next_way)
{
  Switcher switcher = make((SwitcherKnobs){.n_ways = 4, .fade_s = 0.01});
  fill();
  process(&switcher, out, 256);
  for (uint32_t i = 0; i < 480; ++i) {
    const uint32_t at   = N_CLOCK + i;
    const double   part = (i + 1.0) / 480.0;
    ck_assert_double_eq_tol(
      (double)out[at], (1.0 - part) * from[0][at] + part * from[1][at], 1e-5);
    ck_assert_double_eq_tol((double)to[1][at], part * in[at], 1e-5);
  }
  check_way(N_CLOCK - 1, 0);
  check_way(N_CLOCK + 480, 1);
}
END_TEST

START_TEST(outputs_hold_what_they_had)
{
  Switcher switcher = make((SwitcherKnobs){.n_ways = 4, .holds = true});
  fill();
  process(&switcher, out, 256);
  for (uint32_t i = N_CLOCK; i < 4 * N_CLOCK; ++i) {
    ck_assert_float_eq(to[0][i], in[N_CLOCK - 1]);
  }
  ck_assert_float_eq(to[3][3 * N_CLOCK - 1], 0.0f);
}
END_TEST

START_TEST(fades_that_are_cut_short_do_not_jump)
{
  Switcher switcher =
    make((SwitcherKnobs){.n_ways = 4, .fade_s = 0.05, .select_amount = 1.0f});
  fill();
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    select_v[i] = 2.5f * (float)(i / 700U % 3U);
    for (uint32_t w = 0; w < SWITCHER_WAYS; ++w) {
      from[w][i] = (float)w;
    }
  }
  process(&switcher, out, 256);
  for (uint32_t i = 1; i < N_FRAMES; ++i) {
    ck_assert_float_le(fabsf(out[i] - out[i - 1]), 3.1f / 2400.0f);
  }
}
END_TEST

START_TEST(slices_do_not_count)
{
  const SwitcherKnobs knobs = {.n_ways        = 3,
                               .order         = ORDER_RANDOM,
                               .fade_s        = 0.02,
                               .select_amount = 0.7f,
                               .seed          = 3};
  Switcher            one   = make(knobs);
  Switcher            other = make(knobs);
  fill();
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    select_v[i] = 8.0f * sinf((float)i * 0.002f);
  }
  process(&one, out, 256);
  process(&other, sliced, 13);
  ck_assert_mem_eq(out, sliced, sizeof(out));
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("switcher");
  TCase* const tests = tcase_create("switcher");
  tcase_add_loop_test(tests, clock_goes_through_the_ways, 0, 3);
  tcase_add_test(tests, reset_goes_back_to_the_first);
  tcase_add_test(tests, select_goes_once_round_in_10_v);
  tcase_add_test(tests, fade_goes_straight_to_the_next_way);
  tcase_add_test(tests, outputs_hold_what_they_had);
  tcase_add_test(tests, fades_that_are_cut_short_do_not_jump);
  tcase_add_test(tests, slices_do_not_count);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
