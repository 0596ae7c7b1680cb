// SPDX-License-Identifier: ISC
/// The buffers to which the ports of an engine are connected

#ifndef ENGINE_PORTS_H
#define ENGINE_PORTS_H

#include "host/engine_impl.h"
#include "host/host.h"
#include "host/patch.h"

#include <stdint.h>

/**
   Return the buffer of what arrives at `head`, or NULL if nothing does.

   Where several meet, they get a junction in `junctions`.
*/
void*
engine_head_buffer(Engine*      engine,
                   PatchEnd     head,
                   HostPortKind kind,
                   Junction**   junctions,
                   uint32_t*    n_junctions);

/// Return what a port of a block is connected to; inputs come before outputs
void*
engine_port_buffer(Engine* engine, uint32_t block, const HostPort* port);

/// Leave to later blocks the signals that none of them reads, once a block has run
void
engine_release_signals(Engine* engine, uint32_t block);

#endif // ENGINE_PORTS_H
