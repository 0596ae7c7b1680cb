// SPDX-License-Identifier: ISC
/**
   From the Turtle that describes plugins to the C and the manifest of their bundle.

   ttl2c ports OUT.h FILE.ttl...      ports and scale points of a module
   ttl2c manifest OUT.ttl FILE.ttl... what the bundle's files hold

   Before these may stand `--suffix TEXT`, with which the names of binaries end: ".so"
   if it is left out.

   The first file describes the module as a plugin.  Others may describe its forms,
   which are the same module as plugins with other ports, and after each of these the
   presets that are made for it.

   A form with ports x_left and x_right, where the module itself has no ports of these
   names but x, is the module twice: once for each channel.

   Refuses Turtle that hosts or users would trip over, and writes nothing then.
*/

#include <serd/serd.h>
#include <sord/sord.h>

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NS_ATOM "http://lv2plug.in/ns/ext/atom#"
#define NS_DOAP "http://usefulinc.com/ns/doap#"
#define NS_LV2 "http://lv2plug.in/ns/lv2core#"
#define NS_MIDI "http://lv2plug.in/ns/ext/midi#"
#define NS_PATCH "http://lv2plug.in/ns/ext/patch#"
#define NS_PG "http://lv2plug.in/ns/ext/port-groups#"
#define NS_PPROPS "http://lv2plug.in/ns/ext/port-props#"
#define NS_PSET "http://lv2plug.in/ns/ext/presets#"
#define NS_RDF "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
#define NS_RDFS "http://www.w3.org/2000/01/rdf-schema#"
#define NS_TIME "http://lv2plug.in/ns/ext/time#"
#define NS_STATE "http://lv2plug.in/ns/ext/state#"
#define NS_WORKER "http://lv2plug.in/ns/ext/worker#"
#define NS_UNITS "http://lv2plug.in/ns/extensions/units#"
#define NS_URID "http://lv2plug.in/ns/ext/urid#"
#define NS_XSD "http://www.w3.org/2001/XMLSchema#"

#define URI_BASE "urn:chronus:"
#define NAME_START "Chronus "
#define PRESET_INFIX ":preset:"
#define TUNING_URI URI_BASE "tuning" ///< What modules have in common that take tunings
#define PROPERTY_SIGN '#'
#define FORM_SIGN '-' ///< Between the name of a module and that of its form

enum {
  MAX_PORTS      = 128, ///< As in plugin.h, also for the signals of all channels
  MAX_CV         = 32,  ///< Either way, of a plugin: Carla has no more
  MAX_POINTS     = 64,
  MAX_FORMS      = 8,   ///< As in plugin.h
  MAX_CHANNELS   = 2,   ///< As in plugin.h
  ANY_CHANNEL    = 255, ///< As in plugin.h
  MAX_PROPERTIES = 16,  ///< As in plugin.h
  MAX_SHORT_NAME = 15,
  MAX_SYMBOL     = 63
};

typedef enum { CONTROL, AUDIO, CV, EVENTS, N_KINDS } Kind;

static const char* const kind_class[N_KINDS] = {NS_LV2 "ControlPort",
                                                NS_LV2 "AudioPort",
                                                NS_LV2 "CVPort",
                                                NS_ATOM "AtomPort"};
static const char* const kind_name[N_KINDS]  = {"PORT_CONTROL",
                                                "PORT_SIGNAL",
                                                "PORT_SIGNAL",
                                                "PORT_EVENTS"};

typedef struct {
  const char* label;
  double      value;
} Point;

static const char* const channel_ending[MAX_CHANNELS] = {"_left", "_right"};

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

static SordWorld*  world;
static const char* binary_suffix = ".so"; ///< With which names of libraries end
static SordModel*  model;                 ///< What the present file says
static const char* path;                  ///< The file that is being read
static const char* subject;               ///< What in it is being looked at
static unsigned    n_errors;

// ---- Complaints

static void
complain(const char* const fmt, ...)
{
  va_list args;
  va_start(args, fmt);
  fprintf(stderr, "ttl2c: %s: ", path);
  if (subject) {
    fprintf(stderr, "%s: ", subject);
  }
  vfprintf(stderr, fmt, args);
  fprintf(stderr, "\n");
  va_end(args);
  ++n_errors;
}

// ---- Reading the model

static SordNode*
uri_node(const char* const uri)
{
  return sord_new_uri(world, (const uint8_t*)uri);
}

static const char*
string(const SordNode* const node)
{
  return node ? (const char*)sord_node_get_string(node) : NULL;
}

static bool
has(const SordNode* const s, const char* const predicate, const char* const object)
{
  return sord_ask(model, s, uri_node(predicate), uri_node(object), NULL);
}

/// Return the first object of `predicate` that has no language, or NULL
static const SordNode*
object(const SordNode* const s, const char* const predicate)
{
  const SordNode* found = NULL;
  SordIter*       i     = sord_search(model, s, uri_node(predicate), NULL, NULL);
  for (; !found && !sord_iter_end(i); sord_iter_next(i)) {
    const SordNode* const node = sord_iter_get_node(i, SORD_OBJECT);
    if (!sord_node_get_language(node)) {
      found = node;
    }
  }
  sord_iter_free(i);
  return found;
}

static const char*
value(const SordNode* const s, const char* const predicate)
{
  return string(object(s, predicate));
}

/// Return how many objects of `predicate` have no language
static unsigned
count(const SordNode* const s, const char* const predicate)
{
  unsigned  n = 0;
  SordIter* i = sord_search(model, s, uri_node(predicate), NULL, NULL);
  for (; !sord_iter_end(i); sord_iter_next(i)) {
    n += !sord_node_get_language(sord_iter_get_node(i, SORD_OBJECT));
  }
  sord_iter_free(i);
  return n;
}

/// Return the one object of `predicate`, which users know as `name`, or NULL after a
/// complaint
static const SordNode*
need_object(const SordNode* const s,
            const char* const     predicate,
            const char* const     name)
{
  const unsigned n = count(s, predicate);
  if (n != 1) {
    complain(n ? "has more than one %s" : "has no %s", name);
    return NULL;
  }

  return object(s, predicate);
}

/// Return the text of `predicate`, or "" after a complaint
static const char*
need(const SordNode* const s, const char* const predicate, const char* const name)
{
  const SordNode* const node = need_object(s, predicate, name);
  if (node && !*string(node)) {
    complain("has an empty %s", name);
  }

  return node ? string(node) : "";
}

