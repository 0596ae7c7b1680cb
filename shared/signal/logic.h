// SPDX-License-Identifier: ISC
/**
   Gates to gates: and, or, xor, not, a toggle and a latch.

   Inputs are Schmitt triggers (gate.h); each may be inverted, or left out of
   and, or and xor.  A and B always count.  Outputs follow in the same frame:

     and     all that count are high
     or      any is
     xor     an odd number is
     not     A is low
     toggle  turns over with each rise of A
     latch   high from a rise of A to one of B; B wins where both rise

   An inverted input rises where the cable falls.  The first frame after a reset that is
   high is a rise; an inverted input without a cable, which is always high, is none.
*/

#ifndef LOGIC_H
#define LOGIC_H

#include "signal/gate.h"
#include "signal/signal.h"

#include <stdbool.h>
#include <stdint.h>

#define LOGIC_INPUTS 4U

typedef enum {
  LOGIC_OUT_AND,
  LOGIC_OUT_OR,
  LOGIC_OUT_XOR,
  LOGIC_OUT_NOT,
  LOGIC_OUT_TOGGLE,
  LOGIC_OUT_LATCH,
  N_LOGIC_OUTPUTS
} LogicOutput;

typedef struct {
  bool inverts[LOGIC_INPUTS];
  bool counts[LOGIC_INPUTS]; ///< Of C and D only
} LogicKnobs;

typedef struct {
  LogicKnobs knobs;
  bool       has_started;
  Gate       gate[LOGIC_INPUTS]; ///< As cables have them
  bool       toggle;
  bool       latch;
} Logic;

/// Make all low
void
logic_reset(Logic* self);

static inline void
logic_set(Logic* const self, const LogicKnobs* const knobs)
{
  self->knobs = *knobs;
}

/// Write `n_frames` of all outputs that are not NULL; no input may overlap an output
void
logic_process(Logic*       self,
              const Signal in[LOGIC_INPUTS],
              float* const out[N_LOGIC_OUTPUTS],
              uint32_t     n_frames);

#endif // LOGIC_H
