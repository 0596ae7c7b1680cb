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
set_controls(void* const state, const Ports* const ports)
{
  CvMix* const self = state;

  for (uint32_t c = 0; c < CV_MIX_INPUTS; ++c) {
    knob_set(&self->amount[c], (double)control(ports, amounts[c]));
  }
  knob_set(&self->offset_v, (double)control(ports, CV_MIXER_OFFSET));
}

static void
run(void* const state, const Ports* const ports, const uint32_t n_frames)
{
  const CvMixOutputs out = {signal_out(ports, CV_MIXER_SUM),
                            signal_out(ports, CV_MIXER_MINIMUM),
                            signal_out(ports, CV_MIXER_MAXIMUM),
                            signal_out(ports, CV_MIXER_AVERAGE)};

  const float* in[CV_MIX_INPUTS];
  for (uint32_t c = 0; c < CV_MIX_INPUTS; ++c) {
    in[c] = signal_in(ports, inputs[c]).frame;
  }
  cv_mix_process(state, in, &out, n_frames);
}

static size_t
state_size(const double sample_rate)
{
  (void)sample_rate;
  return sizeof(CvMix);
}

const Plugin plugin = {
  .uri          = CV_MIXER_URI,
  .ports        = cv_mixer_ports,
  .n_ports      = CV_MIXER_N_PORTS,
  .state_size   = state_size,
  .init         = init,
  .reset        = reset,
  .set_controls = set_controls,
  .run          = run,
};
