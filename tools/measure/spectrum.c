// SPDX-License-Identifier: ISC

#include "measure/spectrum.h"

#include <complex.h> // Before FFTW, which then has C's complex numbers

#include <fftw3.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define KAISER_BETA 22.0 ///< Side lobes at -170 dB, main lobe 7.05 bins wide
#define PI 3.14159265358979323846

struct SpectrumImpl {
  uint32_t  n_frames;
  double    sample_rate;
  double*   window;
  double    window_sum;
  double    window_power; ///< Sum of its squares
  double*   in;
  double*   power; ///< Mean square in each bin
  double    dc;
  fftw_plan plan;

  double complex* bins;
};

// ---- The window

/// Return the modified Bessel function of order 0
static double
bessel_i0(const double x)
{
  double term = 1.0;
  double sum  = 1.0;
  for (double k = 1.0; term > 1e-18 * sum; k += 1.0) {
    term *= (x / 2.0 / k) * (x / 2.0 / k);
    sum += term;
  }

  return sum;
}

/// Write a Kaiser window that is symmetrical in a period of `n_frames`
static void
kaiser_window(double* const window, const uint32_t n_frames)
{
  const double scale = 1.0 / bessel_i0(KAISER_BETA);
  for (uint32_t i = 0; i < n_frames; ++i) {
    const double x = 2.0 * i / n_frames - 1.0;
    window[i]      = bessel_i0(KAISER_BETA * sqrt(1.0 - x * x)) * scale;
  }
}

// ---- Lifetime

Spectrum*
spectrum_new(const uint32_t n_frames, const double sample_rate)
{
  Spectrum* const self = (Spectrum*)calloc(1, sizeof(Spectrum));
  if (!self) {
    return NULL;
  }

  self->n_frames    = n_frames;
  self->sample_rate = sample_rate;
  self->window      = fftw_alloc_real(n_frames);
  self->in          = fftw_alloc_real(n_frames);
  self->power       = fftw_alloc_real(n_frames / 2U + 1U);
  self->bins        = fftw_alloc_complex(n_frames / 2U + 1U);
  if (!self->window || !self->in || !self->power || !self->bins) {
    spectrum_free(self);
    return NULL;
  }

  self->plan = fftw_plan_dft_r2c_1d((int)n_frames, self->in, self->bins, FFTW_ESTIMATE);
  kaiser_window(self->window, n_frames);
  for (uint32_t i = 0; i < n_frames; ++i) {
    self->window_sum += self->window[i];
    self->window_power += self->window[i] * self->window[i];
  }
  return self;
}

void
spectrum_free(Spectrum* const self)
{
  if (!self) {
    return;
  }

  if (self->plan) {
    fftw_destroy_plan(self->plan);
  }
  fftw_free(self->bins);
  fftw_free(self->power);
  fftw_free(self->in);
  fftw_free(self->window);
  free(self);
}

// ---- Power

void
spectrum_analyse(Spectrum* const self, const float* const signal)
{
  for (uint32_t i = 0; i < self->n_frames; ++i) {
    self->in[i] = self->window[i] * (double)signal[i];
  }
  fftw_execute(self->plan);

  // Every bin but the first and the last stands for two
  const uint32_t last  = self->n_frames / 2U;
  const double   scale = 1.0 / ((double)self->n_frames * self->window_power);
  for (uint32_t k = 0; k <= last; ++k) {
    const double magnitude = cabs(self->bins[k]);
    self->power[k]         = (k % last ? 2.0 : 1.0) * scale * magnitude * magnitude;
  }
  self->dc = creal(self->bins[0]) / self->window_sum;
}

double
spectrum_dc(const Spectrum* const self)
{
  return self->dc;
}

/// Return the bin nearest to `freq_hz`
static uint32_t
bin_of(const Spectrum* const self, const double freq_hz)
{
  const uint32_t last = self->n_frames / 2U;
  const double   bin  = freq_hz * self->n_frames / self->sample_rate;

  return bin < 0.0 ? 0U : bin > last ? last : (uint32_t)(bin + 0.5);
}

double
spectrum_band_power(const Spectrum* const self,
                    const double          low_hz,
                    const double          high_hz)
{
  double sum = 0.0;
  for (uint32_t k = bin_of(self, low_hz); k <= bin_of(self, high_hz); ++k) {
    sum += self->power[k];
  }

  return sum;
}

double
spectrum_amplitude(const Spectrum* const self, const double freq_hz)
{
  const double width_hz = SPECTRUM_LINE_BINS * self->sample_rate / self->n_frames;
  const double power =
    spectrum_band_power(self, freq_hz - width_hz, freq_hz + width_hz);

  return sqrt(2.0 * power);
}

