// SPDX-License-Identifier: ISC

#include "manual/plugin.h"

#include "host/preset_labels.h"
#include "host/xalloc.h"

#include <stdlib.h>
#include <string.h>

#define NS_RDFS "http://www.w3.org/2000/01/rdf-schema#"
#define NS_LV2 "http://lv2plug.in/ns/lv2core#"

void
manual_cell(FILE* const out, const char* const text)
{
  for (const char* c = text; *c; ++c) {
    fputs(*c == '|' ? "\\|" : (char[]){*c, '\0'}, out);
  }
}

/// Print a number with its unit, or the name that the port gives it
static void
print_value(FILE* const out, const HostPort* const port, const float value)
{
  for (uint32_t i = 0; i < port->n_points; ++i) {
    if (port->points[i].value == value) {
      manual_cell(out, port->points[i].label);
      return;
    }
  }

  if (port->is_toggled) {
    fputs(value > 0.0f ? "on" : "off", out);
  } else {
    fprintf(out, "%.7g%s%s", (double)value, *port->unit ? " " : "", port->unit);
  }
}

static void
print_range(FILE* const out, const HostPort* const port)
{
  if (port->is_enumeration && port->n_points <= 8) {
    for (uint32_t i = 0; i < port->n_points; ++i) {
      fputs(i ? ", " : "", out);
      manual_cell(out, port->points[i].label);
    }
  } else if (port->is_toggled) {
    fputs("off, on", out);
  } else if (port->kind == HOST_CONTROL || port->kind == HOST_CV) {
    print_value(out, port, port->minimum);
    fputs(" to ", out);
    print_value(out, port, port->maximum);
  }
}

static const char*
kind_name(const HostPort* const port)
{
  static const char* const names[][2] = {{"knob", "meter"},
                                         {"audio in", "audio out"},
                                         {"CV in", "CV out"},
                                         {"MIDI in", "MIDI out"},
                                         {"in", "out"}};

  const bool is_for_hosts = port->kind == HOST_EVENTS && port->is_output;

  return is_for_hosts && !port->has_midi ? "messages out"
         : !port->has_transport          ? names[port->kind][port->is_output]
         : port->has_midi                ? "MIDI and transport in"
                                         : "transport in";
}

static void
print_port(FILE* const out, const HostPort* const port)
{
  fprintf(out, "| %s | `%s` | %s | ", port->name, port->symbol, kind_name(port));
  print_range(out, port);
  fputs(" | ", out);
  if (host_is_knob(port)) {
    print_value(out, port, port->default_value);
  }
  fputs(" | ", out);
  manual_cell(out, port->comment);
  fputs(" |\n", out);
}

char*
manual_text(Host* const             host,
            const HostPlugin* const plugin,
            const char* const       predicate)
{
  LilvWorld* const world   = host_world(host);
  LilvNode* const  uri     = lilv_new_uri(world, predicate);
  LilvNode* const  subject = lilv_new_uri(world, plugin->uri);
  LilvNode* const  node    = lilv_world_get(world, subject, uri, NULL);
  char* const      text = (char*)xalloc(strdup(node ? lilv_node_as_string(node) : ""));

  lilv_node_free(node);
  lilv_node_free(subject);
  lilv_node_free(uri);
  return text;
}

static void
print_text(FILE* const             out,
           Host* const             host,
           const HostPlugin* const plugin,
           const char* const       predicate)
{
  char* const text = manual_text(host, plugin, predicate);

  fprintf(out, "%s\n\n", text);
  free(text);
}

static void
print_presets(FILE* const out, Host* const host, const HostPlugin* const plugin)
{
  size_t       n_labels = 0;
  char** const labels   = preset_labels(host, plugin, &n_labels);
  fputs("Presets: ", out);
  for (size_t i = 0; i < n_labels; ++i) {
    fprintf(out, "%s%s", i ? ", " : "", labels[i]);
    free(labels[i]);
  }
  fputs(".\n\n", out);
  free(labels);
}

void
manual_plugin(FILE* const out, Host* const host, const HostPlugin* const plugin)
{
  fprintf(out, "`%s`\n\n", plugin->uri);
  print_text(out, host, plugin, NS_RDFS "comment");
  print_text(out, host, plugin, NS_LV2 "documentation");

  fputs("| port | symbol | kind | range | default | what it does |\n"
        "|---|---|---|---|---|---|\n",
        out);
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    print_port(out, &plugin->ports[p]);
  }
  fputs("\n", out);
  print_presets(out, host, plugin);
}
