// SPDX-License-Identifier: ISC

#include "live/rig.h"

#include "host/engine_handover.h"
#include "host/engine_live.h"
#include "host/ingen.h"
#include "host/message.h"
#include "host/number.h"
#include "host/patch_names.h"
#include "host/position.h"
#include "host/value.h"
#include "host/xalloc.h"

#include <lv2/atom/atom.h>
#include <lv2/atom/util.h>
#include <lv2/midi/midi.h>

#include <stdlib.h>
#include <string.h>

#define EVENTS_SIZE 65536U ///< Bytes of MIDI that an input takes in a block

// ---- The patch

/// Read the patch, and change it as the command line says
static bool
read_patch(Patch* const patch, const RigPlan* const plan)
{
  if (!ingen_read(patch, plan->path)) {
    return false;
  }

  bool ok = plan->tempo_bpm <= 0.0 || patch_set_tempo(patch, plan->tempo_bpm);
  for (uint32_t k = 0; k < plan->n_knobs; ++k) {
    ok = patch_set_text(patch, plan->knobs[k].name, plan->knobs[k].value) && ok;
  }
  return ok && patch_order(patch);
}

static void
keep_file_values(Rig* const rig)
{
  const Patch* const patch = &rig->patch;
  rig->live                = (float**)xarray(patch->n_blocks, sizeof(float*));
  for (uint32_t b = 0; b < patch->n_blocks; ++b) {
    const size_t n_ports = patch->blocks[b].plugin->n_ports;
    rig->live[b]         = (float*)xarray(n_ports, sizeof(float));
    memcpy(rig->live[b], patch->blocks[b].values, n_ports * sizeof(float));
  }
}

/// Have a block go on with knobs as they were turned, unless the file has changed them
static void
keep_turned(Rig* const rig, const uint32_t index, const Rig* const before)
{
  const PatchBlock* const block = &rig->patch.blocks[index];
  const PatchBlock* const old =
    patch_find_block(&before->patch, block->name, strlen(block->name));
  if (!old || strcmp(old->plugin->uri, block->plugin->uri) != 0) {
    return;
  }

  const float* const turned = before->live[old - before->patch.blocks];
  for (uint32_t p = 0; p < block->plugin->n_ports; ++p) {
    const HostPort* const port     = &block->plugin->ports[p];
    const HostPort* const old_port = host_port(old->plugin, port->symbol);
    char                  reason[VALUE_TEXT_SIZE] = "";
    if (host_is_knob(port) && old_port && host_is_knob(old_port)) {
      const HostPort scaled = host_port_at_rate(port, rig->patch.sample_rate);
      const float    value  = turned[old_port->index];
      if (block->values[p] == old->values[old_port->index] &&
          value_check(&scaled, value, reason)) {
        rig->live[index][p] = value;
      }
    }
  }
}

// ---- Controllers

static bool
add_control(Rig* const rig, const RigSetting* const setting)
{
  uint32_t number = 0;
  if (!number_read_whole(setting->name, 0, 127, &number)) {
    message_error("--cc", setting->name, "must be a whole number from 0 to 127");
    return false;
  }

  PatchBlock*           block = NULL;
  const HostPort* const port =
    patch_find_block_port(&rig->patch, setting->value, setting->value, true, &block);
  if (!port) {
    return false;
  }
  if (!host_is_knob(port)) {
    message_error("--cc", setting->value, "is no knob");
    return false;
  }

  RigControl* const control = &rig->controls[rig->n_controls];
  const HostPort    scaled  = host_port_at_rate(port, rig->patch.sample_rate);
  control->controller       = (uint8_t)number;
  control->block            = (uint32_t)(block - rig->patch.blocks);
  control->port             = port->index;
  for (uint32_t v = 0; v < 128; ++v) {
    control->values[v] = value_at_position(&scaled, v / 127.0);
  }
  atomic_store(&rig->positions[rig->n_controls++], -1);
  return true;
}

static bool
add_controls(Rig* const rig, const RigPlan* const plan)
{
  rig->controls  = (RigControl*)xarray(plan->n_controllers, sizeof(RigControl));
  rig->positions = (atomic_int*)xarray(plan->n_controllers, sizeof(atomic_int));
  bool ok        = true;
  for (uint32_t c = 0; c < plan->n_controllers; ++c) {
    ok = add_control(rig, &plan->controllers[c]) && ok;
  }
  return ok;
}

/// Note where controllers have turned their knobs to
static void
follow_controls(const Rig* const rig)
{
  for (uint32_t c = 0; c < rig->n_controls; ++c) {
    const RigControl* const control  = &rig->controls[c];
    const int               position = atomic_exchange(&rig->positions[c], -1);
    if (position >= 0) {
      rig->live[control->block][control->port] = control->values[position];
    }
  }
}

// ---- The engine

