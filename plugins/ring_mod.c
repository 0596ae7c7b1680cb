// SPDX-License-Identifier: ISC

#include "plugin.h"
#include "ring_mod_ports.h"

#include "level/effect_out.h"
#include "math/fast_math.h"
#include "shaper/align.h"
#include "shaper/ring_mod.h"
#include "signal/gain.h"
#include "signal/modulate.h"

#include <assert.h>
#include <math.h>

static_assert((int)RING_MOD_KIND_MULTIPLIER == (int)RING_MOD_MULTIPLIER,
              "as in the Turtle");
static_assert((int)RING_MOD_KIND_DIODES == (int)RING_MOD_DIODES, "as in the Turtle");

#define KNEE_OCT_PER_VOLT 1.0 ///< At an amount of 1

enum {
  KNEE,
  KNEE_AMOUNT,
  LEVEL,
  SHARE, ///< Of the modulated signal in the output
  N_KNOBS
};

typedef struct {
  Knob        knob[N_KNOBS];
  RingModKind kind;
  RingMod     ring;
  Align       dry;
} Module;

static void
reset(void* const state)
{
  Module* const self = state;

  knobs_reset(self->knob, N_KNOBS);
  ring_mod_reset(&self->ring);
  align_reset(&self->dry);
}

static void
init(void* const state, const double sample_rate)
{
  Module* const self = state;

  knobs_init(self->knob, N_KNOBS, sample_rate, KNOB_GLIDE_S);
  ring_mod_init(&self->ring, sample_rate);
  align_reset(&self->dry);
}

static void
set_controls(void* const state, const Ports* const ports)
{
  Module* const self = state;
  Knob* const   knob = self->knob;

  const double mix = 0.01 * (double)control(ports, RING_MOD_MIX);
  knob_set(&knob[KNEE], log2((double)control(ports, RING_MOD_KNEE)));
  knob_set(&knob[KNEE_AMOUNT], (double)control(ports, RING_MOD_KNEE_AMOUNT));
  knob_set(&knob[LEVEL], gain_of_level((double)control(ports, RING_MOD_LEVEL)));
  knob_set(&knob[SHARE], choice(ports, RING_MOD_ENABLED) ? mix : 0.0);
  self->kind = (RingModKind)choice(ports, RING_MOD_KIND);
}

/// Modulate `in` as knobs and CV say
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
           KNEE_OCT_PER_VOLT,
           knee_range,
           knee_oct,
           n_frames);
  for (uint32_t i = 0; i < n_frames; ++i) {
    knee[i] = (float)fast_exp2(knee_oct[i]);
  }

  const RingModInputs inputs = {in.frame,
                                carrier.frame,
                                knee,
                                in.is_constant && in.frame[0] == 0.0f &&
                                  carrier.is_constant && carrier.frame[0] == 0.0f};
  ring_mod_process(&self->ring, self->kind, &inputs, out, n_frames);
}

static void
run(void* const state, const Ports* const ports, const uint32_t n_frames)
{
  Module* const self    = state;
  float* const  out     = signal_out(ports, RING_MOD_OUT);
  const Signal  in      = signal_in(ports, RING_MOD_IN);
  const Signal  carrier = signal_in(ports, RING_MOD_CARRIER);

  float dry[BLOCK_FRAMES];
  knobs_process(self->knob, N_KNOBS, n_frames);
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

const Plugin plugin = {
  .uri          = RING_MOD_URI,
  .ports        = ring_mod_ports,
  .n_ports      = RING_MOD_N_PORTS,
  .state_size   = state_size,
  .init         = init,
  .reset        = reset,
  .set_controls = set_controls,
  .run          = run,
};
