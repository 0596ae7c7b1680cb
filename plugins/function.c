// SPDX-License-Identifier: ISC

#include "function_ports.h"
#include "plugin.h"

#include "modulation/function.h"
#include "modulation/slew.h"
#include "signal/fill.h"
#include "signal/knob.h"
#include "signal/units.h"

#include <stdbool.h>

/// Knobs that glide
typedef enum {
  HEIGHT,
  OFFSET,
  RISE_AMOUNT,
  FALL_AMOUNT,
  TIME_AMOUNT,
  N_KNOBS
} KnobName;

typedef struct {
  bool     follows; ///< Whether it limits the slew of its input
  Function function;
  Slew     slew;
  Knob     knob[N_KNOBS];
} Generator;

/// What times are longer by in each frame, in octaves
typedef struct {
  float rise[BLOCK_FRAMES];
  float fall[BLOCK_FRAMES];
  bool  are_constant;
} Octaves;

static void
reset(void* const state)
{
  Generator* const self = state;

  function_reset(&self->function);
  slew_reset(&self->slew);
  knobs_reset(self->knob, N_KNOBS);
}

static void
init(void* const state, const double sample_rate)
{
  Generator* const self = state;

  function_init(&self->function, sample_rate);
  slew_init(&self->slew, sample_rate);
  knobs_init(self->knob, N_KNOBS, sample_rate, KNOB_GLIDE_S);
}

static void
set_mode(Generator* const self, const int mode)
{
  const bool follows = mode == FUNCTION_MODE_SLEW;
  if (follows != self->follows) {
    function_reset(&self->function);
    slew_reset(&self->slew);
  }
  self->follows = follows;
}

static void
set_controls(void* const state, const Ports* const ports)
{
  Generator* const self   = state;
  const int        mode   = choice(ports, FUNCTION_MODE);
  const double     rise_s = (double)control(ports, FUNCTION_RISE);
  const double     fall_s = (double)control(ports, FUNCTION_FALL);
  const double     up     = (double)control(ports, FUNCTION_RISE_CURVE);
  const double     down   = (double)control(ports, FUNCTION_FALL_CURVE);

  const FunctionKnobs knobs = {{rise_s, fall_s},
                               {up, down},
                               mode == FUNCTION_MODE_ATTACK_SUSTAIN_RELEASE,
                               choice(ports, FUNCTION_CYCLE)};
  set_mode(self, mode);
  function_set(&self->function, &knobs);
  slew_set_knobs(&self->slew,
                 SLEW_CONSTANT_RATE,
                 (SlewKnobs[]){{rise_s, up, 1.0}, {fall_s, down, 1.0}});
  knob_set(&self->knob[HEIGHT], (double)control(ports, FUNCTION_HEIGHT));
  knob_set(&self->knob[OFFSET], (double)control(ports, FUNCTION_OFFSET));
  knob_set(&self->knob[RISE_AMOUNT], (double)control(ports, FUNCTION_RISE_AMOUNT));
  knob_set(&self->knob[FALL_AMOUNT], (double)control(ports, FUNCTION_FALL_AMOUNT));
  knob_set(&self->knob[TIME_AMOUNT], (double)control(ports, FUNCTION_TIME_AMOUNT));
}

