// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "delay/echo.h"
#include "delay/echo_time.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define RATE_HZ 48000.0
#define N_FRAMES 96000U
#define PI 3.14159265358979323846

/// How to run the echoes
typedef struct {
  float     feedback;
  float     cross;
  float     drive;
  float     low_oct;
  float     high_oct;
  bool      has_filter;
  bool      saturates;
  Waveshape shape;
  uint32_t  freeze_from; ///< N_FRAMES if never
} Settings;

static const Settings clean = {.drive = 1.0f, .freeze_from = N_FRAMES};

static Echo   echo;
static float* memory;
static float  in_[2][N_FRAMES];
static double delay_[2][N_FRAMES];
static float  out_[2][N_FRAMES];

static void
setup(void)
{
  memory = (float*)calloc(echo_memory(RATE_HZ), sizeof(float));
  echo_init(&echo, memory, RATE_HZ);
  memset(in_, 0, sizeof(in_));
}

static void
teardown(void)
{
  free(memory);
}

static void
fill_sine(const uint32_t side, const double freq_hz, const double level)
{
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    in_[side][i] = (float)(level * sin(2.0 * PI * freq_hz / RATE_HZ * i));
  }
}

static void
fill_noise(const uint32_t n_frames, const float level)
{
  uint32_t seed = 1;
  for (uint32_t i = 0; i < n_frames; ++i) {
    for (int s = 0; s < 2; ++s) {
      seed      = seed * 1664525U + 1013904223U;
      in_[s][i] = level * (float)(int32_t)seed * 0x1p-31f;
    }
  }
}

static void
fill_delay(const double frames)
{
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    delay_[0][i] = delay_[1][i] = frames;
  }
}

static void
fill(float* const frames, const float value)
{
  for (uint32_t i = 0; i < BLOCK_FRAMES; ++i) {
    frames[i] = value;
  }
}

static bool
is_silent(const uint32_t start, const uint32_t n_frames)
{
  bool is_silent = true;
  for (uint32_t i = start; i < start + n_frames; ++i) {
    is_silent &= in_[0][i] == 0.0f && in_[1][i] == 0.0f;
  }

  return is_silent;
}

/// Run all frames in slices of 1 to `n_most` frames
static void
run(const Settings* const settings, const uint32_t n_most)
{
  static float feedback[BLOCK_FRAMES];
  static float cross[BLOCK_FRAMES];
  static float drive[BLOCK_FRAMES];
  static float low[BLOCK_FRAMES];
  static float high[BLOCK_FRAMES];
  static float share[BLOCK_FRAMES];
  fill(feedback, settings->feedback);
  fill(cross, settings->cross);
  fill(drive, settings->drive);
  fill(low, settings->low_oct);
  fill(high, settings->high_oct);
  fill(share, settings->has_filter ? 1.0f : 0.0f);
  echo_set_saturation(&echo, settings->saturates);

  uint32_t n = 0;
  for (uint32_t i = 0; i < N_FRAMES; i += n) {
    n = (i * 2654435761U >> 7U) % n_most + 1U;
    n = n < N_FRAMES - i ? n : N_FRAMES - i;
    if (i < settings->freeze_from && i + n > settings->freeze_from) {
      n = settings->freeze_from - i;
    }
    const EchoInputs inputs = {.in         = {in_[0] + i, in_[1] + i},
                               .delay      = {delay_[0] + i, delay_[1] + i},
                               .feedback   = feedback,
                               .cross      = cross,
                               .drive      = drive,
                               .filter     = {low, high, share, share},
                               .has_filter = settings->has_filter,
                               .is_silent  = is_silent(i, n),
                               .shape      = settings->shape,
                               .is_frozen  = i >= settings->freeze_from};
    float* const     out[2] = {out_[0] + i, out_[1] + i};
    echo_process(&echo, memory, &inputs, out, n);
  }
}

static float
peak(const uint32_t start, const uint32_t end)
{
  float most = 0.0f;
  for (uint32_t i = start; i < end; ++i) {
    most = fmaxf(most, fmaxf(fabsf(out_[0][i]), fabsf(out_[1][i])));
  }
  return most;
}

