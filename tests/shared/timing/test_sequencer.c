// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "timing/sequencer.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define RATE_HZ 48000.0
#define N_FRAMES 36000
#define PERIOD 2000U
#define NOTE_1_16 17U

static Sequencer       sequencer;
static SequencerKnobs  knobs;
static SequencerInputs in;

static float clock_v[N_FRAMES];
static float reset_v[N_FRAMES];
static float select_v[N_FRAMES];

enum { PITCH, GATE, MOD, TRIGGER, END, STEP, N_OUTPUTS };

static float out[N_OUTPUTS][N_FRAMES];

static void
setup(void)
{
  sequencer_init(&sequencer, RATE_HZ);
  knobs = sequencer.knobs;
  for (uint32_t s = 0; s < SEQUENCER_STEPS; ++s) {
    knobs.step[s].semitones = (int)s;
    knobs.step[s].mod_v     = 0.5f * (float)s;
  }
  in = (SequencerInputs){.clock = clock_v, .reset = reset_v};
  memset(reset_v, 0, sizeof(reset_v));
  memset(select_v, 0, sizeof(select_v));
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    clock_v[i] = i % PERIOD < 100U ? 10.0f : 0.0f;
  }
}

static const float*
from(const float* const signal, const uint32_t at)
{
  return signal ? signal + at : NULL;
}

static void
run(const uint32_t start, const uint32_t stop, const uint32_t n_slice)
{
  sequencer_set(&sequencer, &knobs);
  for (uint32_t at = start; at < stop; at += n_slice) {
    const uint32_t         n      = stop - at < n_slice ? stop - at : n_slice;
    const SequencerInputs  slice  = {from(in.clock, at),
                                     from(in.reset, at),
                                     from(in.transpose, at),
                                     from(in.length, at),
                                     from(in.select, at),
                                     from(in.backwards, at),
                                     !in.length && !in.select};
    const SequencerOutputs places = {out[PITCH] + at,
                                     out[GATE] + at,
                                     out[MOD] + at,
                                     out[TRIGGER] + at,
                                     out[END] + at,
                                     out[STEP] + at};
    sequencer_process(&sequencer, &slice, &places, n);
  }
}

/// Return the number of the step that is shown in a frame
static int
shown(const uint32_t frame)
{
  return (int)lroundf(out[STEP][frame] / SEQUENCER_STEP_V);
}

static uint32_t
count_high(const int output, const uint32_t start, const uint32_t stop)
{
  uint32_t n = 0;
  for (uint32_t i = start; i < stop; ++i) {
    n += out[output][i] > 5.0f;
  }
  return n;
}

static uint32_t
count_rises(const int output, const uint32_t start, const uint32_t stop)
{
  uint32_t n = 0;
  for (uint32_t i = start; i < stop; ++i) {
    n += out[output][i] > 5.0f && (i == 0U || out[output][i - 1U] < 5.0f);
  }
  return n;
}

// ---- Gates

enum { SHORT = 8, SHORT_HIGH = 4, PULSE = 2, N_CLOCKS = 19, N_ROW = 8 };

/// Write what a row plays, as plain as can be: gate and trigger in each frame
static void
model_row(const SequencerKind* const row, bool* const gate, bool* const trigger)
{
  SequencerKind played[N_ROW];
  int           n = 0;
  for (int s = 0; s < N_ROW; ++s) {
    if (row[s] != SEQUENCER_SKIP) {
      played[n++] = row[s];
    }
  }
  bool sounds = false; // To the end of the step before
  for (int k = 0; k < N_CLOCKS; ++k) {
    const SequencerKind kind   = n > 0 ? played[k % n] : SEQUENCER_OFF;
    const SequencerKind next   = n > 0 ? played[(k + 1) % n] : SEQUENCER_OFF;
    const bool          is_on  = kind != SEQUENCER_OFF;
    const bool          holds  = is_on && next == SEQUENCER_TIE;
    const int           n_high = !is_on  ? 0
                                 : holds ? (int)SHORT
                                 : k > 0 ? (int)SHORT_HIGH
                                         : (int)PULSE;
    for (int i = 0; i < SHORT; ++i) {
      gate[k * SHORT + i]    = i < n_high;
      trigger[k * SHORT + i] = i == 0 && is_on && !(kind == SEQUENCER_TIE && sounds);
    }
    sounds = holds;
  }
}

