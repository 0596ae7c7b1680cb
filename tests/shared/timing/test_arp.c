// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "timing/arp.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define RATE_HZ 48000.0
#define N_FRAMES 32768U
#define PERIOD 1000U ///< Frames from clock to clock
#define MAX_EVENTS 64U
#define N_SIGNALS 5U

enum { PITCH, GATE, VELOCITY, TRIGGER, END };

typedef struct {
  uint32_t frame;
  uint8_t  bytes[3];
} Event;

static Arp      arp;
static ArpKnobs knobs;
static Event    event[MAX_EVENTS];
static uint32_t n_events;
static float    out[N_SIGNALS][N_FRAMES];
static float    other[N_SIGNALS][N_FRAMES];
static float    clock_v[N_FRAMES];
static float    reset_v[N_FRAMES];

static void
pulse(float* const signal, const uint32_t frame)
{
  for (uint32_t i = frame; i < frame + 48U && i < N_FRAMES; ++i) {
    signal[i] = 10.0f;
  }
}

static void
clock_from(const uint32_t frame)
{
  memset(clock_v, 0, sizeof(clock_v));
  for (uint32_t i = frame; i < N_FRAMES; i += PERIOD) {
    pulse(clock_v, i);
  }
}

static void
set_up(void)
{
  memset(reset_v, 0, sizeof(reset_v));
  clock_from(0);
  n_events = 0;
  knobs    = (ArpKnobs){.n_octaves  = 1,
                        .restarts   = true,
                        .gate_parts = STEPS_PARTS / 2U,
                        .velocity   = 1.0,
                        .input      = {.routing = {.n_voices = 1}}};
  arp_init(&arp, RATE_HZ);
}

/// Add a message, which may not be before the last
static void
send(const uint32_t frame, const unsigned status, const uint32_t a, const uint32_t b)
{
  event[n_events++] = (Event){frame, {(uint8_t)status, (uint8_t)a, (uint8_t)b}};
}

static void
strike(const uint32_t frame, const uint32_t key)
{
  send(frame, 0x90, key, 100);
}

static void
let_go(const uint32_t frame, const uint32_t key)
{
  send(frame, 0x80, key, 64);
}

static void
strike_chord(const uint32_t frame)
{
  strike(frame, 64);
  strike(frame, 60);
  strike(frame, 67);
}

static uint32_t
roll(uint32_t* const dice)
{
  *dice = *dice * 1664525U + 1013904223U;
  return *dice >> 8U;
}

static void
run_slice(float signal[N_SIGNALS][N_FRAMES], const uint32_t at, const uint32_t n)
{
  const ArpInputs  in    = {clock_v + at, reset_v + at, NULL};
  const ArpOutputs frame = {
    signal[0] + at, signal[1] + at, signal[2] + at, signal[3] + at, signal[4] + at};
  arp_process(&arp, &in, &frame, n);
}

/// Play from the start, in slices of up to `n_slice` frames, and of up to each message
static void
play_in(float signal[N_SIGNALS][N_FRAMES], const uint32_t n_slice)
{
  uint32_t dice = n_slice;
  uint32_t e    = 0;
  arp_reset(&arp);
  arp_set(&arp, &knobs);
  for (uint32_t at = 0, n = 0; at < N_FRAMES; at += n) {
    for (; e < n_events && event[e].frame == at; ++e) {
      arp_midi(&arp, event[e].bytes, 3);
    }
    const uint32_t end = e < n_events ? event[e].frame : N_FRAMES;
    n                  = n_slice == 256U ? 256U : 1U + roll(&dice) % n_slice;
    n                  = n < end - at ? n : end - at;
    run_slice(signal, at, n);
  }
}

static void
play(void)
{
  play_in(out, 256);
}

