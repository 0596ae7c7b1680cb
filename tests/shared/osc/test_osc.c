// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "measure/spectrum.h"
#include "osc/osc.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define RATE_HZ 48000.0
#define LIMIT_HZ 20000.0
#define PI 3.14159265358979323846

enum {
  N_PERIOD = 65536,       ///< Frames after which all test signals repeat
  N_FRAMES = 2 * N_PERIOD ///< The second period is the steady state
};

/// A long take of an oscillator: what it is told, and what it answers
typedef struct {
  uint64_t    step[N_FRAMES];
  int32_t     width[N_FRAMES];
  float       sync[N_FRAMES];
  bool        is_synced;
  OscSyncMode sync_mode;
  Shape       shape;
  float       out[N_FRAMES];
  float       sync_out[N_FRAMES];
} Take;

static Take  take;
static Take  other;
static float one[BLOCK_FRAMES];

// ---- Takes

/// Forget all, and set `shape` to a standing wave with a pulse of half the cycle
static void
take_begin(Take* const self, const Shape shape)
{
  memset(self, 0, sizeof(*self));
  self->shape = shape;
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    self->width[i] = SHAPE_FULL_WIDTH / 2;
  }
  for (uint32_t i = 0; i < BLOCK_FRAMES; ++i) {
    one[i] = 1.0f;
  }
}

/// Return the step of `n_cycles` in N_PERIOD frames
static uint64_t
step_of(const double n_cycles)
{
  return (uint64_t)llround(n_cycles * OSC_CYCLE / N_PERIOD);
}

static void
take_pitch(Take* const self, const double n_cycles)
{
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    self->step[i] = step_of(n_cycles);
  }
}

static void
take_width(Take* const self, const double width)
{
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    self->width[i] = (int32_t)lround(width * SHAPE_FULL_WIDTH);
  }
}

/// Return a sine of `n_cycles` in N_PERIOD frames
static double
sine(const uint32_t n_cycles, const uint32_t frame)
{
  return sin(2.0 * PI * ((n_cycles * frame) % N_PERIOD) / N_PERIOD);
}

/// Move the phase by a sine of `index` radians
static void
take_fm(Take* const    self,
        const uint32_t carrier,
        const uint32_t modulator,
        const double   index)
{
  uint64_t last = 0;
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    const double   cycles = index / (2.0 * PI) * sine(modulator, i);
    const double   whole  = floor(cycles);
    const uint64_t phase  = ((uint64_t)carrier * i << (OSC_CYCLE_BITS - 16U)) +
                           (uint64_t)((cycles - whole) * OSC_CYCLE);
    self->step[i] = phase - last;
    last          = phase;
  }
}

static void
take_pwm(Take* const self, const uint32_t modulator, const double depth)
{
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    const double width = 0.5 + depth * sine(modulator, i);
    self->width[i]     = (int32_t)lround(width * SHAPE_FULL_WIDTH);
  }
}

/// Fill everything with `seed`: noise, standing stretches, jumps and extremes
static void
take_mess(Take* const self, uint32_t seed)
{
  int32_t  step  = 0;
  int32_t  width = 0;
  uint32_t hold  = 0;
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    seed = seed * 1664525U + 1013904223U;
    if (hold-- == 0) {
      hold  = (seed >> 8U) % 97U % ((seed >> 20U) % 5U * 20U + 1U);
      step  = (int32_t)seed >> ((seed >> 5U) % 9U);
      width = (int32_t)((seed >> 1U) % (SHAPE_FULL_WIDTH + 1U));
      width = seed % 7U == 0   ? 0
              : seed % 7U == 1 ? SHAPE_FULL_WIDTH
              : seed % 7U == 2 ? SHAPE_LEAST_WIDTH
              : seed % 7U == 3 ? SHAPE_MOST_WIDTH
                               : width;
    }
    self->step[i]  = (uint64_t)(step == INT32_MIN ? 0 : step) << (OSC_CYCLE_BITS - 32U);
    self->width[i] = width;
    self->sync[i]  = seed % 11U == 0   ? 1e6f
                     : seed % 11U == 1 ? -1e6f
                     : seed % 3U == 0  ? (float)(int32_t)seed * 0x1p-31f
                                       : 0.0f;
  }
}

