// SPDX-License-Identifier: ISC
/**
   Who starts the steps of a module: a clock that comes by cable, or the host's song.

   By cable, it is a Stepper, with its rule of clock and reset.  Steps have numbers from
   0 on, and last as long as the way between the last two clocks was, as far as one can
   know.

   In the song, steps are notes of it: number n starts in the first frame at or after n
   notes, exactly.  The song may start, jump and loop anywhere: the number is always the
   place.  Between a jump, or a stop, and the next note the gates of a module are low,
   as they are after a reset.  A reset makes the next note number 0 (by the rule of
   the Stepper), from where it counts until the song jumps.

     song       ______|~~~~~~~~~~~~~~~~~|______
     notes    6    7  .  8     9    10  .  11       a jump from 10.4 to 3.6:
     events           A  S     S     S  A             A, and S at note 4

   A module does this in a slice:

     for (uint32_t at = 0, end = 0; at < n_frames; at = end) {
       const unsigned events = steps_take(&steps, reset, clock, at, n_frames, &end);
       if (events & STEPPER_ARMED) {
         // Gates low; pitch that of step number `steps.step`
       }
       if (events & STEPPER_STARTS) {
         // Step number `steps.step` starts in frame `at`
       }
       // Frames `at` to `end` have no other event.  For parts of a step, such as the
       // end of its gate, which is half of it here:
       for (uint32_t n = 0; at < end; at += n) {
         n = steps_frames_to(&steps, STEPS_PARTS / 2, end - at);
         // The gate is high for `n` frames; if that is 0, the part is reached
         steps_pass(&steps, n);
       }
     }

   For chance take random_at(seed, steps_dice(&steps, dice)), never the next number of a
   stream.
*/

#ifndef STEPS_H
#define STEPS_H

#include "signal/gate.h"
#include "timing/song_note.h"
#include "timing/stepper.h"
#include "timing/timeline.h"
#include "timing/transport.h"

#include <stdbool.h>
#include <stdint.h>

#define STEPS_PARTS 48000U ///< A step has so many: hundredths, halves, thirds, fourths

/// Who starts the steps, as scale points number it
typedef enum { STEPS_CABLE, STEPS_SONG } StepsFollow;

/// Unit of chance, as scale points number it
typedef enum {
  STEPS_ANEW,         ///< How many steps there were since the last reset
  STEPS_BY_SONG_PLACE ///< Where in the song it is; a loop repeats its choices
} StepsDice;

typedef struct {
  StepsFollow      follow;
  uint32_t         note; ///< That a step is in the song, as in song_note()
  StepperResetMode reset_mode;
} StepsSettings;

typedef struct {
  int64_t       step;        ///< Number to show: that started last, or 0 after a reset
  int64_t       shift;       ///< In the song, what makes its number of the stepper's
  int64_t       place;       ///< Which note of the song the step is, or is nearest to
  uint64_t      since_start; ///< Frames since the step started
  uint64_t      since_clock; ///< Frames since the last clock
  uint64_t      period;      ///< Frames between the last two, 0 if there were none
  StepsSettings settings;
  Stepper       stepper;
  Timeline      line;
  TimelineTicks notes;
  Gate          clock;      ///< In the frame that steps_take() took last
  bool          has_begun;  ///< Whether any frame has gone by
  bool          has_clock;  ///< Whether there was any
  bool          has_paused; ///< Whether the last clock ended a pause
  bool          has_place;  ///< Whether the step has one in the song
  bool          has_moved;  ///< Whether gates go low, and the step is that of the place
} Steps;

/// Start armed, by cable
void
steps_init(Steps* self, double sample_rate);

/// Start again, with the same settings
void
steps_reset(Steps* self);

/// Set who starts the steps from the next frame on
void
steps_set(Steps* self, StepsSettings settings);

/// Take the host's transport at the next frame; follow and note may be any
void
steps_transport(Steps* self, const Transport* transport);

/**
   Take frame `at`, and all that follow without an event.

   Inputs are volts, or NULL for 0.  Returns the events of frame `at`, of StepperEvent,
   and in `end` the next frame that may have one, or `n_frames`.  The frames up to `end`
   must be passed before the next call.
*/
unsigned
steps_take(Steps*       self,
           const float* reset,
           const float* clock,
           uint32_t     at,
           uint32_t     n_frames,
           uint32_t*    end);

/// Let frames go by that steps_take() has taken
void
steps_pass(Steps* self, uint32_t n_frames);

/// Return the length of a step in frames, 0 if it is not known yet
double
steps_period(const Steps* self);

/**
   Return in how many frames `part` of the step is over, in 1 / STEPS_PARTS of it.

   It is 0 if that is so now, and at most `n_frames`, as it is where the length of a
   step is not known.  In the song, this is a place, whatever the tempo does on the way.
*/
uint32_t
steps_frames_to(const Steps* self, uint32_t part, uint32_t n_frames);

/**
   Return true if the clock is high up to the end of the frames that were taken.

   It is only good for that while steps_period() is 0, to have gates of the length of
   the clock's own.
*/
static inline bool
steps_clock_is_high(const Steps* const self)
{
  return self->clock.high;
}

/// Return the number that chance in the present step is to go by
static inline int64_t
steps_dice(const Steps* const self, const StepsDice dice)
{
  const int64_t count = self->stepper.step > 0 ? self->stepper.step : 0;

  return dice == STEPS_BY_SONG_PLACE && self->has_place ? self->place : count;
}

/// Return a note of the song as steps in beats, in the meter that holds
TimelineRatio
steps_note_ratio(uint32_t note, Meter meter);

#endif // STEPS_H
