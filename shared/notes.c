// SPDX-License-Identifier: ISC

#include "notes.h"

#include <string.h>

void
notes_reset(Notes* const self)
{
  memset(self, 0, sizeof(*self));
}

static Keyboard*
keyboard_of(Notes* const self, const uint32_t channel)
{
  return &self->keyboards[channel - 1U];
}

void
notes_strike(Notes* const self, const Note note, const uint8_t velocity)
{
  Keyboard* const keyboard = keyboard_of(self, note.channel);
  Key* const      key      = &keyboard->keys[note.key];

  keyboard->n_sounding += !key->strike;
  key->strike   = ++self->n_strikes;
  key->velocity = velocity;
  key->pressure = 0;
  key->is_held  = true;
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
  if (!keyboard->pedal) {
    stop(keyboard, key);
  }
}

void
notes_let_go(Notes* const self, const Note note)
{
  Keyboard* const keyboard = keyboard_of(self, note.channel);

  let_go(keyboard, &keyboard->keys[note.key]);
}

void
notes_let_go_all(Notes* const self, const uint32_t channel)
{
  Keyboard* const keyboard = keyboard_of(self, channel);
  for (uint32_t k = 0; k < MIDI_KEYS; ++k) {
    let_go(keyboard, &keyboard->keys[k]);
  }
}

void
notes_set_pedal(Notes* const self, const uint32_t channel, const bool is_down)
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
notes_silence(Notes* const self, const uint32_t channel)
{
  Keyboard* const keyboard = keyboard_of(self, channel);
  for (uint32_t k = 0; k < MIDI_KEYS; ++k) {
    keyboard->keys[k].is_held = false;
    stop(keyboard, &keyboard->keys[k]);
  }
}

void
notes_press(Notes* const self, const Note note, const uint8_t pressure)
{
  keyboard_of(self, note.channel)->keys[note.key].pressure = pressure;
}

void
notes_unpress_all(Notes* const self, const uint32_t channel)
{
  Keyboard* const keyboard = keyboard_of(self, channel);
  for (uint32_t k = 0; k < MIDI_KEYS; ++k) {
    keyboard->keys[k].pressure = 0;
  }
}

const Key*
notes_key(const Notes* const self, const Note note)
{
  return &self->keyboards[note.channel - 1U].keys[note.key];
}

/// Return true if `a` sounds and not `b`, of two notes that were struck
static bool
comes_before(const Notes* const self,
             const Priority     priority,
             const Note         a,
             const Note         b)
{
  if (priority == PRIORITY_LAST || a.key == b.key) {
    return notes_key(self, a)->strike > notes_key(self, b)->strike;
  }

  return priority == PRIORITY_LOW ? a.key < b.key : a.key > b.key;
}

/// Pick from the keys of one channel, and from `note` if there `is_one` already
static bool
pick_from(const Notes* const self,
          const uint32_t     channel,
          const Priority     priority,
          const bool         is_one,
          Note* const        note)
{
  bool     is_found = is_one;
  uint32_t n_left   = self->keyboards[channel - 1U].n_sounding;
  for (Note candidate = {channel, 0}; n_left > 0U; ++candidate.key) {
    if (notes_key(self, candidate)->strike) {
      if (!is_found || comes_before(self, priority, candidate, *note)) {
        *note = candidate;
      }
      is_found = true;
      --n_left;
    }
  }

  return is_found;
}

bool
notes_pick(const Notes* const self,
           const uint32_t     channel,
           const Priority     priority,
           Note* const        note)
{
  if (channel != ALL_CHANNELS) {
    return pick_from(self, channel, priority, false, note);
  }

  bool is_found = false;
  for (uint32_t c = 1; c <= MIDI_CHANNELS; ++c) {
    is_found = pick_from(self, c, priority, is_found, note);
  }
  return is_found;
}
