// SPDX-License-Identifier: ISC

#include "plugin.h"
#include "wavefolder_ports.h"

#include "filter/dc_block.h"
#include "level/effect_out.h"
#include "lv2/port_input.h"
#include "math/fast_math.h"
#include "shaper/align.h"
#include "shaper/shaper.h"
#include "signal/gain.h"
#include "signal/modulate.h"

#include <assert.h>

static_assert(BLOCK_FRAMES <= KNOB_MAX_FRAMES, "a knob fills whole slices");
static_assert(BLOCK_FRAMES <= ALIGN_MAX_FRAMES, "a slice is delayed at once");
static_assert(BLOCK_FRAMES <= DC_BLOCK_MAX_FRAMES, "a slice is filtered at once");

#define DRIVE_OCT_PER_DB 0.166096404744368
#define BIAS_PER_VOLT 0.2 ///< 10 V go over the whole range

enum {
  DRIVE,
  DRIVE_AMOUNT,
  BIAS,
  BIAS_AMOUNT,
  LEVEL,
  SHARE, ///< Of the shaped signal in the output
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
  dc_block_init(&self->dc_block, sample_rate, KNOB_GLIDE_S);
  align_reset(&self->dry);
}

static void
set_controls(void* const state, void* const port[])
{
  Module* const self = state;
  Knob* const   knob = self->knob;

  const double mix = 0.01 * (double)control(port, WAVEFOLDER_MIX);
  knob_set(&knob[DRIVE], DRIVE_OCT_PER_DB * (double)control(port, WAVEFOLDER_FOLD));
  knob_set(&knob[DRIVE_AMOUNT], (double)control(port, WAVEFOLDER_FOLD_AMOUNT));
  knob_set(&knob[BIAS], (double)control(port, WAVEFOLDER_BIAS));
  knob_set(&knob[BIAS_AMOUNT], (double)control(port, WAVEFOLDER_BIAS_AMOUNT));
  knob_set(&knob[LEVEL], gain_of_level((double)control(port, WAVEFOLDER_LEVEL)));
  knob_set(&knob[SHARE], choice(port, WAVEFOLDER_ENABLED) ? mix : 0.0);
  knob_set(&self->dc_block.share, (double)choice(port, WAVEFOLDER_DC_BLOCK));
  self->shape = choice(port, WAVEFOLDER_SHAPE) == WAVEFOLDER_SHAPE_SINE
                  ? WAVESHAPE_SINE
                  : WAVESHAPE_TRIANGLE;
}

/// Shape `in` as knobs and CVs say
static void
shape(Module* const  self,
      void* const    port[],
      const Input    in,
      float* const   out,
      const uint32_t n_frames)
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
           port_input(port, WAVEFOLDER_FOLD_CV),
           1.0,
           drive_range,
           drive_oct,
           n_frames);
  const bool bias_is_constant = modulate(&knob[BIAS],
                                         &knob[BIAS_AMOUNT],
                                         port_input(port, WAVEFOLDER_BIAS_CV),
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
run(void* const state, void* const port[], const uint32_t n_frames)
{
  Module* const self = state;
  float* const  out  = port[WAVEFOLDER_OUT];
  const Input   in   = port_input_or_silence(port, WAVEFOLDER_IN);

  float dry[BLOCK_FRAMES];
  float shaped[BLOCK_FRAMES];
  knobs_process(self->knob, N_KNOBS, n_frames);
  align_process(&self->dry, shaper_latency(&self->shaper), in.frame, dry, n_frames);
  shape(self, port, in, shaped, n_frames);

  const float* const wet = dc_block_process(&self->dc_block, shaped, out, n_frames);
  for (uint32_t i = 0; wet != out && i < n_frames; ++i) {
    out[i] = wet[i];
  }
  effect_out(&self->knob[LEVEL], &self->knob[SHARE], dry, out, n_frames);
}

const Plugin plugin = {
  .uri          = WAVEFOLDER_URI,
  .ports        = wavefolder_ports,
  .n_ports      = WAVEFOLDER_N_PORTS,
  .state_size   = sizeof(Module),
  .init         = init,
  .reset        = reset,
  .set_controls = set_controls,
  .run          = run,
};
