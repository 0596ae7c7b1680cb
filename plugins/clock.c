// SPDX-License-Identifier: ISC

#include "clock_ports.h"
#include "plugin.h"

#include "display/drawing.h"
#include "timing/clock_gen.h"

#include <assert.h>

#define FULL_PERCENT 100.0
#define MS_PER_S 1000.0

static_assert((int)CLOCK_SOURCE_INTERNAL == (int)CLOCK_INTERNAL, "as in the Turtle");
static_assert((int)CLOCK_SOURCE_HOST == (int)CLOCK_HOST, "as in the Turtle");
static_assert((int)CLOCK_SOURCE_MIDI == (int)CLOCK_MIDI, "as in the Turtle");
static_assert((int)CLOCK_SOURCE_CABLE == (int)CLOCK_CABLE, "as in the Turtle");
static_assert((int)CLOCK_RATIO_4_32 == (int)N_CLOCK_RATIOS - 1, "as in the Turtle");
static_assert((int)CLOCK_RESET_WHEN_START_AND_JUMPS == (int)CLOCK_RESET_START_AND_JUMPS,
              "as in the Turtle");
static_assert((int)CLOCK_RESET_WHEN_START == (int)CLOCK_RESET_START,
              "as in the Turtle");
static_assert((int)CLOCK_RESET_WHEN_EACH_BAR == (int)CLOCK_RESET_EACH_BAR,
              "as in the Turtle");
static_assert((int)CLOCK_RESET_WHEN_EACH_4_BARS == (int)CLOCK_RESET_EACH_4_BARS,
              "as in the Turtle");

static const uint32_t cable_ticks[] = {1, 2, 4, 8, 12, 24, 48};

typedef struct {
  ClockGen clock;
  bool     restarts; ///< Whether the button is down
} Module;

static void
reset(void* const state)
{
  Module* const self = state;

  clock_gen_reset(&self->clock);
  self->restarts = false;
}

static void
init(void* const state, const double sample_rate)
{
  Module* const self = state;

  clock_gen_init(&self->clock, sample_rate);
}

/// Return the settings of a row, whose three knobs stand in one order in all rows
static ClockOutSettings
read_out(const Ports* const ports, const uint32_t row)
{
  static const uint32_t n_knobs = CLOCK_RATIO_2 - CLOCK_RATIO_1;

  const uint32_t   first = row * n_knobs;
  const ClockRatio ratio =
    clock_sync_ratio((uint32_t)choice(ports, CLOCK_RATIO_1 + first));

  return (ClockOutSettings){.ratio = {ratio.above, ratio.below},
                            .width = (double)control(ports, CLOCK_WIDTH_1 + first) /
                                     FULL_PERCENT,
                            .swings = choice(ports, CLOCK_SWING_ON_1 + first) != 0};
}

static void
set_controls(void* const state, const Ports* const ports)
{
  Module* const self     = state;
  const bool    restarts = choice(ports, CLOCK_RESTART) != 0;

  const ClockSettings settings = {
    .source           = (ClockSource)choice(ports, CLOCK_SOURCE),
    .beats_per_minute = control(ports, CLOCK_BPM),
    .tempo_amount     = control(ports, CLOCK_BPM_CV_AMOUNT),
    .cable_ticks      = cable_ticks[choice(ports, CLOCK_TICKS_IN)],
    .running          = choice(ports, CLOCK_RUNNING) != 0,
    .swing            = (double)control(ports, CLOCK_SWING) / FULL_PERCENT,
    .swing_units = choice(ports, CLOCK_SWING_NOTE) == CLOCK_SWING_NOTE_1_8 ? 2U : 4U,
    .reset_when  = (ClockResetWhen)choice(ports, CLOCK_RESET_WHEN),
    .offset_s    = (double)control(ports, CLOCK_OFFSET) / MS_PER_S,
    .smoothing   = (double)control(ports, CLOCK_SMOOTHING),
    .out         = {
              read_out(ports, 0), read_out(ports, 1), read_out(ports, 2), read_out(ports, 3)}};
  clock_gen_set(&self->clock, &settings);
  if (restarts && !self->restarts) {
    clock_gen_restart(&self->clock);
  }
  self->restarts = restarts;
}

static void
midi(void* const state, const uint8_t* const bytes, const uint32_t size)
{
  Module* const self = state;

  clock_gen_midi(&self->clock, bytes, size);
}

static void
transport(void* const state, const Transport* const transport)
{
  Module* const self = state;

  clock_gen_transport(&self->clock, transport);
}

