// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "timing/burst.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define RATE_HZ 48000.0
#define N_FRAMES 96000U
#define N_SIGNALS 4U
#define INTERVAL 6000U ///< Frames, at 8 a second
#define MS 48U         ///< Frames

enum { OUT, LEVEL, RUNNING, END };

static Burst      burst;
static BurstKnobs knobs;
static float      out[N_SIGNALS][N_FRAMES];
static float      other[N_SIGNALS][N_FRAMES];
static float      trigger_v[N_FRAMES];
static float      clock_v[N_FRAMES];
static float      stop_v[N_FRAMES];
static float      count_v[N_FRAMES];
static float      rate_v[N_FRAMES];

static void
setup(void)
{
  memset(trigger_v, 0, sizeof(trigger_v));
  memset(clock_v, 0, sizeof(clock_v));
  memset(stop_v, 0, sizeof(stop_v));
  memset(count_v, 0, sizeof(count_v));
  memset(rate_v, 0, sizeof(rate_v));
  knobs = (BurstKnobs){.n_pulses    = 4,
                       .rate_hz     = 8.0,
                       .rate_amount = 1.0,
                       .ratio       = 4.0,
                       .gate_length = 0.5f,
                       .chance      = 1.0f};
  burst_init(&burst, RATE_HZ);
  trigger_v[1000] = 10.0f;
}

static uint32_t
roll(uint32_t* const dice)
{
  *dice = *dice * 1664525U + 1013904223U;
  return *dice >> 8U;
}

/// Play from the start, in slices of up to `n_slice` frames
static void
play(float signal[N_SIGNALS][N_FRAMES], const uint32_t n_slice)
{
  uint32_t dice = n_slice;
  burst_reset(&burst);
  burst_set(&burst, &knobs);
  for (uint32_t at = 0, n = 0; at < N_FRAMES; at += n) {
    n                        = n_slice == 256U ? 256U : 1U + roll(&dice) % n_slice;
    n                        = n < N_FRAMES - at ? n : N_FRAMES - at;
    const BurstInputs  in    = {.trigger = {trigger_v + at, false},
                                .clock   = {clock_v + at, false},
                                .stop    = {stop_v + at, false},
                                .count   = {count_v + at, false},
                                .rate    = {rate_v + at, false}};
    const BurstOutputs frame = {
      signal[OUT] + at, signal[LEVEL] + at, signal[RUNNING] + at, signal[END] + at};
    burst_process(&burst, &in, &frame, n);
  }
}

/// Write the frames in which a signal rises, and return how many there are
static uint32_t
find_rises(const float* const signal, uint32_t* const frame)
{
  uint32_t n = 0;
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    if (signal[i] > 5.0f && (i == 0U || signal[i - 1U] <= 5.0f)) {
      frame[n++] = i;
    }
  }
  return n;
}

/// Check that a signal rises `n` times from `first` on, every `period`
static void
check_rises(const float* const signal,
            const uint32_t     n,
            const uint32_t     first,
            const uint32_t     period)
{
  static uint32_t frame[N_FRAMES];
  ck_assert_uint_eq(find_rises(signal, frame), n);
  for (uint32_t i = 0; i < n; ++i) {
    ck_assert_uint_eq(frame[i], first + i * period);
  }
}

START_TEST(trigger_plays_a_burst)
{
  play(out, 256);
  check_rises(out[OUT], 4, 1000, INTERVAL);
  check_rises(out[END], 1, 1000 + 4 * INTERVAL, 0);
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    const bool runs = i >= 1000U && i < 1000U + 4U * INTERVAL;
    const bool high = runs && (i - 1000U) % INTERVAL < INTERVAL / 2U;
    ck_assert_float_eq(out[RUNNING][i], runs ? 10.0f : 0.0f);
    ck_assert_float_eq(out[OUT][i], high ? 10.0f : 0.0f);
    ck_assert_float_eq(out[LEVEL][i], i < 1000U ? 0.0f : 10.0f);
  }
}
END_TEST

START_TEST(loop_keeps_time)
{
  knobs.loops   = true;
  knobs.rate_hz = 80.0;
  play(out, 256);
  check_rises(out[OUT], 159, 1000, 600);
  check_rises(out[END], 39, 1000 + 2400, 2400);

  // At a rate that is not a whole number of frames, none is late by more than rounding
  static uint32_t frame[N_FRAMES];
  knobs.rate_hz    = 77.7;
  const uint32_t n = (play(out, 256), find_rises(out[OUT], frame));
  for (uint32_t i = 0; i < n; ++i) {
    ck_assert_uint_eq(frame[i], (uint32_t)ceil(1000.0 + i * RATE_HZ / 77.7 - 1e-6));
  }
}
END_TEST

