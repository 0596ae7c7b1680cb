// SPDX-License-Identifier: ISC

#include "delay/reverb.h"

#include "delay/reverb_memory.h"
#include "delay/reverb_step.h"
#include "math/simd.h"

#include <math.h>
#include <string.h>

#define MAX_LINE 256.0f ///< No line holds more where anything moves

/// Both callers of a group's halves are to keep its lines in registers
#define ALWAYS_INLINE static inline __attribute__((always_inline))

/// How much of either channel goes into the two halves of the lines: both have a share
/// whether a channel is silent, or both are the same
#define NEAR 0.46f
#define FAR 0.19f

static const float diffusion[REVERB_DIFFUSERS] = {0.75f, 0.75f, 0.625f, 0.625f};

// ---- Four frames: `y` has those of all lines

/// Four lines of four frames to four frames of four lines, or back
static inline void
transpose(Float4 x[GROUP])
{
  const Float4 a = __builtin_shufflevector(x[0], x[1], 0, 4, 1, 5);
  const Float4 b = __builtin_shufflevector(x[2], x[3], 0, 4, 1, 5);
  const Float4 c = __builtin_shufflevector(x[0], x[1], 2, 6, 3, 7);
  const Float4 d = __builtin_shufflevector(x[2], x[3], 2, 6, 3, 7);
  x[0]           = __builtin_shufflevector(a, b, 0, 1, 4, 5);
  x[1]           = __builtin_shufflevector(a, b, 2, 3, 6, 7);
  x[2]           = __builtin_shufflevector(c, d, 0, 1, 4, 5);
  x[3]           = __builtin_shufflevector(c, d, 2, 3, 6, 7);
}

/// Return the share of what a fade goes to, which rises as 10 t^3 - 15 t^4 + 6 t^5
static inline Float4
fade_share(const Reverb* const self)
{
  const float  done = (float)((self->fade_groups - self->fade_left) * GROUP);
  const Float4 t    = (all4(done) + (Float4){1.0f, 2.0f, 3.0f, 4.0f}) *
                   (1.0f / (float)(self->fade_groups * GROUP));

  return t * t * t * (10.0f + t * (6.0f * t - 15.0f));
}

static void
read_lines_fading(Reverb* const self, Float4 y[REVERB_LINES])
{
  const float* const memory = memory_of(self) + self->group * GROUP;
  const Float4       share  = fade_share(self);
  for (uint32_t k = 0; k < REVERB_LINES; ++k) {
    const Float4 from = read4(memory + self->read_from[k]);
    y[k]              = from + share * (read4(memory + self->read[k]) - from);
  }
}

static inline void
read_lines(Reverb* const self, Float4 y[REVERB_LINES])
{
  if (self->fade_left) {
    read_lines_fading(self, y);
    return;
  }

  const float* const memory = memory_of(self) + self->group * GROUP;
#pragma GCC unroll 16
  for (uint32_t k = 0; k < REVERB_LINES; ++k) {
    y[k] = read4(memory + self->read[k]);
  }
}

/// Absorb a part of what four lines hold, and leave a quarter of the rest
static inline void
absorb_four(Reverb* const self, const uint32_t first, Float4 y[GROUP])
{
  const float  done = (float)(self->group + 1U);
  const Float4 gain = read4(self->gain + first) + done * read4(self->gain_step + first);
  const Float4 pole = read4(self->pole + first) + done * read4(self->pole_step + first);
  Float4       low  = read4(self->low + first);
  transpose(y);
#pragma GCC unroll 4
  for (uint32_t j = 0; j < GROUP; ++j) {
    low  = y[j] * gain + pole * low;
    y[j] = low;
  }
  transpose(y);
  write4(self->low + first, low);
}

/// Begin a group: find what comes out of the lines, and the output, without any input
ALWAYS_INLINE void
open_group(Reverb* const self, Float4 y[REVERB_LINES], Float4 out[2])
{
  read_lines(self, y);
#pragma GCC unroll 4
  for (uint32_t k = 0; k < REVERB_LINES; k += GROUP) {
    absorb_four(self, k, y + k);
  }

  const Float4 a = (y[0] - y[1]) + (y[2] - y[3]);
  const Float4 b = (y[4] - y[5]) + (y[6] - y[7]);
  const Float4 c = (y[8] - y[9]) + (y[10] - y[11]);
  const Float4 d = (y[12] - y[13]) + (y[14] - y[15]);
  const Float4 e = (y[0] + y[1]) - (y[2] + y[3]);
  const Float4 f = (y[4] + y[5]) - (y[6] + y[7]);
  const Float4 g = (y[8] + y[9]) - (y[10] + y[11]);
  const Float4 h = (y[12] + y[13]) - (y[14] + y[15]);
  out[0]         = (a - b) + (c - d);
  out[1]         = (e + f) - (g + h);

  const Float4 energy = out[0] * out[0] + out[1] * out[1];
  write4(self->energy, read4(self->energy) + energy);
}

