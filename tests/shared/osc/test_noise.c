// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "measure/spectrum.h"
#include "osc/noise.h"

#include <complex.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#define PI 3.14159265358979323846
#define RATE 48000.0
#define N_FRAMES 262144U

static const double rates[] =
  {44100.0, 48000.0, 88200.0, 96000.0, 192000.0, 384000.0, 768000.0};

enum { N_RATES = sizeof(rates) / sizeof(rates[0]) };

/// Slope of a colour: its power goes with this power of the frequency
static const double exponents[N_NOISE_COLOURS] = {[WHITE_NOISE]  = 0.0,
                                                  [PINK_NOISE]   = -1.0,
                                                  [BROWN_NOISE]  = -2.0,
                                                  [BLUE_NOISE]   = 1.0,
                                                  [VIOLET_NOISE] = 2.0};

static Noise noise; ///< As what follows, too large for some stacks
static float out[N_FRAMES];

static void
set_up(const NoiseColour colour, const uint32_t seed)
{
  noise_init(&noise, colour, RATE);
  noise_seed(&noise, seed);
}

// ---- Filters

/// Return the gain in dB by which a colour differs from its line
static double
off_line_db(const NoiseFilter* const filter,
            const NoiseColour        colour,
            const double             freq_hz,
            const double             rate)
{
  const double complex z   = cexp(2.0 * PI * I * freq_hz / rate);
  double complex       sum = filter->direct;
  for (uint32_t k = 0; k < filter->n_poles; ++k) {
    sum += filter->residue[k] / (z - filter->pole[k]);
  }

  return 20.0 * log10(cabs(sum)) - 10.0 * exponents[colour] * log10(freq_hz);
}

START_TEST(colours_are_straight_from_20_hz_to_20_khz)
{
  const NoiseColour colour = (NoiseColour)(_i / N_RATES);
  const double      rate   = rates[_i % N_RATES];
  const NoiseFilter filter = noise_filter(colour, rate);

  double low  = (double)INFINITY;
  double high = -(double)INFINITY;
  for (int step = 0; step <= 3000; ++step) {
    const double off_db =
      off_line_db(&filter, colour, 20.0 * pow(1000.0, step / 3000.0), rate);
    low  = fmin(low, off_db);
    high = fmax(high, off_db);
  }
  ck_assert_double_lt(high - low, 0.05);
}
END_TEST

START_TEST(brown_bends_at_its_leak)
{
  const NoiseFilter filter  = noise_filter(BROWN_NOISE, RATE);
  const double      line_db = off_line_db(&filter, BROWN_NOISE, 200.0, RATE);

  ck_assert_double_eq_tol(off_line_db(&filter, BROWN_NOISE, NOISE_LEAK_HZ, RATE) -
                            line_db,
                          10.0 * log10(0.5),
                          0.01);
}
END_TEST

/// Up to twice as many frames as the response of a filter is of any size
#define N_RESPONSE 4194304U

START_TEST(responses_have_their_power_and_their_peak)
{
  static const double peaks[N_NOISE_COLOURS] = {[WHITE_NOISE]  = 0.35,
                                                [PINK_NOISE]   = 22.0,
                                                [BROWN_NOISE]  = 31.0,
                                                [BLUE_NOISE]   = 0.6,
                                                [VIOLET_NOISE] = 0.58};

  NoiseFilter filter  = noise_filter((NoiseColour)_i, RATE);
  double      squares = filter.direct * filter.direct;
  double      peak    = fabs(filter.direct);
  for (uint32_t i = 0; i < N_RESPONSE; ++i) {
    double response = 0.0;
    for (uint32_t k = 0; k < filter.n_poles; ++k) {
      response += filter.residue[k];
      filter.residue[k] *= filter.pole[k];
    }
    squares += response * response;
    peak += fabs(response);
  }

  ck_assert_double_eq_tol(sqrt(squares / 3.0), NOISE_RMS, 1e-9);
  ck_assert_double_le(peak, peaks[_i]);
}
END_TEST

// ---- Frames

