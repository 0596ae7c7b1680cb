// SPDX-License-Identifier: ISC

#include "plugin.h"
#include "ring_mod_ports.h"

#include "display/drawing.h"
#include "level/effect_out.h"
#include "math/fast_math.h"
#include "osc/osc.h"
#include "shaper/align.h"
#include "shaper/ring_mod.h"
#include "signal/gain.h"
#include "signal/modulate.h"

#include <assert.h>
#include <math.h>

static_assert((int)RING_MOD_KIND_MULTIPLIER == (int)RING_MOD_MULTIPLIER,
              "as in the Turtle");
static_assert((int)RING_MOD_KIND_DIODES == (int)RING_MOD_DIODES, "as in the Turtle");

#define OCT_PER_VOLT 1.0         ///< At amounts of 1
#define MAX_FREQ 0.49            ///< Of the carrier oscillator, over the sample rate
#define OSC_TAIL (2U * OSC_PAST) ///< Frames after which no weight of it is left

enum {
  KNEE,
  KNEE_AMOUNT,
  FREQUENCY, ///< Of the carrier oscillator, in octaves above 1 Hz
  FREQUENCY_AMOUNT,
  CARRIER, ///< Gain of the carrier oscillator
  LEVEL,
  SHARE, ///< Of the modulated signal in the output
  N_KNOBS
};

typedef struct {
  Knob        knob[N_KNOBS];
  RingModKind kind;
  RingMod     ring;
  Align       dry;
  double      sample_rate;
  Osc         osc; ///< The carrier oscillator, which starts anew where it is turned on
  uint32_t    n_off; ///< Frames since it was turned off, up to OSC_TAIL
} Module;

static void
reset(void* const state)
{
  Module* const self = state;

  knobs_reset(self->knob, N_KNOBS);
  ring_mod_reset(&self->ring);
  align_reset(&self->dry);
  osc_reset(&self->osc);
  self->n_off = OSC_TAIL;
}

static void
init(void* const state, const double sample_rate)
{
  Module* const self = state;

  knobs_init(self->knob, N_KNOBS, sample_rate, KNOB_GLIDE_S);
  ring_mod_init(&self->ring, sample_rate);
  align_reset(&self->dry);
  osc_init(&self->osc, sample_rate);
  self->n_off       = OSC_TAIL;
  self->sample_rate = sample_rate;
}

static void
set_controls(void* const state, const Ports* const ports)
{
  Module* const self = state;
  Knob* const   knob = self->knob;

  const double mix     = 0.01 * (double)control(ports, RING_MOD_MIX);
  const double carrier = gain_of_level((double)control(ports, RING_MOD_CARRIER_LEVEL));
  if (knob_stays_at(&knob[CARRIER], 0.0) && carrier > 0.0) {
    osc_reset(&self->osc);
  }
  knob_set(&knob[KNEE], log2((double)control(ports, RING_MOD_KNEE)));
  knob_set(&knob[KNEE_AMOUNT], (double)control(ports, RING_MOD_KNEE_AMOUNT));
  knob_set(&knob[FREQUENCY], log2((double)control(ports, RING_MOD_FREQUENCY)));
  knob_set(&knob[FREQUENCY_AMOUNT], (double)control(ports, RING_MOD_FREQUENCY_AMOUNT));
  knob_set(&knob[CARRIER], carrier);
  knob_set(&knob[LEVEL], gain_of_level((double)control(ports, RING_MOD_LEVEL)));
  knob_set(&knob[SHARE], choice(ports, RING_MOD_ENABLED) ? mix : 0.0);
  self->kind = (RingModKind)choice(ports, RING_MOD_KIND);
}

/// Return true if nothing of the carrier oscillator is left, which is late; count that
static bool
is_oscillator_done(Module* const self, const uint32_t n_frames)
{
  const bool     is_off  = knob_rests_at(&self->knob[CARRIER], 0.0f);
  const bool     is_done = is_off && self->n_off == OSC_TAIL;
  const uint32_t n_since = is_off ? self->n_off + n_frames : 0;

  self->n_off = n_since < OSC_TAIL ? n_since : OSC_TAIL;
  return is_done;
}

