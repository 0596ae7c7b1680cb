// SPDX-License-Identifier: ISC

#include "host/patch.h"

#include "host/message.h"
#include "host/patch_names.h"
#include "host/table.h"
#include "host/value.h"
#include "host/xalloc.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_NAME 256 ///< Longest name of a cable in a report

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

// ---- Ports and blocks

static bool
check_name(const Patch* const patch, const char* const name)
{
  if (!*name || strchr(name, '/')) {
    message_error(patch->path, name, "a name must be a word without a slash");
    return false;
  }
  if (patch_find_port(patch, name) || patch_find_block(patch, name, strlen(name))) {
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
  patch->ports = (PatchPort*)xgrow(patch->ports, patch->n_ports, sizeof(PatchPort));
  patch->ports[patch->n_ports++] =
    (PatchPort){(char*)xalloc(strdup(name)), kind, is_output, NULL};
  return true;
}

/// Return the values of a plugin's ports as they are before anybody turns a knob
static float*
default_values(const HostPlugin* const plugin)
{
  float* const values = (float*)xarray(plugin->n_ports, sizeof(float));
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
  patch->blocks =
    (PatchBlock*)xgrow(patch->blocks, patch->n_blocks, sizeof(PatchBlock));
  patch->blocks[patch->n_blocks++] =
    (PatchBlock){(char*)xalloc(strdup(name)), plugin, default_values(plugin)};
  return true;
}

bool
patch_load_preset(Patch* const patch, const char* const block, const char* const preset)
{
  PatchBlock* const found = patch_find_block(patch, block, strlen(block));
  if (!found) {
    patch_report_unknown(patch, block, block, strlen(block));
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

/// Return the knob that is called `name`, and where its value is kept, or NULL
static const HostPort*
find_knob(const Patch* const patch, const char* const name, float** const value)
{
  PatchBlock*           block = NULL;
  const HostPort* const port  = patch_find_block_port(patch, name, name, true, &block);
  if (!port) {
    return NULL;
  }
  if (!host_is_knob(port)) {
    message_error(patch->path,
                  name,
                  "is %s, and only knobs have a value: draw a cable instead",
                  patch_kind_names[port->kind]);
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
  PatchPort* const port = patch_find_port(patch, name);
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
  const PatchPort* const port = patch_find_port(patch, name);
  if (port) {
    const uint32_t index = (uint32_t)(port - patch->ports);
    *plug                = (Plug){{PATCH_ITSELF, index}, port->kind, !port->is_output};
    return true;
  }

  PatchBlock*           block = NULL;
  const HostPort* const found =
    patch_find_block_port(patch, name, cable, false, &block);
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
                  patch_kind_names[tail->kind],
                  patch_kind_names[head->kind]);
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
  patch->cables =
    (PatchCable*)xgrow(patch->cables, patch->n_cables, sizeof(PatchCable));
  patch->cables[patch->n_cables++] = new_cable;
  return true;
}
