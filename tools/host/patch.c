// SPDX-License-Identifier: ISC

#include "host/patch.h"

#include "host/message.h"
#include "host/value.h"
#include "host/xalloc.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_NAME 256      ///< Longest name of a block with its port, or of a cable
#define MAX_LIST 512      ///< Longest list of names in a report
#define PLACED UINT32_MAX ///< Instead of a count: the block is in the order

/// What kinds of port are called in reports
static const char* const kind_names[] = {"a knob",
                                         "audio",
                                         "CV",
                                         "MIDI",
                                         "of an unknown kind"};

/// A text that grows until it is full
typedef struct {
  char   text[MAX_LIST];
  size_t length;
} List;

/// Return `array` with room for one more than `n`
static void*
grow(void* const array, const size_t n, const size_t size)
{
  return xalloc(realloc(array, (n + 1U) * size));
}

static void
list_add(List* const list, const char* const separator, const char* const name)
{
  const int n = snprintf(list->text + list->length,
                         sizeof(list->text) - list->length,
                         "%s%s",
                         list->length ? separator : "",
                         name);

  list->length += (size_t)n;
  if (list->length >= sizeof(list->text)) {
    list->length = sizeof(list->text) - 1U;
  }
}

// ---- Lifetime

void
patch_init(Patch* const      patch,
           Host* const       host,
           const char* const path,
           const double      sample_rate)
{
  *patch = (Patch){.host = host, .path = path, .sample_rate = sample_rate};
}

void
patch_free(Patch* const patch)
{
  for (uint32_t b = 0; b < patch->n_blocks; ++b) {
    free(patch->blocks[b].name);
    free(patch->blocks[b].values);
  }
  for (uint32_t p = 0; p < patch->n_ports; ++p) {
    free(patch->ports[p].name);
    free(patch->ports[p].source);
  }
  free(patch->blocks);
  free(patch->ports);
  free(patch->cables);
  free(patch->order);
}

// ---- Names

static PatchPort*
find_port(const Patch* const patch, const char* const name)
{
  for (uint32_t p = 0; p < patch->n_ports; ++p) {
    if (!strcmp(patch->ports[p].name, name)) {
      return &patch->ports[p];
    }
  }

  return NULL;
}

/// Return the block that the first `length` characters of `name` are, or NULL
static PatchBlock*
find_block(const Patch* const patch, const char* const name, const size_t length)
{
  for (uint32_t b = 0; b < patch->n_blocks; ++b) {
    const char* const block = patch->blocks[b].name;
    if (strlen(block) == length && !strncmp(block, name, length)) {
      return &patch->blocks[b];
    }
  }

  return NULL;
}

/// Report that `name` is nothing in the patch, and what there is instead
static void
report_unknown(const Patch* const patch,
               const char* const  subject,
               const char* const  name,
               const size_t       length)
{
  List list = {"", 0};
  for (uint32_t p = 0; p < patch->n_ports; ++p) {
    list_add(&list, ", ", patch->ports[p].name);
  }
  for (uint32_t b = 0; b < patch->n_blocks; ++b) {
    list_add(&list, ", ", patch->blocks[b].name);
  }
  message_error(patch->path,
                subject,
                "there is no %.*s in the patch, but there is %s",
                (int)length,
                name,
                list.length ? list.text : "nothing else");
}

/// Report that a block has no such port, and which of that kind it has
static void
report_unknown_port(const Patch* const      patch,
                    const char* const       subject,
                    const PatchBlock* const block,
                    const char* const       symbol,
                    const bool              is_knob)
{
  List list = {"", 0};
  for (uint32_t p = 0; p < block->plugin->n_ports; ++p) {
    const HostPort* const port = &block->plugin->ports[p];
    if (is_knob == (port->kind == HOST_CONTROL) && !(is_knob && port->is_output)) {
      list_add(&list, ", ", port->symbol);
    }
  }
  message_error(patch->path,
                subject,
                "%s has no %s %s, but it has %s",
                block->plugin->name,
                is_knob ? "knob" : "port",
                symbol,
                list.length ? list.text : "none");
}

// ---- Ports and blocks

static bool
check_name(const Patch* const patch, const char* const name)
{
  if (!*name || strchr(name, '/')) {
    message_error(patch->path, name, "a name must be a word without a slash");
    return false;
  }
  if (find_port(patch, name) || find_block(patch, name, strlen(name))) {
    message_error(patch->path, name, "is defined twice");
    return false;
  }

  return true;
}