/// Return four frames of a one-pole low pass
static inline Float4
cut(const ReverbCut* const self, float* const state, const Float4 x)
{
  const Float4 zero = {0.0f, 0.0f, 0.0f, 0.0f};

  Float4 y = x * self->gain;
  y        = y + self->pole * __builtin_shufflevector(zero, y, 0, 4, 5, 6);
  y        = y + self->pole_2 * __builtin_shufflevector(zero, y, 0, 1, 4, 5);
  y        = y + *state * read4(self->pole_1_to_4);
  *state   = y[3];
  return y;
}

/// Return the input after its pre-delay
static inline Float4
delay_input(Reverb* const self, const uint32_t channel, const Float4 x)
{
  float* const   memory = memory_of(self);
  const uint32_t place  = self->group * GROUP;
  ring_write(memory + pre_delay_start(self, channel),
             self->n_pre_delay,
             self->pre_at + place,
             x);

  const Float4 to = read4(memory + self->read_pre_delay[channel] + place);
  if (!self->fade_left) {
    return to;
  }

  const Float4 from = read4(memory + self->read_pre_delay_from[channel] + place);
  return from + fade_share(self) * (to - from);
}

/// Return the input of a channel as it gets into the lines
static inline Float4
diffuse(Reverb* const self, const uint32_t c, const Float4 in)
{
  ReverbChannel* const channel = &self->channel[c];
  float* const         memory  = memory_of(self);
  const uint32_t       place   = self->group * GROUP;

  Float4 x = delay_input(self, c, in);
  x        = x - cut(&self->low_cut, &channel->below_low, x);
  x        = cut(&self->high_cut, &channel->below_high, x);
#pragma GCC unroll 4
  for (uint32_t d = 0; d < REVERB_DIFFUSERS; ++d) {
    const Float4 past = read4(memory + self->read_diffuser[c][d] + place);
    const Float4 v    = x - diffusion[d] * past;
    ring_write(memory + diffuser_start(self, c, d),
               self->n_diffuser,
               self->diffuser_at + place,
               v);
    x = past + diffusion[d] * v;
  }
  return x;
}

/// Multiply four vectors by Hadamard's matrix
static inline void
butterfly(Float4* const p, Float4* const q, Float4* const r, Float4* const s)
{
  const Float4 a = *p + *q;
  const Float4 b = *p - *q;
  const Float4 c = *r + *s;
  const Float4 d = *r - *s;
  *p             = a + c;
  *q             = b + d;
  *r             = a - c;
  *s             = b - d;
}

/// Mix all lines with Hadamard's matrix, and turn the pairs
static inline void
mix_lines(const Reverb* const self, Float4 y[REVERB_LINES], const Float4 place)
{
#pragma GCC unroll 4
  for (uint32_t k = 0; k < REVERB_LINES; k += 4U) {
    butterfly(y + k, y + k + 1, y + k + 2, y + k + 3);
  }
#pragma GCC unroll 4
  for (uint32_t k = 0; k < 4U; ++k) {
    butterfly(y + k, y + k + 4, y + k + 8, y + k + 12);
  }
#pragma GCC unroll 8
  for (uint32_t k = 0; k < REVERB_PAIRS; ++k) {
    const Float4 c = read4(self->turn_cos[k]) + place * read4(self->turn_cos_step[k]);
    const Float4 s = read4(self->turn_sin[k]) + place * read4(self->turn_sin_step[k]);
    const Float4 a = y[k];
    const Float4 b = y[k + REVERB_PAIRS];

    y[k]                = c * a - s * b;
    y[k + REVERB_PAIRS] = s * a + c * b;
  }
}

static inline Float4
clamp4(const Float4 x, const float most)
{
  float frames[GROUP];
  write4(frames, x);
  for (uint32_t j = 0; j < GROUP; ++j) {
    const float above = frames[j] > -most ? frames[j] : -most;
    frames[j]         = above < most ? above : most;
  }
  return read4(frames);
}

/// Add what comes in to what all lines are written with
static inline void
add_input(Float4 y[REVERB_LINES], const Float4 u, const Float4 v)
{
#pragma GCC unroll 8
  for (uint32_t k = 0; k < REVERB_PAIRS; ++k) {
    y[k]                = k & 1U ? y[k] - u : y[k] + u;
    y[k + REVERB_PAIRS] = k & 1U ? y[k + REVERB_PAIRS] - v : y[k + REVERB_PAIRS] + v;
  }
}

static void
clamp_lines(Float4 y[REVERB_LINES])
{
  for (uint32_t k = 0; k < REVERB_LINES; ++k) {
    y[k] = clamp4(y[k], MAX_LINE);
  }
}

static inline void
write_lines(Reverb* const self, const Float4 y[REVERB_LINES])
{
  const uint32_t at     = self->at + self->group * GROUP;
  float* const   memory = memory_of(self) + at;
#pragma GCC unroll 16
  for (uint32_t k = 0; k < REVERB_LINES; ++k) {
    write4(memory + line_start(self, k), y[k]);
  }
  if (at < MIRROR) {
    for (uint32_t k = 0; k < REVERB_LINES; ++k) {
      write4(memory + line_start(self, k) + self->n_line, y[k]);
    }
  }
}

