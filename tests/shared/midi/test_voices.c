// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "midi/midi_cv.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define SAMPLE_RATE 48000.0
#define GLIDE_S 0.005

enum { KEYS = 24, CHANNELS = 3, N_EVENTS = 200 };

static MidiInput      input;
static MidiInputKnobs knobs;

static void
setup(void)
{
  knobs = (MidiInputKnobs){.routing            = {.n_voices = 4, .steals = true},
                           .bend_range_oct     = 2.0 / 12.0,
                           .mpe_bend_range_oct = 48.0 / 12.0};
  midi_input_reset(&input);
}

static MidiEvent
send(const uint8_t status, const uint8_t data1, const uint8_t data2)
{
  const uint8_t bytes[] = {status, data1, data2};

  return midi_input_message(&input, &knobs, bytes, sizeof(bytes));
}

/// Strike a key of channel 1, and return its voice, from 0 on, or NO_VOICE
static uint32_t
strike(const uint8_t key)
{
  return send(0x90, key, 100).voice;
}

static void
let_go(const uint8_t key)
{
  send(0x80, key, 64);
}

/// Return the key that a voice plays, or -1
static int
key_of(const uint32_t voice)
{
  Note note;

  return midi_input_note(&input, voice, &note) ? (int)note.key : -1;
}

// ---- Which voice

START_TEST(voices_in_turn)
{
  static const struct {
    Allocation allocation;
    uint32_t   voice[4]; ///< Of a b, then b let go, then c, then c and a let go, then d
  } cases[] = {{ALLOCATE_ROTATE, {0, 1, 2, 3}},
               {ALLOCATE_LOWEST, {0, 1, 1, 0}},
               {ALLOCATE_SILENT_LONGEST, {0, 1, 2, 3}},
               {ALLOCATE_SAME_KEY, {0, 1, 2, 3}}};

  knobs.routing.allocation = cases[_i].allocation;
  ck_assert_uint_eq(strike(60), cases[_i].voice[0]);
  ck_assert_uint_eq(strike(61), cases[_i].voice[1]);
  let_go(61);
  ck_assert_uint_eq(strike(62), cases[_i].voice[2]);
  let_go(62);
  let_go(60);
  ck_assert_uint_eq(strike(63), cases[_i].voice[3]);
}
END_TEST

START_TEST(same_key_gets_its_voice_again)
{
  const uint32_t voice = strike(60);
  strike(61);
  let_go(60);
  ck_assert_uint_eq(strike(60), voice);
}
END_TEST

START_TEST(stolen_note_comes_back)
{
  for (uint8_t k = 60; k < 64; ++k) {
    strike(k);
  }
  ck_assert_uint_eq(strike(70), 0);
  ck_assert_int_eq(key_of(0), 70);
  let_go(62);
  ck_assert_int_eq(key_of(2), 60);
  let_go(60);
  ck_assert_int_eq(key_of(2), -1);
}
END_TEST

START_TEST(stolen_note_let_go_does_not_come_back)
{
  for (uint8_t k = 60; k < 65; ++k) {
    strike(k);
  }
  let_go(60);
  let_go(64);
  ck_assert_int_eq(key_of(0), -1);
}
END_TEST

START_TEST(pedal_notes_are_stolen_first)
{
  send(0xB0, 64, 127);
  for (uint8_t k = 60; k < 64; ++k) {
    strike(k);
  }
  let_go(62);
  ck_assert_int_eq(key_of(2), 62);
  ck_assert_uint_eq(strike(70), 2);
}
END_TEST

START_TEST(nothing_is_stolen_if_so_set)
{
  knobs.routing.steals = false;
  for (uint8_t k = 60; k < 64; ++k) {
    strike(k);
  }
  ck_assert_uint_eq(strike(70), NO_VOICE);
  let_go(60);
  ck_assert_int_eq(key_of(0), -1);
}
END_TEST

