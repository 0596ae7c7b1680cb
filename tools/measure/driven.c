// SPDX-License-Identifier: ISC

#include "measure/driven.h"

#include "measure/spectrum.h"
#include "measure/waves.h"

#include <math.h>
#include <stdlib.h>

#define PI 3.14159265358979323846
#define LIMIT_HZ 20000.0
#define N_FRAMES 65536U
#define PLUS_24_DB 15.8489319246
#define N_POINTS 4096U ///< Of a cycle whose harmonics are worked out

double
driven_others_db(const float* const signal,
                 const uint32_t     n_frames,
                 const double       base_hz,
                 const double       sample_rate)
{
  if (!isfinite(wave_peak(signal, n_frames))) {
    return (double)INFINITY;
  }

  Spectrum* const spectrum = spectrum_new(n_frames, sample_rate);
  spectrum_analyse(spectrum, signal);
  const SpectrumSplit split = spectrum_split(spectrum, base_hz, UINT32_MAX, LIMIT_HZ);

  spectrum_free(spectrum);
  return power_db(split.others / split.harmonics);
}

double
driven_alias_db(Probe* const        probe,
                const double* const in,
                const uint32_t      n_frames,
                const double        base_hz)
{
  float* const out = (float*)calloc(n_frames, sizeof(float));
  for (int i = 0; i < 2; ++i) {
    probe_feed(probe, ROLE_IN, in, n_frames);
    probe_render(probe, ROLE_OUT, out, n_frames, PROBE_BLOCK_FRAMES);
  }
  const double result_db =
    driven_others_db(out, n_frames, base_hz, probe_sample_rate(probe));

  free(out);
  return result_db;
}

double
driven_sine_db(Probe* const probe, const double sine_hz, const double amplitude)
{
  double* const in = (double*)calloc(N_FRAMES, sizeof(double));
  wave_sine(in, N_FRAMES, sine_hz / probe_sample_rate(probe), amplitude);
  const double result_db = driven_alias_db(probe, in, N_FRAMES, sine_hz);

  free(in);
  return result_db;
}

/// Return the amplitude of harmonic `k` of the tanh of a sine
static double
clipped_harmonic(const uint32_t k)
{
  double sum = 0.0;
  for (uint32_t i = 0; i < N_POINTS; ++i) {
    const double turn = 2.0 * PI * (i + 0.5) / N_POINTS;
    sum += tanh(PLUS_24_DB * sin(turn)) * sin(k * turn);
  }

  return 2.0 * sum / N_POINTS;
}

double
driven_clipped_db(Probe* const probe, const double sine_hz)
{
  const double  freq = sine_hz / probe_sample_rate(probe);
  double* const in   = (double*)calloc(N_FRAMES, sizeof(double));
  double* const sine = (double*)calloc(N_FRAMES, sizeof(double));
  for (uint32_t k = 1; k * sine_hz < LIMIT_HZ; k += 2U) {
    wave_sine(sine, N_FRAMES, k * freq, clipped_harmonic(k));
    for (uint32_t i = 0; i < N_FRAMES; ++i) {
      in[i] += sine[i];
    }
  }
  const double result_db = driven_alias_db(probe, in, N_FRAMES, sine_hz);

  free(sine);
  free(in);
  return result_db;
}