static bool
has_datatype(const SordNode* const node, const char* const type)
{
  const char* const datatype = string(sord_node_get_datatype(node));
  return datatype && !strcmp(datatype, type);
}

/// Return the number that is `name` of something, or NaN, which passes all further
/// checks, after a complaint
static double
need_number(const SordNode* const s,
            const char* const     predicate,
            const char* const     name,
            const bool            is_integer)
{
  const SordNode* const node = need_object(s, predicate, name);
  if (!node) {
    return NAN;
  }

  if (!has_datatype(node, is_integer ? NS_XSD "integer" : NS_XSD "decimal")) {
    complain("has \"%s\" as %s, which must be %s",
             string(node),
             name,
             is_integer ? "an integer" : "a number with a decimal point");
    return NAN;
  }

  return serd_strtod(string(node), NULL);
}

// ---- Ports

/// Return true if two numbers are not equal, and both could be read
static bool
differs(const double a, const double b)
{
  return a < b || a > b;
}

static bool
is_symbol(const char* const str)
{
  for (const char* c = str; *c; ++c) {
    if (!isalnum((unsigned char)*c) && *c != '_') {
      return false;
    }
  }

  return *str && !isdigit((unsigned char)*str);
}

static bool
has_property(const SordNode* const port, const char* const property)
{
  return has(port, NS_LV2 "portProperty", property);
}

static void
read_kind(Port* const port)
{
  unsigned n_found = 0;
  for (unsigned k = 0; k < N_KINDS; ++k) {
    if (has(port->node, NS_RDF "type", kind_class[k])) {
      port->kind = (Kind)k;
      ++n_found;
    }
  }
  if (n_found != 1) {
    complain("must be just one of control, audio, CV and atom port");
  }

  const bool is_input = has(port->node, NS_RDF "type", NS_LV2 "InputPort");
  port->is_output     = has(port->node, NS_RDF "type", NS_LV2 "OutputPort");
  if (is_input == port->is_output) {
    complain("must be either an input or an output");
  }
}

static void
read_ends(Port* const port)
{
  const bool is_integer = port->is_integer;

  port->minimum = need_number(port->node, NS_LV2 "minimum", "minimum", is_integer);
  port->maximum = need_number(port->node, NS_LV2 "maximum", "maximum", is_integer);
  if (port->minimum >= port->maximum) {
    complain("has a minimum that is not below its maximum");
  }
}

static void
read_range(Port* const port)
{
  const bool is_integer = port->is_integer;

  read_ends(port);

  if (!port->is_output) {
    port->default_value =
      need_number(port->node, NS_LV2 "default", "default", is_integer);
    if (port->default_value < port->minimum || port->default_value > port->maximum) {
      complain("has default %g outside its range", port->default_value);
    }
  }

  if (has_property(port->node, NS_PPROPS "logarithmic") && port->minimum <= 0.0) {
    complain("is logarithmic, so its minimum must be above 0");
  }
  need_object(port->node, NS_UNITS "unit", "unit");
}

static void
add_point(Port* const port, const SordNode* const node)
{
  const Point point = {need(node, NS_RDFS "label", "label on a scale point"),
                       need_number(node, NS_RDF "value", "scale point value", true)};

  if (point.value < port->minimum || point.value > port->maximum) {
    complain("has scale point \"%s\" outside its range", point.label);
  }
  for (unsigned i = 0; i < port->n_points; ++i) {
    if (port->points[i].value == point.value ||
        !strcmp(port->points[i].label, point.label)) {
      complain("has scale point \"%s\" twice", point.label);
    }
  }
  if (port->n_points == MAX_POINTS) {
    complain("has more than %d scale points", MAX_POINTS);
  } else {
    port->points[port->n_points++] = point;
  }
}

static int
compare_points(const void* const a, const void* const b)
{
  const double x = ((const Point*)a)->value;
  const double y = ((const Point*)b)->value;

  return (x > y) - (x < y);
}

static void
read_points(Port* const port)
{
  SordIter* i =
    sord_search(model, port->node, uri_node(NS_LV2 "scalePoint"), NULL, NULL);
  for (; !sord_iter_end(i); sord_iter_next(i)) {
    add_point(port, sord_iter_get_node(i, SORD_OBJECT));
  }
  sord_iter_free(i);

  qsort(port->points, port->n_points, sizeof(Point), compare_points);

  // Some hosts take any port with scale points for a choice
  const bool   is_enumeration = has_property(port->node, NS_LV2 "enumeration");
  const double n_points       = count(port->node, NS_LV2 "scalePoint");
  if (is_enumeration != (n_points > 0.0)) {
    complain("must have both scale points and lv2:enumeration, or neither");
  } else if (is_enumeration && differs(n_points, port->maximum - port->minimum + 1.0)) {
    complain("must have a scale point for every value of its range");
  }
}

static void
check_switch(const Port* const port)
{
  if (has_property(port->node, NS_LV2 "toggled") &&
      (!port->is_integer || differs(port->minimum, 0.0) ||
       differs(port->maximum, 1.0))) {
    complain("is toggled, so it must be an lv2:integer from 0 to 1");
  }
  if (has_property(port->node, NS_LV2 "enumeration") && !port->is_integer) {
    complain("is an enumeration, so it must be an lv2:integer, too");
  }
}

static void
check_events(const Port* const port)
{
  if (!has(port->node, NS_ATOM "bufferType", NS_ATOM "Sequence")) {
    complain("must have atom:bufferType atom:Sequence");
  }

  unsigned n_known = has(port->node, NS_ATOM "supports", NS_MIDI "MidiEvent");
  n_known += has(port->node, NS_ATOM "supports", NS_TIME "Position");
  n_known += has(port->node, NS_ATOM "supports", NS_PATCH "Message");
  if (!n_known || n_known != count(port->node, NS_ATOM "supports")) {
    complain("must have atom:supports midi:MidiEvent, time:Position or patch:Message");
  }
}

