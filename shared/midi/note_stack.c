// SPDX-License-Identifier: ISC

#include "midi/note_stack.h"

#include <string.h>

void
note_stack_reset(NoteStack* const self)
{
  memset(self, 0, sizeof(*self));
}

static Keyboard*
keyboard_of(NoteStack* const self, const uint32_t channel)
{
  return &self->keyboards[channel - 1U];
}

void
note_stack_strike(NoteStack* const self, const Note note, const uint8_t velocity)
{
  Keyboard* const keyboard = keyboard_of(self, note.channel);
  Key* const      key      = &keyboard->keys[note.key];

  keyboard->n_sounding += !key->strike;
  key->strike   = ++self->n_strikes;
  key->velocity = velocity;
  key->pressure = 0;
  key->is_held  = true;
  key->waits    = false;
}

static void
stop(Keyboard* const keyboard, Key* const key)
{
  keyboard->n_sounding -= key->strike > 0U;
  key->strike = 0;
}

static void
let_go(Keyboard* const keyboard, Key* const key)
{
  key->is_held = false;
  key->waits   = false;
  if (!keyboard->pedal) {
    stop(keyboard, key);
  }
}

void
note_stack_let_go(NoteStack* const self, const Note note)
{
  Keyboard* const keyboard = keyboard_of(self, note.channel);

  let_go(keyboard, &keyboard->keys[note.key]);
}

void
note_stack_let_go_all(NoteStack* const self, const uint32_t channel)
{
  Keyboard* const keyboard = keyboard_of(self, channel);
  for (uint32_t k = 0; k < MIDI_KEYS; ++k) {
    let_go(keyboard, &keyboard->keys[k]);
  }
}

void
note_stack_set_pedal(NoteStack* const self, const uint32_t channel, const bool is_down)
{
  Keyboard* const keyboard = keyboard_of(self, channel);

  keyboard->pedal = is_down;
  for (uint32_t k = 0; !is_down && k < MIDI_KEYS; ++k) {
    if (!keyboard->keys[k].is_held) {
      stop(keyboard, &keyboard->keys[k]);
    }
  }
}

void
note_stack_silence(NoteStack* const self, const uint32_t channel)
{
  Keyboard* const keyboard = keyboard_of(self, channel);
  for (uint32_t k = 0; k < MIDI_KEYS; ++k) {
    keyboard->keys[k].is_held = false;
    keyboard->keys[k].waits   = false;
    stop(keyboard, &keyboard->keys[k]);
  }
}

void
note_stack_press(NoteStack* const self, const Note note, const uint8_t pressure)
{
  keyboard_of(self, note.channel)->keys[note.key].pressure = pressure;
}

void
note_stack_unpress_all(NoteStack* const self, const uint32_t channel)
{
  Keyboard* const keyboard = keyboard_of(self, channel);
  for (uint32_t k = 0; k < MIDI_KEYS; ++k) {
    keyboard->keys[k].pressure = 0;
  }
}

void
note_stack_set_waiting(NoteStack* const self, const Note note, const bool waits)
{
  keyboard_of(self, note.channel)->keys[note.key].waits = waits;
}

const Key*
note_stack_key(const NoteStack* const self, const Note note)
{
  return &self->keyboards[note.channel - 1U].keys[note.key];
}

/// Return true if `a` sounds and not `b`, of two notes that were struck
static bool
comes_before(const NoteStack* const self,
             const Priority         priority,
             const Note             a,
             const Note             b)
{
  if (priority == PRIORITY_LAST || a.key == b.key) {
    return note_stack_key(self, a)->strike > note_stack_key(self, b)->strike;
  }

  return priority == PRIORITY_LOW ? a.key < b.key : a.key > b.key;
}

/// Pick from the keys of one channel, and from `note` if there `is_one` already
static bool
pick_from(const NoteStack* const self,
          const uint32_t         channel,
          const Priority         priority,
          const bool             only_waiting,
          const bool             is_one,
          Note* const            note)
{
  bool     is_found = is_one;
  uint32_t n_left   = self->keyboards[channel - 1U].n_sounding;
  for (Note candidate = {channel, 0}; n_left > 0U; ++candidate.key) {
    const Key* const key = note_stack_key(self, candidate);
    n_left -= key->strike > 0U;
    if (key->strike && (key->waits || !only_waiting)) {
      if (!is_found || comes_before(self, priority, candidate, *note)) {
        *note = candidate;
      }
      is_found = true;
    }
  }

  return is_found;
}

static bool
pick(const NoteStack* const self,
     const ChannelSet       channels,
     const Priority         priority,
     const bool             only_waiting,
     Note* const            note)
{
  bool is_found = false;
  for (uint32_t c = 1; c <= MIDI_CHANNELS; ++c) {
    if (channel_is_in(channels, c)) {
      is_found = pick_from(self, c, priority, only_waiting, is_found, note);
    }
  }
  return is_found;
}

bool
note_stack_pick(const NoteStack* const self,
                const ChannelSet       channels,
                const Priority         priority,
                Note* const            note)
{
  return pick(self, channels, priority, false, note);
}

bool
note_stack_pick_waiting(const NoteStack* const self,
                        const ChannelSet       channels,
                        Note* const            note)
{
  return pick(self, channels, PRIORITY_LAST, true, note);
}