/// Return the level of a frequency on the left, relative to an amplitude of 1, in dB
static double
level_db(const double freq_hz, const uint32_t start, const uint32_t n_frames)
{
  double real = 0.0;
  double imag = 0.0;
  for (uint32_t i = start; i < start + n_frames; ++i) {
    const double angle = 2.0 * PI * freq_hz / RATE_HZ * i;
    real += (double)out_[0][i] * cos(angle);
    imag += (double)out_[0][i] * sin(angle);
  }
  return 20.0 * log10(2.0 * hypot(real, imag) / n_frames);
}

START_TEST(echoes_are_late_to_the_frame_and_flat)
{
  fill_delay(4800.3);
  for (double freq_hz = 1000.0; freq_hz < 18001.0; freq_hz += 1000.0) {
    echo_reset(&echo);
    fill_sine(0, freq_hz, 0.5);
    run(&clean, 256);
    ck_assert_double_eq_tol(level_db(freq_hz, 48000, 48000), -6.0206, 0.005);
  }
  for (uint32_t i = 48000; i < N_FRAMES; ++i) {
    const double due = 0.5 * sin(2.0 * PI * 18000.0 / RATE_HZ * (i - 4800.3));
    ck_assert_double_eq_tol((double)out_[0][i], due, 0.001);
  }
}
END_TEST

START_TEST(each_echo_is_late_by_the_same)
{
  Settings settings = clean;
  settings.feedback = 0.5f;
  in_[0][100]       = 1.0f;
  fill_delay(1000.0);
  run(&settings, 256);
  for (uint32_t k = 1; k < 20; ++k) {
    const uint32_t at  = 100U + 1000U * k;
    const double   due = pow(0.5, k - 1.0);
    ck_assert_double_eq_tol((double)out_[0][at], due, 0.35 * due);
    ck_assert_float_gt(fabsf(out_[0][at]), fabsf(out_[0][at - 1]));
    ck_assert_float_gt(fabsf(out_[0][at]), fabsf(out_[0][at + 1]));
    ck_assert_float_eq(out_[1][at], 0.0f);
  }
}
END_TEST

START_TEST(echoes_cross_sides)
{
  Settings settings = clean;
  settings.feedback = 0.5f;
  settings.cross    = 1.0f;
  in_[0][0]         = 1.0f;
  fill_delay(1000.0);
  run(&settings, 256);
  ck_assert_float_gt(out_[0][1000], 0.5f);
  ck_assert_float_eq(out_[1][1000], 0.0f);
  ck_assert_float_gt(out_[1][2000], 0.25f);
  ck_assert_float_eq(out_[0][2000], 0.0f);
}
END_TEST

START_TEST(filters_are_in_the_loop)
{
  Settings settings   = clean;
  settings.feedback   = 1.0f;
  settings.has_filter = true;
  settings.low_oct    = (float)log2(200.0 / 261.6255653);
  settings.high_oct   = (float)log2(2000.0 / 261.6255653);
  fill_delay(4800.0);
  fill_sine(0, 2000.0, 1.0);
  memset(in_[0] + 4800, 0, sizeof(in_[0]) - 4800 * sizeof(float));
  run(&settings, 256);
  ck_assert_double_eq_tol(level_db(2000.0, 4800 + 1200, 2400), 0.0, 0.01);
  ck_assert_double_eq_tol(level_db(2000.0, 9600 + 1200, 2400), -3.06, 0.1);

  echo_reset(&echo);
  fill_sine(0, 200.0, 1.0);
  memset(in_[0] + 4800, 0, sizeof(in_[0]) - 4800 * sizeof(float));
  run(&settings, 256);
  ck_assert_double_eq_tol(level_db(200.0, 9600 + 2400, 2400), -3.01, 0.1);
}
END_TEST

/// Return the loudest of what is above 4 kHz, in dB
static double
click_db(const uint32_t start, const uint32_t end)
{
  enum { HALF = 128 };

  double taps[HALF + 1];
  for (int t = 0; t <= HALF; ++t) {
    const double cutoff = 3000.0 / RATE_HZ;
    const double place  = PI * t / (HALF + 1);
    const double window = 0.35875 + 0.48829 * cos(place) + 0.14128 * cos(2.0 * place) +
                          0.01168 * cos(3.0 * place);
    const double low = t ? sin(2.0 * PI * cutoff * t) / (PI * t) : 2.0 * cutoff;
    taps[t]          = (t ? 0.0 : 1.0) - window * low;
  }

  double most = 0.0;
  for (uint32_t i = start; i < end; ++i) {
    double sum = taps[0] * (double)out_[0][i];
    for (uint32_t t = 1; t <= HALF; ++t) {
      sum += taps[t] * ((double)out_[0][i - t] + (double)out_[0][i + t]);
    }
    most = fmax(most, fabs(sum));
  }
  return 20.0 * log10(most);
}

