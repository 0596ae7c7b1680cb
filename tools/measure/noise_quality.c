// SPDX-License-Identifier: ISC

#include "measure/noise_quality.h"

#include "measure/spectrum.h"
#include "measure/waves.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#define GROUP "noise"
#define LOW_HZ 20.0
#define HIGH_HZ 20000.0

enum {
  N_FRAMES  = 131072, ///< In a spectrum
  N_SPECTRA = 400,    ///< Of which a mean is taken
  N_BANDS   = 5
};

/// Sums over all spectra of a noise
typedef struct {
  double band[N_BANDS];
  double sum;
  double squares;
  double peak;
} Sums;

/// Return the power of the frequency that the power of a colour goes with
static double
exponent_of(const Shape colour)
{
  switch (colour) {
  case SHAPE_PINK:
    return -1.0;
  case SHAPE_BROWN:
    return -2.0;
  case SHAPE_BLUE:
    return 1.0;
  case SHAPE_VIOLET:
    return 2.0;
  default:
    return 0.0;
  }
}

static double
band_edge_hz(const int band)
{
  return LOW_HZ * pow(HIGH_HZ / LOW_HZ, band / (double)N_BANDS);
}

/// Return the power that a line has in a band
static double
line_power(const double exponent, const int band)
{
  const double low_hz  = band_edge_hz(band);
  const double high_hz = band_edge_hz(band + 1);
  const double n       = exponent + 1.0;

  return n == 0.0 ? log(high_hz / low_hz) : (pow(high_hz, n) - pow(low_hz, n)) / n;
}

static void
add_spectrum(Sums* const sums, const Spectrum* const spectrum, const float* const out)
{
  for (int b = 0; b < N_BANDS; ++b) {
    sums->band[b] +=
      spectrum_band_power(spectrum, band_edge_hz(b), band_edge_hz(b + 1));
  }
  for (int i = 0; i < N_FRAMES; ++i) {
    sums->sum += (double)out[i];
    sums->squares += (double)out[i] * (double)out[i];
  }
  sums->peak = fmax(sums->peak, wave_peak(out, N_FRAMES));
}

static Sums
listen(const Study* const self)
{
  Sums            sums     = {{0.0}, 0.0, 0.0, 0.0};
  Probe* const    probe    = study_probe(self);
  Spectrum* const spectrum = spectrum_new(N_FRAMES, self->sample_rate);
  float* const    out      = (float*)calloc(N_FRAMES, sizeof(float));

  probe_settle(probe, 1.0);
  for (int s = 0; s < N_SPECTRA; ++s) {
    probe_render(probe, ROLE_OUT, out, N_FRAMES, PROBE_BLOCK_FRAMES);
    spectrum_analyse(spectrum, out);
    add_spectrum(&sums, spectrum, out);
  }

  free(out);
  spectrum_free(spectrum);
  probe_free(probe);
  return sums;
}

/// Return how far the worst band is from the line
static double
slope_error_db(const Sums* const sums, const double exponent)
{
  double off_db[N_BANDS];
  double mean_db = 0.0;
  for (int b = 0; b < N_BANDS; ++b) {
    off_db[b] = power_db(sums->band[b] / line_power(exponent, b));
    mean_db += off_db[b] / N_BANDS;
  }

  double worst_db = 0.0;
  for (int b = 0; b < N_BANDS; ++b) {
    worst_db = fmax(worst_db, fabs(off_db[b] - mean_db));
  }
  return worst_db;
}

void
noise_quality(const Study* const study)
{
  const double n    = (double)N_FRAMES * N_SPECTRA;
  const Sums   sums = listen(study);

  study_add(study,
            GROUP,
            "slope dB",
            slope_error_db(&sums, exponent_of(study->subject->shape)));
  study_add(study, GROUP, "RMS dB", power_db(sums.squares / n));
  study_add(study, GROUP, "DC dB", amplitude_db(fabs(sums.sum / n)));
  study_add(study, GROUP, "peak dB", amplitude_db(sums.peak));
}
