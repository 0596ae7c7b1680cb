// SPDX-License-Identifier: ISC

#include "plugin.h"
#include "svf_ports.h"

#include "display/drawing.h"
#include "filter/resonant_svf.h"
#include "level/effect_out.h"
#include "math/fast_math.h"
#include "shaper/align.h"
#include "signal/gain.h"
#include "signal/modulate.h"

#include <assert.h>
#include <math.h>

static_assert((int)SVF_RESPONSE_LOW_PASS == (int)RESONANT_SVF_LOW_PASS,
              "as in the Turtle");
static_assert((int)SVF_RESPONSE_BAND_PASS == (int)RESONANT_SVF_BAND_PASS,
              "as in the Turtle");
static_assert((int)SVF_RESPONSE_HIGH_PASS == (int)RESONANT_SVF_HIGH_PASS,
              "as in the Turtle");
static_assert((int)SVF_RESPONSE_NOTCH == (int)RESONANT_SVF_NOTCH, "as in the Turtle");

#define RESONANCE_PER_VOLT 15.0 ///< In percent: 10 V go over the whole range
#define DRIVE_OCT_PER_DB 0.166096404744368

enum {
  FREQUENCY,
  FREQUENCY_AMOUNT,
  RESONANCE,
  RESONANCE_AMOUNT,
  DRIVE,
  DRIVE_AMOUNT,
  LEVEL,
  SHARE, ///< Of the filter in the output: 0 when off, 1 when on
  N_KNOBS
};

static const uint32_t out_ports[RESONANT_SVF_N_OUTS] = {
  [RESONANT_SVF_LOW_PASS]  = SVF_LOW,
  [RESONANT_SVF_BAND_PASS] = SVF_BAND,
  [RESONANT_SVF_HIGH_PASS] = SVF_HIGH,
  [RESONANT_SVF_NOTCH]     = SVF_NOTCH};

typedef struct {
  Knob        knob[N_KNOBS];
  ResonantSvf svf;
  Align       dry;
} Filter;

static void
reset(void* const state)
{
  Filter* const self = state;

  knobs_reset(self->knob, N_KNOBS);
  resonant_svf_reset(&self->svf);
  align_reset(&self->dry);
}

static void
init(void* const state, const double sample_rate)
{
  Filter* const self = state;

  knobs_init(self->knob, N_KNOBS, sample_rate, KNOB_GLIDE_S);
  resonant_svf_init(&self->svf, sample_rate);
  align_reset(&self->dry);
}

static void
set_controls(void* const state, const Ports* const ports)
{
  Filter* const self = state;
  Knob* const   knob = self->knob;

  knob_set(&knob[FREQUENCY],
           log2((double)control(ports, SVF_FREQUENCY)) +
             (double)control(ports, SVF_SHIFT));
  knob_set(&knob[FREQUENCY_AMOUNT], (double)control(ports, SVF_FREQUENCY_AMOUNT));
  knob_set(&knob[RESONANCE], (double)control(ports, SVF_RESONANCE));
  knob_set(&knob[RESONANCE_AMOUNT], (double)control(ports, SVF_RESONANCE_AMOUNT));
  knob_set(&knob[DRIVE], DRIVE_OCT_PER_DB * (double)control(ports, SVF_DRIVE));
  knob_set(&knob[DRIVE_AMOUNT], (double)control(ports, SVF_DRIVE_AMOUNT));
  knob_set(&knob[LEVEL], gain_of_level((double)control(ports, SVF_LEVEL)));
  knob_set(&knob[SHARE], (double)choice(ports, SVF_ENABLED));
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
  static const Range any_pitch       = {-60.0, 60.0};
  static const Range resonance_range = {0.0, 150.0};
  static const Range drive_range = {-24.0 * DRIVE_OCT_PER_DB, 12.0 * DRIVE_OCT_PER_DB};

  double            pitch_oct[BLOCK_FRAMES];
  double            k[BLOCK_FRAMES];
  double            drive[BLOCK_FRAMES];
  const Knob* const knob              = self->knob;
  const bool        pitch_is_constant = modulate(&knob[FREQUENCY],
                                          &knob[FREQUENCY_AMOUNT],
                                          signal_in(ports, SVF_FREQUENCY_CV),
                                          1.0,
                                          any_pitch,
                                          pitch_oct,
                                          n_frames);
  const bool        k_is_constant     = modulate(&knob[RESONANCE],
                                      &knob[RESONANCE_AMOUNT],
                                      signal_in(ports, SVF_RESONANCE_CV),
                                      RESONANCE_PER_VOLT,
                                      resonance_range,
                                      k,
                                      n_frames);
  modulate(&knob[DRIVE],
           &knob[DRIVE_AMOUNT],
           signal_in(ports, SVF_DRIVE_CV),
           1.0,
           drive_range,
           drive,
           n_frames);
  for (uint32_t i = 0; i < n_frames; ++i) {
    k[i]     = damping(k[i]);
    drive[i] = fast_exp2(drive[i]);
  }

  const ResonantSvfInputs inputs = {in.frame,
                                    pitch_oct,
                                    k,
                                    drive,
                                    pitch_is_constant && k_is_constant,
                                    in.is_constant && in.frame[0] == 0.0f};
  resonant_svf_process(&self->svf, &inputs, outs, n_frames);
}

static void
run(void* const state, const Ports* const ports, const uint32_t n_frames)
{
  Filter* const self = state;
  const Signal  in   = signal_in(ports, SVF_IN);

  float dry[BLOCK_FRAMES];
  knobs_process(self->knob, N_KNOBS, n_frames);
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
