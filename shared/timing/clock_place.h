// SPDX-License-Identifier: ISC
/**
   Where a clock is: its line, the bars of that, and starts and jumps to other places.

   Parts of clock_gen.c; `self` is one that was set up.  Real-time safe.
*/

#ifndef CLOCK_PLACE_H
#define CLOCK_PLACE_H

#include "timing/clock_gen.h"
#include "timing/timeline.h"
#include "timing/transport.h"

#include <stdbool.h>

/// Return true if the host's song is the source
bool
clock_is_host(const ClockGen* self);

/// Return true if ticks of a source lead the line
bool
clock_is_ticked(const ClockGen* self);

/// Return the line that counts
Timeline*
clock_line_of(ClockGen* self);

/// Return its bars
ClockBars*
clock_bars_of(ClockGen* self);

/// Return the place of the next frame, as the outputs are shifted
TimelinePlace
clock_shifted_place(const ClockGen* self, const Timeline* line);

/// Return a place as one of the outputs, from the origin on
TimelinePlace
clock_place_of_outs(const ClockGen* self, const Timeline* line, TimelinePlace place);

/// Find the first bar at or after the place, where all have four beats
void
clock_find_bar(ClockGen* self);

/// Go over those bars of the song that have gone by
void
clock_find_song_bar(ClockGen* self);

/// Begin the bar that a place is in, if it is another; those before it are passed over
void
clock_take_bars(ClockGen* self, const Timeline* line, TimelinePlace place);

/// Follow the bars of a host
void
clock_follow_bars(ClockGen* self, const Transport* transport, bool jumps);

/// Find all ticks anew, at or after a place of the outputs
void
clock_find_ticks(ClockGen* self, const Timeline* line, TimelinePlace place);

/// Arrive at another place of the song
void
clock_enter_song(ClockGen* self);

/// Go to a place that is not the host's
void
clock_go_to(ClockGen* self, TimelinePlace place);

/// Start or stop, as source, knob and input have it
void
clock_find_running(ClockGen* self);

/// Wait for the next tick, which is the first of the place
void
clock_arm(ClockGen* self);

#endif // CLOCK_PLACE_H
