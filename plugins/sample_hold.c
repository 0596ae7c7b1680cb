// SPDX-License-Identifier: ISC

#include "plugin.h"
#include "sample_hold_ports.h"

#include "display/drawing.h"
#include "modulation/sample_hold.h"
#include "signal/knob.h"
#include "signal/units.h"

#include <assert.h>

static_assert((int)SAMPLE_HOLD_MODE_SAMPLE_AND_HOLD == (int)SAMPLE_AND_HOLD,
              "as in the Turtle");
static_assert((int)SAMPLE_HOLD_MODE_TRACK_AND_HOLD == (int)TRACK_AND_HOLD,
              "as in the Turtle");
static_assert((int)SAMPLE_HOLD_MODE_HOLD_AND_TRACK == (int)HOLD_AND_TRACK,
              "as in the Turtle");
static_assert((int)SAMPLE_HOLD_SOURCE_NOISE == (int)SAMPLE_NOISE, "as in the Turtle");
static_assert((int)SAMPLE_HOLD_SOURCE_INPUT == (int)SAMPLE_INPUT, "as in the Turtle");
static_assert((int)SAMPLE_HOLD_NOISE_RANGE_BIPOLAR == (int)NOISE_IS_BIPOLAR,
              "as in the Turtle");
static_assert((int)SAMPLE_HOLD_NOISE_RANGE_UNIPOLAR == (int)NOISE_IS_UNIPOLAR,
              "as in the Turtle");

/// Knobs that glide
typedef enum { PROBABILITY, PROBABILITY_AMOUNT, N_KNOBS } KnobName;

typedef struct {
  SampleHold hold;
  Knob       knob[N_KNOBS];
} Sampler;

static void
reset(void* const state)
{
  Sampler* const self = state;

  sample_hold_reset(&self->hold);
  knobs_reset(self->knob, N_KNOBS);
}

static void
init(void* const state, const double sample_rate)
{
  Sampler* const self = state;

  sample_hold_init(&self->hold, sample_rate);
  knobs_init(self->knob, N_KNOBS, sample_rate, KNOB_GLIDE_S);
}

static void
set_controls(void* const state, const Ports* const ports)
{
  Sampler* const self = state;

  const SampleHoldKnobs knobs = {
    .mode    = (SampleHoldMode)choice(ports, SAMPLE_HOLD_MODE),
    .source  = (SampleHoldSource)choice(ports, SAMPLE_HOLD_SOURCE),
    .range   = (SampleHoldRange)choice(ports, SAMPLE_HOLD_NOISE_RANGE),
    .glide_s = (double)control(ports, SAMPLE_HOLD_GLIDE),
    .seed    = (uint32_t)choice(ports, SAMPLE_HOLD_SEED),
  };
  sample_hold_set(&self->hold, &knobs);
  knob_set(&self->knob[PROBABILITY],
           (double)control(ports, SAMPLE_HOLD_PROBABILITY) / 100.0);
  knob_set(&self->knob[PROBABILITY_AMOUNT],
           (double)control(ports, SAMPLE_HOLD_PROBABILITY_AMOUNT));
}

/// Return the chances of each frame, which are written to `sum` where a CV moves them
static const float*
chances(Sampler* const     self,
        const Ports* const ports,
        float* const       sum,
        const uint32_t     n_frames)
{
  const float* const cv_v = connected_in(ports, SAMPLE_HOLD_PROBABILITY_CV);

  knobs_process(self->knob, N_KNOBS, n_frames);
  if (!cv_v || knob_rests_at(&self->knob[PROBABILITY_AMOUNT], 0.0f)) {
    return self->knob[PROBABILITY].value;
  }

  for (uint32_t i = 0; i < n_frames; ++i) {
    sum[i] = self->knob[PROBABILITY].value[i] +
             self->knob[PROBABILITY_AMOUNT].value[i] * (cv_v[i] / CV_MAX_V);
  }
  return sum;
}

static void
run(void* const state, const Ports* const ports, const uint32_t n_frames)
{
  Sampler* const self = state;

  float sum[BLOCK_FRAMES];

  const SampleHoldSignals in = {
    .in      = signal_in(ports, SAMPLE_HOLD_IN),
    .trigger = signal_in(ports, SAMPLE_HOLD_TRIGGER),
    .reset   = signal_in(ports, SAMPLE_HOLD_RESET),
    .chance  = chances(self, ports, sum, n_frames),
  };
  sample_hold_process(&self->hold,
                      &in,
                      signal_out(ports, SAMPLE_HOLD_OUT),
                      signal_out(ports, SAMPLE_HOLD_TRIGGER_OUT),
                      n_frames);
}

static size_t
state_size(const double sample_rate)
{
  (void)sample_rate;
  return sizeof(Sampler);
}

/// Parts that go on in another layout
static const Carried carried[] = {
  CARRY("held", Sampler, hold.held, float),
  CARRY("last", Sampler, hold.last, float),
  CARRY("trigger", Sampler, hold.trigger, Gate),
  CARRY("reset", Sampler, hold.reset, Gate),
  CARRY("noise", Sampler, hold.noise, Random),
  CARRY("dice", Sampler, hold.dice, Random),
  CARRY("counts", Sampler, hold.counts, bool),
  CARRY("is_tracking", Sampler, hold.is_tracking, bool),
  CARRY("hold", Sampler, hold, SampleHold),
};

// ---- Picture

static const uint8_t watched[] = {SAMPLE_HOLD_PROBABILITY_CV};

/// Draw what becomes of a sine, or of noise
static void
draw(Drawing* const drawing)
{
  static const uint8_t outs[] = {SAMPLE_HOLD_OUT};

  const DrawSignal in[]  = {{SAMPLE_HOLD_IN, DRAW_SINE, -5.0f, 5.0f, 1.0},
                            {SAMPLE_HOLD_TRIGGER, DRAW_PULSES, 0.0f, 10.0f, 1.0 / 12.0}};
  const DrawTrace  trace = {
     .outs      = outs,
     .n_outs    = 1,
     .signals   = in,
     .n_signals = 2,
     .length_s  = 1.0,
     .low       = -6.0f,
     .high      = draw_value(drawing, SAMPLE_HOLD_NOISE_RANGE) > 0.5 ? 10.5f : 6.0f};
  draw_trace(drawing, &trace);
}

static const View view = {.draw      = draw,
                          .watched   = watched,
                          .n_watched = sizeof(watched)};

const Plugin plugin = {
  .uri          = SAMPLE_HOLD_URI,
  .ports        = sample_hold_ports,
  .n_ports      = SAMPLE_HOLD_N_PORTS,
  .state_size   = state_size,
  .init         = init,
  .reset        = reset,
  .set_controls = set_controls,
  .run          = run,
  CARRIED(carried),
  .view = &view,
};
