// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "midi/midi_cv.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define SAMPLE_RATE 48000.0
#define GLIDE_S 0.005
#define TRIGGER_FRAMES 48
#define MAX_FRAMES 8192U

enum { PITCH, GATE, VELOCITY, PRESSURE, MOD, TRIGGER, N_OUTPUTS };

static MidiCv      cv;
static MidiCvKnobs knobs;
static float       out[N_OUTPUTS][MAX_FRAMES];

static void
setup(void)
{
  knobs = (MidiCvKnobs){.input.bend_range_oct = 2.0 / 12.0};
  midi_cv_init(&cv, SAMPLE_RATE, GLIDE_S);
}

static void
run(const uint32_t n_frames)
{
  const MidiVoiceOutputs outputs = {.pitch    = out[PITCH],
                                    .gate     = out[GATE],
                                    .velocity = out[VELOCITY],
                                    .pressure = out[PRESSURE],
                                    .mod      = out[MOD],
                                    .trigger  = out[TRIGGER]};

  midi_cv_process(&cv, &knobs, &outputs, n_frames);
}

/// Send a message of three bytes
static void
send(const uint8_t status, const uint8_t data1, const uint8_t data2)
{
  const uint8_t bytes[] = {status, data1, data2};

  midi_cv_message(&cv, &knobs, bytes, sizeof(bytes));
}

static void
note_on(const uint8_t key)
{
  send(0x90, key, 127);
}

static void
note_off(const uint8_t key)
{
  send(0x80, key, 64);
}

static void
control_change(const uint8_t number, const uint8_t value)
{
  send(0xB0, number, value);
}

/// Assert that `key` sounds, a negative one that none does
static void
assert_sounds(const int key)
{
  run(64);
  ck_assert_float_eq(out[GATE][63], key < 0 ? 0.0f : 10.0f);
  if (key >= 0) {
    ck_assert_float_eq(out[PITCH][63], (float)((key - 60) / 12.0));
  }
}

/// Assert that a trigger starts with the next frame, or that none does
static void
assert_triggers(const bool triggers)
{
  run(2U * TRIGGER_FRAMES);
  ck_assert_float_eq(out[TRIGGER][0], triggers ? 10.0f : 0.0f);
  ck_assert_float_eq(out[TRIGGER][TRIGGER_FRAMES - 1], triggers ? 10.0f : 0.0f);
  ck_assert_float_eq(out[TRIGGER][TRIGGER_FRAMES], 0.0f);
}

START_TEST(rests_at_c4)
{
  run(64);
  for (int o = 0; o < N_OUTPUTS; ++o) {
    ck_assert_float_eq(out[o][0], 0.0f);
    ck_assert_float_eq(out[o][63], 0.0f);
  }
  knobs.voice.zero_volt = ZERO_VOLT_C_MINUS_1;
  run(1);
  ck_assert_float_eq(out[PITCH][0], 5.0f);
}
END_TEST

START_TEST(key_is_a_twelfth_of_a_volt)
{
  for (uint8_t key = 0; key < 128; ++key) {
    knobs.voice.zero_volt = ZERO_VOLT_C4;
    note_on(key);
    run(1);
    ck_assert_float_eq(out[PITCH][0], (float)((key - 60) / 12.0));
    knobs.voice.zero_volt = ZERO_VOLT_C_MINUS_1;
    run(1);
    ck_assert_float_eq(out[PITCH][0], (float)(key / 12.0));
  }
}
END_TEST

START_TEST(note_acts_in_its_frame)
{
  note_on(72);
  run(1);
  ck_assert_float_eq(out[PITCH][0], 1.0f);
  ck_assert_float_eq(out[GATE][0], 10.0f);
  ck_assert_float_eq(out[VELOCITY][0], 10.0f);
  ck_assert_float_eq(out[TRIGGER][0], 10.0f);
  run(TRIGGER_FRAMES);
  note_off(72);
  run(1);
  ck_assert_float_eq(out[GATE][0], 0.0f);
}
END_TEST

START_TEST(note_on_without_velocity_is_note_off)
{
  note_on(60);
  assert_sounds(60);
  send(0x90, 60, 0);
  assert_sounds(-1);
}
END_TEST

