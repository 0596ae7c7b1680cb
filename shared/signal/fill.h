// SPDX-License-Identifier: ISC
// Frames of one value, such as those of a gate that stays: most of what runs at rest

#ifndef FILL_H
#define FILL_H

#include <stdint.h>

/// Write `value`, to the bit, to `n_frames` of `out`
void
fill_frames(float* out, float value, uint32_t n_frames);

#endif // FILL_H
