// SPDX-License-Identifier: ISC

#include "lv2/port_input.h"
#include "plugin.h"
#include "slew_ports.h"

#include "modulation/slew.h"

#include <assert.h>

static_assert((int)SLEW_MODE_CONSTANT_RATE == (int)SLEW_CONSTANT_RATE,
              "as in the Turtle");
static_assert((int)SLEW_MODE_CONSTANT_TIME == (int)SLEW_CONSTANT_TIME,
              "as in the Turtle");
static_assert(SLEW_MAX_FRAMES >= BLOCK_FRAMES, "takes what run() gets");

static const float unpatched[BLOCK_FRAMES] = {0.0f};

typedef struct {
  Slew slew;
  bool is_linked; ///< Whether the way down is as the way up
} Limiter;

static void
reset(void* const state)
{
  Limiter* const self = state;

  slew_reset(&self->slew);
}

static void
init(void* const state, const double sample_rate)
{
  Limiter* const self = state;

  slew_init(&self->slew, sample_rate);
}

/// Return the seconds of a time knob, which is at once where its travel begins
static double
time_s(void* const port[], const uint32_t index)
{
  const float value = control(port, index);

  return value > slew_ports[index].minimum ? (double)value : 0.0;
}

static void
set_controls(void* const state, void* const port[])
{
  Limiter* const  self = state;
  const SlewMode  mode = (SlewMode)choice(port, SLEW_MODE);
  const SlewKnobs rise = {.time_s    = time_s(port, SLEW_RISE),
                          .curve     = control(port, SLEW_RISE_CURVE),
                          .cv_amount = control(port, SLEW_RISE_AMOUNT)};
  const SlewKnobs fall = {.time_s    = time_s(port, SLEW_FALL),
                          .curve     = control(port, SLEW_FALL_CURVE),
                          .cv_amount = control(port, SLEW_FALL_AMOUNT)};

  self->is_linked = choice(port, SLEW_LINK);
  slew_set_knobs(&self->slew, mode, (SlewKnobs[]){rise, self->is_linked ? rise : fall});
}

/// Return where an output is written, or NULL if nobody hears it
static float*
output(void* const port[], const uint32_t index)
{
  return is_connected(port, index) ? port[index] : NULL;
}

static void
run(void* const state, void* const port[], const uint32_t n_frames)
{
  Limiter* const    self      = state;
  const Input       unplugged = {unpatched, true};
  const Input       rise_cv   = port_input(port, SLEW_RISE_CV);
  const Input       fall_cv   = port_input(port, SLEW_FALL_CV);
  const SlewSignals in        = {port[SLEW_IN] ? port_input(port, SLEW_IN) : unplugged,
                          {rise_cv, self->is_linked ? rise_cv : fall_cv}};
  const SlewOutputs out = {port[SLEW_OUT],
                           {output(port, SLEW_RISING), output(port, SLEW_FALLING)}};

  slew_process(&self->slew, &in, &out, n_frames);
}

const Plugin plugin = {
  .uri          = SLEW_URI,
  .ports        = slew_ports,
  .n_ports      = SLEW_N_PORTS,
  .state_size   = sizeof(Limiter),
  .init         = init,
  .reset        = reset,
  .set_controls = set_controls,
  .run          = run,
};
