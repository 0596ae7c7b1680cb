// SPDX-License-Identifier: ISC

#include "oscillator_ports.h"
#include "plugin.h"

#include "fast_math.h"
#include "glide.h"
#include "mix.h"
#include "osc.h"
#include "tuning.h"
#include "units.h"

#include <assert.h>
#include <stdbool.h>

static_assert((int)OSCILLATOR_WAVEFORM_SINE == (int)SHAPE_SINE, "as in the Turtle");
static_assert((int)OSCILLATOR_WAVEFORM_TRIANGLE == (int)SHAPE_TRIANGLE,
              "as in the Turtle");
static_assert((int)OSCILLATOR_WAVEFORM_SAW == (int)SHAPE_SAW, "as in the Turtle");
static_assert((int)OSCILLATOR_WAVEFORM_PULSE == (int)SHAPE_PULSE, "as in the Turtle");
static_assert((int)OSCILLATOR_ZERO_VOLT_C4 == (int)ZERO_VOLT_C4, "as in the Turtle");
static_assert((int)OSCILLATOR_ZERO_VOLT_C_1 == (int)ZERO_VOLT_C_MINUS_1,
              "as in the Turtle");
static_assert((int)OSCILLATOR_SYNC_MODE_HARD == (int)OSC_SYNC_HARD, "as in the Turtle");
static_assert((int)OSCILLATOR_SYNC_MODE_REVERSE == (int)OSC_SYNC_REVERSE,
              "as in the Turtle");
static_assert(BLOCK_FRAMES <= OSC_MAX_FRAMES, "the core takes a whole block");

#define PWM_RANGE_V 10.0 ///< Moves the pulse width from 0 to 100 %

/// Knobs that glide
typedef enum {
  OCTAVE, ///< Whole octaves from C4, of octave and 0 V
  TUNE,   ///< Octaves from there
  DETUNE,
  FM_AMOUNT,
  EXP_FM_AMOUNT,
  WIDTH,
  PWM_AMOUNT,
  LEVEL,  ///< As gain
  WEIGHT, ///< Of the first shape, so that a change of waveform fades
  N_KNOBS = WEIGHT + N_SHAPES
} Knob;

typedef struct {
  double sample_rate;
  Glide  knob[N_KNOBS];
  Osc    osc;
} Oscillator;

/// What the knobs are in each frame of a block
typedef struct {
  float value[N_KNOBS][BLOCK_FRAMES];
  bool  moves[N_KNOBS];
} Knobs;

static const float unpatched[BLOCK_FRAMES] = {0.0f};

static void
reset(void* const state)
{
  Oscillator* const self = state;

  for (uint32_t k = 0; k < N_KNOBS; ++k) {
    glide_reset(&self->knob[k]);
  }
  osc_reset(&self->osc);
}

static void
init(void* const state, const double sample_rate)
{
  Oscillator* const self = state;

  self->sample_rate = sample_rate;
  for (uint32_t k = 0; k < N_KNOBS; ++k) {
    glide_init(&self->knob[k], sample_rate, KNOB_GLIDE_S);
  }
  osc_init(&self->osc, sample_rate);
}

static void
turn(Oscillator* const self,
     Knobs* const      knobs,
     const uint32_t    knob,
     const double      target,
     const uint32_t    n_frames)
{
  knobs->moves[knob] =
    glide_process(&self->knob[knob], target, knobs->value[knob], n_frames);
}

static void
turn_knobs(Oscillator* const self,
           void* const       port[],
           Knobs* const      knobs,
           const uint32_t    n)
{
  const ZeroVolt zero_volt = (ZeroVolt)choice(port, OSCILLATOR_ZERO_VOLT);
  const double   octave =
    (double)control(port, OSCILLATOR_OCTAVE) + zero_volt_oct(zero_volt);
  const double tune = (double)control(port, OSCILLATOR_TUNE) / 12.0 +
                      (double)control(port, OSCILLATOR_FINE) / 1200.0;
  const double gain     = mix_level_gain((double)control(port, OSCILLATOR_LEVEL));
  const int    waveform = choice(port, OSCILLATOR_WAVEFORM);

  turn(self, knobs, OCTAVE, octave, n);
  turn(self, knobs, TUNE, tune, n);
  turn(self, knobs, DETUNE, (double)control(port, OSCILLATOR_DETUNE), n);
  turn(self, knobs, FM_AMOUNT, (double)control(port, OSCILLATOR_FM_AMOUNT), n);
  turn(self, knobs, EXP_FM_AMOUNT, (double)control(port, OSCILLATOR_EXP_FM_AMOUNT), n);
  turn(self, knobs, WIDTH, (double)control(port, OSCILLATOR_PULSE_WIDTH) / 100.0, n);
  turn(self, knobs, PWM_AMOUNT, (double)control(port, OSCILLATOR_PWM_AMOUNT), n);
  turn(self, knobs, LEVEL, gain, n);
  for (int s = 0; s < N_SHAPES; ++s) {
    turn(self, knobs, (uint32_t)(WEIGHT + s), s == waveform ? 1.0 : 0.0, n);
  }
}

