// SPDX-License-Identifier: ISC

#include "measure/decay.h"

#include "measure/spectrum.h"
#include "measure/waves.h"

#include <math.h>
#include <stdlib.h>

#define PI 3.14159265358979323846
#define FIT_FROM_DB (-5.0)
#define FIT_TO_DB (-35.0)
#define WINDOW_S 0.02
#define OUTSIDE_OF_NOISE 0.31731050786291410 ///< Share of it beyond its deviation

// ---- Decay time

/// Sums of the points that a line is fitted to
typedef struct {
  double n;
  double x;
  double y;
  double xx;
  double xy;
} Points;

static void
add_point(Points* const self, const double x, const double y)
{
  self->n += 1.0;
  self->x += x;
  self->y += y;
  self->xx += x * x;
  self->xy += x * y;
}

/// Return the slope of the line that is nearest to all points
static double
slope(const Points* const self)
{
  return (self->n * self->xy - self->x * self->y) /
         (self->n * self->xx - self->x * self->x);
}

static double
energy(const float* const signal, const uint32_t n_frames)
{
  double sum = 0.0;
  for (uint32_t i = 0; i < n_frames; ++i) {
    sum += (double)signal[i] * (double)signal[i];
  }

  return sum;
}

double
decay_t60_s(const float* const response,
            const uint32_t     n_frames,
            const double       sample_rate)
{
  const double all    = energy(response, n_frames);
  Points       points = {0.0, 0.0, 0.0, 0.0, 0.0};
  double       rest   = 0.0;
  for (uint32_t i = n_frames; i-- > 0;) {
    rest += (double)response[i] * (double)response[i];
    const double level_db = power_db(rest / all);
    if (level_db <= FIT_FROM_DB && level_db >= FIT_TO_DB) {
      add_point(&points, i / sample_rate, level_db);
    }
  }

  return all > 0.0 ? -60.0 / slope(&points) : (double)NAN;
}

// ---- Echo density

/// Return the density of the echoes in a window that begins at `signal`
static double
density_at(const float* const  signal,
           const double* const window,
           const uint32_t      n_frames)
{
  double power = 0.0;
  for (uint32_t i = 0; i < n_frames; ++i) {
    power += window[i] * (double)signal[i] * (double)signal[i];
  }

  const double deviation = sqrt(power);
  double       outside   = 0.0;
  for (uint32_t i = 0; i < n_frames; ++i) {
    outside += fabs((double)signal[i]) > deviation ? window[i] : 0.0;
  }
  return outside / OUTSIDE_OF_NOISE;
}

/// Write a Hann window whose sum is 1
static void
hann_window(double* const window, const uint32_t n_frames)
{
  for (uint32_t i = 0; i < n_frames; ++i) {
    window[i] = (1.0 - cos(2.0 * PI * (i + 0.5) / n_frames)) / n_frames;
  }
}

double
decay_dense_at_s(const float* const response,
                 const uint32_t     n_frames,
                 const double       sample_rate,
                 const double       density)
{
  const uint32_t n_window   = (uint32_t)(WINDOW_S * sample_rate);
  const uint32_t n_step     = n_window / 20U;
  double* const  window     = (double*)calloc(n_window, sizeof(double));
  double         dense_at_s = (double)INFINITY;

  hann_window(window, n_window);
  for (uint32_t i = 0; i + n_window <= n_frames; i += n_step) {
    if (density_at(response + i, window, n_window) >= density) {
      dense_at_s = (i + 0.5 * n_window) / sample_rate;
      break;
    }
  }

  free(window);
  return dense_at_s;
}

// ---- Tones

double
decay_tone_db_s(const float* const signal,
                const uint32_t     n_frames,
                const double       sample_rate,
                const double       freq_hz)
{
  const uint32_t  n_half   = n_frames / 2U;
  Spectrum* const spectrum = spectrum_new(n_half, sample_rate);
  if (!spectrum) {
    return (double)NAN;
  }

  spectrum_analyse(spectrum, signal);
  const double before = spectrum_amplitude(spectrum, freq_hz);
  spectrum_analyse(spectrum, signal + n_half);
  const double after = spectrum_amplitude(spectrum, freq_hz);

  spectrum_free(spectrum);
  return amplitude_db(before / after) * sample_rate / n_half;
}
