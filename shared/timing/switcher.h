// SPDX-License-Identifier: ISC
/**
   A switch of four ways, moved on by a clock or the song, and by a voltage.

     in 1 --o                           o-- out 1
     in 2 --o \                       / o-- out 2
     in 3 --o  \o-- out     in --o---/  o-- out 3
     in 4 --o                           o-- out 4

   Both sides stand at the same way: (place + select * amount / 10 V * ways, rounded)
   modulo the ways, with the place of the step in an order (order.h).

   With no fade, what is chosen passes to the bit.  A fade goes straight from the shares
   that there are to the new ones, whose sum is always 1, and ends on them exactly.  Of
   the outputs, those that are not chosen are 0, or stay where they were.
*/

#ifndef SWITCHER_H
#define SWITCHER_H

#include "signal/signal.h"
#include "timing/order.h"
#include "timing/steps.h"
#include "timing/transport.h"

#include <stdbool.h>
#include <stdint.h>

#define SWITCHER_WAYS 4U

typedef struct {
  uint32_t      n_ways; ///< 1 to SWITCHER_WAYS
  OrderWay      order;
  float         select_amount;
  double        fade_s;
  bool          holds; ///< Whether outputs that are not chosen stay where they were
  uint32_t      seed;
  StepsDice     dice;
  StepsSettings steps;
} SwitcherKnobs;

typedef struct {
  const float* clock; ///< Or NULL, as the next
  const float* reset;
  Signal       select_v;
  const float* from[SWITCHER_WAYS]; ///< The ways, one of them goes to `out`
  const float* in;                  ///< What goes to one of the ways
} SwitcherInputs;

typedef struct {
  float* out;
  float* to[SWITCHER_WAYS];
} SwitcherOutputs;

typedef struct {
  double        sample_rate;
  SwitcherKnobs knobs;
  Steps         steps;
  bool          is_placed;            ///< Whether there is a place
  uint32_t      place;                ///< That of the step
  uint32_t      chosen;               ///< Which way it stands at
  uint32_t      n_fade;               ///< Frames of the present fade
  uint32_t      n_left;               ///< Those that are left of it
  float         first[SWITCHER_WAYS]; ///< Shares where the fade began
  float         share[SWITCHER_WAYS]; ///< Those of the last frame
  float         rest[SWITCHER_WAYS];  ///< Values of outputs that are not chosen
  float         last[SWITCHER_WAYS];  ///< Values of outputs in the last frame
} Switcher;

void
switcher_init(Switcher* self, double sample_rate);

/// Forget everything but the knobs
void
switcher_reset(Switcher* self);

void
switcher_set(Switcher* self, const SwitcherKnobs* knobs);

/// Take what the host sends of its song
void
switcher_transport(Switcher* self, const Transport* transport);

/// Write the next `n_frames`; no input may overlap an output
void
switcher_process(Switcher*              self,
                 const SwitcherInputs*  in,
                 const SwitcherOutputs* out,
                 uint32_t               n_frames);

#endif // SWITCHER_H
