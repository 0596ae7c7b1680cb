// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "signal/gate_out.h"

#include <stdbool.h>
#include <stdint.h>

#define SAMPLE_RATE 8000.0 ///< At which a trigger has 8 frames
#define TRIGGER_FRAMES 8

static GateOut out;

static void
setup(void)
{
  gate_out_init(&out, SAMPLE_RATE);
}

static void
start_note(void)
{
  gate_out_set(&out, true);
  gate_out_trigger(&out);
}

static void
end_note(void)
{
  gate_out_set(&out, false);
}

/// Assert the next frames: `_` stands for 0 V and `^` for 10 V
static void
assert_next(const char* const gates, const char* const triggers)
{
  for (int i = 0; gates[i]; ++i) {
    float gate    = -1.0f;
    float trigger = -1.0f;
    gate_out_process(&out, &gate, &trigger, 1);
    ck_assert_float_eq(gate, gates[i] == '^' ? 10.0f : 0.0f);
    ck_assert_float_eq(trigger, triggers[i] == '^' ? 10.0f : 0.0f);
  }
}

START_TEST(note_has_a_gate_and_a_trigger)
{
  assert_next("__", "__");
  start_note();
  assert_next("^^^^^^^^^^", "^^^^^^^^__");
  end_note();
  assert_next("__", "__");
}
END_TEST

START_TEST(either_may_be_left_out)
{
  float gate[10];
  float trigger[10];

  start_note();
  gate_out_process(&out, NULL, trigger, 10);
  setup();
  start_note();
  gate_out_process(&out, gate, NULL, 10);
  for (int i = 0; i < 10; ++i) {
    ck_assert_float_eq(gate[i], 10.0f);
    ck_assert_float_eq(trigger[i], i < TRIGGER_FRAMES ? 10.0f : 0.0f);
  }
}
END_TEST

START_TEST(short_gate_lasts_as_long_as_its_trigger)
{
  start_note();
  assert_next("^^^^^^^^^", "^^^^^^^^_");
  gate_out_trigger(&out);
  assert_next("^^^", "^^^");
  end_note();
  assert_next("^^^^^_", "^^^^^_");
}
END_TEST

START_TEST(notes_that_meet_are_told_apart)
{
  start_note();
  assert_next("^^^^^^^^^^", "^^^^^^^^__");
  end_note();
  start_note();
  assert_next("_^^^^^^^^^^", "_^^^^^^^^__");
}
END_TEST

START_TEST(trigger_rises_anew_over_another)
{
  start_note();
  assert_next("^^^", "^^^");
  gate_out_trigger(&out);
  assert_next("^^^^^^^^^^", "_^^^^^^^^_");

  // The last frame of a trigger is still in the way of the next
  gate_out_trigger(&out);
  assert_next("^^^^^^^^", "^^^^^^^^");
  gate_out_trigger(&out);
  assert_next("^^^^^^^^^^", "_^^^^^^^^_");
}
END_TEST

START_TEST(short_note_is_as_long_as_a_trigger)
{
  for (int length = 0; length < TRIGGER_FRAMES; ++length) {
    setup();
    start_note();
    assert_next(&"^^^^^^^^"[TRIGGER_FRAMES - length],
                &"^^^^^^^^"[TRIGGER_FRAMES - length]);
    end_note();
    assert_next(&"^^^^^^^^__"[length], &"^^^^^^^^__"[length]);
  }
}
END_TEST

START_TEST(next_note_cuts_a_short_one)
{
  for (int length = 0; length < 2; ++length) {
    setup();
    start_note();
    end_note();
    assert_next("^^^", "^^^");
    start_note();
    assert_next(length ? "_^^^^" : "_", length ? "_^^^^" : "_");
    end_note();
    assert_next(length ? "^^^^__" : "^^^^^^^^__", length ? "^^^^__" : "^^^^^^^^__");
  }
}
END_TEST

