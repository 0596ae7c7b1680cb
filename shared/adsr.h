// SPDX-License-Identifier: ISC
/**
   An envelope of seven stages, started and ended by a gate.

   level
     1         /----\
              /      \
             /        \______________           sustain
            /                        \
     0 ____/                          \______
       delay attack hold decay        release
       |<-------- gate -------------->|

   A stage takes as many frames as its time rounds to, the last of which is exactly
   on the level it leads to.  A ramp from y0 to y1 is

     y = y1 + (y0 - y1) g,  g = (e^(c q) - 1) / (e^c - 1)

   where q falls from 1 to 0 in equal steps, and c = ADSR_STEEPEST * curve, so that
   g = q for c = 0.  Times and curves may change at any frame: the ramp then goes on
   from where it is, at the new pace.
*/

#ifndef ADSR_H
#define ADSR_H

#include "gate.h"

#include <stdbool.h>
#include <stdint.h>

#define ADSR_STEEPEST 8.0 ///< Time constants in a ramp whose curve is 1

/// How often a ramp is calculated anew instead of being continued, in frames
#define ADSR_STRIDE 32U

/// Where an envelope starts, as scale points number it
typedef enum {
  ADSR_FROM_CURRENT, ///< At the level it has
  ADSR_FROM_ZERO,    ///< At zero, to which it falls first
  ADSR_LEGATO        ///< At the level it has, and no retrigger starts it anew
} AdsrMode;

typedef enum {
  STAGE_IDLE,
  STAGE_FALL, ///< To zero, before the envelope starts from there
  STAGE_DELAY,
  STAGE_ATTACK,
  STAGE_HOLD,
  STAGE_DECAY,
  STAGE_SUSTAIN,
  STAGE_RELEASE,
  N_STAGES
} AdsrStage;

typedef struct {
  double   time_s[N_STAGES]; ///< Of delay, attack, hold, decay and release
  double   curve[N_STAGES];  ///< Of attack, decay and release: -1..1
  double   time_scale_oct;   ///< What the times are multiplied by
  AdsrMode mode;
  bool     loop;        ///< Start again after the decay, while the gate is high
  bool     manual_gate; ///< The gate is high, whatever the signal says
} AdsrKnobs;

typedef struct {
  const float* gate;
  const float* retrigger;
  const float* time_oct[N_STAGES]; ///< Added to the scale of a time, or NULL
  const float* sustain;            ///< 0..1
} AdsrSignals;

typedef struct {
  double    sample_rate;
  Gate      gate;
  Gate      retrigger;
  bool      is_open; ///< Whether the gate is high, by signal or by hand
  bool      is_owed; ///< The gate is over, but not one frame of it was played yet
  AdsrStage stage;
  double    level; ///< Of the last frame
  uint32_t  end_left;

  // The way through the stage
  double  start;    ///< Level to start from
  int64_t left;     ///< Part that is left to go, of ADSR_WHOLE
  int64_t step;     ///< Part that a frame takes
  double  n_frames; ///< Of the whole stage
  double  time_s;   ///< What n_frames was made from
  double  time_oct;
  double  bend; ///< The exponent c

  // g = offset + scale * table[since]
  uint32_t since; ///< Frames since g was calculated anew
  double   offset;
  double   scale;
  double   table[ADSR_STRIDE];
  double   table_bend; ///< What the table was made for
  int64_t  table_step;
} Adsr;

void
adsr_init(Adsr* self, double sample_rate);

/// Forget everything: idle at level 0
void
adsr_reset(Adsr* self);

/**
   Write the next `n_frames` of the level, 0..1, to `out`, and triggers to `end`.

   A trigger starts at the last frame of a release, and of a decay that loops.
   No input may overlap an output.
*/
void
adsr_process(Adsr*              self,
             const AdsrKnobs*   knobs,
             const AdsrSignals* in,
             float*             out,
             float*             end,
             uint32_t           n_frames);

#endif // ADSR_H
