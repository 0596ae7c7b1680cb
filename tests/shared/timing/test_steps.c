// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "timing/steps.h"
#include "timing/tempo_sync.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define RATE_HZ 48000.0
#define N_FRAMES 20000
#define PERIOD 1000
#define NONE INT64_MIN

enum { NOTE_1_BAR = 4, NOTE_1_4 = 11, NOTE_1_16 = 17, NOTE_1_32_TRIPLET = 21 };

static Steps   steps;
static float   clock_v[N_FRAMES];
static float   reset_v[N_FRAMES];
static int64_t start[N_FRAMES]; ///< Number of the step that starts, NONE if none does
static int64_t dice[N_FRAMES];  ///< Its dice, by the place
static bool    armed[N_FRAMES]; ///< Whether gates go low in a frame
static bool    over[N_FRAMES];  ///< Whether a third of the step is, in a frame

static void
setup(void)
{
  steps_init(&steps, RATE_HZ);
  memset(reset_v, 0, sizeof(reset_v));
  memset(clock_v, 0, sizeof(clock_v));
}

static void
follow_song(const uint32_t note)
{
  steps_set(&steps, (StepsSettings){STEPS_SONG, note, STEPPER_NEXT_CLOCK});
}

static Transport
at_beat(const double beat, const double tempo, const double speed)
{
  const double bar = floor(beat / 4.0);

  return (Transport){.bar              = bar,
                     .bar_beat         = beat - 4.0 * bar,
                     .beat_unit        = 4.0,
                     .beats_per_bar    = 4.0,
                     .beats_per_minute = tempo,
                     .frame            = (double)NAN,
                     .speed            = speed};
}

static void
go_to(const double beat, const double tempo, const double speed)
{
  const Transport transport = at_beat(beat, tempo, speed);

  steps_transport(&steps, &transport);
}

/// Pass frames `at` to `end`, and mark those where a third of the step is over
static void
pass(uint32_t at, const uint32_t end)
{
  while (at < end) {
    const uint32_t n       = steps_frames_to(&steps, STEPS_PARTS / 3U, end - at);
    const bool     is_over = n == 0U;
    const uint32_t n_pass  = is_over ? end - at : n;
    for (uint32_t i = 0; i < n_pass; ++i) {
      over[at + i] = is_over;
    }
    steps_pass(&steps, n_pass);
    at += n_pass;
  }
}

/// Return true if a third of the step is over in a frame and not in the one before
static bool
is_third(const uint32_t frame)
{
  return over[frame] && !over[frame - 1U];
}

static void
run(const uint32_t from, const uint32_t to, const uint32_t n_slice)
{
  for (uint32_t i = from; i < to; ++i) {
    start[i] = NONE;
    armed[i] = over[i] = false;
  }
  for (uint32_t at = from; at < to; at += n_slice) {
    const uint32_t n = to - at < n_slice ? to - at : n_slice;
    for (uint32_t i = 0, end = 0; i < n; i = end) {
      const unsigned events =
        steps_take(&steps, reset_v + at, clock_v + at, i, n, &end);
      armed[at + i] = (events & STEPPER_ARMED) != 0U;
      if (events & STEPPER_STARTS) {
        start[at + i] = steps.step;
        dice[at + i]  = steps_dice(&steps, STEPS_BY_SONG_PLACE);
      }
      pass(at + i, at + end);
    }
  }
}

static uint32_t
count_starts(const uint32_t from, const uint32_t to)
{
  uint32_t n = 0;
  for (uint32_t i = from; i < to; ++i) {
    n += start[i] != NONE;
  }
  return n;
}

/// Write clocks of `n_high` frames from frame `from` on
static void
write_clock(const uint32_t from, const uint32_t period, const uint32_t n_high)
{
  for (uint32_t i = from; i < N_FRAMES; ++i) {
    clock_v[i] = (i - from) % period < n_high ? 10.0f : 0.0f;
  }
}

// ---- A cable

