// SPDX-License-Identifier: ISC

#include "soft_clip.h"

#include "halfband_tables.h"

#include <math.h>
#include <string.h>

#define KNEE 1.5
#define CUBIC (4.0 / 27.0)

#define MAX_FRAMES SOFT_CLIP_MAX_FRAMES
#define N_PAST SOFT_CLIP_PAST_FRAMES
#define N_OUTER (sizeof(half_band_outer) / sizeof(float))
#define N_INNER (sizeof(half_band_inner) / sizeof(float))

_Static_assert(N_OUTER <= HALFBAND_MAX_PAIRS && N_INNER <= HALFBAND_MAX_PAIRS, "");

/// Below this step the mean is taken at the midpoint: its error there is 1e-13
#define SMALL_STEP 1e-6

void
soft_clip_reset(SoftClip* const self)
{
  memset(self, 0, sizeof(*self));
}

static inline double
curve(const double x)
{
  const double bound = x < -KNEE ? -KNEE : x > KNEE ? KNEE : x;

  return bound - CUBIC * bound * bound * bound;
}

/// Return the integral of curve() from 0 to `x`
static inline double
curve_integral(const double x)
{
  const double size   = fabs(x);
  const double within = size < KNEE ? size : KNEE;
  const double square = within * within;

  return square * (0.5 - 0.25 * CUBIC * square) + (size - within);
}

/// Replace each frame by the mean of the curve since the one before
static void
clip(SoftClip* const self, float* const x, const uint32_t n_frames)
{
  double in[1U + 4U * MAX_FRAMES];
  double integral[1U + 4U * MAX_FRAMES];

  in[0] = self->last;
  for (uint32_t i = 0; i < n_frames; ++i) {
    in[i + 1U] = (double)x[i];
  }
  for (uint32_t i = 0; i <= n_frames; ++i) {
    integral[i] = curve_integral(in[i]);
  }
  for (uint32_t i = 0; i < n_frames; ++i) {
    const double step     = in[i + 1U] - in[i];
    const double mean     = (integral[i + 1U] - integral[i]) / step;
    const double midpoint = curve(0.5 * (in[i + 1U] + in[i]));

    x[i] = (float)(fabs(step) < SMALL_STEP ? midpoint : mean);
  }
  self->last = in[n_frames];
}

static void
run(SoftClip* const    self,
    const float* const in,
    float* const       out,
    const uint32_t     n_frames)
{
  float twice[2U * MAX_FRAMES];
  float four_times[4U * MAX_FRAMES];

  halfband_up(&self->up[0], half_band_outer, N_OUTER, in, twice, n_frames);
  halfband_up(&self->up[1], half_band_inner, N_INNER, twice, four_times, 2U * n_frames);
  clip(self, four_times, 4U * n_frames);
  halfband_down(
    &self->down[1], half_band_inner, N_INNER, four_times, twice, 2U * n_frames);
  halfband_down(&self->down[0], half_band_outer, N_OUTER, twice, out, n_frames);
}

/// Take up where the clipper would be, had it never rested
static void
wake(SoftClip* const self)
{
  float past[N_PAST];
  float ignored[MAX_FRAMES];

  for (uint32_t i = 0; i < N_PAST; ++i) {
    past[i] = self->past[(self->oldest + i) % N_PAST];
  }
  soft_clip_reset(self);
  memcpy(self->past, past, sizeof(past));
  for (uint32_t i = 0; i < N_PAST; i += MAX_FRAMES) {
    run(self, past + i, ignored, MAX_FRAMES);
  }
  self->runs = true;
}

/// Remember the last frames
static void
remember(SoftClip* const self, const float* const in, const uint32_t n_frames)
{
  const uint32_t n_to_end = N_PAST - self->oldest;
  const uint32_t n_first  = n_frames < n_to_end ? n_frames : n_to_end;

  memcpy(self->past + self->oldest, in, n_first * sizeof(float));
  memcpy(self->past, in + n_first, (n_frames - n_first) * sizeof(float));
  self->oldest = (self->oldest + n_frames) % N_PAST;
}

void
soft_clip_process(SoftClip* const    self,
                  const float* const in,
                  float* const       out,
                  const uint32_t     n_frames)
{
  if (!self->runs) {
    wake(self);
  }

  remember(self, in, n_frames);
  run(self, in, out, n_frames);
}

void
soft_clip_rest(SoftClip* const self, const float* const in, const uint32_t n_frames)
{
  remember(self, in, n_frames);
  self->runs = false;
}

void
soft_clip_fade(SoftClip* const   self,
               const Knob* const share,
               float* const      signal,
               const uint32_t    n_frames)
{
  if (knob_rests_at(share, 0.0f)) {
    soft_clip_rest(self, signal, n_frames);
    return;
  }

  float clipped[MAX_FRAMES];
  soft_clip_process(self, signal, clipped, n_frames);
  for (uint32_t i = 0; i < n_frames; ++i) {
    const float faded = signal[i] + share->value[i] * (clipped[i] - signal[i]);

    // Not even the sign of 0 may tell whether the clipper rests
    signal[i] = share->value[i] > 0.0f ? faded : signal[i];
  }
}
