// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "delay/reverb.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RATE_HZ 48000.0
#define N_FRAMES 262144U
#define BLOCK 256U
#define MAX_BANDS 8U ///< 125 Hz to 16 kHz
#define PI 3.14159265358979323846

/// Settings that stay, in the units of a player
typedef struct {
  double decay_s;
  double size;
  double high_decay; ///< Part of decay_s at damping_hz
  double damping_hz;
  double pre_delay_s;
  double low_cut_hz;
  double high_cut_hz;
  double motion;
  double motion_hz;
  bool   freezes;
} Player;

static const Player plain = {2.5, 1.0, 1.0, 5000.0, 0.0, 20.0, 1e5, 0.4, 0.5, false};

static Reverb* reverb;
static float   in_[2][N_FRAMES];
static float   out_[2][N_FRAMES];

/// Settings of each frame in a block
static struct {
  double decay[BLOCK];
  double size[BLOCK];
  float  high_decay[BLOCK];
  float  damping[BLOCK];
  float  pre_delay[BLOCK];
  float  low_cut[BLOCK];
  float  high_cut[BLOCK];
  float  motion[BLOCK];
  float  motion_rate[BLOCK];
  bool   freezes[BLOCK];
} knobs;

static void
open_reverb(const double rate_hz)
{
  free(reverb);
  reverb = (Reverb*)calloc(1, reverb_size(rate_hz));
  reverb_init(reverb, rate_hz);
}

static void
fill_doubles(double* const frames, const double value)
{
  for (uint32_t i = 0; i < BLOCK; ++i) {
    frames[i] = value;
  }
}

static void
fill_floats(float* const frames, const double value)
{
  for (uint32_t i = 0; i < BLOCK; ++i) {
    frames[i] = (float)value;
  }
}

static void
set(const Player player)
{
  fill_doubles(knobs.decay, log2(player.decay_s));
  fill_doubles(knobs.size, log2(player.size));
  fill_floats(knobs.high_decay, log2(player.high_decay));
  fill_floats(knobs.damping, log2(player.damping_hz));
  fill_floats(knobs.pre_delay, player.pre_delay_s);
  fill_floats(knobs.low_cut, log2(player.low_cut_hz));
  fill_floats(knobs.high_cut, log2(player.high_cut_hz));
  fill_floats(knobs.motion, player.motion);
  fill_floats(knobs.motion_rate, log2(player.motion_hz));
  memset(knobs.freezes, player.freezes, sizeof(knobs.freezes));
}

static ReverbInputs
inputs_at(const uint32_t i)
{
  return (ReverbInputs){in_[0] + i,
                        in_[1] + i,
                        {knobs.decay, false},
                        {knobs.size, false},
                        knobs.high_decay,
                        knobs.damping,
                        knobs.pre_delay,
                        knobs.low_cut,
                        knobs.high_cut,
                        knobs.motion,
                        knobs.motion_rate,
                        knobs.freezes,
                        false};
}

/// Play frames from `start` to `end` in blocks
static void
play(const uint32_t start, const uint32_t end)
{
  for (uint32_t i = start; i < end; i += BLOCK) {
    const ReverbInputs inputs = inputs_at(i);
    const uint32_t     n      = end - i < BLOCK ? end - i : BLOCK;
    reverb_process(reverb, &inputs, out_[0] + i, out_[1] + i, n);
  }
}

/// Find the response to an impulse of these heights
static void
respond(const Player player, const float left, const float right)
{
  memset(in_, 0, sizeof(in_));
  in_[0][0] = left;
  in_[1][0] = right;
  set(player);
  open_reverb(RATE_HZ);
  play(0, N_FRAMES);
}

static void
fill_noise(float* const frames, const uint32_t n_frames, const float level)
{
  static uint32_t seed = 1;
  for (uint32_t i = 0; i < n_frames; ++i) {
    seed      = seed * 1664525U + 1013904223U;
    frames[i] = level * (float)(int32_t)seed / 2147483648.0f;
  }
}

/// Filter in place with a band pass of the Audio EQ Cookbook
static void
band_pass(double* const frames, const double freq_hz, const double q)
{
  const double w     = 2.0 * PI * freq_hz / RATE_HZ;
  const double alpha = sin(w) / (2.0 * q);
  double       x1    = 0.0;
  double       x2    = 0.0;
  double       y1    = 0.0;
  double       y2    = 0.0;
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    const double x = frames[i];
    const double y =
      (alpha * (x - x2) + 2.0 * cos(w) * y1 - (1.0 - alpha) * y2) / (1.0 + alpha);
    x2        = x1;
    x1        = x;
    y2        = y1;
    y1        = y;
    frames[i] = y;
  }
}

