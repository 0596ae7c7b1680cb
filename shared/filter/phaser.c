// SPDX-License-Identifier: ISC

#include "filter/phaser.h"

#include "math/simd.h"

#include <math.h>
#include <string.h>

#define FRAMES_TO_CALM 64U ///< From one look at the states to the next
#define MAX_OCT 60.0       ///< Highest pitch, in octaves above 1 Hz
#define CALM 1e-12         ///< States that are all below are 0

/// Settings of each frame of a chunk
typedef struct {
  PhaserSides slope[FRAMES_TO_CALM];    ///< a
  double      feedback[FRAMES_TO_CALM]; ///< k
  double      gain[FRAMES_TO_CALM];     ///< sqrt(1 - k^2)
} Frames;

void
phaser_reset(Phaser* const self)
{
  memset(self->held, 0, sizeof(self->held));
  self->share        = 1.0;
  self->n_stages     = 0;
  self->n_since_calm = 0;
  self->is_empty     = true;
}

void
phaser_init(Phaser* const self, const double sample_rate)
{
  self->sample_rate = sample_rate;
  phaser_reset(self);
}

// ---- Settings

/// Return a of four pitches
static inline Double4
slopes(const Phaser* const self, const Double4 pitch_oct)
{
  Double4 oct = pitch_oct;
  for (uint32_t j = 0; j < DOUBLE4_FRAMES; ++j) {
    oct[j] = oct[j] > PHASER_MIN_OCT ? oct[j] : PHASER_MIN_OCT;
    oct[j] = oct[j] < MAX_OCT ? oct[j] : MAX_OCT;
  }

  Double4 freq = double4_exp2(oct) * double4_all(1.0 / self->sample_rate);
  for (uint32_t j = 0; j < DOUBLE4_FRAMES; ++j) {
    freq[j] = freq[j] < PHASER_MAX_FREQ ? freq[j] : PHASER_MAX_FREQ;
  }
  const Double4Quotient g = double4_tan_pi(freq);
  return (g.above - g.below) / (g.above + g.below);
}

static void
find_frames(const Phaser* const       self,
            const PhaserInputs* const inputs,
            const uint32_t            start,
            Frames* const             frames,
            const uint32_t            n_frames)
{
  const float* const left  = inputs->pitch_oct[0] + start;
  const float* const right = inputs->pitch_oct[1] + start;
  for (uint32_t i = 0; i < n_frames; i += 2) {
    const uint32_t next      = i + 1U < n_frames ? i + 1U : i;
    const Double4  pitch_oct = {
       (double)left[i], (double)right[i], (double)left[next], (double)right[next]};
    double4_write((double*)&frames->slope[i], slopes(self, pitch_oct));
  }
  for (uint32_t i = 0; i < n_frames; ++i) {
    const double k      = (double)inputs->feedback[start + i];
    frames->feedback[i] = k;
    frames->gain[i]     = sqrt(1.0 - k * k);
  }
}

/// Return true if `n_stages` are in full
static inline bool
has_stages(const Phaser* const self, const uint32_t n_stages)
{
  return self->n_stages == n_stages && self->share == 1.0;
}

/// Go a frame on the way to another number of stages, which fades out and in
static inline void
change_stages(Phaser* const self, const uint32_t n_stages)
{
  if (has_stages(self, n_stages)) {
    return;
  }

  const double step = 1.0 / (PHASER_FADE_S * self->sample_rate);
  if (self->n_stages == n_stages) {
    self->share = self->share + step < 1.0 ? self->share + step : 1.0;
    return;
  }

  self->share -= step;
  if (self->share <= 0.0) {
    self->share    = 0.0;
    self->n_stages = n_stages;
    memset(self->held, 0, sizeof(self->held));
  }
}

// ---- Stages

/// Keep both sides within the bound
static inline PhaserSides
clamp(PhaserSides x)
{
  for (uint32_t s = 0; s < PHASER_N_SIDES; ++s) {
    x[s] = x[s] > -PHASER_BOUND ? x[s] : -PHASER_BOUND;
    x[s] = x[s] < PHASER_BOUND ? x[s] : PHASER_BOUND;
  }
  return x;
}

