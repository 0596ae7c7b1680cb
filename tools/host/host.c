// SPDX-License-Identifier: ISC

#include "host/host.h"

#include "host/read_plugin.h"
#include "host/table.h"
#include "host/uris.h"

#include <lv2/atom/atom.h>
#include <lv2/buf-size/buf-size.h>
#include <lv2/core/lv2.h>
#include <lv2/options/options.h>
#include <lv2/presets/presets.h>
#include <lv2/urid/urid.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NS_RDFS "http://www.w3.org/2000/01/rdf-schema#"

struct HostImpl {
  LilvWorld*         world;
  HostPlugin*        plugins; ///< By URI
  uint32_t           n_plugins;
  const HostPlugin** selection; ///< What host_plugins() returned last
  Uris*              uris;
  LV2_URID_Map       map;
  LV2_URID_Unmap     unmap;
};

// ---- Numbers for URIs

static LV2_URID
map_uri(const LV2_URID_Map_Handle handle, const char* const uri)
{
  return uris_number(((Host*)handle)->uris, uri);
}

static const char*
unmap_uri(const LV2_URID_Unmap_Handle handle, const LV2_URID urid)
{
  return uris_uri(((const Host*)handle)->uris, urid);
}

uint32_t
host_map(Host* const host, const char* const uri)
{
  return map_uri(host, uri);
}

// ---- The host

static int
compare_plugins(const void* const a, const void* const b)
{
  return strcmp(((const HostPlugin*)a)->uri, ((const HostPlugin*)b)->uri);
}

/// Take note of all plugins; what they are is read when somebody asks for them
static void
find_plugins(Host* const host)
{
  const LilvPlugins* const plugins = lilv_world_get_all_plugins(host->world);

  const uint32_t n_plugins = lilv_plugins_size(plugins);
  host->plugins            = (HostPlugin*)calloc(n_plugins + 1U, sizeof(HostPlugin));
  host->selection = (const HostPlugin**)calloc(n_plugins + 1U, sizeof(HostPlugin*));
  LILV_FOREACH (plugins, i, plugins) {
    HostPlugin* const plugin = &host->plugins[host->n_plugins++];

    plugin->lilv = lilv_plugins_get(plugins, i);
    plugin->uri  = lilv_node_as_uri(lilv_plugin_get_uri(plugin->lilv));
  }
  qsort(host->plugins, host->n_plugins, sizeof(HostPlugin), compare_plugins);
}

/// Return `lv2_path` with its folders named from the root: lilv crashes on others
static char*
rooted_path(const char* const lv2_path)
{
  char*       path = NULL;
  size_t      size = 0;
  FILE* const file = open_memstream(&path, &size);
  char* const copy = strdup(lv2_path);
  char* const here = realpath(".", NULL);
  char*       rest = NULL;
  for (char* name = strtok_r(copy, ":", &rest); name;
       name       = strtok_r(NULL, ":", &rest)) {
    const bool is_rooted = strchr("/~$", *name); // lilv expands the last two
    fprintf(file,
            "%s%s%s%s",
            name == copy ? "" : ":",
            is_rooted ? "" : here,
            is_rooted ? "" : "/",
            name);
  }
  free(here);
  free(copy);
  fclose(file);
  return path;
}

/// Let the world look for plugins in `lv2_path`
static void
set_path(LilvWorld* const world, const char* const lv2_path)
{
  char* const     path = rooted_path(lv2_path);
  LilvNode* const node = lilv_new_string(world, path);
  lilv_world_set_option(world, LILV_OPTION_LV2_PATH, node);
  lilv_node_free(node);
  free(path);
}

/// Make a host that knows no plugins
static Host*
new_empty(Uris* const uris)
{
  Host* const host = (Host*)calloc(1, sizeof(Host));
  if (host) {
    host->world = lilv_world_new();
    host->uris  = uris;
    host->map   = (LV2_URID_Map){host, map_uri};
    host->unmap = (LV2_URID_Unmap){host, unmap_uri};
  }
  return host;
}

