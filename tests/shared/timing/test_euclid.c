// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "timing/euclid.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define RATE_HZ 48000.0
#define N_FRAMES 65536U
#define PERIOD 1000U ///< Frames from clock to clock
#define N_SIGNALS 5U

enum { TRIGGER, GATE, ACCENT, OFF, END };

static Euclid      euclid;
static EuclidKnobs knobs;
static float       out[N_SIGNALS][N_FRAMES];
static float       other[N_SIGNALS][N_FRAMES];
static float       clock_v[N_FRAMES];
static float       reset_v[N_FRAMES];
static float       hits_v[N_FRAMES];
static float       rotate_v[N_FRAMES];
static float       steps_v[N_FRAMES];

static void
fill(float* const signal, const float volts)
{
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    signal[i] = volts;
  }
}

static void
setup(void)
{
  fill(clock_v, 0.0f);
  fill(reset_v, 0.0f);
  fill(hits_v, 0.0f);
  fill(rotate_v, 0.0f);
  fill(steps_v, 0.0f);
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    clock_v[i] = i % PERIOD < 100U ? 10.0f : 0.0f;
  }
  knobs = (EuclidKnobs){
    .n_steps = 8, .n_hits = 3, .chance = 1.0f, .gate_parts = STEPS_PARTS / 2U};
  euclid_init(&euclid, RATE_HZ);
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
  const EuclidInputs in = {
    clock_v + at, reset_v + at, hits_v + at, rotate_v + at, steps_v + at};
  const EuclidOutputs frame = {
    signal[0] + at, signal[1] + at, signal[2] + at, signal[3] + at, signal[4] + at};
  euclid_process(&euclid, &in, &frame, n);
}

/// Play from the start, in slices of up to `n_slice` frames
static void
play(float signal[N_SIGNALS][N_FRAMES], const uint32_t n_slice)
{
  uint32_t dice = n_slice;
  euclid_reset(&euclid);
  euclid_set(&euclid, &knobs);
  for (uint32_t at = 0, n = 0; at < N_FRAMES; at += n) {
    n = n_slice == 256U ? 256U : 1U + roll(&dice) % n_slice;
    n = n < N_FRAMES - at ? n : N_FRAMES - at;
    run_slice(signal, at, n);
  }
}

/// Write what steps there are as text: x for a hit, X for an accent, . for no hit, and
/// - for one that is neither
static void
read_steps(char* const text, const uint32_t first, const uint32_t n)
{
  for (uint32_t s = 0; s < n; ++s) {
    const uint32_t at = (first + s) * PERIOD + 2U;
    text[s]           = (char)(out[ACCENT][at] > 5.0f ? 'X'
                               : out[GATE][at] > 5.0f ? 'x'
                               : out[OFF][at] > 5.0f  ? '.'
                                                      : '-');
    ck_assert_float_eq(out[TRIGGER][at], out[GATE][at]);
  }
  text[n] = '\0';
}

static void
check_steps(const char* const expected, const uint32_t first)
{
  char text[65] = {0};
  read_steps(text, first, (uint32_t)strlen(expected));
  ck_assert_str_eq(text, expected);
}

// ---- Rhythms

static void
write_rhythm(char* const    text,
             const uint64_t rhythm,
             const uint32_t n_steps,
             const uint32_t rotate)
{
  for (uint32_t s = 0; s < n_steps; ++s) {
    text[s] = rhythm >> (s + rotate) % n_steps & 1U ? 'x' : '.';
  }
  text[n_steps] = '\0';
}

START_TEST(textbook_rhythms_are_those_of_the_textbook)
{
  // Toussaint, 2005, section 4, those that are printed from their first step on
  static const char* const rhythms[] = {"x.",
                                        "x..",
                                        "x.x.x",
                                        "x.x..",
                                        "x..x..x.",
                                        "x.xx.xx.",
                                        "x..x..x..x.",
                                        "x.x.x.x.x..",
                                        "x..x.x..x.x.",
                                        "x.x.x.x.x.x.",
                                        "x..x.x.x..x.x.x.",
                                        "x..x..x..x..x...",
                                        "x.xx.x.xx.x.",
                                        "x.xx.x.x.xx.x.x."};
  for (size_t r = 0; r < sizeof(rhythms) / sizeof(rhythms[0]); ++r) {
    const uint32_t n      = (uint32_t)strlen(rhythms[r]);
    uint32_t       n_hits = 0;
    for (uint32_t s = 0; s < n; ++s) {
      n_hits += rhythms[r][s] == 'x';
    }
    char text[65];
    write_rhythm(text, euclid_rhythm(EUCLID_TEXTBOOK, n_hits, n), n, 0);
    ck_assert_str_eq(text, rhythms[r]);
  }
}
END_TEST

