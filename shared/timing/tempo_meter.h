// SPDX-License-Identifier: ISC
/**
   The tempo of a clock, from the frames between its rises.

   It is the mean of one beat, or of as much of it as there was since the clock began
   or paused:

     tempo = 60 rate n / (ticks * frames of the last n ticks),  n up to ticks

   A clock has paused that stays away for TEMPO_METER_PAUSE_S, or for four times its
   last period if that is longer.
*/

#ifndef TEMPO_METER_H
#define TEMPO_METER_H

#include "signal/gate.h"
#include "signal/signal.h"

#include <stdbool.h>
#include <stdint.h>

#define TEMPO_METER_MAX_TICKS 48U
#define TEMPO_METER_PAUSE_S 4.0

typedef struct {
  double   sample_rate;
  Gate     gate;
  uint64_t n_frames;   ///< Since the reset
  uint64_t fall_frame; ///< Of the last fall, or 0 if there was none
  uint32_t n_rises;    ///< Since the last pause
  uint64_t rise_frame[TEMPO_METER_MAX_TICKS + 1U]; ///< The last ones, by n_rises
} TempoMeter;

void
tempo_meter_init(TempoMeter* self, double sample_rate);

/// Forget all input
void
tempo_meter_reset(TempoMeter* self);

/// Take `n_frames`
void
tempo_meter_process(TempoMeter* self, Signal clock, uint32_t n_frames);

/// Return the tempo of a clock of `n_ticks` a beat in BPM, or 0 if it pauses
double
tempo_meter_read(const TempoMeter* self, uint32_t n_ticks);

/// Return true if the clock is high, or was so in the last `n_frames`
bool
tempo_meter_was_high(const TempoMeter* self, uint64_t n_frames);

#endif // TEMPO_METER_H