START_TEST(cable_is_that_of_a_stepper)
{
  Stepper  stepper;
  uint32_t random = 1;
  stepper_init(&stepper, RATE_HZ);
  for (int i = 0; i < N_FRAMES; ++i) {
    random     = random * 1664525U + 1013904223U;
    clock_v[i] = random >> 25U == 0U ? 10.0f : 0.0f;
    reset_v[i] = random >> 22U == 77U ? 10.0f : 0.0f;
  }
  run(0, N_FRAMES, 256);
  for (uint32_t at = 0, end = 0; at < N_FRAMES; at = end) {
    const unsigned events =
      stepper_take(&stepper, reset_v, clock_v, at, N_FRAMES, &end);
    ck_assert_int_eq(start[at], events & STEPPER_STARTS ? stepper.step : NONE);
    ck_assert_int_eq(armed[at], (events & STEPPER_ARMED) != 0U);
    ck_assert_uint_eq(count_starts(at + 1, end), 0);
  }
}
END_TEST

START_TEST(period_is_that_of_the_last_two_clocks)
{
  write_clock(100, PERIOD, 30);
  run(0, 100 + PERIOD, 256);
  ck_assert(steps_period(&steps) == 0.0);
  run(100 + PERIOD, 5000, 256);
  ck_assert(steps_period(&steps) == PERIOD);

  // A third of each step, rounded up
  ck_assert(!over[434]);
  for (uint32_t i = 100 + PERIOD; i < 5000; ++i) {
    ck_assert_int_eq(is_third(i), i % PERIOD == 434);
  }
}
END_TEST

START_TEST(first_clock_has_its_own_length)
{
  for (uint32_t n_high = 1; n_high < 400; n_high += 57) {
    setup();
    write_clock(100, PERIOD, n_high);
    uint32_t n = 0;
    for (uint32_t at = 0, end = 0; at < 100 + PERIOD; at = end) {
      steps_take(&steps, NULL, clock_v, at, 100 + PERIOD, &end);
      n += steps_clock_is_high(&steps) ? end - at : 0;
      steps_pass(&steps, end - at);
    }
    ck_assert_uint_eq(n, n_high);
  }
}
END_TEST

START_TEST(pause_is_no_period)
{
  write_clock(0, PERIOD, 10);
  memset(clock_v + 3001, 0, 7990 * sizeof(float)); // The next is at 11,000
  run(0, 11500, 100);
  ck_assert(steps_period(&steps) == PERIOD);
  run(11500, 12500, 100);
  ck_assert(steps_period(&steps) == PERIOD);

  // But a clock that is slower from now on is
  setup();
  write_clock(0, PERIOD, 10);
  memset(clock_v + 2500, 0, (N_FRAMES - 2500) * sizeof(float));
  clock_v[2000 + 4001] = clock_v[2000 + 2 * 4001] = 10.0f;
  run(0, N_FRAMES, 100);
  ck_assert(steps_period(&steps) == 4001.0);
}
END_TEST

START_TEST(reset_keeps_the_period)
{
  write_clock(0, PERIOD, 10);
  reset_v[2500] = 10.0f;
  reset_v[4020] = 10.0f; // 20 frames after a clock, which is one event with it
  run(0, 5000, 256);
  ck_assert(armed[2500]);
  ck_assert_int_eq(start[3000], 0);
  ck_assert_int_eq(start[4000], 1);
  ck_assert_int_eq(start[4020], 0);
  ck_assert(is_third(4020 + 334));
  ck_assert(steps_period(&steps) == PERIOD);
}
END_TEST

// ---- The song

/// Return the first frame at or after `place` notes, if the song starts with frame 0
static uint32_t
frame_of(const double place, const double note_beats, const double tempo)
{
  return (uint32_t)ceil(place * note_beats * 60.0 * RATE_HZ / tempo - 1e-6);
}

