// SPDX-License-Identifier: ISC

#include "plugin.h"
#include "reverb_ports.h"

#include "delay/reverb.h"
#include "display/drawing.h"
#include "level/effect_out.h"
#include "signal/gain.h"
#include "signal/gate.h"
#include "signal/modulate.h"

#include <math.h>
#include <string.h>

enum {
  DECAY,
  DECAY_AMOUNT,
  SIZE,
  SIZE_AMOUNT,
  HIGH_DECAY,
  DAMPING,
  PRE_DELAY,
  LOW_CUT,
  HIGH_CUT,
  MOTION,
  MOTION_RATE,
  WIDTH,
  LEVEL,
  SHARE, ///< Of the reverberation in the output
  N_KNOBS
};

typedef struct {
  Knob   knob[N_KNOBS];
  Gate   gate;
  bool   freezes; ///< Whether the knob does
  Reverb reverb;  ///< The last one, for its lines follow
} Module;

static size_t
state_size(const double sample_rate)
{
  return sizeof(Module) - sizeof(Reverb) + reverb_size(sample_rate);
}

static void
reset(void* const state)
{
  Module* const self = state;

  knobs_reset(self->knob, N_KNOBS);
  reverb_reset(&self->reverb);
  self->gate.high = false;
}

static void
init(void* const state, const double sample_rate)
{
  Module* const self = state;

  knobs_init(self->knob, N_KNOBS, sample_rate, KNOB_GLIDE_S);
  reverb_init(&self->reverb, sample_rate);
}

/// Turn a knob to the logarithm of its port
static void
set_octaves(Knob* const knob, const Ports* const ports, const uint32_t port)
{
  knob_set(knob, log2((double)control(ports, port)));
}

static void
set_controls(void* const state, const Ports* const ports)
{
  Module* const self = state;
  Knob* const   knob = self->knob;

  set_octaves(&knob[DECAY], ports, REVERB_DECAY);
  set_octaves(&knob[DAMPING], ports, REVERB_DAMPING);
  set_octaves(&knob[LOW_CUT], ports, REVERB_LOW_CUT);
  set_octaves(&knob[HIGH_CUT], ports, REVERB_HIGH_CUT);
  set_octaves(&knob[MOTION_RATE], ports, REVERB_MOTION_RATE);
  knob_set(&knob[SIZE], log2(0.01 * (double)control(ports, REVERB_SIZE)));
  knob_set(&knob[HIGH_DECAY], log2(0.01 * (double)control(ports, REVERB_HIGH_DECAY)));
  knob_set(&knob[PRE_DELAY], (double)control(ports, REVERB_PRE_DELAY));
  knob_set(&knob[MOTION], 0.01 * (double)control(ports, REVERB_MOTION));
  knob_set(&knob[WIDTH], 0.01 * (double)control(ports, REVERB_WIDTH));
  knob_set(&knob[DECAY_AMOUNT], (double)control(ports, REVERB_DECAY_AMOUNT));
  knob_set(&knob[SIZE_AMOUNT], (double)control(ports, REVERB_SIZE_AMOUNT));
  knob_set(&knob[LEVEL], gain_of_level((double)control(ports, REVERB_LEVEL)));

  const double mix = 0.01 * (double)control(ports, REVERB_MIX);
  knob_set(&knob[SHARE], choice(ports, REVERB_ENABLED) ? mix : 0.0);
  self->freezes = choice(ports, REVERB_FREEZE) != 0;
}

/// Return a setting moved by a CV, with room for its frames in `out`
static SignalD
follow(const Knob* const value,
       const Knob* const amount,
       const Signal      cv,
       const Range       range,
       double* const     out,
       const uint32_t    n_frames)
{
  const bool is_still = !value->moves && !amount->moves &&
                        (amount->value[0] == 0.0f || signal_is_constant(cv));
  modulate(value, amount, cv, 1.0, range, out, is_still ? 1U : n_frames);
  return (SignalD){out, is_still};
}

/// Write whether the reverb is frozen in each frame
static void
find_freezes(Module* const      self,
             const float* const gate,
             bool* const        freezes,
             const uint32_t     n_frames)
{
  if (gate_is_steady(&self->gate, gate, n_frames)) {
    memset(freezes, self->gate.high || self->freezes, n_frames * sizeof(bool));
    return;
  }

  for (uint32_t i = 0; i < n_frames; ++i) {
    gate_next(&self->gate, gate[i]);
    freezes[i] = self->gate.high || self->freezes;
  }
}

