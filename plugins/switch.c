// SPDX-License-Identifier: ISC

#include "plugin.h"
#include "switch_ports.h"

#include "display/drawing.h"
#include "signal/gate_in.h"
#include "timing/switcher.h"

#include <assert.h>

static_assert((int)SWITCH_DIRECTION_FORWARD == (int)ORDER_FORWARD, "as in the Turtle");
static_assert((int)SWITCH_DIRECTION_PENDULUM == (int)ORDER_PENDULUM,
              "as in the Turtle");
static_assert((int)SWITCH_DIRECTION_WALK == (int)ORDER_WALKING, "as in the Turtle");
static_assert((int)SWITCH_FOLLOW_CABLE == (int)STEPS_CABLE, "as in the Turtle");
static_assert((int)SWITCH_FOLLOW_SONG == (int)STEPS_SONG, "as in the Turtle");
static_assert((int)SWITCH_SONG_STEP_1_32_TRIPLET == (int)N_SONG_NOTES - 1,
              "as in the Turtle");
static_assert((int)SWITCH_RESET_MODE_AT_ONCE == (int)STEPPER_AT_ONCE,
              "as in the Turtle");
static_assert((int)SWITCH_DICE_BY_SONG_PLACE == (int)STEPS_BY_SONG_PLACE,
              "as in the Turtle");

static void
reset(void* const state)
{
  switcher_reset(state);
}

static void
init(void* const state, const double sample_rate)
{
  switcher_init(state, sample_rate);
}

static void
set_controls(void* const state, const Ports* const ports)
{
  const StepsSettings steps = {.follow = (StepsFollow)choice(ports, SWITCH_FOLLOW),
                               .note   = (uint32_t)choice(ports, SWITCH_SONG_STEP),
                               .reset_mode =
                                 (StepperResetMode)choice(ports, SWITCH_RESET_MODE)};
  const SwitcherKnobs knobs = {.n_ways = (uint32_t)choice(ports, SWITCH_STEPS),
                               .order  = (OrderWay)choice(ports, SWITCH_DIRECTION),
                               .select_amount = control(ports, SWITCH_SELECT_AMOUNT),
                               .fade_s = (double)control(ports, SWITCH_FADE) * 1e-3,
                               .holds =
                                 choice(ports, SWITCH_OTHERS) == SWITCH_OTHERS_HOLD,
                               .seed  = (uint32_t)choice(ports, SWITCH_SEED),
                               .dice  = (StepsDice)choice(ports, SWITCH_DICE),
                               .steps = steps};

  switcher_set(state, &knobs);
}

static void
transport(void* const state, const Transport* const transport)
{
  switcher_transport(state, transport);
}

static void
run(void* const state, const Ports* const ports, const uint32_t n_frames)
{
  const SwitcherInputs  in  = {.clock    = gate_frames(signal_in(ports, SWITCH_CLOCK)),
                               .reset    = gate_frames(signal_in(ports, SWITCH_RESET)),
                               .select_v = signal_in(ports, SWITCH_SELECT),
                               .from     = {signal_in(ports, SWITCH_IN_1).frame,
                                            signal_in(ports, SWITCH_IN_2).frame,
                                            signal_in(ports, SWITCH_IN_3).frame,
                                            signal_in(ports, SWITCH_IN_4).frame},
                               .in       = signal_in(ports, SWITCH_IN).frame};
  const SwitcherOutputs out = {signal_out(ports, SWITCH_OUT),
                               {signal_out(ports, SWITCH_OUT_1),
                                signal_out(ports, SWITCH_OUT_2),
                                signal_out(ports, SWITCH_OUT_3),
                                signal_out(ports, SWITCH_OUT_4)}};

  switcher_process(state, &in, &out, n_frames);
}

static size_t
state_size(const double sample_rate)
{
  (void)sample_rate;
  return sizeof(Switcher);
}

/// Parts that go on in another layout
static const Carried carried[] = {
  CARRY("steps", Switcher, steps, Steps),
  CARRY("is_placed", Switcher, is_placed, bool),
  CARRY("place", Switcher, place, uint32_t),
  CARRY("chosen", Switcher, chosen, uint32_t),
  CARRY("n_fade", Switcher, n_fade, uint32_t),
  CARRY("n_left", Switcher, n_left, uint32_t),
  CARRY("first", Switcher, first, float),
  CARRY("share", Switcher, share, float),
  CARRY("rest", Switcher, rest, float),
  CARRY("last", Switcher, last, float),
  CARRY_ALL("switcher", Switcher),
};

// ---- Picture

/// Write which way it stands at
static void
watch(const void* const state, float* const figures)
{
  const Switcher* const self = state;

  figures[0] = (float)self->chosen;
}

static void
draw(Drawing* const drawing)
{
  static const float bars[SWITCHER_WAYS] = {0.6f, 0.6f, 0.6f, 0.6f};

  const int chosen = (int)draw_figure(drawing, 0);
  draw_bars(drawing, bars, (uint32_t)draw_value(drawing, SWITCH_STEPS), 0.4f, chosen);
  draw_number(drawing, chosen + 1, "");
}

static const View view = {.draw = draw, .watch = watch};

const Plugin plugin = {
  .uri          = SWITCH_URI,
  .ports        = switch_ports,
  .n_ports      = SWITCH_N_PORTS,
  .state_size   = state_size,
  .init         = init,
  .reset        = reset,
  .set_controls = set_controls,
  .run          = run,
  .transport    = transport,
  CARRIED(carried),
  .view = &view,
};