START_TEST(notes_of_the_song_start_at_their_places)
{
  static const double tempi[] = {60.0, 120.0, 123.456, 174.0, 999.0};
  for (int t = 0; t < 5; ++t) {
    const double tempo = (double)(float)tempi[t];
    setup();
    follow_song(NOTE_1_32_TRIPLET);
    go_to(0.0, tempo, 1.0);
    run(0, N_FRAMES, 256);
    uint32_t n = 0;
    for (; frame_of(n, 1.0 / 12.0, tempo) < N_FRAMES; ++n) {
      ck_assert_int_eq(start[frame_of(n, 1.0 / 12.0, tempo)], n);
      const uint32_t third = frame_of(n + 1.0 / 3.0, 1.0 / 12.0, tempo);
      ck_assert(third >= N_FRAMES || is_third(third));
    }
    ck_assert_uint_eq(count_starts(0, N_FRAMES), n);
    const double period = RATE_HZ * 60.0 / tempo / 12.0;
    ck_assert_double_eq_tol(steps_period(&steps), period, 1e-9 * period);
  }
}
END_TEST

START_TEST(song_starts_in_a_note)
{
  follow_song(NOTE_1_16);
  go_to(2.3, 120.0, 1.0); // Note 9.2
  run(0, N_FRAMES, 256);
  ck_assert(armed[0]);
  ck_assert_int_eq(start[0], NONE);
  ck_assert_int_eq(start[4800], 10);
  ck_assert_uint_eq(count_starts(0, 4801), 1);
  ck_assert_int_eq(start[10800], 11);
  ck_assert_int_eq(dice[10800], 11);
}
END_TEST

START_TEST(step_is_shown_while_the_song_stands)
{
  uint32_t end = 0;
  follow_song(NOTE_1_4);
  go_to(6.5, 120.0, 0.0);
  ck_assert_uint_eq(steps_take(&steps, NULL, NULL, 0, 100, &end), STEPPER_ARMED);
  ck_assert_uint_eq(end, 100);
  ck_assert_int_eq(steps.step, 6);

  // Exactly on a note, that is the one; before the song, they go on downwards
  go_to(8.0, 120.0, 0.0);
  steps_take(&steps, NULL, NULL, 0, 100, &end);
  ck_assert_int_eq(steps.step, 8);
  go_to(-2.0, 120.0, 1.0);
  steps_take(&steps, NULL, NULL, 0, 100, &end);
  ck_assert_int_eq(steps.step, -2);
}
END_TEST

START_TEST(stop_makes_gates_low_and_keeps_the_place)
{
  follow_song(NOTE_1_16);
  go_to(0.0, 120.0, 1.0);
  run(0, 7000, 256);
  ck_assert_int_eq(start[6000], 1);
  go_to(7000.0 / 24000.0, 120.0, 0.0);
  run(7000, 9000, 256);
  ck_assert(armed[7000]);
  ck_assert_int_eq(steps.step, 1);
  ck_assert_uint_eq(count_starts(7000, 9000), 0);

  go_to(7000.0 / 24000.0, 120.0, 1.0);
  run(9000, N_FRAMES, 256);
  ck_assert_int_eq(start[14000], 2); // 2000 frames later than without the stop
  ck_assert_uint_eq(count_starts(9000, 14000), 0);
}
END_TEST

START_TEST(loop_of_the_song_repeats)
{
  int64_t by_place[2][20];
  int64_t anew[2][20];
  follow_song(NOTE_1_16);
  for (int pass_no = 0; pass_no < 2; ++pass_no) {
    go_to(8.0, 240.0, 1.0);
    for (uint32_t n = 0; n < 6; ++n) {
      run(n * 3000, n * 3000 + 3000, 300);
      ck_assert_int_eq(start[n * 3000], 32 + n);
      ck_assert_int_eq(armed[n * 3000], n == 0);
      by_place[pass_no][n] = steps_dice(&steps, STEPS_BY_SONG_PLACE);
      anew[pass_no][n]     = steps_dice(&steps, STEPS_ANEW);
      ck_assert_int_eq(by_place[pass_no][n], 32 + n);
    }
  }
  ck_assert_mem_eq(by_place[0], by_place[1], 6 * sizeof(int64_t));
  for (int n = 0; n < 6; ++n) {
    ck_assert_int_eq(anew[0][n], n);
    ck_assert_int_eq(anew[1][n], n + 6);
  }
}
END_TEST

