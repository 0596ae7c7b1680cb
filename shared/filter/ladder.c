// SPDX-License-Identifier: ISC

#include "filter/ladder.h"

#include "math/simd.h"

#include <math.h>
#include <string.h>

#define UPPER_RATE_HZ 192000.0
#define MAX_FACTOR 4U ///< From 48 kHz
#define MAX_UPPER (OVERSAMPLE_FRAMES * MAX_FACTOR)
#define MIN_OCT (-4.0)        ///< Lowest cutoff, in octaves above 1 Hz
#define CUBIC 0.1867166861822 ///< Of the saturator
#define SEED 1e-6             ///< What a loop that should oscillate starts from
#define CALM 1e-30            ///< States below are 0

/// The sub-frames of all of y_0 to y_4
typedef struct {
  double pole[LADDER_POLES + 1U][MAX_UPPER];
} LadderPoles;

/// Coefficients of the loop in a sub-frame
typedef struct {
  double part; ///< g / (1 + g)
  double k;
  double in; ///< Times drive
} LoopFrame;

/// By response
static const LadderMix mixes[] = {[LADDER_LOW_PASS_24]  = {{0.0, 0.0, 0.0, 0.0, 1.0}},
                                  [LADDER_LOW_PASS_18]  = {{0.0, 0.0, 0.0, 1.0, 0.0}},
                                  [LADDER_LOW_PASS_12]  = {{0.0, 0.0, 1.0, 0.0, 0.0}},
                                  [LADDER_LOW_PASS_6]   = {{0.0, 1.0, 0.0, 0.0, 0.0}},
                                  [LADDER_BAND_PASS_12] = {{0.0, 0.0, 4.0, -8.0, 4.0}},
                                  [LADDER_BAND_PASS_6]  = {{0.0, 2.0, -2.0, 0.0, 0.0}},
                                  [LADDER_HIGH_PASS_24] = {{1.0, -4.0, 6.0, -4.0, 1.0}},
                                  [LADDER_HIGH_PASS_12] = {{1.0, -2.0, 1.0, 0.0, 0.0}}};

void
ladder_reset(Ladder* const self)
{
  memset(&self->up, 0, sizeof(self->up));
  memset(&self->loop, 0, sizeof(self->loop));
  memset(self->out, 0, sizeof(self->out));
  for (uint32_t o = 0; o < LADDER_MAX_OUTS; ++o) {
    self->out[o].response = -1;
  }
  self->has_started = false;
  self->n_silent    = 0;
}

void
ladder_init(Ladder* const self, const double sample_rate)
{
  self->plan        = oversampling_plan(sample_rate, UPPER_RATE_HZ, 0);
  self->rate_hz     = sample_rate * self->plan.factor;
  self->fade_frames = (uint32_t)(LADDER_FADE_S * sample_rate) + 1U;
  ladder_reset(self);
}

double
ladder_flat_oct(const double k)
{
  const double e = k > 4.0 ? k - 4.0 : 0.0;

  return e * e / (1.44 + e * (0.47 + e * 0.05)) * (1.0 / 1200.0);
}

// ---- Cutoffs

/// Return g / (1 + g), with g = tan(pi f / rate), of four frames
static inline Double4
stage_parts(const Ladder* const self, const Double4 pitch_oct, const Double4 k)
{
  const double most = fmin(LADDER_MAX_FREQ / self->plan.factor, LADDER_MAX_SUB_FREQ);

  Double4 oct = pitch_oct;
  for (uint32_t j = 0; j < DOUBLE4_FRAMES; ++j) {
    oct[j] += ladder_flat_oct(k[j]);
    oct[j] = oct[j] > MIN_OCT ? oct[j] : MIN_OCT;
    oct[j] = oct[j] < 60.0 ? oct[j] : 60.0;
  }

  Double4 freq = double4_exp2(oct) * double4_all(1.0 / self->rate_hz);
  for (uint32_t j = 0; j < DOUBLE4_FRAMES; ++j) {
    freq[j] = freq[j] < most ? freq[j] : most;
  }
  const Double4Quotient g = double4_tan_pi(freq);
  return g.above / (g.above + g.below);
}

