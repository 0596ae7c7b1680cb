// SPDX-License-Identifier: ISC

#include "noise_ports.h"
#include "plugin.h"

#include "display/drawing.h"
#include "osc/noise.h"
#include "signal/gain.h"
#include "signal/knob.h"

#include <assert.h>

static_assert((int)NOISE_COLOUR_WHITE == (int)WHITE_NOISE, "as in the Turtle");
static_assert((int)NOISE_COLOUR_PINK == (int)PINK_NOISE, "as in the Turtle");
static_assert((int)NOISE_COLOUR_BROWN == (int)BROWN_NOISE, "as in the Turtle");
static_assert((int)NOISE_COLOUR_BLUE == (int)BLUE_NOISE, "as in the Turtle");
static_assert((int)NOISE_COLOUR_VIOLET == (int)VIOLET_NOISE, "as in the Turtle");
static_assert((int)NOISE_DISTRIBUTION_UNIFORM == (int)UNIFORM_NOISE,
              "as in the Turtle");
static_assert((int)NOISE_DISTRIBUTION_GAUSSIAN == (int)GAUSSIAN_NOISE,
              "as in the Turtle");

#define N_NOISES (2U * N_NOISE_COLOURS)

/// Each output has noises of its own, so that it does not matter which ones are heard
typedef struct {
  Noise    main[N_NOISE_COLOURS]; ///< Of the main output, which takes one of them
  Noise    noise[N_NOISE_COLOURS];
  Knob     level;
  uint32_t colour; ///< Of the main output
  uint32_t seed;
} NoiseSource;

/// Start all noises, each with other numbers
static void
start(NoiseSource* const self, const uint32_t seed)
{
  for (uint32_t c = 0; c < N_NOISE_COLOURS; ++c) {
    noise_seed(&self->main[c], seed * N_NOISES + c);
    noise_seed(&self->noise[c], seed * N_NOISES + N_NOISE_COLOURS + c);
  }
  self->seed = seed;
}

static void
reset(void* const state)
{
  NoiseSource* const self = state;

  start(self, 0);
  knob_reset(&self->level);
}

static void
init(void* const state, const double sample_rate)
{
  NoiseSource* const self = state;

  for (uint32_t c = 0; c < N_NOISE_COLOURS; ++c) {
    noise_init(&self->main[c], (NoiseColour)c, sample_rate);
    noise_init(&self->noise[c], (NoiseColour)c, sample_rate);
  }
  start(self, 0);
  knob_init(&self->level, sample_rate, KNOB_GLIDE_S);
}

static void
set_controls(void* const state, const Ports* const ports)
{
  NoiseSource* const self         = state;
  const uint32_t     seed         = (uint32_t)choice(ports, NOISE_SEED);
  const int          distribution = choice(ports, NOISE_DISTRIBUTION);

  if (seed != self->seed) {
    start(self, seed);
  }
  for (uint32_t c = 0; c < N_NOISE_COLOURS; ++c) {
    noise_set_distribution(&self->main[c], (NoiseDistribution)distribution);
    noise_set_distribution(&self->noise[c], (NoiseDistribution)distribution);
  }
  self->colour = (uint32_t)choice(ports, NOISE_COLOUR);
  knob_set(&self->level, gain_of_level((double)control(ports, NOISE_LEVEL)));
}

/// Write the next frames of a noise to an output, if that is heard
static void
play(Noise* const       noise,
     const Knob* const  level,
     const Ports* const ports,
     const uint32_t     output,
     const uint32_t     n_frames)
{
  float* const out = connected_out(ports, output);

  if (out) {
    noise_process(noise, out, n_frames);
    if (!knob_rests_at(level, 1.0f)) {
      gain_scale(level->value, out, n_frames);
    }
  }
}

static void
run(void* const state, const Ports* const ports, const uint32_t n_frames)
{
  static const uint32_t outputs[N_NOISE_COLOURS] = {[WHITE_NOISE]  = NOISE_WHITE,
                                                    [PINK_NOISE]   = NOISE_PINK,
                                                    [BROWN_NOISE]  = NOISE_BROWN,
                                                    [BLUE_NOISE]   = NOISE_BLUE,
                                                    [VIOLET_NOISE] = NOISE_VIOLET};

  NoiseSource* const self = state;

  knob_process(&self->level, n_frames);
  play(&self->main[self->colour], &self->level, ports, NOISE_OUT, n_frames);
  for (uint32_t c = 0; c < N_NOISE_COLOURS; ++c) {
    play(&self->noise[c], &self->level, ports, outputs[c], n_frames);
  }
}

static size_t
state_size(const double sample_rate)
{
  (void)sample_rate;
  return sizeof(NoiseSource);
}

// ---- Picture

#define SHOWN_S 0.01

static void
draw(Drawing* const drawing)
{
  static const uint8_t outs[] = {NOISE_OUT};

  const DrawTrace trace = {
    .outs = outs, .n_outs = 1, .length_s = SHOWN_S, .low = -1.0f, .high = 1.0f};
  draw_trace(drawing, &trace);
}

static const View view = {.draw = draw};

const Plugin plugin = {
  .uri          = NOISE_URI,
  .ports        = noise_ports,
  .n_ports      = NOISE_N_PORTS,
  .forms        = noise_forms,
  .n_forms      = NOISE_N_FORMS,
  .state_size   = state_size,
  .init         = init,
  .reset        = reset,
  .set_controls = set_controls,
  .run          = run,
  .view         = &view,
};
