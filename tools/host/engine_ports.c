// SPDX-License-Identifier: ISC

#include "host/engine_ports.h"

#include "host/cables.h"
#include "host/engine_buffers.h"
#include "host/xalloc.h"

#include <lv2/atom/atom.h>
#include <lv2/resize-port/resize-port.h>

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#define EVENTS_SIZE 16384U ///< What an output of events gets if it asks for no more
#define MERGED_SIZE 65536U ///< What several cables with MIDI can bring at first

// ---- Cables

/// Return the buffer that a cable comes from
static void*
tail_buffer(const Engine* const engine, const PatchEnd tail)
{
  if (tail.block == PATCH_ITSELF) {
    return engine->input[tail.port];
  }

  // NOLINTNEXTLINE(clang-analyzer-core.NullDereference): new_unit() has been there
  return engine->units[tail.block].outputs[tail.port];
}

/// Return true if the song is told at a port, as if by a cable more
static bool
has_song(const Engine* const engine, const PatchEnd head)
{
  return engine->transport && head.block != PATCH_ITSELF &&
         engine->patch->blocks[head.block].plugin->ports[head.port].has_transport;
}

/// Return the buffers of all cables that lead to `head`, and of the song
static void**
tail_buffers(Engine* const engine, const PatchEnd head, const uint32_t n_sources)
{
  const CableList cables = cables_at(&engine->heads, head);
  void** const    from   = (void**)engine_new_buffer(engine, n_sources * sizeof(void*));
  uint32_t        n_from = 0;
  if (has_song(engine, head)) {
    from[n_from++] = engine->transport;
  }
  for (uint32_t i = 0; i < cables.n; ++i) {
    from[n_from++] = tail_buffer(engine, engine->patch->cables[cables.numbers[i]].tail);
  }
  return from;
}

void*
engine_head_buffer(Engine* const      engine,
                   const PatchEnd     head,
                   const HostPortKind kind,
                   Junction** const   junctions,
                   uint32_t* const    n_junctions)
{
  const uint32_t n_sources = cables_at(&engine->heads, head).n + has_song(engine, head);
  if (!n_sources) {
    return NULL;
  }

  void** const from = tail_buffers(engine, head, n_sources);
  if (n_sources == 1) {
    return from[0];
  }

  Junction junction = {.from = from, .n_from = n_sources, .kind = kind, .head = head};
  if (kind == HOST_EVENTS) {
    junction.n_room = MERGED_SIZE;
    junction.to     = engine_new_events(engine, MERGED_SIZE);
    junction.next   = (const LV2_Atom_Event**)engine_new_buffer(
      engine, n_sources * sizeof(LV2_Atom_Event*));
  } else {
    junction.to = engine_take_signal(engine);
  }
  *junctions = (Junction*)xgrow(*junctions, *n_junctions, sizeof(Junction));
  (*junctions)[(*n_junctions)++] = junction;
  return junction.to;
}

// ---- Ports

static float
number_or_0(const float number)
{
  return isfinite(number) ? number : 0.0f;
}

/// Return the bytes that an output of events asks for
static size_t
events_size(const Engine* const     engine,
            const HostPlugin* const plugin,
            const uint32_t          index)
{
  LilvWorld* const world = host_world(engine->patch->host);
  LilvNode* const  uri   = lilv_new_uri(world, LV2_RESIZE_PORT__minimumSize);
  LilvNode* const  node  = lilv_port_get(
    plugin->lilv, lilv_plugin_get_port_by_index(plugin->lilv, index), uri);
  const int size = node ? lilv_node_as_int(node) : 0;

  lilv_node_free(node);
  lilv_node_free(uri);
  return size > (int)EVENTS_SIZE ? (size_t)size : EVENTS_SIZE;
}

static LV2_Atom_Sequence*
new_event_output(Engine* const           engine,
                 Unit* const             unit,
                 const HostPlugin* const plugin,
                 const uint32_t          index)
{
  const size_t             size   = events_size(engine, plugin, index);
  LV2_Atom_Sequence* const events = engine_new_events(engine, size);
  unit->event_outputs             = (EventOutput*)xgrow(
    unit->event_outputs, unit->n_event_outputs, sizeof(EventOutput));
  unit->event_outputs[unit->n_event_outputs++] = (EventOutput){events, (uint32_t)size};
  return events;
}

/// Return the buffer of an output, or NULL if it needs none
static void*
new_output(Engine* const           engine,
           Unit* const             unit,
           const HostPlugin* const plugin,
           const HostPort* const   port)
{
  const bool is_connected = unit->n_readers[port->index];

  return !port->is_output ? NULL
         : port->kind == HOST_EVENTS
           ? (void*)new_event_output(engine, unit, plugin, port->index)
         : !host_is_signal(port)              ? NULL
         : port->is_optional && !is_connected ? NULL
                                              : (void*)engine_take_signal(engine);
}

/// Return what an input of a plugin gets that has no cable
static void*
unconnected_input(Engine* const engine, const HostPort* const port)
{
  return port->is_optional           ? NULL
         : port->kind == HOST_EVENTS ? (void*)engine_new_events(engine, 0)
         : port->kind == HOST_CV
           ? engine_new_signal(engine, number_or_0(port->default_value))
         : port->kind == HOST_AUDIO ? engine_new_signal(engine, 0.0f)
                                    : NULL;
}

void*
engine_port_buffer(Engine* const         engine,
                   const uint32_t        block,
                   const HostPort* const port)
{
  Unit* const    unit = &engine->units[block];
  const PatchEnd head = {block, port->index};
  if (port->kind == HOST_CONTROL) {
    return &unit->controls[port->index];
  }
  if (port->is_output) {
    unit->outputs[port->index] =
      new_output(engine, unit, engine->patch->blocks[block].plugin, port);
    return unit->outputs[port->index];
  }

  void* const cable =
    engine_head_buffer(engine, head, port->kind, &unit->junctions, &unit->n_junctions);
  return cable ? cable : unconnected_input(engine, port);
}

/// Note that a cable's head is connected, after which its tail may be read no more
static void
release_tail(Engine* const engine, const PatchEnd tail)
{
  if (tail.block == PATCH_ITSELF) {
    return;
  }

  Unit* const           unit = &engine->units[tail.block];
  const HostPort* const port =
    &engine->patch->blocks[tail.block].plugin->ports[tail.port];
  if (!--unit->n_readers[tail.port] && host_is_signal(port)) {
    engine_give_signal(engine, (float*)unit->outputs[tail.port]);
  }
}

void
engine_release_signals(Engine* const engine, const uint32_t block)
{
  const CableList         cables = cables_of(&engine->heads, block);
  const HostPlugin* const plugin = engine->patch->blocks[block].plugin;
  Unit* const             unit   = &engine->units[block];
  for (uint32_t i = 0; i < cables.n; ++i) {
    release_tail(engine, engine->patch->cables[cables.numbers[i]].tail);
  }
  for (uint32_t i = 0; i < unit->n_junctions; ++i) {
    if (unit->junctions[i].kind != HOST_EVENTS) {
      engine_give_signal(engine, (float*)unit->junctions[i].to);
    }
  }
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    if (host_is_signal(&plugin->ports[p]) && !unit->n_readers[p]) {
      engine_give_signal(engine, (float*)unit->outputs[p]);
    }
  }
}
