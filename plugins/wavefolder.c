// SPDX-License-Identifier: ISC

#include "plugin.h"
#include "shape_effect.h"
#include "wavefolder_ports.h"

#include "display/drawing.h"

static const ShapeEffectPorts indices = {.in           = WAVEFOLDER_IN,
                                         .out          = WAVEFOLDER_OUT,
                                         .drive        = WAVEFOLDER_FOLD,
                                         .drive_amount = WAVEFOLDER_FOLD_AMOUNT,
                                         .drive_cv     = WAVEFOLDER_FOLD_CV,
                                         .bias         = WAVEFOLDER_BIAS,
                                         .bias_amount  = WAVEFOLDER_BIAS_AMOUNT,
                                         .bias_cv      = WAVEFOLDER_BIAS_CV,
                                         .dc_block     = WAVEFOLDER_DC_BLOCK,
                                         .mix          = WAVEFOLDER_MIX,
                                         .level        = WAVEFOLDER_LEVEL,
                                         .enabled      = WAVEFOLDER_ENABLED,
                                         .drive_db     = {-24.0, 30.0}};

static void
set_controls(void* const state, const Ports* const ports)
{
  const bool is_sine = choice(ports, WAVEFOLDER_SHAPE) == WAVEFOLDER_SHAPE_SINE;

  shape_effect_set(
    state, &indices, ports, is_sine ? WAVESHAPE_SINE : WAVESHAPE_TRIANGLE);
}

static void
run(void* const state, const Ports* const ports, const uint32_t n_frames)
{
  shape_effect_run(state, &indices, ports, n_frames);
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
  .state_size   = shape_effect_size,
  .init         = shape_effect_init,
  .reset        = shape_effect_reset,
  .set_controls = set_controls,
  .run          = run,
  .view         = &view,
};
