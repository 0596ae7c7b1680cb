// SPDX-License-Identifier: ISC

#include "plugin.h"
#include "wavefolder_ports.h"

#include "display/drawing.h"
#include "filter/dc_block.h"
#include "level/effect_out.h"
#include "math/fast_math.h"
#include "shaper/align.h"
#include "shaper/shaper.h"
#include "signal/gain.h"
#include "signal/modulate.h"

#define DRIVE_OCT_PER_DB 0.166096404744368
#define BIAS_PER_VOLT 0.2 ///< 10 V go over the whole range

enum {
  DRIVE,
  DRIVE_AMOUNT,
  BIAS,
  BIAS_AMOUNT,
  LEVEL,
  SHARE,    ///< Of the shaped signal in the output
  DC_SHARE, ///< Of the DC blocker: 0, nothing is taken away, or 1
  N_KNOBS
};

typedef struct {
  Knob      knob[N_KNOBS];
  Waveshape shape;
  Shaper    shaper;
  DcBlock   dc_block;
  Align     dry;
} Module;

static void
reset(void* const state)
{
  Module* const self = state;

  knobs_reset(self->knob, N_KNOBS);
  shaper_reset(&self->shaper);
  dc_block_reset(&self->dc_block);
  align_reset(&self->dry);
}

static void
init(void* const state, const double sample_rate)
{
  Module* const self = state;

  knobs_init(self->knob, N_KNOBS, sample_rate, KNOB_GLIDE_S);
  shaper_init(&self->shaper, sample_rate);
  dc_block_init(&self->dc_block, sample_rate);
  align_reset(&self->dry);
}

static void
set_controls(void* const state, const Ports* const ports)
{
  Module* const self = state;
  Knob* const   knob = self->knob;

  const double mix = 0.01 * (double)control(ports, WAVEFOLDER_MIX);
  knob_set(&knob[DRIVE], DRIVE_OCT_PER_DB * (double)control(ports, WAVEFOLDER_FOLD));
  knob_set(&knob[DRIVE_AMOUNT], (double)control(ports, WAVEFOLDER_FOLD_AMOUNT));
  knob_set(&knob[BIAS], (double)control(ports, WAVEFOLDER_BIAS));
  knob_set(&knob[BIAS_AMOUNT], (double)control(ports, WAVEFOLDER_BIAS_AMOUNT));
  knob_set(&knob[LEVEL], gain_of_level((double)control(ports, WAVEFOLDER_LEVEL)));
  knob_set(&knob[SHARE], choice(ports, WAVEFOLDER_ENABLED) ? mix : 0.0);
  knob_set(&knob[DC_SHARE], (double)choice(ports, WAVEFOLDER_DC_BLOCK));
  self->shape = choice(ports, WAVEFOLDER_SHAPE) == WAVEFOLDER_SHAPE_SINE
                  ? WAVESHAPE_SINE
                  : WAVESHAPE_TRIANGLE;
}

/// Shape `in` as knobs and CVs say
static void
shape(Module* const      self,
      const Ports* const ports,
      const Signal       in,
      float* const       out,
      const uint32_t     n_frames)
{
  static const Range drive_range = {-24.0 * DRIVE_OCT_PER_DB, 30.0 * DRIVE_OCT_PER_DB};
  static const Range bias_range  = {-1.0, 1.0};

  double            drive_oct[BLOCK_FRAMES];
  double            bias[BLOCK_FRAMES];
  float             drive[BLOCK_FRAMES];
  float             offset[BLOCK_FRAMES];
  const Knob* const knob = self->knob;
  modulate(&knob[DRIVE],
           &knob[DRIVE_AMOUNT],
           signal_in(ports, WAVEFOLDER_FOLD_CV),
           1.0,
           drive_range,
           drive_oct,
           n_frames);
  const bool bias_is_constant = modulate(&knob[BIAS],
                                         &knob[BIAS_AMOUNT],
                                         signal_in(ports, WAVEFOLDER_BIAS_CV),
                                         BIAS_PER_VOLT,
                                         bias_range,
                                         bias,
                                         n_frames);
  for (uint32_t i = 0; i < n_frames; ++i) {
    drive[i]  = (float)fast_exp2(drive_oct[i]);
    offset[i] = (float)bias[i];
  }

  const bool         is_silent = in.is_constant && in.frame[0] == 0.0f;
  const ShaperInputs inputs    = {
       in.frame, drive, offset, is_silent && bias_is_constant && offset[0] == 0.0f};
  shaper_process(&self->shaper, self->shape, &inputs, out, n_frames);
}

static void
run(void* const state, const Ports* const ports, const uint32_t n_frames)
{
  Module* const self = state;
  float* const  out  = signal_out(ports, WAVEFOLDER_OUT);
  const Signal  in   = signal_in(ports, WAVEFOLDER_IN);

  float dry[BLOCK_FRAMES];
  float shaped[BLOCK_FRAMES];
  knobs_process(self->knob, N_KNOBS, n_frames);
  align_process(&self->dry, shaper_latency(&self->shaper), in.frame, dry, n_frames);
  shape(self, ports, in, shaped, n_frames);

  const float* const wet = dc_block_process(
    &self->dc_block, shaped, knob_signal(&self->knob[DC_SHARE]), out, n_frames);
  for (uint32_t i = 0; wet != out && i < n_frames; ++i) {
    out[i] = wet[i];
  }
  effect_out(&self->knob[LEVEL], &self->knob[SHARE], dry, out, n_frames);
}

static size_t
state_size(const double sample_rate)
{
  (void)sample_rate;
  return sizeof(Module);
}

// ---- Picture

static const uint8_t watched[] = {WAVEFOLDER_FOLD_CV, WAVEFOLDER_BIAS_CV};

static void
draw(Drawing* const drawing)
{
  static const uint8_t outs[] = {WAVEFOLDER_OUT};

  const DrawSignal in    = {WAVEFOLDER_IN, DRAW_RAMP, -1.0f, 1.0f, 0.0};
  const DrawTrace  trace = {
     .outs = outs, .n_outs = 1, .signals = &in, .low = -1.2f, .high = 1.2f};
  draw_set(drawing, WAVEFOLDER_DC_BLOCK, 0.0);
  draw_transfer(drawing, &trace);
}

static const View view = {.draw      = draw,
                          .watched   = watched,
                          .n_watched = sizeof(watched)};

const Plugin plugin = {
  .uri          = WAVEFOLDER_URI,
  .ports        = wavefolder_ports,
  .n_ports      = WAVEFOLDER_N_PORTS,
  .forms        = wavefolder_forms,
  .n_forms      = WAVEFOLDER_N_FORMS,
  .state_size   = state_size,
  .init         = init,
  .reset        = reset,
  .set_controls = set_controls,
  .run          = run,
  .view         = &view,
};
