// SPDX-License-Identifier: ISC

#include "host/patch.h"

#include "host/cables.h"
#include "host/message.h"
#include "host/value.h"
#include "host/xalloc.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_NAME 256      ///< Longest name of a cable in a report
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

/// Return a new array with room for `n` and one more, filled with zeros
static void*
new_array(const size_t n, const size_t size)
{
  return xalloc(calloc(n + 1U, size));
}

/// Return an array of `n` that has grown by ones with room for one more
static void*
grow(void* const array, const size_t n, const size_t size)
{
  const bool is_full = !(n & (n - 1U)); // Its room is the next power of 2

  return is_full ? xalloc(realloc(array, (n ? 2U * n : 1U) * size)) : array;
}

static bool
list_is_full(const List* const list)
{
  return list->length + 1U >= sizeof(list->text);
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
  free(patch->label);
  free(patch->comment);
  free(patch->blocks);
  free(patch->ports);
  free(patch->cables);
  free(patch->order);
  table_free(&patch->port_names);
  table_free(&patch->block_names);
  table_free(&patch->cable_ends);
}

// ---- Names

static PatchPort*
find_port(const Patch* const patch, const char* const name)
{
  const uint32_t p = table_find(&patch->port_names, name, strlen(name));

  return p == TABLE_NONE ? NULL : &patch->ports[p];
}

/// Return the block that the first `length` characters of `name` are, or NULL
static PatchBlock*
find_block(const Patch* const patch, const char* const name, const size_t length)
{
  const uint32_t b = table_find(&patch->block_names, name, length);

  return b == TABLE_NONE ? NULL : &patch->blocks[b];
}