/// Add the carrier oscillator to what comes in, in `sum`; return the whole carrier
static Signal
add_oscillator(Module* const      self,
               const Ports* const ports,
               float* const       sum,
               const uint32_t     n_frames)
{
  const Knob* const knob    = self->knob;
  const Signal      outside = signal_in(ports, RING_MOD_CARRIER);
  if (is_oscillator_done(self, n_frames)) {
    return outside;
  }

  const Range  range = {-10.0, log2(MAX_FREQ * self->sample_rate)};
  double       pitch_oct[BLOCK_FRAMES];
  uint64_t     step[BLOCK_FRAMES];
  float        starts[BLOCK_FRAMES];
  const double cycle = OSC_CYCLE / self->sample_rate;
  modulate(&knob[FREQUENCY],
           &knob[FREQUENCY_AMOUNT],
           signal_in(ports, RING_MOD_FREQUENCY_CV),
           OCT_PER_VOLT,
           range,
           pitch_oct,
           n_frames);
  for (uint32_t i = 0; i < n_frames; ++i) {
    step[i] = (uint64_t)(fast_exp2(pitch_oct[i]) * cycle);
  }

  const float* const weight[N_SHAPES] = {[SHAPE_SINE] = knob[CARRIER].value};
  const OscInputs    inputs           = {.step = step, .weight = weight};
  osc_process(&self->osc, &inputs, sum, starts, n_frames);
  for (uint32_t i = 0; i < n_frames; ++i) {
    sum[i] += outside.frame[i];
  }
  return (Signal){sum, false};
}

/// Modulate `in` by `carrier` as knobs and CV say
static void
ring(Module* const      self,
     const Ports* const ports,
     const Signal       in,
     const Signal       carrier,
     float* const       out,
     const uint32_t     n_frames)
{
  // From 0.05 to 1
  static const Range knee_range = {-4.321928094887363, 0.0};

  double knee_oct[BLOCK_FRAMES];
  float  knee[BLOCK_FRAMES];
  modulate(&self->knob[KNEE],
           &self->knob[KNEE_AMOUNT],
           signal_in(ports, RING_MOD_KNEE_CV),
           OCT_PER_VOLT,
           knee_range,
           knee_oct,
           n_frames);
  for (uint32_t i = 0; i < n_frames; ++i) {
    knee[i] = (float)fast_exp2(knee_oct[i]);
  }

  const RingModInputs inputs = {in.frame,
                                carrier.frame,
                                knee,
                                signal_stays_at(in, 0.0f),
                                signal_stays_at(carrier, 0.0f)};
  ring_mod_process(&self->ring, self->kind, &inputs, out, n_frames);
}

static void
run(void* const state, const Ports* const ports, const uint32_t n_frames)
{
  Module* const self = state;
  float* const  out  = signal_out(ports, RING_MOD_OUT);
  const Signal  in   = signal_in(ports, RING_MOD_IN);

  float dry[BLOCK_FRAMES];
  float sum[BLOCK_FRAMES];
  knobs_process(self->knob, N_KNOBS, n_frames);
  const Signal carrier = add_oscillator(self, ports, sum, n_frames);
  align_process(&self->dry, ring_mod_latency(&self->ring), in.frame, dry, n_frames);
  ring(self, ports, in, carrier, out, n_frames);
  effect_out(&self->knob[LEVEL], &self->knob[SHARE], dry, out, n_frames);
}

static size_t
state_size(const double sample_rate)
{
  (void)sample_rate;
  return sizeof(Module);
}

// ---- Picture

#define LEAST_DB (-60.0) ///< Nothing

static const uint8_t watched[] = {RING_MOD_KNEE_CV};

/// Draw what the carrier makes of a sine of an eighth of its frequency
static void
draw(Drawing* const drawing)
{
  static const uint8_t outs[] = {RING_MOD_OUT};

  const bool       is_own    = draw_value(drawing, RING_MOD_CARRIER_LEVEL) > LEAST_DB;
  const double     period_s  = 1.0 / fmax(draw_value(drawing, RING_MOD_FREQUENCY), 1.0);
  const float      carrier   = is_own ? 0.0f : 1.0f;
  const DrawSignal signals[] = {
    {RING_MOD_IN, DRAW_SINE, -1.0f, 1.0f, 8.0 * period_s},
    {RING_MOD_CARRIER, DRAW_SINE, -carrier, carrier, period_s}};
  const DrawTrace trace = {.outs      = outs,
                           .n_outs    = 1,
                           .signals   = signals,
                           .n_signals = is_own ? 1U : 2U,
                           .length_s  = 16.0 * period_s,
                           .low       = -1.1f,
                           .high      = 1.1f};
  draw_trace(drawing, &trace);
  draw_number(drawing, draw_value(drawing, RING_MOD_FREQUENCY), "Hz");
}

static const View view = {.draw      = draw,
                          .watched   = watched,
                          .n_watched = sizeof(watched)};

const Plugin plugin = {
  .uri          = RING_MOD_URI,
  .ports        = ring_mod_ports,
  .n_ports      = RING_MOD_N_PORTS,
  .forms        = ring_mod_forms,
  .n_forms      = RING_MOD_N_FORMS,
  .state_size   = state_size,
  .init         = init,
  .reset        = reset,
  .set_controls = set_controls,
  .run          = run,
  .view         = &view,
};
