// SPDX-License-Identifier: ISC
/**
   The frequency of a tone.

   Rises through 0 are timed between frames.  A rise counts when the signal comes from
   below -TUNER_HYSTERESIS of its envelope and gets above the same, so that noise does
   not add any:

                _____                 ____
              /       \    /\       /      \
     --------/---------\--/--\-----/--------\---   one period of two rises
     \      x           \x    \   x          \
      \____/             '     \_/

   A period is the smallest number of rises after which their distances, and the areas
   between them, come again, so that harmonics do not raise the pitch.  Areas are sums
   of frames, which are the same in all periods of a band-limited tone, however frames
   meet it; peaks are not.  Its length is the mean over all of the periods since the
   last reading, or the latest if that was less than one period ago.  So a steady tone
   from 20 Hz to 10 kHz is read within 0.1 cent in 100 ms; where nothing repeats, there
   is no tone.

   The signal goes through a high pass at TUNER_HIGH_PASS_HZ before, against an offset.
*/

#ifndef TUNER_H
#define TUNER_H

#include "signal/signal.h"

#include <stdbool.h>
#include <stdint.h>

#define TUNER_HIGH_PASS_HZ 8.0
#define TUNER_ENVELOPE_S 0.05  ///< Time in which the envelope falls to 1/e
#define TUNER_HYSTERESIS 0.1   ///< Of the envelope
#define TUNER_LEAST 1e-4       ///< Envelope where there is no tone
#define TUNER_RISES 64U        ///< How many are remembered
#define TUNER_PERIOD_RISES 16U ///< Most in a period

/// A rise through 0
typedef struct {
  double at;   ///< In frames since the reset
  float  area; ///< Sum of the signal since the last one
  float  size; ///< Sum of its magnitude
} TunerRise;

typedef struct {
  double    sample_rate;
  double    high_pass; ///< Part of the way to the input that the low pass goes
  double    decay;     ///< Of the envelope in a frame
  double    offset;    ///< What the high pass takes away
  double    before;    ///< Signal of the last frame
  double    envelope;
  double    area;     ///< Sum of the signal since the last rise
  double    size;     ///< Sum of its magnitude
  bool      is_low;   ///< Whether the signal has been below the hysteresis
  bool      rises;    ///< Whether it has passed 0 since, but not the hysteresis
  TunerRise next;     ///< If so, the rise
  uint64_t  n_frames; ///< Since the reset
  uint64_t  n_rises;
  TunerRise rise[TUNER_RISES]; ///< The last ones, by their numbers modulo that
  uint64_t  read_rises;        ///< How many there were at the last reading
  double    read_at;           ///< Where the last one of these was
} Tuner;

void
tuner_init(Tuner* self, double sample_rate);

/// Forget all input
void
tuner_reset(Tuner* self);

/// Take `n_frames`, which costs next to nothing if there was nothing but 0 for long
void
tuner_process(Tuner* self, Signal in, uint32_t n_frames);

/// Return the frequency since the last reading in Hz, or 0 if there is no tone
double
tuner_read(Tuner* self);

#endif // TUNER_H
