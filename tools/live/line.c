// SPDX-License-Identifier: ISC

#include "live/line.h"

#include "host/xalloc.h"

#include <stdlib.h>
#include <string.h>

#define N_CHANNELS 16U
#define N_KEYS 128U
#define PER_CHANNEL (N_KEYS + 3U) ///< Messages: wheel, pedal, bend, keys
#define WHEEL 1U
#define PEDAL 64U
#define BEND_MIDDLE 64U

Line*
line_new(const char* const name, const HostPortKind kind, const bool is_output)
{
  Line* const line = (Line*)xarray(1, sizeof(Line));

  line->name      = (char*)xalloc(strdup(name));
  line->kind      = kind;
  line->is_output = is_output;
  if (kind == HOST_EVENTS) {
    line->events = (LineEvent*)xarray(LINE_MAX_EVENTS, sizeof(LineEvent));
    line->keys   = (LineKeys*)xarray(N_CHANNELS, sizeof(LineKeys));
    for (uint32_t c = 0; c < N_CHANNELS; ++c) {
      line->keys[c].bend[1] = BEND_MIDDLE;
    }
  }
  return line;
}

void
line_free(Line* const line)
{
  free(line->keys);
  free(line->events);
  free(line->name);
  free(line);
}

static void
follow_controller(LineKeys* const keys, const uint8_t number, const uint8_t value)
{
  if (number == WHEEL) {
    keys->wheel = value;
  } else if (number == PEDAL) {
    keys->pedal = value;
  } else if (number == 120U || number >= 123U) { // All sound off, all notes off
    memset(keys->velocities, 0, sizeof(keys->velocities));
  }
}

void
line_follow(Line* const line, const LineEvent* const event)
{
  if (event->size != 3 || (event->bytes[1] | event->bytes[2]) > 127U) {
    return;
  }

  LineKeys* const keys = &line->keys[event->bytes[0] & 0x0FU];
  switch (event->bytes[0] & 0xF0U) {
  case 0x80U:
    keys->velocities[event->bytes[1]] = 0;
    break;
  case 0x90U:
    keys->velocities[event->bytes[1]] = event->bytes[2];
    break;
  case 0xB0U:
    follow_controller(keys, event->bytes[1], event->bytes[2]);
    break;
  case 0xE0U:
    memcpy(keys->bend, event->bytes + 1, 2);
    break;
  default:
    break;
  }
}

/// Return whether a message is needed after a start anew
static bool
is_needed(const uint8_t bytes[3])
{
  return (bytes[0] & 0xF0U) == 0xE0U ? bytes[1] || bytes[2] != BEND_MIDDLE : bytes[2];
}

bool
line_recall(const Line* const line,
            const uint32_t    n,
            uint8_t           bytes[3],
            uint32_t* const   size)
{
  const uint32_t channel = n / PER_CHANNEL;
  const uint32_t place   = n % PER_CHANNEL;
  if (channel >= N_CHANNELS) {
    return false;
  }

  const LineKeys* const keys       = &line->keys[channel];
  const uint32_t        key        = place - 3U;
  const uint8_t         message[3] = {(uint8_t)(channel | (place < 2    ? 0xB0U
                                                           : place == 2 ? 0xE0U
                                                                        : 0x90U)),
                              place == 0   ? WHEEL
                                      : place == 1 ? PEDAL
                                      : place == 2 ? keys->bend[0]
                                                   : (uint8_t)key,
                              place == 0   ? keys->wheel
                                      : place == 1 ? keys->pedal
                                      : place == 2 ? keys->bend[1]
                                                   : keys->velocities[key % N_KEYS]};
  memcpy(bytes, message, sizeof(message));
  *size = is_needed(message) ? 3 : 0;
  return true;
}
