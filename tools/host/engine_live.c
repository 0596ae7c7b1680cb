// SPDX-License-Identifier: ISC

#include "host/engine_live.h"

#include "host/engine_impl.h"

#include <assert.h>

void
engine_turn(Engine* const  engine,
            const uint32_t block,
            const uint32_t port,
            const float    value)
{
  engine->units[block].controls[port] = value;
}

void
engine_locate(Engine* const engine, const Position* const position)
{
  assert(engine->transport);
  engine->start         = *position;
  engine->song          = &engine->start;
  engine->n_positions   = 1;
  engine->next_position = 0;
  engine->position      = position->frame; // From where the engine counts its frames
}
