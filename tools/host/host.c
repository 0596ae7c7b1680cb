// SPDX-License-Identifier: ISC

#include "host/host.h"

#include "host/table.h"

#include <lv2/atom/atom.h>
#include <lv2/buf-size/buf-size.h>
#include <lv2/core/lv2.h>
#include <lv2/midi/midi.h>
#include <lv2/options/options.h>
#include <lv2/port-props/port-props.h>
#include <lv2/presets/presets.h>
#include <lv2/time/time.h>
#include <lv2/units/units.h>
#include <lv2/urid/urid.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NS_RDFS "http://www.w3.org/2000/01/rdf-schema#"

struct HostImpl {
  LilvWorld*         world;
  HostPlugin*        plugins; ///< By URI
  uint32_t           n_plugins;
  const HostPlugin** selection; ///< What host_plugins() returned last
  char**             uris;      ///< URI number n stands at n - 1
  uint32_t           n_uris;
  Table              uri_numbers;
  LV2_URID_Map       map;
  LV2_URID_Unmap     unmap;
};

// ---- Numbers for URIs

static LV2_URID
map_uri(const LV2_URID_Map_Handle handle, const char* const uri)
{
  Host* const    host   = (Host*)handle;
  const size_t   length = strlen(uri);
  const uint32_t found  = table_find(&host->uri_numbers, uri, length);
  if (found != TABLE_NONE) {
    return found;
  }

  char** const uris = (char**)realloc(host->uris, (host->n_uris + 1) * sizeof(char*));
  if (!uris) {
    return 0;
  }

  host->uris         = uris;
  uris[host->n_uris] = strdup(uri);
  table_add(&host->uri_numbers, uri, length, ++host->n_uris);
  return host->n_uris;
}

static const char*
unmap_uri(const LV2_URID_Unmap_Handle handle, const LV2_URID urid)
{
  const Host* const host = (const Host*)handle;

  return urid > 0 && urid <= host->n_uris ? host->uris[urid - 1] : NULL;
}

uint32_t
host_map(Host* const host, const char* const uri)
{
  return map_uri(host, uri);
}

// ---- Turtle

/// Take the string of `node`, and free the node
static char*
take_string(LilvNode* const node)
{
  char* const str = strdup(node ? lilv_node_as_string(node) : "");

  lilv_node_free(node);
  return str;
}

static char*
port_text(const HostPlugin* const plugin,
          const LilvPort* const   port,
          LilvWorld* const        world,
          const char* const       predicate)
{
  LilvNode* const uri = lilv_new_uri(world, predicate);
  char* const     str = take_string(lilv_port_get(plugin->lilv, port, uri));

  lilv_node_free(uri);
  return str;
}

static bool
port_is(const HostPlugin* const plugin,
        const LilvPort* const   port,
        LilvWorld* const        world,
        const char* const class)
{
  LilvNode* const uri = lilv_new_uri(world, class);
  const bool      is  = lilv_port_is_a(plugin->lilv, port, uri);

  lilv_node_free(uri);
  return is;
}

static bool
port_has(const HostPlugin* const plugin,
         const LilvPort* const   port,
         LilvWorld* const        world,
         const char* const       property)
{
  LilvNode* const uri = lilv_new_uri(world, property);
  const bool      has = lilv_port_has_property(plugin->lilv, port, uri);

  lilv_node_free(uri);
  return has;
}

static bool
port_supports(const HostPlugin* const plugin,
              const LilvPort* const   port,
              LilvWorld* const        world,
              const char* const       event)
{
  LilvNode* const uri      = lilv_new_uri(world, event);
  const bool      supports = lilv_port_supports_event(plugin->lilv, port, uri);

  lilv_node_free(uri);
  return supports;
}

static HostPortKind
port_kind(const HostPlugin* const plugin,
          const LilvPort* const   port,
          LilvWorld* const        world)
{
  return port_is(plugin, port, world, LV2_CORE__ControlPort) ? HOST_CONTROL
         : port_is(plugin, port, world, LV2_CORE__CVPort)    ? HOST_CV
         : port_is(plugin, port, world, LV2_CORE__AudioPort) ? HOST_AUDIO
         : port_is(plugin, port, world, LV2_ATOM__AtomPort)  ? HOST_EVENTS
                                                             : HOST_UNKNOWN;
}

