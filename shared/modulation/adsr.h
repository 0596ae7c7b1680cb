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

   A stage takes as many frames as its time rounds to, and the last is exactly
   on the level it leads to.
*/

#ifndef ADSR_H
#define ADSR_H

#include "modulation/segment.h"
#include "signal/gate.h"
#include "signal/gate_out.h"
#include "signal/signal.h"

#include <stdbool.h>
#include <stdint.h>

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
  Signal gate;
  Signal retrigger;
  Signal attack_oct; ///< What the time is multiplied by
  Signal decay_oct;
  Signal release_oct;
  Signal sustain;      ///< 0..1, patched
  Signal sustain_cv_v; ///< Added to that, 10 V for all of it
  Signal level_v;      ///< What a level of 1 is
} AdsrSignals;

typedef struct {
  double        sample_rate;
  AdsrKnobs     knobs;
  SegmentTiming pace[N_STAGES]; ///< Of the stages that take time
  Gate          gate;
  Gate          retrigger;
  bool          is_open; ///< Whether the gate is high, by signal or by hand
  bool          is_owed; ///< The gate is over, but not one frame of it was played yet
  AdsrStage     stage;
  Segment       ramp;  ///< The way through the stage
  double        level; ///< Of the last frame
  GateOut       end;   ///< Sends a trigger where a release or a cycle is over
} Adsr;

/// Set up with all knobs at 0
void
adsr_init(Adsr* self, double sample_rate);

/// Forget everything but the knobs: idle at level 0
void
adsr_reset(Adsr* self);

/// Turn the knobs: times and curves change from where the envelope is
void
adsr_set_knobs(Adsr* self, const AdsrKnobs* knobs);

/**
   Write the next `n_frames` of the level, in volts, to `out`, and triggers to `end`.

   A trigger starts at the last frame of a release, and of a decay that loops.
   No input may overlap an output; `end` may be NULL.  Returns false if all of `out` is
   0.
*/
bool
adsr_process(Adsr*              self,
             const AdsrSignals* in,
             float*             out,
             float*             end,
             uint32_t           n_frames);

#endif // ADSR_H
