// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "signal/gate.h"

#define N_FRAMES 200U

START_TEST(gate_rises_at_half_a_volt_and_falls_below_a_quarter)
{
  static const struct {
    float in;
    bool  rises;
    bool  high;
  } frames[] = {
    {0.0f, false, false},
    {0.499f, false, false},
    {0.5f, true, true},
    {0.3f, false, true},
    {0.25f, false, true},
    {0.249f, false, false},
    {0.3f, false, false},
    {0.499f, false, false},
    {10.0f, true, true},
    {10.0f, false, true},
    {-5.0f, false, false},
    {1.0f, true, true},
    {-1e6f, false, false},
    {1e6f, true, true},
  };

  Gate gate = {false};
  for (unsigned i = 0; i < sizeof(frames) / sizeof(frames[0]); ++i) {
    ck_assert_int_eq(gate_next(&gate, frames[i].in), frames[i].rises);
    ck_assert_int_eq(gate.high, frames[i].high);
  }
}
END_TEST

START_TEST(gate_sees_a_high_and_a_low_of_one_frame)
{
  Gate gate = {false};

  ck_assert(gate_next(&gate, 10.0f));
  ck_assert(!gate_next(&gate, 0.0f));
  ck_assert(gate_next(&gate, 10.0f));
}
END_TEST

START_TEST(noise_between_the_thresholds_does_not_turn_a_gate)
{
  Gate gate = {false};

  unsigned n_rises = 0;
  for (unsigned i = 0; i < 1000; ++i) {
    const float ramp = 10.0f * (float)i / 1000.0f;
    n_rises += gate_next(&gate, ramp + (i % 2 ? 0.12f : -0.12f));
  }
  ck_assert_uint_eq(n_rises, 1);
}
END_TEST

START_TEST(steady_frames_end_where_the_gate_turns)
{
  // Every place for a turn, in both directions, and frames between the thresholds
  for (int high = 0; high <= 1; ++high) {
    for (uint32_t turn = 1; turn <= N_FRAMES; ++turn) {
      float in[N_FRAMES];
      for (uint32_t i = 0; i < N_FRAMES; ++i) {
        in[i] = i == turn ? (high ? 0.2f : 0.6f) : 0.3f + 0.05f * (float)(i % 3);
      }

      const Gate gate = {high};
      ck_assert_uint_eq(gate_steady_frames(&gate, in, N_FRAMES), turn);
      ck_assert_uint_eq(gate_steady_frames(&gate, in, turn), turn);
    }
  }
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("gate");
  TCase* const tests = tcase_create("gate");
  tcase_add_test(tests, gate_rises_at_half_a_volt_and_falls_below_a_quarter);
  tcase_add_test(tests, gate_sees_a_high_and_a_low_of_one_frame);
  tcase_add_test(tests, noise_between_the_thresholds_does_not_turn_a_gate);
  tcase_add_test(tests, steady_frames_end_where_the_gate_turns);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