START_TEST(channels_have_voices)
{
  knobs.routing.allocation = ALLOCATE_BY_CHANNEL;
  send(0x92, 50, 100);
  send(0x92, 55, 100);
  send(0x95, 40, 100);
  ck_assert_int_eq(key_of(2), 55);
  ck_assert_int_eq(key_of(1), 40); // Channel 6 comes round to the second of four
  send(0x82, 55, 0);
  ck_assert_int_eq(key_of(2), 50);
}
END_TEST

START_TEST(unison_plays_one_note)
{
  knobs.routing.allocation = ALLOCATE_UNISON;
  strike(60);
  strike(64);
  for (uint32_t v = 0; v < 4U; ++v) {
    ck_assert_int_eq(key_of(v), 64);
  }
}
END_TEST

START_TEST(held_notes_go_on_when_voices_change)
{
  for (uint8_t k = 60; k < 64; ++k) {
    strike(k);
  }
  knobs.routing.n_voices = 2;
  midi_input_turn(&input, &knobs);
  ck_assert_int_eq(key_of(0), 60);
  ck_assert_int_eq(key_of(2), -1);
  knobs.routing.n_voices = 1;
  midi_input_turn(&input, &knobs);
  ck_assert_int_eq(key_of(0), 63);
  knobs.routing.n_voices = 4;
  midi_input_turn(&input, &knobs);
  for (uint32_t v = 0; v < 4U; ++v) {
    ck_assert_int_ge(key_of(v), 60);
  }
}
END_TEST

// ---- A million events

static uint32_t random_state;

static uint32_t
below(const uint32_t n)
{
  random_state = random_state * 1664525U + 1013904223U;
  return (random_state >> 8U) % n;
}

static bool fingers[1U + CHANNELS][128];
static bool pedals[1U + CHANNELS];

static void
play_something(void)
{
  const uint8_t  channel = (uint8_t)(1U + below(CHANNELS));
  const uint8_t  key     = (uint8_t)(48U + below(KEYS));
  const uint32_t what    = below(100);
  if (what < 45U) {
    send((uint8_t)(0x8FU + channel), key, 100);
    fingers[channel][key] = true;
  } else if (what < 90U) {
    send((uint8_t)(0x7FU + channel), key, 64);
    fingers[channel][key] = false;
  } else {
    pedals[channel] = below(2);
    send((uint8_t)(0xAFU + channel), 64, pedals[channel] ? 127 : 0);
  }
}

/// Check that nothing is stuck, lost or doubled
static void
check_voices(void)
{
  uint32_t n_voices[1U + CHANNELS][128] = {{0}};
  uint32_t n_playing                    = 0;
  for (uint32_t v = 0; v < knobs.routing.n_voices; ++v) {
    Note note;
    if (midi_input_note(&input, v, &note)) {
      ++n_voices[note.channel][note.key];
      ++n_playing;
    }
  }

  uint32_t n_held   = 0;
  uint32_t n_played = 0;
  bool     is_right = true;
  for (uint32_t c = 1; c <= CHANNELS; ++c) {
    for (uint32_t k = 48; k < 48 + KEYS; ++k) {
      const uint32_t n = n_voices[c][k];
      is_right &= (n <= 1U || pedals[c]) && (n == 0U || fingers[c][k] || pedals[c]);
      n_held += fingers[c][k];
      n_played += n && fingers[c][k];
    }
  }
  ck_assert(is_right);
  ck_assert(!knobs.routing.steals || n_played == n_held ||
            n_playing == knobs.routing.n_voices);
}

START_TEST(nothing_is_stuck_lost_or_doubled)
{
  for (uint32_t trial = 0; trial < 1250U; ++trial) {
    random_state             = 1U + trial + 10000U * (uint32_t)_i;
    knobs.routing.n_voices   = 2U + below(MAX_VOICES - 1U);
    knobs.routing.steals     = below(2);
    knobs.routing.allocation = (Allocation)_i;
    midi_input_reset(&input);
    memset(fingers, 0, sizeof(fingers));
    memset(pedals, 0, sizeof(pedals));
    for (uint32_t e = 0; e < N_EVENTS; ++e) {
      play_something();
      if (e % 4U == 0U) {
        check_voices();
      }
    }
    for (uint32_t c = 1; c <= CHANNELS; ++c) {
      send((uint8_t)(0xAFU + c), 123, 0);
      send((uint8_t)(0xAFU + c), 64, 0);
    }
    for (uint32_t v = 0; v < MAX_VOICES; ++v) {
      ck_assert_int_eq(key_of(v), -1);
    }
  }
}
END_TEST

