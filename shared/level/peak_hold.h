// SPDX-License-Identifier: ISC
// The highest of some values, held for a while

#ifndef PEAK_HOLD_H
#define PEAK_HOLD_H

#include <stdbool.h>
#include <stdint.h>

typedef struct {
  bool     holds;
  float    value;
  uint64_t n_left; ///< Frames for which it is still held
} PeakHold;

/// Take the highest of the next `n_frames`, which is held for `n_hold` after these
static inline void
peak_hold_add(PeakHold* const self,
              const float     highest,
              const uint64_t  n_frames,
              const uint64_t  n_hold)
{
  const bool is_over = self->n_left < n_frames;

  if (!self->holds || is_over || highest >= self->value) {
    *self = (PeakHold){true, highest, n_hold};
  } else {
    self->n_left -= n_frames;
  }
}

#endif // PEAK_HOLD_H
