// SPDX-License-Identifier: ISC

#include "shaper/align.h"

#include "signal/block.h"

#include <string.h>

void
align_reset(Align* const self)
{
  memset(self, 0, sizeof(*self));
}

void
align_process(Align* const       self,
              const uint32_t     latency,
              const float* const in,
              float* const       out,
              const uint32_t     n_frames)
{
  float line[OVERSAMPLE_MAX_LATENCY + BLOCK_FRAMES];

  memcpy(line, self->past, latency * sizeof(float));
  memcpy(line + latency, in, n_frames * sizeof(float));
  memcpy(self->past, line + n_frames, latency * sizeof(float));
  memcpy(out, line, n_frames * sizeof(float));
}
