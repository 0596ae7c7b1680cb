// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "level/tuner.h"
#include "math/random.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define PI 3.141592653589793
#define SETTLE_S 0.5 ///< After which a tone is steady
#define WINDOW_S 0.1
#define TOLERANCE_CENT 0.1

enum { MAX_FRAMES = 262144, N_SLICE = 256 };

/// Partials of a tone, by their amplitudes
typedef struct {
  double   offset;
  uint32_t n_partials;
  double   amplitude[8];
} Shape;

static const Shape shapes[] = {
  {0.0, 1, {1.0}},
  {0.3, 1, {0.01}},                                         // Quiet, with an offset
  {0.0, 3, {0.3, 1.0, 0.5}},                                // Two rises in a period
  {0.0, 6, {0.2, 0.1, 0.1, 0.2, 1.0, 0.3}},                 // Five
  {0.0, 8, {1.0, 0.5, 0.33, 0.25, 0.2, 0.17, 0.14, 0.125}}, // Nearly a saw
  {0.0, 3, {0.0, 1.0, 0.7}},                                // Without its fundamental
};

static const double rates[] = {44100.0, 48000.0, 96000.0, 192000.0};
static const double tones[] = {20.0,
                               21.7,
                               27.5,
                               61.3,
                               110.0,
                               261.6256,
                               440.0,
                               1000.0,
                               1234.5,
                               2637.0,
                               4999.0,
                               10000.0};

#define N_SHAPES (sizeof(shapes) / sizeof(shapes[0]))
#define N_RATES (sizeof(rates) / sizeof(rates[0]))
#define N_TONES (sizeof(tones) / sizeof(tones[0]))

static float in[MAX_FRAMES];

/// Return a frame of a tone, whose partials stop short of half the rate
static double
tone_at(const Shape* const shape, const double hz, const double rate, const double t_s)
{
  double sum = shape->offset;
  for (uint32_t p = 0; p < shape->n_partials; ++p) {
    const double partial = hz * (p + 1.0);
    sum += partial < 0.45 * rate
             ? shape->amplitude[p] * sin(2.0 * PI * partial * t_s + 0.3 * p)
             : 0.0;
  }
  return sum;
}

static void
fill_tone(const Shape* const shape,
          const double       hz,
          const double       rate,
          const uint32_t     n_frames)
{
  for (uint32_t i = 0; i < n_frames; ++i) {
    in[i] = (float)tone_at(shape, hz, rate, i / rate);
  }
}

static void
process(Tuner* const   tuner,
        const uint32_t start,
        const uint32_t end,
        const uint32_t n_slice)
{
  for (uint32_t i = start; i < end; i += n_slice) {
    const uint32_t n = end - i < n_slice ? end - i : n_slice;
    tuner_process(tuner, (Signal){in + i, false}, n);
  }
}

/// Play what is at the input, and return what the second window reads
static double
read_steady(const double rate)
{
  const uint32_t settle = (uint32_t)(SETTLE_S * rate);
  const uint32_t window = (uint32_t)(WINDOW_S * rate);
  Tuner          tuner;

  tuner_init(&tuner, rate);
  process(&tuner, 0, settle, N_SLICE);
  tuner_read(&tuner);
  process(&tuner, settle, settle + window, N_SLICE);
  return tuner_read(&tuner);
}

static uint32_t
steady_frames(const double rate)
{
  return (uint32_t)((SETTLE_S + WINDOW_S) * rate);
}

static double
cents(const double hz, const double tone)
{
  return 1200.0 * log2(hz / tone);
}

START_TEST(steady_tones_are_read_within_a_tenth_of_a_cent)
{
  const Shape* const shape = &shapes[_i % (int)N_SHAPES];
  const double       rate  = rates[_i / (int)N_SHAPES];
  for (uint32_t t = 0; t < N_TONES; ++t) {
    const bool has_tone = shape->amplitude[0] > 0.0 || 3.0 * tones[t] < 0.45 * rate;
    if (has_tone && (shape->n_partials == 1 || tones[t] < 0.05 * rate)) {
      fill_tone(shape, tones[t], rate, steady_frames(rate));
      const double hz = read_steady(rate);
      ck_assert_msg(fabs(cents(hz, tones[t])) < TOLERANCE_CENT,
                    "%g Hz of shape %d is %.6f at %g, %g cents off",
                    tones[t],
                    _i % (int)N_SHAPES,
                    hz,
                    rate,
                    cents(hz, tones[t]));
    }
  }
}
END_TEST

/// Add a partial as a turning pointer, exact enough
static void
add_partial(const double   turn,
            const double   amplitude,
            const double   phase,
            double* const  sum,
            const uint32_t n_frames)
{
  const double c = cos(turn);
  const double s = sin(turn);
  double       x = amplitude * sin(phase);
  double       y = amplitude * cos(phase);
  for (uint32_t i = 0; i < n_frames; ++i) {
    const double next = x * c + y * s;
    sum[i] += x;
    y = y * c - x * s;
    x = next;
  }
}

