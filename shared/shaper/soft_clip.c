// SPDX-License-Identifier: ISC

#include "shaper/soft_clip.h"

#include "halfband_tables.h"
#include "signal/gain.h"

#include <string.h>

#define N_OUTER (sizeof(half_band_outer) / sizeof(float))
#define N_INNER (sizeof(half_band_inner) / sizeof(float))

_Static_assert(2U * BLOCK_FRAMES <= HALFBAND_MAX_FRAMES, "the inner stage has twice");
_Static_assert(N_OUTER <= HALFBAND_MAX_PAIRS && N_INNER <= HALFBAND_MAX_PAIRS, "");

void
soft_clip_reset(SoftClip* const self)
{
  memset(self, 0, sizeof(*self));
}

static void
clip(float* const x, const uint32_t n_frames)
{
  for (uint32_t i = 0; i < n_frames; ++i) {
    const float u      = x[i] * (1.0f / SOFT_CLIP_KNEE);
    const float below  = u < 1.0f ? u : 1.0f;
    const float bound  = below > -1.0f ? below : -1.0f;
    const float square = bound * bound;

    x[i] =
      bound * (2.1875f + square * (-2.1875f + square * (1.3125f - 0.3125f * square)));
  }
}

void
soft_clip_process(SoftClip* const    self,
                  const float* const in,
                  float* const       out,
                  const uint32_t     n_frames)
{
  float twice[2U * BLOCK_FRAMES];
  float four_times[4U * BLOCK_FRAMES];

  halfband_up(&self->up[0], half_band_outer, N_OUTER, in, twice, n_frames);
  halfband_up(&self->up[1], half_band_inner, N_INNER, twice, four_times, 2U * n_frames);
  clip(four_times, 4U * n_frames);
  halfband_down(
    &self->down[1], half_band_inner, N_INNER, four_times, twice, 2U * n_frames);
  halfband_down(&self->down[0], half_band_outer, N_OUTER, twice, out, n_frames);
}

/// Start where `share` leaves 0, or stands elsewhere since the reset
static void
start(SoftClip* const self, const Knob* const share)
{
  const bool fades = smooth_is_at(&share->glide, 0.0);

  soft_clip_reset(self);
  self->runs       = true;
  self->n_settling = fades ? SOFT_CLIP_SETTLE_FRAMES : 0U;
}

void
soft_clip_blend(SoftClip* const self,
                Knob* const     share,
                float* const    signal,
                const uint32_t  n_frames)
{
  if (knob_stays_at(share, 0.0)) {
    return;
  }
  if (!self->runs) {
    start(self, share);
  }

  float          clipped[BLOCK_FRAMES];
  const uint32_t n_to_settle =
    self->n_settling < n_frames ? self->n_settling : n_frames;
  soft_clip_process(self, signal, clipped, n_frames);
  self->n_settling -= n_to_settle;
  if (n_to_settle < n_frames) {
    knob_process(share, n_frames - n_to_settle);
    gain_blend(clipped + n_to_settle,
               share->value,
               signal + n_to_settle,
               n_frames - n_to_settle);
  }
  self->runs = !knob_stays_at(share, 0.0);
}