START_TEST(pitch_and_velocity_stay_after_the_note)
{
  send(0x90, 67, 64);
  run(10);
  note_off(67);
  run(10);
  ck_assert_float_eq(out[PITCH][9], (float)(7.0 / 12.0));
  ck_assert_float_eq_tol(out[VELOCITY][9], 640.0f / 127.0f, 1e-6f);
}
END_TEST

START_TEST(overlapping_notes_keep_the_gate_up)
{
  note_on(60);
  run(100);
  note_on(64);
  note_off(60);
  run(100);
  for (int i = 0; i < 100; ++i) {
    ck_assert_float_eq(out[GATE][i], 10.0f);
  }
  ck_assert_float_eq(out[PITCH][0], (float)(4.0 / 12.0));
}
END_TEST

START_TEST(notes_that_meet_are_two)
{
  note_on(60);
  run(100);
  note_off(60);
  note_on(60);
  run(100);
  ck_assert_float_eq(out[GATE][0], 0.0f);
  ck_assert_float_eq(out[GATE][1], 10.0f);
  ck_assert_float_eq(out[TRIGGER][0], 0.0f);
  ck_assert_float_eq(out[TRIGGER][1], 10.0f);
}
END_TEST

/// Play drums without length in a frame each, in slices of `step` frames
static void
play_drums(float gate[480], const uint32_t step)
{
  midi_cv_init(&cv, SAMPLE_RATE, GLIDE_S);
  for (uint32_t i = 0; i < 480U; i += step) {
    if (i % 240U == 12U || i % 240U == 36U) {
      send(0x99, 36, 100);
      send(0x89, 36, 0);
    }
    run(step);
    memcpy(gate + i, out[GATE], step * sizeof(gate[0]));
  }
}

START_TEST(notes_without_length_last_a_millisecond)
{
  float gate[2][480];
  for (uint32_t i = 0; i < 480U; ++i) {
    const uint32_t at = i % 240U;
    gate[0][i]        = at >= 12U && at < 85U && at != 36U ? 10.0f : 0.0f;
  }

  static const uint32_t steps[] = {1, 2, 3, 4, 6, 12};
  for (size_t s = 0; s < sizeof(steps) / sizeof(steps[0]); ++s) {
    play_drums(gate[1], steps[s]);
    ck_assert_mem_eq(gate[0], gate[1], sizeof(gate[0]));
  }
}
END_TEST

START_TEST(velocity_is_that_of_the_note_that_sounds)
{
  send(0x90, 60, 127);
  send(0x90, 64, 32);
  run(1);
  ck_assert_float_eq_tol(out[VELOCITY][0], 320.0f / 127.0f, 1e-6f);
  note_off(64);
  run(1);
  ck_assert_float_eq(out[VELOCITY][0], 10.0f);
}
END_TEST

START_TEST(retrigger_is_a_choice)
{
  for (int retrigger = 0; retrigger < 2; ++retrigger) {
    setup();
    knobs.voice.retrigger = retrigger;
    note_on(60);
    assert_triggers(true);
    note_on(64);
    assert_triggers(retrigger);
    note_on(64);
    assert_triggers(retrigger);
    note_off(64); // Going back to a note is no new one
    assert_triggers(false);
    note_off(60);
    assert_triggers(false);
    note_on(60);
    assert_triggers(true);
  }
}
END_TEST

START_TEST(note_that_does_not_sound_does_not_trigger)
{
  knobs.voice.retrigger        = true;
  knobs.input.routing.priority = PRIORITY_LOW;
  note_on(60);
  assert_triggers(true);
  note_on(72);
  assert_triggers(false);
  note_on(48);
  assert_triggers(true);
}
END_TEST

START_TEST(turning_knobs_hangs_no_note)
{
  note_on(60);
  note_on(72);
  note_on(48);
  note_on(64);
  assert_sounds(64);
  knobs.input.routing.priority = PRIORITY_LOW;
  assert_sounds(48);
  knobs.input.routing.priority = PRIORITY_HIGH;
  assert_sounds(72);
  knobs.input.routing.channel = 2;
  assert_sounds(-1);
  note_off(60);
  note_off(64);
  note_off(72);
  knobs.input.routing.channel = 1;
  assert_sounds(48);
  note_off(48);
  assert_sounds(-1);
  knobs.input.routing.channel = ALL_CHANNELS;
  assert_sounds(-1);
}
END_TEST