/**
   Return the symbol of a unit of LV2's own, or NULL.

   LV2_PATH may hold nothing but plugins, and a host is to know these by heart.
*/
static const char*
standard_symbol(const char* const unit)
{
  static const char* const symbols[][2] = {
    {LV2_UNITS__bar, "bars"},
    {LV2_UNITS__beat, "beats"},
    {LV2_UNITS__bpm, "BPM"},
    {LV2_UNITS__cent, "ct"},
    {LV2_UNITS__coef, ""},
    {LV2_UNITS__db, "dB"},
    {LV2_UNITS__degree, "deg"},
    {LV2_UNITS__frame, "frames"},
    {LV2_UNITS__hz, "Hz"},
    {LV2_UNITS__khz, "kHz"},
    {LV2_UNITS__mhz, "MHz"},
    {LV2_UNITS__midiNote, "note"},
    {LV2_UNITS__min, "min"},
    {LV2_UNITS__ms, "ms"},
    {LV2_UNITS__oct, "oct"},
    {LV2_UNITS__pc, "%"},
    {LV2_UNITS__s, "s"},
    {LV2_UNITS__semitone12TET, "semi"},
  };

  for (size_t i = 0; i < sizeof(symbols) / sizeof(symbols[0]); ++i) {
    if (!strcmp(symbols[i][0], unit)) {
      return symbols[i][1];
    }
  }

  return NULL;
}

static char*
unit_symbol(const LilvNode* const unit, LilvWorld* const world)
{
  const char* const standard =
    lilv_node_is_uri(unit) ? standard_symbol(lilv_node_as_uri(unit)) : NULL;
  if (standard) {
    return strdup(standard);
  }

  LilvNode* const predicate = lilv_new_uri(world, LV2_UNITS__symbol);
  char* const     str       = take_string(lilv_world_get(world, unit, predicate, NULL));

  lilv_node_free(predicate);
  return str;
}

static char*
port_unit(const HostPlugin* const plugin,
          const LilvPort* const   port,
          LilvWorld* const        world)
{
  LilvNode* const predicate = lilv_new_uri(world, LV2_UNITS__unit);
  LilvNode* const unit      = lilv_port_get(plugin->lilv, port, predicate);
  char* const     str       = unit ? unit_symbol(unit, world) : strdup("");

  lilv_node_free(unit);
  lilv_node_free(predicate);
  return str;
}

static int
compare_points(const void* const a, const void* const b)
{
  const float x = ((const HostPoint*)a)->value;
  const float y = ((const HostPoint*)b)->value;

  return (x > y) - (x < y);
}

static void
read_points(HostPort* const         port,
            const HostPlugin* const plugin,
            const LilvPort* const   lilv)
{
  LilvScalePoints* const points = lilv_port_get_scale_points(plugin->lilv, lilv);
  if (!points) {
    return;
  }

  port->points = (HostPoint*)calloc(lilv_scale_points_size(points), sizeof(HostPoint));
  LILV_FOREACH (scale_points, i, points) {
    const LilvScalePoint* const point = lilv_scale_points_get(points, i);
    HostPoint* const            to    = &port->points[port->n_points++];

    to->label = strdup(lilv_node_as_string(lilv_scale_point_get_label(point)));
    to->value = lilv_node_as_float(lilv_scale_point_get_value(point));
  }
  lilv_scale_points_free(points);
  qsort(port->points, port->n_points, sizeof(HostPoint), compare_points);
}