START_TEST(bend_keeps_the_length)
{
  static uint32_t frame[N_FRAMES];
  for (int b = -2; b <= 2; ++b) {
    knobs.bend     = b / 2.0;
    knobs.n_pulses = 8;
    play(out, 256);
    ck_assert_uint_eq(find_rises(out[OUT], frame), 8);
    check_rises(out[END], 1, 1000 + 8 * INTERVAL, 0);

    // From the first interval to the one that leads to the end
    const double first = frame[1] - 1000.0;
    const double last  = 1000.0 + 8.0 * INTERVAL - frame[7];
    ck_assert_double_eq_tol(last / first, exp2(2.0 * knobs.bend), 0.005);
  }
}
END_TEST

START_TEST(level_fades)
{
  static const float fades[]    = {-1.0f, -0.5f, 0.0f, 0.5f, 1.0f};
  static const float firsts_v[] = {10.0f, 10.0f, 10.0f, 5.0f, 0.0f};
  static const float lasts_v[]  = {0.0f, 5.0f, 10.0f, 10.0f, 10.0f};
  for (size_t f = 0; f < 5; ++f) {
    knobs.fade = fades[f];
    play(out, 256);
    ck_assert_float_eq(out[LEVEL][1000], firsts_v[f]);
    ck_assert_float_eq(out[LEVEL][1000 + 3 * INTERVAL], lasts_v[f]);
    ck_assert_float_eq(out[LEVEL][N_FRAMES - 1U], lasts_v[f]);
  }
  knobs.n_pulses = 1;
  play(out, 256);
  ck_assert_float_eq(out[LEVEL][1000], 10.0f);
}
END_TEST

START_TEST(voltages_count)
{
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    count_v[i] = 0.625f; // 2 more
    rate_v[i]  = 1.0f;
  }
  play(out, 256);
  check_rises(out[OUT], 6, 1000, INTERVAL / 2);

  // A rate that doubles in the middle of an interval
  memset(count_v, 0, sizeof(count_v));
  memset(rate_v, 0, 4000 * sizeof(float));
  play(out, 256);
  static uint32_t frame[N_FRAMES];
  ck_assert_uint_eq(find_rises(out[OUT], frame), 4);
  ck_assert_uint_eq(frame[1], 1000 + 3000 + 1500);
}
END_TEST

START_TEST(stop_ends_at_once)
{
  // A trigger while it is high counts, and so does one in the frame of its rise
  for (uint32_t i = 9000; i < 40000; ++i) {
    stop_v[i] = 10.0f;
  }
  trigger_v[30000] = 10.0f;
  trigger_v[60000] = 10.0f;
  stop_v[60000]    = 10.0f;
  play(out, 256);
  for (uint32_t i = 9000; i < 30000; ++i) {
    ck_assert_float_eq(out[OUT][i], 0.0f);
    ck_assert_float_eq(out[RUNNING][i], 0.0f);
  }
  check_rises(out[END], 2, 30000 + 4 * INTERVAL, 30000);
}
END_TEST

START_TEST(first_clock_gives_no_tempo)
{
  // It starts the burst that has waited for it; what the second finds missed is lost
  static uint32_t frame[N_FRAMES];
  knobs.by       = BURST_BY_CLOCK;
  knobs.ratio    = 2.0;
  clock_v[20000] = clock_v[32000] = clock_v[44000] = 10.0f;
  play(out, 256);
  ck_assert_uint_eq(find_rises(out[OUT], frame), 3);
  ck_assert_uint_eq(frame[0], 20000);
  ck_assert_uint_eq(frame[1], 32000);
  ck_assert_uint_eq(frame[2], 38000);
  check_rises(out[END], 1, 44000, 0);
}
END_TEST

START_TEST(retrigger_is_a_choice)
{
  static uint32_t frame[N_FRAMES];
  trigger_v[10000]  = 10.0f;
  knobs.gate_length = 0.1f;
  knobs.retrigger   = BURST_IGNORE;
  play(out, 256);
  check_rises(out[OUT], 4, 1000, INTERVAL);
  knobs.retrigger = BURST_ADD;
  play(out, 256);
  check_rises(out[OUT], 8, 1000, INTERVAL);
  knobs.retrigger = BURST_START_AGAIN;
  play(out, 256);
  ck_assert_uint_eq(find_rises(out[OUT], frame), 6);
  ck_assert_uint_eq(frame[2], 10000);
  check_rises(out[END], 1, 10000 + 4 * INTERVAL, 0);
}
END_TEST

START_TEST(chance_is_certain_at_both_ends)
{
  static uint32_t frame[N_FRAMES];
  knobs.n_pulses = 32;
  knobs.rate_hz  = 50.0;
  knobs.chance   = 0.0f;
  play(out, 256);
  ck_assert_uint_eq(find_rises(out[OUT], frame), 0);
  check_rises(out[END], 1, 1000 + 32 * 960, 0);
  knobs.chance = 0.5f;
  play(out, 256);
  const uint32_t n = find_rises(out[OUT], frame);
  ck_assert_uint_ge(n, 8);
  ck_assert_uint_le(n, 24);
  play(other, 256);
  ck_assert_mem_eq(out, other, sizeof(out));
  knobs.seed = 1;
  play(other, 256);
  ck_assert_mem_ne(out, other, sizeof(out));
}
END_TEST

