// SPDX-License-Identifier: ISC
// MIDI to CV as hosts see it: which events reach it, and in which frame

#include "test.h"

#include "host.h"

#include <lv2/atom/atom.h>
#include <lv2/midi/midi.h>

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define SAMPLE_RATE 48000.0
#define MAX_FRAMES 8192U
#define MAX_PORTS 32U
#define SEQUENCE_SIZE 65536U

enum { PITCH, GATE, VELOCITY, PRESSURE, MOD, TRIGGER, N_OUTPUTS };

static Host*             host;
static const HostPlugin* plugin;
static LilvInstance*     instance;
static float             controls[MAX_PORTS];
static float             out[N_OUTPUTS][MAX_FRAMES];
static uint64_t          sequence_words[SEQUENCE_SIZE / 8U];

static void
setup(void)
{
  host = host_new(TEST_LV2_PATH);
  ck_assert_ptr_nonnull(host);
  plugin = host_plugin(host, CHRONUS_URI "midi_cv");
  ck_assert_ptr_nonnull(plugin);
  instance = host_instantiate(host, plugin, SAMPLE_RATE);
  ck_assert_ptr_nonnull(instance);

  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    const HostPort* const port = &plugin->ports[p];
    if (port->kind == HOST_CONTROL) {
      controls[p] = port->default_value;
      lilv_instance_connect_port(instance, p, &controls[p]);
    } else if (port->kind == HOST_EVENTS) {
      lilv_instance_connect_port(instance, p, sequence_words);
    } else {
      lilv_instance_connect_port(instance, p, out[p]);
    }
  }
  lilv_instance_activate(instance);
}

static void
teardown(void)
{
  lilv_instance_deactivate(instance);
  lilv_instance_free(instance);
  host_free(host);
}

static LV2_Atom_Sequence*
sequence(void)
{
  return (LV2_Atom_Sequence*)sequence_words;
}

static void
clear_events(void)
{
  memset(sequence_words, 0, sizeof(sequence_words));
  sequence()->atom.type = host_map(host, LV2_ATOM__Sequence);
  sequence()->atom.size = sizeof(LV2_Atom_Sequence_Body);
}

/// Append an event of which `n_bytes` are there, but `size` are announced
static void
add_event(const int64_t        frame,
          const char* const    type,
          const uint8_t* const bytes,
          const uint32_t       n_bytes,
          const uint32_t       size)
{
  const LV2_Atom_Event event = {{.frames = frame}, {size, host_map(host, type)}};

  uint8_t* const end =
    (uint8_t*)sequence_words + sizeof(LV2_Atom) + sequence()->atom.size;
  memcpy(end, &event, sizeof(event));
  memcpy(end + sizeof(event), bytes, n_bytes);
  sequence()->atom.size += (uint32_t)sizeof(event) + ((n_bytes + 7U) & ~7U);
}

static void
add_message(const int64_t frame,
            const uint8_t status,
            const uint8_t d1,
            const uint8_t d2)
{
  const uint8_t bytes[] = {status, d1, d2};

  add_event(frame, LV2_MIDI__MidiEvent, bytes, 3, 3);
}

static void
set(const char* const symbol, const float value)
{
  controls[host_port(plugin, symbol)->index] = value;
}

START_TEST(events_act_in_their_frame)
{
  static const int64_t frames[] = {0, 1, 63, 64, 65, 127, 128, 500, 999};
  for (size_t f = 0; f < sizeof(frames) / sizeof(frames[0]); ++f) {
    clear_events();
    add_message(frames[f], 0x90, 72, 127);
    lilv_instance_activate(instance);
    lilv_instance_run(instance, 1000);
    for (int64_t i = 0; i < 1000; ++i) {
      ck_assert_float_eq(out[GATE][i], i < frames[f] ? 0.0f : 10.0f);
      ck_assert_float_eq(out[PITCH][i], i < frames[f] ? 0.0f : 1.0f);
    }
  }
}
END_TEST

START_TEST(many_events_of_a_frame_all_count)
{
  clear_events();
  for (uint8_t key = 0; key < 128; ++key) {
    add_message(100, 0x90, key, 127);
  }
  for (uint8_t key = 127; key > 10; --key) {
    add_message(200, 0x80, key, 0);
  }
  lilv_instance_run(instance, 300);
  ck_assert_float_eq(out[GATE][99], 0.0f);
  ck_assert_float_eq(out[PITCH][100], (float)(67.0 / 12.0));
  ck_assert_float_eq(out[PITCH][199], (float)(67.0 / 12.0));
  ck_assert_float_eq(out[PITCH][200], (float)(-50.0 / 12.0));
}
END_TEST

START_TEST(event_beyond_the_block_acts_after_it)
{
  clear_events();
  add_message(1000, 0x90, 72, 127);
  lilv_instance_run(instance, 100);
  ck_assert_float_eq(out[GATE][99], 0.0f);
  clear_events();
  lilv_instance_run(instance, 1);
  ck_assert_float_eq(out[GATE][0], 10.0f);
}
END_TEST