START_TEST(hits_are_even_in_both_orders)
{
  for (uint32_t n = 1; n <= EUCLID_MAX_STEPS; ++n) {
    for (uint32_t k = 0; k <= n; ++k) {
      const uint64_t textbook = euclid_rhythm(EUCLID_TEXTBOOK, k, n);
      const uint64_t even     = euclid_rhythm(EUCLID_EVEN, k, n);
      char           text[65];
      char           turned[65];
      write_rhythm(text, textbook, n, 0);
      uint32_t n_same = 0;
      uint32_t last   = 0;
      for (uint32_t r = 0; r < n; ++r) {
        write_rhythm(turned, even, n, r);
        n_same += !strcmp(text, turned);
      }
      for (uint32_t s = 1; s <= n && k > 0U; ++s) {
        if (s == n || text[s] == 'x') {
          ck_assert(s - last == n / k || s - last == (n + k - 1U) / k);
          last = s;
        }
      }
      ck_assert_uint_gt(n_same, 0);
      ck_assert(k == 0U || (textbook & even & 1U) != 0U);
    }
  }
}
END_TEST

START_TEST(more_hits_than_steps_are_all)
{
  ck_assert_uint_eq(euclid_rhythm(EUCLID_TEXTBOOK, 64, 5), 31);
  ck_assert_uint_eq(euclid_rhythm(EUCLID_EVEN, 64, 64), UINT64_MAX);
  ck_assert_uint_eq(euclid_rhythm(EUCLID_TEXTBOOK, 0, 64), 0);
}
END_TEST

// ---- Steps

START_TEST(clock_plays_the_rhythm)
{
  play(out, 256);
  check_steps("x..x..x.x..x..x.", 0);
  knobs.rotate = 1;
  play(out, 256);
  check_steps(".x..x..x.x..x..x", 0);
  knobs.n_hits = 5;
  knobs.rotate = 0;
  play(out, 256);
  check_steps("x.xx.xx.x.xx.xx.", 0);
  knobs.order = EUCLID_EVEN;
  play(out, 256);
  check_steps("x.x.xx.xx.x.xx.x", 0);
}
END_TEST

START_TEST(accents_are_hits)
{
  knobs.n_accents = 1;
  play(out, 256);
  check_steps("X..x..x.X..x..x.", 0);
  knobs.accent_rotate = 1;
  play(out, 256);
  check_steps("x..X..x.x..X..x.", 0);
  knobs.rotate = 2;
  play(out, 256);
  check_steps("x.x..X..x.x..X..", 0);
  knobs.n_accents = 64;
  play(out, 256);
  check_steps("X.X..X..", 0);
}
END_TEST

START_TEST(gates_are_a_part_of_the_step)
{
  // The first step, before a period is known, is as long as the clock
  play(out, 256);
  for (uint32_t i = 0; i < 4U * PERIOD; ++i) {
    const bool is_hit = i < 100U || (i >= 3U * PERIOD && i < 3U * PERIOD + 500U);
    ck_assert_float_eq(out[GATE][i], is_hit ? 10.0f : 0.0f);
    const bool is_off =
      (i >= PERIOD && i < PERIOD + 48U) || (i >= 2U * PERIOD && i < 2U * PERIOD + 48U);
    ck_assert_float_eq(out[OFF][i], is_off ? 10.0f : 0.0f);
  }

  // A whole step is low for a frame where the next starts
  knobs.gate_parts = STEPS_PARTS;
  knobs.n_hits     = 8;
  play(out, 256);
  for (uint32_t i = 2U * PERIOD; i < 8U * PERIOD; ++i) {
    ck_assert_float_eq(out[GATE][i], i % PERIOD ? 10.0f : 0.0f);
  }
}
END_TEST

START_TEST(end_comes_with_each_round)
{
  play(out, 256);
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    const bool is_end = i >= 8U * PERIOD && i % (8U * PERIOD) < 48U;
    ck_assert_float_eq(out[END][i], is_end ? 10.0f : 0.0f);
  }
}
END_TEST

START_TEST(reset_at_every_offset_starts_again)
{
  for (int offset = -96; offset <= 96; ++offset) {
    fill(reset_v, 0.0f);
    reset_v[(int)(5U * PERIOD) + offset] = 10.0f;
    play(out, 256);
    // Up to 1 ms after a clock it is the first step; later it is the next
    const uint32_t first = offset < 48 ? 5U : 6U;
    check_steps("..x..x.x..x", first + 1U);
    ck_assert_float_eq(out[TRIGGER][first * PERIOD + 47U + 2U],
                       offset > 1 && offset < 48 ? 10.0f : 0.0f);
  }
}
END_TEST

START_TEST(voltages_count_as_a_step_starts)
{
  // All of 8 steps, then all but 4 of them
  fill(hits_v, 10.0f);
  play(out, 256);
  check_steps("xxxxxxxx", 0);
  knobs.n_hits = 0;
  fill(hits_v, 5.0f);
  play(out, 256);
  check_steps("x.x.x.x.", 0);
  fill(rotate_v, 1.25f);
  play(out, 256);
  check_steps(".x.x.x.x", 0);
  fill(rotate_v, -1.25f);
  play(out, 256);
  check_steps(".x.x.x.x", 0);
  knobs.n_steps = 1;
  fill(rotate_v, 0.0f);
  fill(steps_v, 0.5f); // 3 steps more
  fill(hits_v, 2.5f);
  play(out, 256);
  check_steps("x...x...", 0);
  fill(steps_v, -1e6f);
  fill(hits_v, 1e6f);
  play(out, 256);
  check_steps("xxxx", 0);
}
END_TEST