/// Compare the keys of notes, by their triggers in `n` frames from `first` on; `.` is
/// no note in PERIOD frames
static void
check(const uint32_t first, const uint32_t n, const char* const expected)
{
  char text[512] = "";
  bool has_note  = false;
  for (uint32_t i = first; i < first + n; ++i) {
    const size_t at  = strlen(text);
    const bool rises = out[TRIGGER][i] > 5.0f && (i == 0 || out[TRIGGER][i - 1] < 5.0f);
    if (rises) {
      const int key = (int)(out[PITCH][i] * 12.0f + 60.5f);
      snprintf(text + at, sizeof(text) - at, "%d ", key);
      ck_assert_float_gt(out[GATE][i], 5.0f);
      has_note = true;
    }
    if ((i + 1U - first) % PERIOD == 0U) {
      snprintf(text + strlen(text), sizeof(text) - strlen(text), has_note ? "" : ". ");
      has_note = false;
    }
  }
  ck_assert_str_eq(text, expected);
}

// ---- Orders

static void
check_order(const ArpOrder order, const char* const expected)
{
  knobs.order = order;
  play();
  check(0, 8U * PERIOD, expected);
}

START_TEST(orders_are_as_listed)
{
  strike_chord(0);
  check_order(ARP_UP, "60 64 67 60 64 67 60 64 ");
  check_order(ARP_DOWN, "67 64 60 67 64 60 67 64 ");
  check_order(ARP_UP_AND_DOWN, "60 64 67 64 60 64 67 64 ");
  check_order(ARP_DOWN_AND_UP, "67 64 60 64 67 64 60 64 ");
  check_order(ARP_AS_PLAYED, "64 60 67 64 60 67 64 60 ");
  check_order(ARP_ENDS_TWICE, "60 64 67 67 64 60 60 64 ");
  check_order(ARP_OUTSIDE_IN, "60 67 64 60 67 64 60 67 ");
}
END_TEST

START_TEST(octaves_are_as_listed)
{
  knobs.n_octaves = 2;
  strike_chord(0);
  check_order(ARP_UP, "60 64 67 72 76 79 60 64 ");
  check_order(ARP_DOWN, "79 76 72 67 64 60 79 76 ");
  check_order(ARP_OUTSIDE_IN, "60 79 64 76 67 72 60 79 ");
  knobs.octaves = ARP_AGAINST;
  check_order(ARP_UP, "72 76 79 60 64 67 72 76 ");
  check_order(ARP_DOWN, "67 64 60 79 76 72 67 64 ");
  knobs.octaves = ARP_NOTE_BY_NOTE;
  check_order(ARP_UP, "60 72 64 76 67 79 60 72 ");
  check_order(ARP_AS_PLAYED, "64 76 60 72 67 79 64 76 ");
}
END_TEST

START_TEST(sixteen_keys_of_five_octaves_are_played)
{
  for (uint32_t k = 0; k < 20; ++k) {
    strike(0, 100U + k);
  }
  knobs.n_octaves = ARP_MAX_OCTAVES;
  for (int order = 0; order < (int)N_ARP_ORDERS; ++order) {
    knobs.order = (ArpOrder)order;
    play();
    for (uint32_t i = 0; i < N_FRAMES; i += PERIOD) {
      const float key = out[PITCH][i] * 12.0f + 60.0f;
      ck_assert_float_gt(key, 103.5f); // The first four have made room
      ck_assert_float_lt(key, 167.5f);
    }
  }
}
END_TEST

START_TEST(end_comes_as_the_order_starts_again)
{
  strike_chord(0);
  play();
  for (uint32_t s = 0; s < 9; ++s) {
    const float expected = s == 3 || s == 6 ? 10.0f : 0.0f;
    ck_assert_float_eq(out[END][s * PERIOD], expected);
  }
}
END_TEST

// ---- Keys

/// The note sounds to the end of its gate, and then it is no longer in the row
START_TEST(key_let_go_in_mid_step_sounds_to_its_end)
{
  strike_chord(0);
  let_go(3100, 60); // While it sounds, as number 3
  play();
  check(0, 8U * PERIOD, "60 64 67 60 64 67 64 67 ");
  ck_assert_float_eq(out[GATE][3499], 10.0f);
  ck_assert_float_eq(out[GATE][3500], 0.0f);
}
END_TEST

