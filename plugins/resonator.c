// SPDX-License-Identifier: ISC

#include "plugin.h"
#include "resonator_ports.h"

#include "delay/resonator.h"
#include "display/drawing.h"
#include "filter/dc_block.h"
#include "level/effect_out.h"
#include "math/fast_math.h"
#include "shaper/align.h"
#include "signal/gain.h"
#include "signal/gate.h"
#include "signal/modulate.h"
#include "signal/units.h"

#include <assert.h>
#include <math.h>

static_assert((int)RESONATOR_ZERO_VOLT_C4 == (int)ZERO_VOLT_C4, "as in the Turtle");

#define DAMPING_PER_VOLT 0.1f
#define MAX_DAMPING 0.25f
#define PITCH_GLIDE_S 0.1 ///< Slow, as it moves all that rings
#define PIECE_FRAMES 64U
#define NOISE_SCALE 0x1p-31f

/// Knobs that glide
enum {
  PITCH, ///< Octaves from C4 at 0 V
  DECAY, ///< Octaves from 1 s
  DECAY_AMOUNT,
  DAMPING,
  DAMPING_AMOUNT,
  STRIKE, ///< Amplitude of a stroke
  LEVEL,
  SHARE,    ///< Of the resonator in the output: 0 when off
  DC_SHARE, ///< Of the DC blocker: always 1
  N_KNOBS
};

typedef struct {
  Knob      knob[N_KNOBS];
  double    zero_oct; ///< Pitch of 0 V, in octaves from C4
  bool      is_tube;
  Gate      trigger;
  uint32_t  seed;       ///< Of the noise of strokes
  uint32_t  n_striking; ///< Frames that are left of one
  Align     dry;
  double    sample_rate;
  DcBlock   dc_block;  ///< A pitch that jumps leaves an offset in the loop
  Resonator resonator; ///< The last one, for its line follows
} Module;

/// The frames of a piece of a run
typedef struct {
  double pitch_oct[PIECE_FRAMES];
  float  decay_oct[PIECE_FRAMES];
  float  damping[PIECE_FRAMES];
  float  in[PIECE_FRAMES];
  bool   is_silent;
} Frames;

static float*
memory_of(Module* const self)
{
  return (float*)(self + 1);
}

static size_t
state_size(const double sample_rate)
{
  return sizeof(Module) + resonator_memory(sample_rate) * sizeof(float);
}

static void
reset(void* const state)
{
  Module* const self = state;

  knobs_reset(self->knob, N_KNOBS);
  resonator_reset(&self->resonator, memory_of(self));
  dc_block_reset(&self->dc_block);
  align_reset(&self->dry);
  self->trigger    = (Gate){false};
  self->seed       = 1;
  self->n_striking = 0;
}

static void
init(void* const state, const double sample_rate)
{
  Module* const self = state;

  self->sample_rate = sample_rate;
  knobs_init(self->knob, N_KNOBS, sample_rate, KNOB_GLIDE_S);
  knob_init(&self->knob[PITCH], sample_rate, PITCH_GLIDE_S);
  resonator_init(&self->resonator, memory_of(self), sample_rate);
  dc_block_init(&self->dc_block, sample_rate);
  reset(self);
}

static double
number(const Ports* const ports, const uint32_t index)
{
  return (double)control(ports, index);
}

static void
set_controls(void* const state, const Ports* const ports)
{
  Module* const self = state;
  Knob* const   knob = self->knob;

  knob_set(&knob[PITCH],
           number(ports, RESONATOR_OCTAVE) + number(ports, RESONATOR_TUNE) / 12.0 +
             number(ports, RESONATOR_FINE) / 1200.0);
  knob_set(&knob[DECAY], log2(number(ports, RESONATOR_DECAY)));
  knob_set(&knob[DECAY_AMOUNT], number(ports, RESONATOR_DECAY_AMOUNT));
  knob_set(&knob[DAMPING], 0.01 * number(ports, RESONATOR_DAMPING));
  knob_set(&knob[DAMPING_AMOUNT], number(ports, RESONATOR_DAMPING_AMOUNT));
  knob_set(&knob[STRIKE], gain_of_level(number(ports, RESONATOR_STRIKE_LEVEL)));
  knob_set(&knob[LEVEL], gain_of_level(number(ports, RESONATOR_LEVEL)));
  knob_set(&knob[DC_SHARE], 1.0);
  knob_set(&knob[SHARE],
           choice(ports, RESONATOR_ENABLED) ? 0.01 * number(ports, RESONATOR_MIX)
                                            : 0.0);
  self->zero_oct = zero_volt_oct((ZeroVolt)choice(ports, RESONATOR_ZERO_VOLT));
  self->is_tube  = choice(ports, RESONATOR_KIND) == RESONATOR_KIND_TUBE;
}

