// SPDX-License-Identifier: ISC
/**
   Noise of a colour: random numbers through a filter of real poles.

   colour   power at f    an octave up   filter
   white    all the same      0 dB       none
   pink     1 / f            -3 dB       a ladder of poles and zeros
   brown    1 / f^2          -6 dB       the sum of all frames, which leaks
   blue     f                 3 dB       pink's ladder upside down
   violet   f^2               6 dB       the difference of two frames

   Where sums and differences of frames bend near half the sample rate, brown and violet
   are straightened.  From 20 Hz to 20 kHz all are within 0.1 dB of their line, at 44.1
   to 768 kHz; noise_tables.h has the poles, which tools/tables.c fits for all rates.

   Eight frames are computed at once: what the past adds to each of them, what they add
   to each other, and what they add to the states that the next eight start from.  All
   that is done in float, for what is rounded passes the same poles: it is noise of the
   same colour, 110 dB below.
*/

#ifndef NOISE_H
#define NOISE_H

#include "math/random.h"

#include <stdint.h>

#define NOISE_RMS 0.2         ///< Of every colour
#define NOISE_LEAK_HZ 2.0     ///< Where brown stops rising towards lower frequencies
#define NOISE_MAX_POLES 8U    ///< Most of them in a filter
#define NOISE_GROUP_FRAMES 8U ///< Computed at once

typedef enum {
  WHITE_NOISE,
  PINK_NOISE,
  BROWN_NOISE,
  BLUE_NOISE,
  VIOLET_NOISE,
  N_NOISE_COLOURS
} NoiseColour;

/// How likely each value of a frame is, as scale points number it
typedef enum {
  UNIFORM_NOISE, ///< All the same
  GAUSSIAN_NOISE ///< A bell, with nothing beyond 4.07 times the RMS of white
} NoiseDistribution;

/// H(z) = direct + sum residue / (z - pole)
typedef struct {
  uint32_t n_poles;
  double   direct;
  double   pole[NOISE_MAX_POLES];
  double   residue[NOISE_MAX_POLES];
} NoiseFilter;

/// Coefficients of a filter for a group of frames
typedef struct {
  float response[NOISE_GROUP_FRAMES][NOISE_GROUP_FRAMES]; ///< From each frame to all
  float echo[NOISE_MAX_POLES][NOISE_GROUP_FRAMES];        ///< From each state to them
  float trace[NOISE_GROUP_FRAMES][NOISE_MAX_POLES];       ///< From each frame to states
  float decay[NOISE_MAX_POLES];                           ///< What is left of a state
} NoiseTables;

typedef struct {
  NoiseTables       tables;
  RandomState       random;
  float             state[NOISE_MAX_POLES];
  float             ready[NOISE_GROUP_FRAMES]; ///< The frames computed last
  uint32_t          n_taken;                   ///< How many of those were taken
  uint32_t          n_poles;
  NoiseDistribution distribution;
} Noise;

/// Return the filter of a colour, which gives NOISE_RMS where `random_bipolar()` goes
/// in
NoiseFilter
noise_filter(NoiseColour colour, double sample_rate);

/// Set up, with the numbers of seed 0
void
noise_init(Noise* self, NoiseColour colour, double sample_rate);

/// Start anew with the numbers of `seed`
void
noise_seed(Noise* self, uint32_t seed);

/// Choose the distribution, from the next group of frames on
void
noise_set_distribution(Noise* self, NoiseDistribution distribution);

/// Write the next `n_frames`
void
noise_process(Noise* self, float* out, uint32_t n_frames);

#endif // NOISE_H
