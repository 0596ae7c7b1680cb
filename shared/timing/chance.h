// SPDX-License-Identifier: ISC
/**
   A gate that goes one of two ways, as a coin falls: a Bernoulli gate.

   The coin is tossed as the gate rises, and the gate passes in that very frame, with
   its length, to the output that the toss chose:

     in       _|~~|__|~~|__|~|___|~~~|__
     toss       A     B     B     A
     a        _|~~|______________|~~~|__
     b        _______|~~|__|~|__________
     held a   _|~~~~~|___________|~~~~~~    held: an output stays until it changes
     held b   _______|~~~~~~~~~~~|______

   Tosses are numbered by the rule of clock and reset (steps.h), with the gate for a
   clock, so that a reset less than 1 ms after a rise tosses again.  A chance of 0 or 1
   is certain.
*/

#ifndef CHANCE_H
#define CHANCE_H

#include "signal/gate.h"
#include "timing/steps.h"

#include <stdbool.h>
#include <stdint.h>

/// Meaning of a toss, as scale points number it
typedef enum {
  CHANCE_TOSS,   ///< Which output it is
  CHANCE_TOGGLE, ///< Whether it is the other one than before, from A on
  CHANCE_HOLD    ///< Which output it is, that stays high until it is the other
} ChanceMode;

typedef struct {
  ChanceMode mode;
  double     chance; ///< Of output B, or of a change, 0 to 1
  double     amount; ///< What 10 V of CV adds to it
  uint32_t   seed;   ///< 0 to 999
  StepsDice  dice;
  uint32_t   note; ///< Of the song that chance goes by, as in song_note()
} ChanceKnobs;

/// Inputs in volts, NULL for 0
typedef struct {
  const float* in;
  const float* chance_cv;
  const float* reset;
} ChanceInputs;

typedef struct {
  ChanceKnobs knobs;
  Steps       steps;
  Gate        in;
  bool        is_b;   ///< Whether the gate goes to B
  bool        starts; ///< Whether the next toss is the first
} Chance;

void
chance_init(Chance* self, double sample_rate);

/// Start again, with the same knobs
void
chance_reset(Chance* self);

void
chance_set(Chance* self, const ChanceKnobs* knobs);

void
chance_transport(Chance* self, const Transport* transport);

/// Write the next `n_frames` of both outputs, which must not overlap inputs
void
chance_process(Chance*             self,
               const ChanceInputs* in,
               float*              a,
               float*              b,
               uint32_t            n_frames);

#endif // CHANCE_H