SpectrumSplit
spectrum_split(const Spectrum* const self,
               const double          base_hz,
               const uint32_t        n_harmonics,
               const double          limit_hz)
{
  const double base = base_hz * self->n_frames / self->sample_rate;

  SpectrumSplit split = {0.0, 0.0};
  for (uint32_t k = SPECTRUM_LINE_BINS + 1U; k < bin_of(self, limit_hz); ++k) {
    const double harmonic = round(k / base);
    const bool   is_near  = fabs(k - harmonic * base) <= SPECTRUM_LINE_BINS + 0.5;
    if (is_near && harmonic >= 1.0 && harmonic <= n_harmonics) {
      split.harmonics += self->power[k];
    } else {
      split.others += self->power[k];
    }
  }
  return split;
}

// ---- Frequency

/// Return the strongest bin from `low_hz` to `high_hz`
static uint32_t
strongest_bin(const Spectrum* const self, const double low_hz, const double high_hz)
{
  uint32_t best = bin_of(self, low_hz);
  for (uint32_t k = best; k <= bin_of(self, high_hz); ++k) {
    best = self->power[k] > self->power[best] ? k : best;
  }

  return best;
}

/// Return the frequency at the peak of the parabola, in dB, around bin `k`
static double
peak_frequency(const Spectrum* const self, const uint32_t k)
{
  const double left   = log(self->power[k - 1U] + 1e-300);
  const double middle = log(self->power[k] + 1e-300);
  const double right  = log(self->power[k + 1U] + 1e-300);
  const double bend   = left - 2.0 * middle + right;
  const double offset = bend < 0.0 ? 0.5 * (left - right) / bend : 0.0;

  return (k + offset) * self->sample_rate / self->n_frames;
}

/// Return the phase, in cycles, of the tone at `freq` cycles per frame
static double
tone_phase(const Spectrum* const self,
           const float* const    signal,
           const uint32_t        start,
           const double          freq)
{
  // The window of every second frame is that of half the length
  double complex sum = 0.0;
  for (uint32_t i = 0; i < self->n_frames / 2U; ++i) {
    const double turn  = freq * (start + i);
    const double angle = 2.0 * PI * (turn - floor(turn));
    const double x     = self->window[2U * i] * (double)signal[start + i];
    sum += x * (cos(angle) - I * sin(angle));
  }

  return carg(sum) / (2.0 * PI);
}

/// Return the frequency of the strongest tone from `low_hz` to `high_hz`
static double
strongest_tone(const Spectrum* const self,
               const float* const    signal,
               const double          low_hz,
               const double          high_hz)
{
  const uint32_t peak = strongest_bin(self, low_hz, high_hz);
  if (peak == 0 || peak >= self->n_frames / 2U) {
    return NAN;
  }

  const uint32_t half   = self->n_frames / 2U;
  const double   freq   = peak_frequency(self, peak) / self->sample_rate;
  const double   before = tone_phase(self, signal, 0, freq);
  const double   turn   = tone_phase(self, signal, half, freq) - before;
  return (freq + (turn - round(turn)) / half) * self->sample_rate;
}

double
spectrum_frequency(const Spectrum* const self,
                   const float* const    signal,
                   const double          guess_hz)
{
  return strongest_tone(self, signal, 0.6 * guess_hz, 1.6 * guess_hz);
}

double
spectrum_frequency_near(const Spectrum* const self,
                        const float* const    signal,
                        const double          guess_hz,
                        const double          ratio)
{
  return strongest_tone(self, signal, guess_hz / ratio, guess_hz * ratio);
}

// ---- Response

bool
spectrum_magnitude(const double* const impulse_response,
                   const uint32_t      n_frames,
                   double* const       magnitude)
{
  double* const         in   = fftw_alloc_real(n_frames);
  double complex* const bins = fftw_alloc_complex(n_frames / 2U + 1U);
  const bool            ok   = in && bins;
  if (ok) {
    const fftw_plan plan = fftw_plan_dft_r2c_1d((int)n_frames, in, bins, FFTW_ESTIMATE);
    memcpy(in, impulse_response, n_frames * sizeof(double));
    fftw_execute(plan);
    fftw_destroy_plan(plan);
    for (uint32_t k = 0; k <= n_frames / 2U; ++k) {
      magnitude[k] = cabs(bins[k]);
    }
  }

  fftw_free(bins);
  fftw_free(in);
  return ok;
}
