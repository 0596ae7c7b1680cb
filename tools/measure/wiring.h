// SPDX-License-Identifier: ISC
/**
   A running plugin with something connected to each of its ports.

   Outputs write to a block each.  Inputs have their default, or what they are told to
   hold; optional signal inputs are left unconnected until then, others are silent.
*/

#ifndef WIRING_H
#define WIRING_H

#include "host/host.h"

#include <stdbool.h>
#include <stdint.h>

#define WIRING_BLOCK_FRAMES 1024U ///< Longest block that can be run

typedef struct WiringImpl Wiring;

/// Instantiate and connect, but don't activate; returns NULL if the plugin refuses
Wiring*
wiring_new(Host* host, const HostPlugin* plugin, double sample_rate);

void
wiring_free(Wiring* wiring);

/// Activate, after the first values have been set
void
wiring_activate(Wiring* wiring);

/// Give an input one value for all time to come
void
wiring_hold(Wiring* wiring, const HostPort* port, float value);

/// Let a signal input read `data`, which the caller keeps
void
wiring_connect(Wiring* wiring, const HostPort* port, float* data);

/// Connect a signal to the block that it has, whatever it was connected to
void
wiring_connect_block(Wiring* wiring, const HostPort* port);

/// Return the block that a signal output writes to
const float*
wiring_block(const Wiring* wiring, const HostPort* port);

/// Return what a control port holds, which an output is written to
float
wiring_control(const Wiring* wiring, const HostPort* port);

/// Send three bytes of MIDI at a frame of the next block
void
wiring_send(Wiring*         wiring,
            Host*           host,
            const HostPort* port,
            uint32_t        frame,
            const uint8_t*  bytes);

/// Run a block
void
wiring_run(Wiring* wiring, uint32_t n_frames);

#endif // WIRING_H
