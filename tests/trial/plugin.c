// SPDX-License-Identifier: ISC

#include "plugin.h"
#include "trial_ports.h"

#include "delay/trial.h"
#include "signal/knob.h"
#include "signal/units.h"

typedef struct {
  Knob  level;
  float peak;  ///< Since the reset
  Trial trial; ///< The last one, for its line follows
} Module;

static size_t
state_size(const double sample_rate)
{
  return sizeof(Module) - sizeof(Trial) + trial_size(sample_rate);
}

static void
reset(void* const state)
{
  Module* const self = state;

  knob_reset(&self->level);
  trial_reset(&self->trial);
  self->peak = 0.0f;
}

static void
init(void* const state, const double sample_rate)
{
  Module* const self = state;

  knob_init(&self->level, sample_rate, KNOB_GLIDE_S);
  trial_init(&self->trial, sample_rate);
}

static void
set_controls(void* const state, const Ports* const ports)
{
  Module* const self = state;

  knob_set(&self->level, db_to_gain((double)control(ports, TRIAL_LEVEL)));
}

static void
message(void* const state, const Message* const message)
{
  Module* const self = state;

  if (message->property == TRIAL_PROPERTY_TIME && message->kind == MESSAGE_NUMBER) {
    trial_set_delay(&self->trial, message->number);
  }
}

static void
run(void* const state, const Ports* const ports, const uint32_t n_frames)
{
  Module* const      self = state;
  const float* const in   = signal_in(ports, TRIAL_IN).frame;
  float* const       out  = signal_out(ports, TRIAL_OUT);

  knob_process(&self->level, n_frames);
  const float peak =
    trial_process(&self->trial, in, knob_signal(&self->level), out, n_frames);
  self->peak = peak > self->peak ? peak : self->peak;
  set_meter(ports, TRIAL_PEAK, self->peak < 1.0f ? self->peak : 1.0f);
}

const Plugin plugin = {
  .uri          = TRIAL_URI,
  .ports        = trial_ports,
  .n_ports      = TRIAL_N_PORTS,
  .properties   = trial_properties,
  .n_properties = TRIAL_N_PROPERTIES,
  .state_size   = state_size,
  .init         = init,
  .reset        = reset,
  .set_controls = set_controls,
  .run          = run,
  .message      = message,
};
