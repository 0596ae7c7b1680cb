// SPDX-License-Identifier: ISC

#include "host/engine_junctions.h"

#include "host/engine_buffers.h"
#include "host/message.h"

#include <lv2/atom/atom.h>
#include <lv2/atom/util.h>

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static void
mix(const Junction* const junction, const uint32_t n_frames)
{
  float* const to = (float*)junction->to;
  memcpy(to, junction->from[0], n_frames * sizeof(float));
  for (uint32_t f = 1; f < junction->n_from; ++f) {
    const float* const from = (const float*)junction->from[f];
    for (uint32_t i = 0; i < n_frames; ++i) {
      to[i] += from[i];
    }
  }
}

/// Have a port read from, or be found at, the buffer of its junction
static void
reconnect(Engine* const engine, const Junction* const junction)
{
  const PatchEnd head = junction->head;
  if (head.block == PATCH_ITSELF) {
    engine->output[head.port] = junction->to;
  } else {
    const Unit* const unit   = &engine->units[head.block];
    unit->buffers[head.port] = junction->to;
    lilv_instance_connect_port(unit->instance, head.port, junction->to);
  }
}

/// Have room for `size` bytes of events in a block, however many there are
static void
make_room(Engine* const engine, Junction* const junction, const size_t size)
{
  const size_t needed = sizeof(LV2_Atom_Sequence_Body) + size;
  if (needed <= junction->n_room || engine->keeps_memory) {
    return;
  }
  if (needed > UINT32_MAX / 2U) {
    message_error(engine->patch->path, NULL, "too much MIDI meets in one block");
    exit(EXIT_FAILURE);
  }

  junction->n_room = 2U * (uint32_t)needed;
  junction->to     = engine_new_events(engine, junction->n_room);
  reconnect(engine, junction);
}

/// Return the event of a source that `next` stands at, or NULL at the end
static const LV2_Atom_Event*
event_at(const LV2_Atom_Sequence* const from, const LV2_Atom_Event* const next)
{
  return lv2_atom_sequence_is_end(&from->body, from->atom.size, next) ? NULL : next;
}

/// Return the source with the earliest event left, the first of these; n_from if all
/// end
static uint32_t
earliest_source(const Junction* const junction)
{
  uint32_t earliest = junction->n_from;
  int64_t  frame    = 0;
  for (uint32_t f = 0; f < junction->n_from; ++f) {
    const LV2_Atom_Event* const event =
      event_at((const LV2_Atom_Sequence*)junction->from[f], junction->next[f]);
    if (event && (earliest == junction->n_from || event->time.frames < frame)) {
      earliest = f;
      frame    = event->time.frames;
    }
  }

  return earliest;
}

/// Return the bytes of the events of all sources
static size_t
merged_size(const Junction* const junction)
{
  size_t size = 0;
  for (uint32_t f = 0; f < junction->n_from; ++f) {
    const LV2_Atom_Sequence* const from = (const LV2_Atom_Sequence*)junction->from[f];
    size += from->atom.size - sizeof(LV2_Atom_Sequence_Body);
  }
  return size;
}

static void
merge(Engine* const engine, Junction* const junction)
{
  make_room(engine, junction, merged_size(junction));

  LV2_Atom_Sequence* const to = (LV2_Atom_Sequence*)junction->to;
  lv2_atom_sequence_clear(to);
  for (uint32_t f = 0; f < junction->n_from; ++f) {
    const LV2_Atom_Sequence* const from = (const LV2_Atom_Sequence*)junction->from[f];
    junction->next[f]                   = lv2_atom_sequence_begin(&from->body);
  }
  for (uint32_t f = 0; (f = earliest_source(junction)) < junction->n_from;) {
    lv2_atom_sequence_append_event(to, junction->n_room, junction->next[f]);
    junction->next[f] = lv2_atom_sequence_next(junction->next[f]);
  }
}

void
engine_run_junctions(Engine* const   engine,
                     Junction* const junctions,
                     const uint32_t  n_junctions,
                     const uint32_t  n_frames)
{
  for (uint32_t i = 0; i < n_junctions; ++i) {
    if (junctions[i].kind == HOST_EVENTS) {
      merge(engine, &junctions[i]);
    } else {
      mix(&junctions[i], n_frames);
    }
  }
}
