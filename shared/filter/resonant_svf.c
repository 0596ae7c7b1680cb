// SPDX-License-Identifier: ISC

#include "filter/resonant_svf.h"

#include "math/simd.h"

#include <math.h>
#include <string.h>

#define UPPER_RATE_HZ 192000.0
#define MAX_FACTOR 4U ///< From 48 kHz
#define MAX_UPPER (OVERSAMPLE_FRAMES * MAX_FACTOR)
#define N_OUTS RESONANT_SVF_N_OUTS
#define SEED 1e-6         ///< What a filter that should oscillate starts from
#define CALM 1e-30        ///< States below are 0
#define MIN_OCT (-4.0)    ///< Lowest cutoff, in octaves above 1 Hz
#define MAX_SUB_FREQ 0.24 ///< Highest cutoff, over the rate of the sub-frames

/// The sub-frames of all outputs
typedef struct {
  float out[N_OUTS][MAX_UPPER];
} SubFrames;

void
resonant_svf_reset(ResonantSvf* const self)
{
  memset(&self->up, 0, sizeof(self->up));
  memset(self->down, 0, sizeof(self->down));
  memset(self->past, 0, sizeof(self->past));
  memset(&self->state, 0, sizeof(self->state));
  for (uint32_t o = 0; o < N_OUTS; ++o) {
    self->is_clear[o] = true;
  }
  self->has_started = false;
  self->n_silent    = 0;
}

void
resonant_svf_init(ResonantSvf* const self, const double sample_rate)
{
  self->plan    = oversampling_plan(sample_rate, UPPER_RATE_HZ, 1);
  self->rate_hz = sample_rate * self->plan.factor;
  resonant_svf_reset(self);
}

// ---- Cutoffs

/// Return g = tan(pi f / rate) of four frames
static inline Double4
gains(const ResonantSvf* const self, const Double4 pitch_oct)
{
  const double most = fmin(RESONANT_SVF_MAX_FREQ / self->plan.factor, MAX_SUB_FREQ);

  Double4 oct = pitch_oct;
  for (uint32_t j = 0; j < DOUBLE4_FRAMES; ++j) {
    oct[j] = oct[j] > MIN_OCT ? oct[j] : MIN_OCT;
    oct[j] = oct[j] < 60.0 ? oct[j] : 60.0;
  }

  Double4 freq = double4_exp2(oct) * double4_all(1.0 / self->rate_hz);
  for (uint32_t j = 0; j < DOUBLE4_FRAMES; ++j) {
    freq[j] = freq[j] < most ? freq[j] : most;
  }
  const Double4Quotient g = double4_tan_pi(freq);
  return g.above / g.below;
}

/// Write g of `n_frames` from `start` on
static void
find_gains(const ResonantSvf* const       self,
           const ResonantSvfInputs* const inputs,
           const uint32_t                 start,
           double* const                  g,
           const uint32_t                 n_frames)
{
  const uint32_t last = n_frames - 1U;
  for (uint32_t i = 0; i < n_frames; i += DOUBLE4_FRAMES) {
    if (inputs->is_steady && i > 0) {
      double4_write(g + i, double4_all(g[0]));
      continue;
    }

    Double4 pitch_oct;
    for (uint32_t j = 0; j < DOUBLE4_FRAMES; ++j) {
      pitch_oct[j] = inputs->pitch_oct[start + (i + j < last ? i + j : last)];
    }
    double4_write(g + i, gains(self, pitch_oct));
  }
}

// ---- The integrators

/// Amplify sub-frames by a drive that moves linearly from frame to frame
static void
drive(ResonantSvf* const             self,
      const ResonantSvfInputs* const inputs,
      const uint32_t                 start,
      float* const                   x,
      const uint32_t                 n_frames)
{
  const uint32_t factor = self->plan.factor;
  uint32_t       i      = 0;
  while (i < n_frames && inputs->drive[start + i] == self->drive) {
    ++i;
  }
  for (uint32_t j = 0; j < i * factor; ++j) {
    x[j] = (float)(self->drive * (double)x[j]);
  }
  for (; i < n_frames; ++i) {
    const double step = (inputs->drive[start + i] - self->drive) / factor;
    for (uint32_t j = 0; j < factor; ++j) {
      const double gain = self->drive + (j + 1.0) * step;
      x[i * factor + j] = (float)(gain * (double)x[i * factor + j]);
    }
    self->drive = inputs->drive[start + i];
  }
}

/// Compute a sub-frame of all outputs
static inline void
next(ResonantSvfState* const state,
     const double            g,
     const double            k0,
     const double            in,
     SubFrames* const        sub,
     const uint32_t          at)
{
  // Both sides of all quotients times soft, so that a single division is left
  const double soft     = 1.0 + RESONANT_SVF_SOFT * state->energy;
  const double bend     = RESONANT_SVF_BEND * state->energy;
  const double soft_gk  = (g + k0) * soft + bend;
  const double d        = 1.0 / (soft + g * soft_gk);
  const double distance = soft * (in - state->low);

  state->energy     = state->band * state->band + state->low * state->low;
  const double band = (soft * state->band + g * distance) * d;
  const double high = (distance - soft_gk * state->band) * d;
  const double step = g * band;
  const double low  = state->low + step;

  state->band = (band + band) - state->band;
  state->low  = low + step;

  sub->out[RESONANT_SVF_LOW_PASS][at]  = (float)low;
  sub->out[RESONANT_SVF_BAND_PASS][at] = (float)band;
  sub->out[RESONANT_SVF_HIGH_PASS][at] = (float)high;
  sub->out[RESONANT_SVF_NOTCH][at]     = (float)(high + low);
}