START_TEST(turned_knobs_keep_the_place)
{
  euclid_reset(&euclid);
  euclid_set(&euclid, &knobs);
  run_slice(out, 0, 4U * PERIOD + 500U);
  knobs.n_hits = 4;
  euclid_set(&euclid, &knobs);
  run_slice(out, 4U * PERIOD + 500U, N_FRAMES - 4U * PERIOD - 500U);
  check_steps("x..x..x.x.x.x.x.", 0); // Step 5 and 7 are none in both
}
END_TEST

START_TEST(chance_silences_hits_and_not_rests)
{
  knobs.n_steps = 64;
  knobs.n_hits  = 64;
  knobs.chance  = 0.5f;
  play(out, 256);
  char text[65];
  read_steps(text, 0, 64);
  uint32_t n_hits = 0;
  for (uint32_t s = 0; s < 64U; ++s) {
    ck_assert(text[s] == 'x' || text[s] == '-');
    n_hits += text[s] == 'x';
  }
  ck_assert_uint_ge(n_hits, 20);
  ck_assert_uint_le(n_hits, 44);

  // The same seed, the same choices; another, others
  play(other, 256);
  ck_assert_mem_eq(out, other, sizeof(out));
  knobs.seed = 1;
  play(other, 256);
  ck_assert_mem_ne(out, other, sizeof(out));
  knobs.chance = 0.0f;
  play(out, 256);
  check_steps("--------", 0);
}
END_TEST

START_TEST(song_is_the_place)
{
  // Sixteenths at 720 a minute are 1000 frames; from sixteenth 3 on, without a cable
  const Transport start = {.bar              = 0.0,
                           .bar_beat         = 0.75,
                           .beat_unit        = 4.0,
                           .beats_per_bar    = 4.0,
                           .beats_per_minute = 720.0,
                           .frame            = (double)NAN,
                           .speed            = 1.0};
  fill(clock_v, 0.0f);
  knobs.steps = (StepsSettings){STEPS_SONG, 17, STEPPER_NEXT_CLOCK};
  euclid_set(&euclid, &knobs);
  euclid_transport(&euclid, &start);
  run_slice(out, 0, N_FRAMES);
  check_steps("x..x.x..x..x.x", 0);
}
END_TEST

START_TEST(slices_do_not_matter)
{
  uint32_t dice = 3;
  for (int c = 0; c < 12; ++c) {
    knobs = (EuclidKnobs){.n_steps    = 1U + roll(&dice) % 64U,
                          .n_hits     = roll(&dice) % 65U,
                          .rotate     = roll(&dice) % 64U,
                          .n_accents  = roll(&dice) % 20U,
                          .chance     = 0.8f,
                          .gate_parts = STEPS_PARTS / 100U * (1U + roll(&dice) % 100U),
                          .order      = (EuclidOrder)(c % 2)};
    for (uint32_t i = 0; i < N_FRAMES; ++i) {
      clock_v[i]  = roll(&dice) % 300U == 0U ? 10.0f
                    : i                      ? clock_v[i - 1U] * 0.98f
                                             : 0.0f;
      reset_v[i]  = roll(&dice) % 20000U == 0U ? 10.0f : 0.0f;
      hits_v[i]   = (float)(roll(&dice) % 100U) * 0.01f;
      rotate_v[i] = (float)sin(i * 1e-3) * 10.0f;
      steps_v[i]  = (float)sin(i * 1e-4) * 10.0f;
    }
    play(out, 256);
    play(other, 1);
    ck_assert_mem_eq(out, other, sizeof(out));
    play(other, 300);
    ck_assert_mem_eq(out, other, sizeof(out));
  }
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("euclid");
  TCase* const tests = tcase_create("euclid");
  tcase_add_checked_fixture(tests, setup, NULL);
  tcase_set_timeout(tests, 60);
  tcase_add_test(tests, textbook_rhythms_are_those_of_the_textbook);
  tcase_add_test(tests, hits_are_even_in_both_orders);
  tcase_add_test(tests, more_hits_than_steps_are_all);
  tcase_add_test(tests, clock_plays_the_rhythm);
  tcase_add_test(tests, accents_are_hits);
  tcase_add_test(tests, gates_are_a_part_of_the_step);
  tcase_add_test(tests, end_comes_with_each_round);
  tcase_add_test(tests, reset_at_every_offset_starts_again);
  tcase_add_test(tests, voltages_count_as_a_step_starts);
  tcase_add_test(tests, turned_knobs_keep_the_place);
  tcase_add_test(tests, chance_silences_hits_and_not_rests);
  tcase_add_test(tests, song_is_the_place);
  tcase_add_test(tests, slices_do_not_matter);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