START_TEST(channel_hears_only_its_own)
{
  knobs.input.routing.channel = 2;
  send(0x90, 60, 127);
  send(0xB0, 1, 127);
  assert_sounds(-1);
  ck_assert_float_eq(out[MOD][63], 0.0f);
  send(0x91, 64, 127);
  assert_sounds(64);
  send(0x80, 64, 0);
  send(0xB0, 120, 0);
  assert_sounds(64);
  send(0x81, 64, 0);
  assert_sounds(-1);
}
END_TEST

START_TEST(new_channel_counts_for_the_message_of_its_frame)
{
  run(64);
  knobs.input.routing.channel = 3;
  send(0x92, 60, 127);
  assert_triggers(true);
}
END_TEST

START_TEST(pedal_holds_the_gate)
{
  note_on(60);
  control_change(64, 127);
  note_off(60);
  assert_sounds(60);
  control_change(64, 63);
  assert_sounds(-1);
}
END_TEST

START_TEST(all_notes_off_comes_in_five_kinds)
{
  for (uint8_t number = 123; number <= 127; ++number) {
    note_on(60);
    note_on(64);
    assert_sounds(64);
    control_change(number, 0);
    assert_sounds(-1);
  }
}
END_TEST

START_TEST(all_sound_off_overrules_the_pedal)
{
  control_change(64, 127);
  note_on(60);
  note_off(60);
  control_change(123, 0);
  assert_sounds(60);
  control_change(120, 0);
  assert_sounds(-1);
}
END_TEST

START_TEST(controllers_can_be_reset)
{
  note_on(60);
  control_change(64, 127);
  note_off(60);
  control_change(1, 100);
  send(0xA0, 60, 100);
  send(0xD0, 100, 0);
  send(0xE0, 0, 0);
  run(MAX_FRAMES);
  control_change(121, 0);
  run(MAX_FRAMES);
  ck_assert_float_eq(out[GATE][0], 0.0f);
  ck_assert_float_eq(out[PITCH][MAX_FRAMES - 1], 0.0f);
  ck_assert_float_eq(out[PRESSURE][MAX_FRAMES - 1], 0.0f);
  ck_assert_float_eq(out[MOD][MAX_FRAMES - 1], 0.0f);
}
END_TEST

START_TEST(bend_reaches_both_ends_of_its_range)
{
  note_on(60);
  send(0xE0, 0x7F, 0x7F);
  run(1);
  ck_assert_float_eq(out[PITCH][0], (float)(2.0 / 12.0));
  send(0xE0, 0, 0);
  run(MAX_FRAMES);
  ck_assert_float_eq(out[PITCH][MAX_FRAMES - 1], (float)(-2.0 / 12.0));
  send(0xE0, 0, 0x40);
  run(MAX_FRAMES);
  ck_assert_float_eq(out[PITCH][MAX_FRAMES - 1], 0.0f);
  knobs.input.bend_range_oct = 2.0;
  send(0xE0, 0, 0x60);
  run(MAX_FRAMES);
  ck_assert_float_eq_tol(out[PITCH][MAX_FRAMES - 1], 1.0f, 2e-4f);
}
END_TEST

/// Let a channel send its range of bends, with the parameter selected before and after
static void
send_range(const uint8_t channel, const uint8_t semitones, const uint8_t cents)
{
  const uint8_t status = (uint8_t)(0xB0U + channel - 1U);
  send(status, 101, 0);
  send(status, 100, 0);
  send(status, 6, semitones);
  send(status, 38, cents);
  send(status, 101, 127);
  send(status, 100, 127);
}

/// Assert that the wheel, which is fully up, has come to rest at `semitones`
static void
assert_bend(const double semitones)
{
  run(MAX_FRAMES);
  ck_assert_float_eq_tol(out[PITCH][MAX_FRAMES - 1], (float)(semitones / 12.0), 1e-6f);
}

START_TEST(channel_sends_its_bend_range)
{
  note_on(60);
  send(0xE0, 0x7F, 0x7F);
  send_range(1, 12, 0);
  assert_bend(12.0);
  send_range(1, 0, 50);
  assert_bend(0.5);
  send_range(2, 7, 0);
  assert_bend(0.5);
  send(0xE1, 0x7F, 0x7F); // The last bend of all counts, with its channel's range
  assert_bend(7.0);
  knobs.input.routing.channel = 1;
  assert_bend(0.5);
  control_change(121, 0);
  send(0xE0, 0x7F, 0x7F);
  assert_bend(0.5);
}
END_TEST