START_TEST(note_without_length_after_another_is_heard)
{
  start_note();
  assert_next("^^^^^^^^^", "^^^^^^^^_");
  end_note();
  start_note();
  end_note();
  assert_next("_^^^^^^^^_", "_^^^^^^^^_");
}
END_TEST

START_TEST(setting_the_same_again_is_nothing)
{
  start_note();
  assert_next("^^", "^^");
  gate_out_set(&out, true);
  assert_next("^^^^", "^^^^");
  end_note();
  end_note();
  assert_next("^^__", "^^__");
}
END_TEST

START_TEST(reset_is_silence)
{
  start_note();
  assert_next("^^", "^^");
  end_note();
  start_note();
  gate_out_reset(&out);
  assert_next("___", "___");
  start_note();
  assert_next("^^^^^^^^^", "^^^^^^^^_");
}
END_TEST

START_TEST(trigger_takes_a_millisecond_at_any_rate)
{
  static const double   rates[]    = {22050.0, 44100.0, 48000.0, 96000.0, 768000.0};
  static const uint32_t n_frames[] = {22, 44, 48, 96, 768};
  for (int r = 0; r < 5; ++r) {
    float gate[1000];
    float trigger[1000];
    gate_out_init(&out, rates[r]);
    start_note();
    gate_out_process(&out, gate, trigger, 1000);
    ck_assert_float_eq(trigger[n_frames[r] - 1U], 10.0f);
    ck_assert_float_eq(trigger[n_frames[r]], 0.0f);

    gate_out_init(&out, rates[r]);
    start_note();
    end_note();
    gate_out_process(&out, gate, trigger, 1000);
    ck_assert_float_eq(gate[n_frames[r] - 1U], 10.0f);
    ck_assert_float_eq(gate[n_frames[r]], 0.0f);
  }
}
END_TEST

/// Play something as long as `n_frames`, a step at a time
static void
play(float* const gate, float* const trigger, const uint32_t step)
{
  static const uint32_t n_frames = 240;

  gate_out_init(&out, SAMPLE_RATE);
  for (uint32_t i = 0; i < n_frames; i += step) {
    if (i % 24U == 0) {
      end_note();
      start_note();
    }
    if (i % 60U == 48U) {
      end_note();
    }
    if (i % 36U == 12U) {
      end_note();
      start_note();
      end_note();
    }
    gate_out_process(&out, gate + i, trigger + i, step);
  }
}

START_TEST(slices_do_not_matter)
{
  static const uint32_t steps[] = {1, 2, 3, 4, 6};

  float gate[2][240];
  float trigger[2][240];
  play(gate[0], trigger[0], 12);
  for (int s = 0; s < 5; ++s) {
    play(gate[1], trigger[1], steps[s]);
    ck_assert_mem_eq(gate[0], gate[1], sizeof(gate[0]));
    ck_assert_mem_eq(trigger[0], trigger[1], sizeof(trigger[0]));
  }
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("gate_out");
  TCase* const tests = tcase_create("gate_out");
  tcase_add_checked_fixture(tests, setup, NULL);
  tcase_add_test(tests, note_has_a_gate_and_a_trigger);
  tcase_add_test(tests, either_may_be_left_out);
  tcase_add_test(tests, short_gate_lasts_as_long_as_its_trigger);
  tcase_add_test(tests, notes_that_meet_are_told_apart);
  tcase_add_test(tests, trigger_rises_anew_over_another);
  tcase_add_test(tests, short_note_is_as_long_as_a_trigger);
  tcase_add_test(tests, next_note_cuts_a_short_one);
  tcase_add_test(tests, note_without_length_after_another_is_heard);
  tcase_add_test(tests, setting_the_same_again_is_nothing);
  tcase_add_test(tests, reset_is_silence);
  tcase_add_test(tests, trigger_takes_a_millisecond_at_any_rate);
  tcase_add_test(tests, slices_do_not_matter);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
