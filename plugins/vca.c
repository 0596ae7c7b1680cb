// SPDX-License-Identifier: ISC

#include "plugin.h"
#include "vca_ports.h"

#include "level/vca.h"
#include "signal/gain.h"

#include <assert.h>
#include <string.h>

static_assert((int)VCA_CV_LAW_LINEAR == (int)CV_LAW_LINEAR, "as in the Turtle");
static_assert((int)VCA_CV_LAW_EXPONENTIAL == (int)CV_LAW_EXPONENTIAL,
              "as in the Turtle");
static_assert((int)VCA_CV_LAW_QUARTIC == (int)CV_LAW_QUARTIC, "as in the Turtle");
static_assert((int)VCA_CV_LAW_RING == (int)CV_LAW_RING, "as in the Turtle");

static const float unpatched[BLOCK_FRAMES] = {0.0f};

static void
reset(void* const state)
{
  vca_reset(state);
}

static void
init(void* const state, const double sample_rate)
{
  vca_init(state, sample_rate, KNOB_GLIDE_S);
}

/// Return the gain of an open amplifier that the knobs ask for
static double
open_gain(void* const port[])
{
  const double gain = gain_of_level((double)control(port, VCA_LEVEL));

  return choice(port, VCA_MUTE) ? 0.0 : choice(port, VCA_INVERT) ? -gain : gain;
}

static void
set_controls(void* const state, void* const port[])
{
  Vca* const self = state;

  self->law = (CvLaw)choice(port, VCA_CV_LAW);
  knob_set(&self->level, open_gain(port));
  knob_set(&self->amount, (double)control(port, VCA_CV_AMOUNT));
  knob_set(&self->bias_v, (double)control(port, VCA_BIAS));
}

static void
run(void* const state, void* const port[], const uint32_t n_frames)
{
  const float* const in   = port[VCA_IN] ? port[VCA_IN] : unpatched;
  const float* const cv_v = port[VCA_CV] ? port[VCA_CV] : unpatched;

  vca_process(state, in, cv_v, port[VCA_OUT], n_frames);
}

const Plugin plugin = {
  .uri          = VCA_URI,
  .ports        = vca_ports,
  .n_ports      = VCA_N_PORTS,
  .state_size   = sizeof(Vca),
  .init         = init,
  .reset        = reset,
  .set_controls = set_controls,
  .run          = run,
};
