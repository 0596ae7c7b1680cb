// SPDX-License-Identifier: ISC

#include "ttl2c/read_plugin.h"

#include "ttl2c/complaint.h"
#include "ttl2c/model.h"
#include "ttl2c/read_port.h"
#include "ttl2c/uri.h"

#include <serd/serd.h>
#include <sord/sord.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TUNING_URI URI_BASE "tuning" ///< What modules have in common that take tunings

#define NAME_START "Chronus "

enum { MAX_CV = 32 }; ///< Either way, of a plugin: Carla has no more

// ---- Ports

/// Return the index of a port, or MAX_PORTS after a complaint
static unsigned
read_index(const SordNode* const port)
{
  const SordNode* const node = model_object(port, NS_LV2 "index");
  if (model_count(port, NS_LV2 "index") != 1 ||
      !node_has_datatype(node, NS_XSD "integer")) {
    complain("has a port (\"%s\") without one integer lv2:index",
             model_value(port, NS_LV2 "symbol") ? model_value(port, NS_LV2 "symbol")
                                                : "no symbol");
    return MAX_PORTS;
  }

  const double index = serd_strtod(node_string(node), NULL);
  if (index < 0.0 || index >= MAX_PORTS) {
    complain(
      "has lv2:index %s, which is not in 0 to %d", node_string(node), MAX_PORTS - 1);
    return MAX_PORTS;
  }

  return (unsigned)index;
}

/// Put each port of `node` into its place
static void
find_ports(Plugin* const plugin, const SordNode* const node)
{
  SordIter* i = model_objects(node, NS_LV2 "port");
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

  if (!model_count(node, NS_LV2 "port")) {
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

    const char* const symbol = model_value(port->node, NS_LV2 "symbol");
    snprintf(
      where, sizeof(where), "%s port %u (%s)", plugin->uri, p, symbol ? symbol : "?");
    complaint_about(where);
    read_port(port);
    complaint_about(plugin->uri);
  }
}

static const SordNode*
group_of(const Port* const port)
{
  return port->node ? model_object(port->node, NS_PG "group") : NULL;
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
      is_same(model_value(a_group, NS_LV2 "symbol"),
              model_value(b_group, NS_LV2 "symbol"))) {
    complain("has lv2:symbol \"%s\" on two groups",
             model_value(a_group, NS_LV2 "symbol"));
  }
}

/// Complain of symbols and names that stand for more than one thing
static void
check_unique(const Plugin* const plugin)
{
  for (unsigned p = 0; p < plugin->n_ports; ++p) {
    const SordNode* const group  = group_of(&plugin->ports[p]);
    const char* const     symbol = group ? model_value(group, NS_LV2 "symbol") : NULL;
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
  if (n_inputs[EVENTS] > 1 || n_outputs[EVENTS] > 1) {
    complain("may have one atom port that is an input, and one that is an output");
  }
}

// ---- Properties

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

static bool
is_file(const SordNode* const property)
{
  return model_has(property, NS_RDFS "range", NS_ATOM "Path");
}

/// Complain of a module that takes a file, but lacks what hosts need for it
static void
check_file(const SordNode* const property, const SordNode* const plugin)
{
  if (is_file(property) &&
      (!model_has(plugin, NS_LV2 "extensionData", NS_STATE "interface") ||
       !model_has(plugin, NS_LV2 "extensionData", NS_WORKER "interface") ||
       !model_has(plugin, NS_LV2 "optionalFeature", NS_WORKER "schedule"))) {
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
  const char* const uri    = node_string(node);
  const size_t      length = module_length(plugin->uri);
  if (!is_property_of(uri, plugin->uri, length) &&
      !is_property_of(uri, TUNING_URI, strlen(TUNING_URI))) {
    complain("has property <%s>, which must be <%.*s%c...> with a symbol",
             uri,
             (int)length,
             plugin->uri,
             PROPERTY_SIGN);
  } else if (model_count(node, NS_RDFS "label") != 1 ||
             model_count(node, NS_RDFS "range") != 1 ||
             model_count(node, NS_RDFS "comment") != 1) {
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

/// Return true if a port, an input or an output, is for messages
static bool
has_port_for_messages(const Plugin* const plugin, const bool is_output)
{
  bool has_port = false;
  for (unsigned p = 0; p < plugin->n_ports; ++p) {
    const Port* const port = &plugin->ports[p];
    has_port =
      has_port || (port->node && port->is_output == is_output &&
                   model_has(port->node, NS_ATOM "supports", NS_PATCH "Message"));
  }
  return has_port;
}

/// Return true if one of a plugin's properties is a file
static bool
takes_file(const SordNode* const plugin)
{
  bool      takes = false;
  SordIter* i     = model_objects(plugin, NS_PATCH "writable");
  for (; !sord_iter_end(i); sord_iter_next(i)) {
    takes = takes || is_file(sord_iter_get_node(i, SORD_OBJECT));
  }
  sord_iter_free(i);
  return takes;
}

/// Read what messages may set, in the order of URIs
static void
read_properties(Plugin* const plugin, const SordNode* const node)
{
  SordIter* i = model_objects(node, NS_PATCH "writable");
  for (; !sord_iter_end(i); sord_iter_next(i)) {
    read_property(plugin, node, sord_iter_get_node(i, SORD_OBJECT));
  }
  sord_iter_free(i);
  qsort(plugin->properties, plugin->n_properties, sizeof(char*), compare_uris);

  if (has_port_for_messages(plugin, false) !=
      (model_count(node, NS_PATCH "writable") > 0)) {
    complain("must have both patch:writable and a port for patch:Message, or neither");
  }
  if (has_port_for_messages(plugin, true) != takes_file(node)) {
    complain("must have both a file that it takes and an output for patch:Message, by "
             "which hosts ask for it, or neither");
  }
}

// ---- Plugins

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
  if (!model_has(node, NS_LV2 "optionalFeature", NS_LV2 "hardRTCapable")) {
    complain("must have lv2:optionalFeature lv2:hardRTCapable");
  }
  if (!model_has(node, NS_LV2 "optionalFeature", NS_IDISP "queue_draw") ||
      !model_has(node, NS_LV2 "extensionData", NS_IDISP "interface")) {
    complain("is drawn in hosts, so it must have lv2:optionalFeature idisp:queue_draw "
             "and lv2:extensionData idisp:interface");
  }
  for (unsigned p = 0; p < plugin->n_ports; ++p) {
    if (plugin->ports[p].kind == EVENTS &&
        !model_has(node, NS_LV2 "optionalFeature", NS_URID "map") &&
        !model_has(node, NS_LV2 "requiredFeature", NS_URID "map")) {
      complain("has an atom port, so it must have feature urid:map");
    }
  }
  check_cables(plugin);
}

const char*
plugin_class(const SordNode* const node)
{
  const char* found   = NULL;
  unsigned    n_found = 0;
  SordIter*   i       = model_objects(node, NS_RDF "type");
  for (; !sord_iter_end(i); sord_iter_next(i)) {
    const char* const type = node_string(sord_iter_get_node(i, SORD_OBJECT));
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

void
read_plugin(Plugin* const plugin, const SordNode* const node)
{
  plugin->uri = node_string(node);

  complaint_about(plugin->uri);
  check_uri(plugin->uri);
  find_ports(plugin, node);
  read_ports(plugin);
  read_properties(plugin, node);
  check_unique(plugin);
  check_plugin(plugin, node);
  plugin_class(node);
}