static void
run(void* const state, const Ports* const ports, const uint32_t n_frames)
{
  Module* const     self = state;
  const ClockInputs in   = {.clock = signal_in(ports, CLOCK_CLOCK_IN),
                            .reset = signal_in(ports, CLOCK_RESET_IN),
                            .run   = signal_in(ports, CLOCK_RUN_IN),
                            .tempo = signal_in(ports, CLOCK_BPM_CV),
                            .swing = signal_in(ports, CLOCK_SWING_CV)};

  const ClockOutputs out = {.out   = {connected_out(ports, CLOCK_OUT_1),
                                      connected_out(ports, CLOCK_OUT_2),
                                      connected_out(ports, CLOCK_OUT_3),
                                      connected_out(ports, CLOCK_OUT_4)},
                            .reset = connected_out(ports, CLOCK_RESET),
                            .run   = connected_out(ports, CLOCK_RUN),
                            .tempo = connected_out(ports, CLOCK_TEMPO)};
  clock_gen_process(&self->clock, &in, &out, n_frames);
}

static size_t
state_size(const double sample_rate)
{
  (void)sample_rate;
  return sizeof(Module);
}

/// Parts that go on in another layout
static const Carried carried[] = {
  CARRY("settings", Module, clock.settings, ClockSettings),
  CARRY("is_set", Module, clock.is_set, bool),
  CARRY("song", Module, clock.song, Timeline),
  CARRY("place", Module, clock.own, Timeline),
  CARRY("origin", Module, clock.origin, TimelinePlace),
  CARRY("song_bars", Module, clock.song_bars, ClockBars),
  CARRY("own_bars", Module, clock.own_bars, ClockBars),
  CARRY("out", Module, clock.out, ClockOut),
  CARRY("reset_out", Module, clock.reset_out, GateOut),
  CARRY("runs", Module, clock.runs, bool),
  CARRY("clock_in", Module, clock.clock, Gate),
  CARRY("reset_in", Module, clock.reset, Gate),
  CARRY("run_in", Module, clock.run, Gate),
  CARRY("swing_v", Module, clock.swing_v, float),
  CARRY("tempo_v", Module, clock.tempo_v, float),
  CARRY("rest_oct", Module, clock.rest_oct, float),
  CARRY("tempo_oct", Module, clock.tempo_oct, float),
  CARRY("ticks", Module, clock.ticks, uint32_t),
  CARRY("tick", Module, clock.tick, int64_t),
  CARRY("is_armed", Module, clock.is_armed, bool),
  CARRY("midi_runs", Module, clock.midi_runs, bool),
  CARRY("limit", Module, clock.limit, TimelinePlace),
  CARRY("sync", Module, clock.sync, ClockSync),
  CARRY("loop", Module, clock.loop, ClockLoop),
  CARRY("restarts", Module, restarts, bool),
  CARRY("clock", Module, clock, ClockGen),
};

// ---- Picture

static const uint8_t watched[] = {CLOCK_SWING_CV};

#define SHOWN_BEATS 4.0
#define BEATS_PER_MINUTE 60.0

static void
draw(Drawing* const drawing)
{
  static const uint8_t outs[] = {CLOCK_OUT_1, CLOCK_OUT_2, CLOCK_OUT_3, CLOCK_OUT_4};

  const double    tempo = draw_value(drawing, CLOCK_TEMPO);
  const double    bpm   = tempo > 0.0 ? tempo : draw_value(drawing, CLOCK_BPM);
  const DrawTrace trace = {.outs       = outs,
                           .n_outs     = 4,
                           .length_s   = SHOWN_BEATS * BEATS_PER_MINUTE / bpm,
                           .high       = 10.0f,
                           .is_stacked = true};
  draw_set(drawing, CLOCK_SOURCE, CLOCK_SOURCE_INTERNAL);
  draw_set(drawing, CLOCK_BPM, bpm);
  draw_set(drawing, CLOCK_RUNNING, 1.0);
  draw_trace(drawing, &trace);
  draw_number(drawing, bpm, "BPM");
}

static const View view = {.draw      = draw,
                          .watched   = watched,
                          .n_watched = sizeof(watched)};

const Plugin plugin = {
  .uri          = CLOCK_URI,
  .ports        = clock_ports,
  .n_ports      = CLOCK_N_PORTS,
  .state_size   = state_size,
  .init         = init,
  .reset        = reset,
  .set_controls = set_controls,
  .run          = run,
  .midi         = midi,
  .transport    = transport,
  CARRIED(carried),
  .view = &view,
};