/// Write the stages' parts of `n_frames` from `start` on
static void
find_parts(const Ladder* const       self,
           const LadderInputs* const inputs,
           const uint32_t            start,
           double* const             parts,
           const uint32_t            n_frames)
{
  const uint32_t last = n_frames - 1U;
  for (uint32_t i = 0; i < n_frames; i += DOUBLE4_FRAMES) {
    if (inputs->is_steady && i > 0) {
      double4_write(parts + i, double4_all(parts[0]));
      continue;
    }

    Double4 pitch_oct;
    Double4 k;
    for (uint32_t j = 0; j < DOUBLE4_FRAMES; ++j) {
      const uint32_t frame = start + (i + j < last ? i + j : last);
      pitch_oct[j]         = inputs->pitch_oct[frame];
      k[j]                 = inputs->k[frame];
    }
    double4_write(parts + i, stage_parts(self, pitch_oct, k));
  }
}

// ---- The loop

/**
   Compute a sub-frame, and write y_0 to y_4.

   The tangent of T where u is expected depends on nothing but past u, and the loop's
   constant c is linear in the last w: so that what waits for w is short.
*/
static inline void
loop_next(LadderLoop* const self, const LoopFrame frame, double* const y)
{
  const double p      = 3.0 * self->past[0] + (self->past[2] - 3.0 * self->past[1]);
  const double q      = p * p;
  const double s      = p * (1.0 + CUBIC * q);
  const double slope  = 1.0 + 3.0 * CUBIC * q;
  const double square = 1.0 + s * s;
  const double cube   = square * __builtin_sqrt(square);
  const double inv    = 1.0 / cube;

  const double old  = self->part;
  const double old2 = old * old;
  const double old3 = old2 * old;
  const double old4 = old2 * old2;
  const double s1   = self->held[0] + 2.0 * old * self->w;
  const double s2   = self->held[1] + 2.0 * old2 * self->w;
  const double s3   = self->held[2] + 2.0 * old3 * self->w;
  const double s4   = self->held[3] + 2.0 * old4 * self->w;

  const double g       = frame.part;
  const double g2      = g * g;
  const double g3      = g2 * g;
  const double g4      = g2 * g2;
  const double h       = 1.0 - g;
  const double f       = frame.k * h;
  const double of_held = frame.in - f * ((self->held[3] + g * self->held[2]) +
                                         g2 * (self->held[1] + g * self->held[0]));
  const double of_w =
    f * ((2.0 * old4 + g * (2.0 * old3)) + g2 * (2.0 * old2 + g * (2.0 * old)));
  const double c   = of_held - of_w * self->w;
  const double kg4 = frame.k * g4;

  // u + k g^4 T(u) = c
  const double du = (c * cube - (p * cube + kg4 * (s * square))) / (cube + kg4 * slope);
  const double raw   = s * square * inv + slope * inv * du;
  const double below = raw < 1.0 ? raw : 1.0;
  const double w     = below > -1.0 ? below : -1.0;

  const double a1 = h * s1;
  const double a2 = h * s2 + g * a1;
  const double a3 = h * s3 + g * a2;
  const double a4 = h * s4 + g * a3;
  y[0]            = w;
  y[1]            = a1 + g * w;
  y[2]            = a2 + g2 * w;
  y[3]            = a3 + g3 * w;
  y[4]            = a4 + g4 * w;

  self->held[0] = 2.0 * a1 - s1;
  self->held[1] = 2.0 * a2 - s2;
  self->held[2] = 2.0 * a3 - s3;
  self->held[3] = 2.0 * a4 - s4;
  self->past[2] = self->past[1];
  self->past[1] = self->past[0];
  self->past[0] = p + du;
  self->part    = g;
  self->w       = w;
}

/// Return what starts an oscillation where there is nothing, else 0
static inline double
seed(const LadderLoop* const loop, const double k)
{
  const double level = fabs(loop->w) + fabs(loop->held[3]);

  return k > 4.0 && level < SEED * 1e-3 ? SEED : 0.0;
}

