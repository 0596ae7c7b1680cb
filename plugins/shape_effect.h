// SPDX-License-Identifier: ISC
/**
   Parts that shaper and wavefolder share: all but the shapes that they offer.

   A module gives the indices of its ports, and calls these from functions of its own.
*/

#ifndef SHAPE_EFFECT_H
#define SHAPE_EFFECT_H

#include "plugin.h"

#include "filter/dc_block.h"
#include "level/effect_out.h"
#include "math/fast_math.h"
#include "shaper/align.h"
#include "shaper/shaper.h"
#include "signal/gain.h"
#include "signal/modulate.h"

#include <stddef.h>
#include <stdint.h>

#define DRIVE_OCT_PER_DB 0.166096404744368
#define BIAS_PER_VOLT 0.2 ///< 10 V go over the whole range

/// The ports of such a module
typedef struct {
  uint32_t in;
  uint32_t out;
  uint32_t drive;
  uint32_t drive_amount;
  uint32_t drive_cv;
  uint32_t bias;
  uint32_t bias_amount;
  uint32_t bias_cv;
  uint32_t dc_block;
  uint32_t mix;
  uint32_t level;
  uint32_t enabled;
  Range    drive_db; ///< How far CV can move the drive
} ShapeEffectPorts;

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
} ShapeEffect;

static inline void
shape_effect_reset(void* const state)
{
  ShapeEffect* const self = state;

  knobs_reset(self->knob, N_KNOBS);
  shaper_reset(&self->shaper);
  dc_block_reset(&self->dc_block);
  align_reset(&self->dry);
}

static inline void
shape_effect_init(void* const state, const double sample_rate)
{
  ShapeEffect* const self = state;

  knobs_init(self->knob, N_KNOBS, sample_rate, KNOB_GLIDE_S);
  shaper_init(&self->shaper, sample_rate);
  dc_block_init(&self->dc_block, sample_rate);
  align_reset(&self->dry);
}

/// Take the knobs, and a shape
static inline void
shape_effect_set(ShapeEffect* const            self,
                 const ShapeEffectPorts* const of,
                 const Ports* const            ports,
                 const Waveshape               shape)
{
  Knob* const knob = self->knob;

  const double mix = 0.01 * (double)control(ports, of->mix);
  knob_set(&knob[DRIVE], DRIVE_OCT_PER_DB * (double)control(ports, of->drive));
  knob_set(&knob[DRIVE_AMOUNT], (double)control(ports, of->drive_amount));
  knob_set(&knob[BIAS], (double)control(ports, of->bias));
  knob_set(&knob[BIAS_AMOUNT], (double)control(ports, of->bias_amount));
  knob_set(&knob[LEVEL], gain_of_level((double)control(ports, of->level)));
  knob_set(&knob[SHARE], choice(ports, of->enabled) ? mix : 0.0);
  knob_set(&knob[DC_SHARE], (double)choice(ports, of->dc_block));
  self->shape = shape;
}

/// Shape `in` as knobs and CVs say
static inline void
shape_effect_shape(ShapeEffect* const            self,
                   const Ports* const            ports,
                   const ShapeEffectPorts* const of,
                   const Signal                  in,
                   float* const                  out,
                   const uint32_t                n_frames)
{
  static const Range bias_range = {-1.0, 1.0};

  const Range drive_range = {of->drive_db.minimum * DRIVE_OCT_PER_DB,
                             of->drive_db.maximum * DRIVE_OCT_PER_DB};

  double            drive_oct[BLOCK_FRAMES];
  double            bias[BLOCK_FRAMES];
  float             drive[BLOCK_FRAMES];
  float             offset[BLOCK_FRAMES];
  const Knob* const knob = self->knob;
  modulate(&knob[DRIVE],
           &knob[DRIVE_AMOUNT],
           signal_in(ports, of->drive_cv),
           1.0,
           drive_range,
           drive_oct,
           n_frames);
  const bool bias_is_constant = modulate(&knob[BIAS],
                                         &knob[BIAS_AMOUNT],
                                         signal_in(ports, of->bias_cv),
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

static inline void
shape_effect_run(ShapeEffect* const            self,
                 const ShapeEffectPorts* const of,
                 const Ports* const            ports,
                 const uint32_t                n_frames)
{
  float* const out = signal_out(ports, of->out);
  const Signal in  = signal_in(ports, of->in);

  float dry[BLOCK_FRAMES];
  float shaped[BLOCK_FRAMES];
  knobs_process(self->knob, N_KNOBS, n_frames);
  align_process(&self->dry, shaper_latency(&self->shaper), in.frame, dry, n_frames);
  shape_effect_shape(self, ports, of, in, shaped, n_frames);

  const float* const wet = dc_block_process(
    &self->dc_block, shaped, knob_signal(&self->knob[DC_SHARE]), out, n_frames);
  for (uint32_t i = 0; wet != out && i < n_frames; ++i) {
    out[i] = wet[i];
  }
  effect_out(&self->knob[LEVEL], &self->knob[SHARE], dry, out, n_frames);
}

static inline size_t
shape_effect_size(const double sample_rate)
{
  (void)sample_rate;
  return sizeof(ShapeEffect);
}

#endif // SHAPE_EFFECT_H