/// Find what CVs make of the times
static void
find_octaves(const Generator* const self,
             const Ports* const     ports,
             Octaves* const         octaves,
             const uint32_t         n_frames)
{
  const Knob* const  knob   = self->knob;
  const float* const rise_v = signal_in(ports, FUNCTION_RISE_CV).frame;
  const float* const fall_v = signal_in(ports, FUNCTION_FALL_CV).frame;
  const float* const time_v = signal_in(ports, FUNCTION_TIME_CV).frame;
  octaves->are_constant =
    !knob[RISE_AMOUNT].moves && !knob[FALL_AMOUNT].moves && !knob[TIME_AMOUNT].moves &&
    is_constant(ports, FUNCTION_RISE_CV) && is_constant(ports, FUNCTION_FALL_CV) &&
    is_constant(ports, FUNCTION_TIME_CV);
  for (uint32_t i = 0; i < (octaves->are_constant ? 1U : n_frames); ++i) {
    const float both = knob[TIME_AMOUNT].value[i] * time_v[i];
    octaves->rise[i] = knob[RISE_AMOUNT].value[i] * rise_v[i] - both;
    octaves->fall[i] = knob[FALL_AMOUNT].value[i] * fall_v[i] - both;
  }
  if (octaves->are_constant) {
    fill_frames(octaves->rise, octaves->rise[0], n_frames);
    fill_frames(octaves->fall, octaves->fall[0], n_frames);
  }
}

/// Write the input, slowed down
static void
follow(Generator* const     self,
       const Ports* const   ports,
       const Octaves* const octaves,
       const uint32_t       n_frames)
{
  const bool        constant = octaves->are_constant;
  const SlewSignals in       = {signal_in(ports, FUNCTION_IN),
                                {{octaves->rise, constant}, {octaves->fall, constant}}};
  const SlewOutputs out      = {
         signal_out(ports, FUNCTION_OUT),
         {connected_out(ports, FUNCTION_RISING), connected_out(ports, FUNCTION_FALLING)}};

  slew_process(&self->slew, &in, &out, n_frames);
  gate_write(signal_out(ports, FUNCTION_END), false, n_frames);
}

/// Write ways up and down, from 0 to 10 V
static void
generate(Generator* const     self,
         const Ports* const   ports,
         const Octaves* const octaves,
         const uint32_t       n_frames)
{
  float* const          level = signal_out(ports, FUNCTION_OUT);
  const FunctionSignals in    = {signal_in(ports, FUNCTION_TRIGGER),
                                 signal_in(ports, FUNCTION_CYCLE_IN),
                                 {octaves->rise, octaves->fall}};
  const FunctionOutputs out   = {
      level,
      {connected_out(ports, FUNCTION_RISING), connected_out(ports, FUNCTION_FALLING)},
      signal_out(ports, FUNCTION_END)};

  function_process(&self->function, &in, &out, n_frames);
  for (uint32_t i = 0; i < n_frames; ++i) {
    level[i] *= CV_MAX_V;
  }
}

/// Give the output its height and offset
static void
place(const Generator* const self, float* const out, const uint32_t n_frames)
{
  const Knob* const height = &self->knob[HEIGHT];
  const Knob* const offset = &self->knob[OFFSET];
  if (height->moves || offset->moves) {
    for (uint32_t i = 0; i < n_frames; ++i) {
      out[i] = out[i] * (height->value[i] / CV_MAX_V) + offset->value[i];
    }
    return;
  }

  const float scale    = height->value[0] / CV_MAX_V;
  const float offset_v = offset->value[0];
  for (uint32_t i = 0; i < n_frames; ++i) {
    out[i] = out[i] * scale + offset_v;
  }
}

static void
run(void* const state, const Ports* const ports, const uint32_t n_frames)
{
  Generator* const self = state;
  Octaves          octaves;

  knobs_process(self->knob, N_KNOBS, n_frames);
  find_octaves(self, ports, &octaves, n_frames);
  if (self->follows) {
    follow(self, ports, &octaves, n_frames);
  } else {
    generate(self, ports, &octaves, n_frames);
  }
  place(self, signal_out(ports, FUNCTION_OUT), n_frames);
}

static size_t
state_size(const double sample_rate)
{
  (void)sample_rate;
  return sizeof(Generator);
}

const Plugin plugin = {
  .uri          = FUNCTION_URI,
  .ports        = function_ports,
  .n_ports      = FUNCTION_N_PORTS,
  .state_size   = state_size,
  .init         = init,
  .reset        = reset,
  .set_controls = set_controls,
  .run          = run,
};