/// Make states 0 that nobody can hear, before they become denormals
static inline void
calm(LadderLoop* const loop)
{
  const double level = fabs(loop->w) + fabs(loop->past[0]) + fabs(loop->held[0]) +
                       fabs(loop->held[1]) + fabs(loop->held[2]) + fabs(loop->held[3]);
  if (level < CALM) {
    const double part = loop->part;
    *loop             = (LadderLoop){.part = part};
  }
}

/// Compute the sub-frames of `n_frames`, between whose settings they move linearly
static void
run_loop(Ladder* const             self,
         const LadderInputs* const inputs,
         const uint32_t            start,
         const float* const        in,
         LadderPoles* const        poles,
         const uint32_t            n_frames)
{
  double parts[OVERSAMPLE_FRAMES + DOUBLE4_FRAMES];
  find_parts(self, inputs, start, parts, n_frames);

  LadderLoop     loop   = self->loop;
  const uint32_t factor = self->plan.factor;
  const double   share  = 1.0 / factor;
  for (uint32_t i = 0; i < n_frames; ++i) {
    const double k          = inputs->k[start + i];
    const double drive      = inputs->drive[start + i];
    const double part_step  = (parts[i] - self->part) * share;
    const double k_step     = (k - self->k) * share;
    const double drive_step = (drive - self->drive) * share;
    const double offset     = seed(&loop, k);
    for (uint32_t j = 0; j < factor; ++j) {
      const uint32_t at    = i * factor + j;
      const double   place = j + 1.0;
      const double   in_j  = (self->drive + place * drive_step) * (double)in[at];
      double         y[LADDER_POLES + 1U];
      loop_next(&loop,
                (LoopFrame){self->part + place * part_step,
                            self->k + place * k_step,
                            in_j + offset},
                y);
      for (uint32_t pole = 0; pole <= LADDER_POLES; ++pole) {
        poles->pole[pole][at] = y[pole];
      }
    }
    calm(&loop);
    self->part  = parts[i];
    self->k     = k;
    self->drive = drive;
  }
  self->loop = loop;
}

// ---- Outputs

void
ladder_set_response(Ladder* const        self,
                    const uint32_t       index,
                    const LadderResponse response)
{
  LadderOut* const out = &self->out[index];
  if (out->response == (int)response) {
    return;
  }

  if (out->response < 0) {
    out->mix = mixes[response];
  } else {
    for (uint32_t p = 0; p <= LADDER_POLES; ++p) {
      out->step.part[p] =
        (mixes[response].part[p] - out->mix.part[p]) / self->fade_frames;
    }
    out->n_fading = self->fade_frames;
  }
  out->response = (int)response;
}

/// Move the mix of an output by a frame
static void
fade(LadderOut* const out)
{
  if (out->n_fading > 0) {
    for (uint32_t p = 0; p <= LADDER_POLES; ++p) {
      out->mix.part[p] += out->step.part[p];
    }
    if (--out->n_fading == 0) {
      out->mix = mixes[out->response];
    }
  }
}

static void
fade_unheard(LadderOut* const out, const uint32_t n_frames)
{
  for (uint32_t i = 0; out->n_fading > 0 && i < n_frames; ++i) {
    fade(out);
  }
}

/// Mix the sub-frames of an output, in double for the sake of high passes, whose parts
/// nearly cancel
static void
mix(const Ladder* const      self,
    LadderOut* const         out,
    const LadderPoles* const poles,
    float* const             mixed,
    const uint32_t           n_frames)
{
  const uint32_t factor = self->plan.factor;
  for (uint32_t i = 0; i < n_frames; ++i) {
    fade(out);
    const LadderMix* const of = &out->mix;
    for (uint32_t at = i * factor; at < (i + 1U) * factor; ++at) {
      mixed[at] =
        (float)(((of->part[0] * poles->pole[0][at] + of->part[4] * poles->pole[4][at]) +
                 (of->part[1] * poles->pole[1][at] +
                  of->part[3] * poles->pole[3][at])) +
                of->part[2] * poles->pole[2][at]);
    }
  }
}