/// Play the first `n_frames` in slices of `n_slice`, or of random sizes if that is 0
static void
take_play_sliced(Take* const    self,
                 const double   sample_rate,
                 const uint32_t n_frames,
                 const uint32_t n_slice)
{
  static Osc osc;

  osc_init(&osc, sample_rate);
  uint32_t seed = 1;
  for (uint32_t start = 0; start < n_frames;) {
    seed                 = seed * 1664525U + 1013904223U;
    const uint32_t n     = n_slice ? n_slice : 1U + (seed >> 16U) % BLOCK_FRAMES;
    const uint32_t left  = n_frames - start;
    const uint32_t n_run = n < left ? n : left;

    const float*    weight[N_SHAPES] = {NULL};
    const OscInputs in               = {.step      = self->step + start,
                                        .width     = self->width + start,
                                        .weight    = weight,
                                        .sync      = self->is_synced ? self->sync + start : NULL,
                                        .sync_mode = self->sync_mode};
    weight[self->shape]              = one;
    osc_process(&osc, &in, self->out + start, self->sync_out + start, n_run);
    start += n_run;
  }
}

static void
take_play(Take* const self)
{
  take_play_sliced(self, RATE_HZ, N_FRAMES, BLOCK_FRAMES);
}

/// Patch the sync output of a saw of `n_cycles` in N_PERIOD frames
static void
take_cable(Take* const self, const uint32_t n_cycles)
{
  take_begin(&other, SHAPE_SAW);
  take_pitch(&other, n_cycles);
  take_play(&other);
  memcpy(self->sync, other.sync_out, sizeof(self->sync));
  self->is_synced = true;
}

static uint32_t
latency(const double sample_rate)
{
  static Osc osc;
  osc_init(&osc, sample_rate);
  return osc_latency(&osc);
}

/// Return the power off the multiples of `base` cycles in N_PERIOD, over that on them
static double
alias_db(const Take* const self, const uint32_t base, const double sample_rate)
{
  Spectrum* const spectrum = spectrum_new(N_PERIOD, sample_rate);
  spectrum_analyse(spectrum, self->out + N_PERIOD);
  const double        base_hz = base * sample_rate / N_PERIOD;
  const SpectrumSplit split   = spectrum_split(spectrum, base_hz, UINT32_MAX, LIMIT_HZ);
  spectrum_free(spectrum);
  return 10.0 * log10(split.others / split.harmonics);
}

static double
mean(const float* const signal, const uint32_t n_frames)
{
  double sum = 0.0;
  for (uint32_t i = 0; i < n_frames; ++i) {
    sum += (double)signal[i];
  }
  return sum / n_frames;
}

// ---- Phase and amplitude

START_TEST(shapes_follow_the_phase)
{
  // So slow that most frames are far from all breaks
  static const double at[]              = {0.125, 0.375, 0.625, 0.875};
  static const double want[N_SHAPES][4] = {{0.70710678118654752,
                                            0.70710678118654752,
                                            -0.70710678118654752,
                                            -0.70710678118654752},
                                           {0.5, 0.5, -0.5, -0.5},
                                           {-0.75, -0.25, 0.25, 0.75},
                                           {1.0, 1.0, -1.0, -1.0}};

  for (int s = 0; s < N_SHAPES; ++s) {
    take_begin(&take, (Shape)s);
    take_pitch(&take, 16.0);
    take_play(&take);
    for (int n = 0; n < 4; ++n) {
      // The first step is made within frame 0
      const uint32_t frame = (uint32_t)((31.0 + at[n]) * N_PERIOD / 16.0) - 1U;
      ck_assert_double_eq_tol(
        (double)take.out[frame + latency(RATE_HZ)], want[s][n], 1.5e-7);
    }
  }
}
END_TEST

START_TEST(phase_is_exact_for_ever)
{
  take_begin(&take, SHAPE_SAW);
  take_pitch(&take, 100.37);
  take_play(&take);

  for (uint32_t i = N_PERIOD; i < N_FRAMES; ++i) {
    const uint64_t phase = (i + 1U - latency(RATE_HZ)) * take.step[0];
    const double   cycle = (double)(phase % (uint64_t)OSC_CYCLE) / OSC_CYCLE;
    if (cycle > 0.1 && cycle < 0.9) {
      ck_assert_double_eq_tol((double)take.out[i], 2.0 * cycle - 1.0, 2e-6);
    }
  }
}
END_TEST