static void
check_group(const SordNode* const port)
{
  const SordNode* const group = need_object(port, NS_PG "group", "pg:group");
  if (!group) {
    return;
  }

  const char* const symbol = value(group, NS_LV2 "symbol");
  if (sord_node_get_type(group) != SORD_URI) {
    complain("has a pg:group without a URI");
  } else if (!has(group, NS_RDF "type", NS_PG "Group") ||
             count(group, NS_LV2 "symbol") != 1 || count(group, NS_LV2 "name") != 1 ||
             count(group, NS_RDFS "label") != 1) {
    complain("is in group <%s>, which must be a pg:Group with one lv2:symbol, lv2:name "
             "and rdfs:label",
             string(group));
  } else if (!is_symbol(symbol)) {
    complain("is in group <%s>, of which the lv2:symbol \"%s\" is not a symbol",
             string(group),
             symbol);
  }
}

static void
check_words(const Port* const port)
{
  const char* const short_name = need(port->node, NS_LV2 "shortName", "lv2:shortName");
  if (strlen(short_name) > MAX_SHORT_NAME) {
    complain(
      "has lv2:shortName \"%s\" of more than %d letters", short_name, MAX_SHORT_NAME);
  }

  need(port->node, NS_RDFS "comment", "rdfs:comment");
  check_group(port->node);
}

static void
read_port(Port* const port)
{
  port->symbol     = need(port->node, NS_LV2 "symbol", "lv2:symbol");
  port->name       = need(port->node, NS_LV2 "name", "lv2:name");
  port->is_integer = has_property(port->node, NS_LV2 "integer");
  if (*port->symbol && !is_symbol(port->symbol)) {
    complain("has lv2:symbol \"%s\", which is not a symbol", port->symbol);
  }
  if (strlen(port->symbol) > MAX_SYMBOL) {
    complain("has a lv2:symbol of more than %d letters", MAX_SYMBOL);
  }
  snprintf(port->module_symbol, sizeof(port->module_symbol), "%s", port->symbol);
  port->channel = ANY_CHANNEL;

  read_kind(port);
  check_words(port);
  if (port->kind == CONTROL || port->kind == CV) {
    read_range(port);
    read_points(port);
    check_switch(port);
  }
  if (port->kind == AUDIO && count(port->node, NS_LV2 "maximum")) {
    read_ends(port); // What an output reaches at most; inputs are +-1
  }
  if (port->kind == CV && !has_property(port->node, NS_LV2 "connectionOptional")) {
    complain("is a CV port, so it must be lv2:connectionOptional");
  }
  if (port->kind == EVENTS) {
    check_events(port);
  }
}

// ---- Plugins

/// Return the index of a port, or MAX_PORTS after a complaint
static unsigned
read_index(const SordNode* const port)
{
  const SordNode* const node = object(port, NS_LV2 "index");
  if (count(port, NS_LV2 "index") != 1 || !has_datatype(node, NS_XSD "integer")) {
    complain("has a port (\"%s\") without one integer lv2:index",
             value(port, NS_LV2 "symbol") ? value(port, NS_LV2 "symbol") : "no symbol");
    return MAX_PORTS;
  }

  const double index = serd_strtod(string(node), NULL);
  if (index < 0.0 || index >= MAX_PORTS) {
    complain("has lv2:index %s, which is not in 0 to %d", string(node), MAX_PORTS - 1);
    return MAX_PORTS;
  }

  return (unsigned)index;
}

/// Put each port of `node` into its place
static void
find_ports(Plugin* const plugin, const SordNode* const node)
{
  SordIter* i = sord_search(model, node, uri_node(NS_LV2 "port"), NULL, NULL);
  for (; !sord_iter_end(i); sord_iter_next(i)) {
    const SordNode* const port  = sord_iter_get_node(i, SORD_OBJECT);
    const unsigned        index = read_index(port);
    if (index < MAX_PORTS && plugin->ports[index].node) {
      complain("has lv2:index %u twice", index);
    } else if (index < MAX_PORTS) {
      plugin->ports[index].node = port;
      plugin->n_ports = index >= plugin->n_ports ? index + 1 : plugin->n_ports;
    }
  }
  sord_iter_free(i);

  if (!count(node, NS_LV2 "port")) {
    complain("has no ports");
  }
}

static void
read_ports(Plugin* const plugin)
{
  static char where[512];

  for (unsigned p = 0; p < plugin->n_ports; ++p) {
    Port* const port = &plugin->ports[p];
    if (!port->node) {
      complain("has no port with lv2:index %u", p);
      port->symbol = port->name = "";
      continue;
    }

    const char* const symbol = value(port->node, NS_LV2 "symbol");
    snprintf(
      where, sizeof(where), "%s port %u (%s)", plugin->uri, p, symbol ? symbol : "?");
    subject = where;
    read_port(port);
    subject = plugin->uri;
  }
}

static const SordNode*
group_of(const Port* const port)
{
  return port->node ? object(port->node, NS_PG "group") : NULL;
}

/// Return true if two things have the same symbol or name; one that has none does not
static bool
is_same(const char* const a, const char* const b)
{
  return a && b && *a && !strcmp(a, b);
}

/// Complain of what two ports of a plugin may not share
static void
check_two_ports(const Port* const a, const Port* const b)
{
  const SordNode* const a_group = group_of(a);
  const SordNode* const b_group = group_of(b);
  if (is_same(a->symbol, b->symbol)) {
    complain("has lv2:symbol \"%s\" twice", a->symbol);
  }
  if (is_same(a->name, b->name)) {
    complain("has lv2:name \"%s\" twice", a->name);
  }
  if (a_group && b_group && a_group != b_group &&
      is_same(value(a_group, NS_LV2 "symbol"), value(b_group, NS_LV2 "symbol"))) {
    complain("has lv2:symbol \"%s\" on two groups", value(a_group, NS_LV2 "symbol"));
  }
}

/// Complain of symbols and names that stand for more than one thing
static void
check_unique(const Plugin* const plugin)
{
  for (unsigned p = 0; p < plugin->n_ports; ++p) {
    const SordNode* const group  = group_of(&plugin->ports[p]);
    const char* const     symbol = group ? value(group, NS_LV2 "symbol") : NULL;
    for (unsigned q = 0; q < plugin->n_ports; ++q) {
      if (q < p) {
        check_two_ports(&plugin->ports[p], &plugin->ports[q]);
      }
      if (is_same(symbol, plugin->ports[q].symbol)) {
        complain("has lv2:symbol \"%s\" on both a port and a group", symbol);
      }
    }
  }
}