/// Bring the sides of a stereo signal together, to mono where the width is 0
static void
narrow(const Knob* const width,
       float* const      left,
       float* const      right,
       const uint32_t    n_frames)
{
  if (knob_rests_at(width, 1.0f)) {
    return;
  }

  for (uint32_t i = 0; i < n_frames; ++i) {
    const float middle = 0.5f * (left[i] + right[i]);
    const float side   = 0.5f * (left[i] - right[i]) * width->value[i];
    const bool  is_all = width->value[i] == 1.0f; // Not rounded then, as at rest
    left[i]            = is_all ? left[i] : middle + side;
    right[i]           = is_all ? right[i] : middle - side;
  }
}

/// Write the reverberation alone
static void
reverberate(Module* const      self,
            const Ports* const ports,
            float* const       left,
            float* const       right,
            const uint32_t     n_frames)
{
  // From 0.1 to 60 s, and from 10 to 400 %
  static const Range decay_range = {-3.321928094887362, 5.906890595608519};
  static const Range size_range  = {-3.321928094887362, REVERB_MAX_SIZE_OCT};

  double             decay_oct[BLOCK_FRAMES];
  double             size_oct[BLOCK_FRAMES];
  bool               freezes[BLOCK_FRAMES];
  const Knob* const  knob     = self->knob;
  const Signal       in_left  = signal_in(ports, REVERB_IN_LEFT);
  const Signal       in_right = signal_in(ports, REVERB_IN_RIGHT);
  const ReverbInputs inputs   = {in_left.frame,
                                 in_right.frame,
                                 follow(&knob[DECAY],
                                      &knob[DECAY_AMOUNT],
                                      signal_in(ports, REVERB_DECAY_CV),
                                      decay_range,
                                      decay_oct,
                                      n_frames),
                                 follow(&knob[SIZE],
                                      &knob[SIZE_AMOUNT],
                                      signal_in(ports, REVERB_SIZE_CV),
                                      size_range,
                                      size_oct,
                                      n_frames),
                                 knob[HIGH_DECAY].value,
                                 knob[DAMPING].value,
                                 knob[PRE_DELAY].value,
                                 knob[LOW_CUT].value,
                                 knob[HIGH_CUT].value,
                                 knob[MOTION].value,
                                 knob[MOTION_RATE].value,
                                 freezes,
                                 signal_stays_at(in_left, 0.0f) &&
                                   signal_stays_at(in_right, 0.0f)};
  find_freezes(self, signal_in(ports, REVERB_FREEZE_GATE).frame, freezes, n_frames);
  reverb_process(&self->reverb, &inputs, left, right, n_frames);
}

static void
run(void* const state, const Ports* const ports, const uint32_t n_frames)
{
  Module* const self  = state;
  float* const  left  = signal_out(ports, REVERB_OUT_LEFT);
  float* const  right = signal_out(ports, REVERB_OUT_RIGHT);
  Knob* const   knob  = self->knob;

  knobs_process(knob, N_KNOBS, n_frames);
  reverberate(self, ports, left, right, n_frames);
  narrow(&knob[WIDTH], left, right, n_frames);

  const float* const dry_left  = signal_in(ports, REVERB_IN_LEFT).frame;
  const float* const dry_right = signal_in(ports, REVERB_IN_RIGHT).frame;
  effect_out(&knob[LEVEL], &knob[SHARE], dry_left, left, n_frames);
  effect_out(&knob[LEVEL], &knob[SHARE], dry_right, right, n_frames);
}

// ---- Picture

#define MOST_S 4.0 ///< Of the decay that is shown
#define FULL_PERCENT 100.0

static const uint8_t watched[] = {REVERB_DECAY_CV, REVERB_SIZE_CV};

/// Draw how an impulse dies away, in decibels below its loudest
static void
draw(Drawing* const drawing)
{
  static const uint8_t outs[] = {REVERB_OUT_LEFT};

  const double     decay_s = draw_value(drawing, REVERB_DECAY);
  const DrawSignal in      = {REVERB_IN_LEFT, DRAW_IMPULSE, 0.0f, 1.0f, 0.0};
  const DrawTrace  trace   = {.outs      = outs,
                              .n_outs    = 1,
                              .signals   = &in,
                              .n_signals = 1,
                              .length_s  = fmin(decay_s, MOST_S),
                              .low       = -60.0f,
                              .n_peak    = 64,
                              .is_db     = true};
  draw_set(drawing, REVERB_MIX, FULL_PERCENT);
  draw_trace(drawing, &trace);
  draw_number(drawing, decay_s, "s");
}

static const View view = {.draw      = draw,
                          .watched   = watched,
                          .n_watched = sizeof(watched)};

const Plugin plugin = {
  .uri          = REVERB_URI,
  .ports        = reverb_ports,
  .n_ports      = REVERB_N_PORTS,
  .forms        = reverb_forms,
  .n_forms      = REVERB_N_FORMS,
  .state_size   = state_size,
  .init         = init,
  .reset        = reset,
  .set_controls = set_controls,
  .run          = run,
  .view         = &view,
};