START_TEST(backwards_is_mirrored)
{
  take_begin(&take, SHAPE_TRIANGLE);
  take_pitch(&take, -333.0);
  take_play(&take);
  take_begin(&other, SHAPE_TRIANGLE);
  take_pitch(&other, 333.0);
  take_play(&other);

  for (uint32_t i = 100; i < N_FRAMES; ++i) {
    ck_assert_double_eq_tol((double)take.out[i], -(double)other.out[i], 3e-7);
  }
}
END_TEST

START_TEST(standing_still_is_silent_motion)
{
  take_begin(&take, (Shape)_i);
  take_pitch(&take, 777.7);
  memset(take.step + 1000, 0, (N_FRAMES - 1000) * sizeof(uint64_t));
  take_play(&take);

  for (uint32_t i = 1200; i < N_FRAMES; ++i) {
    ck_assert_float_eq(take.out[i], take.out[1199]);
    ck_assert_float_eq(take.sync_out[i], 0.0f);
  }
}
END_TEST

START_TEST(widths_of_none_and_all_are_silent)
{
  take_begin(&take, SHAPE_PULSE);
  take_fm(&take, 606, 909, 3.0);
  for (int w = 0; w <= 1; ++w) {
    take_width(&take, w);
    take_play(&take);
    for (uint32_t i = 0; i < N_FRAMES; ++i) {
      ck_assert_float_eq(take.out[i], 0.0f);
    }
  }
}
END_TEST

START_TEST(start_is_as_if_it_had_always_run)
{
  // A cycle of 64 frames, and a pulse so narrow that an edge too much would be seen
  static const double widths[] = {0.5, 0.02, 0.98, 0.001};
  static const double rates[]  = {8000.0, 44100.0, 48000.0, 192000.0};
  for (uint32_t c = 0; c < 16; ++c) {
    take_begin(&take, (Shape)_i);
    take_pitch(&take, c & 1U ? -1024.0 : 1024.0);
    take_width(&take, widths[c / 4U]);
    take_play_sliced(&take, rates[c % 4U], 2048, BLOCK_FRAMES);
    for (uint32_t i = 0; i < 1024; ++i) {
      ck_assert_float_eq_tol(take.out[i], take.out[i + 1024], 1e-6f);
      ck_assert_float_eq(take.sync_out[i], take.sync_out[i + 1024]);
    }
  }
}
END_TEST

START_TEST(pulse_of_any_width_has_no_dc)
{
  static const double widths[] = {0.001, 0.01, 0.05, 0.25, 0.37, 0.9, 0.999};
  for (int w = 0; w < 7; ++w) {
    take_begin(&take, SHAPE_PULSE);
    take_pitch(&take, 1699.0);
    take_width(&take, widths[w]);
    take_play(&take);
    ck_assert_double_eq_tol(mean(take.out + N_PERIOD, N_PERIOD), 0.0, 1e-7);
  }
}
END_TEST

START_TEST(fundamental_has_its_amplitude)
{
  static const double want[N_SHAPES] = {1.0, 8.0 / PI / PI, 2.0 / PI, 4.0 / PI};

  Spectrum* const spectrum = spectrum_new(N_PERIOD, RATE_HZ);
  for (int s = 0; s < N_SHAPES; ++s) {
    take_begin(&take, (Shape)s);
    take_pitch(&take, 1201.0);
    take_play(&take);
    spectrum_analyse(spectrum, take.out + N_PERIOD);
    const double amplitude = spectrum_amplitude(spectrum, 1201.0 * RATE_HZ / N_PERIOD);
    ck_assert_double_eq_tol(20.0 * log10(amplitude / want[s]), 0.0, 1e-4);
  }
  spectrum_free(spectrum);
}
END_TEST

