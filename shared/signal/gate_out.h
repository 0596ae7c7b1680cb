// SPDX-License-Identifier: ISC
/**
   A gate and a trigger as outputs, such that no input misses an edge.

   Where one note ends and the next begins in the same frame, the gate is low for that
   frame, and rises one frame late; so does a trigger that another one overtakes:

            a        b             a        b
   ______   __________            ____   ____
         \_/          gate       /    \_/    \___  trigger
         ^ frame of both

   A note whose end comes sooner than TRIGGER_TIME_S after its trigger, or in the very
   frame, has a gate of that time all the same, unless the next note cuts it short.
*/

#ifndef GATE_OUT_H
#define GATE_OUT_H

#include "signal/gate.h"

#include <stdbool.h>
#include <stdint.h>

#define GATE_OUT_MAX_DUE 256U ///< Most triggers that wait

typedef struct {
  uint32_t trigger_frames; ///< Length of a trigger
  uint32_t gate_left;      ///< Frames that the gate must still be high, set or not
  uint32_t trigger_left;   ///< Frames that the present trigger has left
  uint32_t triggers_due;   ///< How many are still to start
  bool     gate;           ///< What the gate was last set to
  bool gate_is_new; ///< Whether the gate must be high for a trigger's length from now
  bool gate_has_fallen; ///< Whether the gate must be low for a frame
  bool gate_was_high;   ///< The output, one frame ago
  bool trigger_was_high;
} GateOut;

void
gate_out_init(GateOut* self, double sample_rate);

/// Make both low
void
gate_out_reset(GateOut* self);

/// Set the gate with the next frame; nothing happens if it is so already
void
gate_out_set(GateOut* self, bool gate);

/// Start a trigger of TRIGGER_TIME_S, with the gate if it rises
void
gate_out_trigger(GateOut* self);

/**
   Start `n` triggers, one now and each other after a frame that is low.

   Up to GATE_OUT_MAX_DUE wait, for input that never ends.
*/
void
gate_out_triggers(GateOut* self, uint64_t n);

/// gate_out_process() where either may change
void
gate_out_move(GateOut* self, float* gate, float* trigger, uint32_t n_frames);

/// Return how many of the next frames the gate is held for what came so far, set or not
uint32_t
gate_out_tail(const GateOut* self);

/// Return true if both stay as they have been in the last frame
static inline bool
gate_out_rests(const GateOut* const self)
{
  return self->gate_left == 0U && self->gate == self->gate_was_high &&
         self->trigger_left == 0U && self->triggers_due == 0U &&
         !self->trigger_was_high && !self->gate_is_new && !self->gate_has_fallen;
}

/// Write the next `n_frames` of both, or of one if the other is NULL
static inline void
gate_out_process(GateOut* const self,
                 float* const   gate,
                 float* const   trigger,
                 const uint32_t n_frames)
{
  if (!gate_out_rests(self)) {
    gate_out_move(self, gate, trigger, n_frames);
    return;
  }

  if (gate) {
    gate_write(gate, self->gate, n_frames);
  }
  if (trigger) {
    gate_write(trigger, false, n_frames);
  }
}

#endif // GATE_OUT_H
