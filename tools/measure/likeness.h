// SPDX-License-Identifier: ISC
/// How like a signal is to what it should be

#ifndef LIKENESS_H
#define LIKENESS_H

#include <stdint.h>

/// Return the power of the difference of two signals over that of the second, in dB
double
likeness_error_db(const float* signal, const double* wanted, uint32_t n_frames);

/**
   Return the largest distance of a magnitude response from 0 dB, in dB, between two
   frequencies; NaN if there is no memory.

   `n_frames` is even, and its reciprocal the distance of the frequencies.
*/
double
likeness_flatness_db(const float* impulse_response,
                     uint32_t     n_frames,
                     double       sample_rate,
                     double       low_hz,
                     double       high_hz);

/**
   Return by how much `out` is farther from `in` than the nearest of all values that
   there are in `out`, at worst.
*/
double
likeness_not_nearest(const double* in, const float* out, uint32_t n_frames);

/// Return how many different values there are; reorders them
uint32_t
likeness_count_values(float* values, uint32_t n_values);

#endif // LIKENESS_H