START_TEST(high_harmonics_are_not_dull)
{
  Spectrum* const spectrum = spectrum_new(N_PERIOD, RATE_HZ);
  take_begin(&take, SHAPE_SAW);
  take_pitch(&take, 151.0);
  take_play(&take);
  spectrum_analyse(spectrum, take.out + N_PERIOD);
  for (double n = 1.0; n * 151.0 * RATE_HZ / N_PERIOD < 19500.0; n += 1.0) {
    const double freq_hz   = n * 151.0 * RATE_HZ / N_PERIOD;
    const double amplitude = spectrum_amplitude(spectrum, freq_hz);
    ck_assert_double_eq_tol(20.0 * log10(amplitude * PI * n / 2.0), 0.0, 1e-3);
  }
  spectrum_free(spectrum);
}
END_TEST

START_TEST(there_is_no_dc)
{
  static const double n_cycles[] = {151, 601, 1699, 6797, 13593};

  for (int s = 0; s < N_SHAPES; ++s) {
    for (int n = 0; n < 5; ++n) {
      take_begin(&take, (Shape)s);
      take_pitch(&take, n_cycles[n]);
      take_play(&take);
      ck_assert_double_eq_tol(mean(take.out + N_PERIOD, N_PERIOD), 0.0, 1e-8);
    }
  }
}
END_TEST

// ---- Aliases

/// Cycles in N_PERIOD frames: 27 Hz to 9956 Hz at 48 kHz, odd to put aliases in between
static const uint32_t pitches[] = {37, 151, 601, 1699, 3399, 6797, 13593};

enum { N_PITCHES = sizeof(pitches) / sizeof(pitches[0]) };

START_TEST(saw_has_no_aliases)
{
  take_begin(&take, SHAPE_SAW);
  take_pitch(&take, pitches[_i]);
  take_play(&take);
  ck_assert_double_le(alias_db(&take, pitches[_i], RATE_HZ), -120.0);
}
END_TEST

START_TEST(triangle_has_no_aliases)
{
  take_begin(&take, SHAPE_TRIANGLE);
  take_pitch(&take, pitches[_i]);
  take_play(&take);
  ck_assert_double_le(alias_db(&take, pitches[_i], RATE_HZ), -128.0);
}
END_TEST

START_TEST(sine_is_pure)
{
  take_begin(&take, SHAPE_SINE);
  take_pitch(&take, pitches[_i]);
  take_play(&take);

  Spectrum* const spectrum = spectrum_new(N_PERIOD, RATE_HZ);
  spectrum_analyse(spectrum, take.out + N_PERIOD);
  const double        freq_hz = pitches[_i] * RATE_HZ / N_PERIOD;
  const SpectrumSplit split   = spectrum_split(spectrum, freq_hz, 1, RATE_HZ / 2.0);
  spectrum_free(spectrum);
  ck_assert_double_le(10.0 * log10(split.others / split.harmonics), -143.0);
}
END_TEST

START_TEST(pulse_has_no_aliases_at_any_width)
{
  static const struct {
    double width;
    double worst_db; // The floor of floats is at -144 dB from a constant 1
  } cases[] = {{0.5, -119.0}, {0.25, -119.0}, {0.9, -113.0}, {0.01, -108.0}};

  for (int c = 0; c < 4; ++c) {
    take_begin(&take, SHAPE_PULSE);
    take_pitch(&take, pitches[_i]);
    take_width(&take, cases[c].width);
    take_play(&take);
    ck_assert_double_le(alias_db(&take, pitches[_i], RATE_HZ), cases[c].worst_db);
  }
}
END_TEST

START_TEST(other_rates_are_as_clean)
{
  static const double rates[] = {44100.0, 88200.0, 96000.0, 192000.0};

  for (int r = 0; r < 4; ++r) {
    const double n_cycles = round(pitches[_i] * RATE_HZ / rates[r]);
    const double odd      = n_cycles + 1.0 - fmod(n_cycles, 2.0);
    take_begin(&take, SHAPE_SAW);
    take_pitch(&take, odd);
    take_play_sliced(&take, rates[r], N_FRAMES, BLOCK_FRAMES);
    ck_assert_double_le(alias_db(&take, (uint32_t)odd, rates[r]), -120.0);
  }
}
END_TEST

#define BASE 101 ///< Cycles in N_PERIOD frames: all of FM and PWM are multiples

