// SPDX-License-Identifier: ISC

#include "filter_knobs.h"
#include "plugin.h"
#include "svf_ports.h"

#include "display/drawing.h"
#include "filter/resonant_svf.h"
#include "level/effect_out.h"
#include "shaper/align.h"

#include <assert.h>

static_assert((int)SVF_RESPONSE_LOW_PASS == (int)RESONANT_SVF_LOW_PASS,
              "as in the Turtle");
static_assert((int)SVF_RESPONSE_BAND_PASS == (int)RESONANT_SVF_BAND_PASS,
              "as in the Turtle");
static_assert((int)SVF_RESPONSE_HIGH_PASS == (int)RESONANT_SVF_HIGH_PASS,
              "as in the Turtle");
static_assert((int)SVF_RESPONSE_NOTCH == (int)RESONANT_SVF_NOTCH, "as in the Turtle");

static const FilterPorts indices = {.frequency        = SVF_FREQUENCY,
                                    .shift            = SVF_SHIFT,
                                    .frequency_amount = SVF_FREQUENCY_AMOUNT,
                                    .frequency_cv     = SVF_FREQUENCY_CV,
                                    .resonance        = SVF_RESONANCE,
                                    .resonance_amount = SVF_RESONANCE_AMOUNT,
                                    .resonance_cv     = SVF_RESONANCE_CV,
                                    .drive            = SVF_DRIVE,
                                    .drive_amount     = SVF_DRIVE_AMOUNT,
                                    .drive_cv         = SVF_DRIVE_CV,
                                    .level            = SVF_LEVEL,
                                    .enabled          = SVF_ENABLED};

static const uint32_t out_ports[RESONANT_SVF_N_OUTS] = {
  [RESONANT_SVF_LOW_PASS]  = SVF_LOW,
  [RESONANT_SVF_BAND_PASS] = SVF_BAND,
  [RESONANT_SVF_HIGH_PASS] = SVF_HIGH,
  [RESONANT_SVF_NOTCH]     = SVF_NOTCH};

typedef struct {
  Knob        knob[N_FILTER_KNOBS];
  ResonantSvf svf;
  Align       dry;
} Filter;

static void
reset(void* const state)
{
  Filter* const self = state;

  knobs_reset(self->knob, N_FILTER_KNOBS);
  resonant_svf_reset(&self->svf);
  align_reset(&self->dry);
}

static void
init(void* const state, const double sample_rate)
{
  Filter* const self = state;

  knobs_init(self->knob, N_FILTER_KNOBS, sample_rate, KNOB_GLIDE_S);
  resonant_svf_init(&self->svf, sample_rate);
  align_reset(&self->dry);
}

static void
set_controls(void* const state, const Ports* const ports)
{
  Filter* const self = state;

  filter_knobs_set(self->knob, &indices, ports);
}

/**
   Return the damping of a resonance in percent.

   From 2 at 0 % to 0 at 100 %, where the filter starts to oscillate, and on to the
   loudest oscillation at 150 %.
*/
static inline double
damping(const double resonance)
{
  return resonance < 100.0 ? RESONANT_SVF_MAX_K * (1.0 - 0.01 * resonance)
                           : RESONANT_SVF_MIN_K * (0.02 * resonance - 2.0);
}

/// Filter as knobs and CVs say
static void
filter(Filter* const      self,
       const Ports* const ports,
       const Signal       in,
       float* const       outs[RESONANT_SVF_N_OUTS],
       const uint32_t     n_frames)
{
  FilterFrames frames;
  filter_knobs_find(self->knob, &indices, ports, &frames, n_frames);
  double* const k = frames.resonance;
  for (uint32_t i = 0; i < n_frames; ++i) {
    k[i] = damping(k[i]);
  }

  const ResonantSvfInputs inputs = {in.frame,
                                    frames.pitch_oct,
                                    k,
                                    frames.drive,
                                    frames.is_steady,
                                    in.is_constant && in.frame[0] == 0.0f};
  resonant_svf_process(&self->svf, &inputs, outs, n_frames);
}

static void
run(void* const state, const Ports* const ports, const uint32_t n_frames)
{
  Filter* const self = state;
  const Signal  in   = signal_in(ports, SVF_IN);

  float dry[BLOCK_FRAMES];
  knobs_process(self->knob, N_FILTER_KNOBS, n_frames);
  align_process(&self->dry, resonant_svf_latency(&self->svf), in.frame, dry, n_frames);

  float* outs[RESONANT_SVF_N_OUTS];
  for (uint32_t o = 0; o < RESONANT_SVF_N_OUTS; ++o) {
    outs[o] = connected_out(ports, out_ports[o]);
  }
  if (is_connected(ports, SVF_OUT)) { // The only output of the forms for tracks
    outs[choice(ports, SVF_RESPONSE)] = signal_out(ports, SVF_OUT);
  }
  filter(self, ports, in, outs, n_frames);
  for (uint32_t o = 0; o < RESONANT_SVF_N_OUTS; ++o) {
    if (outs[o]) {
      effect_out(&self->knob[LEVEL], &self->knob[SHARE], dry, outs[o], n_frames);
    }
  }
}

static size_t
state_size(const double sample_rate)
{
  (void)sample_rate;
  return sizeof(Filter);
}

/// Parts that go on in another layout
static const Carried carried[] = {
  CARRY("svf", Filter, svf, ResonantSvf),
  CARRY("dry", Filter, dry, Align),
};

// ---- Picture

static const uint8_t watched[] = {SVF_FREQUENCY_CV, SVF_RESONANCE_CV, SVF_DRIVE_CV};

/// Draw all four responses, above them the one that the forms for tracks have
static void
draw(Drawing* const drawing)
{
  const int     response                  = (int)draw_value(drawing, SVF_RESPONSE);
  const uint8_t chosen                    = (uint8_t)out_ports[response];
  uint8_t       outs[RESONANT_SVF_N_OUTS] = {chosen};
  uint32_t      n_outs                    = 1;
  for (uint32_t o = 0; o < RESONANT_SVF_N_OUTS; ++o) {
    if (out_ports[o] != chosen) {
      outs[n_outs++] = (uint8_t)out_ports[o];
    }
  }

  const double octaves =
    draw_value(drawing, SVF_SHIFT) +
    draw_value(drawing, SVF_FREQUENCY_AMOUNT) * draw_value(drawing, SVF_FREQUENCY_CV);
  draw_response(drawing, SVF_IN, outs, n_outs);
  draw_number(drawing, draw_value(drawing, SVF_FREQUENCY) * exp2(octaves), "Hz");
}

static const View view = {.draw      = draw,
                          .watched   = watched,
                          .n_watched = sizeof(watched)};

const Plugin plugin = {
  .uri          = SVF_URI,
  .ports        = svf_ports,
  .n_ports      = SVF_N_PORTS,
  .forms        = svf_forms,
  .n_forms      = SVF_N_FORMS,
  .state_size   = state_size,
  .init         = init,
  .reset        = reset,
  .set_controls = set_controls,
  .run          = run,
  CARRIED(carried),
  .view = &view,
};
