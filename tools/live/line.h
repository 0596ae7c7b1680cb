// SPDX-License-Identifier: ISC
/**
   A line: a port of a patch as the world outside sees it, which outlives the patch.

   When an edited patch takes over, its ports go on with the lines of the same name.
*/

#ifndef LINE_H
#define LINE_H

#include "host/host.h"

#include <stdbool.h>
#include <stdint.h>

#define LINE_MAX_EVENTS 512 ///< In one cycle; more are dropped

/// A MIDI message of a cycle
typedef struct {
  uint32_t       frame; ///< In the cycle
  uint32_t       size;
  const uint8_t* bytes;
} LineEvent;

/// Keys that a player holds at the moment, of one channel
typedef struct {
  uint8_t velocities[128]; ///< 0 of a key that is up
  uint8_t bend[2];
  uint8_t wheel;
  uint8_t pedal;
} LineKeys;

typedef struct {
  char*        name;
  HostPortKind kind;
  bool         is_output;
  void*        port;   ///< What the client has of it
  float*       signal; ///< Frames of this cycle, if it is audio or CV
  LineEvent*   events; ///< Of this cycle, by frame, if it is MIDI
  uint32_t     n_events;
  LineKeys*    keys;    ///< By channel, if it is MIDI
  uint64_t     n_cycle; ///< The last one for which it was fetched
} Line;

Line*
line_new(const char* name, HostPortKind kind, bool is_output);

void
line_free(Line* line);

/// Note what a MIDI message does to keys, wheels and the pedal
void
line_follow(Line* line, const LineEvent* event);

/// Write the message that brings back what is held, number `n` from 0 on; returns
/// whether there is such a one, and in `size` 0 if it is not needed
bool
line_recall(const Line* line, uint32_t n, uint8_t bytes[3], uint32_t* size);

#endif // LINE_H