START_TEST(knob_turned_after_a_channel_sent_its_range_counts)
{
  note_on(60);
  send(0xE0, 0x7F, 0x7F);
  send_range(1, 12, 0);
  assert_bend(12.0);
  knobs.input.bend_range_oct = 3.0 / 12.0;
  assert_bend(3.0);
  send_range(1, 12, 0);
  assert_bend(12.0);
  knobs.input.bend_range_oct = 2.0 / 12.0;
  send_range(1, 5, 0);
  assert_bend(5.0);
}
END_TEST

START_TEST(bend_glides_and_acts_on_a_note_let_go)
{
  note_on(60);
  run(10);
  note_off(60);
  run(10);
  send(0xE0, 0x7F, 0x7F);
  run(MAX_FRAMES);
  const double after_5_ms = (2.0 / 12.0) * (1.0 - exp(-1.0));
  ck_assert_float_eq_tol(out[PITCH][239], (float)after_5_ms, 1e-6f);
  ck_assert_float_eq(out[PITCH][MAX_FRAMES - 1], (float)(2.0 / 12.0));
}
END_TEST

START_TEST(notes_do_not_wait_for_the_bend)
{
  note_on(60);
  run(10);
  send(0xE0, 0x7F, 0x7F);
  note_on(72);
  run(1);
  ck_assert_float_ge(out[PITCH][0], 1.0f);
  ck_assert_float_lt(out[PITCH][0], 1.01f);
}
END_TEST

START_TEST(mod_wheel_glides_to_full_scale)
{
  run(1);
  control_change(1, 127);
  run(MAX_FRAMES);
  ck_assert_float_lt(out[MOD][0], 0.1f);
  ck_assert_float_eq_tol(out[MOD][239], (float)(10.0 * (1.0 - exp(-1.0))), 1e-5f);
  ck_assert_float_eq(out[MOD][MAX_FRAMES - 1], 10.0f);
}
END_TEST

START_TEST(first_values_are_reached_at_once)
{
  control_change(1, 127);
  send(0xE0, 0, 0);
  const uint8_t pressure[] = {0xD0, 127};
  midi_cv_message(&cv, &knobs, pressure, sizeof(pressure));
  run(1);
  ck_assert_float_eq(out[MOD][0], 10.0f);
  ck_assert_float_eq(out[PRESSURE][0], 10.0f);
  ck_assert_float_eq(out[PITCH][0], (float)(-2.0 / 12.0));
}
END_TEST

START_TEST(pressure_is_that_of_the_note_that_sounds)
{
  note_on(60);
  note_on(64);
  send(0xA0, 60, 127);
  run(1);
  ck_assert_float_eq(out[PRESSURE][0], 0.0f);
  send(0xA0, 64, 127);
  run(MAX_FRAMES);
  ck_assert_float_eq(out[PRESSURE][MAX_FRAMES - 1], 10.0f);
  note_on(67);
  run(MAX_FRAMES);
  ck_assert_float_eq(out[PRESSURE][MAX_FRAMES - 1], 0.0f);
}
END_TEST

START_TEST(glide_lands_on_its_frame)
{
  knobs.voice.glide_s = 0.1;
  note_on(60);
  run(10);
  note_on(72);
  run(MAX_FRAMES);
  ck_assert_float_eq(out[PITCH][0], 0.0f);
  ck_assert_float_eq_tol(out[PITCH][2400], 0.5f, 1e-6f);
  ck_assert_float_lt(out[PITCH][4799], 1.0f);
  ck_assert_float_eq(out[PITCH][4800], 1.0f);
  ck_assert_float_eq(out[PITCH][MAX_FRAMES - 1], 1.0f);
}
END_TEST

START_TEST(glide_goes_on_under_notes_that_change_nothing)
{
  knobs.voice.glide_s          = 0.1;
  knobs.input.routing.priority = PRIORITY_HIGH;
  note_on(60);
  run(10);
  note_on(72);
  run(2400);
  note_on(72);
  note_on(48);
  note_off(60);
  run(2401);
  ck_assert_float_lt(out[PITCH][2399], 1.0f);
  ck_assert_float_eq(out[PITCH][2400], 1.0f);
}
END_TEST

START_TEST(first_note_does_not_glide)
{
  knobs.voice.glide_s = 1.0;
  note_on(72);
  run(1);
  ck_assert_float_eq(out[PITCH][0], 1.0f);
}
END_TEST