// ---- One voice of several

enum { PITCH, GATE, VELOCITY, PRESSURE, MOD, TRIGGER, SLIDE, LIFT, N_OUTPUTS };

static MidiCv      cv;
static MidiCvKnobs cv_knobs;
static float       out[N_OUTPUTS][4096];

static void
setup_cv(void)
{
  setup();
  cv_knobs = (MidiCvKnobs){.input = knobs};
  midi_cv_init(&cv, SAMPLE_RATE, GLIDE_S);
}

static void
send_cv(const uint8_t status, const uint8_t data1, const uint8_t data2)
{
  const uint8_t bytes[] = {status, data1, data2};

  midi_cv_message(&cv, &cv_knobs, bytes, (status & 0xE0U) == 0xC0U ? 2 : 3);
}

static void
run_cv(const uint32_t n_frames)
{
  const MidiVoiceOutputs outputs = {out[PITCH],
                                    out[GATE],
                                    out[VELOCITY],
                                    out[PRESSURE],
                                    out[MOD],
                                    out[TRIGGER],
                                    out[SLIDE],
                                    out[LIFT]};
  midi_cv_process(&cv, &cv_knobs, &outputs, n_frames);
}

START_TEST(stolen_voice_rises_anew)
{
  for (uint8_t k = 60; k < 64; ++k) {
    send_cv(0x90, k, 100);
  }
  run_cv(1000);
  ck_assert_float_eq(out[PITCH][0], 0.0f);
  send_cv(0x90, 72, 100);
  run_cv(100);
  ck_assert_float_eq(out[GATE][0], 0.0f);
  ck_assert_float_eq(out[GATE][1], 10.0f);
  ck_assert_float_eq(out[TRIGGER][1], 10.0f);
  ck_assert_float_eq(out[PITCH][0], 1.0f);

  // The first note comes back, without a trigger
  run_cv(1000);
  send_cv(0x80, 72, 64);
  run_cv(100);
  ck_assert_float_eq(out[GATE][0], 10.0f);
  ck_assert_float_eq(out[TRIGGER][1], 0.0f);
  ck_assert_float_eq(out[PITCH][0], 0.0f);
}
END_TEST

START_TEST(lift_is_that_of_the_key)
{
  send_cv(0x90, 60, 100);
  send_cv(0x80, 60, 127);
  run_cv(10);
  ck_assert_float_eq(out[LIFT][9], 10.0f);
  send_cv(0x90, 60, 100);
  send_cv(0x80, 61, 0);
  run_cv(10);
  ck_assert_float_eq(out[LIFT][9], 10.0f);
}
END_TEST

START_TEST(mpe_bends_add_up)
{
  cv_knobs.input.routing.mpe = MPE_LOWER;
  send_cv(0xE1, 0, 96); // Half way up, before its note
  send_cv(0xB1, 74, 127);
  send_cv(0xD1, 127, 0);
  send_cv(0xE0, 0, 0);
  send_cv(0x91, 60, 100);
  run_cv(10);
  ck_assert_float_eq_tol(
    out[PITCH][0], (float)(4.0 * 4096.0 / 8191.0 - 2.0 / 12.0), 1e-6f);
  ck_assert_float_eq(out[SLIDE][0], 10.0f);
  ck_assert_float_eq(out[PRESSURE][0], 10.0f);

  // That of another channel does nothing
  send_cv(0xE2, 0, 0);
  run_cv(1000);
  ck_assert_float_eq_tol(
    out[PITCH][999], (float)(4.0 * 4096.0 / 8191.0 - 2.0 / 12.0), 1e-6f);
}
END_TEST

