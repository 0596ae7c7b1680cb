// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "midi/note_stack.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define VELOCITY 100

/// Keys that should be held, in the order of the strikes: the same as Notes, but naive
typedef struct {
  Note     notes[MIDI_CHANNELS * MIDI_KEYS];
  uint32_t n_notes;
} Model;

static NoteStack notes;

static void
setup(void)
{
  note_stack_reset(&notes);
}

static void
strike(const uint32_t channel, const uint32_t key)
{
  note_stack_strike(&notes, (Note){channel, key}, VELOCITY);
}

static void
let_go(const uint32_t channel, const uint32_t key)
{
  note_stack_let_go(&notes, (Note){channel, key});
}

/// Assert that `key` of any channel sounds; a negative one stands for silence
static void
assert_sounds(const Priority priority, const int key)
{
  Note note;
  ck_assert_int_eq(note_stack_pick(&notes, channel_set(ALL_CHANNELS), priority, &note),
                   key >= 0);
  if (key >= 0) {
    ck_assert_int_eq((int)note.key, key);
  }
}

static uint32_t
random_below(const uint32_t limit)
{
  static uint32_t state = 1;

  state = state * 1664525U + 1013904223U;
  return (uint32_t)(((uint64_t)state * limit) >> 32U);
}

static void
model_remove(Model* const model, const Note note)
{
  for (uint32_t i = 0; i < model->n_notes; ++i) {
    if (!memcmp(&model->notes[i], &note, sizeof(note))) {
      --model->n_notes;
      memmove(
        &model->notes[i], &model->notes[i + 1], (model->n_notes - i) * sizeof(Note));
      return;
    }
  }
}

static void
model_add(Model* const model, const Note note)
{
  model_remove(model, note);
  model->notes[model->n_notes++] = note;
}

static bool
model_pick(const Model* const model,
           const uint32_t     channel,
           const Priority     priority,
           Note* const        picked)
{
  bool is_found = false;
  for (uint32_t i = 0; i < model->n_notes; ++i) {
    const Note note = model->notes[i];
    if (channel != ALL_CHANNELS && note.channel != channel) {
      continue;
    }
    if (!is_found || priority == PRIORITY_LAST ||
        (priority == PRIORITY_LOW && note.key <= picked->key) ||
        (priority == PRIORITY_HIGH && note.key >= picked->key)) {
      *picked = note;
    }
    is_found = true;
  }

  return is_found;
}

static void
assert_as_model(const Model* const model)
{
  for (int p = PRIORITY_LAST; p <= PRIORITY_HIGH; ++p) {
    for (uint32_t channel = ALL_CHANNELS; channel <= MIDI_CHANNELS; ++channel) {
      Note       picked   = {0, 0};
      Note       expected = {0, 0};
      const bool is_found =
        note_stack_pick(&notes, channel_set(channel), (Priority)p, &picked);
      ck_assert_int_eq(is_found, model_pick(model, channel, (Priority)p, &expected));
      ck_assert_uint_eq(picked.channel, expected.channel);
      ck_assert_uint_eq(picked.key, expected.key);
    }
  }
}

START_TEST(nothing_sounds_at_first)
{
  Note note = {3, 4};
  ck_assert(!note_stack_pick(&notes, channel_set(ALL_CHANNELS), PRIORITY_LAST, &note));
  ck_assert_uint_eq(note.channel, 3);
  ck_assert_uint_eq(note.key, 4);
}
END_TEST

START_TEST(random_playing_is_as_the_model_says)
{
  static Model model;
  model.n_notes = 0;

  // First mostly strikes, then mostly releases, until nothing is held
  for (uint32_t i = 0; i < 3000; ++i) {
    const Note note = {1U + random_below(i % 2U ? 1U : MIDI_CHANNELS),
                       random_below(MIDI_KEYS)};
    if (random_below(3000) > i) {
      note_stack_strike(&notes, note, VELOCITY);
      model_add(&model, note);
    } else {
      note_stack_let_go(&notes, note);
      model_remove(&model, note);
    }
    if (i % 16U == 0) {
      assert_as_model(&model);
    }
  }
  while (model.n_notes) {
    const Note note = model.notes[random_below(model.n_notes)];
    note_stack_let_go(&notes, note);
    model_remove(&model, note);
    assert_as_model(&model);
  }
}
END_TEST

START_TEST(twelve_notes_come_back_in_any_order)
{
  for (uint32_t turn = 0; turn < 200; ++turn) {
    static Model model;
    model.n_notes = 0;
    while (model.n_notes < 12) {
      const Note note = {1, random_below(MIDI_KEYS)};
      note_stack_strike(&notes, note, VELOCITY);
      model_add(&model, note);
    }
    while (model.n_notes) {
      const Note note = model.notes[random_below(model.n_notes)];
      note_stack_let_go(&notes, note);
      model_remove(&model, note);
      assert_as_model(&model);
    }
  }
}
END_TEST

START_TEST(all_keys_can_be_held)
{
  for (uint32_t c = 1; c <= MIDI_CHANNELS; ++c) {
    for (uint32_t k = 0; k < MIDI_KEYS; ++k) {
      strike(c, k);
    }
  }
  assert_sounds(PRIORITY_LAST, 127);
  assert_sounds(PRIORITY_LOW, 0);
  for (uint32_t c = 1; c <= MIDI_CHANNELS; ++c) {
    for (uint32_t k = 0; k < MIDI_KEYS; ++k) {
      assert_sounds(PRIORITY_HIGH, 127);
      let_go(c, k);
    }
  }
  assert_sounds(PRIORITY_HIGH, -1);
}
END_TEST

