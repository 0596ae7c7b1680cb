// SPDX-License-Identifier: ISC

#include "delay/resonator.h"

#include "delay/loop.h"
#include "delay_tables.h"
#include "math/fast_math.h"
#include "signal/units.h"

#include <math.h>
#include <string.h>

#define UPPER_RATE_HZ 96000.0
#define MAX_UPPER (OVERSAMPLE_FRAMES * 2U)
#define N_TAPS RESONATOR_TAPS
#define N_VECTORS (N_TAPS / 4U)
#define MAX_FEEDBACK 0.999998 ///< Taps gain up to 9e-6 dB
#define LOG2_60_DB 9.965784284662087
#define SCALE (RESONATOR_CEILING / LOOP_CEILING)
#define TWO_PI 6.283185307179586

_Static_assert(sizeof(delay_taps_12[0]) == N_TAPS * sizeof(float), "as generated");

// ---- Setup

static double
rate_of(const Oversampling* const plan, const double sample_rate)
{
  return sample_rate * plan->factor;
}

static uint32_t
frames_of_line(const double sample_rate)
{
  const Oversampling plan = oversampling_plan(sample_rate, UPPER_RATE_HZ, 0);
  const double       most = rate_of(&plan, sample_rate) / RESONATOR_LOWEST_HZ;

  return line_frames(fmax(most, 2.0 * RESONATOR_MIN_SUBS));
}

size_t
resonator_memory(const double sample_rate)
{
  return line_memory(frames_of_line(sample_rate));
}

/// Return for how many frames there is silence until all is empty
static uint32_t
frames_to_idle(const Resonator* const self)
{
  return self->line.n_frames / self->plan.factor + 1U + OVERSAMPLE_TAIL;
}

void
resonator_reset(Resonator* const self, float* const memory)
{
  memset(memory, 0, line_memory(self->line.n_frames) * sizeof(float));
  memset(&self->up, 0, sizeof(self->up));
  memset(&self->down, 0, sizeof(self->down));
  line_reset(&self->line);
  self->past[0] = self->past[1] = 0.0f;
  self->reading                 = 0.0;
  self->for_length              = 0.0;
  self->has_started             = false;
  self->n_silent                = frames_to_idle(self);
}

void
resonator_init(Resonator* const self, float* const memory, const double sample_rate)
{
  self->plan          = oversampling_plan(sample_rate, UPPER_RATE_HZ, 0);
  self->rate_hz       = rate_of(&self->plan, sample_rate);
  self->line.n_frames = frames_of_line(sample_rate);
  line_init(&self->line, memory, self->line.n_frames);
  resonator_reset(self, memory);
}

// ---- The loop

static inline Float4
load(const float* const frames)
{
  Float4 x;
  memcpy(&x, frames, sizeof(x));
  return x;
}

/// Read `delay` sub-frames before the next from now on
static inline void
tune(Resonator* const self, const double delay)
{
  if (delay == self->reading) {
    return;
  }

  const int32_t whole    = (int32_t)delay;
  const float   fraction = 0.5f - (float)(delay - (double)whole);
  const Float4  u        = {fraction, fraction, fraction, fraction};
  const Float4  square   = u * u;
  const Float4  fourth   = square * square;
  self->reading          = delay;
  self->whole            = (uint32_t)whole;
#pragma GCC unroll 3
  for (uint32_t v = 0; v < N_VECTORS; ++v) {
    const float* const coef = &delay_taps_12[0][4U * v];
    const Float4       a    = load(coef) + u * load(coef + N_TAPS);
    const Float4       b    = load(coef + 2U * N_TAPS) + u * load(coef + 3U * N_TAPS);
    const Float4       c    = load(coef + 4U * N_TAPS) + u * load(coef + 5U * N_TAPS);
    const Float4       d    = load(coef + 6U * N_TAPS);
    self->taps[v]           = (a + square * b) + fourth * (c + square * d);
  }
}

static inline float
read_line(const Resonator* const self, const float* const memory)
{
  const float* const x = line_window(&self->line, memory, self->whole + N_TAPS / 2U);
  const Float4       s = (load(x) * self->taps[0] + load(x + 4) * self->taps[1]) +
                   load(x + 8) * self->taps[2];

  return (s[0] + s[2]) + (s[1] + s[3]);
}

/// Return sin^2 x for x from 0 to 0.4, within 1e-11
static inline double
sine_squared(const double x)
{
  const double square = x * x;
  const double upper  = 2.0 / 45.0 + square * (-1.0 / 315.0 + square * 2.0 / 14175.0);

  return square * (1.0 + square * (-1.0 / 3.0 + square * upper));
}

