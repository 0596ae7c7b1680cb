// SPDX-License-Identifier: ISC

#include "drum/kick.h"

#include "osc/shape.h"

#include <math.h>
#include <string.h>

#define UPPER_RATE_HZ 192000.0
#define SPLICE_S 0.0015
#define CLICK_S 0.05    ///< After which it is over
#define PULSE_S 0.02    ///< Decay of the pulse in the click
#define NOISE_S 0.012   ///< Decay of the noise
#define NOISE_LEVEL 0.5 ///< At 48 kHz
#define MAX_STEP 0.45   ///< Cycles a frame
#define FULL_CYCLE 0x1p64
#define RADIANS_OCT 9.06472028365439 ///< 2 pi log2(e)

void
kick_reset(Kick* const self)
{
  self->sounds = false;
  self->last   = 0.0;
  splice_reset(&self->splice);
  drum_drive_reset(&self->drive);
  self->level.level = 0.0;
  self->n_click     = 0;
}

void
kick_init(Kick* const self, const double sample_rate)
{
  memset(self, 0, sizeof(*self));
  self->rate_hz = sample_rate;
  splice_init(&self->splice, sample_rate, SPLICE_S);
  decay_init(&self->level, 0.0, sample_rate);
  drum_drive_init(&self->drive, sample_rate, UPPER_RATE_HZ);
  kick_reset(self);
}

void
kick_hit(Kick* const self, const KickHit* const hit)
{
  splice_start(&self->splice, self->last);
  self->sounds      = true;
  self->hit         = *hit;
  self->phase       = 0;
  self->level.level = hit->level;
  self->sweep_oct   = hit->sweep_oct;
  self->sweep_decay = pow(0.1, 1.0 / (hit->sweep_s * self->rate_hz));
  self->n_hold      = (uint32_t)(hit->hold_s * self->rate_hz);
  self->n_click     = (uint32_t)(CLICK_S * self->rate_hz) + 1U;
  self->pulse       = hit->level * hit->click;
  self->noise       = self->pulse * NOISE_LEVEL * sqrt(self->rate_hz / 48000.0);
  self->low[0] = self->low[1] = 0.0;
  random_seed(&self->random, hit->seed);
}

/// Write the level of the body, and to `out` what the hit has cut off, and return how
/// many frames there are before the end
static uint32_t
decay(Kick* const         self,
      const double* const decay_oct,
      float* const        level,
      float* const        out,
      const uint32_t      n_frames)
{
  for (uint32_t i = 0; i < n_frames; ++i) {
    if (self->level.level < DRUM_END && self->n_click <= i &&
        splice_is_over(&self->splice)) {
      return i;
    }

    out[i] = (float)splice_next(&self->splice);
    if (self->n_hold > 0U) {
      level[i] = (float)self->level.level;
      --self->n_hold;
    } else {
      level[i] = (float)decay_next(&self->level, decay_oct[i], self->rate_hz);
    }
  }

  return n_frames;
}

/// Add the body
static void
body(Kick* const         self,
     const double* const pitch_oct,
     const float* const  level,
     float* const        out,
     const uint32_t      n_frames)
{
  uint32_t     phase[DRUM_DRIVE_FRAMES];
  const double cycles = 1.0 / self->rate_hz;
  for (uint32_t i = 0; i < n_frames; ++i) {
    const double freq_hz =
      fast_exp2(pitch_oct[i] + self->hit.pitch_oct + self->sweep_oct);
    const double step = freq_hz * cycles;
    self->phase += (uint64_t)((step < MAX_STEP ? step : MAX_STEP) * FULL_CYCLE);
    phase[i] = (uint32_t)(self->phase >> 32U);
    self->sweep_oct *= self->sweep_decay;
  }

  const ShapeInputs sine = {phase, NULL, level, true, false};
  shape_add(SHAPE_SINE, &sine, out, out, n_frames);
}

/// Add the click, as far as it is not over
static void
click(Kick* const        self,
      const float* const tone_oct,
      float* const       out,
      const uint32_t     n_frames)
{
  const uint32_t n           = self->n_click < n_frames ? self->n_click : n_frames;
  const double   pulse_decay = fast_exp2(-DECAY_OCT / (PULSE_S * self->rate_hz));
  const double   noise_decay = fast_exp2(-DECAY_OCT / (NOISE_S * self->rate_hz));
  for (uint32_t i = 0; i < n; ++i) {
    const double random = (double)random_bipolar(random_next(&self->random));
    const double in     = self->pulse + self->noise * random;
    const double omega  = RADIANS_OCT / self->rate_hz * fast_exp2((double)tone_oct[i]);
    const double share  = 1.0 - fast_exp2(-omega);
    self->low[0] += share * (in - self->low[0]);
    self->low[1] += share * (self->low[0] - self->low[1]);
    out[i] += (float)self->low[1];
    self->pulse *= pulse_decay;
    self->noise *= noise_decay;
  }
  self->n_click -= n;
}

/// Write up to DRUM_DRIVE_FRAMES, and return how many there are before the end
static uint32_t
process_chunk(Kick* const             self,
              const KickInputs* const inputs,
              const uint32_t          start,
              float* const            out,
              const uint32_t          n_frames)
{
  float          level[DRUM_DRIVE_FRAMES];
  const uint32_t n = decay(self, inputs->decay_oct + start, level, out, n_frames);
  body(self, inputs->pitch_oct + start, level, out, n);
  click(self, inputs->tone_oct + start, out, n);
  if (n > 0U) {
    self->last = (double)out[n - 1U];
    drum_drive_process(&self->drive, inputs->drive_oct + start, out, n);
  }
  return n;
}

void
kick_process(Kick* const             self,
             const KickInputs* const inputs,
             float* const            out,
             const uint32_t          n_frames)
{
  uint32_t i = 0;
  while (self->sounds && i < n_frames) {
    const uint32_t left = n_frames - i;
    const uint32_t n    = left < DRUM_DRIVE_FRAMES ? left : DRUM_DRIVE_FRAMES;
    const uint32_t done = process_chunk(self, inputs, i, out + i, n);
    i += done;
    if (done < n) {
      kick_reset(self);
    }
  }
  memset(out + i, 0, (n_frames - i) * sizeof(float));
}
