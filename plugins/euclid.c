// SPDX-License-Identifier: ISC

#include "euclid_ports.h"
#include "plugin.h"

#include "display/drawing.h"
#include "signal/gate_in.h"
#include "timing/euclid.h"

#include <assert.h>
#include <math.h>

#define FULL_PERCENT 100.0f

static_assert((int)EUCLID_ORDER_TEXTBOOK == (int)EUCLID_TEXTBOOK, "as in the Turtle");
static_assert((int)EUCLID_ORDER_EVEN == (int)EUCLID_EVEN, "as in the Turtle");
static_assert((int)EUCLID_FOLLOW_SONG == (int)STEPS_SONG, "as in the Turtle");
static_assert((int)EUCLID_SONG_STEP_1_32_TRIPLET == (int)N_SONG_NOTES - 1,
              "as in the Turtle");
static_assert((int)EUCLID_RESET_MODE_AT_ONCE == (int)STEPPER_AT_ONCE,
              "as in the Turtle");
static_assert((int)EUCLID_DICE_BY_SONG_PLACE == (int)STEPS_BY_SONG_PLACE,
              "as in the Turtle");

static void
init(void* const state, const double sample_rate)
{
  euclid_init(state, sample_rate);
}

static void
reset(void* const state)
{
  euclid_reset(state);
}

static void
set_controls(void* const state, const Ports* const ports)
{
  const float       gate_length = control(ports, EUCLID_GATE_LENGTH) / FULL_PERCENT;
  const EuclidKnobs knobs       = {
          .n_steps       = (uint32_t)choice(ports, EUCLID_STEPS),
          .n_hits        = (uint32_t)choice(ports, EUCLID_FILL),
          .rotate        = (uint32_t)choice(ports, EUCLID_ROTATE),
          .n_accents     = (uint32_t)choice(ports, EUCLID_ACCENTS),
          .accent_rotate = (uint32_t)choice(ports, EUCLID_ACCENT_ROTATE),
          .chance        = control(ports, EUCLID_CHANCE) / FULL_PERCENT,
          .gate_parts    = (uint32_t)lroundf(gate_length * (float)STEPS_PARTS),
          .order         = (EuclidOrder)choice(ports, EUCLID_ORDER),
          .seed          = (uint32_t)choice(ports, EUCLID_SEED),
          .dice          = (StepsDice)choice(ports, EUCLID_DICE),
          .steps         = {(StepsFollow)choice(ports, EUCLID_FOLLOW),
                            (uint32_t)choice(ports, EUCLID_SONG_STEP),
                            (StepperResetMode)choice(ports, EUCLID_RESET_MODE)}};

  euclid_set(state, &knobs);
}

static void
transport(void* const state, const Transport* const transport)
{
  euclid_transport(state, transport);
}

static void
run(void* const state, const Ports* const ports, const uint32_t n_frames)
{
  const EuclidInputs  in  = {.clock   = gate_frames(signal_in(ports, EUCLID_CLOCK)),
                             .reset   = gate_frames(signal_in(ports, EUCLID_RESET)),
                             .n_hits  = connected_in(ports, EUCLID_FILL_CV),
                             .rotate  = connected_in(ports, EUCLID_ROTATE_CV),
                             .n_steps = connected_in(ports, EUCLID_STEPS_CV)};
  const EuclidOutputs out = {.trigger = signal_out(ports, EUCLID_TRIGGER),
                             .gate    = signal_out(ports, EUCLID_GATE),
                             .accent  = signal_out(ports, EUCLID_ACCENT),
                             .off     = signal_out(ports, EUCLID_OFF),
                             .end     = signal_out(ports, EUCLID_END)};

  euclid_process(state, &in, &out, n_frames);
}

static size_t
state_size(const double sample_rate)
{
  (void)sample_rate;
  return sizeof(Euclid);
}

/// Parts that go on in another layout
static const Carried carried[] = {
  CARRY("steps", Euclid, steps, Steps),
  CARRY("place", Euclid, place, uint32_t),
  CARRY("waits", Euclid, waits, bool),
  CARRY("is_high", Euclid, is_high, bool),
  CARRY("hit", Euclid, hit, GateOut),
  CARRY("accent", Euclid, accent, GateOut),
  CARRY("off", Euclid, off, GateOut),
  CARRY("end", Euclid, end, GateOut),
  CARRY_ALL("euclid", Euclid),
};

// ---- Picture

#define OFF_HEIGHT 0.08f
#define HIT_HEIGHT 0.65f

static const uint8_t watched[] = {EUCLID_FILL_CV, EUCLID_ROTATE_CV, EUCLID_STEPS_CV};

/// Write which step was played last, or -1
static void
watch(const void* const state, float* const figures)
{
  const Euclid* const self = state;

  figures[0] = self->waits ? -1.0f : (float)self->place;
}

static void
draw(Drawing* const drawing)
{
  static const uint8_t outs[] = {EUCLID_GATE, EUCLID_ACCENT};

  const double more =
    draw_value(drawing, EUCLID_STEPS_CV) / (double)EUCLID_FULL_V * EUCLID_MAX_STEPS;
  const double    n       = fmax(draw_value(drawing, EUCLID_STEPS) + round(more), 1.0);
  const uint32_t  n_steps = (uint32_t)fmin(n, EUCLID_MAX_STEPS);
  const DrawSteps steps   = {.clock   = EUCLID_CLOCK,
                             .outs    = outs,
                             .n_outs  = 2,
                             .n_steps = n_steps,
                             .is_peak = true};
  float           levels[2U * EUCLID_MAX_STEPS];
  draw_set(drawing, EUCLID_FOLLOW, EUCLID_FOLLOW_CABLE);
  draw_find_steps(drawing, &steps, levels);
  for (uint32_t s = 0; s < n_steps; ++s) {
    const bool is_accent = levels[n_steps + s] > 0.0f;
    levels[s] = levels[s] > 0.0f ? is_accent ? 1.0f : HIT_HEIGHT : OFF_HEIGHT;
  }
  draw_bars(drawing, levels, n_steps, 0.0f, (int)draw_figure(drawing, 0));
}

static const View view = {.draw      = draw,
                          .watched   = watched,
                          .n_watched = sizeof(watched),
                          .watch     = watch};

const Plugin plugin = {
  .uri          = EUCLID_URI,
  .ports        = euclid_ports,
  .n_ports      = EUCLID_N_PORTS,
  .state_size   = state_size,
  .init         = init,
  .reset        = reset,
  .set_controls = set_controls,
  .run          = run,
  .transport    = transport,
  CARRIED(carried),
  .view = &view,
};
