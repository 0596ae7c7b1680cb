// SPDX-License-Identifier: ISC

#include "oscillator_ports.h"
#include "plugin.h"

#include "fast_math.h"
#include "knob.h"
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
static_assert(BLOCK_FRAMES <= OSC_MAX_FRAMES, "the core takes whole blocks");
static_assert(BLOCK_FRAMES <= KNOB_MAX_FRAMES, "a knob fills whole blocks");

#define PWM_RANGE_V 10.0 ///< Moves the pulse width from 0 to 100 %

/// Knobs that glide
typedef enum {
  OCTAVE, ///< Whole octaves from C4, of octave and 0 V
  TUNE,   ///< Octaves from there
  DETUNE,
  FM_AMOUNT,
  EXP_FM_AMOUNT,
  WIDTH, ///< Part of the cycle
  PWM_AMOUNT,
  LEVEL,  ///< As gain
  WEIGHT, ///< Of the first shape, so that a change of waveform fades
  N_KNOBS = WEIGHT + N_SHAPES
} KnobName;

typedef struct {
  double sample_rate;
  Knob   knob[N_KNOBS];
  Osc    osc;
} Oscillator;

static const float unpatched[BLOCK_FRAMES] = {0.0f};

static void
reset(void* const state)
{
  Oscillator* const self = state;

  for (uint32_t k = 0; k < N_KNOBS; ++k) {
    knob_reset(&self->knob[k]);
  }
  osc_reset(&self->osc);
}

static void
init(void* const state, const double sample_rate)
{
  Oscillator* const self = state;

  self->sample_rate = sample_rate;
  for (uint32_t k = 0; k < N_KNOBS; ++k) {
    knob_init(&self->knob[k], sample_rate, KNOB_GLIDE_S);
  }
  osc_init(&self->osc, sample_rate);
}

/// Write where the knobs are turned to, each in its unit
static void
read_knobs(void* const port[], double target[N_KNOBS])
{
  const ZeroVolt zero_volt = (ZeroVolt)choice(port, OSCILLATOR_ZERO_VOLT);
  const int      waveform  = choice(port, OSCILLATOR_WAVEFORM);

  target[OCTAVE] = control(port, OSCILLATOR_OCTAVE) + zero_volt_oct(zero_volt);
  target[TUNE] =
    control(port, OSCILLATOR_TUNE) / 12.0 + control(port, OSCILLATOR_FINE) / 1200.0;
  target[DETUNE]        = control(port, OSCILLATOR_DETUNE);
  target[FM_AMOUNT]     = control(port, OSCILLATOR_FM_AMOUNT);
  target[EXP_FM_AMOUNT] = control(port, OSCILLATOR_EXP_FM_AMOUNT);
  target[WIDTH]         = control(port, OSCILLATOR_PULSE_WIDTH) / 100.0;
  target[PWM_AMOUNT]    = control(port, OSCILLATOR_PWM_AMOUNT);
  target[LEVEL]         = mix_level_gain(control(port, OSCILLATOR_LEVEL));
  for (int s = 0; s < N_SHAPES; ++s) {
    target[WEIGHT + s] = s == waveform ? 1.0 : 0.0;
  }
}

/// Return an input if it can be heard, or else NULL
static const float*
modulator(void* const port[], const uint32_t index, const Knob* const amount)
{
  return knob_rests_at(amount, 0.0f) ? NULL : port[index];
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
           int32_t* const          step,
           const uint32_t          n_frames)
{
  const Knob* const  knob   = self->knob;
  const float* const pitch  = port[OSCILLATOR_PITCH];
  const float* const exp_fm = modulator(port, OSCILLATOR_EXP_FM, &knob[EXP_FM_AMOUNT]);
  const float* const fm     = modulator(port, OSCILLATOR_FM_IN, &knob[FM_AMOUNT]);

  const Tuning tuning = {.octave        = knob[OCTAVE].value,
                         .tune_oct      = knob[TUNE].value,
                         .pitch_oct     = pitch ? pitch : unpatched,
                         .exp_fm        = exp_fm ? exp_fm : unpatched,
                         .exp_fm_amount = knob[EXP_FM_AMOUNT].value,
                         .detune_hz     = knob[DETUNE].value};
  const bool   base_moves =
    pitch || exp_fm || knob[OCTAVE].moves || knob[TUNE].moves || knob[DETUNE].moves;
  const bool moves = base_moves || fm;

  double freq_hz[BLOCK_FRAMES];
  tuning_base(&tuning, freq_hz, base_moves ? n_frames : 1U);
  if (fm) {
    for (uint32_t i = 1; i < n_frames && !base_moves; ++i) {
      freq_hz[i] = freq_hz[0];
    }
    tuning_fm(fm, knob[FM_AMOUNT].value, freq_hz, n_frames);
  }

  tuning_steps(freq_hz, self->sample_rate, step, moves ? n_frames : 1U);
  if (!moves) {
    repeat_first(step, n_frames);
  }
}

static void
make_widths(const Oscillator* const self,
            void* const             port[],
            int32_t* const          width,
            const uint32_t          n_frames)
{
  const Knob* const  knob   = self->knob;
  const float* const pwm    = modulator(port, OSCILLATOR_PWM, &knob[PWM_AMOUNT]);
  const float* const cv_v   = pwm ? pwm : unpatched;
  const float* const amount = knob[PWM_AMOUNT].value;
  const float* const rest   = knob[WIDTH].value;

  const bool moves = pwm || knob[WIDTH].moves;
  for (uint32_t i = 0; i < (moves ? n_frames : 1U); ++i) {
    const double change = (double)amount[i] * (1.0 / PWM_RANGE_V) * (double)cv_v[i];
    const double sum    = (double)rest[i] + change;
    const double above  = sum > 0.0 ? sum : 0.0;
    width[i]            = fast_round((above < 1.0 ? above : 1.0) * SHAPE_FULL_WIDTH);
  }
  if (!moves) {
    repeat_first(width, n_frames);
  }
}

static void
run(void* const state, void* const port[], const uint32_t n_frames)
{
  Oscillator* const self = state;

  double target[N_KNOBS];
  read_knobs(port, target);
  for (uint32_t k = 0; k < N_KNOBS; ++k) {
    knob_turn(&self->knob[k], target[k], n_frames);
  }

  int32_t step[BLOCK_FRAMES];
  int32_t width[BLOCK_FRAMES];
  make_steps(self, port, step, n_frames);
  make_widths(self, port, width, n_frames);

  OscInputs in = {.step      = step,
                  .width     = width,
                  .sync      = port[OSCILLATOR_SYNC_IN],
                  .sync_mode = (OscSyncMode)choice(port, OSCILLATOR_SYNC_MODE)};
  for (uint32_t s = 0; s < N_SHAPES; ++s) {
    const Knob* const weight = &self->knob[WEIGHT + s];
    in.weight[s]             = knob_rests_at(weight, 0.0f) ? NULL : weight->value;
  }

  float* const out = port[OSCILLATOR_OUT];
  osc_process(&self->osc, &in, out, port[OSCILLATOR_SYNC_OUT], n_frames);
  mix_scale(self->knob[LEVEL].value, out, n_frames);
}

const Plugin plugin = {OSCILLATOR_URI,
                       oscillator_ports,
                       OSCILLATOR_N_PORTS,
                       sizeof(Oscillator),
                       init,
                       reset,
                       run,
                       NULL};
