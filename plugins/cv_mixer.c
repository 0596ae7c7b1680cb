// SPDX-License-Identifier: ISC

#include "cv_mixer_ports.h"
#include "plugin.h"

#include "display/drawing.h"
#include "level/cv_mix.h"
#include "signal/knob.h"

static const uint32_t inputs[CV_MIX_INPUTS] = {CV_MIXER_IN_1,
                                               CV_MIXER_IN_2,
                                               CV_MIXER_IN_3,
                                               CV_MIXER_IN_4};

static const uint32_t amounts[CV_MIX_INPUTS] = {CV_MIXER_AMOUNT_1,
                                                CV_MIXER_AMOUNT_2,
                                                CV_MIXER_AMOUNT_3,
                                                CV_MIXER_AMOUNT_4};

/// Knobs that glide: the amounts of all inputs, and this
enum { OFFSET = CV_MIX_INPUTS, N_KNOBS };

typedef struct {
  Knob knob[N_KNOBS];
} Mixer;

static void
reset(void* const state)
{
  Mixer* const self = state;

  knobs_reset(self->knob, N_KNOBS);
}

static void
init(void* const state, const double sample_rate)
{
  Mixer* const self = state;

  knobs_init(self->knob, N_KNOBS, sample_rate, KNOB_GLIDE_S);
}

static void
set_controls(void* const state, const Ports* const ports)
{
  Mixer* const self = state;

  for (uint32_t c = 0; c < CV_MIX_INPUTS; ++c) {
    knob_set(&self->knob[c], (double)control(ports, amounts[c]));
  }
  knob_set(&self->knob[OFFSET], (double)control(ports, CV_MIXER_OFFSET));
}

static void
run(void* const state, const Ports* const ports, const uint32_t n_frames)
{
  Mixer* const       self = state;
  const CvMixOutputs out  = {signal_out(ports, CV_MIXER_SUM),
                             signal_out(ports, CV_MIXER_MINIMUM),
                             signal_out(ports, CV_MIXER_MAXIMUM),
                             signal_out(ports, CV_MIXER_AVERAGE)};

  knobs_process(self->knob, N_KNOBS, n_frames);
  CvMixInputs in = {.offset_v = knob_signal(&self->knob[OFFSET])};
  for (uint32_t c = 0; c < CV_MIX_INPUTS; ++c) {
    in.in[c]     = signal_in(ports, inputs[c]).frame;
    in.amount[c] = knob_signal(&self->knob[c]);
  }
  cv_mix_process(&in, &out, n_frames);
}

static size_t
state_size(const double sample_rate)
{
  (void)sample_rate;
  return sizeof(Mixer);
}

// ---- Picture

static const uint8_t watched[] = {CV_MIXER_SUM,
                                  CV_MIXER_MINIMUM,
                                  CV_MIXER_MAXIMUM,
                                  CV_MIXER_AVERAGE};

/// Draw sum, minimum, maximum and average, with the sum in volts
static void
draw(Drawing* const drawing)
{
  float bars[4];
  for (uint32_t o = 0; o < 4U; ++o) {
    bars[o] = 0.5f + 0.05f * (float)draw_value(drawing, watched[o]);
  }
  draw_bars(drawing, bars, 4, 0.5f, -1);
  draw_number(drawing, draw_value(drawing, CV_MIXER_SUM), "V");
}

static const View view = {.draw      = draw,
                          .watched   = watched,
                          .n_watched = sizeof(watched)};

const Plugin plugin = {
  .uri          = CV_MIXER_URI,
  .ports        = cv_mixer_ports,
  .n_ports      = CV_MIXER_N_PORTS,
  .state_size   = state_size,
  .init         = init,
  .reset        = reset,
  .set_controls = set_controls,
  .run          = run,
  .view         = &view,
};
