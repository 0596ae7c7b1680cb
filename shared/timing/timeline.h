// SPDX-License-Identifier: ISC
/**
   Musical time that is exact for ever, and ticks that fall on their frames.

   The place is a number of beats (quarters) and a part of one, in units; a beat
   has M = 60 x sample rate x 2^23: at a tempo of T beats a minute, a float, a frame is
   exactly T x 2^23 of them, so that nothing is ever rounded.  (Above 1 MHz, there are
   less than 2^23, and tempos are rounded to what there is.)

   Ticks have a ratio, `above` in `below` beats, and numbers: tick n is due in the first
   frame whose place is at or after n x below / above beats.  Each fires once:

     Timeline      line;
     TimelineTicks sixteenths;
     timeline_init(&line, sample_rate);
     timeline_set_tempo(&line, 120.0f);
     timeline_ticks_set(&line, &sixteenths, (TimelineRatio){4, 1}, true);
     timeline_run(&line, true);
     ...
     for (uint32_t at = 0; at < n_frames;) { // In a slice
       const uint32_t n = timeline_frames(&line, &sixteenths, n_frames - at);
       timeline_pass(&line, n);              // Frames `at` to `at + n`: no tick
       at += n;
       if (at < n_frames) {
         // Tick number `sixteenths.next` is in frame `at`
         timeline_tick(&sixteenths);
       }
     }

   With several kinds of ticks, pass the least of their frames.  Nothing is computed per
   frame, and nothing depends on slices.

   Swing bends the line, not the ticks: of each pair of units (half beats or fourths)
   the first takes 50 to 75 %, and what lies between moves in proportion.  Beats stay,
   and so do all ticks on beats.  Ticks that do not swing use the straight line.

   A host is followed by timeline_follow(), which says what came of it.  After a jump,
   timeline_ticks_find() must be called for all ticks; a tick that is due in the very
   frame of the jump fires.  After less than that it must not: ticks that have fired do
   not fire again, and those that were passed fire now.  So it is where tempo or swing
   change, which needs no call at all.
*/

#ifndef TIMELINE_H
#define TIMELINE_H

#include "timing/meter.h"
#include "timing/phasor.h"
#include "timing/transport.h"

#include <stdbool.h>
#include <stdint.h>

#define TIMELINE_MAX_TEMPO 10000.0f ///< Beats a minute, faster than any song goes
#define TIMELINE_MAX_RATIO 1024U    ///< Most ticks in so many beats
#define TIMELINE_MAX_UNITS 8U       ///< Most units of swing in a beat

/// A place, in beats since the start; M units are a beat
typedef struct {
  int64_t  beat;
  uint64_t units; ///< From 0 to below M
} TimelinePlace;

/// So many ticks in so many beats, from 1 to TIMELINE_MAX_RATIO
typedef struct {
  uint32_t above;
  uint32_t below;
} TimelineRatio;

typedef struct {
  TimelineRatio ratio;
  bool          swings;
  int64_t       next; ///< Number of the tick that is due next
} TimelineTicks;

/// Events of following a host; several may come
typedef enum {
  TIMELINE_GOES_ON = 0,
  TIMELINE_STARTS  = 1, ///< It runs from now on
  TIMELINE_STOPS   = 2, ///< It stands from now on: gates go low
  TIMELINE_MOVES   = 4, ///< It is up to 5 ms elsewhere: ticks keep their numbers
  TIMELINE_JUMPS   = 8  ///< It is elsewhere: find all ticks anew
} TimelineEvent;

typedef struct {
  double        sample_rate;
  TimelinePlace place;       ///< Of the next frame
  uint64_t      beat_units;  ///< M
  uint64_t      step;        ///< Units of a frame, if it runs
  double        tempo_unit;  ///< Units of a frame at one beat a minute
  uint32_t      swing;       ///< Of a pair, what the first unit takes, in 2^-16
  uint32_t      swing_units; ///< Of swing in a beat
  bool          is_running;
  bool          is_placed;        ///< Whether a host has told where it is
  double        beats_per_minute; ///< As the host told last, of its own beats
  double        speed;
  Meter         meter;
  MeterMap      map;
} Timeline;

