// SPDX-License-Identifier: ISC

#include "host/engine.h"

#include "host/cables.h"
#include "host/clock.h"
#include "host/engine_buffers.h"
#include "host/engine_fade.h"
#include "host/engine_impl.h"
#include "host/engine_junctions.h"
#include "host/engine_ports.h"
#include "host/message.h"
#include "host/position.h"
#include "host/xalloc.h"

#include <lv2/atom/atom.h>
#include <lv2/atom/util.h>

#include <stdlib.h>
#include <string.h>

// ---- Units

static bool
check_plugin(const Engine* const engine, const PatchBlock* const block)
{
  for (uint32_t p = 0; p < block->plugin->n_ports; ++p) {
    const HostPort* const port = &block->plugin->ports[p];
    if (port->kind == HOST_UNKNOWN && !port->is_optional) {
      message_error(engine->patch->path,
                    block->name,
                    "%s needs port %s, which is of a kind that is not known here",
                    block->plugin->name,
                    port->symbol);
      return false;
    }
  }

  return true;
}

static bool
instantiate(Engine* const engine, const uint32_t index)
{
  const Patch* const      patch = engine->patch;
  const PatchBlock* const block = &patch->blocks[index];
  Unit* const             unit  = &engine->units[index];
  if (!check_plugin(engine, block)) {
    return false;
  }

  unit->instance = host_instantiate(patch->host, block->plugin, patch->sample_rate);
  if (!unit->instance) {
    char* const feature = host_missing_feature(block->plugin);
    message_error(patch->path,
                  block->name,
                  "%s can't be used: %s%s",
                  block->plugin->name,
                  feature ? "it needs a host with " : "its library does not load",
                  feature ? feature : "");
    free(feature);
  }
  return unit->instance;
}

static bool
new_unit(Engine* const engine, const uint32_t index)
{
  if (!instantiate(engine, index)) {
    return false;
  }

  const PatchBlock* const block  = &engine->patch->blocks[index];
  const HostPlugin* const plugin = block->plugin;
  Unit* const             unit   = &engine->units[index];

  unit->controls =
    (float*)engine_new_buffer(engine, (plugin->n_ports + 1U) * sizeof(float));
  unit->outputs =
    (void**)engine_new_buffer(engine, (plugin->n_ports + 1U) * sizeof(void*));
  unit->buffers =
    (void**)engine_new_buffer(engine, (plugin->n_ports + 1U) * sizeof(void*));
  memcpy(unit->controls, block->values, plugin->n_ports * sizeof(float));
  unit->n_readers =
    (uint32_t*)engine_new_buffer(engine, (plugin->n_ports + 1U) * sizeof(uint32_t));
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    unit->n_readers[p] = cables_at(&engine->tails, (PatchEnd){index, p}).n;
  }
  return true;
}

static void
connect_ports(Engine* const engine, const uint32_t index, const bool is_output)
{
  const HostPlugin* const plugin = engine->patch->blocks[index].plugin;
  const Unit* const       unit   = &engine->units[index];
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    const HostPort* const port = &plugin->ports[p];
    if (port->is_output == is_output) {
      unit->buffers[p] = engine_port_buffer(engine, index, port);
      lilv_instance_connect_port(unit->instance, p, unit->buffers[p]);
    }
  }
}

/// Connect a block, after all that run before it
static void
connect_unit(Engine* const engine, const uint32_t index)
{
  connect_ports(engine, index, false);
  connect_ports(engine, index, true);
  engine_release_signals(engine, index);
  lilv_instance_activate(engine->units[index].instance);
  engine->units[index].is_active = true;
}

/// Tell plugins how much room their outputs of events have
static void
offer_room(const Engine* const engine, const Unit* const unit)
{
  for (uint32_t i = 0; i < unit->n_event_outputs; ++i) {
    const EventOutput* const output = &unit->event_outputs[i];
    output->events->atom.type       = engine->chunk_type;
    output->events->atom.size       = output->size;
  }
}

/// Make outputs empty into which the plugin has written nothing
static void
check_events(const Engine* const engine, const Unit* const unit)
{
  for (uint32_t i = 0; i < unit->n_event_outputs; ++i) {
    LV2_Atom_Sequence* const events = unit->event_outputs[i].events;
    if (events->atom.type != engine->sequence_type) {
      events->atom.type = engine->sequence_type;
      lv2_atom_sequence_clear(events);
    }
  }
}

/// Run a unit, and before it the instance that it had before while that fades
static void
run_unit(Engine* const engine, const Unit* const unit, const uint32_t n_frames)
{
  const bool is_fading = unit->fade && unit->fade->n_left;

  engine_run_junctions(engine, unit->junctions, unit->n_junctions, n_frames);
  if (is_fading) {
    offer_room(engine, unit);
    fade_run(unit->fade, n_frames);
  }
  offer_room(engine, unit);
  lilv_instance_run(unit->instance, n_frames);
  check_events(engine, unit);
  if (is_fading) {
    fade_cross(unit->fade, unit->buffers, n_frames);
  }
}

static void
run_measured(Engine* const engine, Unit* const unit, const uint32_t n_frames)
{
  const double start_s = clock_now_s();

  run_unit(engine, unit, n_frames);
  unit->time_s += clock_now_s() - start_s;
}

