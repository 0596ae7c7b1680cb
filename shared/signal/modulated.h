// SPDX-License-Identifier: ISC
/**
   A knob that a CV moves, as far as a second knob lets it, in doubles.

   Where modulate.h takes knobs and their frames as floats, here a knob at rest is all
   of the double that it was turned to, and needs one frame only.  All but
   modulated_init() is real-time safe.  Units are the caller's: equal steps should sound
   equal (octaves, dB).
*/

#ifndef MODULATED_H
#define MODULATED_H

#include "signal/signal.h"
#include "signal/smooth.h"

#include <stdbool.h>
#include <stdint.h>

#define MODULATED_MAX_FRAMES 64U ///< Most frames at once

/// Where a knob and that of its amount are
typedef struct {
  double value;
  double amount; ///< Units per volt
} KnobPair;

typedef struct {
  Smoother value;
  Smoother per_volt;
  KnobPair target;
  bool     rests; ///< Whether both are there
} Modulated;

/// Set up for `time_s`, the seconds in which 1 - 1/e of a step is done
void
modulated_init(Modulated* self, double sample_rate, double time_s);

/// Forget the position: the next target will be reached at once
void
modulated_reset(Modulated* self);

/// Turn the knob and that of its amount
void
modulated_set(Modulated* self, KnobPair target);

/// Return where the knob and that of its amount are
KnobPair
modulated_position(const Modulated* self);

/// Return true if that would let it glide further than `most`, at any CV up to +-`cv_v`
bool
modulated_is_far(const Modulated* self, KnobPair target, double most, double cv_v);

/// Return true if neither the knob nor its CV moves
static inline bool
modulated_stays(const Modulated* const self, const Signal cv)
{
  return self->rests && (self->target.amount == 0.0 || signal_is_constant(cv));
}

/**
   Return a knob that rests at `knob`, moved by `cv`, in `n_frames` from its first on.

   The frames are in `out`, or in `knob` if nothing moves it, which must last as long.
*/
SignalD
modulated_follow(const KnobPair* knob, Signal cv, double* out, uint32_t n_frames);

/**
   Return the knob moved by itself and by `cv` in the next `n_frames`.

   There are at most MODULATED_MAX_FRAMES; they are in `out`, or in `self`.
*/
SignalD
modulated_process(Modulated* self, Signal cv, double* out, uint32_t n_frames);

/// Return the sum of two, with room for it in `out`, which may be the frames of one
SignalD
modulated_add(SignalD a, SignalD b, double* out, uint32_t n_frames);

#endif // MODULATED_H
