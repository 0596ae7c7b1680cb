// SPDX-License-Identifier: ISC

#include "support/test.h"

#include "shaper/oversample.h"
#include "shaper/shaper.h"
#include "shaper/waveshape.h"

#include "measure/spectrum.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define RATE_HZ 48000.0
#define N_FRAMES 65536U
#define PLUS_12_DB 3.9810717
#define PLUS_24_DB 15.848932
#define PI 3.14159265358979323846

static float in_[N_FRAMES];
static float out_[N_FRAMES];
static float drive_[N_FRAMES];
static float bias_[N_FRAMES];

static void
fill(float* const frames, const double value)
{
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    frames[i] = (float)value;
  }
}

/// Fill the input with a sine that starts at 0
static void
fill_sine(const double freq_hz, const double rate_hz)
{
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    in_[i] = (float)sin(2.0 * PI * freq_hz / rate_hz * i);
  }
}

/// Run all frames in slices of 1 to `n_most` frames
static void
run(Shaper* const shaper, const Waveshape shape, const uint32_t n_most)
{
  uint32_t n = n_most;
  for (uint32_t i = 0; i < N_FRAMES; i += n) {
    n = n_most > 1 ? (i * 2654435761U >> 7U) % n_most + 1U : 1U;
    n = n < N_FRAMES - i ? n : N_FRAMES - i;

    bool is_silent = true;
    for (uint32_t j = i; j < i + n; ++j) {
      is_silent &= in_[j] == 0.0f && bias_[j] == 0.0f;
    }
    const ShaperInputs inputs = {in_ + i, drive_ + i, bias_ + i, is_silent};
    shaper_process(shaper, shape, &inputs, out_ + i, n);
  }
}

// ---- Oversampling

START_TEST(latency_is_whole_and_as_planned)
{
  static const double rates[] = {
    8e3, 44.1e3, 48e3, 88.2e3, 96e3, 176.4e3, 192e3, 768e3};

  for (size_t r = 0; r < sizeof(rates) / sizeof(rates[0]); ++r) {
    const Oversampling plan = oversampling_plan(rates[r], 768e3, 0);
    OversampleUp       up   = {0};
    OversampleDown     down = {0};
    float              out[8U * OVERSAMPLE_FRAMES];
    for (uint32_t b = 0; b < 8; ++b) {
      float in[OVERSAMPLE_FRAMES] = {b == 0 ? 1.0f : 0.0f};
      float upper[OVERSAMPLE_FRAMES * OVERSAMPLE_MAX_FACTOR];
      oversample_up(&up, &plan, in, upper, OVERSAMPLE_FRAMES);
      oversample_down(
        &down, &plan, upper, out + b * OVERSAMPLE_FRAMES, OVERSAMPLE_FRAMES);
    }

    // The impulse is the same before and after its middle
    ck_assert_uint_le(plan.latency, OVERSAMPLE_MAX_LATENCY);
    ck_assert_float_eq_tol(out[plan.latency], plan.n_stages ? 0.9f : 1.0f, 0.11f);
    for (uint32_t i = 0; i <= plan.latency; ++i) {
      ck_assert_float_eq_tol(out[plan.latency - i], out[plan.latency + i], 1e-6f);
    }
  }
}
END_TEST

START_TEST(what_is_below_20_khz_passes)
{
  static const double freqs_hz[] = {20.0, 1e3, 10e3, 19e3, 20e3};

  for (size_t f = 0; f < sizeof(freqs_hz) / sizeof(freqs_hz[0]); ++f) {
    const Oversampling plan = oversampling_plan(RATE_HZ, 768e3, 0);
    OversampleUp       up   = {0};
    OversampleDown     down = {0};
    const double       freq = freqs_hz[f] / RATE_HZ;
    fill_sine(freqs_hz[f], RATE_HZ);
    for (uint32_t i = 0; i < 4096; i += OVERSAMPLE_FRAMES) {
      float upper[OVERSAMPLE_FRAMES * OVERSAMPLE_MAX_FACTOR];
      oversample_up(&up, &plan, in_ + i, upper, OVERSAMPLE_FRAMES);
      oversample_down(&down, &plan, upper, out_ + i, OVERSAMPLE_FRAMES);
    }
    for (uint32_t i = 1024; i < 4096; ++i) {
      const double due = sin(2.0 * PI * freq * (i - (double)plan.latency));
      ck_assert_double_eq_tol((double)out_[i], due, 5e-5);
    }
  }
}
END_TEST

// ---- Shapes

static float
shape_of(const Waveshape shape, const float x)
{
  const float in[3] = {x, x, x};
  float       out   = 0.0f;
  waveshape_process(shape, in + 2, &out, 1);
  return out;
}

