// SPDX-License-Identifier: ISC

#include "burst_ports.h"
#include "plugin.h"

#include "display/drawing.h"
#include "timing/burst.h"
#include "timing/clock_sync.h"

#include <assert.h>
#include <math.h>

#define FULL_PERCENT 100.0f

static_assert((int)BURST_PACE_RATE == (int)BURST_BY_RATE, "as in the Turtle");
static_assert((int)BURST_PACE_CLOCK == (int)BURST_BY_CLOCK, "as in the Turtle");
static_assert((int)BURST_RETRIGGER_START_AGAIN == (int)BURST_START_AGAIN,
              "as in the Turtle");
static_assert((int)BURST_RETRIGGER_IGNORE == (int)BURST_IGNORE, "as in the Turtle");
static_assert((int)BURST_RETRIGGER_ADD == (int)BURST_ADD, "as in the Turtle");
static_assert((int)BURST_RATIO_32 == (int)N_CLOCK_RATIOS - 1, "as in the Turtle");

static void
init(void* const state, const double sample_rate)
{
  burst_init(state, sample_rate);
}

static void
reset(void* const state)
{
  burst_reset(state);
}

static void
set_controls(void* const state, const Ports* const ports)
{
  const ClockRatio ratio = clock_sync_ratio((uint32_t)choice(ports, BURST_RATIO));
  const BurstKnobs knobs = {.n_pulses    = (uint32_t)choice(ports, BURST_COUNT),
                            .by          = (BurstBy)choice(ports, BURST_PACE),
                            .rate_hz     = (double)control(ports, BURST_RATE),
                            .rate_amount = (double)control(ports, BURST_RATE_AMOUNT),
                            .ratio       = (double)ratio.above / (double)ratio.below,
                            .bend        = (double)control(ports, BURST_BEND),
                            .fade        = control(ports, BURST_FADE),
                            .gate_length =
                              control(ports, BURST_GATE_LENGTH) / FULL_PERCENT,
                            .chance    = control(ports, BURST_CHANCE) / FULL_PERCENT,
                            .loops     = choice(ports, BURST_LOOP) != 0,
                            .retrigger = (BurstRetrigger)choice(ports, BURST_RETRIGGER),
                            .seed      = (uint32_t)choice(ports, BURST_SEED)};

  burst_set(state, &knobs);
}

static void
run(void* const state, const Ports* const ports, const uint32_t n_frames)
{
  const BurstInputs  in  = {.trigger = signal_in(ports, BURST_TRIGGER),
                            .clock   = signal_in(ports, BURST_CLOCK),
                            .stop    = signal_in(ports, BURST_STOP),
                            .count   = signal_in(ports, BURST_COUNT_CV),
                            .rate    = signal_in(ports, BURST_RATE_CV)};
  const BurstOutputs out = {.out     = signal_out(ports, BURST_OUT),
                            .level   = signal_out(ports, BURST_LEVEL),
                            .running = signal_out(ports, BURST_RUNNING),
                            .end     = signal_out(ports, BURST_END)};

  burst_process(state, &in, &out, n_frames);
}

static size_t
state_size(const double sample_rate)
{
  (void)sample_rate;
  return sizeof(Burst);
}

/// Parts that go on in another layout
static const Carried carried[] = {
  CARRY_ALL("burst", Burst),
};

// ---- Picture

static const uint8_t watched[] = {BURST_RATE_CV, BURST_COUNT_CV};

static void
draw(Drawing* const drawing)
{
  static const uint8_t outs[] = {BURST_OUT, BURST_LEVEL, BURST_RUNNING};

  const double rate_hz =
    draw_value(drawing, BURST_RATE) *
    exp2(draw_value(drawing, BURST_RATE_AMOUNT) * draw_value(drawing, BURST_RATE_CV));
  const double     all_s   = 1.2 * draw_value(drawing, BURST_COUNT) / rate_hz;
  const DrawSignal trigger = {BURST_TRIGGER, DRAW_GATE, 0.0f, 10.0f, 0.25 / rate_hz};
  const DrawTrace  trace   = {.outs       = outs,
                              .n_outs     = 3,
                              .signals    = &trigger,
                              .n_signals  = 1,
                              .length_s   = all_s,
                              .high       = 10.0f,
                              .is_stacked = true};
  draw_set(drawing, BURST_PACE, BURST_PACE_RATE);
  draw_trace(drawing, &trace);
  draw_number(drawing, draw_value(drawing, BURST_COUNT), "x");
}

static const View view = {.draw      = draw,
                          .watched   = watched,
                          .n_watched = sizeof(watched)};

const Plugin plugin = {
  .uri          = BURST_URI,
  .ports        = burst_ports,
  .n_ports      = BURST_N_PORTS,
  .state_size   = state_size,
  .init         = init,
  .reset        = reset,
  .set_controls = set_controls,
  .run          = run,
  CARRIED(carried),
  .view = &view,
};
