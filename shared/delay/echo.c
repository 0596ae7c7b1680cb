// SPDX-License-Identifier: ISC

#include "delay/echo.h"

#include "delay/loop.h"

#include <math.h>
#include <string.h>

#define SATURATION_GLIDE_S 0.005

/// The frames of a chunk
typedef struct {
  double   path[ECHO_N_SIDES][LINE_CHUNK];
  float    wet[ECHO_N_SIDES][LINE_CHUNK];
  float    x[ECHO_N_SIDES][LINE_CHUNK];
  uint32_t start;
  uint32_t n;
} Chunk;

// ---- Setup

static uint32_t
frames_of_line(const double sample_rate)
{
  const double most = fmin(ECHO_MAX_S * sample_rate, ECHO_MAX_FRAMES);

  return line_frames(fmax(most, OVERSAMPLE_MAX_LATENCY + LINE_CHUNK));
}

size_t
echo_memory(const double sample_rate)
{
  return ECHO_N_SIDES * line_memory(frames_of_line(sample_rate));
}

/// Return the memory of a side's line
static float*
memory_of(const Echo* const self, float* const memory, const uint32_t side)
{
  return memory + side * line_memory(self->side[side].line.n_frames);
}

/// Forget what is in the loop but not in the lines
static void
clear_loop(Echo* const self)
{
  echo_filter_reset(&self->filter);
  for (uint32_t s = 0; s < ECHO_N_SIDES; ++s) {
    align_reset(&self->side[s].align);
    shaper_reset(&self->side[s].shaper);
    line_reset(&self->side[s].line);
  }
}

/// Return for how many frames nothing is written until a loop is empty
static uint32_t
frames_to_idle(const Echo* const self)
{
  return self->side[0].line.n_frames + OVERSAMPLE_TAIL;
}

void
echo_reset(Echo* const self)
{
  clear_loop(self);
  for (uint32_t s = 0; s < ECHO_N_SIDES; ++s) {
    head_reset(&self->side[s].head);
    self->side[s].frozen = 0;
  }
  knob_reset(&self->saturation);
  self->saturates  = false;
  self->n_settling = 0;
  self->freeze_at  = 0;
  self->n_silent   = frames_to_idle(self);
}

void
echo_init(Echo* const self, float* const memory, const double sample_rate)
{
  self->sample_rate = sample_rate;
  self->fade_frames = (uint32_t)ceil(HEAD_FADE_S * sample_rate);
  for (uint32_t s = 0; s < ECHO_N_SIDES; ++s) {
    EchoSide* const side = &self->side[s];
    side->line.n_frames  = frames_of_line(sample_rate);
    line_init(&side->line, memory_of(self, memory, s), side->line.n_frames);
    head_init(&side->head, sample_rate);
    shaper_init(&side->shaper, sample_rate);
  }
  echo_filter_init(&self->filter, sample_rate);
  knob_init(&self->saturation, sample_rate, SATURATION_GLIDE_S);
  echo_reset(self);
}

bool
echo_is_idle(const Echo* const self)
{
  return self->n_silent >= frames_to_idle(self);
}

bool
echo_rests(const Echo* const self,
           const double      delay[ECHO_N_SIDES],
           const bool        is_frozen)
{
  const double   latency = (double)shaper_latency(&self->side[0].shaper);
  const uint32_t frozen  = is_frozen ? self->fade_frames : 0U;
  bool rests = echo_is_idle(self) && self->freeze_at == frozen && !self->saturates &&
               knob_stays_at(&self->saturation, 0.0);
  for (uint32_t s = 0; s < ECHO_N_SIDES; ++s) {
    const Head* const head = &self->side[s].head;
    rests &= head->has_started && !head_fades(head) && head->at == delay[s] - latency;
  }
  return rests;
}

void
echo_set_saturation(Echo* const self, const bool is_on)
{
  knob_set(&self->saturation, is_on ? 1.0 : 0.0);
}

// ---- Chunks

static uint32_t
least(const uint32_t a, const uint32_t b)
{
  return a < b ? a : b;
}

/// Return how many frames a freeze lets be processed at once
static uint32_t
frames_of_freeze(const Echo* const self, const bool is_frozen, const uint32_t n_frames)
{
  const uint32_t left =
    is_frozen ? self->fade_frames - self->freeze_at : self->freeze_at;
  uint32_t n = left > 0 ? least(n_frames, left) : n_frames;
  for (uint32_t s = 0; s < ECHO_N_SIDES && self->freeze_at > 0; ++s) {
    n = least(n, self->side[s].frozen);
  }
  return n;
}