START_TEST(fm_makes_no_aliases)
{
  static const struct {
    uint32_t carrier;
    uint32_t modulator;
    double   index;
    double   worst_db[N_SHAPES]; // None for a sine, which has no breaks
  } cases[] = {
    {6, 9, 1.0, {-140.0, -148.0, -135.0, -137.0}},
    {6, 9, 3.0, {-140.0, -145.0, -135.0, -135.0}},
    {6, 9, 6.0, {-140.0, -135.0, -125.0, -128.0}},
    {6, 25, 1.0, {-140.0, -120.0, -132.0, -132.0}},
    {20, 13, 2.0, {-140.0, -135.0, -132.0, -133.0}},
    {6, 61, 0.7, {-130.0, -90.0, -95.0, -95.0}}, // 4.5 kHz
  };

  for (int s = 0; s < N_SHAPES; ++s) {
    take_begin(&take, (Shape)s);
    take_fm(
      &take, cases[_i].carrier * BASE, cases[_i].modulator * BASE, cases[_i].index);
    take_play(&take);
    ck_assert_double_le(alias_db(&take, BASE, RATE_HZ), cases[_i].worst_db[s]);
  }
}
END_TEST

START_TEST(fm_makes_no_aliases_from_any_phase)
{
  // Where the phase turns back, it may just touch the start of a cycle, or just not
  for (uint32_t n = 0; n < 12; ++n) {
    take_begin(&take, (Shape)_i);
    take_fm(&take, 6 * BASE, 9 * BASE, 6.0);
    take.step[10] += (uint64_t)(n * OSC_CYCLE / 48.0);
    take_play(&take);
    ck_assert_double_le(alias_db(&take, BASE, RATE_HZ), -125.0);
  }
}
END_TEST

START_TEST(pwm_makes_no_aliases)
{
  static const struct {
    uint32_t carrier;
    uint32_t modulator;
    double   depth; // Beyond 0.5, the pulse is silent for a while
    double   worst_db;
  } cases[] = {{6, 13, 0.4, -135.0},
               {20, 7, 0.4, -135.0},
               {60, 31, 0.4, -128.0},
               {6, 13, 0.5, -132.0},
               {6, 13, 0.6, -130.0},
               {6, 1, 0.8, -135.0},
               {20, 7, 1.4, -125.0},
               {60, 31, 0.8, -105.0}};

  take_begin(&take, SHAPE_PULSE);
  take_pitch(&take, cases[_i].carrier * BASE);
  take_pwm(&take, cases[_i].modulator * BASE, cases[_i].depth);
  take_play(&take);
  ck_assert_double_le(alias_db(&take, BASE, RATE_HZ), cases[_i].worst_db);
}
END_TEST

START_TEST(pwm_itself_is_not_heard)
{
  // Only as sidebands of the pitch, which 7 does not divide
  take_begin(&take, SHAPE_PULSE);
  take_pitch(&take, 60 * BASE);
  take_pwm(&take, 7 * BASE, 0.4);
  take_play(&take);

  Spectrum* const spectrum = spectrum_new(N_PERIOD, RATE_HZ);
  spectrum_analyse(spectrum, take.out + N_PERIOD);
  ck_assert_double_le(spectrum_amplitude(spectrum, 7 * BASE * RATE_HZ / N_PERIOD),
                      1e-6);
  ck_assert_double_eq_tol(mean(take.out + N_PERIOD, N_PERIOD), 0.0, 1e-7);
  spectrum_free(spectrum);
}
END_TEST

START_TEST(fm_and_pwm_at_once_make_no_aliases)
{
  take_begin(&take, SHAPE_PULSE);
  take_fm(&take, 6 * BASE, 9 * BASE, 3.0);
  take_pwm(&take, 13 * BASE, 0.4);
  take_play(&take);
  ck_assert_double_le(alias_db(&take, BASE, RATE_HZ), -130.0);
}
END_TEST

// ---- Sync

/// Cycles of the master, and how much faster the slave is
static const struct {
  uint32_t master;
  double   ratio;
} syncs[] = {{101, 7.37}, {151, 1.53}, {601, 2.71}, {1313, 3.37}, {601, 0.61}};

enum { N_SYNCS = sizeof(syncs) / sizeof(syncs[0]) };

START_TEST(hard_sync_makes_no_aliases)
{
  for (int s = 0; s < N_SHAPES; ++s) {
    take_begin(&take, (Shape)s);
    take_pitch(&take, syncs[_i].master * syncs[_i].ratio);
    take_width(&take, 0.37);
    take_cable(&take, syncs[_i].master);
    take_play(&take);
    ck_assert_double_le(alias_db(&take, syncs[_i].master, RATE_HZ), -128.0);
  }
}
END_TEST