/// Complain of cables that some host could not lay
static void
check_cables(const Plugin* const plugin)
{
  unsigned n_inputs[N_KINDS]  = {0};
  unsigned n_outputs[N_KINDS] = {0};
  for (unsigned p = 0; p < plugin->n_ports; ++p) {
    const Port* const port = &plugin->ports[p];
    n_inputs[port->kind] += !port->is_output;
    n_outputs[port->kind] += port->is_output;
  }

  if (n_outputs[AUDIO] && n_outputs[CV]) {
    complain("has both audio and CV outputs, whose cables Carla mixes up");
  }
  if (n_inputs[CV] > MAX_CV || n_outputs[CV] > MAX_CV) {
    complain("has more than %d CV inputs or CV outputs", MAX_CV);
  }
  if (n_inputs[EVENTS] > 1 || n_outputs[EVENTS]) {
    complain("may have one atom port, an input");
  }
}

// ---- Properties

/// Return how much of a URI is that of a module, and not of its form
static size_t
module_length(const char* const uri)
{
  const char* const sign = strchr(uri, FORM_SIGN);

  return sign ? (size_t)(sign - uri) : strlen(uri);
}

static int
compare_uris(const void* const a, const void* const b)
{
  return strcmp(*(const char* const*)a, *(const char* const*)b);
}

/// Return true if a property is that of a module, or of what modules have in common
static bool
is_property_of(const char* const uri, const char* const owner, const size_t length)
{
  return !strncmp(uri, owner, length) && uri[length] == PROPERTY_SIGN &&
         is_symbol(uri + length + 1U);
}

/// Complain of a module that takes a file, but lacks what hosts need for it
static void
check_file(const SordNode* const property, const SordNode* const plugin)
{
  if (has(property, NS_RDFS "range", NS_ATOM "Path") &&
      (!has(plugin, NS_LV2 "extensionData", NS_STATE "interface") ||
       !has(plugin, NS_LV2 "extensionData", NS_WORKER "interface") ||
       !has(plugin, NS_LV2 "optionalFeature", NS_WORKER "schedule"))) {
    complain("takes a file, so it must have lv2:extensionData state:interface and "
             "worker:interface, and lv2:optionalFeature worker:schedule");
  }
}

/// Read a property that messages may set
static void
read_property(Plugin* const         plugin,
              const SordNode* const owner,
              const SordNode* const node)
{
  const char* const uri    = string(node);
  const size_t      length = module_length(plugin->uri);
  if (!is_property_of(uri, plugin->uri, length) &&
      !is_property_of(uri, TUNING_URI, strlen(TUNING_URI))) {
    complain("has property <%s>, which must be <%.*s%c...> with a symbol",
             uri,
             (int)length,
             plugin->uri,
             PROPERTY_SIGN);
  } else if (count(node, NS_RDFS "label") != 1 || count(node, NS_RDFS "range") != 1 ||
             count(node, NS_RDFS "comment") != 1) {
    complain("has property <%s>, which must have one rdfs:label, rdfs:range and "
             "rdfs:comment",
             uri);
  } else if (plugin->n_properties == MAX_PROPERTIES) {
    complain("has more than %d properties", MAX_PROPERTIES);
  } else {
    plugin->properties[plugin->n_properties++] = uri;
    check_file(node, owner);
  }
}

/// Read what messages may set, in the order of URIs
static void
read_properties(Plugin* const plugin, const SordNode* const node)
{
  SordIter* i = sord_search(model, node, uri_node(NS_PATCH "writable"), NULL, NULL);
  for (; !sord_iter_end(i); sord_iter_next(i)) {
    read_property(plugin, node, sord_iter_get_node(i, SORD_OBJECT));
  }
  sord_iter_free(i);
  qsort(plugin->properties, plugin->n_properties, sizeof(char*), compare_uris);

  bool has_port = false;
  for (unsigned p = 0; p < plugin->n_ports; ++p) {
    const Port* const port = &plugin->ports[p];
    has_port               = has_port ||
               (port->node && has(port->node, NS_ATOM "supports", NS_PATCH "Message"));
  }
  if (has_port != (count(node, NS_PATCH "writable") > 0)) {
    complain("must have both patch:writable and a port for patch:Message, or neither");
  }
}

static void
check_plugin(const Plugin* const plugin, const SordNode* const node)
{
  const char* const name = need(node, NS_DOAP "name", "doap:name");
  if (*name && strncmp(name, NAME_START, strlen(NAME_START)) != 0) {
    complain("has doap:name \"%s\", which must start with \"" NAME_START "\"", name);
  }

  need(node, NS_DOAP "shortdesc", "doap:shortdesc");
  need(node, NS_DOAP "license", "doap:license");
  need(node, NS_RDFS "comment", "rdfs:comment");
  need(node, NS_LV2 "documentation", "lv2:documentation");
  need(node, NS_LV2 "project", "lv2:project");
  need(node, NS_LV2 "minorVersion", "lv2:minorVersion");
  need(node, NS_LV2 "microVersion", "lv2:microVersion");
  if (!has(node, NS_LV2 "optionalFeature", NS_LV2 "hardRTCapable")) {
    complain("must have lv2:optionalFeature lv2:hardRTCapable");
  }
  for (unsigned p = 0; p < plugin->n_ports; ++p) {
    if (plugin->ports[p].kind == EVENTS &&
        !has(node, NS_LV2 "optionalFeature", NS_URID "map") &&
        !has(node, NS_LV2 "requiredFeature", NS_URID "map")) {
      complain("has an atom port, so it must have feature urid:map");
    }
  }
  check_cables(plugin);
}

/// Return the class of a plugin that tells what it does
static const char*
plugin_class(const SordNode* const node)
{
  const char* found   = NULL;
  unsigned    n_found = 0;
  SordIter*   i       = sord_search(model, node, uri_node(NS_RDF "type"), NULL, NULL);
  for (; !sord_iter_end(i); sord_iter_next(i)) {
    const char* const type = string(sord_iter_get_node(i, SORD_OBJECT));
    if (strcmp(type, NS_LV2 "Plugin") != 0) {
      found = type;
      ++n_found;
    }
  }
  sord_iter_free(i);

  if (n_found != 1 || strncmp(found, NS_LV2, strlen(NS_LV2)) != 0) {
    complain("must have just one class of lv2 beside lv2:Plugin");
    return "";
  }

  return found;
}