/// Start at beat 0, stopped, at 120 beats a minute, without swing
void
timeline_init(Timeline* self, double sample_rate);

/// Start again as after timeline_init(), forgetting all settings
void
timeline_reset(Timeline* self);

// ---- Pace and place

/// Set the tempo from the next frame on, in beats a minute, 0 to TIMELINE_MAX_TEMPO
void
timeline_set_tempo(Timeline* self, float beats_per_minute);

/// Set what the first of each pair of units takes, 0.5 to 0.75, and units in a beat
void
timeline_set_swing(Timeline* self, double part, uint32_t units_per_beat);

/// Run from the next frame on, or stand where it is
void
timeline_run(Timeline* self, bool runs);

/// Go to a place, which is a jump
void
timeline_go_to(Timeline* self, double beats);

/// Return the place of a number of beats, as far as a double can
TimelinePlace
timeline_place(const Timeline* self, double beats);

/// Return the place that is `units` after another, or before it
TimelinePlace
timeline_place_after(const Timeline* self, TimelinePlace place, int64_t units);

/// Return true if `a` is before `b`
static inline bool
timeline_is_before(const TimelinePlace a, const TimelinePlace b)
{
  return a.beat < b.beat || (a.beat == b.beat && a.units < b.units);
}

/// Return the units from one place to another, 0 if it was passed, at most 2^62
uint64_t
timeline_units(const Timeline* self, TimelinePlace from, TimelinePlace to);

/// Let frames go by
void
timeline_pass(Timeline* self, uint32_t n_frames);

/// Return where the next frame is, in beats, as far as a double can
double
timeline_beats(const Timeline* self);

/// Return the cycle that the next frame is in, where `ratio` is cycles in beats,
/// straight
PhasorPosition
timeline_cycle(const Timeline* self, TimelineRatio ratio);

/// Return the step of such cycles in the next frame, in cycles, 0 while it stands
double
timeline_cycle_step(const Timeline* self, TimelineRatio ratio);

// ---- Ticks

/// Set a ratio, or whether it swings, and find the next tick from the place
void
timeline_ticks_set(const Timeline* self,
                   TimelineTicks*  ticks,
                   TimelineRatio   ratio,
                   bool            swings);

/// Make the first tick at or after the place of the next frame the next one
void
timeline_ticks_find(const Timeline* self, TimelineTicks* ticks);

/// Make the first tick at or after any place the next one
void
timeline_ticks_find_from(const Timeline* self,
                         TimelineTicks*  ticks,
                         TimelinePlace   place);

/// Return where a tick is due: never before its time, and by less than a unit after it
TimelinePlace
timeline_ticks_place(const Timeline* self, const TimelineTicks* ticks, int64_t number);

/// Return in how many frames the next tick is, 0 if now, and at most `n_frames`
uint32_t
timeline_frames(const Timeline* self, const TimelineTicks* ticks, uint32_t n_frames);

/// Return in how many frames a place is reached, 0 if it was, and at most `n_frames`
uint32_t
timeline_frames_to(const Timeline* self, TimelinePlace place, uint32_t n_frames);

/// Go on to the tick after the next
static inline void
timeline_tick(TimelineTicks* const ticks)
{
  ++ticks->next;
}

// ---- A host

/**
   Follow a host's transport at the next frame, and return events, of TimelineEvent.

   Parts that it leaves out stay as they were.  A place within a quarter of a frame of
   here is here, for a beat that is told as a float is not exact; within 5 ms it is gone
   to, and farther is a jump, as a loop is.  Bars may be of different lengths.  It
   stands while the host does, or goes backwards, but follows the place.
*/
unsigned
timeline_follow(Timeline* self, const Transport* transport);

#endif // TIMELINE_H
