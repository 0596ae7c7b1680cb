// SPDX-License-Identifier: ISC
/**
   An engine that goes on where another one stops, such as that of the same patch with
   plugins that were built anew.

   Blocks of the same name and plugin go on, all others start anew.
*/

#ifndef ENGINE_HANDOVER_H
#define ENGINE_HANDOVER_H

#include "host/engine.h"

#include <stdbool.h>
#include <stdint.h>

/// Prepare for engine_go_on(), as either of the two
void
engine_prepare(Engine* engine);

/**
   Go on from what another engine has come to, between two of its blocks.

   Real-time safe; both must be prepared, and their hosts have the numbers of URIs in
   common.  The other engine may play on.
*/
void
engine_go_on(Engine* engine, const Engine* from);

/// Return true if a block has gone on, and did not start anew
bool
engine_has_gone_on(const Engine* engine, uint32_t block);

/// Return true if all blocks that follow the song know where it is from before
bool
engine_knows_song(const Engine* engine);

/// Return true if a port of the patch leads to blocks, and all of these start anew
bool
engine_starts_at(const Engine* engine, uint32_t port);

#endif // ENGINE_HANDOVER_H
