// SPDX-License-Identifier: ISC
/// An oscillator in some frames, for its own files

#ifndef OSC_RUN_H
#define OSC_RUN_H

#include "math/lagrange.h"
#include "osc/osc.h"
#include "osc/shape.h"

#include <stdbool.h>
#include <stdint.h>

/// Frames from an input to the end of the movement that is found with it
#define OSC_LOOKAHEAD (LAGRANGE_N_FRAMES - 1U - LAGRANGE_END)

#define OSC_QUARTER 0x40000000U ///< Of a cycle

#define OSC_WORD 8U ///< Frames that are searched for breaks at once

#define OSC_BENDS 2U ///< Marks a frame at which the middle of a pulse may bend

/// Some frames, and which of the inputs rest in them and in all that is remembered
typedef struct {
  Osc*     osc;
  uint32_t n_frames;
  bool     width_is_constant;
  bool     weight_is_constant;
  bool     sync_is_constant;
  bool     is_hard; ///< Whether a sync starts the cycle again
} OscRun;

/// Return the phase that syncs make of a motion
static inline uint32_t
osc_synced(const Osc* const self, const uint32_t motion)
{
  return (motion ^ self->flip) + self->offset;
}

/// Return the 32 upper bits of a phase
static inline uint32_t
osc_upper(const uint64_t phase)
{
  return (uint32_t)(phase >> (OSC_CYCLE_BITS - 32U));
}

/// Return 1 forwards, -1 after an odd number of reverse syncs
static inline int32_t
osc_direction(const Osc* const self)
{
  return self->flip ? -1 : 1;
}

/// Return true if a shape is heard
static inline bool
osc_has_shape(const OscRun* const run, const Shape shape)
{
  return !run->weight_is_constant || run->osc->rest.weight[shape] != 0.0f;
}

#endif // OSC_RUN_H