static void
add_ports(Rig* const rig)
{
  const Patch* const patch = &rig->patch;
  rig->ports               = (RigPort*)xarray(patch->n_ports, sizeof(RigPort));
  for (uint32_t p = 0; p < patch->n_ports; ++p) {
    const PatchPort* const port = &patch->ports[p];
    const size_t           size =
      port->kind == HOST_EVENTS ? EVENTS_SIZE : RIG_MAX_FRAMES * sizeof(float);
    if (!port->is_output) {
      rig->ports[p].buffer = xalloc(calloc(1, size));
    }
    if (!port->is_output && port->kind == HOST_EVENTS) {
      LV2_Atom_Sequence* const events = (LV2_Atom_Sequence*)rig->ports[p].buffer;
      events->atom.type               = host_map(rig->host, LV2_ATOM__Sequence);
      lv2_atom_sequence_clear(events);
    }
  }
}

/// Give numbers to all URIs now that will be looked up while it plays
static void
map_uris(const Rig* const rig)
{
  struct {
    LV2_Atom_Sequence sequence;
    uint8_t           room[POSITION_SIZE];
  } events = {.sequence.atom.size = sizeof(LV2_Atom_Sequence_Body)};

  const Position position = {.speed = 0.0};
  position_append(&position, rig->host, 0, false, &events.sequence);
  host_map(rig->host, LV2_MIDI__MidiEvent);
}

static bool
build_engine(Rig* const rig)
{
  const Patch* const patch  = &rig->patch;
  void** const       inputs = (void**)xarray(patch->n_ports, sizeof(void*));
  for (uint32_t p = 0; p < patch->n_ports; ++p) {
    inputs[p] = rig->ports[p].buffer;
  }

  // One that never comes has room for those of the transport
  static const Position never = {.frame = INT64_MAX};
  rig->engine                 = patch->tempo_bpm > 0.0
                                  ? engine_new(patch, inputs, RIG_MAX_FRAMES)
                                  : engine_new_song(patch, inputs, RIG_MAX_FRAMES, &never, 1);
  free(inputs);
  if (rig->engine) {
    engine_prepare(rig->engine);
  }
  for (uint32_t b = 0; rig->engine && b < patch->n_blocks; ++b) {
    for (uint32_t p = 0; p < patch->blocks[b].plugin->n_ports; ++p) {
      if (host_is_knob(&patch->blocks[b].plugin->ports[p])) {
        engine_turn(rig->engine, b, p, rig->live[b][p]);
      }
    }
  }
  return rig->engine;
}

Rig*
rig_new_empty(void)
{
  return (Rig*)xarray(1, sizeof(Rig));
}

/// Find the plugins; a rig before that shares numbers for URIs, so as to hand over
static void
find_plugins(Rig* const rig, const Rig* const before)
{
  if (before) {
    rig->plugins = generation_begin();
  }

  const char* const path = rig->plugins.path;
  rig->host =
    (Host*)xalloc(before ? host_new_beside(before->host, path) : host_new(path));
}

Rig*
rig_new(const RigPlan* const plan, const Rig* const before)
{
  Rig* const rig = rig_new_empty();

  find_plugins(rig, before);
  patch_init(&rig->patch, rig->host, plan->path, plan->sample_rate);
  if (!read_patch(&rig->patch, plan)) {
    rig_free(rig);
    return NULL;
  }

  keep_file_values(rig);
  if (before) {
    follow_controls(before);
  }
  for (uint32_t b = 0; before && b < rig->patch.n_blocks; ++b) {
    keep_turned(rig, b, before);
  }
  add_ports(rig);
  map_uris(rig);
  if (!add_controls(rig, plan) || !build_engine(rig)) {
    rig_free(rig);
    return NULL;
  }

  return rig;
}

void
rig_free(Rig* const rig)
{
  if (rig->engine) {
    engine_free(rig->engine);
  }
  for (uint32_t b = 0; rig->live && b < rig->patch.n_blocks; ++b) {
    free(rig->live[b]);
  }
  for (uint32_t p = 0; rig->ports && p < rig->patch.n_ports; ++p) {
    free(rig->ports[p].buffer);
  }
  free(rig->live);
  free(rig->ports);
  free(rig->controls);
  free(rig->positions);
  if (rig->host) {
    patch_free(&rig->patch);
    host_free(rig->host);
  }
  generation_end(&rig->plugins);
  free(rig);
}

// ---- Turns

bool
rig_turn(Rig* const rig, const char* const knob, const char* const text)
{
  PatchBlock*           block = NULL;
  const HostPort* const port =
    patch_find_block_port(&rig->patch, knob, knob, true, &block);
  if (!port) {
    return false;
  }
  if (!host_is_knob(port)) {
    message_error(rig->patch.path, knob, "is no knob");
    return false;
  }

  Turn turn = {.block = (uint32_t)(block - rig->patch.blocks), .port = port->index};
  char reason[VALUE_TEXT_SIZE] = "";
  const HostPort scaled        = host_port_at_rate(port, rig->patch.sample_rate);
  if (!value_parse(&scaled, text, &turn.value, reason)) {
    message_error(rig->patch.path, knob, "%s", reason);
    return false;
  }
  if (!ring_put(&rig->turns, turn)) {
    message_error(rig->patch.path, knob, "was turned too often: JACK does not run");
    return false;
  }

  rig->live[turn.block][turn.port] = turn.value;
  return true;
}