START_TEST(legato_glides_only_from_held_notes)
{
  knobs.voice.glide_s    = 1.0;
  knobs.voice.glide_mode = GLIDE_LEGATO;
  note_on(60);
  run(10);
  note_on(72);
  run(10);
  ck_assert_float_eq(out[PITCH][0], 0.0f);
  note_off(60);
  note_off(72);
  run(10);
  note_on(48);
  run(1);
  ck_assert_float_eq(out[PITCH][0], -1.0f);
}
END_TEST

START_TEST(longest_glide_lands_at_the_highest_rate)
{
  midi_cv_init(&cv, 768000.0, GLIDE_S);
  knobs.voice.glide_s = 10.0;
  note_on(0);
  run(1);
  note_on(127);
  for (uint32_t i = 0; i < 7680000U / 7680U; ++i) {
    run(7680);
  }
  ck_assert_float_le(out[PITCH][7679], (float)(67.0 / 12.0));
  run(1);
  ck_assert_float_eq(out[PITCH][0], (float)(67.0 / 12.0));
}
END_TEST

START_TEST(only_whole_messages_count)
{
  static const uint8_t  junk[][5] = {{0x90},
                                     {0x90, 60},
                                     {0x90, 60, 100, 60, 100},
                                     {60, 100},
                                     {60, 100, 60},
                                     {0x90, 0x80, 100},
                                     {0x90, 60, 0x80},
                                     {0xF0, 60, 100},
                                     {0xF0, 1, 2, 0xF7},
                                     {0xF8},
                                     {0xFF, 60, 100},
                                     {0xC0, 60},
                                     {0xD0, 0x80},
                                     {0xD0, 60, 100},
                                     {0xE0, 0x7F},
                                     {0xB0, 1}};
  static const uint32_t sizes[]   = {1, 2, 5, 2, 3, 3, 3, 3, 4, 1, 3, 2, 2, 3, 2, 2};

  for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); ++i) {
    midi_cv_message(&cv, &knobs, junk[i], sizes[i]);
  }
  midi_cv_message(&cv, &knobs, junk[0], 0);
  run(64);
  for (int o = 0; o < N_OUTPUTS; ++o) {
    ck_assert_float_eq(out[o][63], 0.0f);
  }
}
END_TEST

START_TEST(reset_is_as_new)
{
  knobs.voice.glide_s = 0.1;
  for (uint8_t key = 0; key < 128; ++key) {
    note_on(key);
    control_change(1, key);
    send(0xE0, key, key);
    send_range(1, key, key);
    send(0xA0, key, key);
    run(7);
  }
  control_change(64, 127);
  midi_cv_reset(&cv);

  MidiCv fresh;
  memset(&fresh, 0, sizeof(fresh));
  midi_cv_init(&fresh, SAMPLE_RATE, GLIDE_S);
  note_on(60);
  note_off(60);
  run(1000);
  float again[N_OUTPUTS][1000];
  for (int o = 0; o < N_OUTPUTS; ++o) {
    memcpy(again[o], out[o], sizeof(again[o]));
  }
  cv = fresh;
  note_on(60);
  note_off(60);
  run(1000);
  for (int o = 0; o < N_OUTPUTS; ++o) {
    ck_assert_mem_eq(again[o], out[o], sizeof(again[o]));
  }
}
END_TEST

// ---- Tuning

/// A note that sounds moves to its pitch in another tuning at once
START_TEST(held_notes_follow_the_tuning)
{
  note_on(64);
  run(64);
  knobs.input.tuning.name = KEY_TUNING_JUST;
  run(64);
  ck_assert_float_eq(out[PITCH][0], (float)log2(5.0 / 4.0));
  ck_assert_float_eq(out[GATE][0], 10.0f);

  // And so does one that has been let go, for the sound that lasts
  note_off(64);
  knobs.input.tuning.name = KEY_TUNING_EQUAL;
  run(64);
  ck_assert_float_eq(out[PITCH][0], (float)(4.0 / 12.0));
}
END_TEST

