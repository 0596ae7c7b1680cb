// SPDX-License-Identifier: ISC

#include "shaper/halfband.h"

#include <stddef.h>
#include <string.h>

#if defined(__AVX__)
#  define N_LANES 8U
#else
#  define N_LANES 4U
#endif

#define N_TILE (2U * N_LANES) ///< Frames that are computed together

typedef float Lanes __attribute__((vector_size(N_LANES * sizeof(float))));

/// Frames with those before them: frame `i` of the block is at `i + 2 n_pairs - 1`
typedef struct {
  float at[2U * HALFBAND_MAX_PAIRS + HALFBAND_MAX_FRAMES];
} Window;

/// Lay out what is remembered, and return where the next frames belong
static float*
window_open(Window* const self, const HalfbandLine* const line, const uint32_t n_past)
{
  memcpy(self->at, line->past, n_past * sizeof(float));
  return self->at + n_past;
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

/// Return what is halfway between frames `n_pairs - 1` and `n_pairs` from `at` on
static inline float
halfway(const float* const at, const float* const taps, const uint32_t n_pairs)
{
  float sum = 0.0f;
  for (uint32_t t = 0; t < n_pairs; ++t) {
    sum += taps[t] * (at[n_pairs - 1U - t] + at[n_pairs + t]);
  }

  return sum;
}

static inline Lanes
load(const float* const at)
{
  Lanes lanes;
  memcpy(&lanes, at, sizeof(lanes));
  return lanes;
}

/// Do that for N_TILE frames from `at` on, in the same order
static inline __attribute__((always_inline)) void
halfway_tile(const float* const at,
             const float* const taps,
             const uint32_t     n_pairs,
             float* const       out)
{
  const float* before = at + n_pairs - 1U;
  const float* after  = at + n_pairs;
  Lanes        first  = {0};
  Lanes        second = {0};
#pragma GCC unroll 8
  for (uint32_t t = 0; t < n_pairs; ++t, --before, ++after) {
    first += taps[t] * (load(before) + load(after));
    second += taps[t] * (load(before + N_LANES) + load(after + N_LANES));
  }
  memcpy(out, &first, sizeof(first));
  memcpy(out + N_LANES, &second, sizeof(second));
}

/// Write what is halfway between frames `n_pairs - 1` and `n_pairs` of each window
static inline __attribute__((always_inline)) void
find_halfway_of(const Window* const window,
                const float* const  taps,
                const uint32_t      n_pairs,
                float* const        out,
                const uint32_t      n_frames)
{
  uint32_t i = 0;
  for (; i + N_TILE <= n_frames; i += N_TILE) {
    halfway_tile(window->at + i, taps, n_pairs, out + i);
  }
  for (; i < n_frames; ++i) {
    out[i] = halfway(window->at + i, taps, n_pairs);
  }
}

/// Do that with a copy for every small number of pairs, whose taps stay in registers
static void
find_halfway(const Window* const window,
             const float* const  taps,
             const uint32_t      n_pairs,
             float* const        out,
             const uint32_t      n_frames)
{
  switch (n_pairs) {
  case 4:
    find_halfway_of(window, taps, 4, out, n_frames);
    break;
  case 5:
    find_halfway_of(window, taps, 5, out, n_frames);
    break;
  case 7:
    find_halfway_of(window, taps, 7, out, n_frames);
    break;
  case 8:
    find_halfway_of(window, taps, 8, out, n_frames);
    break;
  default:
    find_halfway_of(window, taps, n_pairs, out, n_frames);
    break;
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
  float  between[HALFBAND_MAX_FRAMES];
  memcpy(window_open(&window, &self->in, n_past), in, n_frames * sizeof(float));
  const float* const now = window.at + n_pairs - 1U;
  find_halfway(&window, taps, n_pairs, between, n_frames);
  for (size_t i = 0; i < n_frames; ++i) {
    out[2U * i]      = now[i];
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

  Window       even;
  Window       odd;
  float* const even_in = window_open(&even, &self->even, n_past);
  float* const odd_in  = window_open(&odd, &self->odd, n_past);
  for (size_t i = 0; i < n_frames; ++i) {
    even_in[i] = in[2U * i];
    odd_in[i]  = in[2U * i + 1U];
  }
  const float* const now = even.at + n_pairs;
  find_halfway(&odd, taps, n_pairs, out, n_frames);
  for (size_t i = 0; i < n_frames; ++i) {
    out[i] += 0.5f * now[i];
  }
  window_close(&even, &self->even, n_past, n_frames);
  window_close(&odd, &self->odd, n_past, n_frames);
}