/// Add the energy that is still to come in each frame of a channel's band
static void
add_decay(const float* const out, const double freq_hz, const double q, double* to_come)
{
  static double band[N_FRAMES];
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    band[i] = (double)out[i];
  }
  band_pass(band, freq_hz, q);
  band_pass(band, freq_hz, q);

  double sum = 0.0;
  for (uint32_t i = N_FRAMES; i-- > 0;) {
    sum += band[i] * band[i];
    to_come[i] += sum;
  }
}

/// Return the decay time of a curve (Schroeder, 1965), from 5 to 55 dB below its start
static double
decay_time(const double* const to_come)
{
  double n   = 0.0;
  double sx  = 0.0;
  double sy  = 0.0;
  double sxx = 0.0;
  double sxy = 0.0;
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    const double db = 10.0 * log10(to_come[i] / to_come[0] + 1e-30);
    if (db < -5.0 && db > -55.0) {
      const double t = (double)i / RATE_HZ;
      n += 1.0;
      sx += t;
      sy += db;
      sxx += t * t;
      sxy += t * db;
    }
  }
  return -60.0 * (n * sxx - sx * sx) / (n * sxy - sx * sy);
}

/// Find the decay times of bands an octave apart, over both channels and some sizes
static void
find_decays(const Player   player,
            const double   freq_hz,
            const double   q,
            double* const  found_s,
            const uint32_t n_bands)
{
  static const double sizes[] = {0.83, 0.97, 1.0, 1.13, 1.29, 1.5};

  static double to_come[MAX_BANDS][N_FRAMES];
  memset(to_come, 0, sizeof(to_come));
  for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); ++s) {
    Player sized = player;
    sized.size   = sizes[s];
    respond(sized, 1.0f, 0.3f);
    for (uint32_t n = 0; n < n_bands; ++n) {
      add_decay(out_[0], ldexp(freq_hz, (int)n), q, to_come[n]);
      add_decay(out_[1], ldexp(freq_hz, (int)n), q, to_come[n]);
    }
  }
  for (uint32_t n = 0; n < n_bands; ++n) {
    found_s[n] = decay_time(to_come[n]);
  }
}

/// Return the decay time of a band
static double
band_decay(const Player player, const double freq_hz, const double q)
{
  double found_s = 0.0;
  find_decays(player, freq_hz, q, &found_s, 1);
  return found_s;
}

/// Return the echo density around a frame: 1 for noise (Abel and Huang, AES 121, 2006)
static double
echo_density(const float* const out, const uint32_t middle)
{
  enum { HALF = 480 }; // 20 ms in all
  double weights  = 0.0;
  double variance = 0.0;
  double outside  = 0.0;
  for (int pass = 0; pass < 2; ++pass) {
    for (int j = -HALF; j <= HALF; ++j) {
      const double w = 0.5 + 0.5 * cos(PI * j / (HALF + 1));
      const double x = (double)out[(int)middle + j];
      weights += pass ? 0.0 : w;
      variance += pass ? 0.0 : w * x * x;
      outside += pass && x * x * weights > variance ? w : 0.0;
    }
  }
  return outside / weights / erfc(sqrt(0.5));
}

/// Return when the echo density first reaches 0.9, in seconds
static double
dense_after(const Player player, const float left, const float right, const int channel)
{
  respond(player, left, right);
  uint32_t i = 480;
  while (i < N_FRAMES - 480U && echo_density(out_[channel], i) < 0.9) {
    i += 24;
  }
  return (double)i / RATE_HZ;
}

START_TEST(decay_is_as_set_in_all_octaves)
{
  static const double decays_s[] = {0.4, 1.0, 2.5};

  // The shortest decay is hardly longer than the sound takes to get dense
  const double error  = _i == 0 ? 0.02 : 0.01;
  Player       player = plain;
  player.decay_s      = decays_s[_i];
  double found_s[MAX_BANDS];
  find_decays(player, 125.0, 1.414, found_s, MAX_BANDS);
  for (uint32_t n = 0; n < MAX_BANDS; ++n) {
    ck_assert_double_eq_tol(found_s[n] / player.decay_s, 1.0, error);
  }
}
END_TEST

START_TEST(highs_decay_as_set)
{
  Player player     = plain;
  player.high_decay = 0.4;
  ck_assert_double_eq_tol(band_decay(player, 125.0, 1.414), 2.5, 0.025);
  ck_assert_double_eq_tol(band_decay(player, player.damping_hz, 25.0), 1.0, 0.01);
}
END_TEST

START_TEST(echoes_are_dense_soon)
{
  static const float impulses[][2] = {{1.0f, 0.0f}, {0.0f, 1.0f}, {1.0f, 1.0f}};

  for (int motion = 0; motion < 2; ++motion) {
    Player player = plain;
    player.motion = motion;
    for (int n = 0; n < 3; ++n) {
      for (int c = 0; c < 2; ++c) {
        const float* const height = impulses[n];
        ck_assert_double_le(dense_after(player, height[0], height[1], c), 0.13);
      }
    }
  }
}
END_TEST

