// SPDX-License-Identifier: ISC

#include "midi/key_set.h"

#include <stdbool.h>
#include <string.h>

#define NAMES 12U
#define WORD_BITS 32U

/// The kinds of messages that matter, and the controllers
enum {
  NOTE_OFF   = 0x80,
  NOTE_ON    = 0x90,
  CONTROLLER = 0xb0,
  SOUND_OFF  = 120,
  NOTES_OFF  = 123, ///< And all above, which change the mode
};

static bool
is_any_held(const KeySet* const self)
{
  uint32_t held = 0;
  for (uint32_t c = 0; c < MIDI_CHANNELS; ++c) {
    for (uint32_t w = 0; w < MIDI_KEYS / WORD_BITS; ++w) {
      held |= self->held[c][w];
    }
  }
  return held != 0U;
}

void
key_set_message(KeySet* const self, const uint8_t* const bytes, const uint32_t size)
{
  if (size < 3U || bytes[1] > 127U || bytes[2] > 127U) {
    return;
  }

  const uint32_t  kind = bytes[0] & 0xf0U;
  uint32_t* const held = self->held[bytes[0] & 0x0fU];
  uint32_t* const word = &held[bytes[1] / WORD_BITS];
  const uint32_t  bit  = 1U << (bytes[1] % WORD_BITS);
  if (kind == NOTE_ON && bytes[2] > 0U) {
    const uint32_t names = is_any_held(self) ? self->names : 0U;
    self->names          = names | 1U << (bytes[1] % NAMES);
    *word |= bit;
  } else if (kind == NOTE_ON || kind == NOTE_OFF) {
    *word &= ~bit;
  } else if (kind == CONTROLLER && (bytes[1] == SOUND_OFF || bytes[1] >= NOTES_OFF)) {
    memset(held, 0, sizeof(self->held[0]));
  }
}
