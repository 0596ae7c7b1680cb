// SPDX-License-Identifier: ISC

#include "delay/head.h"

#include <math.h>
#include <string.h>

void
head_reset(Head* const self)
{
  self->n_fading    = 0;
  self->has_started = false;
}

void
head_init(Head* const self, const double sample_rate)
{
  self->fade_frames = (uint32_t)ceil(HEAD_FADE_S * sample_rate);
  head_reset(self);
}

void
head_jump(Head* const self)
{
  if (self->has_started && !head_fades(self)) {
    line_taps_set(&self->old_taps, self->at);
    self->n_fading    = self->fade_frames;
    self->has_started = false; // The next delay is taken whatever it is
  }
}

// ---- Aiming

static inline uint32_t
least(const uint32_t a, const uint32_t b)
{
  return a < b ? a : b;
}

static inline bool
is_jump(const double from, const double to)
{
  return fabs(to - from) > HEAD_JUMP_FRAMES;
}

/// Write the delays up to where a fade must start, and return their number
static uint32_t
find_path(const Head* const   self,
          const double* const delay,
          double* const       path,
          const uint32_t      n_frames)
{
  double at = self->has_started ? self->at : delay[0];
  for (uint32_t i = 0; i < n_frames; ++i) {
    const bool jumps = is_jump(at, delay[i]);
    if (jumps && !head_fades(self)) {
      return i;
    }
    at      = jumps ? at : delay[i];
    path[i] = at;
  }

  return n_frames;
}

/// Return how many frames can be read before the line has to be written to
static uint32_t
reach(const double delay, const uint32_t n_frames)
{
  return least((uint32_t)(int32_t)delay - (LINE_MIN_DELAY - 1U), n_frames);
}

uint32_t
head_aim(Head* const         self,
         const double* const delay,
         const bool          is_still,
         double* const       path,
         const uint32_t      n_frames)
{
  if (self->has_started && is_jump(self->at, delay[0])) {
    head_jump(self);
  }
  if (is_still && !head_fades(self)) {
    memcpy(path, delay, n_frames * sizeof(double));
    return reach(delay[0], n_frames);
  }

  const bool     fades = head_fades(self);
  const uint32_t n =
    find_path(self, delay, path, fades ? least(n_frames, self->n_fading) : n_frames);

  double shortest = fades ? self->old_taps.delay : path[0];
  for (uint32_t i = 0; i < n; ++i) {
    shortest = path[i] < shortest ? path[i] : shortest;
  }
  return reach(shortest, n);
}

// ---- Reading

/// Read as the delays are, which may all be the same
static void
read_path(Head* const         self,
          const Line* const   line,
          const float* const  memory,
          const double* const path,
          const bool          is_still,
          float* const        out,
          const uint32_t      n_frames)
{
  uint32_t n_moving = 0;
  for (uint32_t i = 0; !is_still && i < n_frames; ++i) {
    n_moving += path[i] != path[0];
  }
  if (n_moving > 0) {
    line_read_moving(line, memory, &self->taps, path, out, n_frames);
    return;
  }

  if (self->taps.delay != path[0]) {
    line_taps_set(&self->taps, path[0]);
  }
  line_read(line, memory, &self->taps, out, n_frames);
}

/// Add the head that fades out
static void
fade(const Head* const  self,
     const Line* const  line,
     const float* const memory,
     float* const       out,
     const uint32_t     n_frames)
{
  float old[LINE_CHUNK];
  line_read(line, memory, &self->old_taps, old, n_frames);

  const float step = 1.0f / (float)self->fade_frames;
  for (uint32_t i = 0; i < n_frames; ++i) {
    const float u    = (float)(self->n_fading - i) * step;
    const float gain = u * u * u * (10.0f + u * (6.0f * u - 15.0f));
    out[i] += gain * (old[i] - out[i]);
  }
}

void
head_pass(Head* const self, const double* const path, const uint32_t n_frames)
{
  self->at          = path[n_frames - 1U];
  self->has_started = true;
  self->n_fading -= least(self->n_fading, n_frames);
}

void
head_read(Head* const         self,
          const Line* const   line,
          const float* const  memory,
          const double* const path,
          const bool          is_still,
          float* const        out,
          const uint32_t      n_frames)
{
  read_path(self, line, memory, path, is_still && !head_fades(self), out, n_frames);
  if (head_fades(self)) {
    fade(self, line, memory, out, n_frames);
  }
  head_pass(self, path, n_frames);
}
