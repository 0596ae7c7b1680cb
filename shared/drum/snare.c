// SPDX-License-Identifier: ISC

#include "drum/snare.h"

#include "osc/shape.h"

#include <math.h>
#include <string.h>

#define UPPER_RATE_HZ 192000.0
#define SPLICE_S 0.001
#define FIRST_LEVEL 0.6 ///< Of the tones, in a body of 1
#define SECOND_LEVEL 0.4
#define NOISE_LEVEL 0.6 ///< At 48 kHz
#define SNAP_LEVEL 0.9
#define MAX_STEP 0.45 ///< Cycles a frame
#define FULL_CYCLE 0x1p64

void
snare_reset(Snare* const self)
{
  self->sounds = false;
  self->last   = 0.0;
  splice_reset(&self->splice);
  drum_drive_reset(&self->drive);
  drum_high_pass_reset(&self->filter);
  self->level[0].level = 0.0;
  self->level[1].level = 0.0;
  self->noise.level    = 0.0;
  self->snap.level     = 0.0;
}

void
snare_init(Snare* const self, const double sample_rate)
{
  memset(self, 0, sizeof(*self));
  self->rate_hz     = sample_rate;
  self->sweep_decay = pow(0.1, 1.0 / (SNARE_SWEEP_S * sample_rate));
  splice_init(&self->splice, sample_rate, SPLICE_S);
  decay_init(&self->level[0], 0.0, sample_rate);
  decay_init(&self->level[1], 0.0, sample_rate);
  decay_init(&self->noise, 0.0, sample_rate);
  decay_init(&self->snap, log2(SNARE_SNAP_S), sample_rate);
  drum_drive_init(&self->drive, sample_rate, UPPER_RATE_HZ);
  drum_high_pass_init(&self->filter, sample_rate);
  snare_reset(self);
}

void
snare_hit(Snare* const self, const SnareHit* const hit)
{
  const double noise = hit->level * sqrt(self->rate_hz / 48000.0);

  splice_start(&self->splice, self->last);
  drum_high_pass_reset(&self->filter);
  random_seed(&self->random, hit->seed);
  self->sounds         = true;
  self->hit            = *hit;
  self->phase[0]       = 0;
  self->phase[1]       = 0;
  self->sweep_oct      = hit->sweep_oct;
  self->level[0].level = hit->level * hit->body * FIRST_LEVEL;
  self->level[1].level = hit->level * hit->body * SECOND_LEVEL;
  self->noise.level    = noise * hit->noise * NOISE_LEVEL;
  self->snap.level     = noise * hit->snap * SNAP_LEVEL;
}

static bool
is_over(const Snare* const self)
{
  return self->level[0].level < DRUM_END && self->level[1].level < DRUM_END &&
         self->noise.level < DRUM_END && self->snap.level < DRUM_END &&
         splice_is_over(&self->splice);
}

/// The levels of some frames
typedef struct {
  float body[2][DRUM_DRIVE_FRAMES];
  float noise[DRUM_DRIVE_FRAMES]; ///< With the snap
} Levels;

/// Write levels, and to `out` what the hit has cut off, and return how many frames
/// there are before the end
static uint32_t
decay(Snare* const             self,
      const SnareInputs* const in,
      Levels* const            levels,
      float* const             out,
      const uint32_t           n_frames)
{
  static const double second_oct = -0.514573172829758; // log2(SNARE_SECOND_DECAY)

  const double rate_hz = self->rate_hz;
  for (uint32_t i = 0; i < n_frames; ++i) {
    if (is_over(self)) {
      return i;
    }

    const double decay_oct = in->decay_oct[i];
    const double noise     = decay_next(&self->noise, in->noise_decay_oct[i], rate_hz);
    const double snap      = decay_next(&self->snap, self->snap.time_oct, rate_hz);
    levels->body[0][i]     = (float)decay_next(&self->level[0], decay_oct, rate_hz);
    levels->body[1][i] =
      (float)decay_next(&self->level[1], decay_oct + second_oct, rate_hz);
    levels->noise[i] = (float)(noise + snap);
    out[i]           = (float)splice_next(&self->splice);
  }

  return n_frames;
}

/// Move a phase by `freq_hz` cycles a second
static inline uint32_t
turn(uint64_t* const phase, const double freq_hz, const double rate_hz)
{
  const double step = freq_hz / rate_hz;

  *phase += (uint64_t)((step < MAX_STEP ? step : MAX_STEP) * FULL_CYCLE);
  return (uint32_t)(*phase >> 32U);
}

/// Add the body
static void
body(Snare* const        self,
     const double* const pitch_oct,
     Levels* const       levels,
     float* const        out,
     const uint32_t      n_frames)
{
  uint32_t phase[2][DRUM_DRIVE_FRAMES];
  for (uint32_t i = 0; i < n_frames; ++i) {
    const double freq_hz =
      fast_exp2(pitch_oct[i] + self->hit.pitch_oct + self->sweep_oct);
    phase[0][i] = turn(&self->phase[0], freq_hz, self->rate_hz);
    phase[1][i] = turn(&self->phase[1], SNARE_SECOND * freq_hz, self->rate_hz);
    self->sweep_oct *= self->sweep_decay;
  }

  for (uint32_t t = 0; t < 2; ++t) {
    const ShapeInputs sine = {phase[t], NULL, levels->body[t], true, false};
    shape_add(SHAPE_SINE, &sine, out, out, n_frames);
  }
}

/// Add the noise
static void
noise(Snare* const       self,
      const float* const tone_oct,
      const float* const level,
      float* const       out,
      const uint32_t     n_frames)
{
  for (uint32_t i = 0; i < n_frames; ++i) {
    const double random = (double)random_bipolar(random_next(&self->random));
    const double wires =
      drum_high_pass_next(&self->filter, (double)tone_oct[i], self->rate_hz, random);
    out[i] += level[i] * (float)wires;
  }
}

/// Write up to DRUM_DRIVE_FRAMES, and return how many there are before the end
static uint32_t
process_chunk(Snare* const             self,
              const SnareInputs* const in,
              float* const             out,
              const uint32_t           n_frames)
{
  Levels         levels;
  const uint32_t n = decay(self, in, &levels, out, n_frames);
  body(self, in->pitch_oct, &levels, out, n);
  noise(self, in->tone_oct, levels.noise, out, n);
  if (n > 0U) {
    self->last = (double)out[n - 1U];
    drum_drive_process(&self->drive, in->drive_oct, out, n);
  }
  return n;
}

void
snare_process(Snare* const             self,
              const SnareInputs* const inputs,
              float* const             out,
              const uint32_t           n_frames)
{
  uint32_t i = 0;
  while (self->sounds && i < n_frames) {
    const SnareInputs rest = {inputs->pitch_oct + i,
                              inputs->decay_oct + i,
                              inputs->noise_decay_oct + i,
                              inputs->tone_oct + i,
                              inputs->drive_oct + i};
    const uint32_t    left = n_frames - i;
    const uint32_t    n    = left < DRUM_DRIVE_FRAMES ? left : DRUM_DRIVE_FRAMES;
    const uint32_t    done = process_chunk(self, &rest, out + i, n);
    i += done;
    if (done < n) {
      snare_reset(self);
    }
  }
  memset(out + i, 0, (n_frames - i) * sizeof(float));
}