START_TEST(shapes_follow_their_formulas)
{
  for (int32_t i = -4000; i <= 4000; ++i) {
    const float  x = (float)i * 0.005f;
    const double d = (double)x;
    const double a = 0.5 * PI * d;
    ck_assert_double_eq_tol((double)shape_of(WAVESHAPE_TANH, x), tanh(d), 1.4e-5);
    ck_assert_double_eq_tol((double)shape_of(WAVESHAPE_ASYMMETRIC, x),
                            tanh(d) - 0.25 * d * d / (1.0 + d * d),
                            1.5e-5);
    ck_assert_double_eq_tol(
      (double)shape_of(WAVESHAPE_HARD, x), fmax(-1.0, fmin(1.0, d)), 1e-7);
    ck_assert_double_eq_tol((double)shape_of(WAVESHAPE_SINE, x), sin(a), 2e-6);
    ck_assert_double_eq_tol((double)shape_of(WAVESHAPE_TRIANGLE, x),
                            0.86 * sin(a) - 0.1 * sin(3.0 * a) + 0.036 * sin(5.0 * a),
                            4e-6);
  }
}
END_TEST

START_TEST(shapes_are_bounded_for_any_input)
{
  static const float large[] = {
    20.0f, 1e3f, 65536.0f, 1e7f, 1e19f, 3e38f, 1e-40f, 0.0f};

  for (Waveshape shape = WAVESHAPE_TANH; shape <= WAVESHAPE_TRIANGLE; ++shape) {
    for (size_t i = 0; i < sizeof(large) / sizeof(large[0]); ++i) {
      ck_assert(fabsf(shape_of(shape, large[i])) <= 1.2500001f);
      ck_assert(fabsf(shape_of(shape, -large[i])) <= 1.2500001f);
      const float in[3] = {large[i], -large[i], large[i]};
      float       out   = 0.0f;
      waveshape_process(shape, in + 2, &out, 1);
      ck_assert(fabsf(out) <= 1.2500001f);
    }
  }
}
END_TEST

START_TEST(hard_clip_is_the_mean_along_the_way)
{
  static const float ways[][3] = {{0.0f, 0.5f, 0.9f},
                                  {-0.5f, 2.0f, -3.0f},
                                  {-3.0f, 3.0f, 1.5f},
                                  {2.0f, 4.0f, 0.5f},
                                  {1.0f, -1.0f, 1.0f}};
  static const int   n_steps   = 100000;

  for (size_t w = 0; w < sizeof(ways) / sizeof(ways[0]); ++w) {
    double sum = 0.0;
    for (int i = 0; i < n_steps; ++i) {
      const double t      = (i + 0.5) / n_steps;
      const double before = (double)ways[w][0] + t * (double)(ways[w][1] - ways[w][0]);
      const double after  = (double)ways[w][1] + t * (double)(ways[w][2] - ways[w][1]);
      sum +=
        t * fmax(-1.0, fmin(1.0, before)) + (1.0 - t) * fmax(-1.0, fmin(1.0, after));
    }
    float out = 0.0f;
    waveshape_process(WAVESHAPE_HARD, ways[w] + 2, &out, 1);
    ck_assert_double_eq_tol((double)out, sum / n_steps, 1e-6);
  }
}
END_TEST

// ---- Aliases

/// Return the power of all that is no harmonic, relative to the harmonics, in dB
static double
aliases_db(const Waveshape shape,
           const double    freq_hz,
           const double    gain,
           const double    bias)
{
  const double sine_hz = RATE_HZ / (round(RATE_HZ / freq_hz) + 0.382);
  fill_sine(sine_hz, RATE_HZ);
  fill(drive_, gain);
  fill(bias_, bias);

  Shaper shaper;
  shaper_init(&shaper, RATE_HZ);
  run(&shaper, shape, 256);
  Spectrum* const spectrum = spectrum_new(N_FRAMES / 2U, RATE_HZ);
  spectrum_analyse(spectrum, out_ + N_FRAMES / 2U);
  const SpectrumSplit split = spectrum_split(spectrum, sine_hz, UINT32_MAX, 20000.0);
  spectrum_free(spectrum);
  return 10.0 * log10(split.others / split.harmonics);
}