/// Compare with the filter as its formula says it, frame by frame in double
START_TEST(frames_are_numbers_through_the_filter)
{
  const NoiseFilter filter = noise_filter((NoiseColour)_i, RATE);

  Random random;
  random_seed(&random, 5);
  set_up((NoiseColour)_i, 5);
  noise_process(&noise, out, N_FRAMES);
  double state[NOISE_MAX_POLES] = {0.0};
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    const double in  = (double)random_bipolar(random_next(&random));
    double       sum = filter.direct * in;
    for (uint32_t k = 0; k < filter.n_poles; ++k) {
      sum += filter.residue[k] * state[k];
      state[k] = filter.pole[k] * state[k] + in;
    }
    ck_assert_double_eq_tol((double)out[i], sum, 1e-5);
  }
}
END_TEST

START_TEST(frames_do_not_depend_on_blocks)
{
  static float                   whole[N_FRAMES];
  static const NoiseDistribution distributions[] = {UNIFORM_NOISE, GAUSSIAN_NOISE};
  static const uint32_t          blocks[]        = {1, 2, 8, 13, 3, 64, 7, 5, 31, 256};

  for (uint32_t d = 0; d < 2; ++d) {
    set_up((NoiseColour)_i, 3);
    noise_set_distribution(&noise, distributions[d]);
    noise_process(&noise, whole, 10000);
    noise_seed(&noise, 3);
    for (uint32_t i = 0, b = 0; i < 9700; i += blocks[b++ % 10]) {
      noise_process(&noise, out + i, blocks[b % 10]);
    }
    ck_assert_mem_eq(out, whole, 9700 * sizeof(float));
  }
}
END_TEST

/// Power in an octave, relative to that of a line from 0 Hz to half the sample rate
static double
line_power(const double exponent, const double low_hz, const double high_hz)
{
  return exponent == -1.0
           ? log(high_hz / low_hz)
           : (pow(high_hz, exponent + 1.0) - pow(low_hz, exponent + 1.0)) /
               (exponent + 1.0);
}

/**
   A mean over so many spectra that chance leaves it this close to what it is.

   The power in a band of B Hz, seen for T seconds, has a standard deviation of
   1 / sqrt(B T); the window makes the time it sees shorter, to a third at least.
*/
START_TEST(spectra_follow_their_lines)
{
  enum { N_OCTAVES = 10, N_SPECTRA = 60 };

  Spectrum* const spectrum          = spectrum_new(N_FRAMES, RATE);
  double          power[N_OCTAVES]  = {0.0};
  double          off_db[N_OCTAVES] = {0.0};
  set_up((NoiseColour)_i, 1);
  for (uint32_t s = 0; s < N_SPECTRA; ++s) {
    noise_process(&noise, out, N_FRAMES);
    spectrum_analyse(spectrum, out);
    for (int o = 0; o < N_OCTAVES; ++o) {
      power[o] += spectrum_band_power(spectrum, ldexp(20.0, o), ldexp(20.0, o + 1));
    }
  }
  spectrum_free(spectrum);

  for (int o = 0; o < N_OCTAVES; ++o) {
    const double line = line_power(exponents[_i], ldexp(20.0, o), ldexp(20.0, o + 1));
    off_db[o]         = 10.0 * log10(power[o] / line);
  }
  for (int o = 0; o < N_OCTAVES; ++o) {
    const double time_s  = N_SPECTRA * N_FRAMES / RATE / 3.0;
    const double part    = 1.0 / sqrt(ldexp(20.0, o) * time_s);
    const double bound   = 0.05 + 5.0 * 10.0 / log(10.0) * part;
    const double high_db = off_db[N_OCTAVES - 1];
    ck_assert_double_eq_tol(off_db[o], high_db, bound);
  }
}
END_TEST

// ---- Distributions

static double
mean_power(const uint32_t power)
{
  double sum = 0.0;
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    sum += pow((double)out[i] / NOISE_RMS, power);
  }
  return sum / N_FRAMES;
}

/// Return the share of frames that are within `bound` times the RMS
static double
share_within(const double bound)
{
  uint32_t n = 0;
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    n += fabs((double)out[i]) < bound * NOISE_RMS;
  }
  return (double)n / N_FRAMES;
}

