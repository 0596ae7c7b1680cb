// SPDX-License-Identifier: ISC
/**
   A hi-hat: six squares out of tune with each other, and noise, through high passes.

     metal  squares of 2^pitch Hz times (1, 1.483, 1.800, 2.546, 2.630, 3.897)^spread,
            the six oscillators of the TR-808 at a spread of 1, and about as loud at
            any spread
     noise  white, as loud at any sample rate
     out    drive(level * high pass(high pass(metal, noise)))

   The squares are computed at about 384 kHz, where each edge is a parabola through two
   frames, which is the integral of a triangle: what comes from above 364 kHz is reduced
   by the square of its distance from there, and the rest is cut off on the way down
   (prompt.h).

   Open or closed is a matter of the decay alone (envelope.h).  A hit ends what sounds,
   so a closed one chokes an open one at once; it is spliced.  Phases and noise start
   from the same place, so equal hits are equal to the bit.  Out is silent, exactly,
   after the end of the decay.
*/

#ifndef HAT_H
#define HAT_H

#include "drum/drive.h"
#include "drum/envelope.h"
#include "drum/high_pass.h"
#include "math/random.h"
#include "shaper/prompt.h"

#include <stdbool.h>
#include <stdint.h>

#define HAT_N_SQUARES 6U

/// Values fixed when the hat is hit
typedef struct {
  double   level;     ///< Amplitude, up to 1
  double   pitch_oct; ///< On top of what is played, in octaves
  double   spread;    ///< 0 for six squares in tune, 1 for those of the TR-808
  bool     is_open;
  uint32_t seed; ///< Of the noise
} HatHit;

/// Pointers to a value for each frame
typedef struct {
  const double* pitch_oct;      ///< Of the lowest square, in octaves above 1 Hz
  const double* decay_oct;      ///< When closed, in octaves above 1 s
  const double* open_decay_oct; ///< When open
  const float*  metal;          ///< 0 is noise alone, 1 squares alone
  const float*  tone_oct;       ///< Corner of the high pass, in octaves above 1 Hz
  const float*  drive_oct;      ///< As drum_drive_oct() gives
} HatInputs;

typedef struct {
  double       rate_hz;
  bool         sounds;
  double       last; ///< Frame before the saturator, for the splice
  HatHit       hit;
  Splice       splice;
  Decay        level;
  double       noise_level;
  double       metal_level; ///< Of each square
  double       ratio[HAT_N_SQUARES];
  uint32_t     phase[HAT_N_SQUARES]; ///< In 2^-32 cycles
  Random       random;
  Prompt       squares;
  DrumHighPass filter[2];
  DrumDrive    drive;
} Hat;

void
hat_init(Hat* self, double sample_rate);

/// Stop at once
void
hat_reset(Hat* self);

/// Start a hit with the next frame
void
hat_hit(Hat* self, const HatHit* hit);

/// Write the next `n_frames`
void
hat_process(Hat* self, const HatInputs* inputs, float* out, uint32_t n_frames);

#endif // HAT_H
