// SPDX-License-Identifier: ISC

#include "measure/prototype.h"

#include "measure/spectrum.h"
#include "measure/waves.h"

#include <complex.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PI 3.14159265358979323846
#define FLOOR_DB (-60.0) ///< What is below it isn't compared
#define MAX_FRAMES (1U << 23U)
#define N_POINTS 400 ///< Frequencies along the whole range
#define N_NEAR 129   ///< Frequencies around the cutoff

double
prototype_magnitude(const Prototype* const prototype, const double ratio)
{
  const double complex s      = I * ratio;
  const double complex damped = s / prototype->q;
  const double complex poles  = s * s + damped + 1.0;
  const double         a      = sqrt(prototype->gain);

  switch (prototype->shape) {
  case SHAPE_LOW_PASS:
    return cabs(1.0 / poles);
  case SHAPE_HIGH_PASS:
    return cabs(s * s / poles);
  case SHAPE_BAND_PASS:
    return cabs(damped / poles);
  case SHAPE_NOTCH:
    return cabs((s * s + 1.0) / poles);
  case SHAPE_PEAK:
    return cabs((s * s + damped * a + 1.0) / (s * s + damped / a + 1.0));
  case SHAPE_LOW_SHELF:
    return a *
           cabs((s * s + sqrt(a) * damped + a) / (a * s * s + sqrt(a) * damped + 1.0));
  case SHAPE_HIGH_SHELF:
    return a *
           cabs((a * s * s + sqrt(a) * damped + 1.0) / (s * s + sqrt(a) * damped + a));
  default:
    return 1.0;
  }
}

uint32_t
prototype_frames(const Prototype* const prototype, const double sample_rate)
{
  // A peak's gain narrows its resonance; below a Q of a half the slow pole counts
  const double a     = sqrt(fmax(prototype->gain, 1.0 / prototype->gain));
  const double slow  = fmax(2.0 * prototype->q * a, a / prototype->q);
  const double tau_s = slow / (2.0 * PI * prototype->cutoff_hz);

  uint32_t n_frames = 16384;
  while (n_frames < 16.0 * tau_s * sample_rate && n_frames <= MAX_FRAMES) {
    n_frames *= 2U;
  }
  return n_frames <= MAX_FRAMES ? n_frames : 0;
}

/// Inputs of a comparison
typedef struct {
  Prototype     prototype;
  Response      response;
  double        sample_rate;
  uint32_t      n_frames;
  const double* magnitude;
} Comparison;

/// Return the error in dB at the bin next to `freq_hz`, 0 where it doesn't count
static double
error_at(const Comparison* const self, const double freq_hz)
{
  const double nyquist_hz = 0.49 * self->sample_rate;
  const double limit_hz =
    self->response == RESPONSE_ANALOG ? fmin(20000.0, nyquist_hz) : nyquist_hz;
  const double   bin_hz = self->sample_rate / self->n_frames;
  const uint32_t bin    = (uint32_t)(fmin(freq_hz, limit_hz) / bin_hz + 0.5);
  if (freq_hz > limit_hz || bin == 0) {
    return 0.0;
  }

  const double cutoff_hz = self->prototype.cutoff_hz;
  const double warp      = PI / self->sample_rate;
  const double ratio     = self->response == RESPONSE_ANALOG
                             ? bin * bin_hz / cutoff_hz
                             : tan(warp * bin * bin_hz) / tan(warp * cutoff_hz);
  const double wanted_db = amplitude_db(prototype_magnitude(&self->prototype, ratio));
  return wanted_db > FLOOR_DB ? fabs(amplitude_db(self->magnitude[bin]) - wanted_db)
                              : 0.0;
}

static double
worst_error(const Comparison* const self)
{
  const double top_hz = 0.49 * self->sample_rate;

  double worst = 0.0;
  for (int i = 0; i <= N_POINTS; ++i) {
    worst =
      fmax(worst, error_at(self, 10.0 * pow(top_hz / 10.0, (double)i / N_POINTS)));
  }
  const int centre = N_NEAR / 2;
  for (int i = 0; i < N_NEAR; ++i) {
    const double octaves = (i - centre) / (N_NEAR / 4.0) / self->prototype.q;
    worst = fmax(worst, error_at(self, self->prototype.cutoff_hz * exp2(octaves)));
  }
  return worst;
}

double
prototype_error_db(const Prototype* const prototype,
                   const Response         response,
                   const double* const    impulse_response,
                   const uint32_t         n_frames,
                   const double           sample_rate)
{
  double* const in        = (double*)calloc(n_frames, sizeof(double));
  double* const magnitude = (double*)calloc(n_frames / 2U + 1U, sizeof(double));
  double        error     = (double)NAN;

  if (in && magnitude) {
    Comparison comparison = {*prototype, response, sample_rate, n_frames, magnitude};
    memcpy(in, impulse_response, n_frames * sizeof(double));
    if (prototype->shape == SHAPE_ALL_PASS) {
      comparison.prototype.shape = SHAPE_NOTCH;
      for (uint32_t i = 0; i < n_frames; ++i) {
        in[i] = 0.5 * (in[i] + (i == 0 ? 1.0 : 0.0));
      }
    }
    if (spectrum_magnitude(in, n_frames, magnitude)) {
      error = worst_error(&comparison);
    }
  }

  free(magnitude);
  free(in);
  return error;
}
