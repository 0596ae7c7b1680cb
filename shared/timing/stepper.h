// SPDX-License-Identifier: ISC
/**
   One rule of clock and reset, for all that goes in steps.

   Each rise of the clock starts the next step.  A reset makes the next clock start the
   first step, number 0; until then the stepper is armed, as it is at the start: a
   module shows what step 0 has, with its gates low.

   Cables bring clock and reset in either order, and often not in one frame.  Less than
   STEPPER_NEAR_S apart they are one event, and step 0 starts at the later of the two:

     clock  __|~|_____|~|_____|~|___       __|~|_____|~|______|~|___
     reset  _________|~|____________       ___________|~|___________
     step     4       0       1              4       5 0       1
                      ^ armed before                   ^ step 5 is taken back

   In one frame, reset comes before clock.  With STEPPER_AT_ONCE a reset itself starts
   step 0, and a clock less than STEPPER_NEAR_S behind it is not counted; so a reset
   half way between two clocks makes a short step 0, as other racks have it.

   All is counted in frames, so that slices do not matter.  An input that is high in the
   first frame after stepper_reset() rises there: a clock that starts with the patch
   starts step 0.

   A module does this in a slice:

     for (uint32_t at = 0, end = 0; at < n_frames; at = end) {
       const unsigned events = stepper_take(&stepper, reset, clock, at, n_frames, &end);
       if (events & STEPPER_ARMED) {
         // Gates low, pitch that of step 0
       }
       if (events & STEPPER_STARTS) {
         // Step number `stepper.step` starts in frame `at`
       }
       // Write frames `at` to `end`: nothing happens in them but in the first
     }

   For chance in a step take random_at(seed, stepper.step), never the next of a stream:
   so a slicing, a rendering and a loop of the song repeat their choices.
*/

#ifndef STEPPER_H
#define STEPPER_H

#include "signal/gate.h"

#include <stdbool.h>
#include <stdint.h>

#define STEPPER_NEAR_S 1e-3 ///< Clock and reset are one event if they are closer

/// Effect of a reset, as scale points number it
typedef enum { STEPPER_NEXT_CLOCK, STEPPER_AT_ONCE } StepperResetMode;

/// Events of a frame; both may happen
typedef enum {
  STEPPER_NOTHING = 0,
  STEPPER_ARMED   = 1, ///< A reset: the next clock starts step 0, unless it starts now
  STEPPER_STARTS  = 2  ///< Step number `step` starts
} StepperEvent;

typedef struct {
  int64_t          step; ///< Number since the last reset, from 0; -1 while armed
  uint32_t         near_frames;
  uint32_t         since_clock; ///< Frames since the last one, up to near_frames
  uint32_t         since_reset; ///< Frames since the last one, up to near_frames
  StepperResetMode mode;
  Gate             clock;
  Gate             reset;
} Stepper;

/// Start armed, in mode STEPPER_NEXT_CLOCK
void
stepper_init(Stepper* self, double sample_rate);

/// Start again as after stepper_init(), but in the same mode
void
stepper_reset(Stepper* self);

/// Set what a reset does from the next frame on; the step stays
static inline void
stepper_set_mode(Stepper* const self, const StepperResetMode mode)
{
  self->mode = mode;
}

/// Return true if the next clock starts step 0
static inline bool
stepper_is_armed(const Stepper* const self)
{
  return self->step < 0;
}

/**
   Do as if the next frame's edges were these, and return the events, of StepperEvent.

   For clocks and resets that do not come by cable: ticks of a timeline, MIDI.  Follow
   it by stepper_pass(), and do not call it twice for a frame.
*/
unsigned
stepper_rise(Stepper* self, bool reset_rises, bool clock_rises);

/// Let frames go by, the first of them that of stepper_rise(), with no edges
void
stepper_pass(Stepper* self, uint32_t n_frames);

/**
   Take frame `at` of both inputs, and all that follow without a rise.

   Inputs are volts, or NULL for 0.  Returns the events of frame `at`, of StepperEvent,
   and in `end` the next frame that has a rise, or `n_frames`.
*/
unsigned
stepper_take(Stepper*     self,
             const float* reset,
             const float* clock,
             uint32_t     at,
             uint32_t     n_frames,
             uint32_t*    end);

/**
   Take frame `at` of a reset, and all that follow without a rise, as stepper_take().

   Clocks come by no cable: `clock_rises` in frame `at`, and in no other up to
   `n_frames`.
*/
unsigned
stepper_take_reset(Stepper*     self,
                   const float* reset,
                   bool         clock_rises,
                   uint32_t     at,
                   uint32_t     n_frames,
                   uint32_t*    end);

#endif // STEPPER_H