START_TEST(key_struck_twice_is_let_go_once)
{
  strike(1, 60);
  strike(1, 64);
  strike(1, 60);
  assert_sounds(PRIORITY_LAST, 60);
  let_go(1, 60);
  assert_sounds(PRIORITY_LAST, 64);
  let_go(1, 60);
  assert_sounds(PRIORITY_LAST, 64);
  let_go(1, 64);
  assert_sounds(PRIORITY_LAST, -1);
}
END_TEST

START_TEST(same_key_of_two_channels_is_two_notes)
{
  strike(1, 60);
  strike(2, 60);
  let_go(1, 60);
  assert_sounds(PRIORITY_LAST, 60);
  Note note;
  ck_assert(!note_stack_pick(&notes, channel_set(1), PRIORITY_LAST, &note));
  ck_assert(note_stack_pick(&notes, channel_set(2), PRIORITY_LAST, &note));
  let_go(2, 60);
  assert_sounds(PRIORITY_LAST, -1);
}
END_TEST

START_TEST(pedal_holds_what_fingers_let_go)
{
  strike(1, 60);
  note_stack_set_pedal(&notes, 1, true);
  let_go(1, 60);
  strike(1, 64);
  let_go(1, 64);
  strike(1, 67);
  assert_sounds(PRIORITY_LOW, 60);
  note_stack_set_pedal(&notes, 1, false);
  assert_sounds(PRIORITY_LOW, 67);
  let_go(1, 67);
  assert_sounds(PRIORITY_LOW, -1);
}
END_TEST

START_TEST(key_struck_again_under_the_pedal_is_held)
{
  note_stack_set_pedal(&notes, 1, true);
  strike(1, 60);
  let_go(1, 60);
  strike(1, 60);
  note_stack_set_pedal(&notes, 1, false);
  assert_sounds(PRIORITY_LAST, 60);
  let_go(1, 60);
  assert_sounds(PRIORITY_LAST, -1);
}
END_TEST

START_TEST(pedal_is_one_channels)
{
  note_stack_set_pedal(&notes, 2, true);
  strike(1, 60);
  let_go(1, 60);
  assert_sounds(PRIORITY_LAST, -1);
  strike(2, 60);
  let_go(2, 60);
  note_stack_set_pedal(&notes, 1, false);
  assert_sounds(PRIORITY_LAST, 60);
}
END_TEST

START_TEST(letting_go_of_all_leaves_it_to_the_pedal)
{
  strike(1, 60);
  strike(2, 72);
  note_stack_let_go_all(&notes, 1);
  assert_sounds(PRIORITY_LOW, 72);
  note_stack_set_pedal(&notes, 2, true);
  note_stack_let_go_all(&notes, 2);
  assert_sounds(PRIORITY_LOW, 72);
  note_stack_set_pedal(&notes, 2, false);
  assert_sounds(PRIORITY_LOW, -1);
}
END_TEST

START_TEST(silence_overrules_the_pedal)
{
  note_stack_set_pedal(&notes, 1, true);
  strike(1, 60);
  let_go(1, 60);
  strike(1, 64);
  strike(2, 67);
  note_stack_silence(&notes, 1);
  assert_sounds(PRIORITY_LOW, 67);
  let_go(1, 64);
  let_go(2, 67);
  assert_sounds(PRIORITY_LOW, -1);
}
END_TEST

START_TEST(pressure_belongs_to_a_strike)
{
  const Note note = {1, 60};
  strike(1, 60);
  note_stack_press(&notes, note, 90);
  ck_assert_int_eq(note_stack_key(&notes, note)->pressure, 90);
  note_stack_unpress_all(&notes, 2);
  ck_assert_int_eq(note_stack_key(&notes, note)->pressure, 90);
  note_stack_unpress_all(&notes, 1);
  ck_assert_int_eq(note_stack_key(&notes, note)->pressure, 0);
  note_stack_press(&notes, note, 90);
  strike(1, 60);
  ck_assert_int_eq(note_stack_key(&notes, note)->pressure, 0);
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("notes");
  TCase* const tests = tcase_create("notes");
  tcase_add_checked_fixture(tests, setup, NULL);
  tcase_add_test(tests, nothing_sounds_at_first);
  tcase_add_test(tests, random_playing_is_as_the_model_says);
  tcase_add_test(tests, twelve_notes_come_back_in_any_order);
  tcase_add_test(tests, all_keys_can_be_held);
  tcase_add_test(tests, key_struck_twice_is_let_go_once);
  tcase_add_test(tests, same_key_of_two_channels_is_two_notes);
  tcase_add_test(tests, pedal_holds_what_fingers_let_go);
  tcase_add_test(tests, key_struck_again_under_the_pedal_is_held);
  tcase_add_test(tests, pedal_is_one_channels);
  tcase_add_test(tests, letting_go_of_all_leaves_it_to_the_pedal);
  tcase_add_test(tests, silence_overrules_the_pedal);
  tcase_add_test(tests, pressure_belongs_to_a_strike);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
