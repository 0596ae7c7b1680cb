// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "math/random.h"
#include "signal/logic.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { N_FRAMES = 600 };

static float in[LOGIC_INPUTS][N_FRAMES];
static float out[N_LOGIC_OUTPUTS][N_FRAMES];
static float sliced[N_LOGIC_OUTPUTS][N_FRAMES];

/// Write gates at random, some of them short
static void
fill(const uint32_t seed)
{
  for (uint32_t g = 0; g < LOGIC_INPUTS; ++g) {
    for (uint32_t i = 0; i < N_FRAMES; ++i) {
      const uint64_t place = (uint64_t)g * N_FRAMES + i / (1U + seed % 50U);
      in[g][i]             = random_at(seed, (int64_t)place) >> 63U ? 10.0f : 0.0f;
    }
  }
}

static void
process(Logic* const logic,
        float (*const to)[N_FRAMES],
        const uint32_t start,
        const uint32_t end,
        const uint32_t n_slice)
{
  for (uint32_t i = start; i < end; i += n_slice) {
    const uint32_t n = end - i < n_slice ? end - i : n_slice;
    Signal         from[LOGIC_INPUTS];
    float*         outputs[N_LOGIC_OUTPUTS];
    for (uint32_t g = 0; g < LOGIC_INPUTS; ++g) {
      from[g] = (Signal){in[g] + i, false};
    }
    for (uint32_t o = 0; o < N_LOGIC_OUTPUTS; ++o) {
      outputs[o] = to[o] + i;
    }
    logic_process(logic, from, outputs, n);
  }
}

static LogicKnobs
random_knobs(const uint32_t seed)
{
  LogicKnobs knobs = {{false}, {false}};
  for (uint32_t g = 0; g < LOGIC_INPUTS; ++g) {
    knobs.inverts[g] = seed >> g & 1U;
    knobs.counts[g]  = seed >> (g + 4U) & 1U;
  }
  return knobs;
}

/// Check a frame against the truth table
static void
check_frame(const LogicKnobs* const knobs, const uint32_t i)
{
  uint32_t n_high = 0;
  uint32_t n      = 0;
  for (uint32_t g = 0; g < LOGIC_INPUTS; ++g) {
    const bool counts = g < 2U || knobs->counts[g];
    n += counts;
    n_high += counts && (in[g][i] > 5.0f) != knobs->inverts[g];
  }
  const bool a = (in[0][i] > 5.0f) != knobs->inverts[0];
  ck_assert_float_eq(out[LOGIC_OUT_AND][i], n_high == n ? 10.0f : 0.0f);
  ck_assert_float_eq(out[LOGIC_OUT_OR][i], n_high ? 10.0f : 0.0f);
  ck_assert_float_eq(out[LOGIC_OUT_XOR][i], n_high % 2U ? 10.0f : 0.0f);
  ck_assert_float_eq(out[LOGIC_OUT_NOT][i], a ? 0.0f : 10.0f);
}

START_TEST(outputs_are_those_of_the_truth_table)
{
  for (uint32_t seed = 0; seed < 256; ++seed) {
    const LogicKnobs knobs  = random_knobs(seed);
    bool             was_a  = knobs.inverts[0];
    bool             was_b  = knobs.inverts[1];
    bool             toggle = false;
    bool             latch  = false;
    Logic            logic  = {.has_started = false};
    logic_set(&logic, &knobs);
    fill(seed);
    process(&logic, out, 0, N_FRAMES, 256);
    for (uint32_t i = 0; i < N_FRAMES; ++i) {
      const bool a = (in[0][i] > 5.0f) != knobs.inverts[0];
      const bool b = (in[1][i] > 5.0f) != knobs.inverts[1];
      toggle       = a && !was_a ? !toggle : toggle;
      latch        = b && !was_b ? false : (a && !was_a) || latch;
      was_a        = a;
      was_b        = b;
      check_frame(&knobs, i);
      ck_assert_float_eq(out[LOGIC_OUT_TOGGLE][i], toggle ? 10.0f : 0.0f);
      ck_assert_float_eq(out[LOGIC_OUT_LATCH][i], latch ? 10.0f : 0.0f);
    }
  }
}
END_TEST

START_TEST(slices_do_not_count)
{
  for (uint32_t seed = 0; seed < 50; ++seed) {
    const LogicKnobs knobs = random_knobs(seed);
    Logic            one   = {.knobs = knobs};
    Logic            other = {.knobs = knobs};
    fill(seed);
    process(&one, out, 0, N_FRAMES, 256);
    process(&other, sliced, 0, N_FRAMES, 1U + seed);
    ck_assert_mem_eq(out, sliced, sizeof(out));
  }
}
END_TEST

START_TEST(turned_invert_is_no_edge_of_a_cable)
{
  Logic logic = {.has_started = false};
  memset(in, 0, sizeof(in));
  process(&logic, out, 0, 100, 100);
  logic_set(&logic, &(LogicKnobs){{true, false}, {false}});
  process(&logic, out, 100, 200, 100);
  ck_assert_float_eq(out[LOGIC_OUT_TOGGLE][199], 0.0f);
  ck_assert_float_eq(out[LOGIC_OUT_NOT][199], 0.0f);
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("logic");
  TCase* const tests = tcase_create("logic");
  tcase_add_test(tests, outputs_are_those_of_the_truth_table);
  tcase_add_test(tests, slices_do_not_count);
  tcase_add_test(tests, turned_invert_is_no_edge_of_a_cable);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