bool
patch_add_port(Patch* const       patch,
               const char* const  name,
               const HostPortKind kind,
               const bool         is_output)
{
  if (!check_name(patch, name)) {
    return false;
  }

  patch->ports = (PatchPort*)grow(patch->ports, patch->n_ports, sizeof(PatchPort));
  patch->ports[patch->n_ports++] =
    (PatchPort){(char*)xalloc(strdup(name)), kind, is_output, NULL};
  return true;
}

/// Return the values of a plugin's ports as they are before anybody turns a knob
static float*
default_values(const HostPlugin* const plugin)
{
  float* const values = (float*)grow(NULL, plugin->n_ports, sizeof(float));
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    const HostPort* const port = &plugin->ports[p];
    values[p]                  = isfinite(port->default_value) ? port->default_value
                                 : isfinite(port->minimum)     ? port->minimum
                                                               : 0.0f;
  }
  return values;
}

bool
patch_add_block(Patch* const      patch,
                const char* const name,
                const char* const plugin_uri)
{
  if (!check_name(patch, name)) {
    return false;
  }

  const HostPlugin* const plugin = host_plugin(patch->host, plugin_uri);
  if (!plugin) {
    message_error(patch->path,
                  name,
                  "there is no plugin <%s>: install it, or have LV2_PATH lead to it",
                  plugin_uri);
    return false;
  }

  patch->blocks = (PatchBlock*)grow(patch->blocks, patch->n_blocks, sizeof(PatchBlock));
  patch->blocks[patch->n_blocks++] =
    (PatchBlock){(char*)xalloc(strdup(name)), plugin, default_values(plugin)};
  return true;
}

bool
patch_load_preset(Patch* const patch, const char* const block, const char* const preset)
{
  PatchBlock* const found = find_block(patch, block, strlen(block));
  if (!found) {
    report_unknown(patch, block, block, strlen(block));
    return false;
  }

  if (!host_load_preset(patch->host, found->plugin, preset, found->values)) {
    message_error(
      patch->path, block, "%s has no preset \"%s\"", found->plugin->name, preset);
    return false;
  }

  return true;
}

// ---- Knobs

/// Return the port of a block that is called `name`, and the block in `block`, or NULL
static const HostPort*
find_block_port(const Patch* const patch,
                const char* const  name,
                const char* const  subject,
                const bool         knob,
                PatchBlock** const block)
{
  const size_t      length = strcspn(name, "/");
  const char* const symbol = name[length] ? name + length + 1U : "";

  *block = find_block(patch, name, length);
  if (!*block) {
    report_unknown(patch, subject, name, length);
    return NULL;
  }

  const HostPort* const port = host_port((*block)->plugin, symbol);
  if (!port || (knob && port->is_output && port->kind == HOST_CONTROL)) {
    report_unknown_port(patch, subject, *block, symbol, knob);
    return NULL;
  }

  return port;
}

/// Return the knob that is called `name`, and where its value is kept, or NULL
static const HostPort*
find_knob(const Patch* const patch, const char* const name, float** const value)
{
  PatchBlock*           block = NULL;
  const HostPort* const port  = find_block_port(patch, name, name, true, &block);
  if (!port) {
    return NULL;
  }
  if (!host_is_knob(port)) {
    message_error(patch->path,
                  name,
                  "is %s, and only knobs have a value: draw a cable instead",
                  kind_names[port->kind]);
    return NULL;
  }

  *value = &block->values[port->index];
  return port;
}

bool
patch_set(Patch* const patch, const char* const knob, const double value)
{
  float*                to   = NULL;
  const HostPort* const port = find_knob(patch, knob, &to);
  if (!port) {
    return false;
  }

  char           reason[VALUE_TEXT_SIZE] = "";
  const HostPort scaled                  = host_port_at_rate(port, patch->sample_rate);
  if (!value_check(&scaled, (float)value, reason)) {
    message_error(patch->path, knob, "%s", reason);
    return false;
  }

  *to = (float)value;
  return true;
}

bool
patch_set_text(Patch* const patch, const char* const knob, const char* const text)
{
  float*                value = NULL;
  const HostPort* const port  = find_knob(patch, knob, &value);
  if (!port) {
    return false;
  }

  char           reason[VALUE_TEXT_SIZE] = "";
  const HostPort scaled                  = host_port_at_rate(port, patch->sample_rate);
  if (!value_parse(&scaled, text, value, reason)) {
    message_error(patch->path, knob, "%s", reason);
    return false;
  }

  return true;
}