START_TEST(event_before_its_turn_acts_at_once)
{
  clear_events();
  add_message(50, 0x90, 60, 127);
  add_message(20, 0x90, 72, 127);
  add_message(INT64_MIN, 0x90, 84, 127);
  lilv_instance_run(instance, 100);
  ck_assert_float_eq(out[GATE][49], 0.0f);
  ck_assert_float_eq(out[PITCH][50], 2.0f);

  clear_events();
  add_message(-5, 0x90, 48, 127);
  lilv_instance_run(instance, 100);
  ck_assert_float_eq(out[PITCH][0], -1.0f);
}
END_TEST

START_TEST(block_without_frames_takes_events)
{
  clear_events();
  add_message(0, 0x90, 72, 127);
  lilv_instance_run(instance, 0);
  clear_events();
  lilv_instance_run(instance, 1);
  ck_assert_float_eq(out[PITCH][0], 1.0f);
}
END_TEST

START_TEST(event_of_another_type_is_passed_over)
{
  static const uint8_t bytes[] = {0x90, 60, 127};

  clear_events();
  add_event(10, LV2_ATOM__Chunk, bytes, 3, 3);
  add_event(20, LV2_MIDI__MidiEvent, bytes, 0, 0);
  add_event(30, LV2_MIDI__MidiEvent, bytes, 1, 1);
  add_message(40, 0x90, 72, 127);
  lilv_instance_run(instance, 100);
  ck_assert_float_eq(out[GATE][39], 0.0f);
  ck_assert_float_eq(out[PITCH][40], 1.0f);
}
END_TEST

START_TEST(long_event_is_passed_over)
{
  static const uint8_t sysex[1001] = {0xF0, 0x90, 60, 127};

  clear_events();
  add_event(10, LV2_MIDI__MidiEvent, sysex, sizeof(sysex), sizeof(sysex));
  add_message(40, 0x90, 72, 127);
  lilv_instance_run(instance, 100);
  ck_assert_float_eq(out[GATE][39], 0.0f);
  ck_assert_float_eq(out[PITCH][40], 1.0f);
}
END_TEST

START_TEST(event_longer_than_its_sequence_ends_it)
{
  static const uint8_t  bytes[] = {0x90, 60, 127};
  static const uint32_t sizes[] = {9, 4096, INT32_MAX, UINT32_MAX - 7U, UINT32_MAX};
  for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); ++s) {
    clear_events();
    lilv_instance_activate(instance);
    add_message(10, 0x90, 72, 127);
    add_event(20, LV2_MIDI__MidiEvent, bytes, 3, sizes[s]);
    lilv_instance_run(instance, 100);
    ck_assert_float_eq(out[PITCH][9], 0.0f);
    ck_assert_float_eq(out[PITCH][10], 1.0f);
    ck_assert_float_eq(out[PITCH][99], 1.0f);
  }
}
END_TEST

START_TEST(sequence_of_any_size_is_survived)
{
  for (uint32_t size = 0; size < 64; ++size) {
    clear_events();
    lilv_instance_activate(instance);
    add_message(10, 0x90, 72, 127);
    sequence()->atom.size = size;
    lilv_instance_run(instance, 100);

    // A body of 8 bytes, a header of 16, and the 3 of the message
    ck_assert_float_eq(out[GATE][99], size >= 27U ? 10.0f : 0.0f);
  }
}
END_TEST

START_TEST(sequence_may_be_left_out)
{
  lilv_instance_connect_port(instance, host_port(plugin, "midi")->index, NULL);
  lilv_instance_run(instance, 100);
  for (int o = 0; o < N_OUTPUTS; ++o) {
    ck_assert_float_eq(out[o][99], 0.0f);
  }
}
END_TEST

START_TEST(knobs_count_from_the_first_frame)
{
  clear_events();
  set("channel", 3.0f);
  set("priority", 1.0f);
  set("zero_volt", 1.0f);
  set("bend_range", 12.0f);
  add_message(0, 0x90, 0, 127);
  add_message(0, 0x92, 60, 127);
  add_message(0, 0x92, 72, 127);
  add_message(0, 0xE2, 0, 0);
  lilv_instance_run(instance, 100);
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
  add_message(frame, status, data, (uint8_t)(i * 37U % 128U));
}

/// Play the tune in blocks of `n_frames` to `to`
static void
play_tune(float to[N_OUTPUTS][MAX_FRAMES], const uint32_t n_frames)
{
  static const uint32_t interval = 23;

  lilv_instance_activate(instance);
  for (uint32_t at = 0; at < MAX_FRAMES; at += n_frames) {
    const uint32_t left = MAX_FRAMES - at;
    const uint32_t n    = n_frames < left ? n_frames : left;
    clear_events();
    for (uint32_t i = (at + interval - 1U) / interval; i * interval < at + n; ++i) {
      add_note_of_tune((int64_t)(i * interval) - at, i);
    }
    lilv_instance_run(instance, n);
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

  set("glide", 0.003f);
  set("retrigger", 1.0f);
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
  tcase_add_unchecked_fixture(tests, setup, teardown);
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
