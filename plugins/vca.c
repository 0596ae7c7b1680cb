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
open_gain(const Ports* const ports)
{
  const double gain = gain_of_level((double)control(ports, VCA_LEVEL));

  return choice(ports, VCA_MUTE) ? 0.0 : choice(ports, VCA_INVERT) ? -gain : gain;
}

static void
set_controls(void* const state, const Ports* const ports)
{
  Vca* const self = state;

  self->law = (CvLaw)choice(ports, VCA_CV_LAW);
  knob_set(&self->level, open_gain(ports));
  knob_set(&self->amount, (double)control(ports, VCA_CV_AMOUNT));
  knob_set(&self->bias_v, (double)control(ports, VCA_BIAS));
}

static void
run(void* const state, const Ports* const ports, const uint32_t n_frames)
{
  const float* const in   = signal_in(ports, VCA_IN).frame;
  const float* const cv_v = signal_in(ports, VCA_CV).frame;

  vca_process(state, in, cv_v, signal_out(ports, VCA_OUT), n_frames);
}

static size_t
state_size(const double sample_rate)
{
  (void)sample_rate;
  return sizeof(Vca);
}

const Plugin plugin = {
  .uri          = VCA_URI,
  .ports        = vca_ports,
  .n_ports      = VCA_N_PORTS,
  .state_size   = state_size,
  .init         = init,
  .reset        = reset,
  .set_controls = set_controls,
  .run          = run,
};