/// End a group: mix what came out of the lines, and send it back with the input
ALWAYS_INLINE void
close_group(Reverb* const self, Float4 y[REVERB_LINES], const Float4 in[2])
{
  const Float4 energy = in[0] * in[0] + in[1] * in[1];
  write4(self->energy, read4(self->energy) + energy);

  const float  done  = (float)(self->group * GROUP);
  const Float4 place = all4(done) + (Float4){1.0f, 2.0f, 3.0f, 4.0f};
  const Float4 open  = all4(self->open) + place * self->open_step;
  const Float4 left  = open * diffuse(self, 0, in[0]);
  const Float4 right = open * diffuse(self, 1, in[1]);
  mix_lines(self, y, place);
  add_input(y, NEAR * left + FAR * right, FAR * left - NEAR * right);
  if (self->moves) {
    clamp_lines(y);
  }
  write_lines(self, y);

  self->fade_left -= self->fade_left > 0U;
  if (++self->group == GROUPS) {
    reverb_end_step(self);
  }
}

// ---- Any number of frames

/// Process a group that is all there
static inline void
process_group(Reverb* const      self,
              const float* const in_left,
              const float* const in_right,
              float* const       left,
              float* const       right)
{
  Float4       y[REVERB_LINES];
  Float4       out[2];
  const Float4 in[2] = {read4(in_left), read4(in_right)};
  open_group(self, y, out);
  write4(left, out[0]);
  write4(right, out[1]);
  close_group(self, y, in);
}

/// Begin a group that is not all there
static void
open_pending(Reverb* const self)
{
  Float4 y[REVERB_LINES];
  Float4 out[2];
  open_group(self, y, out);
  memcpy(self->pending, y, sizeof(self->pending));
  memcpy(self->pending_out, out, sizeof(self->pending_out));
}

static void
close_pending(Reverb* const self)
{
  Float4 y[REVERB_LINES];
  Float4 in[2];
  memcpy(y, self->pending, sizeof(y));
  memcpy(in, self->pending_in, sizeof(in));
  self->n_pending = 0;
  close_group(self, y, in);
}

/// Process up to `n_frames` of a group that is not all there; return how many
static uint32_t
process_pending(Reverb* const      self,
                const float* const in_left,
                const float* const in_right,
                float* const       left,
                float* const       right,
                const uint32_t     n_frames)
{
  const uint32_t start = self->n_pending;
  const uint32_t n     = n_frames < GROUP - start ? n_frames : GROUP - start;
  if (start == 0U) {
    open_pending(self);
  }
  memcpy(left, self->pending_out[0] + start, n * sizeof(float));
  memcpy(right, self->pending_out[1] + start, n * sizeof(float));
  memcpy(self->pending_in[0] + start, in_left, n * sizeof(float));
  memcpy(self->pending_in[1] + start, in_right, n * sizeof(float));
  self->n_pending = start + n;
  if (self->n_pending == GROUP) {
    close_pending(self);
  }
  return n;
}

/// Return how many frames from `start` on are too soft to wake it
static uint32_t
count_silent(const ReverbInputs* const inputs,
             const uint32_t            start,
             const uint32_t            n_frames)
{
  if (inputs->is_silent) {
    return n_frames - start;
  }

  uint32_t i = start;
  while (i < n_frames && fabsf(inputs->left[i]) < REVERB_SILENT &&
         fabsf(inputs->right[i]) < REVERB_SILENT) {
    ++i;
  }
  return i - start;
}

static void
clamp_output(float* const out, const uint32_t n_frames)
{
  for (uint32_t i = 0; i < n_frames; ++i) {
    const float x     = out[i];
    const float above = x > -REVERB_MAX_OUT ? x : -REVERB_MAX_OUT;
    out[i]            = above < REVERB_MAX_OUT ? above : REVERB_MAX_OUT;
  }
}

void
reverb_process(Reverb* const             self,
               const ReverbInputs* const inputs,
               float* const              left,
               float* const              right,
               const uint32_t            n_frames)
{
  uint32_t n = 0;
  for (uint32_t i = 0; i < n_frames; i += n) {
    const float* const in_left  = inputs->left + i;
    const float* const in_right = inputs->right + i;
    n = self->is_asleep ? count_silent(inputs, i, n_frames) : 0U;
    if (n) {
      memset(left + i, 0, n * sizeof(float));
      memset(right + i, 0, n * sizeof(float));
      continue;
    }
    if (self->group == 0U && self->n_pending == 0U) {
      reverb_begin_step(self, inputs, i);
    }
    if (self->n_pending == 0U && n_frames - i >= GROUP) {
      process_group(self, in_left, in_right, left + i, right + i);
      n = GROUP;
    } else {
      n = process_pending(self, in_left, in_right, left + i, right + i, n_frames - i);
    }
  }
  clamp_output(left, n_frames);
  clamp_output(right, n_frames);
}