START_TEST(all_keys_let_go_is_a_rest)
{
  strike_chord(0);
  for (uint32_t k = 0; k < 3; ++k) {
    let_go(2500, event[k].bytes[1]);
  }
  strike(5500, 62);
  play();
  check(0, 8U * PERIOD, "60 64 67 . . . 62 62 ");
  ck_assert_float_eq_tol(out[PITCH][4000], 7.0f / 12.0f, 1e-6f); // As it was
}
END_TEST

/// Keys that join change the row, and not the count
START_TEST(keys_join_in_time)
{
  strike(0, 60);
  strike(0, 67);
  strike(2500, 64);
  play();
  check(0, 7U * PERIOD, "60 67 60 60 64 67 60 ");
}
END_TEST

START_TEST(new_chord_restarts_or_runs_along)
{
  strike_chord(0);
  for (uint32_t k = 0; k < 3; ++k) {
    let_go(3500, event[k].bytes[1]);
  }
  strike_chord(4500);
  play();
  check(0, 8U * PERIOD, "60 64 67 60 . 60 64 67 ");
  knobs.restarts = false;
  play();
  check(0, 8U * PERIOD, "60 64 67 60 . 67 60 64 ");
}
END_TEST

START_TEST(held_chord_stays_until_the_next)
{
  knobs.holds = true;
  strike(0, 60);
  strike(0, 64);
  let_go(500, 60);
  strike(1500, 67); // Joins, as 64 is down
  let_go(2500, 64);
  let_go(2500, 67);
  strike(5500, 50);
  let_go(5600, 50);
  play();
  check(0, 9U * PERIOD, "60 64 67 60 64 67 50 50 50 ");
}
END_TEST

START_TEST(hold_turned_off_lets_go)
{
  knobs.holds = true;
  arp_set(&arp, &knobs);
  arp_midi(&arp, (const uint8_t[]){0x90, 60, 100}, 3);
  arp_midi(&arp, (const uint8_t[]){0x90, 64, 100}, 3);
  arp_midi(&arp, (const uint8_t[]){0x80, 60, 0}, 3);
  ck_assert_uint_eq(arp.chord.n_keys, 2);
  knobs.holds = false;
  arp_set(&arp, &knobs);
  ck_assert_uint_eq(arp.chord.n_keys, 1);
}
END_TEST

/// Messages that silence everything end a held chord, and the gate with its frame
START_TEST(panic_ends_everything)
{
  static const uint8_t controllers[] = {120, 123, 124, 127};
  knobs.holds                        = true;
  for (uint32_t c = 0; c < sizeof(controllers); ++c) {
    n_events = 0;
    strike_chord(0);
    send(2100, 0xb1, controllers[c], 0);
    send(3100, 0xb0, controllers[c], 0);
    strike(5500, 62);
    knobs.input.routing.channel = 1;
    play();
    check(0, 8U * PERIOD, "60 64 67 60 . . 62 62 ");
    ck_assert_float_eq(out[GATE][3099], 10.0f);
    ck_assert_float_eq(out[GATE][3100], 0.0f);
  }
}
END_TEST

START_TEST(panic_knob_ends_everything)
{
  knobs.holds = true;
  arp_set(&arp, &knobs);
  arp_midi(&arp, (const uint8_t[]){0x90, 60, 100}, 3);
  knobs.input.panic = true;
  arp_set(&arp, &knobs);
  ck_assert_uint_eq(arp.chord.n_keys, 0);
  arp_midi(&arp, (const uint8_t[]){0x90, 60, 100}, 3);
  ck_assert_uint_eq(arp.chord.n_keys, 0);
}
END_TEST

START_TEST(velocity_is_that_of_the_key)
{
  send(0, 0x90, 60, 127);
  send(0, 0x90, 64, 1);
  play();
  ck_assert_float_eq_tol(out[VELOCITY][500], 10.0f, 1e-6f);
  ck_assert_float_eq_tol(out[VELOCITY][1500], 10.0f / 127.0f, 1e-6f);
  knobs.velocity = 0.0;
  play();
  ck_assert_float_eq_tol(out[VELOCITY][1500], 10.0f, 1e-6f);
}
END_TEST

