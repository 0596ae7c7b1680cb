// SPDX-License-Identifier: ISC
// MIDI to CV as hosts see it: which events reach it, and in which frame

#include "support/fixture.h"
#include "support/test.h"

#include <lv2/atom/atom.h>
#include <lv2/midi/midi.h>

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { MAX_FRAMES = 8192 };

enum { PITCH, GATE, VELOCITY, PRESSURE, MOD, TRIGGER, N_OUTPUTS };

static Fixture fixture;

/// The first ports are the outputs
static float (*const out)[FIXTURE_FRAMES] = fixture.signal;

static void
setup(void)
{
  fixture_open(&fixture, CHRONUS_URI "midi_cv", 48000.0);
}

static void
teardown(void)
{
  fixture_close(&fixture);
}

START_TEST(events_act_in_their_frame)
{
  static const int64_t frames[] = {0, 1, 63, 64, 65, 127, 128, 500, 999};
  for (size_t f = 0; f < sizeof(frames) / sizeof(frames[0]); ++f) {
    fixture_start(&fixture);
    fixture_add_midi(&fixture, frames[f], 0x90, 72, 127);
    fixture_run(&fixture, 1000);
    for (int64_t i = 0; i < 1000; ++i) {
      ck_assert_float_eq(out[GATE][i], i < frames[f] ? 0.0f : 10.0f);
      ck_assert_float_eq(out[PITCH][i], i < frames[f] ? 0.0f : 1.0f);
    }
  }
}
END_TEST

START_TEST(many_events_of_a_frame_all_count)
{
  for (uint8_t key = 0; key < 128; ++key) {
    fixture_add_midi(&fixture, 100, 0x90, key, 127);
  }
  for (uint8_t key = 127; key > 10; --key) {
    fixture_add_midi(&fixture, 200, 0x80, key, 0);
  }
  fixture_run(&fixture, 300);
  ck_assert_float_eq(out[GATE][99], 0.0f);
  ck_assert_float_eq(out[PITCH][100], (float)(67.0 / 12.0));
  ck_assert_float_eq(out[PITCH][199], (float)(67.0 / 12.0));
  ck_assert_float_eq(out[PITCH][200], (float)(-50.0 / 12.0));
}
END_TEST

START_TEST(event_beyond_the_block_acts_after_it)
{
  fixture_add_midi(&fixture, 1000, 0x90, 72, 127);
  fixture_run(&fixture, 100);
  ck_assert_float_eq(out[GATE][99], 0.0f);
  fixture_clear_events(&fixture);
  fixture_run(&fixture, 1);
  ck_assert_float_eq(out[GATE][0], 10.0f);
}
END_TEST

START_TEST(event_before_its_turn_acts_at_once)
{
  fixture_add_midi(&fixture, 50, 0x90, 60, 127);
  fixture_add_midi(&fixture, 20, 0x90, 72, 127);
  fixture_add_midi(&fixture, INT64_MIN, 0x90, 84, 127);
  fixture_run(&fixture, 100);
  ck_assert_float_eq(out[GATE][49], 0.0f);
  ck_assert_float_eq(out[PITCH][50], 2.0f);

  fixture_clear_events(&fixture);
  fixture_add_midi(&fixture, -5, 0x90, 48, 127);
  fixture_run(&fixture, 100);
  ck_assert_float_eq(out[PITCH][0], -1.0f);
}
END_TEST

START_TEST(block_without_frames_takes_events)
{
  fixture_add_midi(&fixture, 0, 0x90, 72, 127);
  fixture_run(&fixture, 0);
  fixture_clear_events(&fixture);
  fixture_run(&fixture, 1);
  ck_assert_float_eq(out[PITCH][0], 1.0f);
}
END_TEST

START_TEST(event_of_another_type_is_passed_over)
{
  static const uint8_t bytes[] = {0x90, 60, 127};

  fixture_add_event(&fixture, 10, LV2_ATOM__Chunk, bytes, 3, 3);
  fixture_add_event(&fixture, 20, LV2_MIDI__MidiEvent, bytes, 0, 0);
  fixture_add_event(&fixture, 30, LV2_MIDI__MidiEvent, bytes, 1, 1);
  fixture_add_midi(&fixture, 40, 0x90, 72, 127);
  fixture_run(&fixture, 100);
  ck_assert_float_eq(out[GATE][39], 0.0f);
  ck_assert_float_eq(out[PITCH][40], 1.0f);
}
END_TEST

START_TEST(long_event_is_passed_over)
{
  static const uint8_t sysex[1001] = {0xF0, 0x90, 60, 127};

  fixture_add_event(
    &fixture, 10, LV2_MIDI__MidiEvent, sysex, sizeof(sysex), sizeof(sysex));
  fixture_add_midi(&fixture, 40, 0x90, 72, 127);
  fixture_run(&fixture, 100);
  ck_assert_float_eq(out[GATE][39], 0.0f);
  ck_assert_float_eq(out[PITCH][40], 1.0f);
}
END_TEST

