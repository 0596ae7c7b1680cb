// SPDX-License-Identifier: ISC
// An oscillator whose pulse width, pitch and sync step, beside a reference of 64 times
// the sample rate

#include "support/test.h"

#include "osc/osc.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define RATE_HZ 48000.0
#define PI 3.14159265358979323846

enum {
  N_FRAMES   = 6000,
  N_OVER     = 64, ///< Places of the reference in a frame
  N_SIDE     = 16, ///< Frames to either side of the filter of the reference
  N_LOW_SIDE = 64, ///< Frames to either side of the filter of what is heard
  SLICE      = 250
};

/// How the width moves
typedef enum { ANYWHERE, NONE_OR_ALL, NARROW_OR_WIDE, BEYOND_ENDS, N_WAYS } Way;

/// How the pitch moves
typedef enum { STILL, SINE_FM, SQUARE_FM } Motion;

static uint64_t step[N_FRAMES];
static int32_t  width[N_FRAMES];
static float    sync[N_FRAMES];
static float    out[N_FRAMES];
static float    sync_out[N_FRAMES];
static float    one[SLICE];
static double   wave[N_FRAMES * N_OVER];
static double   filter[2 * N_SIDE * N_OVER + 1];
static double   low[2 * N_LOW_SIDE + 1];
static uint32_t seed;

// ---- Chance

static double
chance(void)
{
  seed = seed * 1664525U + 1013904223U;
  return (double)(seed >> 8U) * 0x1p-24;
}

/// Return a number between two, all octaves alike
static double
chance_between(const double least, const double most)
{
  return least * pow(most / least, chance());
}

static double
next_width(const Way way)
{
  const double any = chance();
  return way == ANYWHERE         ? any
         : way == NONE_OR_ALL    ? round(any)
         : way == NARROW_OR_WIDE ? 0.05 + 0.9 * round(any)
                                 : 2.5 * any - 0.75;
}

/// Let the width step every `hold` frames or so
static void
step_width(const Way way, const double hold)
{
  double  now  = chance();
  int32_t left = 0;
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    if (left-- <= 0) {
      left = hold > 3.0 ? (int32_t)(hold * (0.3 + chance())) : 0;
      now  = next_width(way);
    }
    width[i] = (int32_t)lround(now * SHAPE_FULL_WIDTH);
  }
}

static void
move_pitch(const Motion motion, const double freq, const double fm_freq)
{
  const double depth = 2.0 * chance();
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    const double sine = sin(2.0 * PI * fm_freq * i);
    const double fm   = motion == STILL     ? 0.0
                        : motion == SINE_FM ? sine
                                            : copysign(1.0, sine);
    const double move = fmin(0.499, fmax(-0.499, freq * (1.0 + depth * fm)));
    step[i]           = (uint64_t)llround(move * OSC_CYCLE);
  }
}

static void
play(const Shape shape, const bool is_synced, const OscSyncMode sync_mode)
{
  static Osc osc;
  osc_init(&osc, RATE_HZ);
  for (uint32_t i = 0; i < SLICE; ++i) {
    one[i] = 1.0f;
  }

  const float* weight[N_SHAPES] = {NULL};
  weight[shape]                 = one;
  for (uint32_t at = 0; at < N_FRAMES; at += SLICE) {
    const OscInputs in = {.step      = step + at,
                          .width     = width + at,
                          .weight    = weight,
                          .sync      = is_synced ? sync + at : NULL,
                          .sync_mode = sync_mode};
    osc_process(&osc, &in, out + at, sync_out + at, SLICE);
  }
}

static double
peak(void)
{
  double most = 0.0;
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    most = fmax(most, fabs((double)out[i]));
  }
  return most;
}

// ---- Reference

/// Return Kaiser's window of beta 9 at a place from -1 to 1
static double
window(const double x)
{
  double sum    = 1.0;
  double factor = 1.0;
  for (uint32_t k = 1; k < 40; ++k) {
    const double half = 9.0 * sqrt(fmax(0.0, 1.0 - x * x)) / (2.0 * k);
    factor *= half * half;
    sum += factor;
  }
  return sum;
}

/// Make a low pass of a cutoff in cycles per place
static void
make_low_pass(double* const taps, const int32_t n_side, const double cutoff)
{
  double sum = 0.0;
  for (int32_t i = -n_side; i <= n_side; ++i) {
    const double x    = 2.0 * PI * cutoff * i;
    const double sinc = i ? sin(x) / x : 1.0;
    taps[i + n_side]  = sinc * window((double)i / n_side);
    sum += taps[i + n_side];
  }
  for (int32_t i = 0; i <= 2 * n_side; ++i) {
    taps[i] /= sum;
  }
}

/// Compare phase and width in the middle of each place, straight between frames
static void
make_wave(void)
{
  double phase = 0.0;
  double last  = (double)width[0] / SHAPE_FULL_WIDTH;
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    const double move = (double)(int64_t)step[i] / OSC_CYCLE;
    const double next = (double)width[i] / SHAPE_FULL_WIDTH;
    for (uint32_t k = 0; k < N_OVER; ++k) {
      const double time  = (k + 0.5) / N_OVER;
      const double place = phase + move * time;
      const double now   = last + (next - last) * time;
      const bool   high  = place - floor(place) < now;

      wave[i * N_OVER + k] = (high ? 2.0 : 0.0) - 2.0 * fmin(1.0, fmax(0.0, now));
    }
    phase += move;
    last = next;
  }
}