/// Or it glides there, in the time of the knob, from wherever it is
START_TEST(held_notes_glide_to_the_tuning)
{
  knobs.voice.glide_s = 1000.0 / SAMPLE_RATE;
  note_on(64);
  run(64);
  knobs.input.tuning.name = KEY_TUNING_JUST;
  run(1001);
  const double way = log2(5.0 / 4.0) - 4.0 / 12.0;
  ck_assert_double_eq_tol((double)out[PITCH][500], 4.0 / 12.0 + way / 2.0, 1e-7);
  ck_assert_float_eq(out[PITCH][1000], (float)log2(5.0 / 4.0));
}
END_TEST

/// Bends add to the pitch of any tuning
START_TEST(bends_add_to_the_tuning)
{
  knobs.input.tuning.name = KEY_TUNING_JUST;
  note_on(67);
  send(0xE0, 127, 127);
  run(MAX_FRAMES);
  ck_assert_double_eq_tol(
    (double)out[PITCH][MAX_FRAMES - 1], log2(1.5) + 2.0 / 12.0, 1e-6);
}
END_TEST

/// A key without a pitch makes no note, and takes none from others
START_TEST(keys_without_a_pitch_are_silent)
{
  Tuning file;
  tuning_set_equal(&file);
  file.map.first = 60;
  file.map.last  = 72;
  midi_input_set_file(&cv.input, &file);
  knobs.input.tuning.name = KEY_TUNING_FILE;

  note_on(59);
  assert_sounds(-1);
  note_on(72);
  assert_sounds(72);
  note_on(73);
  assert_sounds(72);
  note_off(73);
  assert_sounds(72);

  // One that loses its pitch stays until it is let go
  file.map.last = 71;
  midi_input_set_file(&cv.input, &file);
  assert_sounds(72);
  note_off(72);
  run(1000);
  assert_sounds(-1);
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("midi_cv");
  TCase* const tests = tcase_create("midi_cv");
  tcase_add_checked_fixture(tests, setup, NULL);
  tcase_add_test(tests, rests_at_c4);
  tcase_add_test(tests, key_is_a_twelfth_of_a_volt);
  tcase_add_test(tests, note_acts_in_its_frame);
  tcase_add_test(tests, note_on_without_velocity_is_note_off);
  tcase_add_test(tests, pitch_and_velocity_stay_after_the_note);
  tcase_add_test(tests, overlapping_notes_keep_the_gate_up);
  tcase_add_test(tests, notes_that_meet_are_two);
  tcase_add_test(tests, notes_without_length_last_a_millisecond);
  tcase_add_test(tests, velocity_is_that_of_the_note_that_sounds);
  tcase_add_test(tests, retrigger_is_a_choice);
  tcase_add_test(tests, note_that_does_not_sound_does_not_trigger);
  tcase_add_test(tests, turning_knobs_hangs_no_note);
  tcase_add_test(tests, channel_hears_only_its_own);
  tcase_add_test(tests, new_channel_counts_for_the_message_of_its_frame);
  tcase_add_test(tests, pedal_holds_the_gate);
  tcase_add_test(tests, all_notes_off_comes_in_five_kinds);
  tcase_add_test(tests, all_sound_off_overrules_the_pedal);
  tcase_add_test(tests, controllers_can_be_reset);
  tcase_add_test(tests, bend_reaches_both_ends_of_its_range);
  tcase_add_test(tests, channel_sends_its_bend_range);
  tcase_add_test(tests, knob_turned_after_a_channel_sent_its_range_counts);
  tcase_add_test(tests, bend_glides_and_acts_on_a_note_let_go);
  tcase_add_test(tests, notes_do_not_wait_for_the_bend);
  tcase_add_test(tests, mod_wheel_glides_to_full_scale);
  tcase_add_test(tests, first_values_are_reached_at_once);
  tcase_add_test(tests, pressure_is_that_of_the_note_that_sounds);
  tcase_add_test(tests, glide_lands_on_its_frame);
  tcase_add_test(tests, glide_goes_on_under_notes_that_change_nothing);
  tcase_add_test(tests, first_note_does_not_glide);
  tcase_add_test(tests, legato_glides_only_from_held_notes);
  tcase_add_test(tests, longest_glide_lands_at_the_highest_rate);
  tcase_add_test(tests, only_whole_messages_count);
  tcase_add_test(tests, reset_is_as_new);
  tcase_add_test(tests, held_notes_follow_the_tuning);
  tcase_add_test(tests, held_notes_glide_to_the_tuning);
  tcase_add_test(tests, bends_add_to_the_tuning);
  tcase_add_test(tests, keys_without_a_pitch_are_silent);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
