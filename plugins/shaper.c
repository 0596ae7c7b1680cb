// SPDX-License-Identifier: ISC

#include "plugin.h"
#include "shape_effect.h"
#include "shaper_ports.h"

#include "display/drawing.h"

#include <assert.h>

static_assert((int)SHAPER_SHAPE_TANH == (int)WAVESHAPE_TANH, "as in the Turtle");
static_assert((int)SHAPER_SHAPE_ASYMMETRIC == (int)WAVESHAPE_ASYMMETRIC,
              "as in the Turtle");
static_assert((int)SHAPER_SHAPE_HARD == (int)WAVESHAPE_HARD, "as in the Turtle");

static const ShapeEffectPorts indices = {.in           = SHAPER_IN,
                                         .out          = SHAPER_OUT,
                                         .drive        = SHAPER_DRIVE,
                                         .drive_amount = SHAPER_DRIVE_AMOUNT,
                                         .drive_cv     = SHAPER_DRIVE_CV,
                                         .bias         = SHAPER_BIAS,
                                         .bias_amount  = SHAPER_BIAS_AMOUNT,
                                         .bias_cv      = SHAPER_BIAS_CV,
                                         .dc_block     = SHAPER_DC_BLOCK,
                                         .mix          = SHAPER_MIX,
                                         .level        = SHAPER_LEVEL,
                                         .enabled      = SHAPER_ENABLED,
                                         .drive_db     = {-12.0, 48.0}};

static void
set_controls(void* const state, const Ports* const ports)
{
  shape_effect_set(state, &indices, ports, (Waveshape)choice(ports, SHAPER_SHAPE));
}

static void
run(void* const state, const Ports* const ports, const uint32_t n_frames)
{
  shape_effect_run(state, &indices, ports, n_frames);
}

// ---- Picture

static const uint8_t watched[] = {SHAPER_DRIVE_CV, SHAPER_BIAS_CV};

static void
draw(Drawing* const drawing)
{
  static const uint8_t outs[] = {SHAPER_OUT};

  const DrawSignal in    = {SHAPER_IN, DRAW_RAMP, -1.0f, 1.0f, 0.0};
  const DrawTrace  trace = {
     .outs = outs, .n_outs = 1, .signals = &in, .low = -1.2f, .high = 1.2f};
  draw_set(drawing, SHAPER_DC_BLOCK, 0.0);
  draw_transfer(drawing, &trace);
}

static const View view = {.draw      = draw,
                          .watched   = watched,
                          .n_watched = sizeof(watched)};

const Plugin plugin = {
  .uri          = SHAPER_URI,
  .ports        = shaper_ports,
  .n_ports      = SHAPER_N_PORTS,
  .forms        = shaper_forms,
  .n_forms      = SHAPER_N_FORMS,
  .state_size   = shape_effect_size,
  .init         = shape_effect_init,
  .reset        = shape_effect_reset,
  .set_controls = set_controls,
  .run          = run,
  .view         = &view,
};