/// Find how many frames can be processed at once, and where they are read
static void
aim(Echo* const self, const EchoInputs* const inputs, Chunk* const chunk)
{
  const double   latency = (double)shaper_latency(&self->side[0].shaper);
  const uint32_t to_idle = frames_to_idle(self) - self->n_silent;

  chunk->n = to_idle > 0 ? least(chunk->n, to_idle) : chunk->n;
  chunk->n = frames_of_freeze(self, inputs->is_frozen, chunk->n);
  for (uint32_t s = 0; s < ECHO_N_SIDES; ++s) {
    double delay[LINE_CHUNK];
    for (uint32_t i = 0; i < chunk->n; ++i) {
      delay[i] = inputs->delay[s][chunk->start + i] - latency;
    }
    chunk->n =
      head_aim(&self->side[s].head, delay, inputs->is_still, chunk->path[s], chunk->n);
  }
}

/// Take the lengths of what is to be frozen, where a freeze begins
static void
catch_length(Echo* const self, const EchoInputs* const inputs, const Chunk* const chunk)
{
  if (!inputs->is_frozen || self->freeze_at > 0) {
    return;
  }

  const double latency = (double)shaper_latency(&self->side[0].shaper);
  for (uint32_t s = 0; s < ECHO_N_SIDES; ++s) {
    const uint32_t frames = (uint32_t)(int32_t)(chunk->path[s][0] + latency + 0.5);
    self->side[s].frozen  = least(frames, self->side[s].line.n_frames);
  }
}

// ---- Silence

/// Gate both sides of a chunk, and return the frames since anything sounded
static uint32_t
gate_sides(Chunk* const chunk, const uint32_t n_since)
{
  const uint32_t n = loop_gate(chunk->x[0], n_since, chunk->n);

  return loop_gate(chunk->x[1], n, chunk->n);
}

// ---- The loop

/// Write what comes back from the heads, and what comes in, to `x`
static void
close_loop(Echo* const self, const EchoInputs* const inputs, Chunk* const chunk)
{
  float left[LINE_CHUNK];
  float right[LINE_CHUNK];
  memcpy(left, chunk->wet[0], chunk->n * sizeof(float));
  memcpy(right, chunk->wet[1], chunk->n * sizeof(float));

  if (inputs->has_filter) {
    const EchoFilterInputs* const f    = &inputs->filter;
    const EchoFilterInputs        rest = {f->low_oct + chunk->start,
                                          f->high_oct + chunk->start,
                                          f->low_share + chunk->start,
                                          f->high_share + chunk->start};
    echo_filter_process(&self->filter, &rest, left, right, chunk->n);
  } else {
    echo_filter_reset(&self->filter);
  }

  const float* const feedback = inputs->feedback + chunk->start;
  const float* const cross    = inputs->cross + chunk->start;
  for (uint32_t i = 0; i < chunk->n; ++i) {
    const float swap = cross[i] * (right[i] - left[i]);
    chunk->x[0][i]   = inputs->in[0][chunk->start + i] + feedback[i] * (left[i] + swap);
    chunk->x[1][i] = inputs->in[1][chunk->start + i] + feedback[i] * (right[i] - swap);
  }
  loop_limit(chunk->x[0], chunk->n);
  loop_limit(chunk->x[1], chunk->n);
}

/// Saturate one side of the chunk, whose plain delay is `x`
static void
blend_shaper(EchoSide* const         side,
             const EchoInputs* const inputs,
             const Chunk* const      chunk,
             const float* const      in,
             const float* const      share,
             const bool              is_silent,
             float* const            x)
{
  static const float no_bias[LINE_CHUNK] = {0.0f};

  float              shaped[LINE_CHUNK];
  const float* const drive         = inputs->drive + chunk->start;
  const ShaperInputs shaper_inputs = {in, drive, no_bias, is_silent};
  shaper_process(&side->shaper, inputs->shape, &shaper_inputs, shaped, chunk->n);
  for (uint32_t i = 0; i < chunk->n; ++i) {
    const float part = shaped[i] / drive[i];
    x[i]             = share[i] >= 1.0f ? part : x[i] + share[i] * (part - x[i]);
  }
}

/// Let `x` through the saturator, or a plain delay of the same latency
static void
saturate(Echo* const             self,
         const EchoInputs* const inputs,
         const bool              is_silent,
         Chunk* const            chunk)
{
  const uint32_t latency = shaper_latency(&self->side[0].shaper);
  const bool     runs    = !knob_stays_at(&self->saturation, 0.0);
  if (runs && !self->saturates) {
    self->n_settling = self->saturation.glide.started ? OVERSAMPLE_TAIL : 0U;
    shaper_reset(&self->side[0].shaper);
    shaper_reset(&self->side[1].shaper);
  }

  float          share[LINE_CHUNK];
  const uint32_t n_waiting = least(self->n_settling, chunk->n);
  if (runs) {
    memset(share, 0, chunk->n * sizeof(float));
  }
  if (runs && n_waiting < chunk->n) {
    knob_process(&self->saturation, chunk->n - n_waiting);
    memcpy(share + n_waiting,
           self->saturation.value,
           (chunk->n - n_waiting) * sizeof(float));
  }
  self->n_settling -= n_waiting;
  for (uint32_t s = 0; s < ECHO_N_SIDES; ++s) {
    EchoSide* const side = &self->side[s];
    float           in[LINE_CHUNK];
    memcpy(in, chunk->x[s], chunk->n * sizeof(float));
    align_process(&side->align, latency, in, chunk->x[s], chunk->n);
    if (runs) {
      blend_shaper(side, inputs, chunk, in, share, is_silent, chunk->x[s]);
    }
  }
  self->saturates = runs && !knob_stays_at(&self->saturation, 0.0);
}

