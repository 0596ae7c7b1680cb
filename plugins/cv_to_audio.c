// SPDX-License-Identifier: ISC

#include "cv_to_audio_ports.h"
#include "plugin.h"

#include "filter/dc_block.h"
#include "shaper/soft_clip.h"
#include "signal/knob.h"

typedef struct {
  DcBlock  dc_block;
  Knob     gain; ///< In full scales per volt
  Knob     clip; ///< From 0, uncut, to 1, all of the clipper's output
  SoftClip soft_clip;
} Converter;

static void
reset(void* const state)
{
  Converter* const self = state;

  dc_block_reset(&self->dc_block);
  knob_reset(&self->gain);
  knob_reset(&self->clip);
  soft_clip_reset(&self->soft_clip);
}

static void
init(void* const state, const double sample_rate)
{
  Converter* const self = state;

  dc_block_init(&self->dc_block, sample_rate, KNOB_GLIDE_S);
  knob_init(&self->gain, sample_rate, KNOB_GLIDE_S);
  knob_init(&self->clip, sample_rate, KNOB_GLIDE_S);
  soft_clip_reset(&self->soft_clip);
}

static void
set_controls(void* const state, const Ports* const ports)
{
  Converter* const self = state;

  knob_set(&self->dc_block.share, (double)choice(ports, CV_TO_AUDIO_DC_BLOCK));
  knob_set(&self->gain, 1.0 / (double)control(ports, CV_TO_AUDIO_FULL_SCALE));
  knob_set(&self->clip, (double)choice(ports, CV_TO_AUDIO_CLIP));
}

static void
run(void* const state, const Ports* const ports, const uint32_t n_frames)
{
  Converter* const   self = state;
  const float* const in   = signal_in(ports, CV_TO_AUDIO_IN).frame;
  float* const       out  = signal_out(ports, CV_TO_AUDIO_OUT);

  float              scratch[BLOCK_FRAMES];
  const float* const volts = dc_block_process(&self->dc_block, in, scratch, n_frames);
  knob_process(&self->gain, n_frames);
  for (uint32_t i = 0; i < n_frames; ++i) {
    out[i] = volts[i] * self->gain.value[i];
  }
  soft_clip_blend(&self->soft_clip, &self->clip, out, n_frames);
}

static size_t
state_size(const double sample_rate)
{
  (void)sample_rate;
  return sizeof(Converter);
}

const Plugin plugin = {
  .uri          = CV_TO_AUDIO_URI,
  .ports        = cv_to_audio_ports,
  .n_ports      = CV_TO_AUDIO_N_PORTS,
  .state_size   = state_size,
  .init         = init,
  .reset        = reset,
  .set_controls = set_controls,
  .run          = run,
};
