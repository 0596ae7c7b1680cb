// SPDX-License-Identifier: ISC
/**
   A burst of pulses after each trigger: rolls, ratchets, bouncing balls.

     trigger  |
     out      ~_~__~___~____~_____          5 pulses, bent
     end                          |         a whole interval after the last one
     running  ~~~~~~~~~~~~~~~~~~~~_

   Intervals are those of a rate, or the part of a clock's period that a ratio makes.
   By Clock, a burst waits for the next clock, unless one was less than 1 ms before, and
   goes by all that come, unless it is bent.  Bend makes the last interval up to four
   times as long or as short as the first, and the others in proportion, while all of
   them together are as long as without it.

   A rise at Stop ends a burst without the end; one at the trigger in that very frame
   starts the next.

   All is decided as the burst starts, but for its rate, which moves with its voltage.
*/

#ifndef BURST_H
#define BURST_H

#include "signal/gate.h"
#include "signal/gate_out.h"
#include "signal/signal.h"

#include <stdbool.h>
#include <stdint.h>

#define BURST_MAX_PULSES 64U ///< With those that Add has added
#define BURST_MAX_COUNT 32U  ///< Of one trigger
#define BURST_COUNT_PER_VOLT 3.2f
#define BURST_BEND_OCT 2.0 ///< From the first interval to the last, at a bend of 1

/// Source of intervals, as scale points number it
typedef enum { BURST_BY_RATE, BURST_BY_CLOCK } BurstBy;

/// Effect of a trigger on a burst, as scale points number it
typedef enum { BURST_START_AGAIN, BURST_IGNORE, BURST_ADD } BurstRetrigger;

typedef struct {
  uint32_t       n_pulses; ///< 1 to BURST_MAX_COUNT
  BurstBy        by;
  double         rate_hz;
  double         rate_amount; ///< Octaves a volt
  double         ratio;       ///< Pulses in a clock's period
  double         bend;        ///< -1, speeding up, to 1, slowing down
  float          fade;        ///< -1, falling to 0 V, to 1, rising from it
  float          gate_length; ///< Part of the interval, 0 to 1
  float          chance;      ///< That a pulse is played, 0 to 1
  bool           loops;
  BurstRetrigger retrigger;
  uint32_t       seed;
} BurstKnobs;

typedef struct {
  Signal trigger;
  Signal clock;
  Signal stop;
  Signal count; ///< Volts
  Signal rate;  ///< Volts
} BurstInputs;

typedef struct {
  float* out;
  float* level; ///< Volts of the last pulse
  float* running;
  float* end;
} BurstOutputs;

typedef struct {
  double     sample_rate;
  BurstKnobs knobs;
  Gate       trigger;
  Gate       clock;
  Gate       stop;

  bool     runs;
  bool     waits;    ///< For a clock
  uint32_t n_pulses; ///< Of this burst
  uint32_t n_played; ///< Of these, how many have started
  int64_t  number;   ///< Of the burst, for chance
  int64_t  passed; ///< Of the interval since the last pulse, in 2^-52 of a straight one
  int64_t  length; ///< Of the interval
  int64_t  fall;   ///< Where in it the gate falls
  int64_t  step;   ///< Of a frame
  float    rate_v;
  float    level_v;

  int64_t  n_clocks;    ///< Since the first pulse
  int64_t  n_before;    ///< Pulses since then in bursts that are over
  uint64_t since_clock; ///< Frames
  uint64_t period;      ///< Frames between the last two clocks, 0 if there were none
  bool     has_clock;   ///< Whether there was any
  uint32_t near_frames;
  GateOut  out;
  GateOut  end;
} Burst;

void
burst_init(Burst* self, double sample_rate);

/// Start again, with the same knobs
void
burst_reset(Burst* self);

void
burst_set(Burst* self, const BurstKnobs* knobs);

void
burst_process(Burst*              self,
              const BurstInputs*  in,
              const BurstOutputs* out,
              uint32_t            n_frames);

#endif // BURST_H
