// SPDX-License-Identifier: ISC
// Steps of pictures: what a second instance does at each clock

#include "display/drawing.h"

#include "display/drawing_impl.h"

#include <math.h>
#include <string.h>

#define HIGH_V 10.0f

enum {
  STEP_FRAMES  = 32, ///< From a clock to the next
  MIDDLE_FRAME = 12  ///< Where gates of short steps are still high
};

_Static_assert(STEP_FRAMES* DRAW_MAX_BARS* DRAW_MAX_OUTS <= DRAW_FRAMES, "all fit");

/// Return what an output is in a step
static float
level_of(const float* const frames, const bool is_peak)
{
  float level = frames[MIDDLE_FRAME];
  for (int i = 0; is_peak && i < STEP_FRAMES; ++i) {
    level = fmaxf(level, frames[i]);
  }
  return level;
}

void
draw_find_steps(Drawing* const self, const DrawSteps* const steps, float* const levels)
{
  const uint32_t n_steps =
    steps->n_steps < DRAW_MAX_BARS ? steps->n_steps : DRAW_MAX_BARS;
  const uint32_t n_frames = n_steps * STEP_FRAMES;
  const double   rate     = STEP_FRAMES / DRAW_STEP_S;
  memset(levels, 0, (size_t)n_steps * steps->n_outs * sizeof(float));
  if (!model_start(&self->model, rate, steps->outs, steps->n_outs)) {
    return;
  }

  for (uint32_t n = 0; n < steps->n_notes && self->model.plugin->midi; ++n) {
    self->model.plugin->midi(self->model.state, steps->notes[n], 3);
  }

  const DrawSignal clock = {steps->clock, DRAW_PULSES, 0.0f, HIGH_V, DRAW_STEP_S};
  const ModelTake  take  = {steps->outs, steps->n_outs, self->frames, n_frames};
  model_run(&self->model, &clock, 1, &take, n_frames);
  for (uint32_t o = 0; o < steps->n_outs; ++o) {
    for (uint32_t s = 0; s < n_steps; ++s) {
      const float* const frames = self->frames + (size_t)o * n_frames + s * STEP_FRAMES;
      levels[o * n_steps + s]   = level_of(frames, steps->is_peak);
    }
  }
}
