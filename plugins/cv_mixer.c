// SPDX-License-Identifier: ISC

#include "cv_mixer_ports.h"
#include "plugin.h"

#include "level/cv_mix.h"

static const uint32_t inputs[CV_MIX_INPUTS] = {CV_MIXER_IN_1,
                                               CV_MIXER_IN_2,
                                               CV_MIXER_IN_3,
                                               CV_MIXER_IN_4};

static const uint32_t amounts[CV_MIX_INPUTS] = {CV_MIXER_AMOUNT_1,
                                                CV_MIXER_AMOUNT_2,
                                                CV_MIXER_AMOUNT_3,
                                                CV_MIXER_AMOUNT_4};

static void
reset(void* const state)
{
  cv_mix_reset(state);
}

static void
init(void* const state, const double sample_rate)
{
  cv_mix_init(state, sample_rate, KNOB_GLIDE_S);
}

static void
set_controls(void* const state, void* const port[])
{
  CvMix* const self = state;

  for (uint32_t c = 0; c < CV_MIX_INPUTS; ++c) {
    knob_set(&self->amount[c], (double)control(port, amounts[c]));
  }
  knob_set(&self->offset_v, (double)control(port, CV_MIXER_OFFSET));
}

static void
run(void* const state, void* const port[], const uint32_t n_frames)
{
  static const float unpatched[BLOCK_FRAMES] = {0.0f};

  const CvMixOutputs out = {port[CV_MIXER_SUM],
                            port[CV_MIXER_MINIMUM],
                            port[CV_MIXER_MAXIMUM],
                            port[CV_MIXER_AVERAGE]};

  const float* in[CV_MIX_INPUTS];
  for (uint32_t c = 0; c < CV_MIX_INPUTS; ++c) {
    in[c] = port[inputs[c]] ? port[inputs[c]] : unpatched;
  }
  cv_mix_process(state, in, &out, n_frames);
}

const Plugin plugin = {
  .uri          = CV_MIXER_URI,
  .ports        = cv_mixer_ports,
  .n_ports      = CV_MIXER_N_PORTS,
  .state_size   = sizeof(CvMix),
  .init         = init,
  .reset        = reset,
  .set_controls = set_controls,
  .run          = run,
};