/// Return the URI that a file asks for by its name, in memory that the next call reuses
static const char*
uri_of_file(const char* const file)
{
  static char uri[512];

  const char* const slash  = strrchr(file, '/');
  const char* const name   = slash ? slash + 1 : file;
  const char* const dot    = strrchr(name, '.');
  const size_t      length = dot ? (size_t)(dot - name) : strlen(name);
  snprintf(uri, sizeof(uri), URI_BASE "%.*s", (int)length, name);
  return uri;
}

static void
check_uri(const char* const uri)
{
  if (strcmp(uri, uri_of_file(path)) != 0) {
    complain("must be <%s>, as its file is named", uri_of_file(path));
  }
}

static void
read_plugin(Plugin* const plugin, const SordNode* const node)
{
  plugin->uri = subject = string(node);

  check_uri(plugin->uri);
  find_ports(plugin, node);
  read_ports(plugin);
  read_properties(plugin, node);
  check_unique(plugin);
  check_plugin(plugin, node);
  plugin_class(node);
}

// ---- Files

static SordModel*
new_model(void)
{
  return sord_new(world, SORD_SPO | SORD_OPS, false);
}

/// Go to a file, of which complaints will speak
static void
enter(const char* const file)
{
  path    = file;
  subject = NULL;
}

/// Return what a file holds up to a zero, to be freed, or NULL if it can't be read
static char*
read_text(const char* const file)
{
  FILE* const in     = fopen(file, "rb");
  const int   failed = !in || fseek(in, 0, SEEK_END);
  const long  length = failed ? -1 : ftell(in);
  char* const text   = length < 0 ? NULL : (char*)calloc(1, (size_t)length + 1U);
  if (text) {
    rewind(in);
    text[fread(text, 1, (size_t)length, in)] = '\0';
  }
  if (in) {
    fclose(in);
  }
  return text;
}

/// Read a file into the model
static bool
load(const char* const file)
{
  static unsigned n_files = 0;

  enter(file);

  SerdURI  base      = SERD_URI_NULL;
  SerdNode base_uri  = serd_node_new_file_uri((const uint8_t*)file, NULL, &base, true);
  SerdEnv* env       = serd_env_new(&base_uri);
  SerdReader* reader = sord_new_reader(model, env, SERD_TURTLE, NULL);

  char prefix[16];
  snprintf(prefix, sizeof(prefix), "f%u", n_files++);
  serd_reader_add_blank_prefix(reader, (const uint8_t*)prefix);

  char* const      text = read_text(file);
  const SerdStatus st   = !text   ? SERD_ERR_UNKNOWN
                          : *text ? serd_reader_read_string(reader, (const uint8_t*)text)
                                  : SERD_FAILURE;
  free(text);
  if (st) {
    complain("cannot be read as Turtle: %s",
             st == SERD_FAILURE ? "It is empty" : (const char*)serd_strerror(st));
  }

  serd_reader_free(reader);
  serd_env_free(env);
  serd_node_free(&base_uri);
  return !st;
}

/// Call `visit`, if any, with each subject of rdf:type `type`, and return their number
static unsigned
for_each(const char* const type,
         void (*const visit)(const SordNode*, void*),
         void* const data)
{
  unsigned  n = 0;
  SordIter* i = sord_search(model, NULL, uri_node(NS_RDF "type"), uri_node(type), NULL);
  for (; !sord_iter_end(i); sord_iter_next(i), ++n) {
    if (visit) {
      visit(sord_iter_get_node(i, SORD_SUBJECT), data);
    }
  }
  sord_iter_free(i);
  return n;
}

// ---- Headers

static void
print_upper(FILE* const out, const char* const str)
{
  for (const char* s = str; *s; ++s) {
    fputc(isalnum((unsigned char)*s) ? toupper((unsigned char)*s) : '_', out);
  }
}

/// Print the C name of something: the plugin's, and up to two more parts
static void
print_id(FILE* const       out,
         const Plugin*     plugin,
         const char* const part,
         const char* const subpart)
{
  print_upper(out, plugin->uri + strlen(URI_BASE));
  fputc('_', out);
  print_upper(out, part);
  if (subpart) {
    fputc('_', out);
    print_upper(out, subpart);
  }
}

static void
print_float(FILE* const out, const double number)
{
  char text[32];
  snprintf(text, sizeof(text), "%.9g", number);
  fprintf(out, "%s%sf", text, strpbrk(text, ".e") ? "" : ".0");
}

static void
print_enums(FILE* const out, const Plugin* const plugin)
{
  fprintf(out, "enum {\n");
  for (unsigned p = 0; p < plugin->n_ports; ++p) {
    fprintf(out, "  ");
    print_id(out, plugin, plugin->ports[p].symbol, NULL);
    fprintf(out, " = %u,\n", p);
  }
  fprintf(out, "  ");
  print_id(out, plugin, "N_PORTS", NULL);
  fprintf(out, " = %u\n};\n", plugin->n_ports);

  for (unsigned p = 0; p < plugin->n_ports; ++p) {
    const Port* const port = &plugin->ports[p];
    for (unsigned i = 0; i < port->n_points; ++i) {
      fprintf(out, i ? ",\n  " : "\nenum {\n  ");
      print_id(out, plugin, port->symbol, port->points[i].label);
      fprintf(out, " = %.0f", port->points[i].value);
    }
    fprintf(out, port->n_points ? "\n};\n" : "");
  }
}

/// Print a name as C can have it
static void
print_c_name(FILE* const out, const char* const uri)
{
  for (const char* c = uri + strlen(URI_BASE); *c; ++c) {
    fputc(*c == FORM_SIGN ? '_' : *c, out);
  }
}

static void
print_ports(FILE* const out, const Plugin* const plugin)
{
  fprintf(out, "\nstatic const Port ");
  print_c_name(out, plugin->uri);
  fprintf(out, "_ports[] = {\n");
  for (unsigned p = 0; p < plugin->n_ports; ++p) {
    const Port* const port = &plugin->ports[p];
    fprintf(out, "  {%s, %d, ", kind_name[port->kind], port->is_output);
    print_float(out, port->minimum);
    fprintf(out, ", ");
    print_float(out, port->maximum);
    fprintf(out, ", ");
    print_float(out, port->default_value);
    fprintf(out, "}, // %s\n", port->symbol);
  }
  fprintf(out, "};\n");
}