START_TEST(reverse_sync_makes_no_aliases)
{
  for (int s = 0; s < N_SHAPES; ++s) {
    take_begin(&take, (Shape)s);
    take_pitch(&take, 2.0 * syncs[_i].master * syncs[_i].ratio);
    take_width(&take, 0.37);
    take_cable(&take, 2U * syncs[_i].master);
    take.sync_mode = OSC_SYNC_REVERSE;
    take_play(&take);
    ck_assert_double_le(alias_db(&take, syncs[_i].master, RATE_HZ),
                        s == SHAPE_SINE ? -115.0 : -128.0);
  }
}
END_TEST

START_TEST(synced_fm_and_pwm_make_no_aliases)
{
  static const double worst_db[N_SHAPES] = {-115.0, -128.0, -128.0, -128.0};

  for (int s = 0; s < N_SHAPES; ++s) {
    take_begin(&take, (Shape)s);
    take_fm(&take, 29 * BASE, 13 * BASE, 4.0);
    take_pwm(&take, 9 * BASE, 0.4);
    take_cable(&take, 5 * BASE);
    take_play(&take);
    ck_assert_double_le(alias_db(&take, BASE, RATE_HZ), worst_db[s]);
  }
}
END_TEST

START_TEST(sync_out_tells_when_cycles_start)
{
  take_begin(&take, SHAPE_SAW);
  take_pitch(&take, _i ? 1234.567 : -1234.567);
  take_play(&take);

  const uint64_t step  = take.step[0] << (64U - OSC_CYCLE_BITS);
  uint64_t       phase = 0;
  for (uint32_t i = latency(RATE_HZ); i < N_FRAMES; ++i) {
    const uint64_t next  = phase + step;
    const bool     wraps = _i ? next < phase : next > phase;
    const double   past =
      _i ? (double)next / (double)step : (double)-next / (double)-step;
    ck_assert_double_eq_tol((double)take.sync_out[i], wraps ? past : 0.0, 1e-7);
    phase = next;
  }
}
END_TEST

START_TEST(hard_sync_starts_a_cycle)
{
  // A slave so slow that it never gets to the end of a cycle by itself
  take_begin(&take, SHAPE_SAW);
  take_pitch(&take, 100.0);
  take_cable(&take, 1234);
  take_play(&take);

  for (uint32_t i = latency(RATE_HZ); i < N_FRAMES; ++i) {
    ck_assert_double_eq_tol(
      (double)take.sync_out[i], (double)take.sync[i - latency(RATE_HZ)], 1e-7);
  }
}
END_TEST

START_TEST(audio_syncs_where_it_rises_through_0)
{
  take_begin(&take, SHAPE_SAW);
  take_pitch(&take, 10.0);
  take.is_synced = true;
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    take.sync[i] = (float)(5.0 * sine(701, i));
  }
  take_play(&take);

  uint32_t n_starts = 0;
  for (uint32_t i = latency(RATE_HZ) + 200; i < N_FRAMES; ++i) {
    const double cycles = fmod(701.0 * (i - latency(RATE_HZ)) / N_PERIOD, 1.0);
    const double age    = cycles * N_PERIOD / 701.0;
    if (take.sync_out[i] > 0.0f) {
      const double error = (double)take.sync_out[i] - age;
      ck_assert_double_eq_tol(error - round(error * 701.0 / N_PERIOD), 0.0, 1e-5);
      ++n_starts;
    }
  }
  ck_assert_uint_eq(n_starts, 2 * 701 - 3);
}
END_TEST

START_TEST(gate_syncs_once)
{
  take_begin(&take, SHAPE_SAW);
  take.is_synced = true;
  for (uint32_t i = 1000; i < 2000; ++i) {
    take.sync[i] = 10.0f;
  }
  take_play(&take);

  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    ck_assert_float_eq(take.sync_out[i], i == 1000 + latency(RATE_HZ) ? 1.0f : 0.0f);
  }
}
END_TEST