START_TEST(event_longer_than_its_sequence_ends_it)
{
  static const uint8_t  bytes[] = {0x90, 60, 127};
  static const uint32_t sizes[] = {9, 4096, INT32_MAX, UINT32_MAX - 7U, UINT32_MAX};
  for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); ++s) {
    fixture_start(&fixture);
    fixture_add_midi(&fixture, 10, 0x90, 72, 127);
    fixture_add_event(&fixture, 20, LV2_MIDI__MidiEvent, bytes, 3, sizes[s]);
    fixture_run(&fixture, 100);
    ck_assert_float_eq(out[PITCH][9], 0.0f);
    ck_assert_float_eq(out[PITCH][10], 1.0f);
    ck_assert_float_eq(out[PITCH][99], 1.0f);
  }
}
END_TEST

START_TEST(sequence_of_any_size_is_survived)
{
  for (uint32_t size = 0; size < 64; ++size) {
    fixture_start(&fixture);
    fixture_add_midi(&fixture, 10, 0x90, 72, 127);
    fixture_sequence(&fixture)->atom.size = size;
    fixture_run(&fixture, 100);

    // A body of 8 bytes, a header of 16, and the 3 of the message
    ck_assert_float_eq(out[GATE][99], size >= 27U ? 10.0f : 0.0f);
  }
}
END_TEST

START_TEST(sequence_may_be_left_out)
{
  fixture_unplug(&fixture, "midi");
  fixture_run(&fixture, 100);
  for (int o = 0; o < N_OUTPUTS; ++o) {
    ck_assert_float_eq(out[o][99], 0.0f);
  }
}
END_TEST

START_TEST(knobs_count_from_the_first_frame)
{
  *fixture_knob(&fixture, "channel")    = 3.0f;
  *fixture_knob(&fixture, "priority")   = 1.0f;
  *fixture_knob(&fixture, "zero_volt")  = 1.0f;
  *fixture_knob(&fixture, "bend_range") = 12.0f;
  fixture_add_midi(&fixture, 0, 0x90, 0, 127);
  fixture_add_midi(&fixture, 0, 0x92, 60, 127);
  fixture_add_midi(&fixture, 0, 0x92, 72, 127);
  fixture_add_midi(&fixture, 0, 0xE2, 0, 0);
  fixture_run(&fixture, 100);
  ck_assert_float_eq(out[PITCH][0], 4.0f);
  ck_assert_float_eq(out[TRIGGER][0], 10.0f);
}
END_TEST

/// Return a message as the `i`th of something that plays all there is
static void
add_note_of_tune(const int64_t frame, const uint32_t i)
{
  static const uint8_t statuses[] = {
    0x90, 0x90, 0x80, 0x90, 0xE0, 0xB0, 0xA0, 0x80, 0x91, 0x90};

  const uint8_t status = statuses[i * 7U % 10U];
  const uint8_t data   = status == 0xB0 && i % 50U ? 1 : (uint8_t)(40U + i * i % 40U);
  fixture_add_midi(&fixture, frame, status, data, (uint8_t)(i * 37U % 128U));
}

/// Play the tune in blocks of `n_frames` to `to`
static void
play_tune(float to[N_OUTPUTS][MAX_FRAMES], const uint32_t n_frames)
{
  static const uint32_t interval = 23;

  lilv_instance_activate(fixture.instance);
  for (uint32_t at = 0; at < MAX_FRAMES; at += n_frames) {
    const uint32_t left = MAX_FRAMES - at;
    const uint32_t n    = n_frames < left ? n_frames : left;
    fixture_clear_events(&fixture);
    for (uint32_t i = (at + interval - 1U) / interval; i * interval < at + n; ++i) {
      add_note_of_tune((int64_t)(i * interval) - at, i);
    }
    fixture_run(&fixture, n);
    for (int o = 0; o < N_OUTPUTS; ++o) {
      memcpy(&to[o][at], out[o], n * sizeof(float));
    }
  }
}

START_TEST(slices_do_not_matter)
{
  static const uint32_t blocks[] = {1, 2, 3, 7, 23, 63, 64, 65, 100, 1024, 4096};
  static float          whole[N_OUTPUTS][MAX_FRAMES];
  static float          sliced[N_OUTPUTS][MAX_FRAMES];

  *fixture_knob(&fixture, "glide")     = 0.003f;
  *fixture_knob(&fixture, "retrigger") = 1.0f;
  play_tune(whole, MAX_FRAMES);
  for (size_t b = 0; b < sizeof(blocks) / sizeof(blocks[0]); ++b) {
    play_tune(sliced, blocks[b]);
    ck_assert_mem_eq(whole, sliced, sizeof(whole));
  }
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("midi_cv_plugin");
  TCase* const tests = tcase_create("midi_cv_plugin");
  tcase_add_checked_fixture(tests, setup, teardown);
  tcase_set_timeout(tests, 60.0);
  tcase_add_test(tests, events_act_in_their_frame);
  tcase_add_test(tests, many_events_of_a_frame_all_count);
  tcase_add_test(tests, event_beyond_the_block_acts_after_it);
  tcase_add_test(tests, event_before_its_turn_acts_at_once);
  tcase_add_test(tests, block_without_frames_takes_events);
  tcase_add_test(tests, event_of_another_type_is_passed_over);
  tcase_add_test(tests, long_event_is_passed_over);
  tcase_add_test(tests, event_longer_than_its_sequence_ends_it);
  tcase_add_test(tests, sequence_of_any_size_is_survived);
  tcase_add_test(tests, sequence_may_be_left_out);
  tcase_add_test(tests, knobs_count_from_the_first_frame);
  tcase_add_test(tests, slices_do_not_matter);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
