// SPDX-License-Identifier: ISC

#include "adsr_ports.h"
#include "plugin.h"

#include "adsr.h"
#include "knob.h"
#include "mix.h"
#include "units.h"

#include <assert.h>

static_assert((int)ADSR_MODE_FROM_CURRENT == (int)ADSR_FROM_CURRENT,
              "as in the Turtle");
static_assert((int)ADSR_MODE_FROM_ZERO == (int)ADSR_FROM_ZERO, "as in the Turtle");
static_assert((int)ADSR_MODE_LEGATO == (int)ADSR_LEGATO, "as in the Turtle");

static const float unpatched[BLOCK_FRAMES] = {0.0f};

typedef struct {
  Adsr adsr;
  Knob sustain;
  Knob level_v;
  Knob level_cv_amount;
} Envelope;

static void
reset(void* const state)
{
  Envelope* const self = state;

  adsr_reset(&self->adsr);
  knob_reset(&self->sustain);
  knob_reset(&self->level_v);
  knob_reset(&self->level_cv_amount);
}

static void
init(void* const state, const double sample_rate)
{
  Envelope* const self = state;

  adsr_init(&self->adsr, sample_rate);
  knob_init(&self->sustain, sample_rate, KNOB_GLIDE_S);
  knob_init(&self->level_v, sample_rate, KNOB_GLIDE_S);
  knob_init(&self->level_cv_amount, sample_rate, KNOB_GLIDE_S);
}

static AdsrKnobs
read_knobs(void* const port[])
{
  AdsrKnobs knobs = {
    .time_scale_oct = control(port, ADSR_TIME_SCALE),
    .mode           = (AdsrMode)choice(port, ADSR_MODE),
    .loop           = choice(port, ADSR_LOOP),
    .manual_gate    = choice(port, ADSR_MANUAL_GATE),
  };

  knobs.time_s[STAGE_DELAY]   = control(port, ADSR_DELAY);
  knobs.time_s[STAGE_ATTACK]  = control(port, ADSR_ATTACK);
  knobs.time_s[STAGE_HOLD]    = control(port, ADSR_HOLD);
  knobs.time_s[STAGE_DECAY]   = control(port, ADSR_DECAY);
  knobs.time_s[STAGE_RELEASE] = control(port, ADSR_RELEASE);
  knobs.curve[STAGE_ATTACK]   = control(port, ADSR_ATTACK_CURVE);
  knobs.curve[STAGE_DECAY]    = control(port, ADSR_DECAY_CURVE);
  knobs.curve[STAGE_RELEASE]  = control(port, ADSR_RELEASE_CURVE);
  return knobs;
}

static void
turn(void* const state, void* const port[])
{
  Envelope* const self  = state;
  const AdsrKnobs knobs = read_knobs(port);

  adsr_set_knobs(&self->adsr, &knobs);
  knob_set(&self->sustain, (double)control(port, ADSR_SUSTAIN) / 100.0);
  knob_set(&self->level_v, (double)control(port, ADSR_LEVEL));
  knob_set(&self->level_cv_amount, (double)control(port, ADSR_LEVEL_CV_AMOUNT));
}

/// Turn the envelope down as far as its CV says
static void
apply_level_cv(const Envelope* const self,
               const float* const    cv_v,
               float* const          envelope,
               const uint32_t        n_frames)
{
  if (!knob_rests_at(&self->level_cv_amount, 0.0f)) {
    mix_cv_scale(CV_LAW_LINEAR,
                 cv_v ? cv_v : unpatched,
                 self->level_cv_amount.value,
                 envelope,
                 envelope,
                 n_frames);
  }
}

static Input
knob_input(const Knob* const knob)
{
  return (Input){knob->value, !knob->moves};
}

static Input
input(void* const port[], const uint32_t index)
{
  return (Input){port[index], is_still(port, index)};
}

static void
run(void* const state, void* const port[], const uint32_t n_frames)
{
  Envelope* const self     = state;
  float* const    envelope = port[ADSR_ENVELOPE];

  knob_process(&self->sustain, n_frames);
  knob_process(&self->level_v, n_frames);
  knob_process(&self->level_cv_amount, n_frames);

  const AdsrSignals in = {
    .gate         = input(port, ADSR_GATE),
    .retrigger    = input(port, ADSR_RETRIGGER),
    .attack_oct   = input(port, ADSR_ATTACK_CV),
    .decay_oct    = input(port, ADSR_DECAY_CV),
    .release_oct  = input(port, ADSR_RELEASE_CV),
    .sustain      = knob_input(&self->sustain),
    .sustain_cv_v = input(port, ADSR_SUSTAIN_CV),
    .level_v      = knob_input(&self->level_v),
  };
  if (adsr_process(&self->adsr, &in, envelope, port[ADSR_END], n_frames)) {
    apply_level_cv(self, port[ADSR_LEVEL_CV], envelope, n_frames);
  }
}

const Plugin plugin = {
  .uri        = ADSR_URI,
  .ports      = adsr_ports,
  .n_ports    = ADSR_N_PORTS,
  .state_size = sizeof(Envelope),
  .init       = init,
  .reset      = reset,
  .turn       = turn,
  .run        = run,
};
