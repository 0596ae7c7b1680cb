// SPDX-License-Identifier: ISC
/**
   An input signal, marked if it is constant over the block.

   A constant signal has the same value in all frames, so that one that is computed may
   do for all.  The results must be the same, to the bit.  A SignalD is one of doubles,
   with all of its frames there only if it is not constant.
*/

#ifndef SIGNAL_H
#define SIGNAL_H

#include "signal/block.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
  const float* frame; ///< NULL if unpatched, which is 0 throughout
  bool         is_constant;
} Signal;

typedef struct {
  const double* frame; ///< Only the first is there if it is constant
  bool          is_constant;
} SignalD;

/// The frames of an input that nothing is patched to: 0, in a whole block
extern const float silent_frames[BLOCK_FRAMES];

/// Return a frame
static inline float
signal_at(const Signal self, const uint32_t i)
{
  return self.frame ? self.frame[i] : 0.0f;
}

/// Return the signal from frame `start` on
static inline Signal
signal_from(const Signal self, const uint32_t start)
{
  const Signal rest = {self.frame ? self.frame + start : NULL, self.is_constant};

  return rest;
}

/// Return true if all frames are known to be the same
static inline bool
signal_is_constant(const Signal self)
{
  return self.is_constant || !self.frame;
}

/// Return true if all frames are known to be `value`
static inline bool
signal_stays_at(const Signal self, const float value)
{
  return signal_is_constant(self) && signal_at(self, 0) == value;
}

/// Return a frame
static inline double
signal_d_at(const SignalD self, const uint32_t i)
{
  return self.frame[self.is_constant ? 0 : i];
}

/// Return the signal from frame `start` on
static inline SignalD
signal_d_from(const SignalD self, const uint32_t start)
{
  const SignalD rest = {self.frame + (self.is_constant ? 0 : start), self.is_constant};

  return rest;
}

#endif // SIGNAL_H