Host*
host_new_bundle(const char* const folder)
{
  Host* const host = new_empty(uris_new());
  char* const root = realpath(folder, NULL);
  if (host && root) {
    LilvNode* const bundle = lilv_new_file_uri(host->world, NULL, root);
    char* const     uri    = (char*)calloc(1, strlen(lilv_node_as_uri(bundle)) + 2U);
    strcat(strcpy(uri, lilv_node_as_uri(bundle)), "/"); // As bundles end
    LilvNode* const node = lilv_new_uri(host->world, uri);
    lilv_world_load_bundle(host->world, node);
    lilv_node_free(node);
    lilv_node_free(bundle);
    free(uri);
  }
  free(root);
  if (host) {
    find_plugins(host);
  }
  return host;
}

/// Make a host of all plugins on a path
static Host*
new_of_path(const char* const lv2_path, Uris* const uris)
{
  Host* const host = new_empty(uris);
  if (!host) {
    return NULL;
  }

  const char* const path = lv2_path ? lv2_path : getenv("LV2_PATH");
  if (path) {
    set_path(host->world, path);
  }
  lilv_world_load_all(host->world);
  find_plugins(host);
  return host;
}

Host*
host_new(const char* const lv2_path)
{
  return new_of_path(lv2_path, uris_new());
}

Host*
host_new_beside(Host* const other, const char* const lv2_path)
{
  return new_of_path(lv2_path, uris_share(other->uris));
}

void
host_free(Host* const host)
{
  for (uint32_t i = 0; i < host->n_plugins; ++i) {
    host_free_plugin(&host->plugins[i]);
  }
  uris_free(host->uris);
  free((void*)host->selection);
  free(host->plugins);
  lilv_world_free(host->world);
  free(host);
}

LilvWorld*
host_world(Host* const host)
{
  return host->world;
}

const HostPlugin* const*
host_plugins(Host* const host, const char* const uri_start)
{
  uint32_t n_selected = 0;
  for (uint32_t i = 0; i < host->n_plugins; ++i) {
    if (!strncmp(host->plugins[i].uri, uri_start, strlen(uri_start))) {
      host_read_plugin(&host->plugins[i], host->world);
      host->selection[n_selected++] = &host->plugins[i];
    }
  }
  host->selection[n_selected] = NULL;
  return host->selection;
}

const HostPlugin*
host_plugin(Host* const host, const char* const uri)
{
  const HostPlugin  wanted = {.uri = uri};
  HostPlugin* const found  = (HostPlugin*)bsearch(
    &wanted, host->plugins, host->n_plugins, sizeof(HostPlugin), compare_plugins);
  if (found) {
    host_read_plugin(found, host->world);
  }
  return found;
}

const HostPort*
host_port(const HostPlugin* const plugin, const char* const symbol)
{
  const uint32_t p = table_find(&plugin->port_symbols, symbol, strlen(symbol));

  return p == TABLE_NONE ? NULL : &plugin->ports[p];
}

HostPort
host_port_at_rate(const HostPort* const port, const double sample_rate)
{
  const float unit   = port->is_rate_relative ? (float)sample_rate : 1.0f;
  HostPort    scaled = *port;

  scaled.minimum *= unit;
  scaled.maximum *= unit;
  return scaled;
}

// ---- Presets

/// The knobs that a preset is about to set
typedef struct {
  Host*             host;
  const HostPlugin* plugin;
  float*            values;
} Knobs;

static bool
preset_has_label(Host* const           host,
                 const LilvNode* const preset,
                 const char* const     label)
{
  LilvNode* const predicate = lilv_new_uri(host->world, NS_RDFS "label");
  LilvNode* const node      = lilv_world_get(host->world, preset, predicate, NULL);
  const bool      has       = node && !strcmp(lilv_node_as_string(node), label);

  lilv_node_free(node);
  lilv_node_free(predicate);
  return has;
}

/// Return the state that a preset of that URI or label stands for, or NULL
static LilvState*
find_preset(Host* const host, const HostPlugin* const plugin, const char* const preset)
{
  LilvNode* const class    = lilv_new_uri(host->world, LV2_PRESETS__Preset);
  LilvNodes* const presets = lilv_plugin_get_related(plugin->lilv, class);

  LilvState* state = NULL;
  LILV_FOREACH (nodes, i, presets) {
    const LilvNode* const node = lilv_nodes_get(presets, i);
    lilv_world_load_resource(host->world, node);
    if (!state && (!strcmp(lilv_node_as_string(node), preset) ||
                   preset_has_label(host, node, preset))) {
      state = lilv_state_new_from_world(host->world, &host->map, node);
    }
  }
  lilv_nodes_free(presets);
  lilv_node_free(class);
  return state;
}