/// Fill with a saw, or a pulse of the width, whose partials fade from 0.3 to 0.5 of the
/// rate
static void
fill_bright(const double width, const double hz, const double rate, const uint32_t n)
{
  static double sum[MAX_FRAMES];

  memset(sum, 0, sizeof(sum));
  for (uint32_t p = 1; p * hz < 0.5 * rate; ++p) {
    const double over      = fmax(p * hz / rate - 0.3, 0.0) / 0.2;
    const double fade      = 0.5 + 0.5 * cos(PI * over);
    const double amplitude = fade * (width > 0.0 ? sin(PI * p * width) : -0.5) / p;
    const double phase     = width > 0.0 ? 0.5 * PI : 0.0;
    add_partial(2.0 * PI * p * hz / rate, amplitude, phase, sum, n);
  }
  for (uint32_t i = 0; i < n; ++i) {
    in[i] = (float)sum[i];
  }
}

/// The frames of a bright wave meet its edges elsewhere in each period
START_TEST(bright_waves_are_read_within_a_tenth_of_a_cent)
{
  static const double widths[] = {0.0, 0.5, 0.25, 0.1};

  const double rate = 48000.0;
  for (double hz = 27.5; hz < 5000.0; hz *= 1.13) {
    fill_bright(widths[_i], hz, rate, steady_frames(rate));
    const double found = read_steady(rate);
    ck_assert_msg(fabs(cents(found, hz)) < TOLERANCE_CENT,
                  "%g Hz of width %g is %.6f",
                  hz,
                  widths[_i],
                  found);
  }
}
END_TEST

static float
noise_at(const uint32_t seed, const uint32_t i)
{
  return random_bipolar((uint32_t)(random_at(seed, i) >> 32U));
}

START_TEST(noise_below_a_tone_leaves_its_pitch)
{
  const double rate = 48000.0;
  for (uint32_t t = 0; t < N_TONES - 3U; ++t) {
    fill_tone(&shapes[0], tones[t], rate, steady_frames(rate));
    for (uint32_t i = 0; i < steady_frames(rate); ++i) {
      in[i] += 0.05f * noise_at(1, i);
    }
    const double hz = read_steady(rate);
    ck_assert_msg(fabs(cents(hz, tones[t])) < 15.0, "%g Hz is %.6f", tones[t], hz);
  }
}
END_TEST

START_TEST(silence_and_noise_have_no_pitch)
{
  const double rate = 48000.0;

  memset(in, 0, sizeof(in));
  ck_assert_double_eq(read_steady(rate), 0.0);
  for (uint32_t seed = 0; seed < 20; ++seed) {
    for (uint32_t i = 0; i < steady_frames(rate); ++i) {
      in[i] = noise_at(seed, i);
    }
    ck_assert_double_eq(read_steady(rate), 0.0);
  }
}
END_TEST

START_TEST(tone_that_stops_is_over)
{
  const double   rate  = 48000.0;
  const uint32_t start = steady_frames(rate);
  Tuner          tuner;

  fill_tone(&shapes[0], 440.0, rate, start);
  memset(in + start, 0, start * sizeof(float));
  tuner_init(&tuner, rate);
  process(&tuner, 0, start, N_SLICE);
  ck_assert_double_eq_tol(tuner_read(&tuner), 440.0, 0.1);
  process(&tuner, start, start + 9600, N_SLICE);
  ck_assert_double_eq(tuner_read(&tuner), 0.0);
}
END_TEST

START_TEST(tone_that_starts_in_a_window_is_not_bent_by_the_pause)
{
  const double   rate  = 48000.0;
  const uint32_t start = 12000;
  Tuner          tuner;

  tuner_init(&tuner, rate);
  fill_tone(&shapes[0], 330.0, rate, start);
  memset(in + 6000, 0, 6000 * sizeof(float));
  process(&tuner, 0, 4800, N_SLICE);
  tuner_read(&tuner);
  process(&tuner, 4800, start, N_SLICE);
  tuner_read(&tuner);
  fill_tone(&shapes[0], 880.0, rate, 14400);
  process(&tuner, 10000, 14400, N_SLICE);
  ck_assert_double_eq_tol(cents(tuner_read(&tuner), 880.0), 0.0, 1.0);
}
END_TEST

START_TEST(slices_do_not_count)
{
  const double   rate = 48000.0;
  const uint32_t n    = 30000;
  Tuner          one;
  Tuner          other;

  fill_tone(&shapes[2], 123.4, rate, n);
  tuner_init(&one, rate);
  tuner_init(&other, rate);
  process(&one, 0, n, N_SLICE);
  process(&other, 0, n, 7);
  ck_assert_double_eq(tuner_read(&one), tuner_read(&other));
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("tuner");
  TCase* const tests = tcase_create("tuner");
  tcase_set_timeout(tests, 60);
  tcase_add_loop_test(
    tests, steady_tones_are_read_within_a_tenth_of_a_cent, 0, N_SHAPES * N_RATES);
  tcase_add_loop_test(tests, bright_waves_are_read_within_a_tenth_of_a_cent, 0, 4);
  tcase_add_test(tests, noise_below_a_tone_leaves_its_pitch);
  tcase_add_test(tests, silence_and_noise_have_no_pitch);
  tcase_add_test(tests, tone_that_stops_is_over);
  tcase_add_test(tests, tone_that_starts_in_a_window_is_not_bent_by_the_pause);
  tcase_add_test(tests, slices_do_not_count);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