START_TEST(reset_in_the_song_counts_to_the_next_jump)
{
  follow_song(NOTE_1_16);
  reset_v[8000] = 10.0f;
  go_to(4.0, 120.0, 1.0);
  run(0, N_FRAMES, 256);
  ck_assert_int_eq(start[6000], 17);
  ck_assert(armed[8000]);
  ck_assert_int_eq(start[12000], 0);
  ck_assert_int_eq(start[18000], 1);
  ck_assert_int_eq(dice[18000], 19);

  go_to(4.0, 120.0, 1.0);
  memset(reset_v, 0, sizeof(reset_v));
  run(0, N_FRAMES, 256);
  ck_assert_int_eq(start[6000], 17);
}
END_TEST

START_TEST(reset_near_a_note_is_one_event_with_it)
{
  for (int offset = -96; offset <= 96; ++offset) {
    setup();
    follow_song(NOTE_1_16);
    reset_v[12000 + offset] = 10.0f;
    go_to(4.0, 120.0, 1.0);
    run(0, N_FRAMES, 256);
    const bool is_late = offset > 0 && offset < 48;
    ck_assert_int_eq(start[12000], offset > 0 ? 18 : 0);
    ck_assert(!is_late || start[12000 + offset] == 0);
    ck_assert_int_eq(start[18000], offset >= 48 ? 0 : 1);
    ck_assert_uint_eq(count_starts(0, N_FRAMES), 4U + is_late);
  }
}
END_TEST

START_TEST(chance_by_cable_goes_by_the_nearest_note)
{
  steps_set(&steps, (StepsSettings){STEPS_CABLE, NOTE_1_16, STEPPER_NEXT_CLOCK});
  for (int n = 0; n < 3; ++n) {
    clock_v[6000 * n + 20 + 100 * (n % 2)] = 10.0f; // Late, now more, now less
  }
  for (int k = 0; k < 2; ++k) {
    go_to(16.0, 120.0, 1.0);
    run(0, 18000, 256);
    for (int n = 0; n < 3; ++n) {
      ck_assert_int_eq(start[6000 * n + 20 + 100 * (n % 2)], 3 * k + n);
      ck_assert_int_eq(dice[6000 * n + 20 + 100 * (n % 2)], 64 + n);
    }
  }

  // And by the count where no song runs
  go_to(16.0, 120.0, 0.0);
  run(0, 18000, 256);
  ck_assert_int_eq(dice[20], 6);
}
END_TEST

START_TEST(bars_are_those_of_the_meter)
{
  follow_song(NOTE_1_BAR);
  const Transport waltz = {5.0, 0.0, 4.0, 3.0, 360.0, (double)NAN, 1.0};
  steps_transport(&steps, &waltz);
  run(0, N_FRAMES, 256);
  ck_assert(!armed[1]);
  ck_assert_int_eq(start[0], 5);
  ck_assert(steps_period(&steps) == 24000.0);

  const TimelineRatio odd = steps_note_ratio(NOTE_1_BAR, (Meter){7.0, 8.0});
  ck_assert_uint_eq(odd.above, 2);
  ck_assert_uint_eq(odd.below, 7);
  const TimelineRatio absurd = steps_note_ratio(0, (Meter){1024.0, 0.001});
  ck_assert_uint_ge(absurd.above, 1);
  ck_assert_uint_le(absurd.below, TIMELINE_MAX_RATIO);
}
END_TEST

START_TEST(notes_are_those_of_the_tempo)
{
  TempoSync tempo;
  tempo_sync_init(&tempo, RATE_HZ);
  for (uint32_t note = 0; note < N_SONG_NOTES; ++note) {
    const TimelineRatio ratio = steps_note_ratio(note, (Meter){4.0, 4.0});
    const double        beats = (double)ratio.below / (double)ratio.above;
    ck_assert_double_eq_tol(beats, 4.0 * tempo_sync_length(&tempo, note), 1e-12);
  }
}
END_TEST

