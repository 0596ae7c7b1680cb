// SPDX-License-Identifier: ISC

#include "chance_ports.h"
#include "plugin.h"

#include "display/drawing.h"
#include "signal/gate_in.h"
#include "timing/chance.h"

#include <assert.h>

static_assert((int)CHANCE_MODE_TOSS == (int)CHANCE_TOSS, "as in the Turtle");
static_assert((int)CHANCE_MODE_TOGGLE == (int)CHANCE_TOGGLE, "as in the Turtle");
static_assert((int)CHANCE_MODE_HOLD == (int)CHANCE_HOLD, "as in the Turtle");
static_assert((int)CHANCE_DICE_BY_SONG_PLACE == (int)STEPS_BY_SONG_PLACE,
              "as in the Turtle");
static_assert((int)CHANCE_SONG_STEP_1_32_TRIPLET == (int)N_SONG_NOTES - 1,
              "as in the Turtle");

#define FULL_PERCENT 100.0

static void
init(void* const state, const double sample_rate)
{
  chance_init(state, sample_rate);
}

static void
reset(void* const state)
{
  chance_reset(state);
}

static void
set_controls(void* const state, const Ports* const ports)
{
  const ChanceKnobs knobs = {.mode = (ChanceMode)choice(ports, CHANCE_MODE),
                             .chance =
                               (double)control(ports, CHANCE_CHANCE) / FULL_PERCENT,
                             .amount = (double)control(ports, CHANCE_CHANCE_AMOUNT),
                             .seed   = (uint32_t)choice(ports, CHANCE_SEED),
                             .dice   = (StepsDice)choice(ports, CHANCE_DICE),
                             .note   = (uint32_t)choice(ports, CHANCE_SONG_STEP)};

  chance_set(state, &knobs);
}

static void
transport(void* const state, const Transport* const transport)
{
  chance_transport(state, transport);
}

static void
run(void* const state, const Ports* const ports, const uint32_t n_frames)
{
  const ChanceInputs in = {connected_in(ports, CHANCE_IN),
                           connected_in(ports, CHANCE_CHANCE_CV),
                           gate_frames(signal_in(ports, CHANCE_RESET))};

  chance_process(
    state, &in, signal_out(ports, CHANCE_A), signal_out(ports, CHANCE_B), n_frames);
}

static size_t
state_size(const double sample_rate)
{
  (void)sample_rate;
  return sizeof(Chance);
}

/// Parts that go on in another layout
static const Carried carried[] = {
  CARRY_ALL("chance", Chance),
};

// ---- Picture

static const uint8_t watched[] = {CHANCE_CHANCE_CV};

#define SHOWN_TRIGGERS 16

/// Draw where triggers go: up to A, down to B
static void
draw(Drawing* const drawing)
{
  static const uint8_t outs[] = {CHANCE_A, CHANCE_B};

  const DrawSteps steps = {.clock   = CHANCE_IN,
                           .outs    = outs,
                           .n_outs  = 2,
                           .n_steps = SHOWN_TRIGGERS,
                           .is_peak = true};
  float           levels[2 * SHOWN_TRIGGERS];
  draw_find_steps(drawing, &steps, levels);
  for (uint32_t s = 0; s < SHOWN_TRIGGERS; ++s) {
    levels[s] = 0.5f + 0.045f * (levels[s] - levels[SHOWN_TRIGGERS + s]);
  }
  draw_bars(drawing, levels, SHOWN_TRIGGERS, 0.5f, -1);
  draw_number(drawing, draw_value(drawing, CHANCE_CHANCE), "%");
}

static const View view = {.draw      = draw,
                          .watched   = watched,
                          .n_watched = sizeof(watched)};

const Plugin plugin = {
  .uri          = CHANCE_URI,
  .ports        = chance_ports,
  .n_ports      = CHANCE_N_PORTS,
  .state_size   = state_size,
  .init         = init,
  .reset        = reset,
  .set_controls = set_controls,
  .run          = run,
  .transport    = transport,
  CARRIED(carried),
  .view = &view,
};
