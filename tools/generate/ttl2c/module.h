// SPDX-License-Identifier: ISC
/// Model of a module, as the generated C will have it

#ifndef MODULE_H
#define MODULE_H

#include <sord/sord.h>

#include <stdbool.h>

enum {
  MAX_PORTS      = 128, ///< As in plugin.h, also for the signals of all channels
  MAX_POINTS     = 64,
  MAX_FORMS      = 8,   ///< As in plugin.h
  MAX_CHANNELS   = 2,   ///< As in plugin.h
  ANY_CHANNEL    = 255, ///< As in plugin.h
  MAX_PROPERTIES = 16,  ///< As in plugin.h
  MAX_SYMBOL     = 63
};

typedef enum { CONTROL, AUDIO, CV, EVENTS, N_KINDS } Kind;

typedef struct {
  const char* label;
  double      value;
} Point;

typedef struct {
  const SordNode* node;
  const char*     symbol;
  const char*     name;
  char            module_symbol[MAX_SYMBOL + 1]; ///< What the module calls it
  unsigned        channel;                       ///< That has it, or ANY_CHANNEL
  Kind            kind;
  bool            is_output;
  bool            is_integer;
  double          minimum;
  double          maximum;
  double          default_value;
  Point           points[MAX_POINTS];
  unsigned        n_points;
} Port;

typedef struct {
  const char* uri;
  Port        ports[MAX_PORTS]; ///< By index
  unsigned    n_ports;
  unsigned    n_channels;
  const char* properties[MAX_PROPERTIES]; ///< What messages may set, by URI
  unsigned    n_properties;
} Plugin;

/// A module, as a plugin in one or more forms
typedef struct {
  Plugin   forms[MAX_FORMS]; ///< The first is the module's own
  unsigned n_forms;
  Plugin   all; ///< With the ports of all forms, its own first
} Module;

/// Return what C calls a kind of port; audio and CV are the same to it
const char*
kind_name(Kind kind);

/// Return the port with `symbol`, or NULL
const Port*
find_port(const Plugin* plugin, const char* symbol);

#endif // MODULE_H
