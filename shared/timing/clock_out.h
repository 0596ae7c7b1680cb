// SPDX-License-Identifier: ISC
/**
   An output of a clock: pulses at the ticks of a timeline.

   A pulse is high for a part of the straight time from tick to tick, and falls at a
   place: a new tempo stretches it.  It is high for 1 ms at least, and low for 1 ms
   before the next tick, where both can be.  It is always low for a frame, if need be
   in that of the tick:

     tick   |         |    |    |||||
     out    ~~~~~_____~~~__~~~__~_~_~_
*/

#ifndef CLOCK_OUT_H
#define CLOCK_OUT_H

#include "signal/gate_out.h"
#include "timing/timeline.h"

#include <stdbool.h>
#include <stdint.h>

/// Pulses, as knobs set them
typedef struct {
  TimelineRatio ratio; ///< Pulses in beats
  double        width; ///< Part of the straight period, 0 to 1
  bool          swings;
} ClockOutSettings;

typedef struct {
  double        width;
  TimelineTicks ticks;
  TimelinePlace due;        ///< Place of the next tick
  TimelinePlace rise;       ///< Place of the last one
  TimelinePlace fall;       ///< Where its pulse ends
  uint32_t      low_frames; ///< How long it is low at least
  GateOut       gate;
} ClockOut;

/// Start low, with a pulse each beat
void
clock_out_init(ClockOut* self, double sample_rate);

/// Set what it does; a new ratio, or swing, finds its next tick from `here`
void
clock_out_set(ClockOut*               self,
              const Timeline*         line,
              TimelinePlace           here,
              const ClockOutSettings* settings);

/// Make the first tick at or after `here` the next one, and end the pulse
void
clock_out_jump(ClockOut* self, const Timeline* line, TimelinePlace here);

/// Find the place of the next tick again, as swing has changed
void
clock_out_bend(ClockOut* self, const Timeline* line);

/// Be low from the next frame on
void
clock_out_stop(ClockOut* self);

/// Start and end pulses in the next frame, which is `here`
void
clock_out_take(ClockOut* self, const Timeline* line, TimelinePlace here);

/// Return the units to where clock_out_take() has to be called again
uint64_t
clock_out_units(const ClockOut* self, const Timeline* line, TimelinePlace here);

/// Write the next frames, or nowhere if NULL
static inline void
clock_out_write(ClockOut* const self, float* const out, const uint32_t n_frames)
{
  gate_out_process(&self->gate, out, NULL, n_frames);
}

#endif // CLOCK_OUT_H
