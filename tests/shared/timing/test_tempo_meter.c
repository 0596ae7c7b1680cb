// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "timing/tempo_meter.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define RATE_HZ 48000.0

enum { N_FRAMES = 480000 };

static float clock_v[N_FRAMES];

/// Write a clock of so many ticks a minute, each of a frame
static void
fill(const double ticks_per_minute, const uint32_t start, const uint32_t end)
{
  const double period = 60.0 * RATE_HZ / ticks_per_minute;

  memset(clock_v + start, 0, (end - start) * sizeof(float));
  for (uint32_t n = 0; start + n * period < end; ++n) {
    clock_v[start + (uint32_t)(n * period)] = GATE_HIGH_V;
  }
}

static void
process(TempoMeter* const meter,
        const uint32_t    start,
        const uint32_t    end,
        const uint32_t    n_slice)
{
  for (uint32_t i = start; i < end; i += n_slice) {
    const uint32_t n = end - i < n_slice ? end - i : n_slice;
    tempo_meter_process(meter, (Signal){clock_v + i, false}, n);
  }
}

START_TEST(tempo_is_that_of_a_beat)
{
  static const double   tempos[] = {37.5, 120.0, 123.456, 300.0};
  static const uint32_t ticks[]  = {1, 4, 24, 48};
  for (uint32_t t = 0; t < 16; ++t) {
    const double   bpm     = tempos[t / 4U];
    const uint32_t n_ticks = ticks[t % 4U];
    TempoMeter     meter;
    tempo_meter_init(&meter, RATE_HZ);
    fill(bpm * n_ticks, 0, N_FRAMES);
    process(&meter, 0, N_FRAMES, 256);
    // The beat is whole frames
    ck_assert_double_eq_tol(
      tempo_meter_read(&meter, n_ticks), bpm, 1.1 * bpm * bpm / (60.0 * RATE_HZ));
  }
}
END_TEST

START_TEST(clock_that_stops_has_no_tempo)
{
  TempoMeter meter;
  tempo_meter_init(&meter, RATE_HZ);
  fill(120.0, 0, 96000);
  memset(clock_v + 96000, 0, 384000 * sizeof(float));
  process(&meter, 0, 96000, 256);
  ck_assert_double_eq(tempo_meter_read(&meter, 1), 120.0);
  process(&meter, 96000, 192000, 256);
  ck_assert_double_eq(tempo_meter_read(&meter, 1), 120.0);
  process(&meter, 192000, 288000, 256);
  ck_assert_double_eq(tempo_meter_read(&meter, 1), 0.0);
}
END_TEST

START_TEST(clock_that_starts_again_forgets_the_pause)
{
  TempoMeter meter;
  tempo_meter_init(&meter, RATE_HZ);
  fill(120.0, 0, 48000);
  memset(clock_v + 48000, 0, 288000 * sizeof(float));
  fill(240.0, 336000, 360100);
  process(&meter, 0, 336001, 256);
  ck_assert_double_eq(tempo_meter_read(&meter, 4), 0.0);
  process(&meter, 336001, 360001, 256);
  ck_assert_double_eq(tempo_meter_read(&meter, 4), 60.0);
}
END_TEST

START_TEST(gates_are_shown_long_enough)
{
  TempoMeter meter;
  tempo_meter_init(&meter, RATE_HZ);
  memset(clock_v, 0, sizeof(clock_v));
  clock_v[100] = GATE_HIGH_V;
  process(&meter, 0, 100, 256);
  ck_assert(!tempo_meter_was_high(&meter, 1000));
  process(&meter, 100, 101, 256);
  ck_assert(tempo_meter_was_high(&meter, 1000));
  process(&meter, 101, 1100, 256);
  ck_assert(tempo_meter_was_high(&meter, 1000));
  process(&meter, 1100, 1101, 256);
  ck_assert(!tempo_meter_was_high(&meter, 1000));
}
END_TEST

START_TEST(slices_and_hours_do_not_count)
{
  TempoMeter one;
  TempoMeter other;
  tempo_meter_init(&one, RATE_HZ);
  tempo_meter_init(&other, RATE_HZ);
  fill(6000.0, 0, N_FRAMES);
  for (uint32_t n = 0; n < 5; ++n) { // More rises than twice what is remembered
    process(&one, 0, N_FRAMES, 256);
    process(&other, 0, N_FRAMES, 37);
    ck_assert_double_eq(tempo_meter_read(&one, 48), 125.0);
  }
  ck_assert_mem_eq(&one, &other, sizeof(one));
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("tempo_meter");
  TCase* const tests = tcase_create("tempo_meter");
  tcase_add_test(tests, tempo_is_that_of_a_beat);
  tcase_add_test(tests, clock_that_stops_has_no_tempo);
  tcase_add_test(tests, clock_that_starts_again_forgets_the_pause);
  tcase_add_test(tests, gates_are_shown_long_enough);
  tcase_add_test(tests, slices_and_hours_do_not_count);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
