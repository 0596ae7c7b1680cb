// SPDX-License-Identifier: ISC

#include "host/engine_handover.h"

#include "host/cables.h"
#include "host/engine_impl.h"
#include "host/handover.h"
#include "host/patch_names.h"

#include <stddef.h>
#include <string.h>

void
engine_prepare(Engine* const engine)
{
  for (uint32_t b = 0; b < engine->patch->n_blocks; ++b) {
    Unit* const unit = &engine->units[b];
    unit->handover   = handover_new(engine->patch->host);
    unit->hands_over = handover_prepare(&unit->handover, unit->instance);
  }
}

/// Return the unit whose state a block goes on from, or NULL
static Unit*
find_unit(const Engine* const from, const PatchBlock* const block)
{
  const PatchBlock* const found =
    patch_find_block(from->patch, block->name, strlen(block->name));
  if (!found || strcmp(found->plugin->uri, block->plugin->uri) != 0) {
    return NULL;
  }

  Unit* const unit = &from->units[found - from->patch->blocks];
  return unit->hands_over ? unit : NULL;
}

void
engine_go_on(Engine* const engine, const Engine* const from)
{
  for (uint32_t b = 0; b < engine->patch->n_blocks; ++b) {
    Unit* const unit   = &engine->units[b];
    Unit* const before = find_unit(from, &engine->patch->blocks[b]);
    unit->goes_on      = before && unit->hands_over &&
                    handover_save(&before->handover, before->instance) &&
                    handover_restore(&before->handover, unit->instance);
  }

  // Whoever goes on knows of all changes so far
  engine->next_position = engine->n_positions;
  engine->position      = from->position;
}

bool
engine_has_gone_on(const Engine* const engine, const uint32_t block)
{
  return engine->units[block].goes_on;
}

bool
engine_knows_song(const Engine* const engine)
{
  for (uint32_t b = 0; b < engine->patch->n_blocks; ++b) {
    const HostPlugin* const plugin = engine->patch->blocks[b].plugin;
    for (uint32_t p = 0; p < plugin->n_ports && !engine->units[b].goes_on; ++p) {
      if (plugin->ports[p].has_transport && !plugin->ports[p].is_output) {
        return false;
      }
    }
  }

  return true;
}

bool
engine_starts_at(const Engine* const engine, const uint32_t port)
{
  const CableList cables = cables_at(&engine->tails, (PatchEnd){PATCH_ITSELF, port});
  bool            starts = false;
  for (uint32_t i = 0; i < cables.n; ++i) {
    const PatchEnd head = engine->patch->cables[cables.numbers[i]].head;
    if (head.block != PATCH_ITSELF && engine->units[head.block].goes_on) {
      return false;
    }
    starts = starts || head.block != PATCH_ITSELF;
  }
  return starts;
}
