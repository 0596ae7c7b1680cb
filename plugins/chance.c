// SPDX-License-Identifier: ISC

#include "chance_ports.h"
#include "plugin.h"

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
};
