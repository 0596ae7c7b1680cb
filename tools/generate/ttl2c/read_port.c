// SPDX-License-Identifier: ISC

#include "ttl2c/read_port.h"

#include "ttl2c/complaint.h"
#include "ttl2c/model.h"
#include "ttl2c/uri.h"

#include <sord/sord.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_SHORT_NAME = 15 };

static const char* const kind_class[N_KINDS] = {NS_LV2 "ControlPort",
                                                NS_LV2 "AudioPort",
                                                NS_LV2 "CVPort",
                                                NS_ATOM "AtomPort"};

/// Return true if two numbers are not equal, and both could be read
static bool
differs(const double a, const double b)
{
  return a < b || a > b;
}

static bool
has_property(const SordNode* const port, const char* const property)
{
  return model_has(port, NS_LV2 "portProperty", property);
}

static void
read_kind(Port* const port)
{
  unsigned n_found = 0;
  for (unsigned k = 0; k < N_KINDS; ++k) {
    if (model_has(port->node, NS_RDF "type", kind_class[k])) {
      port->kind = (Kind)k;
      ++n_found;
    }
  }
  if (n_found != 1) {
    complain("must be just one of control, audio, CV and atom port");
  } else if (model_has(port->node, NS_RDF "type", NS_MOD "CVPort") !=
             (port->kind == CV)) {
    complain("must be a mod:CVPort if it is an lv2:CVPort, and only then");
  }

  const bool is_input = model_has(port->node, NS_RDF "type", NS_LV2 "InputPort");
  port->is_output     = model_has(port->node, NS_RDF "type", NS_LV2 "OutputPort");
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
  SordIter* i = model_objects(port->node, NS_LV2 "scalePoint");
  for (; !sord_iter_end(i); sord_iter_next(i)) {
    add_point(port, sord_iter_get_node(i, SORD_OBJECT));
  }
  sord_iter_free(i);

  qsort(port->points, port->n_points, sizeof(Point), compare_points);

  // Some hosts take any port with scale points for a choice
  const bool   is_enumeration = has_property(port->node, NS_LV2 "enumeration");
  const double n_points       = model_count(port->node, NS_LV2 "scalePoint");
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
  if (!model_has(port->node, NS_ATOM "bufferType", NS_ATOM "Sequence")) {
    complain("must have atom:bufferType atom:Sequence");
  }

  unsigned n_known = model_has(port->node, NS_ATOM "supports", NS_MIDI "MidiEvent");
  n_known += model_has(port->node, NS_ATOM "supports", NS_TIME "Position");
  n_known += model_has(port->node, NS_ATOM "supports", NS_PATCH "Message");
  if (!n_known || n_known != model_count(port->node, NS_ATOM "supports")) {
    complain("must have atom:supports midi:MidiEvent, time:Position or patch:Message");
  }
  if (port->is_output &&
      !model_has(port->node, NS_ATOM "supports", NS_PATCH "Message")) {
    complain("is an output, so it must have atom:supports patch:Message");
  }
}

static void
check_group(const SordNode* const port)
{
  const SordNode* const group = need_object(port, NS_PG "group", "pg:group");
  if (!group) {
    return;
  }

  const char* const symbol = model_value(group, NS_LV2 "symbol");
  if (sord_node_get_type(group) != SORD_URI) {
    complain("has a pg:group without a URI");
  } else if (!model_has(group, NS_RDF "type", NS_PG "Group") ||
             model_count(group, NS_LV2 "symbol") != 1 ||
             model_count(group, NS_LV2 "name") != 1 ||
             model_count(group, NS_RDFS "label") != 1) {
    complain("is in group <%s>, which must be a pg:Group with one lv2:symbol, lv2:name "
             "and rdfs:label",
             node_string(group));
  } else if (!is_symbol(symbol)) {
    complain("is in group <%s>, whose lv2:symbol \"%s\" is not a symbol",
             node_string(group),
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

void
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
  if (port->kind == AUDIO && model_count(port->node, NS_LV2 "maximum")) {
    read_ends(port); // What an output reaches at most; inputs are +-1
  }
  if (port->kind == CV && !has_property(port->node, NS_LV2 "connectionOptional")) {
    complain("is a CV port, so it must be lv2:connectionOptional");
  }
  if (port->kind == EVENTS) {
    check_events(port);
  }
}
