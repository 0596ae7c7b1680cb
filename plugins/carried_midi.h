// SPDX-License-Identifier: ISC
/// Parts of states that are played by MIDI: see Carried

#ifndef CARRIED_MIDI_H
#define CARRIED_MIDI_H

#include "plugin.h"

#include "midi/midi_cv.h"

/// A MidiInput: keys, and who plays them
#define CARRY_MIDI_INPUT(State, input)                           \
  CARRY("keys", State, input.notes, NoteStack),                  \
    CARRY("voices", State, input.voices, Voices),                \
    CARRY("bend_range", State, input.bend_range, BendRange),     \
    CARRY("member_range", State, input.member_range, BendRange), \
    CARRY("bend_channel", State, input.bend_channel, uint32_t),  \
    CARRY("n_members", State, input.n_members, uint32_t),        \
    CARRY("routing", State, input.routing, MidiRouting),         \
    CARRY("panic", State, input.panic, bool), CARRY("input", State, input, MidiInput)

/// A MidiVoice: a note, its pitch and its gate
#define CARRY_MIDI_VOICE(State, voice_of)                  \
  CARRY("voice", State, voice_of.voice, uint32_t),         \
    CARRY("is_on", State, voice_of.is_on, bool),           \
    CARRY("has_played", State, voice_of.has_played, bool), \
    CARRY("note", State, voice_of.note, Note),             \
    CARRY("velocity", State, voice_of.velocity, double),   \
    CARRY("lift", State, voice_of.lift, double),           \
    CARRY("pitch", State, voice_of.pitch, Portamento),     \
    CARRY("gate", State, voice_of.gate, GateOut),          \
    CARRY("voice_whole", State, voice_of, MidiVoice)

#endif // CARRIED_MIDI_H