START_TEST(hard_sync_turns_forwards_again)
{
  take_begin(&take, SHAPE_SAW);
  take_pitch(&take, 10.0);
  take.is_synced = true;
  take.sync[500] = 0.5f;
  take.sync_mode = OSC_SYNC_REVERSE;
  take_play_sliced(&take, RATE_HZ, 1000, BLOCK_FRAMES);
  ck_assert_float_lt(take.out[900], take.out[800]);

  take.sync[600] = 0.5f;
  take_play_sliced(&take, RATE_HZ, 1000, BLOCK_FRAMES);
  ck_assert_float_gt(take.out[900], take.out[800]);
}
END_TEST

// ---- Contract

START_TEST(slices_do_not_matter)
{
  static const uint32_t sizes[] = {1, 2, 3, 7, 16, 33, 0};

  for (uint32_t seed = 0; seed < 4; ++seed) {
    take_begin(&take, (Shape)(seed % N_SHAPES));
    take_mess(&take, seed);
    take.is_synced = true;
    take.sync_mode = seed & 1U ? OSC_SYNC_REVERSE : OSC_SYNC_HARD;
    other          = take;
    take_play_sliced(&take, _i ? 44100.0 : RATE_HZ, 20000, BLOCK_FRAMES);
    for (int n = 0; n < 7; ++n) {
      take_play_sliced(&other, _i ? 44100.0 : RATE_HZ, 20000, sizes[n]);
      ck_assert_mem_eq(take.out, other.out, 20000 * sizeof(float));
      ck_assert_mem_eq(take.sync_out, other.sync_out, 20000 * sizeof(float));
    }
  }
}
END_TEST

START_TEST(nothing_is_too_much)
{
  for (uint32_t seed = 0; seed < 16; ++seed) {
    take_begin(&take, (Shape)(seed % N_SHAPES));
    take_mess(&take, seed);
    take.is_synced = seed % 3U != 0;
    take.sync_mode = seed & 1U ? OSC_SYNC_REVERSE : OSC_SYNC_HARD;
    take_play_sliced(&take, _i ? 768000.0 : 8000.0, N_FRAMES, BLOCK_FRAMES);
    for (uint32_t i = 0; i < N_FRAMES; ++i) {
      ck_assert_float_le(fabsf(take.out[i]), 30.0f);
      ck_assert(take.sync_out[i] >= 0.0f && take.sync_out[i] <= 1.0f);
    }
  }
}
END_TEST

START_TEST(mess_leaves_no_trace)
{
  take_begin(&take, SHAPE_SAW);
  take_mess(&take, 5);
  take.is_synced = true;
  memset(take.step + 10000, 0, (N_FRAMES - 10000) * sizeof(uint64_t));
  memset(take.sync + 10000, 0, (N_FRAMES - 10000) * sizeof(float));
  take_play_sliced(&take, RATE_HZ, 20000, BLOCK_FRAMES);
  ck_assert_float_le(fabsf(take.out[10100]), 1.0f);
  for (uint32_t i = 10100; i < 20000; ++i) {
    ck_assert_float_eq(take.out[i], take.out[10100]);
  }
}
END_TEST

START_TEST(shapes_add_up)
{
  // Half a saw and half a sine at once
  static float half[BLOCK_FRAMES];
  for (uint32_t i = 0; i < BLOCK_FRAMES; ++i) {
    half[i] = 0.5f;
  }
  take_begin(&take, SHAPE_SAW);
  take_pitch(&take, 1201.0);
  take_play(&take);
  take_begin(&other, SHAPE_SINE);
  take_pitch(&other, 1201.0);
  take_play(&other);

  static Osc osc;
  osc_init(&osc, RATE_HZ);
  for (uint32_t start = 0; start < 4096; start += BLOCK_FRAMES) {
    float              out[BLOCK_FRAMES];
    float              sync_out[BLOCK_FRAMES];
    const float* const weight[] = {half, NULL, half, NULL};
    const OscInputs    in       = {
               .step = take.step + start, .width = take.width + start, .weight = weight};
    osc_process(&osc, &in, out, sync_out, BLOCK_FRAMES);
    for (uint32_t i = 0; i < BLOCK_FRAMES; ++i) {
      const float sum = take.out[start + i] + other.out[start + i];
      ck_assert_float_eq_tol(out[i], 0.5f * sum, 2e-7f);
    }
  }
}
END_TEST