/// Return the reference at the end of a frame
static double
reference(const uint32_t frame)
{
  const double* const middle = wave + (size_t)(frame + 1) * N_OVER;

  double sum = 0.0;
  for (int32_t k = -N_SIDE * N_OVER; k <= N_SIDE * N_OVER; ++k) {
    sum += filter[k + N_SIDE * N_OVER] * 0.5 * (middle[k] + middle[k - 1]);
  }
  return sum;
}

/// Return the largest error below 18 kHz; that of the reference is 1/64 of an edge
static double
largest_error(void)
{
  static double error[N_FRAMES];
  Osc           osc;
  osc_init(&osc, RATE_HZ);

  make_low_pass(filter, N_SIDE * N_OVER, 0.5 / N_OVER);
  make_low_pass(low, N_LOW_SIDE, 18000.0 / RATE_HZ);
  make_wave();
  for (uint32_t i = 100; i < N_FRAMES - 100; ++i) {
    error[i] = (double)out[i] - reference(i - osc_latency(&osc));
  }

  double most = 0.0;
  for (uint32_t i = 200; i < N_FRAMES - 200; ++i) {
    double sum = 0.0;
    for (int32_t k = -N_LOW_SIDE; k <= N_LOW_SIDE; ++k) {
      sum += low[k + N_LOW_SIDE] * error[(int32_t)i + k];
    }
    most = fmax(most, fabs(sum));
  }
  return most;
}

// ---- Tests

START_TEST(steps_of_the_width_move_edges_once)
{
  static const double holds[] = {1.0, 7.0, 40.0, 500.0};

  seed = 1U + (uint32_t)_i;
  step_width((Way)(_i % N_WAYS), holds[_i / N_WAYS]);
  move_pitch(STILL, chance_between(30.0, 6000.0) / RATE_HZ, 0.0);
  play(SHAPE_PULSE, false, OSC_SYNC_HARD);
  ck_assert_double_le(largest_error(), 0.035);
}
END_TEST

START_TEST(steps_of_the_pitch_move_edges_once)
{
  static const double holds[] = {7.0, 500.0};

  seed = 101U + (uint32_t)_i;
  step_width((Way)(_i % N_WAYS), holds[_i / N_WAYS]);
  move_pitch(SQUARE_FM,
             chance_between(30.0, 4000.0) / RATE_HZ,
             chance_between(20.0, 2000.0) / RATE_HZ);
  play(SHAPE_PULSE, false, OSC_SYNC_HARD);
  ck_assert_double_le(largest_error(), 0.035);
}
END_TEST

START_TEST(one_step_makes_one_edge)
{
  // A cycle of 1000 frames: a width that steps over the phase, and back at once
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    width[i] = (i >= 2500 && i < 2600 ? 1 : 3) * (SHAPE_FULL_WIDTH / 4);
    step[i]  = (uint64_t)(OSC_CYCLE / 1000.0);
  }
  play(SHAPE_PULSE, false, OSC_SYNC_HARD);
  for (uint32_t i = 2400; i < 2700; ++i) {
    ck_assert_float_le(fabsf(out[i]), 1.5f + 0.18f);
  }
  ck_assert_double_le(largest_error(), 0.035);
}
END_TEST

START_TEST(nothing_reaches_further_than_edges_do)
{
  // Two edges in a row reach 0.36 beyond where they lead to, and that may be at 2
  static const double most[N_SHAPES] = {1.35, 1.2, 1.45, 2.45};

  seed = 7U;
  for (uint32_t c = 0; c < 1024; ++c) {
    const uint32_t mode    = c / N_SHAPES;
    const double   sync_hz = chance_between(20.0, 5000.0);
    const double   freq    = chance_between(20.0, 8000.0) / RATE_HZ;
    const Motion   motion  = (Motion)(mode % 3U);
    step_width((Way)(mode % N_WAYS), chance_between(1.0, 1000.0));
    move_pitch(motion, freq, chance_between(20.0, 5000.0) / RATE_HZ);
    for (uint32_t i = 0; i < N_FRAMES; ++i) {
      sync[i] = (float)sin(2.0 * PI * sync_hz / RATE_HZ * i + 1.0);
    }
    play(
      (Shape)(c % N_SHAPES), mode & 1U, mode & 2U ? OSC_SYNC_HARD : OSC_SYNC_REVERSE);
    ck_assert_double_le(peak(), most[c % N_SHAPES]);
  }
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("osc_steps");
  TCase* const tests = tcase_create("osc_steps");
  tcase_set_timeout(tests, 60.0);
  tcase_add_loop_test(tests, steps_of_the_width_move_edges_once, 0, 4 * N_WAYS);
  tcase_add_loop_test(tests, steps_of_the_pitch_move_edges_once, 0, 2 * N_WAYS);
  tcase_add_test(tests, one_step_makes_one_edge);
  tcase_add_test(tests, nothing_reaches_further_than_edges_do);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