START_TEST(nothing_is_late_but_by_the_pre_delay)
{
  static const double shortest_s = 0.0297; // Of the lines

  for (int n = 0; n < 3; ++n) {
    Player player      = plain;
    player.pre_delay_s = 0.1 * n;
    respond(player, 1.0f, 0.0f);
    uint32_t first = 0;
    while (fabsf(out_[0][first]) < 1e-6f) {
      ++first;
    }
    const double due_s = player.pre_delay_s + shortest_s;
    ck_assert_double_eq_tol((double)first / RATE_HZ, due_s, 2.0 / RATE_HZ);
  }
}
END_TEST

/// Return the mean square of both channels in `n_frames`
static double
power(const uint32_t start, const uint32_t n_frames)
{
  double sum = 0.0;
  for (uint32_t i = start; i < start + n_frames; ++i) {
    for (int c = 0; c < 2; ++c) {
      sum += (double)out_[c][i] * (double)out_[c][i];
    }
  }
  return sum / n_frames;
}

START_TEST(frozen_sound_stays)
{
  Player player = plain;
  player.motion = 1.0;
  set(player);
  open_reverb(RATE_HZ);
  memset(in_, 0, sizeof(in_));
  fill_noise(in_[0], N_FRAMES, 1.0f);
  play(0, 48000);

  // Input does not reach the output
  player.freezes = true;
  set(player);
  play(48000, 144000);
  const double before = power(96000, 48000);
  for (int n = 0; n < 12; ++n) {
    play(0, N_FRAMES);
  }
  const double change_db = 10.0 * log10(power(N_FRAMES - 48000U, 48000) / before);
  ck_assert_double_eq_tol(change_db, 0.0, 0.3);
}
END_TEST

START_TEST(silence_ends_exactly)
{
  Player player  = plain;
  player.decay_s = 0.3;
  set(player);
  open_reverb(RATE_HZ);
  memset(in_, 0, sizeof(in_));
  play(0, 1000);
  ck_assert_double_eq(power(0, 1000), 0.0);

  in_[0][1234] = 1.0f;
  play(1000, N_FRAMES);
  uint32_t last = N_FRAMES - 1U;
  while (last && out_[0][last] == 0.0f && out_[1][last] == 0.0f) {
    --last;
  }

  // 180 dB down, and the longest way through all lines later
  ck_assert_double_ge((double)last / RATE_HZ, 0.9);
  ck_assert_double_le((double)last / RATE_HZ, 2.2);

  // A second impulse, wherever it comes, has the same response but for the motion
  player.motion = 0.0;
  set(player);
  open_reverb(RATE_HZ);
  in_[0][150017] = 1.0f;
  play(0, N_FRAMES);
  for (uint32_t i = 0; i < 40000U; ++i) {
    ck_assert_float_eq_tol(out_[1][150017U + i], out_[1][1234U + i], 1e-7f);
  }
}
END_TEST

/// Move all settings at random in every frame
static void
move_all(void)
{
  static float random[10][BLOCK];
  for (int k = 0; k < 10; ++k) {
    fill_noise(random[k], BLOCK, 0.5f);
  }
  for (uint32_t i = 0; i < BLOCK; ++i) {
    knobs.decay[i]       = 1.3 + 9.2 * (double)random[0][i];
    knobs.size[i]        = -0.66 + 5.3 * (double)random[1][i];
    knobs.high_decay[i]  = -2.16f + 4.32f * random[2][i];
    knobs.damping[i]     = 11.5f + 5.0f * random[3][i];
    knobs.pre_delay[i]   = 0.25f + 0.5f * random[4][i];
    knobs.low_cut[i]     = 7.0f + 5.0f * random[5][i];
    knobs.high_cut[i]    = 12.0f + 4.0f * random[6][i];
    knobs.motion[i]      = 0.5f + random[7][i];
    knobs.motion_rate[i] = 6.0f * random[8][i];
    knobs.freezes[i]     = random[9][i] > 0.2f;
  }
}

START_TEST(output_is_bounded)
{
  static const float levels[] = {1.0f, 1e6f};

  float peak = 0.0f;
  for (int n = 0; n < 2; ++n) {
    fill_noise(in_[0], N_FRAMES, levels[n]);
    fill_noise(in_[1], N_FRAMES, levels[n]);
    open_reverb(RATE_HZ);
    for (uint32_t i = 0; i + BLOCK <= N_FRAMES; i += BLOCK) {
      move_all();
      play(i, i + BLOCK);
    }
    for (uint32_t i = 0; i < N_FRAMES; ++i) {
      ck_assert(isfinite(out_[0][i]) && isfinite(out_[1][i]));
      peak = fmaxf(peak, fmaxf(fabsf(out_[0][i]), fabsf(out_[1][i])));
    }
    ck_assert_float_le(peak, levels[n] == 1.0f ? 8.0f : REVERB_MAX_OUT);
  }
}
END_TEST

