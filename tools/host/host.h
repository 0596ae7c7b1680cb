// SPDX-License-Identifier: ISC
/**
   A small LV2 host on lilv, which the tools and the tests share.

   It knows plugins as a user does, from their Turtle: what ports they have, with
   kind, range and unit.  It loads any plugin, not only those of Chronus.
*/

#ifndef HOST_H
#define HOST_H

#include "host/table.h"

#include <lilv/lilv.h>

#include <stdbool.h>
#include <stdint.h>

#define HOST_MAX_BLOCK_FRAMES 8192 ///< Longest block, as plugins are told

typedef enum {
  HOST_CONTROL, ///< One float
  HOST_AUDIO,   ///< A float for every frame, +-1
  HOST_CV,      ///< A float for every frame, in volts
  HOST_EVENTS,  ///< A sequence of events: MIDI or positions of the transport
  HOST_UNKNOWN  ///< Something else, which is left unconnected
} HostPortKind;

/// A value of a port that has a name
typedef struct {
  char* label;
  float value;
} HostPoint;

/// A port as its Turtle describes it; strings are never NULL
typedef struct {
  uint32_t     index;
  char*        symbol;
  char*        name;
  char*        comment;
  char*        unit; ///< Symbol of the unit ("Hz"), "" if it has none
  HostPortKind kind;
  bool         is_output;
  bool         is_optional;
  bool         is_integer;
  bool         is_toggled;
  bool         is_enumeration;
  bool         is_logarithmic;
  bool         has_artifacts;    ///< Whether a change may click: it does not glide
  bool         is_discrete;      ///< Whether it is CV that never lies between values
  bool         has_midi;         ///< Whether its events may be MIDI
  bool         has_transport;    ///< Whether they may be positions of the transport
  bool         is_rate_relative; ///< Its range is in multiples of the sample rate
  float        minimum;
  float        maximum;
  float        default_value;
  HostPoint*   points; ///< By value, upwards
  uint32_t     n_points;
} HostPort;

static inline bool
host_is_knob(const HostPort* const port)
{
  return port->kind == HOST_CONTROL && !port->is_output;
}

/// Return true for audio and CV
static inline bool
host_is_signal(const HostPort* const port)
{
  return port->kind == HOST_AUDIO || port->kind == HOST_CV;
}

typedef struct {
  const LilvPlugin* lilv;
  const char*       uri;
  char*             name;
  HostPort*         ports; ///< By index
  uint32_t          n_ports;
  Table             port_symbols; ///< Numbers of ports
} HostPlugin;

typedef struct HostImpl Host;

/**
   Find all plugins on `lv2_path`, or where LV2_PATH says if it is NULL.

   Returns NULL if there is no memory.
*/
Host*
host_new(const char* lv2_path);

/// Find them as host_new() does, with numbers for URIs in common with another host, so
/// that plugins of both understand the same states
Host*
host_new_beside(Host* other, const char* lv2_path);

/// Find the plugins of a bundle, a folder, and no others; NULL if there is no memory
Host*
host_new_bundle(const char* folder);

void
host_free(Host* host);

/// Return the lilv world, for what stands in Turtle but not here
LilvWorld*
host_world(Host* host);

/// Return the plugins whose URI begins with `uri_start`, by URI; NULL ends them
const HostPlugin* const*
host_plugins(Host* host, const char* uri_start);

/// Return a plugin, or NULL if there is none
const HostPlugin*
host_plugin(Host* host, const char* uri);

/// Return a port, or NULL if the plugin has none of that symbol
const HostPort*
host_port(const HostPlugin* plugin, const char* symbol);

/// Return a port as it is at a sample rate; shares the strings of the original
HostPort
host_port_at_rate(const HostPort* port, double sample_rate);

/**
   Set the knobs among `values`, one of every port, as a preset of the plugin does.

   The preset is known by its URI or its label.  Returns false if there is none.
*/
bool
host_load_preset(Host*             host,
                 const HostPlugin* plugin,
                 const char*       preset,
                 float*            values);

/// Return a number for a URI, the same for the whole life of the host
uint32_t
host_map(Host* host, const char* uri);

/**
   Instantiate a plugin, with nothing connected.

   It gets the features urid:map, urid:unmap, options and bounded block length.  The
   plugin may be one of another host, with which it has the numbers of URIs in common.
   Returns NULL if the plugin requires others, or its library can't be loaded or
   refuses.
*/
LilvInstance*
host_instantiate(Host* host, const HostPlugin* plugin, double sample_rate);

/// Return the URI of a feature that the plugin requires in vain, to be freed, or NULL
char*
host_missing_feature(const HostPlugin* plugin);

#endif // HOST_H
