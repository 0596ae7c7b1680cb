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
  Adsr      adsr;
  AdsrKnobs knobs;
  Knob      sustain;
  Knob      level_v;
  Knob      level_cv_amount;
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
  Envelope* const self = state;

  self->knobs = read_knobs(port);
  knob_set(&self->sustain, (double)control(port, ADSR_SUSTAIN) / 100.0);
  knob_set(&self->level_v, (double)control(port, ADSR_LEVEL));
  knob_set(&self->level_cv_amount, (double)control(port, ADSR_LEVEL_CV_AMOUNT));
}

/// Return the sustain level, 0..1, which is written to `sum` where a CV moves it
static const float*
modulated_sustain(Envelope* const self,
                  void* const     port[],
                  float* const    sum,
                  const uint32_t  n_frames)
{
  const float* const cv_v = port[ADSR_SUSTAIN_CV];

  knob_process(&self->sustain, n_frames);
  if (!cv_v) {
    return self->sustain.value;
  }

  for (uint32_t i = 0; i < n_frames; ++i) {
    const float level = self->sustain.value[i] + cv_v[i] / CV_MAX_V;
    sum[i]            = level < 0.0f ? 0.0f : level > 1.0f ? 1.0f : level;
  }
  return sum;
}

/// Turn the envelope's level, 0..1, into volts
static void
apply_level(const Envelope* const self,
            const float* const    cv_v,
            float* const          envelope,
            const uint32_t        n_frames)
{
  mix_scale(self->level_v.value, envelope, n_frames);
  if (!knob_rests_at(&self->level_cv_amount, 0.0f)) {
    mix_cv_scale(CV_LAW_LINEAR,
                 cv_v ? cv_v : unpatched,
                 self->level_cv_amount.value,
                 envelope,
                 n_frames);
  }
}

static void
run(void* const state, void* const port[], const uint32_t n_frames)
{
  Envelope* const self     = state;
  float* const    envelope = port[ADSR_ENVELOPE];

  float sum[BLOCK_FRAMES];

  const AdsrSignals in = {
    .gate      = port[ADSR_GATE],
    .retrigger = port[ADSR_RETRIGGER],
    .time_oct  = {[STAGE_ATTACK]  = port[ADSR_ATTACK_CV],
                  [STAGE_DECAY]   = port[ADSR_DECAY_CV],
                  [STAGE_RELEASE] = port[ADSR_RELEASE_CV]},
    .sustain   = modulated_sustain(self, port, sum, n_frames),
  };
  knob_process(&self->level_v, n_frames);
  knob_process(&self->level_cv_amount, n_frames);
  if (adsr_process(
        &self->adsr, &self->knobs, &in, envelope, port[ADSR_END], n_frames)) {
    apply_level(self, port[ADSR_LEVEL_CV], envelope, n_frames);
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
