// SPDX-License-Identifier: ISC

#include "shaper/prompt.h"

#include <math.h>
#include <string.h>

#define PI 3.14159265358979323846

/// The doublings from rates around 48 kHz, 96 kHz and 192 kHz, which keep 20 kHz clean
static const struct {
  double   half_width; ///< From half the lower rate to either band, over the upper rate
  uint32_t n_pairs;
} designs[PROMPT_MAX_STAGES] = {{4.0 / 96.0, 4}, {28.0 / 192.0, 3}, {76.0 / 384.0, 2}};

// ---- Design

/// Modulus and periods of a filter's elliptic functions
typedef struct {
  double k; ///< Modulus
  double q; ///< Nome
  double order;
} Ellipse;

static Ellipse
ellipse(const double half_width, const uint32_t n_pairs)
{
  const double root = tan((1.0 - 2.0 * half_width) * (PI / 4.0));
  const double k    = root * root;
  const double part = pow(1.0 - k * k, 0.25);
  const double e    = 0.5 * (1.0 - part) / (1.0 + part);
  const double e4   = e * e * e * e;

  const Ellipse self = {
    k, e * (1.0 + e4 * (2.0 + e4 * (15.0 + e4 * 150.0))), 4.0 * n_pairs + 1.0};
  return self;
}

/// Return the factor of all-pass `n`, counted from 1 up through both chains
static double
all_pass_factor(const Ellipse* const self, const uint32_t n)
{
  const double angle = n * PI / self->order;

  double upper = 0.0;
  double lower = 0.5;
  double sign  = 1.0;
  for (uint32_t i = 0; i < 8; ++i, sign = -sign) {
    upper += sign * pow(self->q, i * (i + 1.0)) * sin((2.0 * i + 1.0) * angle);
    lower -= sign * pow(self->q, (i + 1.0) * (i + 1.0)) * cos(2.0 * (i + 1.0) * angle);
  }

  const double quotient = pow(self->q, 0.25) * upper / lower;
  const double w        = quotient * quotient;
  const double x        = sqrt((1.0 - w * self->k) * (1.0 - w / self->k)) / (1.0 + w);
  return (1.0 - x) / (1.0 + x);
}

static void
stage_init(PromptStage* const self, const double half_width, const uint32_t n_pairs)
{
  const Ellipse design = ellipse(half_width, n_pairs);

  self->n_pairs = n_pairs;
  for (uint32_t p = 0; p < n_pairs; ++p) {
    self->factor[p] = (PromptPair){all_pass_factor(&design, 2U * p + 1U),
                                   all_pass_factor(&design, 2U * p + 2U)};
  }
}

void
prompt_init(Prompt* const self, const double sample_rate, const double upper_rate_hz)
{
  // Half-way between two rates of the series, as a ratio
  static const double between = 1.4142135623730951;

  memset(self, 0, sizeof(*self));
  self->factor = 1;

  double   from  = 48000.0;
  uint32_t stage = 0;
  for (; stage < PROMPT_MAX_STAGES && sample_rate > from * between; ++stage) {
    from *= 2.0;
  }
  for (; stage < PROMPT_MAX_STAGES && from * between < upper_rate_hz; ++stage) {
    const double   half_width = designs[stage].half_width;
    const uint32_t n_pairs    = designs[stage].n_pairs;
    stage_init(&self->up[self->n_stages], half_width, n_pairs);
    stage_init(&self->down[self->n_stages], half_width, n_pairs);
    ++self->n_stages;
    self->factor *= 2U;
    from *= 2.0;
  }
}

void
prompt_reset(Prompt* const self)
{
  for (uint32_t s = 0; s < PROMPT_MAX_STAGES; ++s) {
    memset(self->up[s].past, 0, sizeof(self->up[s].past));
    memset(self->down[s].past, 0, sizeof(self->down[s].past));
  }
}

// ---- Frames

/// Pass the next frame through both chains of `n_pairs`
static inline PromptPair
all_passes(PromptStage* const self, const uint32_t n_pairs, const PromptPair in)
{
  PromptPair x = in;
  for (uint32_t p = 0; p < n_pairs; ++p) {
    const PromptPair y = self->factor[p] * (x - self->past[p + 1U]) + self->past[p];
    self->past[p]      = x;
    x                  = y;
  }
  self->past[n_pairs] = x;
  return x;
}

static inline void
double_rate(PromptStage* const stage,
            const uint32_t     n_pairs,
            const float* const in,
            float* const       out,
            const uint32_t     n_frames)
{
  PromptStage self = *stage;
  for (uint32_t i = 0; i < n_frames; ++i) {
    const double     x   = (double)in[i];
    const PromptPair two = all_passes(&self, n_pairs, (PromptPair){x, x});
    out[2U * i]          = (float)two[0];
    out[2U * i + 1U]     = (float)two[1];
  }
  *stage = self;
}

static inline void
halve_rate(PromptStage* const stage,
           const uint32_t     n_pairs,
           const float* const in,
           float* const       out,
           const uint32_t     n_frames)
{
  PromptStage self = *stage;
  for (uint32_t i = 0; i < n_frames; ++i) {
    const PromptPair in_two = {(double)in[2U * i + 1U], (double)in[2U * i]};
    const PromptPair two    = all_passes(&self, n_pairs, in_two);
    out[i]                  = (float)(0.5 * (two[0] + two[1]));
  }
  *stage = self;
}

void
prompt_up(Prompt* const      self,
          const float* const in,
          float* const       out,
          const uint32_t     n_frames)
{
  // Each stage reads from the end of `out` what the one before has left there
  uint32_t n = n_frames;
  float*   x = out + (self->factor - 1U) * n_frames;
  memcpy(x, in, n_frames * sizeof(float));
  for (uint32_t s = 0; s < self->n_stages; ++s) {
    PromptStage* const stage = &self->up[s];
    float* const       to    = out + (self->factor * n_frames - 2U * n);
    switch (stage->n_pairs) {
    case 4:
      double_rate(stage, 4, x, to, n);
      break;
    case 3:
      double_rate(stage, 3, x, to, n);
      break;
    default:
      double_rate(stage, 2, x, to, n);
      break;
    }
    x = to;
    n *= 2U;
  }
}

void
prompt_down(Prompt* const self, float* const frames, const uint32_t n_frames)
{
  uint32_t n = n_frames * self->factor;
  for (uint32_t s = self->n_stages; s-- > 0;) {
    PromptStage* const stage = &self->down[s];
    n /= 2U;
    switch (stage->n_pairs) {
    case 4:
      halve_rate(stage, 4, frames, frames, n);
      break;
    case 3:
      halve_rate(stage, 3, frames, frames, n);
      break;
    default:
      halve_rate(stage, 2, frames, frames, n);
      break;
    }
  }
}
