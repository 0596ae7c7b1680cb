// SPDX-License-Identifier: ISC

#include "host/engine_live.h"

#include "host/engine_impl.h"

#include <lilv/lilv.h>

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
  engine->located       = *position;
  engine->song          = &engine->located;
  engine->n_positions   = 1;
  engine->next_position = 0;
  engine->position      = position->frame; // From where the engine counts its frames
}

void
engine_restart(Engine* const engine)
{
  for (uint32_t b = 0; b < engine->patch->n_blocks; ++b) {
    lilv_instance_deactivate(engine->units[b].instance);
    lilv_instance_activate(engine->units[b].instance);
  }
  engine->song          = engine->first_song;
  engine->n_positions   = engine->n_first_positions;
  engine->next_position = 0;
  engine->position      = 0;
}

void
engine_keep_memory(Engine* const engine)
{
  engine->keeps_memory = true;
}
