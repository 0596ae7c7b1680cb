// SPDX-License-Identifier: ISC
/**
   A plugin of the bundle, with a buffer for each of its ports, to be played by hand.

   Anything that goes wrong fails the test.
*/

#ifndef FIXTURE_H
#define FIXTURE_H

#include "host/host.h"

#include <lv2/atom/atom.h>

#include <stdint.h>

enum {
  FIXTURE_PORTS  = 128,  ///< Most ports that a plugin has
  FIXTURE_FRAMES = 9600, ///< Longest run
  FIXTURE_WORDS  = 8192  ///< Room for events, of 8 bytes each
};

typedef struct {
  Host*             host;
  const HostPlugin* plugin;
  LilvInstance*     instance;
  float             control[FIXTURE_PORTS];
  float             signal[FIXTURE_PORTS][FIXTURE_FRAMES];
  uint64_t events[FIXTURE_WORDS];  ///< A sequence, for the port that takes events
  uint64_t notices[FIXTURE_WORDS]; ///< Likewise, for the port that sends some
  uint32_t notices_size;           ///< Bytes that the plugin may have of that
} Fixture;

/// Load a plugin and connect all of its ports
void
fixture_open(Fixture* fixture, const char* uri, double sample_rate);

void
fixture_close(Fixture* fixture);

/// Set all knobs to their defaults, all signals to 0, clear events, and start anew
void
fixture_start(Fixture* fixture);

/// Return where a knob is turned
float*
fixture_knob(Fixture* fixture, const char* symbol);

/// Return the frames of a signal
float*
fixture_signal(Fixture* fixture, const char* symbol);

/// Put `value` on all frames of a signal
void
fixture_fill(Fixture* fixture, const char* symbol, float value);

/// Leave a port unconnected
void
fixture_unplug(Fixture* fixture, const char* symbol);

/// Return where a port is connected when all are
void*
fixture_data(Fixture* fixture, uint32_t index);

/// Return what the plugin has sent in the last run
const LV2_Atom_Sequence*
fixture_notices(const Fixture* fixture);

void
fixture_clear_events(Fixture* fixture);

/// Return the events, to be made as no host should make them
LV2_Atom_Sequence*
fixture_sequence(Fixture* fixture);

/// Append an event with `n_bytes` there, but `size` announced
void
fixture_add_event(Fixture*       fixture,
                  int64_t        frame,
                  const char*    type,
                  const uint8_t* bytes,
                  uint32_t       n_bytes,
                  uint32_t       size);

/// Append a MIDI message of three bytes
void
fixture_add_midi(Fixture* fixture,
                 int64_t  frame,
                 uint8_t  status,
                 uint8_t  data1,
                 uint8_t  data2);

/// Run the plugin for up to FIXTURE_FRAMES, from the start of all buffers
void
fixture_run(Fixture* fixture, uint32_t n_frames);

#endif // FIXTURE_H
