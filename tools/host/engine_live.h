// SPDX-License-Identifier: ISC
/**
   An engine that is played by hand: knobs turn and the song moves between two blocks.

   All of it is real-time safe, and belongs into the thread that runs the engine.
*/

#ifndef ENGINE_LIVE_H
#define ENGINE_LIVE_H

#include "host/engine.h"
#include "host/position.h"

#include <stdint.h>

/// Set a knob of a block, which is its control input `port`
void
engine_turn(Engine* engine, uint32_t block, uint32_t port, float value);

/**
   Have plugins be told of another place in the song, at the start of the next block.

   The engine must have been made with a song.  What it would have told otherwise is
   dropped.
*/
void
engine_locate(Engine* engine, const Position* position);

/// Have all blocks start anew, and the song that the engine was made with
void
engine_restart(Engine* engine);

/// Never allocate in a block: what is more MIDI at an input than there is room for is
/// lost
void
engine_keep_memory(Engine* engine);

#endif // ENGINE_LIVE_H