/// Print which channel has each port of a form with several
static void
print_channels(FILE* const out, const Plugin* const form)
{
  fprintf(out, "\nstatic const uint8_t ");
  print_c_name(out, form->uri);
  fprintf(out, "_channels[] = {\n");
  for (unsigned p = 0; p < form->n_ports; ++p) {
    if (form->ports[p].channel == ANY_CHANNEL) {
      fprintf(out, "  ANY_CHANNEL,\n");
    } else {
      fprintf(out, "  %u,\n", form->ports[p].channel);
    }
  }
  fprintf(out, "};\n");
}

/// Print the ports of a form, and where the module has them
static void
print_form(FILE* const out, const Module* const module, const Plugin* const form)
{
  print_ports(out, form);
  fprintf(out, "\nstatic const uint8_t ");
  print_c_name(out, form->uri);
  fprintf(out, "_places[] = {\n");
  for (unsigned p = 0; p < form->n_ports; ++p) {
    fprintf(out, "  ");
    print_id(out, &module->all, form->ports[p].module_symbol, NULL);
    fprintf(out, ",\n");
  }
  fprintf(out, "};\n");
  if (form->n_channels > 1) {
    print_channels(out, form);
  }
}

/// Print all forms but the module's own, if there are any
static void
print_forms(FILE* const out, const Module* const module)
{
  if (module->n_forms < 2) {
    return;
  }

  for (unsigned f = 1; f < module->n_forms; ++f) {
    print_form(out, module, &module->forms[f]);
  }
  fprintf(out, "\nenum { ");
  print_id(out, &module->all, "N_FORMS", NULL);
  fprintf(out, " = %u };\n\nstatic const Form ", module->n_forms - 1);
  print_c_name(out, module->all.uri);
  fprintf(out, "_forms[] = {\n");
  for (unsigned f = 1; f < module->n_forms; ++f) {
    const Plugin* const form = &module->forms[f];
    fprintf(out, "  {\"%s\", ", form->uri);
    print_c_name(out, form->uri);
    fprintf(out, "_ports, ");
    print_c_name(out, form->uri);
    fprintf(out, "_places, ");
    if (form->n_channels > 1) {
      print_c_name(out, form->uri);
      fprintf(out, "_channels");
    } else {
      fprintf(out, "NULL");
    }
    fprintf(out, ", %u, %u},\n", form->n_ports, form->n_channels);
  }
  fprintf(out, "};\n");
}

/// Print the properties that messages may set, if there are any
static void
print_properties(FILE* const out, const Plugin* const plugin)
{
  if (!plugin->n_properties) {
    return;
  }

  fprintf(out, "\nenum {\n");
  for (unsigned p = 0; p < plugin->n_properties; ++p) {
    fprintf(out, "  ");
    print_id(out, plugin, "PROPERTY", strchr(plugin->properties[p], PROPERTY_SIGN) + 1);
    fprintf(out, " = %u,\n", p);
  }
  fprintf(out, "  ");
  print_id(out, plugin, "N_PROPERTIES", NULL);
  fprintf(out, " = %u\n};\n\nstatic const char* const ", plugin->n_properties);
  print_c_name(out, plugin->uri);
  fprintf(out, "_properties[] = {\n");
  for (unsigned p = 0; p < plugin->n_properties; ++p) {
    fprintf(out, "  \"%s\",\n", plugin->properties[p]);
  }
  fprintf(out, "};\n");
}

static void
print_header(FILE* const out, void* const data)
{
  const Module* const module = (const Module*)data;
  const Plugin* const plugin = &module->all;

  fprintf(out, "// Generated by ttl2c: change the Turtle instead\n\n#pragma once\n\n");
  fprintf(out, "#include \"plugin.h\"\n\n#define ");
  print_id(out, plugin, "URI", NULL);
  fprintf(out, " \"%s\"\n\n", plugin->uri);
  print_enums(out, plugin);
  print_ports(out, plugin);
  print_properties(out, plugin);
  print_forms(out, module);
}

/// Write a file whole or not at all
static void
write_file(const char* const file, void (*const print)(FILE*, void*), void* const data)
{
  FILE* const out = fopen(file, "w");
  if (out) {
    print(out, data);
  }

  enter(file);
  if (!out) {
    complain("cannot be written: %s", strerror(errno));
    return;
  }

  const bool failed = ferror(out);
  if (fclose(out) || failed) {
    complain("cannot be written: %s", strerror(errno));
    remove(file);
  }
}

// ---- Presets

static const Port*
find_port(const Plugin* const plugin, const char* const symbol)
{
  for (unsigned p = 0; p < plugin->n_ports; ++p) {
    if (!strcmp(plugin->ports[p].symbol, symbol)) {
      return &plugin->ports[p];
    }
  }

  return NULL;
}

static void
check_setting(const Plugin* const plugin, const SordNode* const setting)
{
  const char* const symbol = need(setting, NS_LV2 "symbol", "lv2:symbol on a value");
  if (!*symbol) {
    return;
  }

  const Port* const port = find_port(plugin, symbol);
  if (!port || port->kind != CONTROL || port->is_output) {
    complain("sets \"%s\", which is no knob of <%s>", symbol, plugin->uri);
    return;
  }

  char name[64];
  snprintf(name, sizeof(name), "value of \"%s\"", symbol);
  const double number = need_number(setting, NS_PSET "value", name, port->is_integer);
  if (number < port->minimum || number > port->maximum) {
    complain("sets \"%s\" to %g, outside %g to %g",
             symbol,
             number,
             port->minimum,
             port->maximum);
  }
}

/// Return how often a preset sets `symbol`
static unsigned
count_settings(const SordNode* const preset, const char* const symbol)
{
  unsigned  n = 0;
  SordIter* i = sord_search(model, preset, uri_node(NS_LV2 "port"), NULL, NULL);
  for (; !sord_iter_end(i); sord_iter_next(i)) {
    const char* const s = value(sord_iter_get_node(i, SORD_OBJECT), NS_LV2 "symbol");
    n += s && !strcmp(s, symbol);
  }
  sord_iter_free(i);
  return n;
}

/// A preset is a complete sound: it sets each knob once
static void
check_preset(const Plugin* const plugin, const SordNode* const preset)
{
  need(preset, NS_RDFS "label", "rdfs:label");
  need(preset, NS_RDFS "comment", "rdfs:comment");

  SordIter* i = sord_search(model, preset, uri_node(NS_LV2 "port"), NULL, NULL);
  for (; !sord_iter_end(i); sord_iter_next(i)) {
    check_setting(plugin, sord_iter_get_node(i, SORD_OBJECT));
  }
  sord_iter_free(i);

  for (unsigned p = 0; p < plugin->n_ports; ++p) {
    const Port* const port = &plugin->ports[p];
    if (port->kind == CONTROL && !port->is_output &&
        count_settings(preset, port->symbol) != 1) {
      complain("must set \"%s\" once", port->symbol);
    }
  }
}

