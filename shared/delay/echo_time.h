// SPDX-License-Identifier: ISC
/**
   How long a delay is: by a knob, by the pulses of a clock, or by the host's tempo.

   A new time is reached in one of two ways:

   - fade: the heads of the delay jump, and fade while they do; where a fade goes on,
     the new time waits for its end
   - tape: the time glides, by three one-poles in a row, so that the pitch bends
   smoothly; it never moves by more than about ECHO_TIME_MAX_SPEED frames in a frame

   Notes and clocked times that do not fit are halved until they do.
*/

#ifndef ECHO_TIME_H
#define ECHO_TIME_H

#include "signal/gate.h"
#include "timing/clock_sync.h"
#include "timing/tempo_sync.h"
#include "timing/transport.h"

#include <stdbool.h>
#include <stdint.h>

#define ECHO_TIME_N_SIDES 2U
#define ECHO_TIME_MAX_SPEED 4.0
#define ECHO_TIME_CLOCK_PART 1e-3 ///< Changes of a clock's pulses that do not count

/// As scale points number them
typedef enum { ECHO_TIME_FREE, ECHO_TIME_CLOCKED, ECHO_TIME_IN_TEMPO } EchoTimeSource;

typedef struct {
  EchoTimeSource source;
  double         time_s; ///< Of the knob
  uint32_t       ratio;  ///< Echoes per pulse of the clock: a scale point
  uint32_t       note;   ///< A scale point of tempo_sync.h
  double         right;  ///< Length of the right side, as part of the left
  bool           is_tape;
  double         glide_s; ///< In which a tape does most of the way
} EchoTimeSettings;

/// The time of one side, in frames
typedef struct {
  double at;
  double between[2]; ///< After the one-poles before the last
} EchoTimeSide;

typedef struct {
  double           sample_rate;
  double           min_frames;
  double           max_frames;
  EchoTimeSettings settings;
  double           part; ///< Of the way that a one-pole does in a frame
  EchoTimeSide     side[ECHO_TIME_N_SIDES];
  bool             has_started;
  Gate             gate;
  ClockSync        clock;
  double           clock_frames; ///< Between pulses, as far as that counts
  TempoSync        tempo;
} EchoTime;

void
echo_time_init(EchoTime* self,
               double    sample_rate,
               double    min_frames,
               double    max_frames);

/// Forget clock, tempo and time: the next one will be reached at once
void
echo_time_reset(EchoTime* self);

void
echo_time_set(EchoTime* self, const EchoTimeSettings* settings);

/// Take the host's transport at the next frame
void
echo_time_set_transport(EchoTime* self, const Transport* transport);

/// Take the first frame of the clock; returns how many can pass until the next pulse
uint32_t
echo_time_take(EchoTime* self, const float* clock, uint32_t n_frames);

/// Return true if the heads of a side must jump to get to its time
bool
echo_time_waits(const EchoTime* self, uint32_t side);

/// Return true if both sides are where they should be
bool
echo_time_rests(const EchoTime* self);

/// Go to the time of a side at once
void
echo_time_jump(EchoTime* self, uint32_t side);

/// Write the time of a side, in frames
void
echo_time_write(EchoTime* self, uint32_t side, double* out, uint32_t n_frames);

/// Let time pass
void
echo_time_pass(EchoTime* self, uint32_t n_frames);

#endif // ECHO_TIME_H
