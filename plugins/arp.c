// SPDX-License-Identifier: ISC

#include "arp_ports.h"
#include "carried_midi.h"
#include "plugin.h"

#include "display/drawing.h"
#include "signal/gate_in.h"
#include "timing/arp.h"

#include <assert.h>
#include <math.h>

static_assert((int)ARP_ORDER_UP == (int)ARP_UP, "as in the Turtle");
static_assert((int)ARP_ORDER_AS_PLAYED == (int)ARP_AS_PLAYED, "as in the Turtle");
static_assert((int)ARP_ORDER_WALK == (int)ARP_WALK, "as in the Turtle");
static_assert((int)ARP_ORDER_OUTSIDE_IN == (int)ARP_OUTSIDE_IN, "as in the Turtle");
static_assert((int)ARP_OCTAVE_ORDER_AGAINST == (int)ARP_AGAINST, "as in the Turtle");
static_assert((int)ARP_OCTAVE_ORDER_NOTE_BY_NOTE == (int)ARP_NOTE_BY_NOTE,
              "as in the Turtle");
static_assert((int)ARP_FIRST_AT_ONCE == (int)ARP_AT_ONCE, "as in the Turtle");
static_assert((int)ARP_CHANNEL_ALL == (int)ALL_CHANNELS, "as in the Turtle");
static_assert((int)ARP_CHANNEL_16 == (int)MIDI_CHANNELS, "as in the Turtle");
static_assert((int)ARP_FOLLOW_SONG == (int)STEPS_SONG, "as in the Turtle");
static_assert((int)ARP_SONG_STEP_1_32_TRIPLET == (int)N_SONG_NOTES - 1,
              "as in the Turtle");
static_assert((int)ARP_RESET_MODE_AT_ONCE == (int)STEPPER_AT_ONCE, "as in the Turtle");
static_assert((int)ARP_DICE_BY_SONG_PLACE == (int)STEPS_BY_SONG_PLACE,
              "as in the Turtle");
static_assert((int)ARP_ZERO_VOLT_C_1 == (int)ZERO_VOLT_C_MINUS_1, "as in the Turtle");

#define FULL_PERCENT 100.0

static void
init(void* const state, const double sample_rate)
{
  arp_init(state, sample_rate);
}

static void
reset(void* const state)
{
  arp_reset(state);
}

static MidiInputKnobs
read_input(const Ports* const ports)
{
  return (MidiInputKnobs){
    .routing = {.channel = (uint32_t)choice(ports, ARP_CHANNEL), .n_voices = 1},
    .panic   = choice(ports, ARP_PANIC) != 0};
}

static StepsSettings
read_time(const Ports* const ports)
{
  return (StepsSettings){.follow     = (StepsFollow)choice(ports, ARP_FOLLOW),
                         .note       = (uint32_t)choice(ports, ARP_SONG_STEP),
                         .reset_mode = (StepperResetMode)choice(ports, ARP_RESET_MODE)};
}

static void
set_controls(void* const state, const Ports* const ports)
{
  const double   gate_length = (double)control(ports, ARP_GATE_LENGTH) / FULL_PERCENT;
  const ArpKnobs knobs       = {.order      = (ArpOrder)choice(ports, ARP_ORDER),
                                .n_octaves  = (uint32_t)choice(ports, ARP_OCTAVES),
                                .octaves    = (ArpOctaves)choice(ports, ARP_OCTAVE_ORDER),
                                .holds      = choice(ports, ARP_HOLD) != 0,
                                .restarts   = choice(ports, ARP_RESTART) != 0,
                                .first      = (ArpFirst)choice(ports, ARP_FIRST),
                                .gate_parts = (uint32_t)lround(gate_length * STEPS_PARTS),
                                .velocity =
                                  (double)control(ports, ARP_VELOCITY_AMOUNT) / FULL_PERCENT,
                                .glide_s   = (double)control(ports, ARP_GLIDE),
                                .input     = read_input(ports),
                                .zero_volt = (ZeroVolt)choice(ports, ARP_ZERO_VOLT),
                                .seed      = (uint32_t)choice(ports, ARP_SEED),
                                .dice      = (StepsDice)choice(ports, ARP_DICE),
                                .steps     = read_time(ports)};

  arp_set(state, &knobs);
}

