// SPDX-License-Identifier: ISC

#include "host.h"

#include <lv2/atom/atom.h>
#include <lv2/buf-size/buf-size.h>
#include <lv2/core/lv2.h>
#include <lv2/options/options.h>
#include <lv2/port-props/port-props.h>
#include <lv2/units/units.h>
#include <lv2/urid/urid.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NS_RDFS "http://www.w3.org/2000/01/rdf-schema#"

#define MAX_BLOCK_FRAMES 8192 ///< What plugins are told of the longest block

struct HostImpl {
  LilvWorld*         world;
  HostPlugin*        plugins; ///< By URI
  uint32_t           n_plugins;
  const HostPlugin** selection; ///< What host_plugins() returned last
  char**             uris;      ///< URI number n stands at n - 1
  uint32_t           n_uris;
  LV2_URID_Map       map;
  LV2_URID_Unmap     unmap;
};

// ---- Numbers for URIs

static LV2_URID
map_uri(const LV2_URID_Map_Handle handle, const char* const uri)
{
  Host* const host = (Host*)handle;
  for (uint32_t i = 0; i < host->n_uris; ++i) {
    if (!strcmp(host->uris[i], uri)) {
      return i + 1;
    }
  }

  char** const uris = (char**)realloc(host->uris, (host->n_uris + 1) * sizeof(char*));
  if (!uris) {
    return 0;
  }

  host->uris         = uris;
  uris[host->n_uris] = strdup(uri);
  return ++host->n_uris;
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

static char*
port_unit(const HostPlugin* const plugin,
          const LilvPort* const   port,
          LilvWorld* const        world)
{
  LilvNode* const predicate = lilv_new_uri(world, LV2_UNITS__unit);
  LilvNode* const symbol    = lilv_new_uri(world, LV2_UNITS__symbol);
  LilvNode* const unit      = lilv_port_get(plugin->lilv, port, predicate);
  char* const     str =
    take_string(unit ? lilv_world_get(world, unit, symbol, NULL) : NULL);

  lilv_node_free(unit);
  lilv_node_free(symbol);
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
  if (lv2_path) {
    LilvNode* const path = lilv_new_string(host->world, lv2_path);
    lilv_world_set_option(host->world, LILV_OPTION_LV2_PATH, path);
    lilv_node_free(path);
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
  for (uint32_t i = 0; i < host->n_plugins; ++i) {
    if (!strcmp(host->plugins[i].uri, uri)) {
      read_plugin(&host->plugins[i], host->world);
      return &host->plugins[i];
    }
  }

  return NULL;
}

const HostPort*
host_port(const HostPlugin* const plugin, const char* const symbol)
{
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    if (!strcmp(plugin->ports[p].symbol, symbol)) {
      return &plugin->ports[p];
    }
  }

  return NULL;
}

LilvInstance*
host_instantiate(Host* const             host,
                 const HostPlugin* const plugin,
                 const double            sample_rate)
{
  static const int32_t max_block = MAX_BLOCK_FRAMES;
  static const int32_t min_block = 1;

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
