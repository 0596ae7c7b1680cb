// SPDX-License-Identifier: ISC

#include "plugin.h"
#include "slew_ports.h"

#include "display/drawing.h"
#include "modulation/slew.h"

#include <assert.h>
#include <math.h>

static_assert((int)SLEW_MODE_CONSTANT_RATE == (int)SLEW_CONSTANT_RATE,
              "as in the Turtle");
static_assert((int)SLEW_MODE_CONSTANT_TIME == (int)SLEW_CONSTANT_TIME,
              "as in the Turtle");

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
time_s(const Ports* const ports, const uint32_t index)
{
  const float value = control(ports, index);

  return value > slew_ports[index].minimum ? (double)value : 0.0;
}

static void
set_controls(void* const state, const Ports* const ports)
{
  Limiter* const  self = state;
  const SlewMode  mode = (SlewMode)choice(ports, SLEW_MODE);
  const SlewKnobs rise = {.time_s    = time_s(ports, SLEW_RISE),
                          .curve     = control(ports, SLEW_RISE_CURVE),
                          .cv_amount = control(ports, SLEW_RISE_AMOUNT)};
  const SlewKnobs fall = {.time_s    = time_s(ports, SLEW_FALL),
                          .curve     = control(ports, SLEW_FALL_CURVE),
                          .cv_amount = control(ports, SLEW_FALL_AMOUNT)};

  self->is_linked = choice(ports, SLEW_LINK);
  slew_set_knobs(&self->slew, mode, (SlewKnobs[]){rise, self->is_linked ? rise : fall});
}

static void
run(void* const state, const Ports* const ports, const uint32_t n_frames)
{
  Limiter* const    self    = state;
  const Signal      rise_cv = signal_in(ports, SLEW_RISE_CV);
  const Signal      fall_cv = signal_in(ports, SLEW_FALL_CV);
  const SlewSignals in      = {signal_in(ports, SLEW_IN),
                               {rise_cv, self->is_linked ? rise_cv : fall_cv}};
  const SlewOutputs out     = {
        signal_out(ports, SLEW_OUT),
        {connected_out(ports, SLEW_RISING), connected_out(ports, SLEW_FALLING)}};

  slew_process(&self->slew, &in, &out, n_frames);
}

static size_t
state_size(const double sample_rate)
{
  (void)sample_rate;
  return sizeof(Limiter);
}

/// Parts that go on in another layout
static const Carried carried[] = {
  CARRY("has_started", Limiter, slew.has_started, bool),
  CARRY("level", Limiter, slew.level_v, double),
  CARRY("in", Limiter, slew.in_v, float),
  CARRY("moves", Limiter, slew.moves, bool),
  CARRY("direction", Limiter, slew.direction, SlewDirection),
  CARRY("way", Limiter, slew.way_v, double),
  CARRY("is_bent", Limiter, slew.is_bent, bool),
  CARRY("bent", Limiter, slew.bent_v, double),
  CARRY("slew", Limiter, slew, Slew),
};

// ---- Picture

static const uint8_t watched[] = {SLEW_RISE_CV, SLEW_FALL_CV};

/// Draw a step of 10 V up and down
static void
draw(Drawing* const drawing)
{
  static const uint8_t outs[] = {SLEW_OUT};

  const bool   is_linked = draw_value(drawing, SLEW_LINK) > 0.5;
  const double rise_s =
    draw_value(drawing, SLEW_RISE) *
    exp2(draw_value(drawing, SLEW_RISE_AMOUNT) * draw_value(drawing, SLEW_RISE_CV));
  const double     fall_s = is_linked ? rise_s
                                      : draw_value(drawing, SLEW_FALL) *
                                      exp2(draw_value(drawing, SLEW_FALL_AMOUNT) *
                                           draw_value(drawing, SLEW_FALL_CV));
  const double     half_s = 1.15 * fmax(rise_s, fall_s);
  const DrawSignal in     = {SLEW_IN, DRAW_PULSES, 10.0f, 0.0f, 2.0 * half_s};
  const DrawTrace  trace  = {.outs      = outs,
                             .n_outs    = 1,
                             .signals   = &in,
                             .n_signals = 1,
                             .length_s  = 2.0 * half_s,
                             .skip_s    = half_s,
                             .high      = 10.5f};
  draw_trace(drawing, &trace);
  draw_number(drawing, 2.0 * half_s, "s");
}

static const View view = {.draw      = draw,
                          .watched   = watched,
                          .n_watched = sizeof(watched)};

const Plugin plugin = {
  .uri          = SLEW_URI,
  .ports        = slew_ports,
  .n_ports      = SLEW_N_PORTS,
  .state_size   = state_size,
  .init         = init,
  .reset        = reset,
  .set_controls = set_controls,
  .run          = run,
  CARRIED(carried),
  .view = &view,
};