START_TEST(all_rows_of_gates_are_as_a_plain_model_has_them)
{
  bool gate[N_CLOCKS * SHORT];
  bool trigger[N_CLOCKS * SHORT];
  sequencer_init(&sequencer, 1000.0); // A trigger is a frame
  for (uint32_t i = 0; i < N_CLOCKS * SHORT; ++i) {
    clock_v[i] = i % SHORT < PULSE ? 10.0f : 0.0f;
  }
  knobs.length = N_ROW;
  for (uint32_t k = 0; k < 65536; ++k) {
    SequencerKind row[N_ROW];
    for (uint32_t s = 0; s < N_ROW; ++s) {
      knobs.step[s].kind = row[s] = (SequencerKind)(k >> 2U * s & 3U);
    }
    model_row(row, gate, trigger);
    sequencer_reset(&sequencer);
    run(0, N_CLOCKS * SHORT, 256);
    uint32_t i = 0;
    while (i < N_CLOCKS * SHORT && (out[GATE][i] > 0.0f) == gate[i] &&
           (out[TRIGGER][i] > 0.0f) == trigger[i]) {
      ++i;
    }
    ck_assert_msg(i == N_CLOCKS * SHORT, "row %x is wrong in frame %u", k, i);
  }
}
END_TEST

START_TEST(ratchets_share_the_step)
{
  for (uint32_t n = 2; n <= 4; ++n) {
    setup();
    knobs.length       = 2;
    knobs.step[0].kind = (SequencerKind)(SEQUENCER_2X + n - 2);
    run(0, 6 * PERIOD, 256);
    ck_assert_uint_eq(count_rises(TRIGGER, 0, PERIOD), 1); // Nobody knows how long
    ck_assert_uint_eq(count_rises(TRIGGER, 2 * PERIOD, 3 * PERIOD), n);
    ck_assert_uint_eq(count_rises(GATE, 2 * PERIOD, 3 * PERIOD), n);
    ck_assert_uint_eq(count_rises(TRIGGER, 3 * PERIOD, 4 * PERIOD), 1);
    for (uint32_t r = 0; r < n; ++r) {
      const uint32_t start = 2 * PERIOD + (r * PERIOD + n - 1) / n;
      ck_assert(out[GATE][start] > 0.0f);
      ck_assert(out[GATE][start - 1] == 0.0f);
      const uint32_t stop = 2 * PERIOD + ((2 * r + 1) * PERIOD + 2 * n - 1) / (2 * n);
      ck_assert(out[GATE][stop] == 0.0f);
      ck_assert(out[GATE][stop - 1] > 0.0f);
    }
  }
}
END_TEST

START_TEST(early_clock_cuts_ratchets)
{
  knobs.step[2].kind = SEQUENCER_4X;
  memset(clock_v + 2 * PERIOD + 200, 0, PERIOD * sizeof(float));
  for (uint32_t i = 0; i < 10; ++i) {
    clock_v[2 * PERIOD + 900 + i] = 10.0f; // After the second of four
  }
  run(0, 3 * PERIOD, 256);
  ck_assert_uint_eq(count_rises(TRIGGER, 2 * PERIOD, 2 * PERIOD + 900), 2);
  ck_assert_uint_eq(count_rises(TRIGGER, 2 * PERIOD + 900, 3 * PERIOD), 1);
  ck_assert_int_eq(shown(2 * PERIOD + 900), 3);
}
END_TEST

START_TEST(full_gate_is_low_for_a_frame)
{
  knobs.gate_parts = STEPS_PARTS;
  run(0, 6 * PERIOD, 256);
  for (uint32_t k = 2; k < 6; ++k) {
    ck_assert(out[GATE][k * PERIOD] == 0.0f);
    ck_assert_uint_eq(count_high(GATE, k * PERIOD, (k + 1) * PERIOD), PERIOD - 1);
  }
}
END_TEST

START_TEST(gate_has_its_length)
{
  for (uint32_t percent = 5; percent < 100; ++percent) {
    setup();
    knobs.gate_parts = percent * (STEPS_PARTS / 100U);
    run(0, 3 * PERIOD, 100);
    ck_assert_uint_eq(count_high(GATE, PERIOD, 2 * PERIOD), percent * (PERIOD / 100U));
  }
}
END_TEST

