// SPDX-License-Identifier: ISC

#include "drum/drive.h"

#include "math/fast_math.h"
#include "shaper/waveshape.h"

#include <math.h>

#define MAX_UPPER (DRUM_DRIVE_FRAMES * PROMPT_MAX_FACTOR)

void
drum_drive_init(DrumDrive* const self,
                const double     sample_rate,
                const double     upper_rate_hz)
{
  prompt_init(&self->prompt, sample_rate, upper_rate_hz);
}

void
drum_drive_reset(DrumDrive* const self)
{
  prompt_reset(&self->prompt);
}

double
drum_drive_oct(const double drive_db)
{
  return log2(DRUM_DRIVE_CLEAN) + drive_db / (20.0 * log10(2.0));
}

/// Write the tanh of `n_frames`, which waveshape_process() would delay by one
static void
saturate(const float* const in, float* const out, const uint32_t n_frames)
{
  waveshape_process(WAVESHAPE_TANH, in + 1, out, n_frames);
}

void
drum_drive_process(DrumDrive* const   self,
                   const float* const drive_oct,
                   float* const       signal,
                   const uint32_t     n_frames)
{
  const uint32_t factor = self->prompt.factor;

  float drive[DRUM_DRIVE_FRAMES] = {0.0f};
  float peak[DRUM_DRIVE_FRAMES];
  for (uint32_t i = 0; i < n_frames; ++i) {
    drive[i] = fast_exp2f(drive_oct[i]);
  }
  saturate(drive, peak, n_frames);

  float upper[MAX_UPPER];
  float bent[MAX_UPPER];
  prompt_up(&self->prompt, signal, upper, n_frames);
  for (uint32_t i = 0; i < n_frames; ++i) {
    for (uint32_t j = i * factor; j < (i + 1U) * factor; ++j) {
      upper[j] *= drive[i];
    }
  }
  saturate(upper, bent, n_frames * factor);
  prompt_down(&self->prompt, bent, n_frames);
  for (uint32_t i = 0; i < n_frames; ++i) {
    const float x     = bent[i] / peak[i];
    const float above = x > -DRUM_MAX ? x : -DRUM_MAX;
    signal[i]         = above < DRUM_MAX ? above : DRUM_MAX;
  }
}