START_TEST(mpe_voice_freezes_when_its_channel_plays_on)
{
  cv_knobs.input.routing.mpe        = MPE_LOWER;
  cv_knobs.input.routing.allocation = ALLOCATE_ROTATE;
  send_cv(0x91, 60, 100);
  run_cv(100);
  send_cv(0x81, 60, 64);
  send_cv(0xE1, 127, 127);
  run_cv(4096);
  ck_assert_float_eq(out[PITCH][4095], 4.0f);
  send_cv(0x91, 62, 100);
  send_cv(0xE1, 0, 0);
  run_cv(4096);
  ck_assert_float_eq(out[PITCH][4095], 4.0f);
}
END_TEST

START_TEST(mpe_zone_is_as_large_as_sent)
{
  cv_knobs.input.routing.mpe = MPE_UPPER;
  send_cv(0xBF, 101, 0);
  send_cv(0xBF, 100, 6);
  send_cv(0xBF, 6, 3);
  send_cv(0x9B, 60, 100); // Channel 12 is no member of 15, 14, 13
  run_cv(10);
  ck_assert_float_eq(out[GATE][9], 0.0f);
  send_cv(0x9C, 60, 100);
  run_cv(10);
  ck_assert_float_eq(out[GATE][9], 10.0f);
}
END_TEST

START_TEST(mpe_master_pedal_holds_all)
{
  cv_knobs.input.routing.mpe = MPE_LOWER;
  send_cv(0xB0, 64, 127);
  send_cv(0x93, 60, 100);
  send_cv(0x83, 60, 64);
  run_cv(100);
  ck_assert_float_eq(out[GATE][99], 10.0f);
  send_cv(0xB0, 64, 0);
  run_cv(100);
  ck_assert_float_eq(out[GATE][99], 0.0f);
}
END_TEST

START_TEST(panic_silences)
{
  send_cv(0xB0, 64, 127);
  send_cv(0x90, 60, 100);
  run_cv(100);
  cv_knobs.input.panic = true;
  run_cv(100);
  ck_assert_float_eq(out[GATE][99], 0.0f);
  send_cv(0x90, 62, 100);
  run_cv(100);
  ck_assert_float_eq(out[GATE][99], 0.0f);
  cv_knobs.input.panic = false;
  send_cv(0x90, 62, 100);
  send_cv(0x80, 62, 100);
  run_cv(100);
  ck_assert_float_eq(out[GATE][99], 0.0f);
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("voices");
  TCase* const which = tcase_create("which");
  tcase_add_checked_fixture(which, setup, NULL);
  tcase_add_loop_test(which, voices_in_turn, 0, 4);
  tcase_add_test(which, same_key_gets_its_voice_again);
  tcase_add_test(which, stolen_note_comes_back);
  tcase_add_test(which, stolen_note_let_go_does_not_come_back);
  tcase_add_test(which, pedal_notes_are_stolen_first);
  tcase_add_test(which, nothing_is_stolen_if_so_set);
  tcase_add_test(which, channels_have_voices);
  tcase_add_test(which, unison_plays_one_note);
  tcase_add_test(which, held_notes_go_on_when_voices_change);
  tcase_add_loop_test(which, nothing_is_stuck_lost_or_doubled, 0, 4);
  suite_add_tcase(suite, which);

  TCase* const one = tcase_create("one");
  tcase_add_checked_fixture(one, setup_cv, NULL);
  tcase_add_test(one, stolen_voice_rises_anew);
  tcase_add_test(one, lift_is_that_of_the_key);
  tcase_add_test(one, mpe_bends_add_up);
  tcase_add_test(one, mpe_voice_freezes_when_its_channel_plays_on);
  tcase_add_test(one, mpe_zone_is_as_large_as_sent);
  tcase_add_test(one, mpe_master_pedal_holds_all);
  tcase_add_test(one, panic_silences);
  suite_add_tcase(suite, one);
  return run_tests(suite);
}
