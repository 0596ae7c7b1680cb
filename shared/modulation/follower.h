// SPDX-License-Identifier: ISC
/**
   An envelope follower: how loud a signal is.

   Peak holds the highest points of the wave while they fall to a tenth in the release
   time, and goes up to them by a one-pole filter:

     held  = max(|in|, release held)
     level = min(held, attack level + (1 - attack) held)

   RMS takes the mean of the power by a one-pole filter, and holds that:

     mean  = attack mean + (1 - attack) in^2
     level = sqrt(held), held = max(mean, release^2 held)

   From the frame on where a constant input begins, the level is 90 % of it after the
   attack time; from where it ends, a tenth of what it was after the release time (in
   RMS, unless the mean takes longer).  Each stage works out a frame from the fourth
   before it, not from the last, so that four are found at a time.  What is louder than
   FOLLOWER_MAX counts as that much, so that nothing takes long to get over.
*/

#ifndef FOLLOWER_H
#define FOLLOWER_H

#include <stdint.h>

#define FOLLOWER_MAX 10.0  ///< Largest amplitude: 20 dB above full scale
#define FOLLOWER_PAST 4U   ///< Frames that each stage remembers
#define FOLLOWER_STAGES 3U ///< Input; held peaks or mean power; level or its square

/// Measure of loudness, as scale points number it
typedef enum { DETECTOR_PEAK, DETECTOR_RMS } Detector;

typedef struct {
  Detector detector;
  double   sample_rate;
  double   attack;    ///< Part of the distance that a frame leaves
  double   release;   ///< Part of what is held that a frame leaves
  uint32_t n_singles; ///< Frames to find one by one, as the past is of other knobs
  double   past[FOLLOWER_STAGES][FOLLOWER_PAST];
} Follower;

void
follower_init(Follower* self, double sample_rate);

/// Go back to silence
void
follower_reset(Follower* self);

/// Set what to follow and how fast, which goes on from the present level
void
follower_set(Follower* self, Detector detector, double attack_s, double release_s);

/// Write the level of `in`, as an amplitude
void
follower_process(Follower* self, const float* in, float* out, uint32_t n_frames);

#endif // FOLLOWER_H
