// SPDX-License-Identifier: ISC

#include "midi/chord.h"

#include <string.h>

void
chord_clear(Chord* const self, const uint64_t first)
{
  self->n_keys = 0;
  self->first  = first;
}

static void
take_out(Chord* const self, const uint32_t i)
{
  --self->n_keys;
  memmove(&self->key[i], &self->key[i + 1U], (self->n_keys - i) * sizeof(self->key[0]));
}

/// Put a key at its place, from where it may push out the oldest
static void
put_in(Chord* const self, const ChordKey key)
{
  uint32_t i = self->n_keys;
  while (i > 0U && self->key[i - 1U].strike > key.strike) {
    --i;
  }
  if (self->n_keys == CHORD_KEYS) {
    if (i == 0U) {
      return;
    }
    take_out(self, 0);
    --i;
  }

  memmove(&self->key[i + 1U], &self->key[i], (self->n_keys - i) * sizeof(self->key[0]));
  self->key[i] = key;
  ++self->n_keys;
}

/// Let a key that sounds join, or join again with a later strike
static void
join(Chord* const self, const ChordKey key)
{
  for (uint32_t i = 0; i < self->n_keys; ++i) {
    if (self->key[i].key == key.key) {
      if (self->key[i].strike >= key.strike) {
        return;
      }
      take_out(self, i);
    }
  }
  put_in(self, key);
}

/// Return true if a key sounds on any of the channels
static bool
sounds(const NoteStack* const notes, const ChannelSet channels, const uint32_t key)
{
  for (uint32_t c = 1; c <= MIDI_CHANNELS; ++c) {
    const Note note = {c, key};
    if (channel_is_in(channels, c) && note_stack_key(notes, note)->strike > 0U) {
      return true;
    }
  }
  return false;
}

static void
drop_silent(Chord* const self, const NoteStack* const notes, const ChannelSet channels)
{
  for (uint32_t i = self->n_keys; i > 0U; --i) {
    if (!sounds(notes, channels, self->key[i - 1U].key)) {
      take_out(self, i - 1U);
    }
  }
}

static void
join_channel(Chord* const self, const NoteStack* const notes, const uint32_t channel)
{
  uint32_t n_left = notes->keyboards[channel - 1U].n_sounding;
  for (Note note = {channel, 0}; n_left > 0U; ++note.key) {
    const Key* const key = note_stack_key(notes, note);
    n_left -= key->strike > 0U;
    if (key->strike > 0U && key->strike >= self->first) {
      join(self, (ChordKey){key->strike, (uint8_t)note.key, key->velocity});
    }
  }
}

void
chord_update(Chord* const           self,
             const NoteStack* const notes,
             const ChannelSet       channels,
             const bool             is_held)
{
  if (!is_held) {
    drop_silent(self, notes, channels);
  }
  for (uint32_t c = 1; c <= MIDI_CHANNELS; ++c) {
    if (channel_is_in(channels, c)) {
      join_channel(self, notes, c);
    }
  }
}

bool
chord_has_finger(const NoteStack* const notes,
                 const ChannelSet       channels,
                 const Note             note)
{
  for (uint32_t c = 1; c <= MIDI_CHANNELS; ++c) {
    uint32_t n_left =
      channel_is_in(channels, c) ? notes->keyboards[c - 1U].n_sounding : 0U;
    for (Note other = {c, 0}; n_left > 0U; ++other.key) {
      const Key* const key = note_stack_key(notes, other);
      n_left -= key->strike > 0U;
      if (key->is_held && (c != note.channel || other.key != note.key)) {
        return true;
      }
    }
  }
  return false;
}

const ChordKey*
chord_from_below(const Chord* const self, const uint32_t n)
{
  const ChordKey* found = &self->key[0];
  for (uint32_t i = 0; i < self->n_keys; ++i) {
    uint32_t n_below = 0;
    for (uint32_t k = 0; k < self->n_keys; ++k) {
      n_below += self->key[k].key < self->key[i].key;
    }
    found = n_below == n ? &self->key[i] : found;
  }
  return found;
}