START_TEST(switch_to_the_song_and_back_invents_no_clock)
{
  write_clock(0, PERIOD, PERIOD / 2);
  run(0, 2100, 256); // The clock is high
  ck_assert_int_eq(steps.step, 2);
  follow_song(NOTE_1_4);
  run(2100, 2200, 256);
  steps_set(&steps, (StepsSettings){STEPS_CABLE, NOTE_1_4, STEPPER_NEXT_CLOCK});
  run(2200, 3100, 256);
  ck_assert_uint_eq(count_starts(2200, 3000), 0);
  ck_assert_int_eq(start[3000], 3);
}
END_TEST

START_TEST(reset_is_as_good_as_new_whatever_was_followed)
{
  write_clock(0, PERIOD, PERIOD / 2);
  follow_song(NOTE_1_4);
  go_to(3.0, 120.0, 1.0);
  run(0, 3000, 256);
  steps_reset(&steps);
  steps_set(&steps, (StepsSettings){STEPS_CABLE, NOTE_1_4, STEPPER_NEXT_CLOCK});
  run(0, 3000, 256);
  ck_assert_int_eq(start[0], 0);
  ck_assert_int_eq(start[PERIOD], 1);
}
END_TEST

START_TEST(slices_do_not_matter)
{
  static int64_t expected[N_FRAMES];
  static bool    expected_over[N_FRAMES];
  uint32_t       random = 1;
  for (int i = 0; i < N_FRAMES; ++i) {
    random     = random * 1664525U + 1013904223U;
    clock_v[i] = random >> 24U == 0U ? 10.0f : 0.0f;
    reset_v[i] = random >> 21U == 77U ? 10.0f : 0.0f;
  }
  for (int follow = 0; follow < 2; ++follow) {
    for (uint32_t n_slice = N_FRAMES; n_slice > 0; n_slice /= 7) {
      steps_reset(&steps);
      steps_set(&steps,
                (StepsSettings){(StepsFollow)follow, NOTE_1_16, STEPPER_NEXT_CLOCK});
      go_to(3.3, 177.7, 1.0);
      run(0, N_FRAMES, n_slice);
      if (n_slice == N_FRAMES) {
        memcpy(expected, start, sizeof(start));
        memcpy(expected_over, over, sizeof(over));
      }
      ck_assert_mem_eq(start, expected, sizeof(start));
      ck_assert_mem_eq(over, expected_over, sizeof(over));
    }
  }
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("steps");
  TCase* const tests = tcase_create("steps");
  tcase_add_checked_fixture(tests, setup, NULL);
  tcase_add_test(tests, cable_is_that_of_a_stepper);
  tcase_add_test(tests, period_is_that_of_the_last_two_clocks);
  tcase_add_test(tests, first_clock_has_its_own_length);
  tcase_add_test(tests, pause_is_no_period);
  tcase_add_test(tests, reset_keeps_the_period);
  tcase_add_test(tests, notes_of_the_song_start_at_their_places);
  tcase_add_test(tests, song_starts_in_a_note);
  tcase_add_test(tests, step_is_shown_while_the_song_stands);
  tcase_add_test(tests, stop_makes_gates_low_and_keeps_the_place);
  tcase_add_test(tests, loop_of_the_song_repeats);
  tcase_add_test(tests, reset_in_the_song_counts_to_the_next_jump);
  tcase_add_test(tests, reset_near_a_note_is_one_event_with_it);
  tcase_add_test(tests, chance_by_cable_goes_by_the_nearest_note);
  tcase_add_test(tests, bars_are_those_of_the_meter);
  tcase_add_test(tests, notes_are_those_of_the_tempo);
  tcase_add_test(tests, switch_to_the_song_and_back_invents_no_clock);
  tcase_add_test(tests, reset_is_as_good_as_new_whatever_was_followed);
  tcase_add_test(tests, slices_do_not_matter);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
