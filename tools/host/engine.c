// SPDX-License-Identifier: ISC

#include "host/engine.h"

#include "host/cables.h"
#include "host/clock.h"
#include "host/message.h"
#include "host/position.h"
#include "host/xalloc.h"

#include <lv2/atom/atom.h>
#include <lv2/atom/util.h>
#include <lv2/resize-port/resize-port.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ALIGNMENT 64U      ///< Of every buffer: a cache line
#define EVENTS_SIZE 16384U ///< What an output of events gets if it asks for no more
#define MERGED_SIZE 65536U ///< What several cables with MIDI can bring at first

/// Cables that meet at an input
typedef struct {
  void**       from;
  uint32_t     n_from;
  void*        to;
  HostPortKind kind;
  PatchEnd     head; ///< Whose buffer it is

  const LV2_Atom_Event** next;   ///< Of every source of events, while they are merged
  uint32_t               n_room; ///< Bytes of events that fit
} Junction;

/// A buffer into which a plugin writes events
typedef struct {
  LV2_Atom_Sequence* events;
  uint32_t           size; ///< That of its body
} EventOutput;

typedef struct {
  LilvInstance* instance;
  float*        controls;  ///< By port: knobs, and what the plugin shows
  void**        outputs;   ///< By port: buffers of signals and events, else NULL
  uint32_t*     n_readers; ///< By port: cables to blocks and outputs not yet connected
  EventOutput*  event_outputs;
  uint32_t      n_event_outputs;
  Junction*     junctions; ///< To be mixed before it runs
  uint32_t      n_junctions;
  bool          is_active;
  double        time_s; ///< What it has taken so far
} Unit;

struct EngineImpl {
  const Patch* patch;
  Cables       heads; ///< The patch's cables, by where they lead
  Cables       tails; ///< And by where they come from
  uint32_t     max_frames;
  void* const* input;
  Unit*        units;    ///< One for every block of the patch
  void**       output;   ///< By port of the patch
  Junction*    mixdowns; ///< To be mixed for the outputs of the patch
  uint32_t     n_mixdowns;
  void**       buffers; ///< All of them
  uint32_t     n_buffers;
  float**      spare; ///< Signals that no later block reads any more
  uint32_t     n_spare;
  uint32_t     n_signals; ///< In use and spare
  LV2_URID     sequence_type;
  LV2_URID     chunk_type;
  bool         is_measured;

  LV2_Atom_Sequence* transport; ///< What is told of the song, NULL if there is none
  const Position*    song;      ///< Changes to be told
  size_t             n_positions;
  size_t             next_position;
  Position           start;    ///< Of the patch's own song
  int64_t            position; ///< Frames run so far
};

// ---- Memory

/// Return an array of `n` that has grown by ones with room for one more
static void*
grow(void* const array, const uint32_t n, const size_t size)
{
  const bool is_full = !(n & (n - 1U)); // Its room is the next power of 2

  return is_full ? xalloc(realloc(array, (n ? 2U * (size_t)n : 1U) * size)) : array;
}

static void*
new_buffer(Engine* const rack, const size_t size)
{
  const size_t n_lines = (size + ALIGNMENT - 1U) / ALIGNMENT;
  void* const  buffer  = xalloc(aligned_alloc(ALIGNMENT, n_lines * ALIGNMENT));

  memset(buffer, 0, n_lines * ALIGNMENT);
  rack->buffers = (void**)grow(rack->buffers, rack->n_buffers, sizeof(void*));
  rack->spare   = (float**)grow(rack->spare, rack->n_buffers, sizeof(float*));
  rack->buffers[rack->n_buffers++] = buffer;
  return buffer;
}

/// Return a new signal that is `value` all along
static float*
new_signal(Engine* const rack, const float value)
{
  float* const signal = (float*)new_buffer(rack, rack->max_frames * sizeof(float));
  ++rack->n_signals;
  for (uint32_t i = 0; i < rack->max_frames; ++i) {
    signal[i] = value;
  }
  return signal;
}

/// Return a signal that nobody reads any more, or else a new one
static float*
take_signal(Engine* const rack)
{
  return rack->n_spare ? rack->spare[--rack->n_spare] : new_signal(rack, 0.0f);
}

