// SPDX-License-Identifier: ISC

#include "logic_ports.h"
#include "plugin.h"

#include "display/drawing.h"
#include "signal/logic.h"

static const uint32_t outputs[N_LOGIC_OUTPUTS] =
  {LOGIC_AND, LOGIC_OR, LOGIC_XOR, LOGIC_NOT, LOGIC_TOGGLE, LOGIC_LATCH};

static void
reset(void* const state)
{
  logic_reset(state);
}

static void
init(void* const state, const double sample_rate)
{
  (void)sample_rate;
  logic_reset(state);
}

static void
set_controls(void* const state, const Ports* const ports)
{
  const LogicKnobs knobs = {
    {choice(ports, LOGIC_INVERT_A),
     choice(ports, LOGIC_INVERT_B),
     choice(ports, LOGIC_INVERT_C),
     choice(ports, LOGIC_INVERT_D)},
    {true, true, choice(ports, LOGIC_USE_C), choice(ports, LOGIC_USE_D)}};

  logic_set(state, &knobs);
}

static void
run(void* const state, const Ports* const ports, const uint32_t n_frames)
{
  const Signal in[] = {signal_in(ports, LOGIC_A),
                       signal_in(ports, LOGIC_B),
                       signal_in(ports, LOGIC_C),
                       signal_in(ports, LOGIC_D)};

  float* out[N_LOGIC_OUTPUTS];
  for (uint32_t o = 0; o < N_LOGIC_OUTPUTS; ++o) {
    out[o] = connected_out(ports, outputs[o]);
  }
  logic_process(state, in, out, n_frames);
}

static size_t
state_size(const double sample_rate)
{
  (void)sample_rate;
  return sizeof(Logic);
}

// ---- Picture

static const uint8_t watched[] = {LOGIC_C, LOGIC_D};

/// Draw what comes of gates at A and B, B being twice as fast
static void
draw(Drawing* const drawing)
{
  static const uint8_t outs[] = {LOGIC_AND, LOGIC_OR, LOGIC_XOR, LOGIC_NOT};

  const DrawSignal in[]  = {{LOGIC_A, DRAW_PULSES, 0.0f, 10.0f, 1.0},
                            {LOGIC_B, DRAW_PULSES, 0.0f, 10.0f, 0.5}};
  const DrawTrace  trace = {.outs       = outs,
                            .n_outs     = 4,
                            .signals    = in,
                            .n_signals  = 2,
                            .length_s   = 2.0,
                            .high       = 10.0f,
                            .is_stacked = true};
  draw_trace(drawing, &trace);
}

static const View view = {.draw      = draw,
                          .watched   = watched,
                          .n_watched = sizeof(watched)};

const Plugin plugin = {
  .uri          = LOGIC_URI,
  .ports        = logic_ports,
  .n_ports      = LOGIC_N_PORTS,
  .state_size   = state_size,
  .init         = init,
  .reset        = reset,
  .set_controls = set_controls,
  .run          = run,
  .view         = &view,
};
