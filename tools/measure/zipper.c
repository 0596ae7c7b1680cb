// SPDX-License-Identifier: ISC

#include "measure/zipper.h"

#include "measure/spectrum.h"
#include "measure/waves.h"

#include <math.h>
#include <stdlib.h>

#define SINE_HZ 100.0
#define LIMIT_HZ 2000.0
#define SWEEP_S 1.0

/// Return the frames of the window
static uint32_t
window_frames(const Probe* const probe)
{
  return 2U * (uint32_t)(32768.0 * probe_sample_rate(probe) / 48000.0);
}

/// Return the power above the limit over all of it, in dB
static double
noise_db(const Probe* const probe, const float* const signal)
{
  const uint32_t  n_frames  = window_frames(probe);
  const double    nyquist   = 0.5 * probe_sample_rate(probe);
  Spectrum* const spectrum  = spectrum_new(n_frames, probe_sample_rate(probe));
  double          result_db = (double)INFINITY;
  if (isfinite(wave_peak(signal, n_frames))) {
    spectrum_analyse(spectrum, signal);
    result_db = power_db(spectrum_band_power(spectrum, LIMIT_HZ, nyquist) /
                         spectrum_band_power(spectrum, 0.0, nyquist));
  }

  spectrum_free(spectrum);
  return result_db;
}

/// Render frames `start` to `end` of the sine's answer
static void
render_part(Probe* const   probe,
            const double*  sine,
            float* const   out,
            const uint32_t start,
            const uint32_t end)
{
  probe_feed(probe, ROLE_IN, sine + start, end - start);
  probe_render(probe, ROLE_OUT, out + start, end - start, PROBE_BLOCK_FRAMES);
}

/// Return the noise while a role takes a window of values, after one of the first
static double
moved_db(Probe* const probe, const RoleName name, const double* const values)
{
  const uint32_t n_frames = window_frames(probe);
  if (!probe_takes(probe, name, values[0]) ||
      !probe_takes(probe, name, values[n_frames - 1U])) {
    return (double)NAN;
  }

  double* const sine = (double*)calloc(2U * (size_t)n_frames, sizeof(double));
  float* const  out  = (float*)calloc(2U * (size_t)n_frames, sizeof(float));
  wave_sine(sine, 2U * n_frames, SINE_HZ / probe_sample_rate(probe), 0.5);
  probe_set(probe, name, values[0]);
  render_part(probe, sine, out, 0, n_frames);
  probe_feed(probe, name, values, n_frames);
  render_part(probe, sine, out, n_frames, 2U * n_frames);
  const double result_db = noise_db(probe, out + n_frames);

  free(out);
  free(sine);
  return result_db;
}

double
zipper_step_db(Probe* const   probe,
               const RoleName name,
               const double   from,
               const double   to)
{
  const uint32_t n_frames = window_frames(probe);
  double* const  values   = (double*)calloc(n_frames, sizeof(double));
  for (uint32_t i = 0; i < n_frames; ++i) {
    values[i] = i < n_frames / 2U ? from : to;
  }

  const double result_db = moved_db(probe, name, values);
  free(values);
  return result_db;
}

double
zipper_sweep_db(Probe* const   probe,
                const RoleName name,
                const double   from,
                const double   to)
{
  const uint32_t n_frames = window_frames(probe);
  double* const  values   = (double*)calloc(n_frames, sizeof(double));
  for (uint32_t i = 0; i < n_frames; ++i) {
    const double time_s = ((double)i - 0.5 * n_frames) / probe_sample_rate(probe);
    const double way    = fmin(fmax(0.5 + time_s / SWEEP_S, 0.0), 1.0);
    values[i]           = from * pow(to / from, way);
  }

  const double result_db = moved_db(probe, name, values);
  free(values);
  return result_db;
}