static void
set_knob(const char* const symbol,
         void* const       user_data,
         const void* const value,
         const uint32_t    size,
         const uint32_t    type)
{
  const Knobs* const    knobs = (const Knobs*)user_data;
  const HostPort* const port  = host_port(knobs->plugin, symbol);
  if (!port || !host_is_knob(port)) {
    return;
  }

  float* const knob = &knobs->values[port->index];
  if (type == host_map(knobs->host, LV2_ATOM__Float) && size == sizeof(float)) {
    *knob = *(const float*)value;
  } else if (type == host_map(knobs->host, LV2_ATOM__Double) &&
             size == sizeof(double)) {
    *knob = (float)*(const double*)value;
  } else if (size == sizeof(int32_t)) {
    *knob = (float)*(const int32_t*)value;
  }
}

bool
host_load_preset(Host* const             host,
                 const HostPlugin* const plugin,
                 const char* const       preset,
                 float* const            values)
{
  LilvState* const state = find_preset(host, plugin, preset);
  if (!state) {
    return false;
  }

  Knobs knobs  = {.host = host, .plugin = plugin};
  knobs.values = values;
  lilv_state_emit_port_values(state, set_knob, &knobs);
  lilv_state_free(state);
  return true;
}

// ---- Instances

/// Return true if hosts need not do a thing for the feature, or host_instantiate() does
static bool
is_feature_known(const char* const uri)
{
  static const char* const known[] = {LV2_URID__map,
                                      LV2_URID__unmap,
                                      LV2_OPTIONS__options,
                                      LV2_BUF_SIZE__boundedBlockLength,
                                      LV2_CORE__hardRTCapable,
                                      LV2_CORE__inPlaceBroken};

  for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); ++i) {
    if (!strcmp(uri, known[i])) {
      return true;
    }
  }

  return false;
}

char*
host_missing_feature(const HostPlugin* const plugin)
{
  LilvNodes* const features = lilv_plugin_get_required_features(plugin->lilv);

  char* missing = NULL;
  LILV_FOREACH (nodes, i, features) {
    const char* const uri = lilv_node_as_string(lilv_nodes_get(features, i));
    if (!missing && !is_feature_known(uri)) {
      missing = strdup(uri);
    }
  }
  lilv_nodes_free(features);
  return missing;
}

LilvInstance*
host_instantiate(Host* const             host,
                 const HostPlugin* const plugin,
                 const double            sample_rate)
{
  static const int32_t max_block = HOST_MAX_BLOCK_FRAMES;
  static const int32_t min_block = 1;

  char* const missing = host_missing_feature(plugin);
  if (missing) {
    free(missing);
    return NULL;
  }

  const uint32_t           int_type  = host_map(host, LV2_ATOM__Int);
  const LV2_Options_Option options[] = {{LV2_OPTIONS_INSTANCE,
                                         0,
                                         host_map(host, LV2_BUF_SIZE__minBlockLength),
                                         4,
                                         int_type,
                                         &min_block},
                                        {LV2_OPTIONS_INSTANCE,
                                         0,
                                         host_map(host, LV2_BUF_SIZE__maxBlockLength),
                                         4,
                                         int_type,
                                         &max_block},
                                        {LV2_OPTIONS_INSTANCE, 0, 0, 0, 0, NULL}};

  const LV2_Feature  map        = {LV2_URID__map, &host->map};
  const LV2_Feature  unmap      = {LV2_URID__unmap, &host->unmap};
  const LV2_Feature  option     = {LV2_OPTIONS__options, (void*)options};
  const LV2_Feature  bounded    = {LV2_BUF_SIZE__boundedBlockLength, NULL};
  const LV2_Feature* features[] = {&map, &unmap, &option, &bounded, NULL};
  return lilv_plugin_instantiate(plugin->lilv, sample_rate, features);
}