static void
visit_preset(const SordNode* const node, void* const data)
{
  const Plugin* const plugin = (const Plugin*)data;

  subject               = string(node);
  const char* const uri = need(node, NS_LV2 "appliesTo", "lv2:appliesTo");
  if (strcmp(uri, plugin->uri) != 0) {
    if (*uri) {
      complain("applies to <%s>, not to <%s>", uri, plugin->uri);
    }
    return;
  }

  const size_t length = strlen(uri);
  if (strncmp(subject, uri, length) != 0 ||
      strncmp(subject + length, PRESET_INFIX, strlen(PRESET_INFIX)) != 0) {
    complain("must have a URI that starts with <%s" PRESET_INFIX ">", uri);
  }
  check_preset(plugin, node);
}

// ---- Commands

static void
visit_plugin(const SordNode* const node, void* const data)
{
  read_plugin((Plugin*)data, node);
}

/// Complain if a port of a form is not what the module has under its symbol; its range
/// may be another
static void
check_same_port(const Port* const port, const Port* const same)
{
  if (strcmp(kind_name[port->kind], kind_name[same->kind]) != 0 ||
      port->is_output != same->is_output || port->is_integer != same->is_integer) {
    complain("has another \"%s\" than its module, in kind, direction or steps",
             port->symbol);
  }
}

/// Complain of properties of a form that its module has not got
static void
check_same_properties(const Plugin* const form, const Plugin* const module)
{
  for (unsigned p = 0; p < form->n_properties; ++p) {
    bool is_same = false;
    for (unsigned q = 0; q < module->n_properties; ++q) {
      is_same = is_same || !strcmp(form->properties[p], module->properties[q]);
    }
    if (!is_same) {
      complain("has property <%s>, which its module has not", form->properties[p]);
    }
  }
}

/// Return the channel that the symbol of a port names, or ANY_CHANNEL
static unsigned
channel_of(const Port* const port)
{
  const size_t length = strlen(port->symbol);
  for (unsigned c = 0; c < MAX_CHANNELS; ++c) {
    const size_t n = strlen(channel_ending[c]);
    if (length > n && !strcmp(port->symbol + length - n, channel_ending[c])) {
      return c;
    }
  }

  return ANY_CHANNEL;
}

/// Find which ports of a form are the module's in one of its channels
static void
find_channels(const Module* const module, Plugin* const form)
{
  for (unsigned p = 0; p < form->n_ports; ++p) {
    Port* const    port    = &form->ports[p];
    const unsigned channel = channel_of(port);
    if (channel != ANY_CHANNEL && !find_port(&module->forms[0], port->symbol)) {
      const size_t length = strlen(port->symbol) - strlen(channel_ending[channel]);

      port->channel               = channel;
      port->module_symbol[length] = '\0';
      form->n_channels            = MAX_CHANNELS;
    }
  }
}

/// Return how many channels of a form have a port of the module
static unsigned
count_channels(const Plugin* const form, const Port* const port)
{
  unsigned n = 0;
  for (unsigned p = 0; p < form->n_ports; ++p) {
    n += form->ports[p].channel != ANY_CHANNEL &&
         !strcmp(form->ports[p].module_symbol, port->module_symbol);
  }
  return n;
}

/// Complain of ports that a form with channels cannot have
static void
check_channels(const Plugin* const form)
{
  for (unsigned p = 0; form->n_channels > 1 && p < form->n_ports; ++p) {
    const Port* const port = &form->ports[p];
    if (port->channel == ANY_CHANNEL && port->is_output) {
      complain("has channels, so its output \"%s\" must be of one", port->symbol);
    } else if (port->channel != ANY_CHANNEL && port->kind != AUDIO &&
               port->kind != CV) {
      complain("has \"%s\" in one channel, which is no signal", port->symbol);
    } else if (port->channel != ANY_CHANNEL &&
               count_channels(form, port) != MAX_CHANNELS) {
      complain("has no \"%s\" in one of its channels", port->module_symbol);
    }
  }
}

/// Give a module the ports of its last form that it has not got yet
static void
join_form(Module* const module)
{
  const Plugin* const form = &module->forms[module->n_forms - 1];
  Plugin* const       all  = &module->all;
  for (unsigned p = 0; p < form->n_ports; ++p) {
    const Port* const port = &form->ports[p];
    const Port* const same = find_port(all, port->module_symbol);
    if (same) {
      check_same_port(port, same);
    } else if (all->n_ports == MAX_PORTS) {
      complain("has more than %d ports, together with its module", MAX_PORTS);
    } else {
      all->ports[all->n_ports]          = *port;
      all->ports[all->n_ports++].symbol = port->module_symbol;
    }
  }
}

/// Complain of a module that has more signals in a form's channels than plugin.c can
/// keep
static void
check_signals(const Module* const module)
{
  unsigned n_signals = 0;
  for (unsigned p = 0; p < module->all.n_ports; ++p) {
    const Kind kind = module->all.ports[p].kind;
    n_signals += kind == AUDIO || kind == CV;
  }
  for (unsigned f = 0; f < module->n_forms; ++f) {
    if (n_signals * module->forms[f].n_channels > MAX_PORTS) {
      complain("has more than %d signals in all channels", MAX_PORTS);
    }
  }
}

/// Read the one plugin of the model, which is the module's own or another form of it
static void
read_form(Module* const module)
{
  if (module->n_forms == MAX_FORMS) {
    complain("is one form too many: there may be %d", MAX_FORMS);
    return;
  }

  Plugin* const form = &module->forms[module->n_forms++];
  form->n_channels   = 1;
  for_each(NS_LV2 "Plugin", visit_plugin, form);
  if (module->n_forms == 1) {
    module->all = *form;
    return;
  }

  const size_t length = strlen(module->all.uri);
  if (strncmp(form->uri, module->all.uri, length) != 0 ||
      form->uri[length] != FORM_SIGN) {
    complain("is no form of <%s>, whose name and '%c' it must begin with",
             module->all.uri,
             FORM_SIGN);
  }
  find_channels(module, form);
  check_channels(form);
  check_same_properties(form, &module->all);
  join_form(module);
  check_signals(module);
}

