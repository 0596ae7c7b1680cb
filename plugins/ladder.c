// SPDX-License-Identifier: ISC

#include "filter_knobs.h"
#include "ladder_ports.h"
#include "plugin.h"

#include "display/drawing.h"
#include "filter/ladder.h"
#include "level/effect_out.h"
#include "shaper/align.h"

#include <assert.h>

static_assert((int)LADDER_RESPONSE_LOW_PASS_24 == (int)LADDER_LOW_PASS_24, "");
static_assert((int)LADDER_RESPONSE_LOW_PASS_18 == (int)LADDER_LOW_PASS_18, "");
static_assert((int)LADDER_RESPONSE_LOW_PASS_12 == (int)LADDER_LOW_PASS_12, "");
static_assert((int)LADDER_RESPONSE_LOW_PASS_6 == (int)LADDER_LOW_PASS_6, "");
static_assert((int)LADDER_RESPONSE_BAND_PASS_12 == (int)LADDER_BAND_PASS_12, "");
static_assert((int)LADDER_RESPONSE_BAND_PASS_6 == (int)LADDER_BAND_PASS_6, "");
static_assert((int)LADDER_RESPONSE_HIGH_PASS_24 == (int)LADDER_HIGH_PASS_24, "");
static_assert((int)LADDER_RESPONSE_HIGH_PASS_12 == (int)LADDER_HIGH_PASS_12, "");

#define K_PER_PERCENT 0.04 ///< 100 % is where the ladder starts to oscillate
#define N_OUTS 4U

static const FilterPorts indices = {.frequency        = LADDER_FREQUENCY,
                                    .shift            = LADDER_SHIFT,
                                    .frequency_amount = LADDER_FREQUENCY_AMOUNT,
                                    .frequency_cv     = LADDER_FREQUENCY_CV,
                                    .resonance        = LADDER_RESONANCE,
                                    .resonance_amount = LADDER_RESONANCE_AMOUNT,
                                    .resonance_cv     = LADDER_RESONANCE_CV,
                                    .drive            = LADDER_DRIVE,
                                    .drive_amount     = LADDER_DRIVE_AMOUNT,
                                    .drive_cv         = LADDER_DRIVE_CV,
                                    .level            = LADDER_LEVEL,
                                    .enabled          = LADDER_ENABLED};

enum { COMPENSATION = N_FILTER_KNOBS, N_KNOBS };

/// The outputs that have one response, behind the one that has a choice
static const struct {
  uint32_t       port;
  LadderResponse response;
} fixed_outs[N_OUTS - 1U] = {{LADDER_LOW_12, LADDER_LOW_PASS_12},
                             {LADDER_BAND_12, LADDER_BAND_PASS_12},
                             {LADDER_HIGH_24, LADDER_HIGH_PASS_24}};

typedef struct {
  Knob   knob[N_KNOBS];
  Ladder ladder;
  Align  dry;
} Filter;

static void
reset(void* const state)
{
  Filter* const self = state;

  knobs_reset(self->knob, N_KNOBS);
  ladder_reset(&self->ladder);
  align_reset(&self->dry);
}

static void
init(void* const state, const double sample_rate)
{
  Filter* const self = state;

  knobs_init(self->knob, N_KNOBS, sample_rate, KNOB_GLIDE_S);
  ladder_init(&self->ladder, sample_rate);
  align_reset(&self->dry);
}

static void
set_controls(void* const state, const Ports* const ports)
{
  Filter* const self = state;

  filter_knobs_set(self->knob, &indices, ports);
  knob_set(&self->knob[COMPENSATION],
           0.01 * (double)control(ports, LADDER_COMPENSATION));

  ladder_set_response(&self->ladder, 0, (LadderResponse)choice(ports, LADDER_RESPONSE));
  for (uint32_t o = 0; o + 1U < N_OUTS; ++o) {
    ladder_set_response(&self->ladder, o + 1U, fixed_outs[o].response);
  }
}

/// Filter as knobs and CVs say
static void
filter(Filter* const      self,
       const Ports* const ports,
       const Signal       in,
       float* const*      outs,
       const uint32_t     n_frames)
{
  FilterFrames frames;
  filter_knobs_find(self->knob, &indices, ports, &frames, n_frames);
  double* const k = frames.resonance;
  for (uint32_t i = 0; i < n_frames; ++i) {
    const double compensation = (double)self->knob[COMPENSATION].value[i];
    k[i] *= K_PER_PERCENT;
    frames.drive[i] = ladder_drive(frames.drive[i], compensation, k[i]);
  }

  const LadderInputs inputs = {in.frame,
                               frames.pitch_oct,
                               k,
                               frames.drive,
                               frames.is_steady,
                               in.is_constant && in.frame[0] == 0.0f};
  ladder_process(&self->ladder, &inputs, outs, N_OUTS, n_frames);
}

static void
run(void* const state, const Ports* const ports, const uint32_t n_frames)
{
  Filter* const self = state;
  const Signal  in   = signal_in(ports, LADDER_IN);

  float dry[BLOCK_FRAMES];
  knobs_process(self->knob, N_KNOBS, n_frames);
  align_process(&self->dry, ladder_latency(&self->ladder), in.frame, dry, n_frames);

  float* outs[N_OUTS] = {connected_out(ports, LADDER_OUT)};
  for (uint32_t o = 1; o < N_OUTS; ++o) {
    const uint32_t index = fixed_outs[o - 1U].port;
    outs[o]              = connected_out(ports, index);
  }
  filter(self, ports, in, outs, n_frames);
  for (uint32_t o = 0; o < N_OUTS; ++o) {
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
  CARRY("ladder", Filter, ladder, Ladder),
  CARRY("dry", Filter, dry, Align),
};

// ---- Picture

static const uint8_t watched[] = {LADDER_FREQUENCY_CV,
                                  LADDER_RESONANCE_CV,
                                  LADDER_DRIVE_CV};

static void
draw(Drawing* const drawing)
{
  static const uint8_t outs[] = {LADDER_OUT};

  const double octaves =
    draw_value(drawing, LADDER_SHIFT) + draw_value(drawing, LADDER_FREQUENCY_AMOUNT) *
                                          draw_value(drawing, LADDER_FREQUENCY_CV);
  draw_response(drawing, LADDER_IN, outs, 1);
  draw_number(drawing, draw_value(drawing, LADDER_FREQUENCY) * exp2(octaves), "Hz");
}

static const View view = {.draw      = draw,
                          .watched   = watched,
                          .n_watched = sizeof(watched)};

const Plugin plugin = {
  .uri          = LADDER_URI,
  .ports        = ladder_ports,
  .n_ports      = LADDER_N_PORTS,
  .forms        = ladder_forms,
  .n_forms      = LADDER_N_FORMS,
  .state_size   = state_size,
  .init         = init,
  .reset        = reset,
  .set_controls = set_controls,
  .run          = run,
  CARRIED(carried),
  .view = &view,
};
