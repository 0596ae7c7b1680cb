// SPDX-License-Identifier: ISC

#include "drum/hat.h"

#include <math.h>
#include <string.h>

#define UPPER_RATE_HZ 384000.0
#define SPLICE_S 0.0003
#define METAL_LEVEL 0.4   ///< Of each square, where they are apart
#define UNISON_LEVEL 0.16 ///< Where they are not, and sum up
#define NOISE_LEVEL 0.6   ///< At 48 kHz
#define MAX_STEP 0.1      ///< Cycles of a square in a frame of the upper rate
#define FULL_CYCLE 0x1p32
#define MAX_UPPER (DRUM_DRIVE_FRAMES * PROMPT_MAX_FACTOR)

void
hat_reset(Hat* const self)
{
  self->sounds = false;
  self->last   = 0.0;
  splice_reset(&self->splice);
  prompt_reset(&self->squares);
  drum_high_pass_reset(&self->filter[0]);
  drum_high_pass_reset(&self->filter[1]);
  drum_drive_reset(&self->drive);
  self->level.level = 0.0;
}

void
hat_init(Hat* const self, const double sample_rate)
{
  memset(self, 0, sizeof(*self));
  self->rate_hz     = sample_rate;
  self->noise_level = NOISE_LEVEL * sqrt(sample_rate / 48000.0);
  splice_init(&self->splice, sample_rate, SPLICE_S);
  decay_init(&self->level, 0.0, sample_rate);
  prompt_init(&self->squares, sample_rate, UPPER_RATE_HZ);
  drum_high_pass_init(&self->filter[0], sample_rate);
  drum_high_pass_init(&self->filter[1], sample_rate);
  drum_drive_init(&self->drive, sample_rate, UPPER_RATE_HZ);
  hat_reset(self);
}

void
hat_hit(Hat* const self, const HatHit* const hit)
{
  static const double freqs_hz[HAT_N_SQUARES] = {
    205.3, 304.4, 369.6, 522.7, 540.0, 800.0};

  splice_start(&self->splice, self->last);
  prompt_reset(&self->squares);
  drum_high_pass_reset(&self->filter[0]);
  drum_high_pass_reset(&self->filter[1]);
  random_seed(&self->random, hit->seed);
  self->sounds      = true;
  self->hit         = *hit;
  self->level.level = hit->level;
  self->metal_level =
    UNISON_LEVEL + (METAL_LEVEL - UNISON_LEVEL) * fmin(hit->spread, 1.0);
  for (uint32_t s = 0; s < HAT_N_SQUARES; ++s) {
    self->phase[s] = 0;
    self->ratio[s] = pow(freqs_hz[s] / freqs_hz[0], hit->spread);
  }
}

/// Write the level, and to `out` what the hit has cut off, and return how many frames
/// there are before the end
static uint32_t
decay(Hat* const          self,
      const double* const decay_oct,
      float* const        level,
      float* const        out,
      const uint32_t      n_frames)
{
  for (uint32_t i = 0; i < n_frames; ++i) {
    if (self->level.level < DRUM_END && splice_is_over(&self->splice)) {
      return i;
    }

    level[i] = (float)decay_next(&self->level, decay_oct[i], self->rate_hz);
    out[i]   = (float)splice_next(&self->splice);
  }

  return n_frames;
}

/// Return a square by its phase, whose edges go through `1 / edge` of half a cycle
/// either side, in 2^-32 cycles
static inline float
square(const uint32_t phase, const float edge)
{
  // From the nearest edge, which falls in the middle of the cycle
  const float distance = (float)(int32_t)(phase << 1U) * edge;
  const float below    = distance < 1.0f ? distance : 1.0f;
  const float x        = below > -1.0f ? below : -1.0f;
  const float sign     = (int32_t)(phase + 0x40000000U) < 0 ? -1.0f : 1.0f;

  return sign * x * (2.0f - fabsf(x));
}