/// Read a file that describes a form, or the presets of the last one
static void
read_file(Module* const module, const char* const file)
{
  if (!load(file)) {
    return;
  }

  const unsigned n_plugins = for_each(NS_LV2 "Plugin", NULL, NULL);
  if (n_plugins == 1) {
    read_form(module);
  } else if (n_plugins || !module->n_forms) {
    complain("describes %u plugins, not one", n_plugins);
  } else if (!for_each(
               NS_PSET "Preset", visit_preset, &module->forms[module->n_forms - 1])) {
    complain("describes no presets");
  }
}

/// Read a module with all that belongs to it
static void
make_ports(const char* const out, char** const files, const int n_files)
{
  static Module module;
  SordModel*    models[2 * MAX_FORMS]; // Which keep what the module refers to

  memset(&module, 0, sizeof(module));

  int n_models = 0;
  for (int f = 0; f < n_files && !n_errors; ++f) {
    if (n_models == 2 * MAX_FORMS) {
      enter(files[f]);
      complain("is one file too many: a module may have %d", 2 * MAX_FORMS);
      break;
    }
    model = models[n_models++] = new_model();
    read_file(&module, files[f]);
  }
  if (!n_errors) {
    write_file(out, print_header, &module);
  }
  while (n_models > 0) {
    sord_free(models[--n_models]);
  }
}

static void
print_plugin_lines(const SordNode* const node, void* const data)
{
  const char* const uri  = string(node);
  const char* const name = uri + strlen(URI_BASE);

  fprintf((FILE*)data,
          "<%s>\n\ta lv2:Plugin , <%s> ;\n\tlv2:binary <%.*s%s> ;\n"
          "\trdfs:seeAlso <%s.ttl> , <chronus.ttl> .\n\n",
          uri,
          plugin_class(node),
          (int)module_length(name),
          name,
          binary_suffix,
          name);
}

static void
print_preset_lines(const SordNode* const node, void* const data)
{
  const char* const uri = value(node, NS_LV2 "appliesTo");

  fprintf((FILE*)data,
          "<%s>\n\ta pset:Preset ;\n\tlv2:appliesTo <%s> ;\n"
          "\trdfs:seeAlso <presets/%s.ttl> .\n\n",
          string(node),
          uri,
          uri + strlen(URI_BASE));
}

/// Files of a bundle
typedef struct {
  char** names;
  int    n_names;
} Files;

/// Call `visit_plugin` and `visit_preset` with what each file describes
static void
for_each_file(const Files* const files,
              void (*const visit_listed_plugin)(const SordNode*, void*),
              void (*const visit_listed_preset)(const SordNode*, void*),
              void* const data)
{
  for (int f = 0; f < files->n_names; ++f) {
    model = new_model();
    if (load(files->names[f])) {
      for_each(NS_LV2 "Plugin", visit_listed_plugin, data);
      for_each(NS_PSET "Preset", visit_listed_preset, data);
    }
    sord_free(model);
  }
}

/// Return true if one of `files` describes a plugin, to judge by its name
static bool
is_described(const Files* const files, const char* const uri)
{
  bool is = false;
  for (int f = 0; f < files->n_names; ++f) {
    is = is || (files->names[f] != path && !strcmp(uri_of_file(files->names[f]), uri));
  }
  return is;
}

/// Complain of a form without its module, in whose library it is
static void
check_module(const Files* const files)
{
  char module[512];
  snprintf(module, sizeof(module), "%.*s", (int)module_length(subject), subject);
  if (strcmp(subject, module) != 0 && !is_described(files, module)) {
    complain("is a form of <%s>, which no file describes", module);
  }
}

static void
check_listed_plugin(const SordNode* const node, void* const data)
{
  subject = string(node);
  check_uri(subject);
  check_module((const Files*)data);
  plugin_class(node);
}

static void
check_listed_preset(const SordNode* const node, void* const data)
{
  subject               = string(node);
  const char* const uri = need(node, NS_LV2 "appliesTo", "lv2:appliesTo");
  if (*uri && strcmp(uri, uri_of_file(path)) != 0) {
    complain(
      "applies to <%s>, not to <%s>, as its file is named", uri, uri_of_file(path));
  } else if (*uri && !is_described((const Files*)data, uri)) {
    complain("applies to <%s>, which no file describes", uri);
  }
}

static void
print_manifest(FILE* const out, void* const data)
{
  fprintf(out,
          "# SPDX-License-Identifier: ISC\n"
          "@prefix lv2: <" NS_LV2 "> .\n@prefix pset: <" NS_PSET "> .\n"
          "@prefix rdfs: <" NS_RDFS "> .\n\n");
  for_each_file((const Files*)data, print_plugin_lines, print_preset_lines, out);
}

/// List what `ttl2c ports` has no complaint about
static void
make_manifest(const char* const out, char** const names, const int n_names)
{
  Files files = {names, n_names};

  for_each_file(&files, check_listed_plugin, check_listed_preset, &files);
  if (!n_errors) {
    write_file(out, print_manifest, &files);
  }
}

/// Take the option out of what follows the name of the program
static void
take_suffix(int* const argc, char*** const argv)
{
  if (*argc > 2 && !strcmp((*argv)[1], "--suffix")) {
    binary_suffix = (*argv)[2];
    *argc -= 2;
    *argv += 2;
  }
}

int
main(int argc, char** argv)
{
  take_suffix(&argc, &argv);
  const char* const command  = argc > 3 ? argv[1] : "";
  const bool        ports    = !strcmp(command, "ports");
  const bool        manifest = !strcmp(command, "manifest");
  if (!ports && !manifest) {
    fprintf(stderr,
            "usage: ttl2c [--suffix TEXT] ports OUT.h FILE.ttl...\n"
            "       ttl2c [--suffix TEXT] manifest OUT.ttl FILE.ttl...\n");
    return EXIT_FAILURE;
  }

  world = sord_world_new();
  if (ports) {
    make_ports(argv[2], argv + 3, argc - 3);
  } else {
    make_manifest(argv[2], argv + 3, argc - 3);
  }

  sord_world_free(world);
  return n_errors ? EXIT_FAILURE : EXIT_SUCCESS;
}
