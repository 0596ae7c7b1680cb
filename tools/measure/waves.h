// SPDX-License-Identifier: ISC
/// Signals to measure with; frequencies are in cycles per frame

#ifndef WAVES_H
#define WAVES_H

#include <stdint.h>

/// Write a sine that begins at 0 going up
void
wave_sine(double* out, uint32_t n_frames, double freq, double amplitude);

/**
   Write a saw that rises from -1 to 1 without aliases.

   Its harmonics fall off from 0.3 cycles per frame on, as those of a good oscillator
   do, so that it rings only around its edge and not all along its ramp.
*/
void
wave_band_limited_saw(double* out, uint32_t n_frames, double freq);

/// Write a saw that rises from -1 to 1 with all its aliases
void
wave_naive_saw(double* out, uint32_t n_frames, double freq);

/// Write noise, evenly spread from -1 to 1, always the same
void
wave_noise(double* out, uint32_t n_frames);

/// Return a frequency near `freq_hz`, in Hz, whose aliases miss its harmonics
double
wave_odd_hz(double freq_hz, double sample_rate);

/// Return the largest magnitude, or infinity if anything is not finite
double
wave_peak(const float* signal, uint32_t n_frames);

/// Return the largest change from a frame to the next, from frame `start` on
double
wave_largest_step(const float* signal, uint32_t start, uint32_t end);

/// Return the first frame from which on a signal is within `tolerance` of its last
uint32_t
wave_settled_at(const float* signal, uint32_t start, uint32_t end, double tolerance);

/// Return the level of a power ratio in dB
double
power_db(double ratio);

/// Return the level of an amplitude ratio in dB
double
amplitude_db(double ratio);

#endif // WAVES_H
