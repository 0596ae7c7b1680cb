// SPDX-License-Identifier: ISC
/**
   Rhythms with hits as even among their steps as can be.

   Two orders, which differ by a rotation at most: here with 5 hits in 8 steps.

     Textbook  x.xx.xx.  as Bjorklund's algorithm puts them (Toussaint, "The Euclidean
                         Algorithm Generates Traditional Musical Rhythms", 2005)
     Even      x.x.xx.x  step i is a hit where (i hits) mod steps < hits

   Accents are such a rhythm among the hits.  What is played is decided as a step
   starts; numbers that are turned meanwhile count from the next one, at the same place.
*/

#ifndef EUCLID_H
#define EUCLID_H

#include "signal/gate_out.h"
#include "timing/steps.h"
#include "timing/transport.h"

#include <stdbool.h>
#include <stdint.h>

#define EUCLID_MAX_STEPS 64U
#define EUCLID_FULL_V 10.0f ///< A voltage that stands for all steps

/// As scale points number them
typedef enum { EUCLID_TEXTBOOK, EUCLID_EVEN } EuclidOrder;

typedef struct {
  uint32_t      n_steps;       ///< 1 to EUCLID_MAX_STEPS
  uint32_t      n_hits;        ///< More than all are all
  uint32_t      rotate;        ///< Steps that the rhythm is later
  uint32_t      n_accents;     ///< More than all hits are all
  uint32_t      accent_rotate; ///< Hits that the accents are later
  float         chance;        ///< That a hit is played, 0 to 1
  uint32_t      gate_parts;    ///< Of a step that gates are high, in 1 / STEPS_PARTS
  EuclidOrder   order;
  uint32_t      seed;
  StepsDice     dice;
  StepsSettings steps;
} EuclidKnobs;

/// Volts, or NULL for 0
typedef struct {
  const float* clock;
  const float* reset;
  const float* n_hits;
  const float* rotate;
  const float* n_steps;
} EuclidInputs;

typedef struct {
  float* trigger; ///< 1 ms for each hit
  float* gate;    ///< High while a hit sounds
  float* accent;  ///< The same, of those that are accents
  float* off;     ///< 1 ms for each step that is no hit
  float* end;     ///< 1 ms where the rhythm comes round
} EuclidOutputs;

typedef struct {
  EuclidKnobs knobs;
  Steps       steps;
  uint32_t    place;   ///< The step that has started last
  bool        waits;   ///< Whether the next one is the first
  bool        is_high; ///< Whether any gate is
  GateOut     hit;
  GateOut     accent;
  GateOut     off;
  GateOut     end;
} Euclid;

/// Return a rhythm: bit i is set if step i, from 0, is a hit
uint64_t
euclid_rhythm(EuclidOrder order, uint32_t n_hits, uint32_t n_steps);

void
euclid_init(Euclid* self, double sample_rate);

/// Start again, with the same knobs
void
euclid_reset(Euclid* self);

void
euclid_set(Euclid* self, const EuclidKnobs* knobs);

void
euclid_transport(Euclid* self, const Transport* transport);

void
euclid_process(Euclid*              self,
               const EuclidInputs*  in,
               const EuclidOutputs* out,
               uint32_t             n_frames);

#endif // EUCLID_H