/// Where the saturator comes in and goes, the delay jumps, and all is frozen
START_TEST(changes_do_not_click)
{
  fill_sine(0, 440.0, 0.5);
  fill_delay(9600.0);
  run(&clean, 256);
  ck_assert_double_lt(click_db(48000, 72000), -120.0);

  echo_reset(&echo);
  for (uint32_t i = 60000; i < N_FRAMES; ++i) {
    delay_[0][i] = 14448.0;
  }
  run(&clean, 256);
  ck_assert_double_lt(click_db(48000, 72000), -100.0);

  echo_reset(&echo);
  fill_delay(9600.0);
  Settings settings    = clean;
  settings.freeze_from = 60000;
  run(&settings, 256);
  ck_assert_double_lt(click_db(48000, 68000), -100.0);
}
END_TEST

START_TEST(frozen_frames_stay_to_the_bit)
{
  Settings settings    = clean;
  settings.freeze_from = 20000;
  fill_noise(N_FRAMES, 0.5f);
  fill_delay(5000.0);
  run(&settings, 256);
  for (uint32_t i = 20000 + 2 * 5000 + 1000; i + 5000 < N_FRAMES; ++i) {
    ck_assert_float_eq(out_[0][i], out_[0][i + 5000]);
    ck_assert_float_eq(out_[1][i], out_[1][i + 5000]);
  }
  ck_assert_float_gt(peak(N_FRAMES - 5000, N_FRAMES), 0.3f);
}
END_TEST

/// All at once, with delays that move and jump
static void
run_wild(const uint32_t n_most)
{
  const Settings settings = {.feedback    = 1.1f,
                             .cross       = 0.7f,
                             .drive       = 4.0f,
                             .low_oct     = -2.0f,
                             .high_oct    = 3.0f,
                             .has_filter  = true,
                             .saturates   = true,
                             .shape       = WAVESHAPE_HARD,
                             .freeze_from = 70000};

  echo_reset(&echo);
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    const double jump = i / 10007U % 2U ? 5000.0 : 0.0;
    delay_[0][i]      = 2000.0 + jump + 1900.0 * sin(0.002 * i);
    delay_[1][i]      = echo_min_delay(&echo) + (i % 100U);
  }
  run(&settings, n_most);
}

START_TEST(slices_make_no_difference)
{
  static float whole[2][N_FRAMES];

  fill_noise(30000, 0.5f);
  run_wild(256);
  memcpy(whole, out_, sizeof(whole));
  run_wild(3);
  ck_assert_mem_eq(out_, whole, sizeof(whole));
}
END_TEST

START_TEST(is_bounded)
{
  fill_noise(N_FRAMES, 1e6f);
  run_wild(256);
  ck_assert_float_lt(peak(0, N_FRAMES), ECHO_BOUND);

  Settings settings = clean;
  settings.feedback = 1.1f;
  echo_reset(&echo);
  run(&settings, 256);
  ck_assert_float_lt(peak(0, N_FRAMES), ECHO_BOUND);
  settings.saturates = true;
  settings.drive     = 0.25f;
  echo_reset(&echo);
  run(&settings, 256);
  ck_assert_float_lt(peak(0, N_FRAMES), ECHO_BOUND);
}
END_TEST

START_TEST(echoes_die_and_then_rest)
{
  Settings settings = clean;
  settings.feedback = 0.5f;
  fill_noise(1000, 0.5f);
  fill_delay(500.0);
  run(&settings, 256);
  ck_assert(!echo_is_idle(&echo));
  memset(in_, 0, sizeof(in_));
  for (int i = 0; i < 6; ++i) {
    run(&settings, 256);
  }
  ck_assert(echo_is_idle(&echo));
  ck_assert_float_eq(peak(0, N_FRAMES), 0.0f);
}
END_TEST

// ---- Time

