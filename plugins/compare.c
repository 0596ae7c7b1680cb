// SPDX-License-Identifier: ISC

#include "compare_ports.h"
#include "plugin.h"

#include "display/drawing.h"
#include "signal/compare.h"
#include "signal/knob.h"

/// Knobs that glide
typedef enum { THRESHOLD, HYSTERESIS, WINDOW, N_KNOBS } KnobName;

typedef struct {
  Compare compare;
  bool    inverts;
  Knob    knob[N_KNOBS];
} Comparator;

static void
reset(void* const state)
{
  Comparator* const self = state;

  compare_reset(&self->compare);
  knobs_reset(self->knob, N_KNOBS);
}

static void
init(void* const state, const double sample_rate)
{
  Comparator* const self = state;

  compare_reset(&self->compare);
  knobs_init(self->knob, N_KNOBS, sample_rate, KNOB_GLIDE_S);
}

static void
set_controls(void* const state, const Ports* const ports)
{
  Comparator* const self = state;

  self->inverts = choice(ports, COMPARE_INVERT);
  knob_set(&self->knob[THRESHOLD], (double)control(ports, COMPARE_THRESHOLD));
  knob_set(&self->knob[HYSTERESIS], (double)control(ports, COMPARE_HYSTERESIS));
  knob_set(&self->knob[WINDOW], (double)control(ports, COMPARE_WINDOW));
}

/// Return A, which is written to `negative` if it is to be inverted
static Signal
find_a(const Comparator* const self,
       const Ports* const      ports,
       float* const            negative,
       const uint32_t          n_frames)
{
  const Signal a = signal_in(ports, COMPARE_A);
  if (!self->inverts) {
    return a;
  }

  for (uint32_t i = 0; i < n_frames; ++i) {
    negative[i] = 0.0f - a.frame[i];
  }
  return (Signal){negative, a.is_constant};
}

static void
run(void* const state, const Ports* const ports, const uint32_t n_frames)
{
  Comparator* const self = state;
  float             negative[BLOCK_FRAMES];

  knobs_process(self->knob, N_KNOBS, n_frames);
  const CompareInputs  in  = {find_a(self, ports, negative, n_frames),
                              signal_in(ports, COMPARE_B),
                              knob_signal(&self->knob[THRESHOLD]),
                              knob_signal(&self->knob[HYSTERESIS]),
                              knob_signal(&self->knob[WINDOW])};
  const CompareOutputs out = {connected_out(ports, COMPARE_ABOVE),
                              connected_out(ports, COMPARE_BELOW),
                              connected_out(ports, COMPARE_INSIDE),
                              connected_out(ports, COMPARE_MINIMUM),
                              connected_out(ports, COMPARE_MAXIMUM),
                              connected_out(ports, COMPARE_RECTIFIED),
                              connected_out(ports, COMPARE_HALF)};
  compare_process(&self->compare, &in, &out, n_frames);
}

static size_t
state_size(const double sample_rate)
{
  (void)sample_rate;
  return sizeof(Comparator);
}

// ---- Picture

static const uint8_t watched[] = {COMPARE_A, COMPARE_B};

static void
draw(Drawing* const drawing)
{
  static const uint8_t outs[] = {COMPARE_ABOVE, COMPARE_INSIDE, COMPARE_BELOW};

  const DrawSignal a     = {COMPARE_A, DRAW_RAMP, -10.0f, 10.0f, 0.0};
  const DrawTrace  trace = {
     .outs = outs, .n_outs = 3, .signals = &a, .high = 10.0f, .is_stacked = true};
  draw_transfer(drawing, &trace);
  draw_cursor(drawing, 0.5 + 0.05 * draw_value(drawing, COMPARE_A));
}

static const View view = {.draw      = draw,
                          .watched   = watched,
                          .n_watched = sizeof(watched)};

const Plugin plugin = {
  .uri          = COMPARE_URI,
  .ports        = compare_ports,
  .n_ports      = COMPARE_N_PORTS,
  .state_size   = state_size,
  .init         = init,
  .reset        = reset,
  .set_controls = set_controls,
  .run          = run,
  .view         = &view,
};