START_TEST(tie_slides)
{
  knobs.glide_s      = 480.0 / RATE_HZ;
  knobs.step[2].kind = SEQUENCER_TIE;
  run(0, 4 * PERIOD, 256);
  ck_assert_float_eq(out[PITCH][2 * PERIOD - 1], (float)(1.0 / 12.0));
  ck_assert_double_eq_tol((double)out[PITCH][2 * PERIOD + 240], 1.5 / 12.0, 1e-6);
  ck_assert_float_eq(out[PITCH][2 * PERIOD + 480], (float)(2.0 / 12.0));
  ck_assert_float_eq(out[PITCH][3 * PERIOD], (float)(3.0 / 12.0)); // No slide
  ck_assert_uint_eq(count_rises(GATE, PERIOD, 3 * PERIOD), 1);
}
END_TEST

START_TEST(chance_is_as_likely_as_it_says)
{
  for (uint32_t s = 0; s < SEQUENCER_STEPS; ++s) {
    knobs.step[s].chance = 0.3f;
  }
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    clock_v[i] = i % 100U < 10U ? 10.0f : 0.0f;
  }
  uint32_t n = 0;
  for (knobs.seed = 0; knobs.seed < 10; ++knobs.seed) {
    sequencer_reset(&sequencer);
    run(0, N_FRAMES, 256);
    n += count_rises(GATE, 0, N_FRAMES);
  }
  ck_assert_double_eq_tol((double)n, 0.3 * 3600.0, 100.0); // Four sigma

  // 0 and 100 % are certain
  setup();
  knobs.step[0].chance = 0.0f;
  run(0, 2 * PERIOD, 256);
  ck_assert_uint_eq(count_rises(TRIGGER, 0, PERIOD), 0);
  ck_assert_uint_eq(count_rises(TRIGGER, PERIOD, 2 * PERIOD), 1);
}
END_TEST

// ---- Clock and reset

START_TEST(reset_at_every_offset_makes_the_first_step_whole)
{
  const int clock = 4 * PERIOD;
  for (int offset = -96; offset <= 96; ++offset) {
    setup();
    for (int i = 0; i < 48; ++i) {
      reset_v[clock + offset + i] = 10.0f;
    }
    run(0, 7 * PERIOD, 256);

    // Where step 1 starts: at the later of the two, or with the next clock
    const int start = offset <= 0   ? clock
                      : offset < 48 ? clock + offset
                                    : 5 * (int)PERIOD;
    ck_assert_int_eq(shown((uint32_t)start), 0);
    ck_assert(out[TRIGGER][start + (offset > 0 && offset < 48)] > 0.0f);
    const uint32_t second =
      (uint32_t)(start - (offset > 0 && offset < 48 ? offset : 0)) + PERIOD;
    ck_assert_int_eq(shown(second - 1), 0);
    ck_assert_int_eq(shown(second), 1);
    ck_assert_float_eq(out[PITCH][start], 0.0f);
    if (offset < 0) {
      ck_assert_int_eq(shown((uint32_t)(clock + offset)), 0); // Shown, but silent
      ck_assert(out[GATE][clock - 1] == 0.0f);
    }
  }
}
END_TEST

START_TEST(step_waits_after_a_reset)
{
  reset_v[3 * PERIOD + 500] = 10.0f;
  run(0, 5 * PERIOD, 256);
  ck_assert_int_eq(shown(3 * PERIOD + 500), 0);
  ck_assert_uint_eq(count_high(GATE, 3 * PERIOD + 500, 4 * PERIOD), 0);
  ck_assert_int_eq(shown(4 * PERIOD), 0);
  ck_assert(out[GATE][4 * PERIOD] > 0.0f);
}
END_TEST

// ---- Orders

START_TEST(end_comes_with_each_round)
{
  knobs.length = 3;
  run(0, 8 * PERIOD, 256);
  for (uint32_t k = 0; k < 8; ++k) {
    ck_assert(out[END][k * PERIOD] == (k == 3 || k == 6 ? 10.0f : 0.0f));
  }
}
END_TEST

START_TEST(length_counts_from_the_next_clock)
{
  run(0, 6 * PERIOD + 10, 256);
  ck_assert_int_eq(shown(6 * PERIOD), 6);
  knobs.length = 4;
  run(6 * PERIOD + 10, 7 * PERIOD + 10, 256);
  ck_assert_int_eq(shown(7 * PERIOD - 1), 6);
  ck_assert_int_eq(shown(7 * PERIOD), 0);
  knobs.first = 14; // 15, 16, 1, 2
  run(7 * PERIOD + 10, 10 * PERIOD + 10, 256);
  ck_assert_int_eq(shown(8 * PERIOD), 1); // Step 1 is in the stretch, so it goes on
  ck_assert_int_eq(shown(9 * PERIOD), 14);
  ck_assert_int_eq(shown(10 * PERIOD), 15);
}
END_TEST

