// SPDX-License-Identifier: ISC

#include "osc/osc_history.h"

#include <stdbool.h>
#include <string.h>

// ---- Inputs

/// Find the motion of a phase that has rested, and what came of it
static void
lay_out_rest(Osc* const self)
{
  OscLines* const lines = &self->lines;

  uint64_t motion = self->motion;
  for (uint32_t i = 1; i <= OSC_PAST; ++i) {
    const uint64_t late         = motion - OSC_LOOKAHEAD * self->rest.step;
    lines->motion[self->at - i] = osc_upper(motion);
    lines->phase[self->at - i]  = osc_synced(self, osc_upper(late));
    motion -= self->rest.step;
  }
}

/// Move the phase without syncs
static void
move(Osc* const self, const uint64_t* const step, const uint32_t n)
{
  uint32_t* const motion = self->lines.motion + self->at;
  uint64_t        sum    = self->motion;
  for (uint32_t i = 0; step && i < n; ++i) {
    sum += step[i];
    motion[i] = osc_upper(sum);
  }
  for (uint32_t i = 0; !step && i < n; ++i) {
    sum += self->rest.step;
    motion[i] = osc_upper(sum);
  }
  self->motion = sum;
}

static void
fill(float* const line, const float value, const uint32_t n)
{
  for (uint32_t i = 0; i < n; ++i) {
    line[i] = value;
  }
}

/// Lay out an input, or `rest` if that is NULL
static void
lay_out(float* const line, const float* const in, const float rest, const uint32_t n)
{
  if (in) {
    memcpy(line, in, n * sizeof(float));
  } else {
    fill(line, rest, n);
  }
}

static void
lay_out_width(Osc* const self, const int32_t* const in, const uint32_t n)
{
  int32_t* const line = self->lines.width + self->at;
  for (uint32_t i = 1; i <= OSC_PAST && self->rest.width_frames == OSC_PAST; ++i) {
    *(line - i) = self->rest.width;
  }
  for (uint32_t i = 0; i < n; ++i) {
    line[i] = in ? in[i] : self->rest.width;
  }
}

static void
lay_out_weights(Osc* const self, const float* const* const in, const uint32_t n)
{
  for (uint32_t s = 0; s < N_SHAPES; ++s) {
    const float  rest = self->rest.weight[s];
    float* const line = self->lines.weight[s] + self->at;
    if (self->rest.weight_frames == OSC_PAST) {
      fill(line - OSC_PAST, rest, OSC_PAST);
    }
    lay_out(line, in ? in[s] : NULL, in ? 0.0f : rest, n);
  }
}

static void
lay_out_sync(Osc* const self, const float* const in, const uint32_t n)
{
  float* const line = self->lines.sync + self->at;
  if (self->rest.sync_frames == OSC_PAST) {
    fill(line - OSC_PAST, 0.0f, OSC_PAST);
  }
  lay_out(line, in, 0.0f, n);
}

void
osc_lay_out_inputs(const OscRun* const run, const OscInputs* const in)
{
  Osc* const self = run->osc;
  if (self->is_steady) {
    lay_out_rest(self);
  }
  move(self, in->step, run->n_frames);
  if (!run->width_is_constant) {
    lay_out_width(self, in->width, run->n_frames);
  }
  if (!run->weight_is_constant) {
    lay_out_weights(self, in->weight, run->n_frames);
  }
  if (!run->sync_is_constant) {
    lay_out_sync(self, in->sync, run->n_frames);
  }
}

/// Return for how many frames an input has rested after `n` more
static uint32_t
rest_frames(const uint32_t before, const bool rests, const uint32_t n)
{
  const uint32_t after = before + n < OSC_PAST ? before + n : OSC_PAST;

  return rests ? after : 0;
}

void
osc_remember(OscRest* const self, const OscInputs* const in, const uint32_t n)
{
  self->step          = in->step ? in->step[n - 1U] : self->step;
  self->width         = in->width ? in->width[n - 1U] : self->width;
  self->step_frames   = rest_frames(self->step_frames, !in->step, n);
  self->width_frames  = rest_frames(self->width_frames, !in->width, n);
  self->weight_frames = rest_frames(self->weight_frames, !in->weight, n);
  self->sync_frames   = rest_frames(self->sync_frames, !in->sync, n);
  for (uint32_t s = 0; in->weight && s < N_SHAPES; ++s) {
    self->weight[s] = in->weight[s] ? in->weight[s][n - 1U] : 0.0f;
  }
}

// ---- Lines

static void
keep_past(void* const line, const uint32_t at)
{
  uint32_t* const frames = line;
  memmove(frames, frames + at - OSC_PAST, OSC_PAST * sizeof(uint32_t));
}

static void
keep_future(float* const line, const uint32_t at)
{
  memmove(line + OSC_PAST, line + at, BLEP_MAX_TAPS * sizeof(float));
  memset(line + OSC_PAST + BLEP_MAX_TAPS, 0, (at - OSC_PAST) * sizeof(float));
}

/// Keep the past of lines that are not laid out anew when their inputs move again
static void
keep_moving(Osc* const self)
{
  const OscRest* const rest  = &self->rest;
  OscLines* const      lines = &self->lines;
  if (!self->is_steady) {
    keep_past(lines->motion, self->at);
    keep_past(lines->phase, self->at);
  }
  if (rest->width_frames < OSC_PAST) {
    keep_past(lines->width, self->at);
  }
  if (rest->sync_frames < OSC_PAST) {
    keep_past(lines->sync, self->at);
  }
  for (uint32_t s = 0; s < N_SHAPES && rest->weight_frames < OSC_PAST; ++s) {
    keep_past(lines->weight[s], self->at);
  }
}

void
osc_make_room(Osc* const self, const uint32_t n_frames)
{
  if (self->at + n_frames + BLEP_MAX_TAPS <= OSC_LINE) {
    return;
  }

  keep_moving(self);
  keep_future(self->lines.residual, self->at);
  keep_future(self->lines.start, self->at);
  self->at = OSC_PAST;
}