/// Leave a signal to the blocks that run later
static void
give_signal(Engine* const rack, float* const signal)
{
  if (signal) {
    rack->spare[rack->n_spare++] = signal;
  }
}

/// Return a new buffer for events, with none in it
static LV2_Atom_Sequence*
new_events(Engine* const rack, const size_t size)
{
  LV2_Atom_Sequence* const events =
    (LV2_Atom_Sequence*)new_buffer(rack, sizeof(LV2_Atom_Sequence) + size);

  events->atom.type = rack->sequence_type;
  events->atom.size = sizeof(LV2_Atom_Sequence_Body);
  return events;
}

// ---- Signals that meet

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
reconnect(Engine* const rack, const Junction* const junction)
{
  const PatchEnd head = junction->head;
  if (head.block == PATCH_ITSELF) {
    rack->output[head.port] = junction->to;
  } else {
    lilv_instance_connect_port(
      rack->units[head.block].instance, head.port, junction->to);
  }
}

/// Have room for `size` bytes of events in a block, however many there are
static void
make_room(Engine* const rack, Junction* const junction, const size_t size)
{
  const size_t needed = sizeof(LV2_Atom_Sequence_Body) + size;
  if (needed <= junction->n_room) {
    return;
  }
  if (needed > UINT32_MAX / 2U) {
    message_error(rack->patch->path, NULL, "too much MIDI meets in one block");
    exit(EXIT_FAILURE);
  }

  junction->n_room = 2U * (uint32_t)needed;
  junction->to     = new_events(rack, junction->n_room);
  reconnect(rack, junction);
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
merge(Engine* const rack, Junction* const junction)
{
  make_room(rack, junction, merged_size(junction));

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

static void
run_junctions(Engine* const   rack,
              Junction* const junctions,
              const uint32_t  n_junctions,
              const uint32_t  n_frames)
{
  for (uint32_t i = 0; i < n_junctions; ++i) {
    if (junctions[i].kind == HOST_EVENTS) {
      merge(rack, &junctions[i]);
    } else {
      mix(&junctions[i], n_frames);
    }
  }
}

// ---- Cables

/// Return the buffer that a cable comes from
static void*
tail_buffer(const Engine* const rack, const PatchEnd tail)
{
  if (tail.block == PATCH_ITSELF) {
    return rack->input[tail.port];
  }

  // NOLINTNEXTLINE(clang-analyzer-core.NullDereference): new_unit() has been there
  return rack->units[tail.block].outputs[tail.port];
}

/// Return true if the song is told at a port, as if by a cable more
static bool
has_song(const Engine* const rack, const PatchEnd head)
{
  return rack->transport && head.block != PATCH_ITSELF &&
         rack->patch->blocks[head.block].plugin->ports[head.port].has_transport;
}

/// Return the buffers of all cables that lead to `head`, and of the song
static void**
tail_buffers(Engine* const rack, const PatchEnd head, const uint32_t n_sources)
{
  const CableList cables = cables_at(&rack->heads, head);
  void** const    from   = (void**)new_buffer(rack, n_sources * sizeof(void*));
  uint32_t        n_from = 0;
  if (has_song(rack, head)) {
    from[n_from++] = rack->transport;
  }
  for (uint32_t i = 0; i < cables.n; ++i) {
    from[n_from++] = tail_buffer(rack, rack->patch->cables[cables.numbers[i]].tail);
  }
  return from;
}

/**
   Return the buffer of what arrives at `head`, or NULL if nothing does.

   Where several meet, they get a junction in `junctions`.
*/
static void*
head_buffer(Engine* const      rack,
            const PatchEnd     head,
            const HostPortKind kind,
            Junction** const   junctions,
            uint32_t* const    n_junctions)
{
  const uint32_t n_sources = cables_at(&rack->heads, head).n + has_song(rack, head);
  if (!n_sources) {
    return NULL;
  }

  void** const from = tail_buffers(rack, head, n_sources);
  if (n_sources == 1) {
    return from[0];
  }

  Junction junction = {.from = from, .n_from = n_sources, .kind = kind, .head = head};
  if (kind == HOST_EVENTS) {
    junction.n_room = MERGED_SIZE;
    junction.to     = new_events(rack, MERGED_SIZE);
    junction.next =
      (const LV2_Atom_Event**)new_buffer(rack, n_sources * sizeof(LV2_Atom_Event*));
  } else {
    junction.to = take_signal(rack);
  }
  *junctions = (Junction*)grow(*junctions, *n_junctions, sizeof(Junction));
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
events_size(const Engine* const     rack,
            const HostPlugin* const plugin,
            const uint32_t          index)
{
  LilvWorld* const world = host_world(rack->patch->host);
  LilvNode* const  uri   = lilv_new_uri(world, LV2_RESIZE_PORT__minimumSize);
  LilvNode* const  node  = lilv_port_get(
    plugin->lilv, lilv_plugin_get_port_by_index(plugin->lilv, index), uri);
  const int size = node ? lilv_node_as_int(node) : 0;

  lilv_node_free(node);
  lilv_node_free(uri);
  return size > (int)EVENTS_SIZE ? (size_t)size : EVENTS_SIZE;
}

static LV2_Atom_Sequence*
new_event_output(Engine* const           rack,
                 Unit* const             unit,
                 const HostPlugin* const plugin,
                 const uint32_t          index)
{
  const size_t             size   = events_size(rack, plugin, index);
  LV2_Atom_Sequence* const events = new_events(rack, size);
  unit->event_outputs =
    (EventOutput*)grow(unit->event_outputs, unit->n_event_outputs, sizeof(EventOutput));
  unit->event_outputs[unit->n_event_outputs++] = (EventOutput){events, (uint32_t)size};
  return events;
}

/// Return the buffer of an output, or NULL if it needs none
static void*
new_output(Engine* const           rack,
           Unit* const             unit,
           const HostPlugin* const plugin,
           const HostPort* const   port)
{
  const bool is_connected = unit->n_readers[port->index];

  return !port->is_output ? NULL
         : port->kind == HOST_EVENTS
           ? (void*)new_event_output(rack, unit, plugin, port->index)
         : !host_is_signal(port)              ? NULL
         : port->is_optional && !is_connected ? NULL
                                              : (void*)take_signal(rack);
}

/// Return what an input of a plugin gets that has no cable
static void*
unconnected_input(Engine* const rack, const HostPort* const port)
{
  return port->is_optional           ? NULL
         : port->kind == HOST_EVENTS ? (void*)new_events(rack, 0)
         : port->kind == HOST_CV    ? new_signal(rack, number_or_0(port->default_value))
         : port->kind == HOST_AUDIO ? new_signal(rack, 0.0f)
                                    : NULL;
}

/// Return what a port of a block is connected to; inputs come before outputs
static void*
port_buffer(Engine* const rack, const uint32_t block, const HostPort* const port)
{
  Unit* const    unit = &rack->units[block];
  const PatchEnd head = {block, port->index};
  if (port->kind == HOST_CONTROL) {
    return &unit->controls[port->index];
  }
  if (port->is_output) {
    unit->outputs[port->index] =
      new_output(rack, unit, rack->patch->blocks[block].plugin, port);
    return unit->outputs[port->index];
  }

  void* const cable =
    head_buffer(rack, head, port->kind, &unit->junctions, &unit->n_junctions);
  return cable ? cable : unconnected_input(rack, port);
}

/// Note that a cable's head is connected, after which its tail may be read no more
static void
release_tail(Engine* const rack, const PatchEnd tail)
{
  if (tail.block == PATCH_ITSELF) {
    return;
  }

  Unit* const           unit = &rack->units[tail.block];
  const HostPort* const port =
    &rack->patch->blocks[tail.block].plugin->ports[tail.port];
  if (!--unit->n_readers[tail.port] && host_is_signal(port)) {
    give_signal(rack, (float*)unit->outputs[tail.port]);
  }
}

/// Leave to later blocks the signals that none of them reads, once a block has run
static void
release_signals(Engine* const rack, const uint32_t block)
{
  const CableList         cables = cables_of(&rack->heads, block);
  const HostPlugin* const plugin = rack->patch->blocks[block].plugin;
  Unit* const             unit   = &rack->units[block];
  for (uint32_t i = 0; i < cables.n; ++i) {
    release_tail(rack, rack->patch->cables[cables.numbers[i]].tail);
  }
  for (uint32_t i = 0; i < unit->n_junctions; ++i) {
    if (unit->junctions[i].kind != HOST_EVENTS) {
      give_signal(rack, (float*)unit->junctions[i].to);
    }
  }
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    if (host_is_signal(&plugin->ports[p]) && !unit->n_readers[p]) {
      give_signal(rack, (float*)unit->outputs[p]);
    }
  }
}

// ---- Units

static bool
check_plugin(const Engine* const rack, const PatchBlock* const block)
{
  for (uint32_t p = 0; p < block->plugin->n_ports; ++p) {
    const HostPort* const port = &block->plugin->ports[p];
    if (port->kind == HOST_UNKNOWN && !port->is_optional) {
      message_error(rack->patch->path,
                    block->name,
                    "%s needs port %s, which is of a kind that render does not know",
                    block->plugin->name,
                    port->symbol);
      return false;
    }
  }

  return true;
}

static bool
instantiate(Engine* const rack, const uint32_t index)
{
  const Patch* const      patch = rack->patch;
  const PatchBlock* const block = &patch->blocks[index];
  Unit* const             unit  = &rack->units[index];
  if (!check_plugin(rack, block)) {
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
new_unit(Engine* const rack, const uint32_t index)
{
  if (!instantiate(rack, index)) {
    return false;
  }

  const PatchBlock* const block  = &rack->patch->blocks[index];
  const HostPlugin* const plugin = block->plugin;
  Unit* const             unit   = &rack->units[index];

  unit->controls = (float*)new_buffer(rack, (plugin->n_ports + 1U) * sizeof(float));
  unit->outputs  = (void**)new_buffer(rack, (plugin->n_ports + 1U) * sizeof(void*));
  memcpy(unit->controls, block->values, plugin->n_ports * sizeof(float));
  unit->n_readers =
    (uint32_t*)new_buffer(rack, (plugin->n_ports + 1U) * sizeof(uint32_t));
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    unit->n_readers[p] = cables_at(&rack->tails, (PatchEnd){index, p}).n;
  }
  return true;
}

static void
connect_ports(Engine* const rack, const uint32_t index, const bool is_output)
{
  const HostPlugin* const plugin   = rack->patch->blocks[index].plugin;
  LilvInstance* const     instance = rack->units[index].instance;
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    const HostPort* const port = &plugin->ports[p];
    if (port->is_output == is_output) {
      lilv_instance_connect_port(instance, p, port_buffer(rack, index, port));
    }
  }
}

/// Connect a block, after all that run before it
static void
connect_unit(Engine* const rack, const uint32_t index)
{
  connect_ports(rack, index, false);
  connect_ports(rack, index, true);
  release_signals(rack, index);
  lilv_instance_activate(rack->units[index].instance);
  rack->units[index].is_active = true;
}

/// Tell plugins how much room their outputs of events have
static void
offer_room(const Engine* const rack, const Unit* const unit)
{
  for (uint32_t i = 0; i < unit->n_event_outputs; ++i) {
    const EventOutput* const output = &unit->event_outputs[i];
    output->events->atom.type       = rack->chunk_type;
    output->events->atom.size       = output->size;
  }
}

/// Make outputs empty into which the plugin has written nothing
static void
check_events(const Engine* const rack, const Unit* const unit)
{
  for (uint32_t i = 0; i < unit->n_event_outputs; ++i) {
    LV2_Atom_Sequence* const events = unit->event_outputs[i].events;
    if (events->atom.type != rack->sequence_type) {
      events->atom.type = rack->sequence_type;
      lv2_atom_sequence_clear(events);
    }
  }
}

static void
run_unit(Engine* const rack, const Unit* const unit, const uint32_t n_frames)
{
  run_junctions(rack, unit->junctions, unit->n_junctions, n_frames);
  offer_room(rack, unit);
  lilv_instance_run(unit->instance, n_frames);
  check_events(rack, unit);
}

static void
run_measured(Engine* const rack, Unit* const unit, const uint32_t n_frames)
{
  const double start_s = clock_now_s();

  run_unit(rack, unit, n_frames);
  unit->time_s += clock_now_s() - start_s;
}

// ---- The song

/// Make ready for the changes of the song; between them, it goes by itself
static void
begin_song(Engine* const rack, const Position* const song, const size_t n_positions)
{
  const Patch* const patch = rack->patch;
  rack->song               = song;
  rack->n_positions        = n_positions;
  if (!n_positions && patch->tempo_bpm > 0.0) {
    rack->start       = position_at(0, patch->tempo_bpm, patch->sample_rate);
    rack->song        = &rack->start;
    rack->n_positions = 1;
  }
  if (rack->n_positions) {
    const size_t n_most =
      rack->n_positions < rack->max_frames ? rack->n_positions : rack->max_frames;
    rack->transport = new_events(rack, n_most * POSITION_SIZE);
  }
}

/// Write the changes of the song within a block
static void
run_song(Engine* const rack, const uint32_t n_frames)
{
  lv2_atom_sequence_clear(rack->transport);
  for (; rack->next_position < rack->n_positions; ++rack->next_position) {
    const Position* const change = &rack->song[rack->next_position];
    const int64_t         at     = change->frame - rack->position;
    if (at >= (int64_t)n_frames) {
      break;
    }
    position_append(change, rack->patch->host, at, false, rack->transport);
  }

  rack->position += n_frames;
}

// ---- The rack

/// Find where the outputs of the patch are
static void
connect_outputs(Engine* const rack)
{
  const Patch* const patch = rack->patch;
  for (uint32_t p = 0; p < patch->n_ports; ++p) {
    const PatchPort* const port = &patch->ports[p];
    if (port->is_output) {
      rack->output[p] = head_buffer(rack,
                                    (PatchEnd){PATCH_ITSELF, p},
                                    port->kind,
                                    &rack->mixdowns,
                                    &rack->n_mixdowns);
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
  Engine* const rack = (Engine*)xalloc(calloc(1, sizeof(Engine)));

  rack->patch         = patch;
  rack->max_frames    = max_frames;
  rack->input         = input;
  rack->sequence_type = host_map(patch->host, LV2_ATOM__Sequence);
  rack->chunk_type    = host_map(patch->host, LV2_ATOM__Chunk);
  cables_sort_heads(&rack->heads, patch);
  cables_sort_tails(&rack->tails, patch);
  rack->units  = (Unit*)xalloc(calloc(patch->n_blocks + 1U, sizeof(Unit)));
  rack->output = (void**)new_buffer(rack, patch->n_ports * sizeof(void*));
  begin_song(rack, song, n_positions);
  for (uint32_t b = 0; b < patch->n_blocks; ++b) {
    if (!new_unit(rack, b)) {
      engine_free(rack);
      return NULL;
    }
  }
  for (uint32_t i = 0; i < patch->n_blocks; ++i) {
    connect_unit(rack, patch->order[i]);
  }
  connect_outputs(rack);
  return rack;
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
  free(unit->event_outputs);
  free(unit->junctions);
}

void
engine_free(Engine* const rack)
{
  for (uint32_t b = 0; b < rack->patch->n_blocks; ++b) {
    free_unit(&rack->units[b]);
  }
  for (uint32_t i = 0; i < rack->n_buffers; ++i) {
    free(rack->buffers[i]);
  }
  free(rack->buffers);
  free(rack->spare);
  cables_free(&rack->heads);
  cables_free(&rack->tails);
  free(rack->mixdowns);
  free(rack->units);
  free(rack);
}

void
engine_run(Engine* const rack, const uint32_t n_frames)
{
  if (rack->transport) {
    run_song(rack, n_frames);
  }
  for (uint32_t i = 0; i < rack->patch->n_blocks; ++i) {
    Unit* const unit = &rack->units[rack->patch->order[i]];
    if (rack->is_measured) {
      run_measured(rack, unit, n_frames);
    } else {
      run_unit(rack, unit, n_frames);
    }
  }
  run_junctions(rack, rack->mixdowns, rack->n_mixdowns, n_frames);
}

const float*
engine_output(const Engine* const rack, const uint32_t port)
{
  return (const float*)rack->output[port];
}

uint32_t
engine_n_signals(const Engine* const rack)
{
  return rack->n_signals;
}

void
engine_measure(Engine* const rack)
{
  rack->is_measured = true;
}

double
engine_time_s(const Engine* const rack, const uint32_t block)
{
  return rack->units[block].time_s;
}
