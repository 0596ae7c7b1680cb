// SPDX-License-Identifier: ISC

#include "measure/waves.h"

#include <math.h>
#include <string.h>

#define PI 3.14159265358979323846

/// Return the fraction of a count of cycles
static double
fraction(const double cycles)
{
  return cycles - floor(cycles);
}

void
wave_sine(double* const  out,
          const uint32_t n_frames,
          const double   freq,
          const double   amplitude)
{
  for (uint32_t i = 0; i < n_frames; ++i) {
    out[i] = amplitude * sin(2.0 * PI * fraction(freq * i));
  }
}

/// Return the weight of a harmonic: 1 up to 0.3, then gently down to 0 at 0.5
static double
taper(const double freq)
{
  return freq < 0.3 ? 1.0 : 0.5 + 0.5 * cos(PI * (freq - 0.3) / 0.2);
}

void
wave_band_limited_saw(double* const out, const uint32_t n_frames, const double freq)
{
  memset(out, 0, n_frames * sizeof(double));
  for (uint32_t k = 1; k * freq < 0.5; ++k) {
    // The sine of every frame by a turn from the last, exact enough for a test signal
    const double turn = 2.0 * PI * fraction(k * freq);
    const double c    = cos(turn);
    const double s    = sin(turn);
    double       x    = 0.0;
    double       y    = -2.0 / (PI * k) * taper(k * freq);
    double       z    = 0.0;
    for (uint32_t i = 0; i < n_frames; ++i) {
      out[i] += x;
      z = x * c + y * s;
      y = y * c - x * s;
      x = z;
    }
  }
}

void
wave_naive_saw(double* const out, const uint32_t n_frames, const double freq)
{
  for (uint32_t i = 0; i < n_frames; ++i) {
    out[i] = 2.0 * fraction(freq * i) - 1.0;
  }
}

void
wave_noise(double* const out, const uint32_t n_frames)
{
  uint32_t state = 1;
  for (uint32_t i = 0; i < n_frames; ++i) {
    state  = state * 1664525U + 1013904223U;
    out[i] = (double)state / 2147483648.0 - 1.0;
  }
}

double
wave_odd_hz(const double freq_hz, const double sample_rate)
{
  return sample_rate / (round(sample_rate / freq_hz) + 0.382);
}

double
wave_peak(const float* const signal, const uint32_t n_frames)
{
  double peak = 0.0;
  for (uint32_t i = 0; i < n_frames; ++i) {
    if (!isfinite(signal[i])) {
      return (double)INFINITY;
    }
    peak = fmax(peak, fabs((double)signal[i]));
  }
  return peak;
}

double
wave_largest_step(const float* const signal, const uint32_t start, const uint32_t end)
{
  double step = 0.0;
  for (uint32_t i = start > 0 ? start : 1; i < end; ++i) {
    step = fmax(step, fabs((double)signal[i] - (double)signal[i - 1U]));
  }

  return step;
}

uint32_t
wave_settled_at(const float* const signal,
                const uint32_t     start,
                const uint32_t     end,
                const double       tolerance)
{
  const double last = (double)signal[end - 1U];

  uint32_t i = end - 1U;
  while (i > start && fabs((double)signal[i - 1U] - last) <= tolerance) {
    --i;
  }
  return i;
}

double
power_db(const double ratio)
{
  return 10.0 * log10(ratio);
}

double
amplitude_db(const double ratio)
{
  return 20.0 * log10(ratio);
}
