// SPDX-License-Identifier: ISC

#include "shaper/shaper.h"

#include <string.h>

#define UPPER_RATE_HZ 768000.0
#define MAX_UPPER (OVERSAMPLE_FRAMES * OVERSAMPLE_MAX_FACTOR)
#define N_LANES 4U

typedef float Lanes __attribute__((vector_size(N_LANES * sizeof(float))));

void
shaper_reset(Shaper* const self)
{
  memset(&self->up, 0, sizeof(self->up));
  memset(&self->down, 0, sizeof(self->down));
  memset(self->past, 0, sizeof(self->past));
  memset(self->past_bias, 0, sizeof(self->past_bias));
  self->n_fading    = 0;
  self->n_silent    = 0;
  self->has_started = false;
}

void
shaper_init(Shaper* const self, const double sample_rate)
{
  self->plan        = oversampling_plan(sample_rate, UPPER_RATE_HZ, 1);
  self->fade_frames = (uint32_t)(SHAPER_FADE_S * sample_rate) + 1U;
  shaper_reset(self);
}

// ---- Drive

/// Amplify the frames of the upper rate within one frame, by numbers that move linearly
static inline void
drive_frame(float* const   x,
            const float    drive_from,
            const float    drive_step,
            const float    bias_from,
            const float    bias_step,
            const uint32_t factor)
{
  // By vectors, as GCC 12 leaves 16 frames scalar
  static const Lanes first = {1.0f, 2.0f, 3.0f, 4.0f};

  uint32_t j = 0;
  for (; j + N_LANES <= factor; j += N_LANES) {
    const Lanes part = first + (float)j;
    Lanes       lanes;
    memcpy(&lanes, x + j, sizeof(lanes));
    lanes = lanes * (drive_from + part * drive_step) + (bias_from + part * bias_step);
    memcpy(x + j, &lanes, sizeof(lanes));
  }
  for (; j < factor; ++j) {
    const float part = (float)(j + 1U);
    x[j] = x[j] * (drive_from + part * drive_step) + (bias_from + part * bias_step);
  }
}

/// The bias of the upper rate, and its past
typedef struct {
  float frames[WAVESHAPE_PAST + MAX_UPPER];
  bool  is_zero; ///< Whether it is 0 in all of them
} Offset;

/// Return how many of `n_frames` from `start` on have the settings of the last frame
static uint32_t
count_steady(const Shaper* const       self,
             const ShaperInputs* const inputs,
             const uint32_t            start,
             const uint32_t            n_frames)
{
  uint32_t n = 0;
  while (n < n_frames && inputs->drive[start + n] == self->drive &&
         inputs->bias[start + n] == self->bias) {
    ++n;
  }

  return n;
}

/// Amplify frames of the upper rate from `x` on
static void
drive(Shaper* const             self,
      const ShaperInputs* const inputs,
      const uint32_t            start,
      float* const              x,
      const uint32_t            n_frames)
{
  const uint32_t factor = self->plan.factor;
  const float    share  = 1.0f / (float)factor;
  for (uint32_t i = 0; i < n_frames; ++i) {
    const uint32_t n_steady = count_steady(self, inputs, start + i, n_frames - i);
    const float    by       = self->drive;
    const float    offset   = self->bias;
    for (uint32_t j = i * factor; j < (i + n_steady) * factor; ++j) {
      x[j] = x[j] * by + offset;
    }
    i += n_steady;
    if (i == n_frames) {
      return;
    }

    self->drive = inputs->drive[start + i];
    self->bias  = inputs->bias[start + i];
    drive_frame(x + i * factor,
                by,
                (self->drive - by) * share,
                offset,
                (self->bias - offset) * share,
                factor);
  }
}

/// Return true if there is no bias in `n_frames`, nor just before
static bool
has_no_bias(const Shaper* const self, const float* const bias, const uint32_t n_frames)
{
  bool is_zero =
    self->bias == 0.0f && self->past_bias[0] == 0.0f && self->past_bias[1] == 0.0f;
  for (uint32_t i = 0; is_zero && i < n_frames; ++i) {
    is_zero = bias[i] == 0.0f;
  }

  return is_zero;
}

/// Write the bias of the frames that are about to be driven
static void
find_offset(Shaper* const      self,
            const float* const bias,
            Offset* const      offset,
            const uint32_t     n_frames)
{
  offset->is_zero = has_no_bias(self, bias, n_frames);
  if (offset->is_zero) {
    return;
  }

  const uint32_t factor = self->plan.factor;
  const float    share  = 1.0f / (float)factor;
  float          from   = self->bias;
  memcpy(offset->frames, self->past_bias, sizeof(self->past_bias));
  memset(offset->frames + WAVESHAPE_PAST, 0, n_frames * factor * sizeof(float));
  for (uint32_t i = 0; i < n_frames; ++i) {
    float* const frames = offset->frames + WAVESHAPE_PAST + i * factor;
    drive_frame(frames, 0.0f, 0.0f, from, (bias[i] - from) * share, factor);
    from = bias[i];
  }
  memcpy(self->past_bias, offset->frames + n_frames * factor, sizeof(self->past_bias));
}