START_TEST(aliases_are_faint)
{
  static const struct {
    Waveshape shape;
    double    freq_hz;
    double    gain;
    double    bias;
    double    most_db;
  } cases[] = {{WAVESHAPE_TANH, 1e3, PLUS_24_DB, 0.0, -125.0},
               {WAVESHAPE_TANH, 5e3, PLUS_12_DB, 0.0, -115.0},
               {WAVESHAPE_TANH, 5e3, PLUS_24_DB, 0.0, -115.0},
               {WAVESHAPE_ASYMMETRIC, 1e3, PLUS_24_DB, 0.0, -125.0},
               {WAVESHAPE_ASYMMETRIC, 5e3, PLUS_24_DB, 0.0, -105.0},
               {WAVESHAPE_HARD, 1e3, PLUS_24_DB, 0.0, -110.0},
               {WAVESHAPE_HARD, 5e3, PLUS_24_DB, 0.0, -100.0},
               {WAVESHAPE_HARD, 5e3, PLUS_24_DB, 0.5, -95.0},
               {WAVESHAPE_SINE, 1e3, PLUS_24_DB, 0.0, -105.0},
               {WAVESHAPE_SINE, 5e3, PLUS_24_DB, 0.0, -90.0},
               {WAVESHAPE_SINE, 5e3, PLUS_24_DB, 0.3, -90.0},
               {WAVESHAPE_TRIANGLE, 1e3, PLUS_24_DB, 0.0, -100.0},
               {WAVESHAPE_TRIANGLE, 5e3, PLUS_24_DB, 0.3, -90.0}};

  for (size_t c = 0; c < sizeof(cases) / sizeof(cases[0]); ++c) {
    const double db =
      aliases_db(cases[c].shape, cases[c].freq_hz, cases[c].gain, cases[c].bias);
    if (getenv("SHOW")) {
      printf("shape %d, %g Hz, gain %g, bias %g: %.1f dB\n",
             (int)cases[c].shape,
             cases[c].freq_hz,
             cases[c].gain,
             cases[c].bias,
             db);
    }
    ck_assert_double_le(db, cases[c].most_db);
  }
}
END_TEST

// ---- The whole

START_TEST(slices_do_not_matter)
{
  static float whole[N_FRAMES];

  fill_sine(1234.5, RATE_HZ);
  memset(in_ + 20000, 0, 10000 * sizeof(float));
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    drive_[i] = 8.0f + 7.0f * in_[(i * 7U) % N_FRAMES];
    bias_[i]  = i > 19000 && i < 31000 ? 0.0f : 0.5f * in_[(i * 13U) % N_FRAMES];
  }
  for (Waveshape shape = WAVESHAPE_TANH; shape <= WAVESHAPE_TRIANGLE; ++shape) {
    Shaper shaper;
    shaper_init(&shaper, RATE_HZ);
    run(&shaper, shape, 256);
    memcpy(whole, out_, sizeof(whole));
    shaper_reset(&shaper);
    run(&shaper, shape, 33);
    ck_assert_mem_eq(out_, whole, sizeof(whole));
    shaper_reset(&shaper);
    run(&shaper, shape, 1);
    ck_assert_mem_eq(out_, whole, sizeof(whole));
  }
}
END_TEST

START_TEST(silence_comes_out_as_silence)
{
  fill_sine(440.0, RATE_HZ);
  memset(in_ + 1000, 0, sizeof(in_) - 1000 * sizeof(float));
  fill(drive_, 100.0);
  fill(bias_, 0.0);
  Shaper shaper;
  shaper_init(&shaper, RATE_HZ);
  run(&shaper, WAVESHAPE_TANH, 64);
  for (uint32_t i = 1000 + OVERSAMPLE_TAIL; i < N_FRAMES; ++i) {
    ck_assert_float_eq(out_[i], 0.0f);
  }
  ck_assert_uint_eq(shaper.n_silent, OVERSAMPLE_TAIL);
}
END_TEST

START_TEST(a_new_shape_fades_in)
{
  fill(in_, 0.5);
  fill(drive_, 1.0);
  fill(bias_, 0.0);
  Shaper shaper;
  shaper_init(&shaper, RATE_HZ);
  for (uint32_t i = 0; i < 8192; i += 64) {
    const ShaperInputs inputs = {in_ + i, drive_ + i, bias_ + i, false};
    shaper_process(
      &shaper, i < 4096 ? WAVESHAPE_HARD : WAVESHAPE_SINE, &inputs, out_ + i, 64);
  }

  // From 0.5 to 0.7071 in 10 ms
  ck_assert_float_eq_tol(out_[4000], 0.5f, 1e-4f);
  ck_assert_float_eq_tol(out_[8000], 0.70711f, 1e-4f);
  for (uint32_t i = 4000; i < 8000; ++i) {
    ck_assert_float_le(fabsf(out_[i + 1] - out_[i]), 0.2072f / 480.0f + 2e-4f);
  }
}
END_TEST

int
main(void)
{
  Suite* const suite = suite_create("shaper");
  TCase* const tests = tcase_create("shaper");
  tcase_set_timeout(tests, 120);
  tcase_add_test(tests, latency_is_whole_and_as_planned);
  tcase_add_test(tests, what_is_below_20_khz_passes);
  tcase_add_test(tests, shapes_follow_their_formulas);
  tcase_add_test(tests, shapes_are_bounded_for_any_input);
  tcase_add_test(tests, hard_clip_is_the_mean_along_the_way);
  tcase_add_test(tests, aliases_are_faint);
  tcase_add_test(tests, slices_do_not_matter);
  tcase_add_test(tests, silence_comes_out_as_silence);
  tcase_add_test(tests, a_new_shape_fades_in);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
