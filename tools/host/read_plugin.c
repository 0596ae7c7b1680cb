// SPDX-License-Identifier: ISC

#include "host/read_plugin.h"

#include "host/table.h"

#include <lv2/atom/atom.h>
#include <lv2/core/lv2.h>
#include <lv2/midi/midi.h>
#include <lv2/port-props/port-props.h>
#include <lv2/time/time.h>
#include <lv2/units/units.h>

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define NS_RDFS "http://www.w3.org/2000/01/rdf-schema#"

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
  port->is_discrete = port_has(plugin, lilv, world, LV2_PORT_PROPS_PREFIX "discreteCV");
  port->has_midi    = port_supports(plugin, lilv, world, LV2_MIDI__MidiEvent);
  port->has_transport = port_supports(plugin, lilv, world, LV2_TIME__Position);

  port->is_rate_relative = port_has(plugin, lilv, world, LV2_CORE__sampleRate);
  read_points(port, plugin, lilv);
}

void
host_read_plugin(HostPlugin* const plugin, LilvWorld* const world)
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

void
host_free_plugin(HostPlugin* const plugin)
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
