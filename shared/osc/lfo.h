// SPDX-License-Identifier: ISC
/**
   A low frequency oscillator: where in which cycle it is, and what it leads to.

   It runs on a frequency of its own, on the ticks of a clock, or along the host's song.
   Until there has been a tick, or the host has told a tempo, it runs on its own.  From
   the first tick on the count is the clock's: there are as many cycles as ticks, times
   the ratio, and where a tick is late the end of its way is held.  Cycles that a tick
   finds not begun begin with it.
*/

#ifndef LFO_H
#define LFO_H

#include "signal/block.h"
#include "signal/gate.h"
#include "signal/gate_out.h"
#include "signal/signal.h"
#include "timing/clock_sync.h"
#include "timing/phasor.h"
#include "timing/tempo_sync.h"

#include <stdbool.h>
#include <stdint.h>

#define LFO_MAX_HZ 1000.0 ///< No faster, whatever is asked for

/// Source of the speed, as scale points number it
typedef enum { LFO_FREE, LFO_CLOCKED, LFO_IN_TEMPO } LfoSpeed;

/// How the speed follows
typedef struct {
  LfoSpeed speed;
  uint32_t ratio; ///< To the clock, as in clock_sync_ratio()
  uint32_t note;  ///< A cycle of the tempo, as in tempo_sync_length()
} LfoSettings;

/// Sources of an own frequency
typedef struct {
  double       rest_hz;  ///< What the knob is turned to
  float        rest_oct; ///< The same in octaves from 1 Hz
  const float* knob_oct; ///< Where the knob is in each frame
  const float* cv_v;     ///< Octaves from there, or NULL for none
  const float* amount;   ///< What those are multiplied by
} LfoTuning;

/// Inputs in each frame
typedef struct {
  const uint64_t* step;             ///< Of the own frequency, in 2^-64 cycles
  bool            step_is_constant; ///< Whether the first of `step` counts for all
  Signal          reset;            ///< Volts
  Signal          clock;            ///< Volts
  bool            counts; ///< Whether cycles are to be numbered, for random waves
} LfoInputs;

/// Where it is in each frame
typedef struct {
  int64_t  number[BLOCK_FRAMES]; ///< Of the cycle
  uint32_t phase[BLOCK_FRAMES];  ///< Part that is over, in 2^-32 cycles
} LfoFrames;

typedef struct {
  double         sample_rate;
  double         frame_s;
  double         max_step; ///< Cycles in a frame
  LfoSettings    settings;
  Gate           reset;
  Gate           clock;
  ClockSync      clock_in;
  TempoSync      song;
  PhasorPosition origin;   ///< Where in the song cycle 0 is, after a reset
  uint64_t       led_step; ///< Step that clock or song lead to, 0 if neither does
  PhasorPosition limit;    ///< Where the next tick is, which it does not reach before
  double         own_hz;   ///< Of the knob at rest
  CycleStep      own_step; ///< And its step
  Phasor         cycle;
  GateOut        trigger;
} Lfo;

void
lfo_init(Lfo* self, double sample_rate);

void
lfo_reset(Lfo* self);

/// Follow as `settings` say from the next frame on
void
lfo_set(Lfo* self, const LfoSettings* settings);

/// Take the host's place in the song at the next frame
void
lfo_set_transport(Lfo* self, const Transport* transport);

/// Return true if clock or song lead, so that the own frequency does not count
static inline bool
lfo_is_led(const Lfo* const self)
{
  return self->led_step > 0;
}

/**
   Write the steps of an own frequency.

   Where the knob has come to rest and no CV moves it, a step stands for that of
   phasor_even_step().
*/
void
lfo_steps(Lfo* self, const LfoTuning* tuning, uint64_t* step, uint32_t n_frames);

/// Write where the next `n_frames` are, and a trigger at the start of each cycle unless
/// that is NULL
void
lfo_process(Lfo*             self,
            const LfoInputs* in,
            LfoFrames*       frames,
            float*           trigger,
            uint32_t         n_frames);

#endif // LFO_H