/**
   Add a square of `freq` cycles in a frame of the upper rate, and return its phase.

   The loop over a frame is not unrolled, so that GCC 12 makes vectors of it.
*/
static inline __attribute__((always_inline)) uint32_t
add_square_at(const uint32_t      factor,
              const double* const freq,
              const double        ratio,
              const uint32_t      start,
              float* const        out,
              const uint32_t      n_frames)
{
  uint32_t phase = start;
  for (uint32_t i = 0; i < n_frames; ++i) {
    const double   due  = ratio * freq[i];
    const double   size = (due < MAX_STEP ? due : MAX_STEP) * FULL_CYCLE;
    const uint32_t step = (uint32_t)size + 1U;
    const float    edge = 0.5f / (float)step;
    float* const   to   = out + i * factor;
#pragma GCC unroll 1
    for (uint32_t j = 0; j < factor; ++j) {
      to[j] += square(phase + (j + 1U) * step, edge);
    }
    phase += factor * step;
  }
  return phase;
}

/// Do that with a copy for the usual factor, which fills a vector
static uint32_t
add_square(const uint32_t      factor,
           const double* const freq,
           const double        ratio,
           const uint32_t      start,
           float* const        out,
           const uint32_t      n_frames)
{
  return factor == 8U ? add_square_at(8U, freq, ratio, start, out, n_frames)
                      : add_square_at(factor, freq, ratio, start, out, n_frames);
}

/// Write the sum of all squares, to a buffer of MAX_UPPER
static void
metal(Hat* const          self,
      const double* const pitch_oct,
      float* const        out,
      const uint32_t      n_frames)
{
  const uint32_t factor = self->squares.factor;
  const double   cycles = 1.0 / (self->rate_hz * factor);

  double freq[DRUM_DRIVE_FRAMES];
  for (uint32_t i = 0; i < n_frames; ++i) {
    freq[i] = cycles * fast_exp2(pitch_oct[i] + self->hit.pitch_oct);
  }
  memset(out, 0, n_frames * factor * sizeof(float));
  for (uint32_t s = 0; s < HAT_N_SQUARES; ++s) {
    self->phase[s] =
      add_square(factor, freq, self->ratio[s], self->phase[s], out, n_frames);
  }
  prompt_down(&self->squares, out, n_frames);
}

/// Add metal and noise
static void
cymbal(Hat* const             self,
       const HatInputs* const in,
       const float* const     level,
       float* const           out,
       const uint32_t         n_frames)
{
  float squares[MAX_UPPER];
  metal(self, in->pitch_oct, squares, n_frames);
  for (uint32_t i = 0; i < n_frames; ++i) {
    const double share  = (double)in->metal[i];
    const double random = (double)random_bipolar(random_next(&self->random));
    const double both   = share * self->metal_level * (double)squares[i] +
                        (1.0 - share) * self->noise_level * random;
    const double tone_oct = (double)in->tone_oct[i];
    const double first =
      drum_high_pass_next(&self->filter[0], tone_oct, self->rate_hz, both);
    const double second =
      drum_high_pass_next(&self->filter[1], tone_oct, self->rate_hz, first);
    out[i] += level[i] * (float)second;
  }
}

/// Write up to DRUM_DRIVE_FRAMES, and return how many there are before the end
static uint32_t
process_chunk(Hat* const             self,
              const HatInputs* const in,
              float* const           out,
              const uint32_t         n_frames)
{
  float               level[DRUM_DRIVE_FRAMES];
  const double* const decay_oct =
    self->hit.is_open ? in->open_decay_oct : in->decay_oct;
  const uint32_t n = decay(self, decay_oct, level, out, n_frames);
  cymbal(self, in, level, out, n);
  if (n > 0U) {
    self->last = (double)out[n - 1U];
    drum_drive_process(&self->drive, in->drive_oct, out, n);
  }
  return n;
}

void
hat_process(Hat* const             self,
            const HatInputs* const inputs,
            float* const           out,
            const uint32_t         n_frames)
{
  uint32_t i = 0;
  while (self->sounds && i < n_frames) {
    const HatInputs rest = {inputs->pitch_oct + i,
                            inputs->decay_oct + i,
                            inputs->open_decay_oct + i,
                            inputs->metal + i,
                            inputs->tone_oct + i,
                            inputs->drive_oct + i};
    const uint32_t  left = n_frames - i;
    const uint32_t  n    = left < DRUM_DRIVE_FRAMES ? left : DRUM_DRIVE_FRAMES;
    const uint32_t  done = process_chunk(self, &rest, out + i, n);
    i += done;
    if (done < n) {
      hat_reset(self);
    }
  }
  memset(out + i, 0, (n_frames - i) * sizeof(float));
}