/// Return y_n of a frame, and write u to `u`
static inline PhaserSides
next(PhaserSides* const held,
     const uint32_t     n_stages,
     const PhaserSides  a,
     const double       k,
     const PhaserSides  in,
     PhaserSides* const u)
{
  // y of a stage is power u + rest
  PhaserSides power[PHASER_MAX_STAGES + 1U];
  PhaserSides rest[PHASER_MAX_STAGES + 1U];
  power[0] = (PhaserSides){1.0, 1.0};
  rest[0]  = (PhaserSides){0.0, 0.0};
  for (uint32_t n = 0; n < n_stages; ++n) {
    power[n + 1U] = a * power[n];
    rest[n + 1U]  = a * rest[n] + (1.0 - a) * held[n];
  }

  // The division waits for no state
  const PhaserSides solved = 1.0 / (1.0 - k * power[n_stages]);

  *u               = clamp((in + k * rest[n_stages]) * solved);
  PhaserSides in_n = *u;
  for (uint32_t n = 0; n < n_stages; ++n) {
    const PhaserSides out_n = power[n + 1U] * *u + rest[n + 1U];
    held[n]                 = (out_n + in_n) - held[n];
    in_n                    = out_n;
  }
  return in_n;
}

/// Make states 0 that nobody can hear
static void
calm(Phaser* const self)
{
  double most = 0.0;
  for (uint32_t n = 0; n < self->n_stages; ++n) {
    most = fmax(most, fmax(fabs(self->held[n][0]), fabs(self->held[n][1])));
  }

  self->is_empty = most < CALM;
  if (self->is_empty) {
    memset(self->held, 0, sizeof(self->held));
  }
}

/// Compute a frame of both sides
static inline void
process_frame(Phaser* const     self,
              const Frames*     frames,
              const uint32_t    i,
              const PhaserSides in,
              PhaserSides*      direct,
              PhaserSides*      phased)
{
  PhaserSides       u;
  const PhaserSides y = next(self->held,
                             self->n_stages,
                             frames->slope[i],
                             self->share * frames->feedback[i],
                             frames->gain[i] * in,
                             &u);

  *direct        = u + 0.0; // Never -0, as in silence
  *phased        = clamp(self->share * y) + 0.0;
  self->is_empty = self->is_empty && in[0] == 0.0 && in[1] == 0.0;
}

static void
process_chunk(Phaser* const             self,
              const PhaserInputs* const inputs,
              const uint32_t            start,
              float* const              direct[PHASER_N_SIDES],
              float* const              phased[PHASER_N_SIDES],
              const uint32_t            n_frames)
{
  Frames frames;
  find_frames(self, inputs, start, &frames, n_frames);
  for (uint32_t i = 0; i < n_frames; ++i) {
    const uint32_t    at = start + i;
    const PhaserSides in = {(double)inputs->in[0][at], (double)inputs->in[1][at]};
    PhaserSides       u;
    PhaserSides       y;
    change_stages(self, inputs->n_stages);
    process_frame(self, &frames, i, in, &u, &y);
    for (uint32_t s = 0; s < PHASER_N_SIDES; ++s) {
      direct[s][at] = (float)u[s];
      phased[s][at] = (float)y[s];
    }
  }
}

/// Go over frames in which nothing sounds
static void
skip(Phaser* const             self,
     const PhaserInputs* const inputs,
     float* const              direct[PHASER_N_SIDES],
     float* const              phased[PHASER_N_SIDES],
     const uint32_t            n_frames)
{
  for (uint32_t i = 0; i < n_frames && !has_stages(self, inputs->n_stages); ++i) {
    change_stages(self, inputs->n_stages);
  }
  for (uint32_t s = 0; s < PHASER_N_SIDES; ++s) {
    memset(direct[s], 0, n_frames * sizeof(float));
    memset(phased[s], 0, n_frames * sizeof(float));
  }
  self->n_since_calm = (self->n_since_calm + n_frames) % FRAMES_TO_CALM;
}

void
phaser_process(Phaser* const             self,
               const PhaserInputs* const inputs,
               float* const              direct[PHASER_N_SIDES],
               float* const              phased[PHASER_N_SIDES],
               const uint32_t            n_frames)
{
  if (self->n_stages == 0) {
    self->n_stages = inputs->n_stages;
  }
  if (phaser_rests(self, inputs->is_silent)) {
    skip(self, inputs, direct, phased, n_frames);
    return;
  }

  // Chunks end where states are calmed, so that no slicing moves that
  uint32_t n = 0;
  for (uint32_t start = 0; start < n_frames; start += n) {
    const uint32_t left = n_frames - start;
    const uint32_t most = FRAMES_TO_CALM - self->n_since_calm;
    n                   = left < most ? left : most;
    process_chunk(self, inputs, start, direct, phased, n);
    self->n_since_calm = (self->n_since_calm + n) % FRAMES_TO_CALM;
    if (self->n_since_calm == 0) {
      calm(self);
    }
  }
}