/// Write what excites the resonator: the input, and strokes of noise a period long
static void
excite(Module* const      self,
       const float* const in,
       const Signal       strike,
       const float* const level,
       Frames* const      frames,
       const uint32_t     n_frames)
{
  uint32_t n_on = 0;
  for (uint32_t i = 0; i < n_frames; ++i) {
    if (gate_next(&self->trigger, strike.frame[i])) {
      const double pitch = frames->pitch_oct[i] > -8.0 ? frames->pitch_oct[i] : -8.0;
      const double most  = self->sample_rate / C4_HZ * fast_exp2(-pitch);
      self->n_striking   = (uint32_t)(int32_t)most + 1U;
    }

    frames->in[i] = in[i];
    if (self->n_striking > 0) {
      self->seed = self->seed * 1664525U + 1013904223U;
      frames->in[i] += level[i] * (float)(int32_t)self->seed * NOISE_SCALE;
      --self->n_striking;
    }
    n_on += frames->in[i] != 0.0f;
  }
  frames->is_silent = n_on == 0;
}

/// Write how the resonator is tuned
static void
tune(const Module* const self,
     const Ports* const  ports,
     const uint32_t      start,
     Frames* const       frames,
     const uint32_t      n_frames)
{
  static const Range decays = {-10.0, 8.0};
  static const Range whole  = {0.0, 1.0};

  const Knob* const  knob  = self->knob;
  const float* const pitch = signal_in(ports, RESONATOR_PITCH).frame + start;
  for (uint32_t i = 0; i < n_frames; ++i) {
    const double oct     = (double)knob[PITCH].value[start + i] + (double)pitch[i];
    const double sum     = oct + self->zero_oct;
    frames->pitch_oct[i] = sum < -60.0 ? -60.0 : sum > 60.0 ? 60.0 : sum;
  }
  modulate_floats(&knob[DECAY],
                  &knob[DECAY_AMOUNT],
                  signal_in(ports, RESONATOR_DECAY_CV),
                  1.0f,
                  decays,
                  start,
                  frames->decay_oct,
                  n_frames);
  modulate_floats(&knob[DAMPING],
                  &knob[DAMPING_AMOUNT],
                  signal_in(ports, RESONATOR_DAMPING_CV),
                  DAMPING_PER_VOLT,
                  whole,
                  start,
                  frames->damping,
                  n_frames);
  for (uint32_t i = 0; i < n_frames; ++i) {
    frames->damping[i] *= MAX_DAMPING * frames->damping[i];
  }
}

static void
run(void* const state, const Ports* const ports, const uint32_t n_frames)
{
  Module* const      self   = state;
  const float* const in     = signal_in(ports, RESONATOR_IN).frame;
  const Signal       strike = signal_in(ports, RESONATOR_STRIKE);
  float* const       out    = signal_out(ports, RESONATOR_OUT);

  float dry[BLOCK_FRAMES];
  float wet[BLOCK_FRAMES];
  knobs_process(self->knob, N_KNOBS, n_frames);
  align_process(&self->dry, resonator_latency(&self->resonator), in, dry, n_frames);

  uint32_t n = 0;
  for (uint32_t start = 0; start < n_frames; start += n) {
    Frames frames;
    n = n_frames - start < PIECE_FRAMES ? n_frames - start : PIECE_FRAMES;
    tune(self, ports, start, &frames, n);
    excite(self,
           in + start,
           signal_from(strike, start),
           self->knob[STRIKE].value + start,
           &frames,
           n);

    const ResonatorInputs inputs = {frames.in,
                                    frames.pitch_oct,
                                    frames.decay_oct,
                                    frames.damping,
                                    self->is_tube,
                                    frames.is_silent};
    resonator_process(&self->resonator, memory_of(self), &inputs, wet + start, n);
  }
  dc_block_process(
    &self->dc_block, wet, knob_signal(&self->knob[DC_SHARE]), out, n_frames);
  effect_out(&self->knob[LEVEL], &self->knob[SHARE], dry, out, n_frames);
}

// ---- Picture

static const uint8_t watched[] = {RESONATOR_PITCH,
                                  RESONATOR_DECAY_CV,
                                  RESONATOR_DAMPING_CV};

static void
draw(Drawing* const drawing)
{
  static const uint8_t outs[] = {RESONATOR_OUT};

  const ZeroVolt zero_volt = (ZeroVolt)draw_value(drawing, RESONATOR_ZERO_VOLT);
  const double   semitones =
    draw_value(drawing, RESONATOR_TUNE) + draw_value(drawing, RESONATOR_FINE) / 100.0;
  draw_response(drawing, RESONATOR_IN, outs, 1);
  draw_note(drawing,
            draw_value(drawing, RESONATOR_OCTAVE) + zero_volt_oct(zero_volt) +
              semitones / 12.0 + draw_value(drawing, RESONATOR_PITCH));
}

static const View view = {.draw      = draw,
                          .watched   = watched,
                          .n_watched = sizeof(watched)};

const Plugin plugin = {
  .uri          = RESONATOR_URI,
  .ports        = resonator_ports,
  .n_ports      = RESONATOR_N_PORTS,
  .forms        = resonator_forms,
  .n_forms      = RESONATOR_N_FORMS,
  .state_size   = state_size,
  .init         = init,
  .reset        = reset,
  .set_controls = set_controls,
  .run          = run,
  .view         = &view,
};
