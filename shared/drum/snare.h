// SPDX-License-Identifier: ISC
/**
   A snare drum: the two lowest tones of the skin, and the noise of the wires below.

     body   sines of 2^(pitch + sweep 10^(-t / SNARE_SWEEP_S)) Hz and of SNARE_SECOND
            times that, where the second dies away in SNARE_SECOND_DECAY of the time
     noise  white, through a high pass, with a decay of its own
     snap   the same noise with a decay of SNARE_SNAP_S, for the attack

   All goes through the saturator (drive.h); the level of the noise does not depend on
   the sample rate.  Phases and noise of a hit start from the same place, so equal hits
   are equal to the bit; where one sounds already, it is spliced (envelope.h).  Out is
   silent, exactly, after the end of all decays.
*/

#ifndef SNARE_H
#define SNARE_H

#include "drum/drive.h"
#include "drum/envelope.h"
#include "drum/high_pass.h"
#include "math/random.h"

#include <stdbool.h>
#include <stdint.h>

#define SNARE_SECOND 1.83 ///< Second tone, over the first
#define SNARE_SECOND_DECAY 0.7
#define SNARE_SWEEP_S 0.03
#define SNARE_SNAP_S 0.05

/// Values fixed when the drum is hit
typedef struct {
  double   level;     ///< Amplitude, up to 1
  double   pitch_oct; ///< On top of what is played, in octaves
  double   sweep_oct; ///< How far above the pitch it starts, in octaves
  double   body;      ///< Amplitudes, up to 1
  double   noise;
  double   snap;
  uint32_t seed; ///< Of the noise
} SnareHit;

/// Pointers to a value for each frame
typedef struct {
  const double* pitch_oct;       ///< In octaves above 1 Hz
  const double* decay_oct;       ///< In octaves above 1 s, up to DECAY_MAX_OCT
  const double* noise_decay_oct; ///< The same
  const float*  tone_oct;        ///< Corner of the high pass, in octaves above 1 Hz
  const float*  drive_oct;       ///< As drum_drive_oct() gives
} SnareInputs;

typedef struct {
  double       rate_hz;
  bool         sounds;
  double       last; ///< Frame before the saturator, for the splice
  SnareHit     hit;
  Splice       splice;
  DrumDrive    drive;
  uint64_t     phase[2]; ///< In 2^-64 cycles
  Decay        level[2]; ///< Of both tones
  double       sweep_oct;
  double       sweep_decay;
  Decay        noise;
  Decay        snap;
  Random       random;
  DrumHighPass filter;
} Snare;

void
snare_init(Snare* self, double sample_rate);

/// Stop at once
void
snare_reset(Snare* self);

/// Start a hit with the next frame
void
snare_hit(Snare* self, const SnareHit* hit);

/// Write the next `n_frames`
void
snare_process(Snare* self, const SnareInputs* inputs, float* out, uint32_t n_frames);

#endif // SNARE_H