START_TEST(other_channels_do_not_count)
{
  knobs.input.routing.channel = 2;
  send(0, 0x90, 60, 100);
  send(0, 0x91, 62, 100);
  play();
  check(0, 3U * PERIOD, "62 62 62 ");
}
END_TEST

// ---- Clock and key

START_TEST(key_with_the_clock_is_played_by_it)
{
  for (int first = ARP_ON_CLOCK; first <= (int)ARP_AT_ONCE; ++first) {
    knobs.first = (ArpFirst)first;
    n_events    = 0;
    strike(3000, 60);
    play();
    check(0, 6U * PERIOD, ". . . 60 60 60 ");
    ck_assert_float_eq(out[GATE][3000], 10.0f);
    ck_assert_float_eq(out[GATE][3499], 10.0f);
    ck_assert_float_eq(out[GATE][3500], 0.0f);
  }
}
END_TEST

/// The clock that follows within 30 ms is that of the note, and one later the next
START_TEST(first_note_comes_at_once)
{
  const uint32_t chord_frames = (uint32_t)(ARP_CHORD_S * RATE_HZ);
  knobs.first                 = ARP_AT_ONCE;
  clock_from(5000);
  strike_chord(5000 - chord_frames + 1);
  play();
  check(3000, 5U * PERIOD, "60 . . 64 67 ");
  n_events = 0;
  strike_chord(5000 - chord_frames);
  play();
  check(3000, 5U * PERIOD, "60 . 64 67 60 ");
}
END_TEST

/// Keys that come as soon as those of a chord take over without a trigger
START_TEST(chord_that_is_spread_starts_at_its_first_note)
{
  knobs.first = ARP_AT_ONCE;
  clock_from(10000);
  strike(2100, 64);
  strike(2400, 60);
  strike(2700, 67);
  strike(2100 + 1500, 55); // Too late for that
  play();
  check(2000, PERIOD, "64 ");
  ck_assert_float_eq_tol(out[PITCH][2399], 4.0f / 12.0f, 1e-6f);
  ck_assert_float_eq(out[PITCH][2400], 0.0f);
  ck_assert_float_eq(out[PITCH][9999], 0.0f);
  ck_assert_float_eq(out[GATE][9999], 10.0f); // Without a clock, as long as keys are
  check(10000, 4U * PERIOD, "60 64 67 55 ");
}
END_TEST

START_TEST(note_without_a_clock_ends_with_the_keys)
{
  knobs.first = ARP_AT_ONCE;
  clock_from(N_FRAMES);
  strike(2000, 60);
  strike(2500, 64);
  let_go(4000, 60);
  let_go(5000, 64);
  play();
  ck_assert_float_eq(out[GATE][1999], 0.0f);
  ck_assert_float_eq(out[GATE][2000], 10.0f);
  ck_assert_float_eq(out[GATE][4999], 10.0f);
  ck_assert_float_eq(out[GATE][5000], 0.0f);
}
END_TEST

/// A clock and a reset that are less than 1 ms apart are one event
START_TEST(reset_near_a_clock_starts_the_first_note)
{
  strike_chord(0);
  for (uint32_t at = 4000 - 47; at <= 4000 + 47; ++at) {
    memset(reset_v, 0, sizeof(reset_v));
    pulse(reset_v, at);
    play();
    for (uint32_t s = 0; s < 4; ++s) {
      const float expected = s == 1 ? 4.0f : s == 2 ? 7.0f : 0.0f;
      ck_assert_float_eq_tol(out[PITCH][4100 + s * PERIOD] * 12.0f, expected, 1e-5f);
    }
  }
}
END_TEST

START_TEST(reset_between_clocks_waits_for_the_next)
{
  strike_chord(0);
  pulse(reset_v, 1250);
  play();
  check(0, 5U * PERIOD, "60 64 60 64 67 ");
  ck_assert_float_eq(out[GATE][1249], 10.0f);
  ck_assert_float_eq(out[GATE][1250], 0.0f);
}
END_TEST

// ---- Song

