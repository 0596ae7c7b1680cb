// SPDX-License-Identifier: ISC

#include "delay/chorus.h"

#include "delay/loop.h"

#include <math.h>
#include <string.h>

#define RIGHT_CYCLES 0.25 ///< By which the right side is ahead

/// How voices differ, so that they do not meet
static const struct {
  double ratio;
  double cycles;
} voices[CHORUS_N_VOICES] = {{1.0, 0.0}, {1.31, 0.5}, {0.83, 0.25}, {1.17, 0.75}};

/// The delays of a chunk, in frames, and the shortest one
typedef struct {
  double frames[CHORUS_N_SIDES][CHORUS_N_VOICES][LINE_CHUNK];
  double shortest;
} Paths;

// ---- Setup

static uint32_t
frames_of_line(const double sample_rate)
{
  return line_frames(fmax(CHORUS_MAX_S * sample_rate, 2.0 * CHORUS_MIN_FRAMES));
}

size_t
chorus_memory(const double sample_rate)
{
  return CHORUS_N_SIDES * line_memory(frames_of_line(sample_rate));
}

/// Return the memory of a side's line
static float*
memory_of(const Chorus* const self, float* const memory, const uint32_t side)
{
  return memory + side * line_memory(self->line[0].n_frames);
}

void
chorus_reset(Chorus* const self)
{
  wobble_reset(&self->wobble);
  for (uint32_t s = 0; s < CHORUS_N_SIDES; ++s) {
    line_reset(&self->line[s]);
  }
  self->n_silent = self->line[0].n_frames;
}

void
chorus_init(Chorus* const self, float* const memory, const double sample_rate)
{
  self->sample_rate = sample_rate;
  wobble_init(&self->wobble, sample_rate);
  self->line[0].n_frames = frames_of_line(sample_rate);
  for (uint32_t s = 0; s < CHORUS_N_SIDES; ++s) {
    line_init(&self->line[s], memory_of(self, memory, s), frames_of_line(sample_rate));
  }
  chorus_reset(self);
}

// ---- Voices

/// Write the delays of one voice on one side
static void
find_path(const Chorus* const       self,
          const ChorusInputs* const inputs,
          const uint32_t            side,
          const uint32_t            voice,
          Paths* const              paths,
          const uint32_t            n_frames)
{
  const double  longest = line_max_delay(&self->line[0]);
  double* const path    = paths->frames[side][voice];
  wobble_write(&self->wobble,
               inputs->freq_hz.frame,
               fmod(voices[voice].cycles + (side ? RIGHT_CYCLES : 0.0), 1.0),
               path,
               n_frames);
  for (uint32_t i = 0; i < n_frames; ++i) {
    const double swing_s = (double)inputs->depth_s[i] * (1.0 + path[i]);
    const double delay_s = voices[voice].ratio * (double)inputs->delay_s[i] + swing_s;
    const double frames  = delay_s * self->sample_rate;
    const double above   = frames > CHORUS_MIN_FRAMES ? frames : CHORUS_MIN_FRAMES;
    path[i]              = above < longest ? above : longest;
    paths->shortest      = path[i] < paths->shortest ? path[i] : paths->shortest;
  }
}

/// Write the delays of all voices that are on
static void
find_paths(const Chorus* const       self,
           const ChorusInputs* const inputs,
           Paths* const              paths,
           const uint32_t            n_frames)
{
  paths->shortest = line_max_delay(&self->line[0]);
  for (uint32_t s = 0; s < CHORUS_N_SIDES; ++s) {
    for (uint32_t v = 0; v < CHORUS_N_VOICES; ++v) {
      if (inputs->weight[v]) {
        find_path(self, inputs, s, v, paths, n_frames);
      }
    }
  }
}

/// Write the voices of one side to `out`, and what goes into its line to `x`
static void
process_side(Chorus* const             self,
             const ChorusInputs* const inputs,
             const Paths* const        paths,
             const uint32_t            side,
             const float* const        memory,
             const uint32_t            start,
             float* const              out,
             float* const              x,
             const uint32_t            n_frames)
{
  memset(out, 0, n_frames * sizeof(float));
  memcpy(x, inputs->in[side] + start, n_frames * sizeof(float));
  for (uint32_t v = 0; v < CHORUS_N_VOICES; ++v) {
    if (!inputs->weight[v]) {
      continue;
    }
    float              late[LINE_CHUNK];
    const float* const weight = inputs->weight[v] + start;
    line_read_moving(&self->line[side],
                     memory,
                     &self->taps[side][v],
                     paths->frames[side][v] + start,
                     late,
                     n_frames);
    for (uint32_t i = 0; i < n_frames; ++i) {
      out[i] += weight[i] * late[i];
    }
    for (uint32_t i = 0; v == 0 && i < n_frames; ++i) {
      x[i] += inputs->feedback[start + i] * late[i];
    }
  }
  loop_limit(x, n_frames);
}

void
chorus_process(Chorus* const             self,
               float* const              memory,
               const ChorusInputs* const inputs,
               float* const              out[CHORUS_N_SIDES],
               const uint32_t            n_frames)
{
  const uint32_t to_idle = self->line[0].n_frames;
  const bool     is_idle = inputs->is_silent && self->n_silent >= to_idle;
  for (uint32_t s = 0; is_idle && s < CHORUS_N_SIDES; ++s) {
    memset(out[s], 0, n_frames * sizeof(float));
  }

  Paths paths = {.shortest = 0.0};
  if (!is_idle) {
    find_paths(self, inputs, &paths, n_frames);
  }
  const uint32_t most = (uint32_t)(int32_t)paths.shortest - (LINE_MIN_DELAY - 1U);
  uint32_t       n    = 0;
  for (uint32_t start = 0; !is_idle && start < n_frames; start += n) {
    uint32_t n_since = 0;
    n                = n_frames - start < most ? n_frames - start : most;
    n_since          = self->n_silent + n;
    for (uint32_t s = 0; s < CHORUS_N_SIDES; ++s) {
      float        x[LINE_CHUNK];
      float* const frames = memory_of(self, memory, s);
      process_side(self, inputs, &paths, s, frames, start, out[s] + start, x, n);
      n_since = loop_gate(x, n_since, n);
      line_write(&self->line[s], frames, x, n);
    }
    self->n_silent = n_since < to_idle ? n_since : to_idle;
  }
  wobble_pass(&self->wobble, inputs->freq_hz, n_frames);
}
