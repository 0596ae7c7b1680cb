// SPDX-License-Identifier: ISC

#include "midi/voices.h"

#include <string.h>

void
voices_reset(Voices* const self)
{
  memset(self, 0, sizeof(*self));
  self->last = NO_VOICE;
}

static bool
is_same(const Note a, const Note b)
{
  return a.channel == b.channel && a.key == b.key;
}

static bool
has_played(const VoiceNote* const voice)
{
  return voice->strike > 0U;
}

/// Return true if a finger holds a voice's note, and not just the pedal
static bool
is_held(const VoiceNote* const voice, const NoteStack* const notes)
{
  const Key* const key = note_stack_key(notes, voice->note);

  return key->is_held && key->strike == voice->strike;
}

/// Return true if a voice's note has not ended: a key that was struck again in another
/// voice leaves the old one to the pedal
static bool
sounds(const VoiceNote* const voice, const NoteStack* const notes)
{
  const Key* const key = note_stack_key(notes, voice->note);

  return key->strike &&
         (key->strike == voice->strike || note_stack_pedal(notes, voice->note.channel));
}

static void
start(Voices* const          self,
      const NoteStack* const notes,
      const uint32_t         v,
      const Note             note)
{
  VoiceNote* const voice = &self->voice[v];

  voice->note   = note;
  voice->strike = note_stack_key(notes, note)->strike;
  voice->is_on  = true;
  self->last    = v;
}

/// Return the voice of the first `n` that has played this key last, or NO_VOICE
static uint32_t
voice_of_key(const Voices* const self,
             const uint32_t      n,
             const Note          note,
             const bool          only_on)
{
  uint32_t found = NO_VOICE;
  for (uint32_t v = 0; v < n; ++v) {
    const VoiceNote* const voice = &self->voice[v];
    const bool             fits =
      has_played(voice) && is_same(voice->note, note) && (voice->is_on || !only_on);
    if (fits && (found == NO_VOICE || voice->strike > self->voice[found].strike)) {
      found = v;
    }
  }
  return found;
}

/// Return how late in the order of an allocation a free voice comes
static uint64_t
rank(const Voices* const self,
     const Allocation    allocation,
     const uint32_t      n,
     const uint32_t      v)
{
  if (allocation == ALLOCATE_ROTATE) {
    return self->last < n ? (v + n - self->last - 1U) % n : v;
  }
  return allocation == ALLOCATE_LOWEST ? v : self->voice[v].end;
}

static uint32_t
free_voice(const Voices* const self, const uint32_t n, const Allocation allocation)
{
  uint32_t found = NO_VOICE;
  for (uint32_t v = 0; v < n; ++v) {
    if (!self->voice[v].is_on &&
        (found == NO_VOICE ||
         rank(self, allocation, n, v) < rank(self, allocation, n, found))) {
      found = v;
    }
  }
  return found;
}

/// Return the voice with the oldest note, of those that only the pedal holds if any
static uint32_t
oldest_voice(const Voices* const self, const NoteStack* const notes, const uint32_t n)
{
  uint32_t found = 0;
  for (uint32_t v = 1; v < n; ++v) {
    const VoiceNote* const a      = &self->voice[v];
    const VoiceNote* const b      = &self->voice[found];
    const bool             a_held = is_held(a, notes);
    const bool             b_held = is_held(b, notes);
    if (a_held == b_held ? a->strike < b->strike : b_held) {
      found = v;
    }
  }
  return found;
}

uint32_t
voices_strike(Voices* const    self,
              NoteStack* const notes,
              const uint32_t   n,
              const Allocation allocation,
              const bool       steals,
              const Note       note,
              const bool       was_held)
{
  const bool again = allocation == ALLOCATE_SAME_KEY;
  uint32_t   v =
    again || was_held ? voice_of_key(self, n, note, !again) : (uint32_t)NO_VOICE;
  v = v == NO_VOICE ? free_voice(self, n, allocation) : v;
  if (v == NO_VOICE && steals) {
    v = oldest_voice(self, notes, n);
    if (is_held(&self->voice[v], notes)) {
      note_stack_set_waiting(notes, self->voice[v].note, true);
    }
  }
  if (v != NO_VOICE) {
    start(self, notes, v, note);
  }
  return v;
}

static void
end(Voices* const self, VoiceNote* const voice)
{
  voice->is_on = false;
  voice->end   = ++self->n_ends;
}

void
voices_update(Voices* const    self,
              NoteStack* const notes,
              const uint32_t   n,
              const Allocation allocation,
              const ChannelSet channels)
{
  for (uint32_t v = 0; v < MAX_VOICES; ++v) {
    VoiceNote* const voice = &self->voice[v];
    if (voice->is_on && (v >= n || !sounds(voice, notes) ||
                         !channel_is_in(channels, voice->note.channel))) {
      end(self, voice);
    }
  }

  Note note;
  for (uint32_t v = free_voice(self, n, allocation);
       v != NO_VOICE && note_stack_pick_waiting(notes, channels, &note);
       v = free_voice(self, n, allocation)) {
    note_stack_set_waiting(notes, note, false);
    start(self, notes, v, note);
  }
}

void
voices_adopt(const Voices* const self,
             NoteStack* const    notes,
             const ChannelSet    channels)
{
  for (Note note = {1, 0}; note.channel <= MIDI_CHANNELS; ++note.channel) {
    for (note.key = 0; note.key < MIDI_KEYS; ++note.key) {
      const Key* const key = note_stack_key(notes, note);
      bool waits = key->strike && key->is_held && channel_is_in(channels, note.channel);
      for (uint32_t v = 0; waits && v < MAX_VOICES; ++v) {
        waits = !self->voice[v].is_on || self->voice[v].strike != key->strike;
      }
      note_stack_set_waiting(notes, note, waits);
    }
  }
}
