// SPDX-License-Identifier: ISC
/**
   Oversampling that starts at once: the first frame that goes in is in the first that
   comes out, and most of it comes within PROMPT_MAX_DELAY.

   Each doubling is an elliptic half-band filter, the mean of two chains of all-passes
   H(z) = (A(z^2) + A'(z^2) / z) / 2, which run side by side at the lower rate.  From
   28 kHz on at 48 kHz, it is 98 dB down; up to 20 kHz, it is flat within 1e-4 dB.  Its
   phase bends towards the upper end, so nothing can be lined up with it: it is for
   sounds that start by themselves, where oversample.h is for signals that pass.

   The coefficients are a closed form: Valenzuela and Constantinides, "Digital Signal
   Processing Schemes for Efficient Interpolation and Decimation", IEE Proceedings G
   130(6), 1983.
*/

#ifndef PROMPT_H
#define PROMPT_H

#include <stdint.h>

#define PROMPT_MAX_STAGES 3U
#define PROMPT_MAX_FACTOR 8U
#define PROMPT_MAX_PAIRS 4U
#define PROMPT_MAX_DELAY 5.2 ///< Of low frequencies, up and down, in frames

/// A value for each of the two chains
typedef double PromptPair __attribute__((vector_size(16)));

/// Half of a doubling: up or down
typedef struct {
  uint32_t   n_pairs;                    ///< All-passes in each chain
  PromptPair factor[PROMPT_MAX_PAIRS];   ///< Of each all-pass
  PromptPair past[PROMPT_MAX_PAIRS + 1]; ///< What came before and after each
} PromptStage;

typedef struct {
  uint32_t    n_stages;
  uint32_t    factor; ///< 2 to the power of that
  PromptStage up[PROMPT_MAX_STAGES];
  PromptStage down[PROMPT_MAX_STAGES];
} Prompt;

/// Set up for the lowest multiple of `sample_rate` that is about `upper_rate_hz`, or
/// PROMPT_MAX_FACTOR if that is less
void
prompt_init(Prompt* self, double sample_rate, double upper_rate_hz);

/// Forget all input
void
prompt_reset(Prompt* self);

/// Write `factor` times `n_frames` to `out`, which may not overlap `in`
void
prompt_up(Prompt* self, const float* in, float* out, uint32_t n_frames);

/// Turn `factor` times `n_frames` into `n_frames`, at the start of `frames`
void
prompt_down(Prompt* self, float* frames, uint32_t n_frames);

#endif // PROMPT_H
