// SPDX-License-Identifier: ISC
/**
   A row of 16 steps with pitches, gates, chances and voltages, played in any order.

   A step starts with a clock or with a note of the song (steps.h), in the order of
   order.h.  What it plays is its kind:

     clock   _|~|___|~|___|~|___|~|___|~|___|~|___|~|__
     kind     On    On    Tie   Off   3x    On    On (gates of 50 %)
     gate    _|~~|__|~~~~~~~~|________|~|~|~|~~|__|~~|_
     trigger _|_____|_________________|_|_|_|_____|____

   A step before a tie keeps its gate to the end, and so over the clock; the tie goes on
   with it, without a trigger, and the pitch slides there.  A tie that finds the gate
   low plays as On does.  A step whose chance fails plays as Off does.  Ratchets share
   the length of the step.  Skipped steps take no clock.

   As long as nobody knows how long a step is, a gate is as long as the clock's pulse,
   and a ratchet plays once.  No gate is shorter than a trigger, and between two notes
   it is low for a frame at least (gate_out.h).

   While it does not run it shows the step where it is, its gate high if it is not off,
   for tuning it.  Clocks do not count then; resets do.
*/

#ifndef SEQUENCER_H
#define SEQUENCER_H

#include "midi/portamento.h"
#include "signal/gate.h"
#include "signal/gate_out.h"
#include "signal/units.h"
#include "timing/order.h"
#include "timing/steps.h"

#include <stdbool.h>
#include <stdint.h>

#define SEQUENCER_STEPS 16U
#define SEQUENCER_STEP_V 0.625f ///< What a step counts for on a cable

/// Notes of a step, as scale points number it
typedef enum {
  SEQUENCER_OFF,
  SEQUENCER_ON,
  SEQUENCER_TIE,
  SEQUENCER_SKIP,
  SEQUENCER_2X,
  SEQUENCER_3X,
  SEQUENCER_4X,
  N_SEQUENCER_KINDS
} SequencerKind;

typedef struct {
  int           semitones; ///< From C4
  SequencerKind kind;
  float         chance; ///< 0 to 1
  float         mod_v;
} SequencerStep;

typedef struct {
  SequencerStep step[SEQUENCER_STEPS];
  uint32_t      first;      ///< 0 to 15
  uint32_t      length;     ///< 1 to 16; beyond the last step comes the first
  OrderWay      way;        ///< In which order
  uint32_t      gate_parts; ///< Length of a gate, of STEPS_PARTS
  double        glide_s;    ///< How long the pitch slides to a tied step
  bool          runs;
  bool          follows_key; ///< Whether MIDI notes transpose
  ZeroVolt      zero_volt;
  uint32_t      seed; ///< 0 to 999
  StepsDice     dice;
  StepsSettings steps;
} SequencerKnobs;

/// Inputs in volts, NULL for 0
typedef struct {
  const float* clock;
  const float* reset;
  const float* transpose; ///< Octaves, at any time
  const float* length;    ///< A step for each SEQUENCER_STEP_V, as a step starts
  const float* select;    ///< The same: how far the place is moved on
  const float* backwards; ///< A gate
  bool         is_steady; ///< Whether length and select are the same in all frames
} SequencerInputs;

/// Outputs in volts, which must not overlap
typedef struct {
  float* pitch;
  float* gate;
  float* mod;
  float* trigger;
  float* end;  ///< A trigger where the order starts again
  float* step; ///< Which one is shown
} SequencerOutputs;

typedef struct {
  double         sample_rate;
  SequencerKnobs knobs;
  Steps          steps;
  OrderPlace     at;       ///< Where in the order it is, before it is moved on
  uint32_t       first;    ///< The step where the order started when it came there
  uint32_t       shown;    ///< Number of the step that is played, 0 to 15
  bool           is_shown; ///< Whether anything is, since the reset
  bool           waits;    ///< Whether the next start is the first of the order
  bool           plays;    ///< Whether a note of the step sounds
  bool           ties;     ///< Whether the last one sounds to the end
  uint32_t       n_notes;  ///< Ratchets of the step, 1 for others
  uint32_t       note;     ///< Which of them it is at, from 0
  int            key;      ///< Semitones that MIDI transposes by
  Gate           backwards;
  Portamento     pitch;
  GateOut        gate;
  GateOut        end;
} Sequencer;

void
sequencer_init(Sequencer* self, double sample_rate);

/// Start again, with the same knobs
void
sequencer_reset(Sequencer* self);

void
sequencer_set(Sequencer* self, const SequencerKnobs* knobs);

void
sequencer_transport(Sequencer* self, const Transport* transport);

/// Take a MIDI message; notes transpose, C4 by nothing
void
sequencer_midi(Sequencer* self, const uint8_t* bytes, uint32_t size);

void
sequencer_process(Sequencer*              self,
                  const SequencerInputs*  in,
                  const SequencerOutputs* out,
                  uint32_t                n_frames);

#endif // SEQUENCER_H
