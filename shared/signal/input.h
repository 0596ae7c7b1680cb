// SPDX-License-Identifier: ISC
/**
   A signal that comes in, of which it is known whether it moves.

   What is still has the same value in all frames, which may spare looking at more than
   the first.  The results must be the same.
*/

#ifndef INPUT_H
#define INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
  const float* frame; ///< NULL if unpatched, which is 0 throughout
  bool         is_constant;
} Input;

/// Return a frame
static inline float
input_at(const Input self, const uint32_t i)
{
  return self.frame ? self.frame[i] : 0.0f;
}

/// Return what comes in from frame `start` on
static inline Input
input_from(const Input self, const uint32_t start)
{
  const Input rest = {self.frame ? self.frame + start : NULL, self.is_constant};

  return rest;
}

/// Return true if all frames are known to be the same
static inline bool
input_is_constant(const Input self)
{
  return self.is_constant || !self.frame;
}

#endif // INPUT_H
