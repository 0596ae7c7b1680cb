// SPDX-License-Identifier: ISC
/**
   The power spectrum of a long signal, and what stands in it.

   A Kaiser window with side lobes below -170 dB spreads a steady tone over
   SPECTRUM_LINE_BINS bins to either side and nowhere else, so that the power of a
   tone, whatever its frequency, is the sum of the bins around it: exact to 1e-9.
   Powers are mean squares: a sine of amplitude 1 has the power 0.5.
*/

#ifndef SPECTRUM_H
#define SPECTRUM_H

#include <stdbool.h>
#include <stdint.h>

#define SPECTRUM_LINE_BINS 8U ///< Half of the width of a tone, in bins

typedef struct SpectrumImpl Spectrum;

/// Parts of a signal that should be periodic
typedef struct {
  double harmonics; ///< Power at the multiples of the base frequency
  double others;    ///< Power elsewhere: aliases and noise
} SpectrumSplit;

/**
   Return an analyser of `n_frames` frames, an even number.

   Returns NULL if there is no memory.
*/
Spectrum*
spectrum_new(uint32_t n_frames, double sample_rate);

void
spectrum_free(Spectrum* spectrum);

/// Analyse the `n_frames` frames of `signal`; all below speaks of the last one analysed
void
spectrum_analyse(Spectrum* spectrum, const float* signal);

/// Return the mean of the signal, weighted by the window
double
spectrum_dc(const Spectrum* spectrum);

/// Return the power from `low_hz` to `high_hz`
double
spectrum_band_power(const Spectrum* spectrum, double low_hz, double high_hz);

/// Return the amplitude of the tone at `freq_hz`
double
spectrum_amplitude(const Spectrum* spectrum, double freq_hz);

/**
   Part the power below `limit_hz` in harmonics and others.

   At most `n_harmonics` multiples of `base_hz` count as harmonics.  DC belongs to
   neither, and an alias that falls within a line's width of a harmonic to the
   harmonics: choose frequencies whose aliases fall in between.
*/
SpectrumSplit
spectrum_split(const Spectrum* spectrum,
               double          base_hz,
               uint32_t        n_harmonics,
               double          limit_hz);

/**
   Return the frequency of the strongest tone from 0.6 to 1.6 times `guess_hz`.

   From the turn of its phase between the halves of `signal`, which is the one that
   was analysed.  Good to 1e-9 of the frequency if the tone is clean.
*/
double
spectrum_frequency(const Spectrum* spectrum, const float* signal, double guess_hz);

/// The same of the strongest tone between `guess_hz` over and times `ratio`
double
spectrum_frequency_near(const Spectrum* spectrum,
                        const float*    signal,
                        double          guess_hz,
                        double          ratio);

/**
   Find the magnitudes of an impulse response, unwindowed.

   `magnitude` takes n_frames / 2 + 1 values, from 0 Hz to half the sample rate.
   Returns false if there is no memory.
*/
bool
spectrum_magnitude(const double* impulse_response,
                   uint32_t      n_frames,
                   double*       magnitude);

#endif // SPECTRUM_H
