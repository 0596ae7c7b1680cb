// SPDX-License-Identifier: ISC

#include "plugin.h"
#include "sequencer_ports.h"

#include "display/drawing.h"
#include "signal/gate_in.h"
#include "timing/sequencer.h"

#include <assert.h>
#include <math.h>

static_assert((int)SEQUENCER_GATE_1_OFF == (int)SEQUENCER_OFF, "as in the Turtle");
static_assert((int)SEQUENCER_GATE_1_TIE == (int)SEQUENCER_TIE, "as in the Turtle");
static_assert((int)SEQUENCER_GATE_1_SKIP == (int)SEQUENCER_SKIP, "as in the Turtle");
static_assert((int)SEQUENCER_GATE_1_4X == (int)SEQUENCER_4X, "as in the Turtle");
static_assert((int)SEQUENCER_DIRECTION_FORWARD == (int)ORDER_FORWARD,
              "as in the Turtle");
static_assert((int)SEQUENCER_DIRECTION_PENDULUM == (int)ORDER_PENDULUM,
              "as in the Turtle");
static_assert((int)SEQUENCER_DIRECTION_WALK == (int)ORDER_WALKING, "as in the Turtle");
static_assert((int)SEQUENCER_FOLLOW_CABLE == (int)STEPS_CABLE, "as in the Turtle");
static_assert((int)SEQUENCER_FOLLOW_SONG == (int)STEPS_SONG, "as in the Turtle");
static_assert((int)SEQUENCER_SONG_STEP_1_32_TRIPLET == (int)N_SONG_NOTES - 1,
              "as in the Turtle");
static_assert((int)SEQUENCER_RESET_MODE_AT_ONCE == (int)STEPPER_AT_ONCE,
              "as in the Turtle");
static_assert((int)SEQUENCER_DICE_BY_SONG_PLACE == (int)STEPS_BY_SONG_PLACE,
              "as in the Turtle");
static_assert((int)SEQUENCER_ZERO_VOLT_C4 == (int)ZERO_VOLT_C4, "as in the Turtle");
static_assert((int)SEQUENCER_PITCH_16 == (int)SEQUENCER_PITCH_1 + 15, "rows in order");
static_assert((int)SEQUENCER_GATE_16 == (int)SEQUENCER_GATE_1 + 15, "rows in order");
static_assert((int)SEQUENCER_CHANCE_16 == (int)SEQUENCER_CHANCE_1 + 15,
              "rows in order");
static_assert((int)SEQUENCER_MOD_16 == (int)SEQUENCER_MOD_1 + 15, "rows in order");

#define FULL_PERCENT 100.0f

static void
init(void* const state, const double sample_rate)
{
  sequencer_init(state, sample_rate);
}

static void
reset(void* const state)
{
  sequencer_reset(state);
}

static SequencerStep
read_step(const Ports* const ports, const uint32_t s)
{
  return (SequencerStep){
    .semitones = choice(ports, (uint32_t)SEQUENCER_PITCH_1 + s),
    .kind      = (SequencerKind)choice(ports, (uint32_t)SEQUENCER_GATE_1 + s),
    .chance    = control(ports, (uint32_t)SEQUENCER_CHANCE_1 + s) / FULL_PERCENT,
    .mod_v     = control(ports, (uint32_t)SEQUENCER_MOD_1 + s)};
}

static StepsSettings
read_time(const Ports* const ports)
{
  return (StepsSettings){.follow = (StepsFollow)choice(ports, SEQUENCER_FOLLOW),
                         .note   = (uint32_t)choice(ports, SEQUENCER_SONG_STEP),
                         .reset_mode =
                           (StepperResetMode)choice(ports, SEQUENCER_RESET_MODE)};
}

static uint32_t
parts(const float percent)
{
  return (uint32_t)lroundf(percent / FULL_PERCENT * (float)STEPS_PARTS);
}

static void
set_controls(void* const state, const Ports* const ports)
{
  SequencerKnobs knobs = {.first      = (uint32_t)choice(ports, SEQUENCER_FIRST) - 1U,
                          .length     = (uint32_t)choice(ports, SEQUENCER_LENGTH),
                          .way        = (OrderWay)choice(ports, SEQUENCER_DIRECTION),
                          .gate_parts = parts(control(ports, SEQUENCER_GATE_LENGTH)),
                          .glide_s    = (double)control(ports, SEQUENCER_GLIDE),
                          .runs       = choice(ports, SEQUENCER_RUNNING) != 0,
                          .follows_key =
                            choice(ports, SEQUENCER_TRANSPOSE_BY_MIDI) != 0,
                          .zero_volt = (ZeroVolt)choice(ports, SEQUENCER_ZERO_VOLT),
                          .seed      = (uint32_t)choice(ports, SEQUENCER_SEED),
                          .dice      = (StepsDice)choice(ports, SEQUENCER_DICE),
                          .steps     = read_time(ports)};
  for (uint32_t s = 0; s < SEQUENCER_STEPS; ++s) {
    knobs.step[s] = read_step(ports, s);
  }

  sequencer_set(state, &knobs);
}