static EchoTime timing;

static void
set_time(const double time_s, const bool is_tape, const EchoTimeSource source)
{
  const EchoTimeSettings settings = {source, time_s, 13, 11, 0.75, is_tape, 0.1};

  echo_time_set(&timing, &settings);
}

START_TEST(tape_glides_without_a_kink)
{
  static double frames[N_FRAMES];

  echo_time_init(&timing, RATE_HZ, 68.0, 480000.0);
  set_time(0.2, true, ECHO_TIME_FREE);
  echo_time_write(&timing, 0, frames, 1);
  ck_assert_double_eq_tol(frames[0], 9600.0, 1e-9);
  set_time(0.301, true, ECHO_TIME_FREE);
  echo_time_write(&timing, 0, frames, N_FRAMES);
  ck_assert_double_eq_tol(frames[N_FRAMES - 1], 14448.0, 1e-9);
  for (uint32_t i = 2; i < N_FRAMES; ++i) {
    const double bend = frames[i] - 2.0 * frames[i - 1] + frames[i - 2];
    ck_assert_double_lt(fabs(frames[i] - frames[i - 1]), ECHO_TIME_MAX_SPEED);
    ck_assert_double_lt(fabs(bend), 0.002);
  }

  fill_sine(0, 440.0, 0.5);
  memcpy(delay_[0], frames, sizeof(frames));
  memcpy(delay_[1], frames, sizeof(frames));
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    delay_[0][i] = i < 48000 ? 9600.0 : frames[i - 48000];
  }
  run(&clean, 256);
  ck_assert_double_lt(click_db(40000, 60000), -100.0);
}
END_TEST

START_TEST(clock_sets_the_time)
{
  static float  clock[12000];
  static double frames[1];

  echo_time_init(&timing, RATE_HZ, 68.0, 480000.0);
  set_time(0.2, false, ECHO_TIME_CLOCKED);
  for (uint32_t i = 0; i < 500; ++i) {
    clock[i] = 10.0f;
  }
  for (int pulse = 0; pulse < 4; ++pulse) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < 12000; i += n) {
      n = echo_time_take(&timing, clock + i, 12000 - i);
      echo_time_pass(&timing, n);
    }
  }
  echo_time_write(&timing, 0, frames, 1);
  ck_assert_double_eq_tol(frames[0], 12000.0, 1e-6);
  echo_time_write(&timing, 1, frames, 1);
  ck_assert_double_eq_tol(frames[0], 9000.0, 1e-6);
}
END_TEST

START_TEST(tempo_sets_the_time)
{
  static double frames[1];

  Transport transport = {NAN, NAN, 4.0, 4.0, 120.0, NAN, 1.0};
  echo_time_init(&timing, RATE_HZ, 68.0, 480000.0);
  set_time(0.2, false, ECHO_TIME_IN_TEMPO);
  echo_time_set_transport(&timing, &transport);
  echo_time_write(&timing, 0, frames, 1);
  ck_assert_double_eq_tol(frames[0], 24000.0, 1e-6);

  transport.beats_per_minute = 2.0;
  echo_time_set_transport(&timing, &transport);
  ck_assert(echo_time_waits(&timing, 0));
  echo_time_jump(&timing, 0);
  echo_time_write(&timing, 0, frames, 1);
  ck_assert_double_eq_tol(frames[0], 360000.0, 1e-6);
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("echo");
  TCase* const tests = tcase_create("echo");
  tcase_add_checked_fixture(tests, setup, teardown);
  tcase_set_timeout(tests, 60);
  tcase_add_test(tests, echoes_are_late_to_the_frame_and_flat);
  tcase_add_test(tests, each_echo_is_late_by_the_same);
  tcase_add_test(tests, echoes_cross_sides);
  tcase_add_test(tests, filters_are_in_the_loop);
  tcase_add_test(tests, changes_do_not_click);
  tcase_add_test(tests, frozen_frames_stay_to_the_bit);
  tcase_add_test(tests, slices_make_no_difference);
  tcase_add_test(tests, is_bounded);
  tcase_add_test(tests, echoes_die_and_then_rest);
  tcase_add_test(tests, tape_glides_without_a_kink);
  tcase_add_test(tests, clock_sets_the_time);
  tcase_add_test(tests, tempo_sets_the_time);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