bool
patch_set_tempo(Patch* const patch, const double tempo_bpm)
{
  if (!(tempo_bpm >= PATCH_MIN_TEMPO_BPM && tempo_bpm <= PATCH_MAX_TEMPO_BPM)) {
    message_error(patch->path,
                  NULL,
                  "has a tempo of %.10g beats a minute, which must be from %g to %g",
                  tempo_bpm,
                  PATCH_MIN_TEMPO_BPM,
                  PATCH_MAX_TEMPO_BPM);
    return false;
  }

  patch->tempo_bpm = tempo_bpm;
  return true;
}

bool
patch_set_source(Patch* const patch, const char* const name, const char* const source)
{
  PatchPort* const port = find_port(patch, name);
  if (!port || port->is_output) {
    message_error(patch->path,
                  name,
                  port ? "is an output of the patch, and only inputs play a file"
                       : "the patch has no input of that name");
    return false;
  }

  free(port->source);
  port->source = (char*)xalloc(strdup(source));
  return true;
}

// ---- Cables

/// One side of a cable, as far as it matters whether the other one fits
typedef struct {
  PatchEnd     end;
  HostPortKind kind;
  bool         is_source; ///< Whether a signal comes out of it
} Plug;

/// Find where `name` is, to plug a cable in that is none for knobs
static bool
find_plug(const Patch* const patch,
          const char* const  name,
          const char* const  cable,
          Plug* const        plug)
{
  const PatchPort* const port = find_port(patch, name);
  if (port) {
    const uint32_t index = (uint32_t)(port - patch->ports);
    *plug                = (Plug){{PATCH_ITSELF, index}, port->kind, !port->is_output};
    return true;
  }

  PatchBlock*           block = NULL;
  const HostPort* const found = find_block_port(patch, name, cable, false, &block);
  if (!found) {
    return false;
  }
  if (found->kind == HOST_CONTROL) {
    message_error(patch->path,
                  cable,
                  "%s is a knob, and cables do not reach knobs: give it an ingen:value",
                  name);
    return false;
  }

  const uint32_t index = (uint32_t)(block - patch->blocks);
  *plug                = (Plug){{index, found->index}, found->kind, found->is_output};
  return true;
}

static bool
check_fit(const Patch* const patch,
          const char* const  cable,
          const Plug* const  tail,
          const Plug* const  head)
{
  if (!tail->is_source || head->is_source) {
    message_error(patch->path,
                  cable,
                  "a cable goes from an output to an input, but its %s is an %s",
                  tail->is_source ? "head" : "tail",
                  tail->is_source ? "output" : "input");
    return false;
  }
  if (tail->kind != head->kind) {
    message_error(patch->path,
                  cable,
                  "the tail is %s and the head is %s, which do not fit together",
                  kind_names[tail->kind],
                  kind_names[head->kind]);
    return false;
  }

  return true;
}

static bool
is_same_end(const PatchEnd a, const PatchEnd b)
{
  return a.block == b.block && a.port == b.port;
}

static bool
has_cable(const Patch* const patch, const PatchCable cable)
{
  for (uint32_t c = 0; c < patch->n_cables; ++c) {
    if (is_same_end(patch->cables[c].tail, cable.tail) &&
        is_same_end(patch->cables[c].head, cable.head)) {
      return true;
    }
  }

  return false;
}

bool
patch_connect(Patch* const patch, const char* const tail, const char* const head)
{
  char cable[MAX_NAME];
  snprintf(cable, sizeof(cable), "%s -> %s", tail, head);

  Plug from = {{0, 0}, HOST_UNKNOWN, false};
  Plug to   = {{0, 0}, HOST_UNKNOWN, false};
  if (!find_plug(patch, tail, cable, &from) || !find_plug(patch, head, cable, &to) ||
      !check_fit(patch, cable, &from, &to)) {
    return false;
  }

  const PatchCable new_cable = {from.end, to.end};
  if (has_cable(patch, new_cable)) {
    message_error(patch->path, cable, "the cable is drawn twice");
    return false;
  }

  patch->cables = (PatchCable*)grow(patch->cables, patch->n_cables, sizeof(PatchCable));
  patch->cables[patch->n_cables++] = new_cable;
  return true;
}

// ---- Order

/// Write how many cables from blocks lead to each block
static void
count_awaited(const Patch* const patch, uint32_t* const n_awaited)
{
  for (uint32_t c = 0; c < patch->n_cables; ++c) {
    const PatchCable* const cable = &patch->cables[c];
    if (cable->head.block != PATCH_ITSELF && cable->tail.block != PATCH_ITSELF) {
      ++n_awaited[cable->head.block];
    }
  }
}