START_TEST(rest_is_no_different)
{
  // Forwards and backwards, at widths with falls of their own and without
  static const double pitches[] = {0.0, 37.3, 1201.0, -1201.0, 0.47 * N_PERIOD};
  static const double widths[]  = {0.0, 0.3, 1.0};
  for (uint32_t c = 0; c < 15; ++c) {
    take_begin(&take, (Shape)_i);
    take_pitch(&take, pitches[c % 5U]);
    take_width(&take, widths[c / 5U]);
    take_play(&take);

    static Osc osc;
    osc_init(&osc, RATE_HZ);
    for (uint32_t start = 0; start < 4096; start += BLOCK_FRAMES) {
      float           out[BLOCK_FRAMES];
      float           sync_out[BLOCK_FRAMES];
      const float*    weight[N_SHAPES] = {NULL};
      const OscInputs in               = {.step   = start ? NULL : take.step,
                                          .width  = start ? NULL : take.width,
                                          .weight = start ? NULL : weight};
      weight[_i]                       = one;
      osc_process(&osc, &in, out, sync_out, BLOCK_FRAMES);
      for (uint32_t i = 0; i < BLOCK_FRAMES; ++i) {
        ck_assert_float_eq(out[i], take.out[start + i]);
        ck_assert_float_eq(sync_out[i], take.sync_out[start + i]);
      }
    }
  }
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("osc");
  TCase* const tests = tcase_create("osc");
  tcase_set_timeout(tests, 60.0);
  tcase_add_test(tests, shapes_follow_the_phase);
  tcase_add_test(tests, phase_is_exact_for_ever);
  tcase_add_test(tests, backwards_is_mirrored);
  tcase_add_loop_test(tests, rest_is_no_different, 0, N_SHAPES);
  tcase_add_loop_test(tests, standing_still_is_silent_motion, 0, N_SHAPES);
  tcase_add_test(tests, widths_of_none_and_all_are_silent);
  tcase_add_loop_test(tests, start_is_as_if_it_had_always_run, 0, N_SHAPES);
  tcase_add_test(tests, pulse_of_any_width_has_no_dc);
  tcase_add_test(tests, fundamental_has_its_amplitude);
  tcase_add_test(tests, high_harmonics_are_not_dull);
  tcase_add_test(tests, there_is_no_dc);
  tcase_add_loop_test(tests, saw_has_no_aliases, 0, N_PITCHES);
  tcase_add_loop_test(tests, triangle_has_no_aliases, 0, N_PITCHES);
  tcase_add_loop_test(tests, sine_is_pure, 0, N_PITCHES);
  tcase_add_loop_test(tests, pulse_has_no_aliases_at_any_width, 0, N_PITCHES);
  tcase_add_loop_test(tests, other_rates_are_as_clean, 0, N_PITCHES);
  tcase_add_loop_test(tests, fm_makes_no_aliases, 0, 6);
  tcase_add_loop_test(tests, fm_makes_no_aliases_from_any_phase, 1, N_SHAPES);
  tcase_add_loop_test(tests, pwm_makes_no_aliases, 0, 8);
  tcase_add_test(tests, pwm_itself_is_not_heard);
  tcase_add_test(tests, fm_and_pwm_at_once_make_no_aliases);
  tcase_add_loop_test(tests, hard_sync_makes_no_aliases, 0, N_SYNCS);
  tcase_add_loop_test(tests, reverse_sync_makes_no_aliases, 0, N_SYNCS);
  tcase_add_test(tests, synced_fm_and_pwm_make_no_aliases);
  tcase_add_loop_test(tests, sync_out_tells_when_cycles_start, 0, 2);
  tcase_add_test(tests, hard_sync_starts_a_cycle);
  tcase_add_test(tests, audio_syncs_where_it_rises_through_0);
  tcase_add_test(tests, gate_syncs_once);
  tcase_add_test(tests, hard_sync_turns_forwards_again);
  tcase_add_loop_test(tests, slices_do_not_matter, 0, 2);
  tcase_add_loop_test(tests, nothing_is_too_much, 0, 2);
  tcase_add_test(tests, mess_leaves_no_trace);
  tcase_add_test(tests, shapes_add_up);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