START_TEST(select_moves_the_place)
{
  in.select    = select_v;
  knobs.length = 8;
  for (uint32_t i = 2 * PERIOD; i < N_FRAMES; ++i) {
    select_v[i] = 3.0f * SEQUENCER_STEP_V + 0.3f;
  }
  run(0, 8 * PERIOD, 256);
  static const int expected[] = {0, 1, 5, 6, 7, 0, 1, 2};
  for (uint32_t k = 0; k < 8; ++k) {
    ck_assert_int_eq(shown(k * PERIOD), expected[k]);
  }
}
END_TEST

START_TEST(standing_shows_its_step)
{
  run(0, 2 * PERIOD + 1500, 256); // In step 3, the gate low
  ck_assert(out[GATE][2 * PERIOD + 1499] == 0.0f);
  knobs.runs              = false;
  knobs.step[2].semitones = 19;
  run(2 * PERIOD + 1500, 5 * PERIOD + 1500, 256);
  ck_assert_uint_eq(count_high(GATE, 2 * PERIOD + 1500, 5 * PERIOD + 1500), 3 * PERIOD);
  ck_assert_float_eq(out[PITCH][4 * PERIOD], (float)(19.0 / 12.0));
  knobs.runs = true;
  run(5 * PERIOD + 1500, 7 * PERIOD, 256);
  ck_assert(out[GATE][5 * PERIOD + 1500] == 0.0f);
  ck_assert_int_eq(shown(6 * PERIOD), 3);
}
END_TEST

// ---- The song

static void
go_to(const double beat)
{
  const double    bar       = floor(beat / 4.0);
  const Transport transport = {
    bar, beat - 4.0 * bar, 4.0, 4.0, 120.0, (double)NAN, 1.0};

  sequencer_transport(&sequencer, &transport);
}

/// Return the place of step `n` in closed form, for orders without chance
static int
place_of(const OrderWay way, const int n, const int length)
{
  const int there = n % (2 * length);
  const int once  = length > 1 ? n % (2 * length - 2) : 0;
  return way == ORDER_FORWARD    ? n % length
         : way == ORDER_BACKWARD ? length - 1 - n % length
         : way == ORDER_THERE_AND_BACK
           ? (there < length ? there : 2 * length - 1 - there)
         : once < length ? once
                         : 2 * length - 2 - once;
}

START_TEST(song_may_start_anywhere)
{
  in.clock    = NULL;
  knobs.steps = (StepsSettings){STEPS_SONG, NOTE_1_16, STEPPER_NEXT_CLOCK};
  for (int way = ORDER_FORWARD; way <= ORDER_PENDULUM; ++way) {
    for (uint32_t length = 1; length <= 16; ++length) {
      for (int n = 0; n < 70; n += 3) {
        knobs.way    = (OrderWay)way;
        knobs.length = length;
        sequencer_reset(&sequencer);
        sequencer_set(&sequencer, &knobs);
        go_to(n / 4.0);
        run(0, 13000, 1000); // Three sixteenths start, of 6000 frames
        for (int k = 0; k < 3; ++k) {
          ck_assert_int_eq(shown(6000U * (uint32_t)k),
                           place_of(knobs.way, n + k, (int)length));
          ck_assert_uint_eq(
            count_high(GATE, 6000U * (uint32_t)k, 6000U * (uint32_t)k + 999U), 999);
        }
        ck_assert_uint_eq(count_high(GATE, 3000, 6000), 0);
      }
    }
  }
}
END_TEST

START_TEST(chance_in_the_song_repeats_in_a_loop)
{
  static float first[N_OUTPUTS][N_FRAMES];
  in.clock    = NULL;
  knobs.steps = (StepsSettings){STEPS_SONG, NOTE_1_16, STEPPER_NEXT_CLOCK};
  knobs.dice  = STEPS_BY_SONG_PLACE;
  for (uint32_t s = 0; s < SEQUENCER_STEPS; ++s) {
    knobs.step[s].chance = 0.5f;
  }
  for (int way = ORDER_FORWARD; way <= ORDER_WALKING; ++way) {
    knobs.way = (OrderWay)way;
    sequencer_reset(&sequencer);
    for (int pass = 0; pass < 3; ++pass) {
      sequencer_set(&sequencer, &knobs);
      go_to(7.0);
      run(0, N_FRAMES, 512);
      if (pass == 0) {
        memcpy(first, out, sizeof(out));
      }
      ck_assert_mem_eq(first[PITCH], out[PITCH], sizeof(out[PITCH]));
      ck_assert_mem_eq(first[GATE], out[GATE], sizeof(out[GATE]));
    }
  }
}
END_TEST

