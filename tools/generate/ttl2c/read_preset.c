// SPDX-License-Identifier: ISC

#include "ttl2c/read_preset.h"

#include "ttl2c/complaint.h"
#include "ttl2c/model.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define PRESET_INFIX ":preset:"

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
  SordIter* i = model_objects(preset, NS_LV2 "port");
  for (; !sord_iter_end(i); sord_iter_next(i)) {
    const char* const s =
      model_value(sord_iter_get_node(i, SORD_OBJECT), NS_LV2 "symbol");
    n += s && !strcmp(s, symbol);
  }
  sord_iter_free(i);
  return n;
}

/// A preset is a complete sound: it sets each knob once
static void
check_settings(const Plugin* const plugin, const SordNode* const preset)
{
  need(preset, NS_RDFS "label", "rdfs:label");
  need(preset, NS_RDFS "comment", "rdfs:comment");

  SordIter* i = model_objects(preset, NS_LV2 "port");
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

void
check_preset(const Plugin* const plugin, const SordNode* const node)
{
  const char* const subject = node_string(node);

  complaint_about(subject);
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
  check_settings(plugin, node);
}
