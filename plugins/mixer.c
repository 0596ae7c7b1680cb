// SPDX-License-Identifier: ISC

#include "mixer_ports.h"
#include "plugin.h"

#include "knob.h"
#include "mix.h"
#include "soft_clip.h"

#include <assert.h>
#include <string.h>

static_assert((int)MIXER_CV_LAW_LINEAR == (int)CV_LAW_LINEAR, "as in the Turtle");
static_assert((int)MIXER_CV_LAW_EXPONENTIAL == (int)CV_LAW_EXPONENTIAL,
              "as in the Turtle");

static_assert(BLOCK_FRAMES <= KNOB_MAX_FRAMES, "a knob fills whole slices");
static_assert(BLOCK_FRAMES <= SOFT_CLIP_MAX_FRAMES, "a slice is clipped at once");

#define N_CHANNELS 4U

/// The ports of a channel
typedef struct {
  uint32_t in;
  uint32_t level_cv;
  uint32_t level;
  uint32_t cv_amount;
  uint32_t mute;
  uint32_t invert;
} Strip;

static const Strip strips[N_CHANNELS] = {
  {MIXER_IN_1,
   MIXER_LEVEL_CV_1,
   MIXER_LEVEL_1,
   MIXER_CV_AMOUNT_1,
   MIXER_MUTE_1,
   MIXER_INVERT_1},
  {MIXER_IN_2,
   MIXER_LEVEL_CV_2,
   MIXER_LEVEL_2,
   MIXER_CV_AMOUNT_2,
   MIXER_MUTE_2,
   MIXER_INVERT_2},
  {MIXER_IN_3,
   MIXER_LEVEL_CV_3,
   MIXER_LEVEL_3,
   MIXER_CV_AMOUNT_3,
   MIXER_MUTE_3,
   MIXER_INVERT_3},
  {MIXER_IN_4,
   MIXER_LEVEL_CV_4,
   MIXER_LEVEL_4,
   MIXER_CV_AMOUNT_4,
   MIXER_MUTE_4,
   MIXER_INVERT_4},
};

typedef struct {
  Knob gain; ///< Level, mute and invert as one, so that all three go smoothly
  Knob cv_amount;
} Channel;

typedef struct {
  Channel  channel[N_CHANNELS];
  Knob     level;
  Knob     clip; ///< From 0, uncut, to 1, all of the clipper's output
  SoftClip soft_clip;
} Mixer;

static void
reset(void* const state)
{
  Mixer* const self = state;

  for (uint32_t c = 0; c < N_CHANNELS; ++c) {
    knob_reset(&self->channel[c].gain);
    knob_reset(&self->channel[c].cv_amount);
  }
  knob_reset(&self->level);
  knob_reset(&self->clip);
  soft_clip_reset(&self->soft_clip);
}

static void
init(void* const state, const double sample_rate)
{
  Mixer* const self = state;

  for (uint32_t c = 0; c < N_CHANNELS; ++c) {
    knob_init(&self->channel[c].gain, sample_rate, KNOB_GLIDE_S);
    knob_init(&self->channel[c].cv_amount, sample_rate, KNOB_GLIDE_S);
  }
  knob_init(&self->level, sample_rate, KNOB_GLIDE_S);
  knob_init(&self->clip, sample_rate, KNOB_GLIDE_S);
  soft_clip_reset(&self->soft_clip);
}

/// Return the gain that the knobs of a channel ask for
static double
strip_gain(const Strip* const strip, void* const port[])
{
  const double gain = mix_level_gain((double)control(port, strip->level));

  return choice(port, strip->mute) ? 0.0 : choice(port, strip->invert) ? -gain : gain;
}

static void
add_channel(Channel* const     self,
            const Strip* const strip,
            void* const        port[],
            float* const       sum,
            const uint32_t     n_frames)
{
  static const float unpatched[BLOCK_FRAMES] = {0.0f};

  const float* const in = port[strip->in];
  const float* const cv = port[strip->level_cv];

  knob_turn(&self->gain, strip_gain(strip, port), n_frames);
  knob_turn(&self->cv_amount, (double)control(port, strip->cv_amount), n_frames);
  if (in && knob_rests_at(&self->cv_amount, 0.0f)) {
    mix_add(in, self->gain.value, sum, n_frames);
  } else if (in) {
    const CvLaw law = (CvLaw)choice(port, MIXER_CV_LAW);

    float gain[BLOCK_FRAMES];
    memcpy(gain, self->gain.value, n_frames * sizeof(float));
    mix_cv_scale(law, cv ? cv : unpatched, self->cv_amount.value, gain, n_frames);
    mix_add(in, gain, sum, n_frames);
  }
}

/// Clip `sum` as far as the clip switch has got
static void
clip(Mixer* const self, void* const port[], float* const sum, const uint32_t n_frames)
{
  knob_turn(&self->clip, (double)choice(port, MIXER_CLIP), n_frames);
  if (knob_rests_at(&self->clip, 0.0f)) {
    soft_clip_rest(&self->soft_clip, sum, n_frames);
    return;
  }

  const float* const share = self->clip.value;
  float              clipped[BLOCK_FRAMES];
  soft_clip_process(&self->soft_clip, sum, clipped, n_frames);
  for (uint32_t i = 0; i < n_frames; ++i) {
    sum[i] += share[i] * (clipped[i] - sum[i]);
  }
}

static void
run(void* const state, void* const port[], const uint32_t n_frames)
{
  Mixer* const self = state;

  float sum[BLOCK_FRAMES] = {0.0f};
  for (uint32_t c = 0; c < N_CHANNELS; ++c) {
    add_channel(&self->channel[c], &strips[c], port, sum, n_frames);
  }

  knob_turn(&self->level, mix_level_gain((double)control(port, MIXER_LEVEL)), n_frames);
  mix_scale(self->level.value, sum, n_frames);
  clip(self, port, sum, n_frames);
  memcpy(port[MIXER_OUT], sum, n_frames * sizeof(float));
}

const Plugin plugin =
  {MIXER_URI, mixer_ports, MIXER_N_PORTS, sizeof(Mixer), init, reset, run, NULL};
