// SPDX-License-Identifier: ISC

#include "delay/line.h"

#include "delay_tables.h"

#include <math.h>
#include <string.h>

#define N_VECTORS (LINE_TAPS / 4U)
#define BEHIND (LINE_TAPS / 2U) ///< Frames read before the whole frames of a delay

_Static_assert(sizeof(delay_taps_24[0]) == LINE_TAPS * sizeof(float), "as generated");

uint32_t
line_frames(const double max_delay)
{
  return (uint32_t)ceil(max_delay) + LINE_TAPS + LINE_GUARD;
}

void
line_init(Line* const self, float* const memory, const uint32_t n_frames)
{
  memset(memory, 0, line_memory(n_frames) * sizeof(float));
  self->n_frames = n_frames;
  line_reset(self);
}

void
line_reset(Line* const self)
{
  self->at       = 0;
  self->n_filled = 0;
}

// ---- Taps

static inline Float4
load(const float* const frames)
{
  Float4 x;
  memcpy(&x, frames, sizeof(x));
  return x;
}

void
line_taps_set(LineTaps* const taps, const double delay)
{
  const int32_t whole    = (int32_t)delay;
  const float   fraction = 0.5f - (float)(delay - (double)whole);
  const Float4  u        = {fraction, fraction, fraction, fraction};
  const Float4  square   = u * u;
  const Float4  fourth   = square * square;

  taps->delay = delay;
  taps->whole = (uint32_t)whole;
#pragma GCC unroll 6
  for (uint32_t v = 0; v < N_VECTORS; ++v) {
    const float* const coef = &delay_taps_24[0][4U * v];
    const Float4       a    = load(coef) + u * load(coef + LINE_TAPS);
    const Float4 b = load(coef + 2U * LINE_TAPS) + u * load(coef + 3U * LINE_TAPS);
    const Float4 c = load(coef + 4U * LINE_TAPS) + u * load(coef + 5U * LINE_TAPS);
    const Float4 d = load(coef + 6U * LINE_TAPS);
    taps->taps[v]  = (a + square * b) + fourth * (c + square * d);
  }
}

// ---- Writing

void
line_write(Line* const        self,
           float* const       memory,
           const float* const in,
           const uint32_t     n_frames)
{
  const uint32_t left   = self->n_frames - self->at;
  const uint32_t before = n_frames < left ? n_frames : left;
  memcpy(memory + self->at, in, before * sizeof(float));
  memcpy(memory, in + before, (n_frames - before) * sizeof(float));

  // The guard repeats the start
  if (self->at < LINE_GUARD || before < n_frames) {
    memcpy(memory + self->n_frames, memory, LINE_GUARD * sizeof(float));
  }

  self->at = before < left ? self->at + before : n_frames - before;
  self->n_filled += n_frames;
  if (self->n_filled > self->n_frames) {
    self->n_filled = self->n_frames;
  }
}

// ---- Reading

/// Return what line_window() does for `n_frames`, which are copied if some are older
/// than the reset
static inline const float*
filled_window(const Line* const  self,
              const float* const memory,
              const uint32_t     distance,
              float* const       copy,
              const uint32_t     n_frames)
{
  if (distance <= self->n_filled) {
    return line_window(self, memory, distance);
  }

  const uint32_t missing = distance - self->n_filled;
  const uint32_t n_zeros = missing < n_frames ? missing : n_frames;
  memset(copy, 0, n_zeros * sizeof(float));
  memcpy(copy + n_zeros,
         line_window(self, memory, self->n_filled),
         (n_frames - n_zeros) * sizeof(float));
  return copy;
}

/// Return a sum over the taps, in the same order for one frame and for many
static inline float
sum(const float* const x, const Float4* const h)
{
  const Float4 s = ((load(x) * h[0] + load(x + 4) * h[1]) +
                    (load(x + 8) * h[2] + load(x + 12) * h[3])) +
                   (load(x + 16) * h[4] + load(x + 20) * h[5]);

  return (s[0] + s[2]) + (s[1] + s[3]);
}

/// Return one of the four sums of a frame's that sum() adds up
static inline float
part_sum(const float* const x, const float* const h)
{
  return ((x[0] * h[0] + x[4] * h[4]) + (x[8] * h[8] + x[12] * h[12])) +
         (x[16] * h[16] + x[20] * h[20]);
}

void
line_read(const Line* const     self,
          const float* const    memory,
          const LineTaps* const taps,
          float* const          out,
          const uint32_t        n_frames)
{
  float              copy[LINE_GUARD];
  float              h[LINE_TAPS];
  const float* const x =
    filled_window(self, memory, taps->whole + BEHIND, copy, n_frames + LINE_TAPS - 1U);
  memcpy(h, taps->taps, sizeof(h));

  // Frames side by side, as there is then nothing to add up across a vector
  for (uint32_t i = 0; i < n_frames; ++i) {
    out[i] = (part_sum(x + i, h) + part_sum(x + i + 2, h + 2)) +
             (part_sum(x + i + 1, h + 1) + part_sum(x + i + 3, h + 3));
  }
}

void
line_read_moving(const Line* const   self,
                 const float* const  memory,
                 LineTaps* const     taps,
                 const double* const delay,
                 float* const        out,
                 const uint32_t      n_frames)
{
  float    copy[LINE_TAPS];
  LineTaps now = *taps;
  for (uint32_t i = 0; i < n_frames; ++i) {
    if (delay[i] != now.delay) {
      line_taps_set(&now, delay[i]);
    }
    out[i] = sum(filled_window(self, memory, now.whole + BEHIND - i, copy, LINE_TAPS),
                 now.taps);
  }
  *taps = now;
}

void
line_copy(const Line* const  self,
          const float* const memory,
          const uint32_t     delay,
          float* const       out,
          const uint32_t     n_frames)
{
  float copy[LINE_CHUNK];

  memcpy(
    out, filled_window(self, memory, delay, copy, n_frames), n_frames * sizeof(float));
}
