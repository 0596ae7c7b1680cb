// SPDX-License-Identifier: ISC

#include "measure/likeness.h"

#include "measure/spectrum.h"
#include "measure/waves.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

double
likeness_error_db(const float* const  signal,
                  const double* const wanted,
                  const uint32_t      n_frames)
{
  double error = 0.0;
  double power = 0.0;
  for (uint32_t i = 0; i < n_frames; ++i) {
    const double difference = (double)signal[i] - wanted[i];
    error += difference * difference;
    power += wanted[i] * wanted[i];
  }

  return power_db(error / power);
}

// ---- Flatness

/// Return the largest distance of magnitudes from 0 dB
static double
largest_db(const double* const magnitude, const uint32_t first, const uint32_t last)
{
  double worst = 0.0;
  for (uint32_t k = first; k <= last; ++k) {
    worst = fmax(worst, fabs(amplitude_db(magnitude[k])));
  }

  return worst;
}

double
likeness_flatness_db(const float* const impulse_response,
                     const uint32_t     n_frames,
                     const double       sample_rate,
                     const double       low_hz,
                     const double       high_hz)
{
  double* const in        = (double*)calloc(n_frames, sizeof(double));
  double* const magnitude = (double*)calloc(n_frames / 2U + 1U, sizeof(double));
  double        result_db = (double)NAN;
  for (uint32_t i = 0; i < n_frames; ++i) {
    in[i] = (double)impulse_response[i];
  }
  if (spectrum_magnitude(in, n_frames, magnitude)) {
    const double bins_per_hz = n_frames / sample_rate;
    result_db                = largest_db(magnitude,
                           (uint32_t)ceil(low_hz * bins_per_hz),
                           (uint32_t)(high_hz * bins_per_hz));
  }

  free(magnitude);
  free(in);
  return result_db;
}

// ---- Values

static int
compare_floats(const void* const a, const void* const b)
{
  const float x = *(const float*)a;
  const float y = *(const float*)b;

  return (x > y) - (x < y);
}

uint32_t
likeness_count_values(float* const values, const uint32_t n_values)
{
  qsort(values, n_values, sizeof(float), compare_floats);

  uint32_t n_different = n_values > 0 ? 1 : 0;
  for (uint32_t i = 1; i < n_values; ++i) {
    n_different += values[i] != values[i - 1U] ? 1U : 0U;
  }
  return n_different;
}

/// Return the distance to the nearest of the values, which rise
static double
nearest(const double x, const float* const values, const uint32_t n_values)
{
  uint32_t low  = 0;
  uint32_t high = n_values;
  while (low < high) {
    const uint32_t middle = low + (high - low) / 2U;
    if ((double)values[middle] < x) {
      low = middle + 1U;
    } else {
      high = middle;
    }
  }

  const double above = low < n_values ? (double)values[low] - x : (double)INFINITY;
  const double below = low > 0 ? x - (double)values[low - 1U] : (double)INFINITY;
  return fmin(above, below);
}

double
likeness_not_nearest(const double* const in,
                     const float* const  out,
                     const uint32_t      n_frames)
{
  float* const values = (float*)calloc(n_frames, sizeof(float));
  double       worst  = 0.0;
  memcpy(values, out, n_frames * sizeof(float));
  qsort(values, n_frames, sizeof(float), compare_floats);
  for (uint32_t i = 0; i < n_frames; ++i) {
    const double distance = fabs((double)out[i] - in[i]);
    worst                 = fmax(worst, distance - nearest(in[i], values, n_frames));
  }

  free(values);
  return worst;
}
