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

#define FIRST_CONTROL OSCILLATOR_WAVEFORM
#define N_CONTROLS (OSCILLATOR_N_PORTS - FIRST_CONTROL)

/// The step that still voltages have led to, at the settings of knobs at rest
typedef struct {
  bool    is_known;
  float   pitch_oct;
  float   exp_fm;
  float   fm;
  int32_t step;
} StillStep;

typedef struct {
  double    sample_rate;
  bool      rests;               ///< Whether all knobs do, if no control has changed
  float     control[N_CONTROLS]; ///< As last seen
  StillStep still;
  Knob      knob[N_KNOBS];
  Osc       osc;
} Oscillator;

/// An input signal, 0 if it is not patched or its knob is at 0
typedef struct {
  const float* frame;
  bool         moves; ///< Or else all frames are as the first
} Input;

static const float unpatched[BLOCK_FRAMES] = {0.0f};

static void
reset(void* const state)
{
  Oscillator* const self = state;

  self->rests = false;
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

/// Take note of the controls, and return true if they are as they were
static bool
keep_controls(Oscillator* const self, void* const port[])
{
  bool is_same = true;
  for (uint32_t c = 0; c < N_CONTROLS; ++c) {
    const float value = control(port, FIRST_CONTROL + c);
    is_same           = is_same && value == self->control[c];
    self->control[c]  = value;
  }

  return is_same;
}

static void
turn_knobs(Oscillator* const self, void* const port[], const uint32_t n_frames)
{
  const bool is_same = keep_controls(self, port);
  if (is_same && self->rests) {
    return;
  }

  double target[N_KNOBS];
  read_knobs(port, target);
  self->rests = true;
  for (uint32_t k = 0; k < N_KNOBS; ++k) {
    knob_turn(&self->knob[k], target[k], n_frames);
    self->rests = self->rests && self->knob[k].is_full;
  }
}

/// Return true if a signal is not the same in all frames
static bool
does_move(const float* const signal, const uint32_t n_frames)
{
  const float first = signal[0];

  uint32_t n_changes = 0;
  for (uint32_t i = 0; i < n_frames; ++i) {
    n_changes += signal[i] != first;
  }
  return n_changes;
}

static Input
listen(void* const port[], const uint32_t index, const uint32_t n_frames)
{
  const float* const signal  = port[index];
  const Input        silence = {unpatched, false};
  const Input        patched = {signal, signal && does_move(signal, n_frames)};

  return signal ? patched : silence;
}

/// Return an input if it can be heard, or else silence
static Input
modulator(void* const       port[],
          const uint32_t    index,
          const Knob* const amount,
          const uint32_t    n_frames)
{
  const Input silence = {unpatched, false};

  return knob_rests_at(amount, 0.0f) ? silence : listen(port, index, n_frames);
}

/// Write the steps that the phase takes; returns false if all are as the first
static bool
make_steps(Oscillator* const self,
           void* const       port[],
           int32_t* const    step,
           const uint32_t    n_frames)
{
  const Knob* const knob  = self->knob;
  const Input       pitch = listen(port, OSCILLATOR_PITCH, n_frames);
  const Input       exp_fm =
    modulator(port, OSCILLATOR_EXP_FM, &knob[EXP_FM_AMOUNT], n_frames);
  const Input fm = modulator(port, OSCILLATOR_FM_IN, &knob[FM_AMOUNT], n_frames);

  const Tuning tuning = {.octave        = knob[OCTAVE].value,
                         .tune_oct      = knob[TUNE].value,
                         .pitch_oct     = pitch.frame,
                         .exp_fm        = exp_fm.frame,
                         .exp_fm_amount = knob[EXP_FM_AMOUNT].value,
                         .detune_hz     = knob[DETUNE].value,
                         .pitch_only    = self->rests && exp_fm.frame == unpatched};

  const bool base_moves = !self->rests || pitch.moves || exp_fm.moves;
  const bool moves      = base_moves || fm.moves;

  StillStep* const still = &self->still;
  if (!moves && still->is_known && still->pitch_oct == pitch.frame[0] &&
      still->exp_fm == exp_fm.frame[0] && still->fm == fm.frame[0]) {
    step[0] = still->step;
    return false;
  }

  double         freq_hz[BLOCK_FRAMES];
  const uint32_t n_steps = moves ? n_frames : 1U;
  tuning_base(&tuning, freq_hz, base_moves ? n_frames : 1U);
  if (fm.frame != unpatched) {
    for (uint32_t i = 1; i < n_steps && !base_moves; ++i) {
      freq_hz[i] = freq_hz[0];
    }
    tuning_fm(fm.frame, knob[FM_AMOUNT].value, freq_hz, n_steps);
  }
  tuning_steps(freq_hz, self->sample_rate, step, n_steps);

  const StillStep next = {
    !moves, pitch.frame[0], exp_fm.frame[0], fm.frame[0], step[0]};
  *still = next;
  return moves;
}

/// Write pulse widths; returns false if all are as the first
static bool
make_widths(const Oscillator* const self,
            void* const             port[],
            int32_t* const          width,
            const uint32_t          n_frames)
{
  const Knob* const  knob = self->knob;
  const Input        pwm = modulator(port, OSCILLATOR_PWM, &knob[PWM_AMOUNT], n_frames);
  const float* const cv_v   = pwm.frame;
  const float* const amount = knob[PWM_AMOUNT].value;
  const float* const rest   = knob[WIDTH].value;

  const bool moves = pwm.moves || !self->rests;
  for (uint32_t i = 0; i < (moves ? n_frames : 1U); ++i) {
    const double change = (double)amount[i] * (1.0 / PWM_RANGE_V) * (double)cv_v[i];
    const double sum    = (double)rest[i] + change;
    const double above  = sum > 0.0 ? sum : 0.0;
    width[i]            = fast_round((above < 1.0 ? above : 1.0) * SHAPE_FULL_WIDTH);
  }
  return moves;
}

/// Return the sync input, or NULL if it is 0 in all frames
static const float*
find_sync(void* const port[], const uint32_t n_frames)
{
  const Input sync = listen(port, OSCILLATOR_SYNC_IN, n_frames);

  return sync.moves || sync.frame[0] != 0.0f ? sync.frame : NULL;
}

static void
run(void* const state, void* const port[], const uint32_t n_frames)
{
  Oscillator* const self = state;

  turn_knobs(self, port, n_frames);

  int32_t   step[BLOCK_FRAMES];
  int32_t   width[BLOCK_FRAMES];
  OscInputs in = {.step        = step,
                  .width       = width,
                  .step_rests  = !make_steps(self, port, step, n_frames),
                  .width_rests = !make_widths(self, port, width, n_frames),
                  .sync        = find_sync(port, n_frames),
                  .sync_mode   = (OscSyncMode)choice(port, OSCILLATOR_SYNC_MODE)};
  for (uint32_t s = 0; s < N_SHAPES; ++s) {
    const Knob* const weight = &self->knob[WEIGHT + s];
    in.weight[s]             = knob_rests_at(weight, 0.0f) ? NULL : weight->value;
  }

  float* const out = port[OSCILLATOR_OUT];
  osc_process(&self->osc, &in, out, port[OSCILLATOR_SYNC_OUT], n_frames);
  if (!knob_rests_at(&self->knob[LEVEL], 1.0f)) {
    mix_scale(self->knob[LEVEL].value, out, n_frames);
  }
}

const Plugin plugin = {
  .uri        = OSCILLATOR_URI,
  .ports      = oscillator_ports,
  .n_ports    = OSCILLATOR_N_PORTS,
  .state_size = sizeof(Oscillator),
  .init       = init,
  .reset      = reset,
  .run        = run,
};