/// Blend `x` with what the line held before, as far as it is frozen
static void
freeze(const Echo* const       self,
       const EchoInputs* const inputs,
       float* const            memory,
       Chunk* const            chunk)
{
  if (!inputs->is_frozen && self->freeze_at == 0) {
    return;
  }

  const float step = 1.0f / (float)self->fade_frames;
  float       copies[ECHO_N_SIDES][LINE_CHUNK];
  for (uint32_t s = 0; s < ECHO_N_SIDES; ++s) {
    line_copy(&self->side[s].line,
              memory_of(self, memory, s),
              self->side[s].frozen,
              copies[s],
              chunk->n);
  }
  for (uint32_t i = 0; i < chunk->n; ++i) {
    const uint32_t in = least(self->freeze_at + i + 1U, self->fade_frames);
    const uint32_t at =
      inputs->is_frozen ? in : self->freeze_at - least(self->freeze_at, i + 1U);
    const float u = (float)at * step;
    const float share =
      at == self->fade_frames ? 1.0f : u * u * u * (10.0f + u * (6.0f * u - 15.0f));
    const float  cross = inputs->cross[chunk->start + i];
    const float  swap  = cross * (copies[1][i] - copies[0][i]);
    const float  left  = cross >= 1.0f ? copies[1][i] : copies[0][i] + swap;
    const float  right = cross >= 1.0f ? copies[0][i] : copies[1][i] - swap;
    float* const x     = &chunk->x[0][i];
    float* const y     = &chunk->x[1][i];
    *x                 = share >= 1.0f ? left : *x + share * (left - *x);
    *y                 = share >= 1.0f ? right : *y + share * (right - *y);
  }
}

/// Move on with the fade of a freeze
static void
pass_freeze(Echo* const self, const bool is_frozen, const uint32_t n_frames)
{
  self->freeze_at = is_frozen ? least(self->freeze_at + n_frames, self->fade_frames)
                              : self->freeze_at - least(self->freeze_at, n_frames);
}

// ---- Frames

/// Let all go on that does while nothing sounds
static void
pass(Echo* const self, const EchoInputs* const inputs, Chunk* const chunk)
{
  memset(chunk->wet, 0, sizeof(chunk->wet));
  memset(chunk->x, 0, sizeof(chunk->x));
  saturate(self, inputs, true, chunk);
  for (uint32_t s = 0; s < ECHO_N_SIDES; ++s) {
    head_pass(&self->side[s].head, chunk->path[s], chunk->n);
  }
  pass_freeze(self, inputs->is_frozen, chunk->n);
}

static void
process_chunk(Echo* const             self,
              float* const            memory,
              const EchoInputs* const inputs,
              Chunk* const            chunk)
{
  for (uint32_t s = 0; s < ECHO_N_SIDES; ++s) {
    EchoSide* const side = &self->side[s];
    head_read(&side->head,
              &side->line,
              memory_of(self, memory, s),
              chunk->path[s],
              inputs->is_still,
              chunk->wet[s],
              chunk->n);
  }
  close_loop(self, inputs, chunk);
  const bool     was_idle = echo_is_idle(self);
  const uint32_t n_in     = gate_sides(chunk, self->n_silent + chunk->n);
  saturate(self, inputs, false, chunk);
  freeze(self, inputs, memory, chunk);
  pass_freeze(self, inputs->is_frozen, chunk->n);

  self->n_silent = least(gate_sides(chunk, n_in), frames_to_idle(self));
  for (uint32_t s = 0; s < ECHO_N_SIDES; ++s) {
    line_write(&self->side[s].line, memory_of(self, memory, s), chunk->x[s], chunk->n);
  }
  if (!was_idle && echo_is_idle(self)) {
    clear_loop(self);
  }
}

void
echo_process(Echo* const             self,
             float* const            memory,
             const EchoInputs* const inputs,
             float* const            out[ECHO_N_SIDES],
             const uint32_t          n_frames)
{
  Chunk chunk = {.start = 0};
  for (; chunk.start < n_frames; chunk.start += chunk.n) {
    chunk.n = least(n_frames - chunk.start, LINE_CHUNK);
    aim(self, inputs, &chunk);
    catch_length(self, inputs, &chunk);

    const bool is_idle = inputs->is_silent && echo_is_idle(self);
    if (is_idle) {
      pass(self, inputs, &chunk);
    } else {
      process_chunk(self, memory, inputs, &chunk);
    }
    for (uint32_t s = 0; s < ECHO_N_SIDES; ++s) {
      memcpy(out[s] + chunk.start, chunk.wet[s], chunk.n * sizeof(float));
    }
  }
}
