// SPDX-License-Identifier: ISC
/**
   A kick drum: a sine that falls in pitch, with a click in front.

     body   sine of 2^(pitch + sweep 10^(-t / sweep time)) Hz, full during the hold,
            which then decays (envelope.h)
     click  a pulse and a burst of noise through two low passes, `tone`

   Both go through the saturator (drive.h).  The phase and the noise of a hit start from
   the same place, so equal hits are equal to the bit; where one sounds already, it is
   spliced.  Out is silent, exactly, after the end of the decay.
*/

#ifndef KICK_H
#define KICK_H

#include "drum/drive.h"
#include "drum/envelope.h"
#include "math/random.h"

#include <stdbool.h>
#include <stdint.h>

#define KICK_MAX_LEVEL 1.7 ///< Of body and click together, before the saturator

/// Values fixed when the drum is hit
typedef struct {
  double   level;     ///< Amplitude, up to 1
  double   pitch_oct; ///< On top of what is played, in octaves
  double   sweep_oct; ///< How far above the pitch it starts, in octaves
  double   sweep_s;   ///< Time in which that falls to a tenth
  double   hold_s;
  double   click; ///< Amplitude, up to 1
  uint32_t seed;  ///< Of the noise
} KickHit;

/// Pointers to a value for each frame
typedef struct {
  const double* pitch_oct; ///< In octaves above 1 Hz
  const double* decay_oct; ///< In octaves above 1 s, up to DECAY_MAX_OCT
  const float*  tone_oct;  ///< Corner of the click, in octaves above 1 Hz
  const float*  drive_oct; ///< As drum_drive_oct() gives
} KickInputs;

typedef struct {
  double    rate_hz;
  bool      sounds;
  double    last; ///< Frame before the saturator, for the splice
  KickHit   hit;
  Splice    splice;
  DrumDrive drive;

  // Body
  uint64_t phase; ///< In 2^-64 cycles
  Decay    level;
  double   sweep_oct;
  double   sweep_decay;
  uint32_t n_hold; ///< Frames that are left of the hold

  // Click
  Random   random;
  uint32_t n_click; ///< Frames that are left of it
  double   pulse;
  double   noise;
  double   low[2]; ///< Low passes
} Kick;

void
kick_init(Kick* self, double sample_rate);

/// Stop at once
void
kick_reset(Kick* self);

/// Start a hit with the next frame
void
kick_hit(Kick* self, const KickHit* hit);

/// Write the next `n_frames`
void
kick_process(Kick* self, const KickInputs* inputs, float* out, uint32_t n_frames);

#endif // KICK_H