START_TEST(uniform_is_even)
{
  set_up(WHITE_NOISE, (uint32_t)_i);
  noise_process(&noise, out, N_FRAMES);

  const double n = N_FRAMES;
  ck_assert_double_eq_tol(mean_power(1), 0.0, 5.0 / sqrt(n));
  ck_assert_double_eq_tol(mean_power(2), 1.0, 5.0 * sqrt(0.8 / n));
  ck_assert_double_eq_tol(mean_power(4), 1.8, 5.0 * sqrt(5.76 / n));
  ck_assert_double_eq_tol(share_within(0.5 * sqrt(3.0)), 0.5, 5.0 * sqrt(0.25 / n));
  ck_assert_double_eq(share_within(sqrt(3.0) + 1e-6), 1.0);
}
END_TEST

/// Moments are those of a normal distribution, shares those of one but for 0.3 %
START_TEST(gaussian_is_a_bell)
{
  set_up(WHITE_NOISE, (uint32_t)_i);
  noise_set_distribution(&noise, GAUSSIAN_NOISE);
  noise_process(&noise, out, N_FRAMES);

  const double n = N_FRAMES;
  ck_assert_double_eq_tol(mean_power(1), 0.0, 5.0 / sqrt(n));
  ck_assert_double_eq_tol(mean_power(2), 1.0, 5.0 * sqrt(2.0 / n));
  ck_assert_double_eq_tol(mean_power(3), 0.0, 5.0 * sqrt(15.0 / n));
  ck_assert_double_eq_tol(mean_power(4), 3.0, 5.0 * sqrt(96.0 / n));
  for (double bound = 0.5; bound < 4.0; bound += 0.5) {
    const double share = erf(bound / sqrt(2.0));
    ck_assert_double_eq_tol(
      share_within(bound), share, 0.0042 + 5.0 * sqrt(share * (1.0 - share) / n));
  }
  ck_assert_double_eq(share_within(4.07), 1.0);
}
END_TEST

/// From one frame to any of the next 40, white noise tells nothing, in either shape
START_TEST(white_frames_have_nothing_in_common)
{
  set_up(WHITE_NOISE, 2);
  noise_set_distribution(&noise, (NoiseDistribution)_i);
  noise_process(&noise, out, N_FRAMES);
  for (uint32_t lag = 1; lag <= 40; ++lag) {
    double sum = 0.0;
    for (uint32_t i = 0; i + lag < N_FRAMES; ++i) {
      sum += (double)out[i] * (double)out[i + lag];
    }
    const double n = N_FRAMES - lag;
    ck_assert_double_eq_tol(sum / (NOISE_RMS * NOISE_RMS * n), 0.0, 5.0 / sqrt(n));
  }
}
END_TEST

/// Beyond five times the RMS is one frame of a normal distribution in 1.7 million
START_TEST(peaks_are_rare)
{
  uint32_t n_above = 0;
  set_up((NoiseColour)_i, 4);
  noise_set_distribution(&noise, GAUSSIAN_NOISE);
  for (uint32_t k = 0; k < 40; ++k) {
    noise_process(&noise, out, N_FRAMES);
    for (uint32_t i = 0; i < N_FRAMES; ++i) {
      n_above += fabsf(out[i]) <= 1.0f ? 0U : 1U;
    }
  }
  ck_assert_uint_le(n_above, 31);
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("noise");
  TCase* const tests = tcase_create("noise");
  tcase_add_loop_test(tests,
                      colours_are_straight_from_20_hz_to_20_khz,
                      0,
                      (int)N_NOISE_COLOURS * (int)N_RATES);
  tcase_add_test(tests, brown_bends_at_its_leak);
  tcase_add_loop_test(
    tests, responses_have_their_power_and_their_peak, 0, N_NOISE_COLOURS);
  tcase_add_loop_test(tests, frames_are_numbers_through_the_filter, 0, N_NOISE_COLOURS);
  tcase_add_loop_test(tests, frames_do_not_depend_on_blocks, 0, N_NOISE_COLOURS);
  tcase_add_loop_test(tests, spectra_follow_their_lines, 0, N_NOISE_COLOURS);
  tcase_add_loop_test(tests, uniform_is_even, 0, 4);
  tcase_add_loop_test(tests, gaussian_is_a_bell, 0, 4);
  tcase_add_loop_test(tests, white_frames_have_nothing_in_common, 0, 2);
  tcase_add_loop_test(tests, peaks_are_rare, 0, N_NOISE_COLOURS);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
