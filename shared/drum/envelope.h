// SPDX-License-Identifier: ISC
/**
   How the parts of a drum die away, and how a hit starts on top of the last one.

   A decay is exponential, and its time is that of 60 dB:

     level = 10^(-3 t / decay)

   Below DRUM_END it is over.  That is so far below -120 dB that no drive brings it up
   there again.

   A splice is what sounded when a hit cut it off, on its way to 0 without a step:

     level = held (1 + t / time) exp(-t / time)
*/

#ifndef ENVELOPE_H
#define ENVELOPE_H

#include "math/fast_math.h"

#include <math.h>
#include <stdbool.h>

#define DRUM_END 0x1p-24         ///< -144 dB
#define DECAY_OCT 9.965784284662 ///< Octaves of amplitude in 60 dB
#define DECAY_MAX_OCT 5.0        ///< Longest decay, as octaves of seconds
#define DECAY_MIN_OCT (-10.0)

/// Return what a frame leaves of a level whose decay is 2^`time_oct` seconds
static inline double
decay_factor(const double time_oct, const double sample_rate)
{
  return fast_exp2(-DECAY_OCT / sample_rate * fast_exp2(-time_oct));
}

/// An exponential decay, whose time may move
typedef struct {
  double level;    ///< Of the next frame
  double time_oct; ///< Octaves of seconds that `factor` is for
  double factor;
} Decay;

static inline void
decay_init(Decay* const self, const double time_oct, const double sample_rate)
{
  *self = (Decay){0.0, time_oct, decay_factor(time_oct, sample_rate)};
}

/// Return the level of the next frame, after which it falls for a time of 2^`time_oct`
static inline double
decay_next(Decay* const self, const double time_oct, const double sample_rate)
{
  if (time_oct != self->time_oct) {
    self->time_oct = time_oct;
    self->factor   = decay_factor(time_oct, sample_rate);
  }

  const double level = self->level;
  self->level *= self->factor;
  return level;
}

typedef struct {
  double decay; ///< What a frame leaves
  double held;  ///< Both parts of the sum, which end together
  double rest;
} Splice;

static inline void
splice_reset(Splice* const self)
{
  self->held = 0.0;
  self->rest = 0.0;
}

static inline void
splice_init(Splice* const self, const double sample_rate, const double time_s)
{
  self->decay = exp(-1.0 / (time_s * sample_rate));
  splice_reset(self);
}

/// Start from `level`, which a next frame of 0 would leave with a step
static inline void
splice_start(Splice* const self, const double level)
{
  const double below = level < 1.0 ? level : 1.0;

  self->held = below > -1.0 ? below : -1.0;
  self->rest = 0.0;
}

/// Return the next frame
static inline double
splice_next(Splice* const self)
{
  const double level = self->held + self->rest;

  self->rest = self->decay * (self->rest + (1.0 - self->decay) * self->held);
  self->held = self->decay * self->held;
  return level;
}

/// Return true if the rest can't be heard
static inline bool
splice_is_over(const Splice* const self)
{
  return fabs(self->held) + fabs(self->rest) < DRUM_END;
}

#endif // ENVELOPE_H
