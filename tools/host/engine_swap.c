// SPDX-License-Identifier: ISC

#include "host/engine_swap.h"

#include "host/clock.h"
#include "host/engine_fade.h"
#include "host/engine_impl.h"
#include "host/handover.h"
#include "host/message.h"
#include "host/xalloc.h"

#include <stdlib.h>
#include <string.h>

/// A plugin that is to go on in a block
typedef struct {
  LilvInstance* instance; ///< That before, after the swap; NULL if the block stays
  Handover      handover;
  Fade          fade; ///< Of that before
} Successor;

struct EngineSwapImpl {
  const Patch* patch;
  Engine*      engine;
  const char*  name;       ///< Of the bundle
  Successor*   successors; ///< By block
  uint32_t     n_blocks;   ///< With a successor
  double       time_s;
};

// ---- Before

static bool
has_same_ports(const HostPlugin* const a, const HostPlugin* const b)
{
  bool same = a->n_ports == b->n_ports;
  for (uint32_t p = 0; same && p < a->n_ports; ++p) {
    same = !strcmp(a->ports[p].symbol, b->ports[p].symbol) &&
           a->ports[p].kind == b->ports[p].kind &&
           a->ports[p].is_output == b->ports[p].is_output;
  }
  return same;
}

/// Complain of what keeps a plugin from a block
static bool
refuse(const EngineSwap* const swap,
       const PatchBlock* const block,
       const char* const       why)
{
  message_error(
    swap->name, block->name, "%s cannot go on here: %s", block->plugin->name, why);
  return false;
}

/// Let a successor take a state while there is time, for memory; one that refuses it is
/// to start anew
static bool
try_handover(const EngineSwap* const swap, const uint32_t index)
{
  const PatchBlock* const block     = &swap->patch->blocks[index];
  const Unit* const       unit      = &swap->engine->units[index];
  Successor* const        successor = &swap->successors[index];
  if (!handover_save(&successor->handover, successor->instance) ||
      !handover_save(&successor->handover, unit->instance)) {
    return refuse(swap, block, "it does not hand over its state");
  }

  handover_restore(&successor->handover, successor->instance);
  return true;
}

static bool
new_successor(EngineSwap* const swap, Host* const bundle, const uint32_t index)
{
  const Patch* const      patch  = swap->patch;
  const PatchBlock* const block  = &patch->blocks[index];
  const HostPlugin* const plugin = host_plugin(bundle, block->plugin->uri);
  if (!plugin) {
    return true;
  }
  if (!has_same_ports(block->plugin, plugin)) {
    return refuse(swap, block, "it has other ports");
  }

  Successor* const successor = &swap->successors[index];
  successor->handover        = handover_new(patch->host);
  successor->instance = host_instantiate(patch->host, plugin, patch->sample_rate);
  if (!successor->instance) {
    return refuse(swap, block, "its library does not load");
  }

  lilv_instance_activate(successor->instance);
  fade_open(
    &successor->fade, block->plugin, swap->engine->max_frames, patch->sample_rate);
  ++swap->n_blocks;
  return try_handover(swap, index);
}

EngineSwap*
engine_swap_new(Engine* const engine, Host* const bundle, const char* const name)
{
  const uint32_t    n_blocks = engine->patch->n_blocks;
  EngineSwap* const swap     = (EngineSwap*)xalloc(calloc(1, sizeof(EngineSwap)));

  swap->patch      = engine->patch;
  swap->engine     = engine;
  swap->name       = name;
  swap->successors = (Successor*)xarray(n_blocks, sizeof(Successor));
  bool ok          = true;
  for (uint32_t b = 0; ok && b < n_blocks; ++b) {
    ok = new_successor(swap, bundle, b);
  }
  if (ok && !swap->n_blocks) {
    message_error(name, NULL, "has none of the plugins of the patch");
  }
  if (!ok || !swap->n_blocks) {
    engine_swap_free(swap);
    return NULL;
  }
  return swap;
}

void
engine_swap_free(EngineSwap* const swap)
{
  for (uint32_t b = 0; b < swap->patch->n_blocks; ++b) {
    Successor* const successor = &swap->successors[b];
    if (successor->instance) {
      lilv_instance_deactivate(successor->instance);
      lilv_instance_free(successor->instance);
    }
    handover_free(&successor->handover);
    fade_close(&successor->fade);
  }
  free(swap->successors);
  free(swap);
}

// ---- Between two blocks

static bool
exchange(const EngineSwap* const swap, const uint32_t index)
{
  const HostPlugin* const plugin    = swap->patch->blocks[index].plugin;
  Unit* const             unit      = &swap->engine->units[index];
  Successor* const        successor = &swap->successors[index];
  LilvInstance* const     old       = unit->instance;
  if (!handover_save(&successor->handover, old)) {
    return false;
  }

  handover_restore(&successor->handover, successor->instance);
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    lilv_instance_connect_port(successor->instance, p, unit->buffers[p]);
  }
  fade_begin(&successor->fade, old);
  unit->fade          = &successor->fade;
  unit->instance      = successor->instance;
  successor->instance = old;
  return true;
}

bool
engine_swap_run(EngineSwap* const swap)
{
  const Patch* const patch   = swap->patch;
  const double       start_s = clock_now_s();
  uint32_t           refused = patch->n_blocks;
  for (uint32_t b = 0; b < patch->n_blocks; ++b) {
    if (swap->successors[b].instance && !exchange(swap, b)) {
      refused = b;
    }
  }
  swap->time_s = clock_now_s() - start_s;
  return refused == patch->n_blocks ||
         refuse(swap, &patch->blocks[refused], "it does not hand over its state");
}

uint32_t
engine_swap_n_blocks(const EngineSwap* const swap)
{
  return swap->n_blocks;
}

double
engine_swap_time_s(const EngineSwap* const swap)
{
  return swap->time_s;
}