// ---- Numbers

START_TEST(pitch_is_the_nearest_float)
{
  for (int semitones = -48; semitones <= 48; ++semitones) {
    knobs.step[0].semitones = semitones;
    sequencer_reset(&sequencer);
    run(0, 10, 10);
    ck_assert_float_eq(out[PITCH][9], (float)(semitones / 12.0));

    const uint8_t g4[] = {0x93, 67, 100};
    sequencer_midi(&sequencer, g4, 3);
    knobs.follows_key = true;
    run(0, 10, 10);
    ck_assert_float_eq(out[PITCH][9], (float)((semitones + 7) / 12.0));
    knobs.follows_key = false;
  }
  knobs.zero_volt = ZERO_VOLT_C_MINUS_1;
  run(0, 10, 10);
  ck_assert_float_eq(out[PITCH][9], 9.0f);
}
END_TEST

START_TEST(slices_do_not_matter)
{
  static float expected[N_OUTPUTS][N_FRAMES];
  static float moving[N_FRAMES];
  uint32_t     random = 1;
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    random      = random * 1664525U + 1013904223U;
    clock_v[i]  = random >> 23U == 0U ? 10.0f : 0.0f;
    reset_v[i]  = random >> 20U == 77U ? 10.0f : 0.0f;
    moving[i]   = 6.0f * (float)sin(1e-3 * i);
    select_v[i] = 4.0f * (float)cos(3e-4 * i);
  }
  in = (SequencerInputs){clock_v, reset_v, moving, moving, select_v, select_v, false};
  for (int k = 0; k < 24; ++k) {
    for (uint32_t s = 0; s < SEQUENCER_STEPS; ++s) {
      random        = random * 1664525U + 1013904223U;
      knobs.step[s] = (SequencerStep){
        (int)s, (SequencerKind)(random >> 8U) % N_SEQUENCER_KINDS, 0.7f, 1.0f};
    }
    knobs.way          = (OrderWay)(k % 6);
    knobs.runs         = k % 5 != 4;
    knobs.steps.follow = (StepsFollow)(k / 12);
    knobs.steps.note   = 21;
    for (uint32_t n_slice = N_FRAMES; n_slice > 0; n_slice /= 20) {
      sequencer_reset(&sequencer);
      sequencer_set(&sequencer, &knobs);
      go_to(3.3);
      run(0, N_FRAMES, n_slice);
      if (n_slice == N_FRAMES) {
        memcpy(expected, out, sizeof(out));
      }
      ck_assert_mem_eq(out, expected, sizeof(out));
    }
  }
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("sequencer");
  TCase* const tests = tcase_create("sequencer");
  tcase_add_checked_fixture(tests, setup, NULL);
  tcase_set_timeout(tests, 60.0);
  tcase_add_test(tests, all_rows_of_gates_are_as_a_plain_model_has_them);
  tcase_add_test(tests, ratchets_share_the_step);
  tcase_add_test(tests, early_clock_cuts_ratchets);
  tcase_add_test(tests, full_gate_is_low_for_a_frame);
  tcase_add_test(tests, gate_has_its_length);
  tcase_add_test(tests, tie_slides);
  tcase_add_test(tests, chance_is_as_likely_as_it_says);
  tcase_add_test(tests, reset_at_every_offset_makes_the_first_step_whole);
  tcase_add_test(tests, step_waits_after_a_reset);
  tcase_add_test(tests, end_comes_with_each_round);
  tcase_add_test(tests, length_counts_from_the_next_clock);
  tcase_add_test(tests, select_moves_the_place);
  tcase_add_test(tests, standing_shows_its_step);
  tcase_add_test(tests, song_may_start_anywhere);
  tcase_add_test(tests, chance_in_the_song_repeats_in_a_loop);
  tcase_add_test(tests, pitch_is_the_nearest_float);
  tcase_add_test(tests, slices_do_not_matter);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