// ---- Shapes

/// Go from the old shape of `x` to `y`, the new one, as far as a fade goes
static __attribute__((noinline)) void
fade(const Shaper* const self,
     const float* const  x,
     float* const        y,
     const uint32_t      n_frames)
{
  const uint32_t factor = self->plan.factor;
  float          old[MAX_UPPER];
  waveshape_process(self->old_shape, x, old, n_frames * factor);

  const float step = 1.0f / (float)self->fade_frames;
  for (uint32_t i = 0; i < n_frames && i < self->n_fading; ++i) {
    const float share = (float)(self->n_fading - i) * step; // Of the old shape
    for (uint32_t j = i * factor; j < (i + 1U) * factor; ++j) {
      y[j] += share * (old[j] - y[j]);
    }
  }
}

/// Write the shape of the frames of the upper rate from `x` on
static void
bend(const Shaper* const self,
     const float* const  x,
     float* const        y,
     const uint32_t      n_frames)
{
  waveshape_process(self->shape, x, y, n_frames * self->plan.factor);
  if (self->n_fading > 0) {
    fade(self, x, y, n_frames);
  }
}

/// Take away the shape of the bias alone
static __attribute__((noinline)) void
take_offset(const Shaper* const self,
            const Offset* const offset,
            float* const        y,
            const uint32_t      n_frames)
{
  if (offset->is_zero) {
    return;
  }

  float shape[MAX_UPPER];
  bend(self, offset->frames + WAVESHAPE_PAST, shape, n_frames);
  for (uint32_t j = 0; j < n_frames * self->plan.factor; ++j) {
    y[j] -= shape[j];
  }
}

/// Start a fade where the shape has changed, unless there is one
static void
change_shape(Shaper* const self, const Waveshape shape)
{
  if (!self->has_started) {
    self->shape = shape;
  } else if (self->n_fading == 0 && shape != self->shape) {
    self->old_shape = self->shape;
    self->shape     = shape;
    self->n_fading  = self->fade_frames;
  }
}

/// Return how many frames there are until a fade ends, of `n_frames`
static uint32_t
until_fade_ends(const Shaper* const self, const uint32_t n_frames)
{
  return self->n_fading > 0 && self->n_fading < n_frames ? self->n_fading : n_frames;
}

// ---- Frames

/// Write `n_frames` bent at the upper rate, in a stack of its own
static __attribute__((noinline)) void
bend_chunk(Shaper* const             self,
           const ShaperInputs* const inputs,
           const uint32_t            start,
           float* const              y,
           const uint32_t            n_frames)
{
  float        frames[WAVESHAPE_PAST + MAX_UPPER];
  float* const x = frames + WAVESHAPE_PAST;
  Offset       offset;

  memcpy(frames, self->past, sizeof(self->past));
  oversample_up(&self->up, &self->plan, inputs->in + start, x, n_frames);
  find_offset(self, inputs->bias + start, &offset, n_frames);
  drive(self, inputs, start, x, n_frames);
  memcpy(self->past, frames + n_frames * self->plan.factor, sizeof(self->past));

  bend(self, x, y, n_frames);
  take_offset(self, &offset, y, n_frames);
  self->n_fading -= self->n_fading < n_frames ? self->n_fading : n_frames;
}

static void
process_chunk(Shaper* const             self,
              const ShaperInputs* const inputs,
              const uint32_t            start,
              float* const              out,
              const uint32_t            n_frames)
{
  float y[MAX_UPPER];
  bend_chunk(self, inputs, start, y, n_frames);
  oversample_down(&self->down, &self->plan, y, out + start, n_frames);
}

/// Return true if nothing is left that could sound; count silence
static bool
is_done(Shaper* const self, const bool is_silent, const uint32_t n_frames)
{
  const bool is_done =
    is_silent && self->n_silent >= OVERSAMPLE_TAIL && self->n_fading == 0;

  self->n_silent = is_silent ? self->n_silent + n_frames : 0;
  if (self->n_silent > OVERSAMPLE_TAIL) {
    self->n_silent = OVERSAMPLE_TAIL;
  }
  return is_done;
}

void
shaper_process(Shaper* const             self,
               const Waveshape           shape,
               const ShaperInputs* const inputs,
               float* const              out,
               const uint32_t            n_frames)
{
  change_shape(self, shape);
  if (!self->has_started) {
    self->drive   = inputs->drive[0];
    self->bias    = inputs->bias[0];
    self->past[0] = self->past[1] = inputs->bias[0];
    self->past_bias[0] = self->past_bias[1] = inputs->bias[0];
    self->has_started                       = true;
  }
  if (is_done(self, inputs->is_silent, n_frames)) {
    self->drive = inputs->drive[n_frames - 1U];
    memset(out, 0, n_frames * sizeof(float));
    return;
  }

  uint32_t n = 0;
  for (uint32_t start = 0; start < n_frames; start += n) {
    const uint32_t left = n_frames - start;
    n = until_fade_ends(self, left < OVERSAMPLE_FRAMES ? left : OVERSAMPLE_FRAMES);
    process_chunk(self, inputs, start, out, n);
    change_shape(self, shape);
  }
}
