// SPDX-License-Identifier: ISC

#include "cv_to_audio_ports.h"
#include "plugin.h"

#include "display/drawing.h"
#include "filter/dc_block.h"
#include "shaper/soft_clip.h"
#include "signal/knob.h"

/// Knobs that glide
typedef enum {
  DC_SHARE, ///< From 0, nothing is taken away, to 1
  GAIN,     ///< In full scales per volt
  CLIP,     ///< From 0, uncut, to 1, all of the clipper's output; moved by that
  N_KNOBS
} KnobName;

typedef struct {
  DcBlock  dc_block;
  SoftClip soft_clip;
  Knob     knob[N_KNOBS];
} Converter;

static void
reset(void* const state)
{
  Converter* const self = state;

  dc_block_reset(&self->dc_block);
  knobs_reset(self->knob, N_KNOBS);
  soft_clip_reset(&self->soft_clip);
}

static void
init(void* const state, const double sample_rate)
{
  Converter* const self = state;

  dc_block_init(&self->dc_block, sample_rate);
  knobs_init(self->knob, N_KNOBS, sample_rate, KNOB_GLIDE_S);
  soft_clip_reset(&self->soft_clip);
}

static void
set_controls(void* const state, const Ports* const ports)
{
  Converter* const self = state;

  knob_set(&self->knob[DC_SHARE], (double)choice(ports, CV_TO_AUDIO_DC_BLOCK));
  knob_set(&self->knob[GAIN], 1.0 / (double)control(ports, CV_TO_AUDIO_FULL_SCALE));
  knob_set(&self->knob[CLIP], (double)choice(ports, CV_TO_AUDIO_CLIP));
}

static void
run(void* const state, const Ports* const ports, const uint32_t n_frames)
{
  Converter* const   self = state;
  const float* const in   = signal_in(ports, CV_TO_AUDIO_IN).frame;
  float* const       out  = signal_out(ports, CV_TO_AUDIO_OUT);
  Knob* const        knob = self->knob;

  knobs_process(knob, CLIP, n_frames); // All but the clipper's
  float              scratch[BLOCK_FRAMES];
  const float* const volts = dc_block_process(
    &self->dc_block, in, knob_signal(&knob[DC_SHARE]), scratch, n_frames);
  for (uint32_t i = 0; i < n_frames; ++i) {
    out[i] = volts[i] * knob[GAIN].value[i];
  }
  soft_clip_blend(&self->soft_clip, &knob[CLIP], out, n_frames);
}

static size_t
state_size(const double sample_rate)
{
  (void)sample_rate;
  return sizeof(Converter);
}

// ---- Picture

static const uint8_t watched[] = {CV_TO_AUDIO_IN};

static void
draw(Drawing* const drawing)
{
  static const uint8_t outs[] = {CV_TO_AUDIO_OUT};

  const DrawSignal in    = {CV_TO_AUDIO_IN, DRAW_RAMP, -10.0f, 10.0f, 0.0};
  const DrawTrace  trace = {
     .outs = outs, .n_outs = 1, .signals = &in, .low = -2.0f, .high = 2.0f};
  draw_set(drawing, CV_TO_AUDIO_DC_BLOCK, 0.0);
  draw_transfer(drawing, &trace);
  draw_cursor(drawing, 0.5 + 0.05 * draw_value(drawing, CV_TO_AUDIO_IN));
}

static const View view = {.draw      = draw,
                          .watched   = watched,
                          .n_watched = sizeof(watched)};

const Plugin plugin = {
  .uri          = CV_TO_AUDIO_URI,
  .ports        = cv_to_audio_ports,
  .n_ports      = CV_TO_AUDIO_N_PORTS,
  .state_size   = state_size,
  .init         = init,
  .reset        = reset,
  .set_controls = set_controls,
  .run          = run,
  .view         = &view,
};
