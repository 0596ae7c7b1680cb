// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "timing/chance.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define RATE_HZ 48000.0
#define N_FRAMES 40000U
#define PERIOD 100U
#define N_HIGH 30U

static Chance       chance;
static ChanceKnobs  knobs;
static ChanceInputs in;

static float in_v[N_FRAMES];
static float reset_v[N_FRAMES];
static float a[N_FRAMES];
static float b[N_FRAMES];

static void
setup(void)
{
  chance_init(&chance, RATE_HZ);
  knobs = (ChanceKnobs){CHANCE_TOSS, 0.5, 1.0, 0, STEPS_ANEW, 17};
  in    = (ChanceInputs){.in = in_v, .reset = reset_v};
  memset(reset_v, 0, sizeof(reset_v));
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    in_v[i] = i % PERIOD < N_HIGH ? 5.0f : 0.0f;
  }
}

static void
run(const uint32_t n_slice)
{
  chance_set(&chance, &knobs);
  for (uint32_t at = 0; at < N_FRAMES; at += n_slice) {
    const uint32_t     n     = N_FRAMES - at < n_slice ? N_FRAMES - at : n_slice;
    const ChanceInputs slice = {
      in.in + at, in.chance_cv ? in.chance_cv + at : NULL, in.reset + at};
    chance_process(&chance, &slice, a + at, b + at, n);
  }
}

static uint32_t
count_b(void)
{
  uint32_t n = 0;
  for (uint32_t i = 0; i < N_FRAMES; i += PERIOD) {
    n += b[i] > 0.0f;
  }
  return n;
}

START_TEST(gate_passes_to_one_of_both)
{
  run(256);
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    ck_assert_float_eq(a[i] + b[i], in_v[i] > 0.0f ? 10.0f : 0.0f);
    ck_assert(i % PERIOD == 0 || i % PERIOD >= N_HIGH || b[i] == b[i - 1]);
  }
}
END_TEST

START_TEST(chance_is_as_likely_as_it_says)
{
  for (int percent = 0; percent <= 100; percent += 10) {
    const double p = percent / 100.0;
    double       n = 0.0;
    knobs.chance   = p;
    for (knobs.seed = 0; knobs.seed < 10; ++knobs.seed) {
      chance_reset(&chance);
      run(4000);
      n += count_b();
    }
    ck_assert_double_eq_tol(n, 4000.0 * p, 0.1 + 4.0 * sqrt(4000.0 * p * (1.0 - p)));
  }
}
END_TEST

START_TEST(cv_adds_to_chance)
{
  static float cv_v[N_FRAMES];
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    cv_v[i] = i < N_FRAMES / 2U ? 5.0f : -5.0f;
  }
  in.chance_cv = cv_v;
  run(256);
  for (uint32_t i = 0; i < N_FRAMES; i += PERIOD) {
    ck_assert(b[i] == (i < N_FRAMES / 2U ? 10.0f : 0.0f));
  }
}
END_TEST

START_TEST(toggle_changes_sides)
{
  knobs.mode   = CHANCE_TOGGLE;
  knobs.chance = 1.0;
  run(256);
  for (uint32_t k = 0; k < N_FRAMES / PERIOD; ++k) {
    ck_assert(b[k * PERIOD] == (k % 2U == 0U ? 10.0f : 0.0f));
  }
  knobs.chance = 0.0;
  chance_reset(&chance);
  run(256);
  ck_assert_uint_eq(count_b(), 0);
}
END_TEST

START_TEST(held_output_stays)
{
  knobs.mode = CHANCE_HOLD;
  run(256);
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    ck_assert_float_eq(a[i] + b[i], 10.0f);
    ck_assert(i % PERIOD == 0 || b[i] == b[i - 1]);
  }
  ck_assert_uint_gt(count_b(), 100);
}
END_TEST

START_TEST(reset_repeats_the_tosses)
{
  for (uint32_t k = 1; k < 20; ++k) {
    for (int offset = -48; offset <= 60; offset += 6) {
      setup();
      run(256);
      float first[10];
      for (uint32_t i = 0; i < 10; ++i) {
        first[i] = b[i * PERIOD + N_HIGH - 1U];
      }
      // Within 1 ms, it is one event with the rise, before it or behind
      chance_reset(&chance);
      reset_v[(int)(k * PERIOD) + offset] = 10.0f;
      run(256);
      const uint32_t start = offset < 48 ? k : k + 1;
      for (uint32_t i = 1; i < 10; ++i) {
        ck_assert_float_eq(b[(start + i) * PERIOD + N_HIGH - 1U], first[i]);
      }
      if (offset < (int)N_HIGH) {
        ck_assert_float_eq(b[start * PERIOD + N_HIGH - 1U], first[0]);
      }
    }
  }
}
END_TEST

START_TEST(place_in_the_song_repeats_the_tosses)
{
  const Transport place = {4.0, 0.0, 4.0, 4.0, 9000.0, (double)NAN, 1.0};
  static float    first[N_FRAMES];
  knobs.dice = STEPS_BY_SONG_PLACE;
  chance_set(&chance, &knobs);
  for (int pass = 0; pass < 3; ++pass) {
    chance_transport(&chance, &place);
    run(256);
    if (pass == 0) {
      memcpy(first, b, sizeof(b));
    }
    ck_assert_mem_eq(b, first, sizeof(b));
  }
  ck_assert_uint_gt(count_b(), 100);
}
END_TEST

START_TEST(slices_do_not_matter)
{
  static float expected[N_FRAMES];
  uint32_t     random = 1;
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    random     = random * 1664525U + 1013904223U;
    in_v[i]    = random >> 26U < 20U ? 10.0f : 0.3f * (float)(random >> 31U);
    reset_v[i] = random >> 20U == 77U ? 10.0f : 0.0f;
  }
  for (int mode = CHANCE_TOSS; mode <= CHANCE_HOLD; ++mode) {
    knobs.mode = (ChanceMode)mode;
    for (uint32_t n_slice = N_FRAMES; n_slice > 0; n_slice /= 13) {
      chance_reset(&chance);
      run(n_slice);
      if (n_slice == N_FRAMES) {
        memcpy(expected, b, sizeof(b));
      }
      ck_assert_mem_eq(b, expected, sizeof(b));
    }
  }
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("chance");
  TCase* const tests = tcase_create("chance");
  tcase_add_checked_fixture(tests, setup, NULL);
  tcase_add_test(tests, gate_passes_to_one_of_both);
  tcase_add_test(tests, chance_is_as_likely_as_it_says);
  tcase_add_test(tests, cv_adds_to_chance);
  tcase_add_test(tests, toggle_changes_sides);
  tcase_add_test(tests, held_output_stays);
  tcase_add_test(tests, reset_repeats_the_tosses);
  tcase_add_test(tests, place_in_the_song_repeats_the_tosses);
  tcase_add_test(tests, slices_do_not_matter);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