static void
midi(void* const state, const uint8_t* const bytes, const uint32_t size)
{
  sequencer_midi(state, bytes, size);
}

static void
transport(void* const state, const Transport* const transport)
{
  sequencer_transport(state, transport);
}

static void
run(void* const state, const Ports* const ports, const uint32_t n_frames)
{
  const SequencerInputs  in  = {.clock = gate_frames(signal_in(ports, SEQUENCER_CLOCK)),
                                .reset = gate_frames(signal_in(ports, SEQUENCER_RESET)),
                                .transpose = connected_in(ports, SEQUENCER_TRANSPOSE),
                                .length    = connected_in(ports, SEQUENCER_LENGTH_CV),
                                .select    = connected_in(ports, SEQUENCER_SELECT),
                                .backwards =
                                  gate_frames(signal_in(ports, SEQUENCER_BACKWARDS)),
                                .is_steady = is_constant(ports, SEQUENCER_LENGTH_CV) &&
                                             is_constant(ports, SEQUENCER_SELECT)};
  const SequencerOutputs out = {.pitch   = signal_out(ports, SEQUENCER_PITCH),
                                .gate    = signal_out(ports, SEQUENCER_GATE),
                                .mod     = signal_out(ports, SEQUENCER_MOD),
                                .trigger = signal_out(ports, SEQUENCER_TRIGGER),
                                .end     = signal_out(ports, SEQUENCER_END),
                                .step    = signal_out(ports, SEQUENCER_STEP)};

  sequencer_process(state, &in, &out, n_frames);
}

static size_t
state_size(const double sample_rate)
{
  (void)sample_rate;
  return sizeof(Sequencer);
}

/// Parts that go on in another layout
static const Carried carried[] = {
  CARRY("steps", Sequencer, steps, Steps),
  CARRY("place", Sequencer, at, OrderPlace),
  CARRY("first", Sequencer, first, uint32_t),
  CARRY("shown", Sequencer, shown, uint32_t),
  CARRY("is_shown", Sequencer, is_shown, bool),
  CARRY("waits", Sequencer, waits, bool),
  CARRY("plays", Sequencer, plays, bool),
  CARRY("ties", Sequencer, ties, bool),
  CARRY("n_notes", Sequencer, n_notes, uint32_t),
  CARRY("note", Sequencer, note, uint32_t),
  CARRY("key", Sequencer, key, int),
  CARRY("backwards", Sequencer, backwards, Gate),
  CARRY("pitch", Sequencer, pitch, Portamento),
  CARRY("gate", Sequencer, gate, GateOut),
  CARRY("end", Sequencer, end, GateOut),
  CARRY_ALL("sequencer", Sequencer),
};

// ---- Picture

static const uint8_t watched[] = {SEQUENCER_PITCH};

#define LEAST_HEIGHT 0.06
#define OFF_HEIGHT 0.03f

/// Write which step is shown
static void
watch(const void* const state, float* const figures)
{
  const Sequencer* const self = state;

  figures[0] = (float)self->shown;
}

/// Draw pitches of the steps from the lowest up; those that are off lie low
static void
draw(Drawing* const drawing)
{
  double lowest  = draw_value(drawing, SEQUENCER_PITCH_1);
  double highest = lowest;
  for (uint32_t s = 0; s < SEQUENCER_STEPS; ++s) {
    lowest  = fmin(lowest, draw_value(drawing, SEQUENCER_PITCH_1 + s));
    highest = fmax(highest, draw_value(drawing, SEQUENCER_PITCH_1 + s));
  }

  float bars[SEQUENCER_STEPS];
  for (uint32_t s = 0; s < SEQUENCER_STEPS; ++s) {
    const double up     = draw_value(drawing, SEQUENCER_PITCH_1 + s) - lowest;
    const double height = 0.3 + 0.7 * up / fmax(highest - lowest, 1.0);
    const bool   is_off = draw_value(drawing, SEQUENCER_GATE_1 + s) == 0.0;
    bars[s]             = is_off ? OFF_HEIGHT : (float)fmax(height, LEAST_HEIGHT);
  }
  draw_bars(drawing, bars, SEQUENCER_STEPS, 0.0f, (int)draw_figure(drawing, 0));
  draw_note(drawing,
            draw_value(drawing, SEQUENCER_PITCH) +
              zero_volt_oct((ZeroVolt)draw_value(drawing, SEQUENCER_ZERO_VOLT)));
}

static const View view = {.draw      = draw,
                          .watched   = watched,
                          .n_watched = sizeof(watched),
                          .watch     = watch};

const Plugin plugin = {
  .uri          = SEQUENCER_URI,
  .ports        = sequencer_ports,
  .n_ports      = SEQUENCER_N_PORTS,
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