static void
roll_song(const double beat)
{
  const Transport song = {.bar              = 0,
                          .bar_beat         = beat,
                          .beat_unit        = 4,
                          .beats_per_bar    = 64,
                          .beats_per_minute = 120,
                          .frame            = beat * 24000.0,
                          .speed            = 1};
  arp_transport(&arp, &song);
}

/// A chord that is held goes on by the place; steps are 6000 frames at 120 BPM
START_TEST(song_plays_by_its_place)
{
  knobs.steps = (StepsSettings){STEPS_SONG, 17, STEPPER_NEXT_CLOCK};
  for (uint32_t place = 0; place < 7; ++place) {
    static const float expected[] = {0.0f, 4.0f, 7.0f};
    arp_reset(&arp);
    arp_set(&arp, &knobs);
    arp_midi(&arp, (const uint8_t[]){0x90, 60, 100}, 3);
    arp_midi(&arp, (const uint8_t[]){0x90, 64, 100}, 3);
    arp_midi(&arp, (const uint8_t[]){0x90, 67, 100}, 3);
    roll_song(0.0);
    run_slice(out, 0, 256);
    roll_song(place * 0.25);
    run_slice(out, 0, 256);
    ck_assert_float_eq_tol(out[PITCH][128] * 12.0f, expected[place % 3], 1e-5f);
  }
}
END_TEST

// ---- Slices

START_TEST(slices_make_no_difference)
{
  uint32_t dice = 1;
  for (uint32_t round = 0; round < 24; ++round) {
    set_up();
    knobs.order     = (ArpOrder)(round % N_ARP_ORDERS);
    knobs.n_octaves = 1U + round % 3U;
    knobs.holds     = round % 2U == 1U;
    knobs.first     = (ArpFirst)(round / 2U % 2U);
    knobs.restarts  = round % 5U > 0U;
    knobs.glide_s   = round % 3U == 0U ? 0.01 : 0.0;
    clock_from(round * 700U);
    pulse(reset_v, roll(&dice) % N_FRAMES);
    for (uint32_t at = 0; n_events < MAX_EVENTS; at += roll(&dice) % 900U) {
      const bool     is_on = roll(&dice) % 2U == 0U;
      const uint32_t key   = 60U + roll(&dice) % 5U;
      send(at, is_on ? 0x90 : 0x80, key, 100);
    }
    play();
    play_in(other, 1 + round * 20U);
    ck_assert_int_eq(memcmp(out, other, sizeof(out)), 0);
  }
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("arp");
  TCase* const tests = tcase_create("arp");
  tcase_add_checked_fixture(tests, set_up, NULL);
  tcase_add_test(tests, orders_are_as_listed);
  tcase_add_test(tests, octaves_are_as_listed);
  tcase_add_test(tests, sixteen_keys_of_five_octaves_are_played);
  tcase_add_test(tests, end_comes_as_the_order_starts_again);
  tcase_add_test(tests, key_let_go_in_mid_step_sounds_to_its_end);
  tcase_add_test(tests, all_keys_let_go_is_a_rest);
  tcase_add_test(tests, keys_join_in_time);
  tcase_add_test(tests, new_chord_restarts_or_runs_along);
  tcase_add_test(tests, held_chord_stays_until_the_next);
  tcase_add_test(tests, hold_turned_off_lets_go);
  tcase_add_test(tests, panic_ends_everything);
  tcase_add_test(tests, panic_knob_ends_everything);
  tcase_add_test(tests, velocity_is_that_of_the_key);
  tcase_add_test(tests, other_channels_do_not_count);
  tcase_add_test(tests, key_with_the_clock_is_played_by_it);
  tcase_add_test(tests, first_note_comes_at_once);
  tcase_add_test(tests, chord_that_is_spread_starts_at_its_first_note);
  tcase_add_test(tests, note_without_a_clock_ends_with_the_keys);
  tcase_add_test(tests, reset_near_a_clock_starts_the_first_note);
  tcase_add_test(tests, reset_between_clocks_waits_for_the_next);
  tcase_add_test(tests, song_plays_by_its_place);
  tcase_add_test(tests, slices_make_no_difference);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
