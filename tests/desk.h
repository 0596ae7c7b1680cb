// SPDX-License-Identifier: ISC
/**
   A plugin of the bundle, with a buffer for each of its ports, to be played by hand.

   Anything that goes wrong fails the test.
*/

#ifndef DESK_H
#define DESK_H

#include "host.h"

#include <lv2/atom/atom.h>

#include <stdint.h>

enum {
  DESK_PORTS  = 64,   ///< Most ports that a plugin has
  DESK_FRAMES = 9600, ///< Longest run
  DESK_WORDS  = 8192  ///< Room for events, of 8 bytes each
};

typedef struct {
  Host*             host;
  const HostPlugin* plugin;
  LilvInstance*     instance;
  float             control[DESK_PORTS];
  float             signal[DESK_PORTS][DESK_FRAMES];
  uint64_t          events[DESK_WORDS]; ///< A sequence, for the port that takes events
} Desk;

/// Load a plugin and connect all of its ports
void
desk_open(Desk* desk, const char* uri, double sample_rate);

void
desk_close(Desk* desk);

/// Set all knobs to their defaults, all signals to 0, clear events, and start anew
void
desk_start(Desk* desk);

/// Return where a knob is turned
float*
desk_knob(Desk* desk, const char* symbol);

/// Return the frames of a signal
float*
desk_signal(Desk* desk, const char* symbol);

/// Put `value` on all frames of a signal
void
desk_fill(Desk* desk, const char* symbol, float value);

/// Leave a port unconnected
void
desk_unplug(Desk* desk, const char* symbol);

void
desk_clear_events(Desk* desk);

/// Return the events, to be made as no host should make them
LV2_Atom_Sequence*
desk_sequence(Desk* desk);

/// Append an event of which `n_bytes` are there, but `size` are announced
void
desk_add_event(Desk*          desk,
               int64_t        frame,
               const char*    type,
               const uint8_t* bytes,
               uint32_t       n_bytes,
               uint32_t       size);

/// Append a MIDI message of three bytes
void
desk_add_midi(Desk* desk, int64_t frame, uint8_t status, uint8_t data1, uint8_t data2);

/// Run the plugin for up to DESK_FRAMES, from the start of all buffers
void
desk_run(Desk* desk, uint32_t n_frames);

#endif // DESK_H