static void
read_port(HostPort* const         port,
          const HostPlugin* const plugin,
          LilvWorld* const        world,
          const uint32_t          index)
{
  const LilvPort* const lilv = lilv_plugin_get_port_by_index(plugin->lilv, index);

  port->index   = index;
  port->symbol  = strdup(lilv_node_as_string(lilv_port_get_symbol(plugin->lilv, lilv)));
  port->name    = take_string(lilv_port_get_name(plugin->lilv, lilv));
  port->comment = port_text(plugin, lilv, world, NS_RDFS "comment");
  port->unit    = port_unit(plugin, lilv, world);
  port->kind    = port_kind(plugin, lilv, world);

  port->is_output      = port_is(plugin, lilv, world, LV2_CORE__OutputPort);
  port->is_optional    = port_has(plugin, lilv, world, LV2_CORE__connectionOptional);
  port->is_integer     = port_has(plugin, lilv, world, LV2_CORE__integer);
  port->is_toggled     = port_has(plugin, lilv, world, LV2_CORE__toggled);
  port->is_enumeration = port_has(plugin, lilv, world, LV2_CORE__enumeration);
  port->is_logarithmic = port_has(plugin, lilv, world, LV2_PORT_PROPS__logarithmic);
  port->has_artifacts  = port_has(plugin, lilv, world, LV2_PORT_PROPS__causesArtifacts);
  port->has_midi       = port_supports(plugin, lilv, world, LV2_MIDI__MidiEvent);
  port->has_transport  = port_supports(plugin, lilv, world, LV2_TIME__Position);

  port->is_rate_relative = port_has(plugin, lilv, world, LV2_CORE__sampleRate);
  read_points(port, plugin, lilv);
}

/// Read all that stands in a plugin's own files, if that has not been done
static void
read_plugin(HostPlugin* const plugin, LilvWorld* const world)
{
  if (plugin->ports) {
    return;
  }

  const LilvPlugin* const lilv = plugin->lilv;

  plugin->name    = take_string(lilv_plugin_get_name(lilv));
  plugin->n_ports = lilv_plugin_get_num_ports(lilv);
  plugin->ports   = (HostPort*)calloc(plugin->n_ports + 1U, sizeof(HostPort));

  float* const ranges = (float*)calloc(3U * (size_t)plugin->n_ports, sizeof(float));
  lilv_plugin_get_port_ranges_float(
    lilv, ranges, ranges + plugin->n_ports, ranges + 2U * (size_t)plugin->n_ports);
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    HostPort* const port = &plugin->ports[p];
    read_port(port, plugin, world, p);
    port->minimum       = ranges[p];
    port->maximum       = ranges[plugin->n_ports + p];
    port->default_value = ranges[2U * (size_t)plugin->n_ports + p];
    table_add(&plugin->port_symbols, port->symbol, strlen(port->symbol), p);
  }
  free(ranges);
}

static void
free_plugin(HostPlugin* const plugin)
{
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    HostPort* const port = &plugin->ports[p];
    for (uint32_t i = 0; i < port->n_points; ++i) {
      free(port->points[i].label);
    }
    free(port->points);
    free(port->unit);
    free(port->comment);
    free(port->name);
    free(port->symbol);
  }
  free(plugin->ports);
  free(plugin->name);
  table_free(&plugin->port_symbols);
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

Host*
host_new(const char* const lv2_path)
{
  Host* const host = (Host*)calloc(1, sizeof(Host));
  if (!host) {
    return NULL;
  }

  host->world = lilv_world_new();
  host->map   = (LV2_URID_Map){host, map_uri};
  host->unmap = (LV2_URID_Unmap){host, unmap_uri};

  const char* const path = lv2_path ? lv2_path : getenv("LV2_PATH");
  if (path) {
    set_path(host->world, path);
  }
  lilv_world_load_all(host->world);
  find_plugins(host);
  return host;
}

void
host_free(Host* const host)
{
  for (uint32_t i = 0; i < host->n_plugins; ++i) {
    free_plugin(&host->plugins[i]);
  }
  for (uint32_t i = 0; i < host->n_uris; ++i) {
    free(host->uris[i]);
  }
  free(host->uris);
  table_free(&host->uri_numbers);
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
      read_plugin(&host->plugins[i], host->world);
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
    read_plugin(found, host->world);
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