/// Report that `name` is nothing in the patch, and what there is instead
static void
report_unknown(const Patch* const patch,
               const char* const  subject,
               const char* const  name,
               const size_t       length)
{
  List list = {"", 0};
  for (uint32_t p = 0; p < patch->n_ports && !list_is_full(&list); ++p) {
    list_add(&list, ", ", patch->ports[p].name);
  }
  for (uint32_t b = 0; b < patch->n_blocks && !list_is_full(&list); ++b) {
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
  for (uint32_t p = 0; p < block->plugin->n_ports && !list_is_full(&list); ++p) {
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

  table_add(&patch->port_names, name, strlen(name), patch->n_ports);
  patch->ports = (PatchPort*)grow(patch->ports, patch->n_ports, sizeof(PatchPort));
  patch->ports[patch->n_ports++] =
    (PatchPort){(char*)xalloc(strdup(name)), kind, is_output, NULL};
  return true;
}

/// Return the values of a plugin's ports as they are before anybody turns a knob
static float*
default_values(const HostPlugin* const plugin)
{
  float* const values = (float*)new_array(plugin->n_ports, sizeof(float));
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

  table_add(&patch->block_names, name, strlen(name), patch->n_blocks);
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

/// Replace a text by a copy of another, unless that is NULL
static void
replace_text(char** const text, const char* const by)
{
  if (by) {
    free(*text);
    *text = (char*)xalloc(strdup(by));
  }
}

void
patch_describe(Patch* const patch, const char* const label, const char* const comment)
{
  replace_text(&patch->label, label);
  replace_text(&patch->comment, comment);
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
  if (table_find(&patch->cable_ends, &new_cable, sizeof(new_cable)) != TABLE_NONE) {
    message_error(patch->path, cable, "the cable is drawn twice");
    return false;
  }

  table_add(&patch->cable_ends, &new_cable, sizeof(new_cable), patch->n_cables);
  patch->cables = (PatchCable*)grow(patch->cables, patch->n_cables, sizeof(PatchCable));
  patch->cables[patch->n_cables++] = new_cable;
  return true;
}

// ---- Order

/// A patch while its blocks are put in order
typedef struct {
  const Patch* patch;
  Cables       heads;
  Cables       tails;
  uint32_t* n_awaited; ///< By block: cables from blocks that have no place, or PLACED
  uint32_t* ready;     ///< A heap of blocks that await none, the first one on top
  uint32_t  n_ready;
} Ordering;

static void
swap(uint32_t* const a, uint32_t* const b)
{
  const uint32_t x = *a;

  *a = *b;
  *b = x;
}

/// Add a block to those that are ready
static void
push_ready(Ordering* const ordering, const uint32_t block)
{
  uint32_t* const ready = ordering->ready;
  uint32_t        i     = ordering->n_ready++;
  ready[i]              = block;
  for (; i > 0 && ready[i] < ready[(i - 1U) / 2U]; i = (i - 1U) / 2U) {
    swap(&ready[i], &ready[(i - 1U) / 2U]);
  }
}

/// Take the first block out of those that are ready
static uint32_t
pop_ready(Ordering* const ordering)
{
  uint32_t* const ready = ordering->ready;
  const uint32_t  first = ready[0];
  const uint32_t  n     = --ordering->n_ready;

  ready[0] = ready[n];
  for (uint32_t i = 0; 2U * i + 1U < n;) {
    const uint32_t left = 2U * i + 1U;
    const uint32_t less = left + (left + 1U < n && ready[left + 1U] < ready[left]);
    if (ready[i] <= ready[less]) {
      break;
    }
    swap(&ready[i], &ready[less]);
    i = less;
  }
  return first;
}

/// Count the cables from blocks that lead to each block
static void
count_awaited(Ordering* const ordering)
{
  const Patch* const patch = ordering->patch;
  for (uint32_t c = 0; c < patch->n_cables; ++c) {
    const PatchCable* const cable = &patch->cables[c];
    if (cable->head.block != PATCH_ITSELF && cable->tail.block != PATCH_ITSELF) {
      ++ordering->n_awaited[cable->head.block];
    }
  }
  for (uint32_t b = 0; b < patch->n_blocks; ++b) {
    if (!ordering->n_awaited[b]) {
      push_ready(ordering, b);
    }
  }
}

/// Note that a block is in the order, which those that it feeds await no longer
static void
mark_placed(Ordering* const ordering, const uint32_t block)
{
  const CableList fed = cables_of(&ordering->tails, block);

  ordering->n_awaited[block] = PLACED;
  for (uint32_t i = 0; i < fed.n; ++i) {
    const uint32_t head = ordering->patch->cables[fed.numbers[i]].head.block;
    if (head != PATCH_ITSELF && !--ordering->n_awaited[head]) {
      push_ready(ordering, head);
    }
  }
}

/// Return a block that has no place yet and feeds `head`, which awaits at least one
static uint32_t
awaited(const Ordering* const ordering, const uint32_t head)
{
  const CableList feeding = cables_of(&ordering->heads, head);
  for (uint32_t i = 0; i < feeding.n; ++i) {
    const uint32_t tail = ordering->patch->cables[feeding.numbers[i]].tail.block;
    if (tail != PATCH_ITSELF && ordering->n_awaited[tail] != PLACED) {
      return tail;
    }
  }

  return head;
}

/// Return the first block of a circle among those without a place
static uint32_t
find_circle(const Ordering* const ordering)
{
  uint32_t block = 0;
  while (ordering->n_awaited[block] == PLACED) {
    ++block;
  }

  // After as many steps upstream as there are blocks we must be going round
  for (uint32_t i = 0; i < ordering->patch->n_blocks; ++i) {
    block = awaited(ordering, block);
  }

  uint32_t first = block;
  for (uint32_t i = 0; i < ordering->patch->n_blocks; ++i) {
    block = awaited(ordering, block);
    first = block < first ? block : first;
  }
  return first;
}

/// Name the blocks of a circle, in the flow of signals
static void
report_circle(const Ordering* const ordering)
{
  const Patch* const patch    = ordering->patch;
  const uint32_t     first    = find_circle(ordering);
  uint32_t* const    circle   = patch->order;
  uint32_t           n_blocks = 0;
  uint32_t           block    = first;
  do {
    circle[n_blocks++] = block;
    block              = awaited(ordering, block);
  } while (block != first);

  List list = {"", 0};
  list_add(&list, "", patch->blocks[first].name);
  while (n_blocks > 0) {
    list_add(&list, " -> ", patch->blocks[circle[--n_blocks]].name);
  }
  message_error(patch->path,
                NULL,
                "blocks feed each other in a circle, so none can run first: %s%s; "
                "take out a cable",
                list.text,
                list_is_full(&list) ? "..." : "");
}

/// Put blocks in order after A. B. Kahn (Communications of the ACM 5, 1962): always
/// the first one in the patch that may run
static bool
order_blocks(Ordering* const ordering)
{
  const Patch* const patch = ordering->patch;

  count_awaited(ordering);
  for (uint32_t i = 0; i < patch->n_blocks; ++i) {
    if (!ordering->n_ready) {
      report_circle(ordering);
      return false;
    }

    patch->order[i] = pop_ready(ordering);
    mark_placed(ordering, patch->order[i]);
  }

  return true;
}

static bool
check_outputs(const Ordering* const ordering)
{
  const Patch* const patch     = ordering->patch;
  uint32_t           n_outputs = 0;
  for (uint32_t p = 0; p < patch->n_ports; ++p) {
    const PatchPort* const port = &patch->ports[p];
    const PatchEnd         end  = {PATCH_ITSELF, p};
    if (port->is_output && !cables_at(&ordering->heads, end).n) {
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
  Ordering ordering  = {.patch = patch};
  ordering.n_awaited = (uint32_t*)new_array(patch->n_blocks, sizeof(uint32_t));
  ordering.ready     = (uint32_t*)new_array(patch->n_blocks, sizeof(uint32_t));
  patch->order       = (uint32_t*)new_array(patch->n_blocks, sizeof(uint32_t));
  cables_sort_heads(&ordering.heads, patch);
  cables_sort_tails(&ordering.tails, patch);

  const bool ok = check_outputs(&ordering) && order_blocks(&ordering);
  cables_free(&ordering.heads);
  cables_free(&ordering.tails);
  free(ordering.n_awaited);
  free(ordering.ready);
  return ok;
}