/// Return what starts an oscillation where there is nothing, else 0
static inline double
seed(const ResonantSvfState* const state, const double k)
{
  const double level = fabs(state->band) + fabs(state->low);

  return k < 0.0 && level < SEED * 1e-3 ? SEED : 0.0;
}

/// Make states 0 that nobody can hear, before they or their energy become denormals
static inline void
calm(ResonantSvfState* const state)
{
  if (fabs(state->band) + fabs(state->low) < CALM) {
    *state = (ResonantSvfState){0.0, 0.0, 0.0};
  }
}

/// Compute the sub-frames of `n_frames`, between whose settings they move linearly
static void
integrate(ResonantSvf* const             self,
          const ResonantSvfInputs* const inputs,
          const uint32_t                 start,
          const float* const             in,
          SubFrames* const               sub,
          const uint32_t                 n_frames)
{
  double g[OVERSAMPLE_FRAMES + DOUBLE4_FRAMES];
  find_gains(self, inputs, start, g, n_frames);

  ResonantSvfState state  = self->state;
  const uint32_t   factor = self->plan.factor;
  const double     share  = 1.0 / factor;
  for (uint32_t i = 0; i < n_frames; ++i) {
    const double k      = inputs->k[start + i];
    const double g_step = (g[i] - self->g) * share;
    const double k_step = (k - self->k) * share;
    const double offset = seed(&state, k);
    for (uint32_t j = 0; j < factor; ++j) {
      const double   place = j + 1.0;
      const uint32_t at    = i * factor + j;
      next(&state,
           self->g + place * g_step,
           self->k + place * k_step,
           (double)in[at] + offset,
           sub,
           at);
    }
    calm(&state);
    self->g = g[i];
    self->k = k;
  }
  self->state = state;
}

// ---- Outputs

static void
process_chunk(ResonantSvf* const             self,
              const ResonantSvfInputs* const inputs,
              const uint32_t                 start,
              float* const                   outs[RESONANT_SVF_N_OUTS],
              const uint32_t                 n_frames)
{
  const uint32_t n_upper = n_frames * self->plan.factor;
  float          upper[WAVESHAPE_PAST + MAX_UPPER];
  float          shaped[MAX_UPPER];
  SubFrames      sub;
  float* const   x = upper + WAVESHAPE_PAST;

  memcpy(upper, self->past, sizeof(self->past));
  oversample_up(&self->up, &self->plan, inputs->in + start, x, n_frames);
  drive(self, inputs, start, x, n_frames);
  memcpy(self->past, upper + n_upper, sizeof(self->past));
  waveshape_process(WAVESHAPE_TANH, x, shaped, n_upper);
  integrate(self, inputs, start, shaped, &sub, n_frames);

  for (uint32_t o = 0; o < N_OUTS; ++o) {
    OversampleDown* const down = &self->down[o];
    if (outs[o]) {
      oversample_down(down, &self->plan, sub.out[o], outs[o] + start, n_frames);
      self->is_clear[o] = false;
    } else if (!self->is_clear[o]) {
      memset(down, 0, sizeof(*down));
      self->is_clear[o] = true;
    }
  }
}

// ---- Silence

/// Return true if the integrators hold nothing, and no damping makes them oscillate
static bool
is_empty(const ResonantSvf* const       self,
         const ResonantSvfInputs* const inputs,
         const uint32_t                 n_frames)
{
  bool is_empty = self->state.band == 0.0 && self->state.low == 0.0;
  for (uint32_t i = 0; is_empty && i < (inputs->is_steady ? 1U : n_frames); ++i) {
    is_empty = inputs->k[i] >= 0.0;
  }

  return is_empty;
}

/// Return true if nothing is left that could sound; count silence
static bool
is_done(ResonantSvf* const             self,
        const ResonantSvfInputs* const inputs,
        const uint32_t                 n_frames)
{
  if (!inputs->is_silent || !is_empty(self, inputs, n_frames)) {
    self->n_silent = 0;
    return false;
  }

  const bool is_done = self->n_silent >= OVERSAMPLE_TAIL;
  self->n_silent += is_done ? 0 : n_frames;
  return is_done;
}

/// Take the settings of a frame as those that the next one starts from
static void
take_settings(ResonantSvf* const             self,
              const ResonantSvfInputs* const inputs,
              const uint32_t                 frame)
{
  double g[DOUBLE4_FRAMES];
  find_gains(self, inputs, frame, g, 1);
  self->g     = g[0];
  self->k     = inputs->k[frame];
  self->drive = inputs->drive[frame];
}

void
resonant_svf_process(ResonantSvf* const             self,
                     const ResonantSvfInputs* const inputs,
                     float* const                   outs[RESONANT_SVF_N_OUTS],
                     const uint32_t                 n_frames)
{
  if (!self->has_started) {
    take_settings(self, inputs, 0);
    self->has_started = true;
  }
  if (is_done(self, inputs, n_frames)) {
    take_settings(self, inputs, n_frames - 1U);
    for (uint32_t o = 0; o < N_OUTS; ++o) {
      if (outs[o]) {
        memset(outs[o], 0, n_frames * sizeof(float));
      }
    }
    return;
  }

  uint32_t n = 0;
  for (uint32_t start = 0; start < n_frames; start += n) {
    const uint32_t left = n_frames - start;
    n                   = left < OVERSAMPLE_FRAMES ? left : OVERSAMPLE_FRAMES;
    process_chunk(self, inputs, start, outs, n);
  }
}