/// Forget what an output holds that nobody listens to, but let its mix move on
static void
clear(LadderOut* const out, const uint32_t n_frames)
{
  fade_unheard(out, n_frames);
  if (!out->is_clear) {
    memset(&out->down, 0, sizeof(out->down));
    out->is_clear = true;
  }
}

static void
process_chunk(Ladder* const             self,
              const LadderInputs* const inputs,
              const uint32_t            start,
              float* const* const       outs,
              const uint32_t            n_outs,
              const uint32_t            n_frames)
{
  float       sub_frames[MAX_UPPER];
  LadderPoles poles;

  oversample_up(&self->up, &self->plan, inputs->in + start, sub_frames, n_frames);
  run_loop(self, inputs, start, sub_frames, &poles, n_frames);
  for (uint32_t o = 0; o < n_outs; ++o) {
    LadderOut* const out = &self->out[o];
    if (outs[o]) {
      mix(self, out, &poles, sub_frames, n_frames);
      oversample_down(&out->down, &self->plan, sub_frames, outs[o] + start, n_frames);
      out->is_clear = false;
    } else {
      clear(out, n_frames);
    }
  }
}

// ---- Silence

/// Return true if the loop holds nothing, and no k makes it oscillate
static bool
is_empty(const Ladder* const self, const LadderInputs* const inputs, const uint32_t n)
{
  bool is_empty = self->loop.w == 0.0 && self->loop.past[0] == 0.0;
  for (uint32_t p = 0; p < LADDER_POLES; ++p) {
    is_empty &= self->loop.held[p] == 0.0;
  }
  for (uint32_t i = 0; is_empty && i < (inputs->is_steady ? 1U : n); ++i) {
    is_empty = inputs->k[i] <= 4.0;
  }

  return is_empty;
}

/// Return true if nothing is left that could sound; count silence
static bool
is_done(Ladder* const self, const LadderInputs* const inputs, const uint32_t n_frames)
{
  if (!inputs->is_silent || !is_empty(self, inputs, n_frames)) {
    self->n_silent = 0;
    return false;
  }

  const bool is_done = self->n_silent >= OVERSAMPLE_TAIL;
  self->n_silent += is_done ? 0 : n_frames;
  return is_done;
}

/// Go over frames in which nothing sounds
static void
skip(Ladder* const             self,
     const LadderInputs* const inputs,
     float* const* const       outs,
     const uint32_t            n_outs,
     const uint32_t            n_frames)
{
  double         part[DOUBLE4_FRAMES];
  const uint32_t last = n_frames - 1U;
  find_parts(self, inputs, last, part, 1);
  self->part      = part[0];
  self->loop.part = part[0];
  self->k         = inputs->k[last];
  self->drive     = inputs->drive[last];

  for (uint32_t o = 0; o < n_outs; ++o) {
    fade_unheard(&self->out[o], n_frames);
    if (outs[o]) {
      memset(outs[o], 0, n_frames * sizeof(float));
    }
  }
}

/// Start with the first settings as if they had always been there
static void
start_loop(Ladder* const self, const LadderInputs* const inputs)
{
  double part[DOUBLE4_FRAMES];
  find_parts(self, inputs, 0, part, 1);
  self->part        = part[0];
  self->loop.part   = part[0];
  self->k           = inputs->k[0];
  self->drive       = inputs->drive[0];
  self->has_started = true;
}

void
ladder_process(Ladder* const             self,
               const LadderInputs* const inputs,
               float* const* const       outs,
               const uint32_t            n_outs,
               const uint32_t            n_frames)
{
  if (!self->has_started) {
    start_loop(self, inputs);
  }
  if (is_done(self, inputs, n_frames)) {
    skip(self, inputs, outs, n_outs, n_frames);
    return;
  }

  uint32_t n = 0;
  for (uint32_t start = 0; start < n_frames; start += n) {
    const uint32_t left = n_frames - start;
    n                   = left < OVERSAMPLE_FRAMES ? left : OVERSAMPLE_FRAMES;
    process_chunk(self, inputs, start, outs, n_outs, n);
  }
}