// ---- The song

/// Make ready for the changes of the song; between them, it goes by itself
static void
begin_song(Engine* const engine, const Position* const song, const size_t n_positions)
{
  const Patch* const patch = engine->patch;
  engine->song             = song;
  engine->n_positions      = n_positions;
  if (!n_positions && patch->tempo_bpm > 0.0) {
    engine->start       = position_at(0, patch->tempo_bpm, patch->sample_rate);
    engine->song        = &engine->start;
    engine->n_positions = 1;
  }
  if (engine->n_positions) {
    const size_t n_most = engine->n_positions < engine->max_frames ? engine->n_positions
                                                                   : engine->max_frames;
    engine->transport   = engine_new_events(engine, n_most * POSITION_SIZE);
  }
  engine->first_song        = engine->song;
  engine->n_first_positions = engine->n_positions;
}

/// Write the changes of the song within a block
static void
run_song(Engine* const engine, const uint32_t n_frames)
{
  lv2_atom_sequence_clear(engine->transport);
  for (; engine->next_position < engine->n_positions; ++engine->next_position) {
    const Position* const change = &engine->song[engine->next_position];
    const int64_t         at     = change->frame - engine->position;
    if (at >= (int64_t)n_frames) {
      break;
    }
    position_append(change, engine->patch->host, at, false, engine->transport);
  }

  engine->position += n_frames;
}

// ---- The engine

/// Find where the outputs of the patch are
static void
connect_outputs(Engine* const engine)
{
  const Patch* const patch = engine->patch;
  for (uint32_t p = 0; p < patch->n_ports; ++p) {
    const PatchPort* const port = &patch->ports[p];
    if (port->is_output) {
      engine->output[p] = engine_head_buffer(engine,
                                             (PatchEnd){PATCH_ITSELF, p},
                                             port->kind,
                                             &engine->mixdowns,
                                             &engine->n_mixdowns);
    }
  }
}

Engine*
engine_new_song(const Patch* const    patch,
                void* const* const    input,
                const uint32_t        max_frames,
                const Position* const song,
                const size_t          n_positions)
{
  Engine* const engine = (Engine*)xalloc(calloc(1, sizeof(Engine)));

  engine->patch         = patch;
  engine->max_frames    = max_frames;
  engine->input         = input;
  engine->sequence_type = host_map(patch->host, LV2_ATOM__Sequence);
  engine->chunk_type    = host_map(patch->host, LV2_ATOM__Chunk);
  cables_sort_heads(&engine->heads, patch);
  cables_sort_tails(&engine->tails, patch);
  engine->units  = (Unit*)xalloc(calloc(patch->n_blocks + 1U, sizeof(Unit)));
  engine->output = (void**)engine_new_buffer(engine, patch->n_ports * sizeof(void*));
  begin_song(engine, song, n_positions);
  for (uint32_t b = 0; b < patch->n_blocks; ++b) {
    if (!new_unit(engine, b)) {
      engine_free(engine);
      return NULL;
    }
  }
  for (uint32_t i = 0; i < patch->n_blocks; ++i) {
    connect_unit(engine, patch->order[i]);
  }
  connect_outputs(engine);
  return engine;
}

Engine*
engine_new(const Patch* const patch,
           void* const* const input,
           const uint32_t     max_frames)
{
  return engine_new_song(patch, input, max_frames, NULL, 0);
}

static void
free_unit(Unit* const unit)
{
  if (unit->is_active) {
    lilv_instance_deactivate(unit->instance);
  }
  lilv_instance_free(unit->instance);
  handover_free(&unit->handover);
  free(unit->event_outputs);
  free(unit->junctions);
}

void
engine_free(Engine* const engine)
{
  for (uint32_t b = 0; b < engine->patch->n_blocks; ++b) {
    free_unit(&engine->units[b]);
  }
  for (uint32_t i = 0; i < engine->n_buffers; ++i) {
    free(engine->buffers[i]);
  }
  free(engine->buffers);
  free(engine->spare);
  cables_free(&engine->heads);
  cables_free(&engine->tails);
  free(engine->mixdowns);
  free(engine->units);
  free(engine);
}

void
engine_run(Engine* const engine, const uint32_t n_frames)
{
  if (engine->transport) {
    run_song(engine, n_frames);
  }
  for (uint32_t i = 0; i < engine->patch->n_blocks; ++i) {
    Unit* const unit = &engine->units[engine->patch->order[i]];
    if (engine->is_measured) {
      run_measured(engine, unit, n_frames);
    } else {
      run_unit(engine, unit, n_frames);
    }
  }
  engine_run_junctions(engine, engine->mixdowns, engine->n_mixdowns, n_frames);
}

const float*
engine_output(const Engine* const engine, const uint32_t port)
{
  return (const float*)engine->output[port];
}

uint32_t
engine_n_signals(const Engine* const engine)
{
  return engine->n_signals;
}

void
engine_measure(Engine* const engine)
{
  engine->is_measured = true;
}

double
engine_time_s(const Engine* const engine, const uint32_t block)
{
  return engine->units[block].time_s;
}