/// Note that a block is in the order, which those that it feeds await no longer
static void
mark_placed(const Patch* const patch, uint32_t* const n_awaited, const uint32_t block)
{
  n_awaited[block] = PLACED;
  for (uint32_t c = 0; c < patch->n_cables; ++c) {
    const PatchCable* const cable = &patch->cables[c];
    if (cable->tail.block == block && cable->head.block != PATCH_ITSELF) {
      --n_awaited[cable->head.block];
    }
  }
}

/// Return a block that has no place yet and feeds `head`, which awaits at least one
static uint32_t
awaited(const Patch* const patch, const uint32_t* const n_awaited, const uint32_t head)
{
  uint32_t c = 0;
  while (patch->cables[c].head.block != head ||
         patch->cables[c].tail.block == PATCH_ITSELF ||
         n_awaited[patch->cables[c].tail.block] == PLACED) {
    ++c;
  }

  return patch->cables[c].tail.block;
}

/// Return the first block of a circle among those without a place
static uint32_t
find_circle(const Patch* const patch, const uint32_t* const n_awaited)
{
  uint32_t block = 0;
  while (n_awaited[block] == PLACED) {
    ++block;
  }

  // After as many steps upstream as there are blocks we must be going round
  for (uint32_t i = 0; i < patch->n_blocks; ++i) {
    block = awaited(patch, n_awaited, block);
  }

  uint32_t first = block;
  for (uint32_t i = 0; i < patch->n_blocks; ++i) {
    block = awaited(patch, n_awaited, block);
    first = block < first ? block : first;
  }
  return first;
}

/// Name the blocks of a circle, in the flow of signals
static void
report_circle(const Patch* const patch, const uint32_t* const n_awaited)
{
  const uint32_t  first    = find_circle(patch, n_awaited);
  uint32_t* const circle   = patch->order;
  uint32_t        n_blocks = 0;
  uint32_t        block    = first;
  do {
    circle[n_blocks++] = block;
    block              = awaited(patch, n_awaited, block);
  } while (block != first);

  List list = {"", 0};
  list_add(&list, "", patch->blocks[first].name);
  while (n_blocks > 0) {
    list_add(&list, " -> ", patch->blocks[circle[--n_blocks]].name);
  }
  message_error(patch->path,
                NULL,
                "blocks feed each other in a circle, so none can run first: %s; "
                "take out a cable",
                list.text);
}

/// Put blocks in order after A. B. Kahn (Communications of the ACM 5, 1962)
static bool
order_blocks(Patch* const patch, uint32_t* const n_awaited)
{
  count_awaited(patch, n_awaited);
  for (uint32_t i = 0; i < patch->n_blocks; ++i) {
    uint32_t next = 0;
    while (next < patch->n_blocks && n_awaited[next] != 0) {
      ++next;
    }
    if (next == patch->n_blocks) {
      report_circle(patch, n_awaited);
      return false;
    }

    patch->order[i] = next;
    mark_placed(patch, n_awaited, next);
  }

  return true;
}

static bool
check_outputs(const Patch* const patch)
{
  uint32_t n_outputs = 0;
  for (uint32_t p = 0; p < patch->n_ports; ++p) {
    const PatchPort* const port      = &patch->ports[p];
    bool                   has_cable = false;
    for (uint32_t c = 0; c < patch->n_cables; ++c) {
      has_cable =
        has_cable || is_same_end(patch->cables[c].head, (PatchEnd){PATCH_ITSELF, p});
    }
    if (port->is_output && !has_cable) {
      message_error(patch->path, port->name, "no cable leads to this output");
      return false;
    }
    n_outputs += port->is_output;
  }

  if (!n_outputs) {
    message_error(patch->path, NULL, "the patch has no output: give it an lv2:port");
  }
  return n_outputs > 0;
}

bool
patch_order(Patch* const patch)
{
  if (!check_outputs(patch)) {
    return false;
  }

  uint32_t* const n_awaited = (uint32_t*)grow(NULL, patch->n_blocks, sizeof(uint32_t));
  memset(n_awaited, 0, patch->n_blocks * sizeof(uint32_t));
  patch->order       = (uint32_t*)grow(NULL, patch->n_blocks, sizeof(uint32_t));
  const bool ordered = order_blocks(patch, n_awaited);
  free(n_awaited);
  return ordered;
}
