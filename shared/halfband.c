// SPDX-License-Identifier: ISC

#include "halfband.h"

#include <string.h>

/// Frames with those before them: frame `i` of the block is at `i + 2 n_pairs - 1`
typedef struct {
  float at[2U * HALFBAND_MAX_PAIRS + HALFBAND_MAX_FRAMES];
} Window;

/// Lay out what is remembered, and every `stride`th frame of `in` after it
static void
window_open(Window* const             self,
            const HalfbandLine* const line,
            const uint32_t            n_past,
            const float* const        in,
            const uint32_t            stride,
            const uint32_t            n_frames)
{
  memcpy(self->at, line->past, n_past * sizeof(float));
  for (uint32_t i = 0; i < n_frames; ++i) {
    self->at[n_past + i] = in[stride * i];
  }
}

/// Remember what the next block needs
static void
window_close(const Window* const self,
             HalfbandLine* const line,
             const uint32_t      n_past,
             const uint32_t      n_frames)
{
  memcpy(line->past, self->at + n_frames, n_past * sizeof(float));
}

/// Add what is halfway between frames `n_pairs - 1` and `n_pairs` of each window
static void
add_between(const Window* const window,
            const float* const  taps,
            const uint32_t      n_pairs,
            float* const        out,
            const uint32_t      n_frames)
{
  for (uint32_t t = 0; t < n_pairs; ++t) {
    const float* const before = window->at + n_pairs - 1U - t;
    const float* const after  = window->at + n_pairs + t;
    for (uint32_t i = 0; i < n_frames; ++i) {
      out[i] += taps[t] * (before[i] + after[i]);
    }
  }
}

void
halfband_up(HalfbandUp* const  self,
            const float* const taps,
            const uint32_t     n_pairs,
            const float* const in,
            float* const       out,
            const uint32_t     n_frames)
{
  const uint32_t n_past = 2U * n_pairs - 1U;

  Window window;
  float  between[HALFBAND_MAX_FRAMES] = {0.0f};
  window_open(&window, &self->in, n_past, in, 1U, n_frames);
  add_between(&window, taps, n_pairs, between, n_frames);
  for (uint32_t i = 0; i < n_frames; ++i) {
    out[2U * i]      = window.at[n_pairs - 1U + i];
    out[2U * i + 1U] = 2.0f * between[i];
  }
  window_close(&window, &self->in, n_past, n_frames);
}

void
halfband_down(HalfbandDown* const self,
              const float* const  taps,
              const uint32_t      n_pairs,
              const float* const  in,
              float* const        out,
              const uint32_t      n_frames)
{
  const uint32_t n_past = 2U * n_pairs - 1U;

  Window even;
  Window odd;
  window_open(&even, &self->even, n_past, in, 2U, n_frames);
  window_open(&odd, &self->odd, n_past, in + 1, 2U, n_frames);
  for (uint32_t i = 0; i < n_frames; ++i) {
    out[i] = 0.5f * even.at[n_pairs + i];
  }
  add_between(&odd, taps, n_pairs, out, n_frames);
  window_close(&even, &self->even, n_past, n_frames);
  window_close(&odd, &self->odd, n_past, n_frames);
}
