// SPDX-License-Identifier: ISC
/**
   Other plugins that go on where those of an engine stop, such as the same ones built
   anew.

   Blocks whose plugins the other bundle does not have keep what they have.  Ports must
   be the same.  A plugin whose state has another layout takes of it what has a name, or
   starts anew.  Each sound crosses over within ENGINE_FADE_S, which changes nothing
   where both are the same.  A swap that is ready takes no memory and no files to be
   carried out.
*/

#ifndef ENGINE_SWAP_H
#define ENGINE_SWAP_H

#include "host/engine.h"
#include "host/host.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct EngineSwapImpl EngineSwap;

/**
   Instantiate the plugins of `bundle` that are to go on in the blocks of an engine.

   `name` is that of the bundle in reports.  Its host is needed until the engine and all
   of its swaps are freed, the engine first.  Returns NULL after a report if there are
   no such plugins, or one cannot take over; nothing has changed then.
*/
EngineSwap*
engine_swap_new(Engine* engine, Host* bundle, const char* name);

void
engine_swap_free(EngineSwap* swap);

/// Let them go on, between two blocks; a block stays as it is if its plugin hands over
/// no state, which returns false after a report
bool
engine_swap_run(EngineSwap* swap);

/// Return how many blocks have a plugin from the bundle
uint32_t
engine_swap_n_blocks(const EngineSwap* swap);

/// Return the seconds that it took
double
engine_swap_time_s(const EngineSwap* swap);

#endif // ENGINE_SWAP_H