/// Return true if `knob` stays where it is for the whole block
static bool
stands(const Knobs* const knobs, const Knob knob, const float value)
{
  return !knobs->moves[knob] && knobs->value[knob][0] == value;
}

/// Return an input if it can be heard, or else NULL
static const float*
modulator(void* const        port[],
          const uint32_t     index,
          const Knobs* const knobs,
          const Knob         amount)
{
  return stands(knobs, amount, 0.0f) ? NULL : port[index];
}

static void
repeat_first(int32_t* const out, const uint32_t n_frames)
{
  for (uint32_t i = 1; i < n_frames; ++i) {
    out[i] = out[0];
  }
}

static void
make_steps(const Oscillator* const self,
           void* const             port[],
           const Knobs* const      knobs,
           int32_t* const          step,
           const uint32_t          n_frames)
{
  const float* const pitch  = port[OSCILLATOR_PITCH];
  const float* const exp_fm = modulator(port, OSCILLATOR_EXP_FM, knobs, EXP_FM_AMOUNT);
  const float* const fm     = modulator(port, OSCILLATOR_FM_IN, knobs, FM_AMOUNT);

  const Tuning tuning = {.octave        = knobs->value[OCTAVE],
                         .tune_oct      = knobs->value[TUNE],
                         .pitch_oct     = pitch ? pitch : unpatched,
                         .exp_fm        = exp_fm ? exp_fm : unpatched,
                         .exp_fm_amount = knobs->value[EXP_FM_AMOUNT],
                         .detune_hz     = knobs->value[DETUNE]};

  const bool base_moves = pitch || exp_fm || knobs->moves[OCTAVE] ||
                          knobs->moves[TUNE] || knobs->moves[DETUNE];
  const bool moves = base_moves || fm;

  double freq_hz[BLOCK_FRAMES];
  tuning_base(&tuning, freq_hz, base_moves ? n_frames : 1U);
  if (fm) {
    for (uint32_t i = 1; i < n_frames && !base_moves; ++i) {
      freq_hz[i] = freq_hz[0];
    }
    tuning_fm(fm, knobs->value[FM_AMOUNT], freq_hz, n_frames);
  }

  tuning_steps(freq_hz, self->sample_rate, step, moves ? n_frames : 1U);
  if (!moves) {
    repeat_first(step, n_frames);
  }
}

static void
make_widths(void* const        port[],
            const Knobs* const knobs,
            int32_t* const     width,
            const uint32_t     n_frames)
{
  const float* const pwm    = modulator(port, OSCILLATOR_PWM, knobs, PWM_AMOUNT);
  const float* const cv_v   = pwm ? pwm : unpatched;
  const float* const amount = knobs->value[PWM_AMOUNT];
  const float* const knob   = knobs->value[WIDTH];

  const bool moves = pwm || knobs->moves[WIDTH];
  for (uint32_t i = 0; i < (moves ? n_frames : 1U); ++i) {
    const double pwm_share = (double)amount[i] * (1.0 / PWM_RANGE_V) * (double)cv_v[i];
    const double sum       = (double)knob[i] + pwm_share;
    const double above     = sum > 0.0 ? sum : 0.0;
    width[i]               = fast_round((above < 1.0 ? above : 1.0) * SHAPE_FULL_WIDTH);
  }
  if (!moves) {
    repeat_first(width, n_frames);
  }
}

static void
run(void* const state, void* const port[], const uint32_t n_frames)
{
  Oscillator* const self = state;

  Knobs   knobs;
  int32_t step[BLOCK_FRAMES];
  int32_t width[BLOCK_FRAMES];
  turn_knobs(self, port, &knobs, n_frames);
  make_steps(self, port, &knobs, step, n_frames);
  make_widths(port, &knobs, width, n_frames);

  OscInputs in = {.step      = step,
                  .width     = width,
                  .sync      = port[OSCILLATOR_SYNC_IN],
                  .sync_mode = (OscSyncMode)choice(port, OSCILLATOR_SYNC_MODE)};
  for (uint32_t s = 0; s < N_SHAPES; ++s) {
    const Knob weight = (Knob)(WEIGHT + s);
    in.weight[s]      = stands(&knobs, weight, 0.0f) ? NULL : knobs.value[weight];
  }

  float* const out = port[OSCILLATOR_OUT];
  osc_process(&self->osc, &in, out, port[OSCILLATOR_SYNC_OUT], n_frames);
  mix_scale(knobs.value[LEVEL], out, n_frames);
}

const Plugin plugin = {OSCILLATOR_URI,
                       oscillator_ports,
                       OSCILLATOR_N_PORTS,
                       sizeof(Oscillator),
                       init,
                       reset,
                       run,
                       NULL};