static void
fill_clock(const uint32_t first, const uint32_t period)
{
  for (uint32_t i = first; i < N_FRAMES; i += period) {
    clock_v[i] = 10.0f;
  }
}

START_TEST(clock_is_waited_for)
{
  // Of 12000 frames, in four; the trigger at 30000 waits for 36000
  memset(trigger_v, 0, sizeof(trigger_v));
  trigger_v[30000] = 10.0f;
  knobs.by         = BURST_BY_CLOCK;
  fill_clock(0, 12000);
  play(out, 256);
  check_rises(out[OUT], 4, 36000, 3000);
  check_rises(out[END], 1, 48000, 0);

  // At every offset of 2 ms
  for (int offset = -96; offset <= 96; ++offset) {
    static uint32_t frame[N_FRAMES];
    memset(trigger_v, 0, sizeof(trigger_v));
    trigger_v[36000 + offset] = 10.0f;
    play(out, 256);
    const bool     waits = offset >= (int)MS;
    const uint32_t first =
      waits ? 48000U : (uint32_t)(36000 + (offset > 0 ? offset : 0));
    ck_assert_uint_eq(find_rises(out[OUT], frame), 4);
    ck_assert_uint_eq(frame[0], first);
    ck_assert_uint_eq(frame[1], (waits ? 48000U : 36000U) + 3000U);
  }
}
END_TEST

START_TEST(burst_goes_by_a_clock_that_is_uneven)
{
  // Two pulses a clock: those on clocks are on them
  knobs.by       = BURST_BY_CLOCK;
  knobs.ratio    = 2.0;
  knobs.n_pulses = 8;
  clock_v[0] = clock_v[8000] = clock_v[16000] = clock_v[23000] = clock_v[32000] = 10.0f;
  play(out, 256);
  static const uint32_t frames[] = {8000, 12000, 16000, 20000, 23000, 26500, 30000};
  static uint32_t       frame[N_FRAMES];
  find_rises(out[OUT], frame);
  for (size_t i = 0; i < 7; ++i) {
    ck_assert_uint_eq(frame[i], frames[i]);
  }
}
END_TEST

START_TEST(slices_do_not_matter)
{
  uint32_t dice = 9;
  for (int c = 0; c < 12; ++c) {
    knobs = (BurstKnobs){.n_pulses    = 1U + roll(&dice) % 32U,
                         .by          = (BurstBy)(c % 2),
                         .rate_hz     = 1.0 + roll(&dice) % 100U,
                         .rate_amount = 0.3,
                         .ratio       = 0.5 + roll(&dice) % 8U,
                         .bend        = c % 3 ? roll(&dice) % 3U - 1.0 : 0.0,
                         .fade        = 0.5f,
                         .gate_length = (float)(1U + roll(&dice) % 100U) * 0.01f,
                         .chance      = 0.8f,
                         .loops       = c % 5 == 0,
                         .retrigger   = (BurstRetrigger)(c / 2 % 3)};
    for (uint32_t i = 0; i < N_FRAMES; ++i) {
      clock_v[i]   = roll(&dice) % 900U == 0U ? 10.0f : 0.0f;
      trigger_v[i] = roll(&dice) % 5000U == 0U ? 10.0f : 0.0f;
      stop_v[i]    = roll(&dice) % 40000U == 0U ? 10.0f : 0.0f;
      count_v[i]   = (float)(roll(&dice) % 100U) * 0.02f;
      rate_v[i]    = i % 2000U < 1000U ? (float)sin(i * 1e-3) * 5.0f : 0.0f;
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
  Suite* const suite = suite_create("burst");
  TCase* const tests = tcase_create("burst");
  tcase_add_checked_fixture(tests, setup, NULL);
  tcase_set_timeout(tests, 60);
  tcase_add_test(tests, trigger_plays_a_burst);
  tcase_add_test(tests, loop_keeps_time);
  tcase_add_test(tests, bend_keeps_the_length);
  tcase_add_test(tests, level_fades);
  tcase_add_test(tests, voltages_count);
  tcase_add_test(tests, stop_ends_at_once);
  tcase_add_test(tests, first_clock_gives_no_tempo);
  tcase_add_test(tests, retrigger_is_a_choice);
  tcase_add_test(tests, chance_is_certain_at_both_ends);
  tcase_add_test(tests, clock_is_waited_for);
  tcase_add_test(tests, burst_goes_by_a_clock_that_is_uneven);
  tcase_add_test(tests, slices_do_not_matter);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
