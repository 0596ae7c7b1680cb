// SPDX-License-Identifier: ISC
/// Parts of states that are played by MIDI: see Carried

#ifndef CARRIED_MIDI_H
#define CARRIED_MIDI_H

#include "plugin.h"

#include "midi/midi_input.h"
#include "midi/midi_voice.h"

/// Controllers of a channel
typedef double CarriedControllers[N_CONTROLLERS];

// NOLINTBEGIN(bugprone-macro-parentheses): names of members and types
/// A MidiInput: keys, who plays them, and what bends them
#define CARRY_MIDI_INPUT(State, input)                                  \
  CARRY("keys", State, input.notes, NoteStack),                         \
    CARRY("voices", State, input.voices, Voices),                       \
    CARRY("controllers", State, input.controllers, CarriedControllers), \
    CARRY("bend_range", State, input.bend_range, BendRange),            \
    CARRY("member_range", State, input.member_range, BendRange),        \
    CARRY("bend_channel", State, input.bend_channel, uint32_t),         \
    CARRY("n_members", State, input.n_members, uint32_t),               \
    CARRY("routing", State, input.routing, MidiRouting),                \
    CARRY("panic", State, input.panic, bool),                           \
    CARRY("tuning", State, input.tuning, KeyTuning),                    \
    CARRY("input", State, input, MidiInput)

/// A MidiVoice: a note, its pitch and its gate; all names begin with `name`
#define CARRY_MIDI_VOICE(name, State, of)                     \
  CARRY(name "voice", State, of.voice, uint32_t),             \
    CARRY(name "revision", State, of.revision, uint32_t),     \
    CARRY(name "is_on", State, of.is_on, bool),               \
    CARRY(name "has_played", State, of.has_played, bool),     \
    CARRY(name "is_frozen", State, of.is_frozen, bool),       \
    CARRY(name "note", State, of.note, Note),                 \
    CARRY(name "velocity", State, of.velocity, double),       \
    CARRY(name "lift", State, of.lift, double),               \
    CARRY(name "frozen", State, of.frozen, double),           \
    CARRY(name "pitch", State, of.pitch, Portamento),         \
    CARRY(name "gate", State, of.gate, GateOut),              \
    CARRY(name "controller", State, of.controller, Smoother), \
    CARRY(name "whole_voice", State, of, MidiVoice)
// NOLINTEND(bugprone-macro-parentheses)

#endif // CARRIED_MIDI_H