/**
   Find feedback and damping of a loop whose fundamental keeps a part of itself a round.

   The damping keeps 1 - 4 b sin^2(w / 2) of a frequency w, which the feedback makes up
   for at the fundamental.  What is below it, and 0 Hz above all, then rings for longer:
   b is limited so that this is twice the decay time at most.
*/
static void
set_loss(Resonator* const self,
         const double     kept,
         const double     fundamental,
         const double     damping)
{
  const double lost = 4.0 * sine_squared(0.5 * fundamental);
  const double root = sqrt(kept);
  const double most = (1.0 - root) / lost;
  const double b    = damping < most ? damping : most;
  const double due  = kept / (1.0 - b * lost);

  self->damping  = (float)b;
  self->feedback = due < MAX_FEEDBACK ? (float)due : (float)MAX_FEEDBACK;
}

/// Return the length of the loop, and find its feedback and damping
static double
find_loop(Resonator* const self, const ResonatorInputs* const inputs, const uint32_t i)
{
  const double pitch_oct = inputs->pitch_oct[i];
  const float  decay_oct = inputs->decay_oct[i];
  const float  damping   = inputs->damping[i];
  const double part      = inputs->is_tube ? 0.5 : 1.0;
  const double longest   = (double)(self->line.n_frames - LINE_TAPS);
  const double due       = part * self->rate_hz / C4_HZ * fast_exp2(-pitch_oct);
  const double above     = due > RESONATOR_MIN_SUBS ? due : RESONATOR_MIN_SUBS;
  const double length    = above < longest ? above : longest;
  const double key       = inputs->is_tube ? -length : length;
  if (key != self->for_length || decay_oct != self->decay_oct ||
      damping != self->for_damping) {
    const double decays = length / self->rate_hz * fast_exp2(-(double)decay_oct);
    const double lost   = decays < 50.0 ? LOG2_60_DB * decays : 500.0;
    set_loss(self, fast_exp2(-lost), TWO_PI * part / length, (double)damping);
    self->for_length  = key;
    self->decay_oct   = decay_oct;
    self->for_damping = damping;
  }
  return length;
}

/// Let one sub-frame go round
static inline float
next(Resonator* const self,
     float* const     memory,
     const float      in,
     const float      feedback,
     const float      damping)
{
  const float last   = self->past[0];
  const float read   = read_line(self, memory);
  const float damped = last + damping * ((read + self->past[1]) - (last + last));
  float       v      = (in + feedback * damped) * (1.0f / SCALE);
  self->past[1]      = last;
  self->past[0]      = read;

  loop_limit(&v, 1);
  v = fabsf(v) < LOOP_SILENCE ? 0.0f : SCALE * v;
  line_push(&self->line, memory, v);
  return v;
}

/// Process frames at the upper rate; returns how many at the end are silent
static uint32_t
process_chunk(Resonator* const             self,
              float* const                 memory,
              const ResonatorInputs* const inputs,
              const uint32_t               start,
              float* const                 x,
              const uint32_t               n_frames)
{
  const uint32_t factor = self->plan.factor;
  const double   share  = 1.0 / factor;
  uint32_t       n      = 0;
  for (uint32_t i = 0; i < n_frames; ++i) {
    const double length   = find_loop(self, inputs, start + i);
    const float  feedback = inputs->is_tube ? -self->feedback : self->feedback;
    const double from     = self->has_started ? self->length : length;
    bool         sounds   = inputs->in[start + i] != 0.0f;
    for (uint32_t j = 0; j < factor; ++j) {
      float* const sub = x + i * factor + j;
      tune(self, from + (length - from) * share * (j + 1U) - 1.0);
      *sub = next(self, memory, *sub, feedback, self->damping);
      sounds |= *sub != 0.0f;
    }
    self->length      = length;
    self->has_started = true;
    n                 = sounds ? 0U : n + 1U;
  }
  return n;
}

void
resonator_process(Resonator* const             self,
                  float* const                 memory,
                  const ResonatorInputs* const inputs,
                  float* const                 out,
                  const uint32_t               n_frames)
{
  const uint32_t to_idle = frames_to_idle(self);
  if (inputs->is_silent && self->n_silent >= to_idle) {
    self->length      = find_loop(self, inputs, n_frames - 1U);
    self->has_started = true;
    memset(out, 0, n_frames * sizeof(float));
    return;
  }

  uint32_t n = 0;
  for (uint32_t start = 0; start < n_frames; start += n) {
    float x[MAX_UPPER];
    n = n_frames - start < OVERSAMPLE_FRAMES ? n_frames - start : OVERSAMPLE_FRAMES;
    oversample_up(&self->up, &self->plan, inputs->in + start, x, n);
    const uint32_t n_at_end = process_chunk(self, memory, inputs, start, x, n);
    oversample_down(&self->down, &self->plan, x, out + start, n);
    const uint32_t n_since = n_at_end < n ? n_at_end : self->n_silent + n;
    self->n_silent         = n_since < to_idle ? n_since : to_idle;
  }
}
