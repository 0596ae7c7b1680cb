// SPDX-License-Identifier: ISC

#include "plugin.h"
#include "vca_ports.h"

#include "display/drawing.h"
#include "level/vca.h"
#include "signal/gain.h"
#include "signal/knob.h"

#include <assert.h>

static_assert((int)VCA_CV_LAW_LINEAR == (int)CV_LAW_LINEAR, "as in the Turtle");
static_assert((int)VCA_CV_LAW_EXPONENTIAL == (int)CV_LAW_EXPONENTIAL,
              "as in the Turtle");
static_assert((int)VCA_CV_LAW_QUARTIC == (int)CV_LAW_QUARTIC, "as in the Turtle");
static_assert((int)VCA_CV_LAW_RING == (int)CV_LAW_RING, "as in the Turtle");

/// Knobs that glide
typedef enum {
  LEVEL, ///< Linear, with its sign
  AMOUNT,
  BIAS, ///< In volts
  N_KNOBS
} KnobName;

typedef struct {
  CvLaw law;
  Knob  knob[N_KNOBS];
} Amplifier;

static void
reset(void* const state)
{
  Amplifier* const self = state;

  knobs_reset(self->knob, N_KNOBS);
}

static void
init(void* const state, const double sample_rate)
{
  Amplifier* const self = state;

  knobs_init(self->knob, N_KNOBS, sample_rate, KNOB_GLIDE_S);
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
  Amplifier* const self = state;

  self->law = (CvLaw)choice(ports, VCA_CV_LAW);
  knob_set(&self->knob[LEVEL], open_gain(ports));
  knob_set(&self->knob[AMOUNT], (double)control(ports, VCA_CV_AMOUNT));
  knob_set(&self->knob[BIAS], (double)control(ports, VCA_BIAS));
}

static void
run(void* const state, const Ports* const ports, const uint32_t n_frames)
{
  Amplifier* const self = state;

  knobs_process(self->knob, N_KNOBS, n_frames);
  const VcaInputs in = {.in     = signal_in(ports, VCA_IN).frame,
                        .cv_v   = signal_in(ports, VCA_CV).frame,
                        .level  = knob_signal(&self->knob[LEVEL]),
                        .amount = knob_signal(&self->knob[AMOUNT]),
                        .bias_v = knob_signal(&self->knob[BIAS])};

  vca_process(self->law, &in, signal_out(ports, VCA_OUT), n_frames);
}

static size_t
state_size(const double sample_rate)
{
  (void)sample_rate;
  return sizeof(Amplifier);
}

// ---- Picture

static const uint8_t watched[] = {VCA_CV};

/// Draw the gain over the voltage, and mark the present one
static void
draw(Drawing* const drawing)
{
  static const uint8_t outs[] = {VCA_OUT};

  const bool       is_ring = draw_value(drawing, VCA_CV_LAW) == (double)VCA_CV_LAW_RING;
  const float      low     = is_ring ? -10.0f : 0.0f;
  const DrawSignal cv      = {VCA_CV, DRAW_RAMP, low, 10.0f, 0.0};
  const DrawTrace  trace   = {
       .outs = outs, .n_outs = 1, .signals = &cv, .low = 0.1f * low, .high = 1.05f};
  draw_set(drawing, VCA_IN, 1.0);
  draw_transfer(drawing, &trace);
  draw_cursor(drawing,
              (draw_value(drawing, VCA_CV) - (double)low) / (10.0 - (double)low));
}

static const View view = {.draw      = draw,
                          .watched   = watched,
                          .n_watched = sizeof(watched)};

const Plugin plugin = {
  .uri          = VCA_URI,
  .ports        = vca_ports,
  .n_ports      = VCA_N_PORTS,
  .state_size   = state_size,
  .init         = init,
  .reset        = reset,
  .set_controls = set_controls,
  .run          = run,
  .view         = &view,
};