static void
midi(void* const state, const uint8_t* const bytes, const uint32_t size)
{
  arp_midi(state, bytes, size);
}

static void
transport(void* const state, const Transport* const transport)
{
  arp_transport(state, transport);
}

static void
run(void* const state, const Ports* const ports, const uint32_t n_frames)
{
  const ArpInputs  in  = {.clock     = gate_frames(signal_in(ports, ARP_CLOCK)),
                          .reset     = gate_frames(signal_in(ports, ARP_RESET)),
                          .transpose = connected_in(ports, ARP_TRANSPOSE)};
  const ArpOutputs out = {.pitch    = signal_out(ports, ARP_PITCH),
                          .gate     = signal_out(ports, ARP_GATE),
                          .velocity = signal_out(ports, ARP_VELOCITY),
                          .trigger  = signal_out(ports, ARP_TRIGGER),
                          .end      = signal_out(ports, ARP_END)};

  arp_process(state, &in, &out, n_frames);
}

static size_t
state_size(const double sample_rate)
{
  (void)sample_rate;
  return sizeof(Arp);
}

/// Parts that go on in another layout
static const Carried carried[] = {
  CARRY_MIDI_INPUT(Arp, input),
  CARRY("chord", Arp, chord, Chord),
  CARRY("steps", Arp, steps, Steps),
  CARRY("pitch", Arp, pitch, Portamento),
  CARRY("velocity", Arp, velocity, double),
  CARRY("origin", Arp, origin, int64_t),
  CARRY("waits", Arp, waits, bool),
  CARRY("has_played", Arp, has_played, bool),
  CARRY("plays", Arp, plays, bool),
  CARRY("is_early", Arp, is_early, bool),
  CARRY("since", Arp, since, uint64_t),
  CARRY("n_left", Arp, n_left, uint64_t),
  CARRY("gate", Arp, gate, GateOut),
  CARRY("end", Arp, end, GateOut),
  CARRY_ALL("arp", Arp),
};

// ---- Picture

static const uint8_t watched[] = {ARP_PITCH};

#define SHOWN_STEPS 16

/// Draw the order in which a chord of C, E and G is played, with the present note
static void
draw(Drawing* const drawing)
{
  static const uint8_t notes[][3] = {{0x90, 60, 100}, {0x90, 64, 100}, {0x90, 67, 100}};
  static const uint8_t outs[]     = {ARP_PITCH};

  const double    range = fmax(draw_value(drawing, ARP_OCTAVES), 1.0);
  const DrawSteps steps = {.clock   = ARP_CLOCK,
                           .outs    = outs,
                           .n_outs  = 1,
                           .n_steps = SHOWN_STEPS,
                           .notes   = notes,
                           .n_notes = 3};
  float           levels[SHOWN_STEPS];
  draw_note(drawing,
            draw_value(drawing, ARP_PITCH) +
              zero_volt_oct((ZeroVolt)draw_value(drawing, ARP_ZERO_VOLT)));
  draw_set(drawing, ARP_FOLLOW, ARP_FOLLOW_CABLE);
  draw_set(drawing, ARP_ZERO_VOLT, ARP_ZERO_VOLT_C4);
  draw_set(drawing, ARP_CHANNEL, ARP_CHANNEL_ALL);
  draw_find_steps(drawing, &steps, levels);
  for (uint32_t s = 0; s < SHOWN_STEPS; ++s) {
    levels[s] = 0.1f + 0.9f * levels[s] / (float)range;
  }
  draw_bars(drawing, levels, SHOWN_STEPS, 0.0f, -1);
}

static const View view = {.draw      = draw,
                          .watched   = watched,
                          .n_watched = sizeof(watched)};

const Plugin plugin = {
  .uri          = ARP_URI,
  .ports        = arp_ports,
  .n_ports      = ARP_N_PORTS,
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