/// Turn the size from 1 to another under a sine; return the rest around 8 kHz, in dB of
/// it
static double
size_click_db(const double to)
{
  static double rest[N_FRAMES];

  Player player  = plain;
  player.decay_s = 0.5;
  player.motion  = 0.0;
  set(player);
  open_reverb(RATE_HZ);
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    in_[0][i] = in_[1][i] = (float)sin(2.0 * PI * 440.0 / RATE_HZ * i);
  }
  play(0, 144128);
  player.size = to;
  set(player);
  play(144128, 192000);

  double sum = 0.0;
  for (uint32_t i = 0; i < 192000U; ++i) {
    rest[i] = (double)out_[0][i];
  }
  for (int n = 0; n < 6; ++n) {
    band_pass(rest, 8000.0, 1.0);
  }
  for (uint32_t i = 140000; i < 160000U; ++i) {
    sum += rest[i] * rest[i] / 20000.0;
  }
  return 10.0 * log10(sum / (0.5 * power(130000, 10000)));
}

START_TEST(size_changes_without_a_click)
{
  ck_assert_double_le(size_click_db(0.7), -100.0);
  ck_assert_double_le(size_click_db(1.4), -100.0);
}
END_TEST

/// Play everything in slices of 1 to `n_most` frames, with settings that move
static void
play_slices(const uint32_t n_most)
{
  uint32_t n = 0;
  for (uint32_t i = 0; i < N_FRAMES; i += n) {
    n = (i * 2654435761U >> 7U) % n_most + 1U;
    n = n < N_FRAMES - i ? n : N_FRAMES - i;
    for (uint32_t j = 0; j < n; ++j) {
      knobs.size[j]    = sin((i + j) * 1e-4);
      knobs.decay[j]   = sin((i + j) * 3e-3);
      knobs.motion[j]  = 0.5f;
      knobs.freezes[j] = (i + j) % 50000U > 47000U;
    }
    const ReverbInputs inputs = inputs_at(i);
    reverb_process(reverb, &inputs, out_[0] + i, out_[1] + i, n);
  }
}

START_TEST(slices_do_not_matter)
{
  static float whole[2][N_FRAMES];

  set(plain);
  fill_noise(in_[0], N_FRAMES, 1.0f);
  fill_noise(in_[1], N_FRAMES, 1.0f);
  memset(in_[0] + 60001, 0, 150000 * sizeof(float)); // Asleep for a while
  memset(in_[1] + 60001, 0, 150000 * sizeof(float));
  open_reverb(8000.0);
  play_slices(BLOCK);
  memcpy(whole, out_, sizeof(whole));
  for (uint32_t n_most = 1; n_most < 40U; n_most += 12U) {
    reverb_reset(reverb);
    play_slices(n_most);
    ck_assert_mem_eq(out_, whole, sizeof(whole));
  }
}
END_TEST

START_TEST(any_rate_works)
{
  static const double rates_hz[] = {1.0, 100.0, 8000.0, 44100.0, 768000.0, 2e6};
  for (size_t r = 0; r < sizeof(rates_hz) / sizeof(rates_hz[0]); ++r) {
    Player player      = plain;
    player.size        = 4.0;
    player.pre_delay_s = REVERB_MAX_PRE_DELAY_S;
    set(player);
    fill_noise(in_[0], 20000, 1.0f);
    open_reverb(rates_hz[r]);
    play(0, 20000);
    for (uint32_t i = 0; i < 20000U; ++i) {
      ck_assert(isfinite(out_[0][i]) && fabsf(out_[0][i]) < 8.0f);
    }
  }
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("reverb");
  TCase* const tests = tcase_create("reverb");
  tcase_set_timeout(tests, 120);
  tcase_add_loop_test(tests, decay_is_as_set_in_all_octaves, 0, 3);
  tcase_add_test(tests, highs_decay_as_set);
  tcase_add_test(tests, echoes_are_dense_soon);
  tcase_add_test(tests, nothing_is_late_but_by_the_pre_delay);
  tcase_add_test(tests, frozen_sound_stays);
  tcase_add_test(tests, silence_ends_exactly);
  tcase_add_test(tests, output_is_bounded);
  tcase_add_test(tests, size_changes_without_a_click);
  tcase_add_test(tests, slices_do_not_matter);
  tcase_add_test(tests, any_rate_works);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