static void
take_turns(Rig* const rig)
{
  for (Turn turn; ring_take(&rig->turns, &turn);) {
    engine_turn(rig->engine, turn.block, turn.port, turn.value);
  }
}

/// Turn all knobs that a controller turns
static void
control(const Rig* const rig, const LineEvent* const event)
{
  if (event->size != 3 || (event->bytes[0] & 0xF0U) != 0xB0U ||
      event->bytes[2] > 127U) {
    return;
  }

  for (uint32_t c = 0; c < rig->n_controls; ++c) {
    const RigControl* const control = &rig->controls[c];
    if (control->controller == event->bytes[1]) {
      engine_turn(
        rig->engine, control->block, control->port, control->values[event->bytes[2]]);
      atomic_store(&rig->positions[c], event->bytes[2]);
    }
  }
}

// ---- Taking over

/// Turn knobs to where controllers have turned them since the rig was built
static void
take_positions(Rig* const rig, const Rig* const before)
{
  const uint32_t n =
    before->n_controls < rig->n_controls ? before->n_controls : rig->n_controls;
  for (uint32_t c = 0; c < n; ++c) {
    const RigControl* const control  = &rig->controls[c];
    const int               position = atomic_exchange(&before->positions[c], -1);
    if (position >= 0) {
      engine_turn(
        rig->engine, control->block, control->port, control->values[position]);
      atomic_store(&rig->positions[c], position);
    }
  }
}

bool
rig_take_over(Rig* const rig, const Rig* const before)
{
  const bool has_same_song = before->patch.tempo_bpm == rig->patch.tempo_bpm;
  if (before->engine) {
    engine_go_on(rig->engine, before->engine);
  }
  take_positions(rig, before);
  for (uint32_t p = 0; p < rig->patch.n_ports; ++p) {
    rig->ports[p].recalls = engine_starts_at(rig->engine, p);
  }
  return has_same_song && engine_knows_song(rig->engine);
}

// ---- Running

/// Append a MIDI message, unless there is no room any more
static void
append(const Rig* const         rig,
       LV2_Atom_Sequence* const sequence,
       const int64_t            frame,
       const uint8_t* const     bytes,
       const uint32_t           size)
{
  const size_t used = sizeof(LV2_Atom) + sequence->atom.size;
  const size_t room = EVENTS_SIZE - used;
  if (room < sizeof(LV2_Atom_Event) + lv2_atom_pad_size(size)) {
    return;
  }

  LV2_Atom_Event* const event =
    lv2_atom_sequence_end(&sequence->body, sequence->atom.size);
  event->time.frames = frame;
  event->body.size   = size;
  event->body.type   = host_map(rig->host, LV2_MIDI__MidiEvent);
  memcpy(event + 1, bytes, size);
  sequence->atom.size += (uint32_t)sizeof(LV2_Atom_Event) + lv2_atom_pad_size(size);
}

/// Have plugins that are new find what is held as it is
static void
recall(const Rig* const rig, const Line* const line, LV2_Atom_Sequence* const sequence)
{
  uint8_t  bytes[3] = {0};
  uint32_t size     = 0;
  for (uint32_t n = 0; line_recall(line, n, bytes, &size); ++n) {
    if (size) {
      append(rig, sequence, 0, bytes, size);
    }
  }
}

static void
read_events(const Rig* const rig,
            RigPort* const   port,
            const uint32_t   start,
            const uint32_t   n_frames)
{
  LV2_Atom_Sequence* const sequence = (LV2_Atom_Sequence*)port->buffer;
  lv2_atom_sequence_clear(sequence);
  if (port->recalls) {
    recall(rig, port->line, sequence);
    port->recalls = false;
  }
  for (uint32_t e = 0; e < port->line->n_events; ++e) {
    const LineEvent* const event = &port->line->events[e];
    if (event->frame >= start && event->frame < start + n_frames) {
      append(rig, sequence, event->frame - start, event->bytes, event->size);
      control(rig, event);
    }
  }
}

void
rig_run(Rig* const rig, const uint32_t start, const uint32_t n_frames)
{
  if (!rig->engine) {
    return;
  }

  take_turns(rig);
  for (uint32_t p = 0; p < rig->patch.n_ports; ++p) {
    RigPort* const port = &rig->ports[p];
    if (!port->buffer) {
      continue;
    }
    if (rig->patch.ports[p].kind == HOST_EVENTS) {
      read_events(rig, port, start, n_frames);
    } else {
      memcpy(port->buffer, port->line->signal + start, n_frames * sizeof(float));
    }
  }
  engine_run(rig->engine, n_frames);
}
