// SPDX-License-Identifier: ISC

#include "patch2lv2/plugin_knobs.h"

#include "host/host.h"
#include "patch2lv2/turtle_text.h"

#include <stdbool.h>
#include <stddef.h>

/// A knob that the patch has turned
typedef struct {
  const PatchBlock* block;
  const HostPort*   port;
} Knob;

/// Return whether the patch has turned a knob
static bool
is_turned(const PatchBlock* const block, const uint32_t port)
{
  const HostPort* const knob = &block->plugin->ports[port];

  return host_is_knob(knob) && block->values[port] != knob->default_value;
}

static bool
has_knobs(const PatchBlock* const block)
{
  for (uint32_t p = 0; p < block->plugin->n_ports; ++p) {
    if (is_turned(block, p)) {
      return true;
    }
  }

  return false;
}

/// Find the next knob, from the one of `block` and `port` on; returns false at the end
static bool
next_knob(const Patch* const patch,
          uint32_t* const    block,
          uint32_t* const    port,
          Knob* const        knob)
{
  for (; *block < patch->n_blocks; ++*block, *port = 0) {
    const PatchBlock* const found = &patch->blocks[*block];
    while (*port < found->plugin->n_ports) {
      const uint32_t p = (*port)++;
      if (is_turned(found, p)) {
        *knob = (Knob){found, &found->plugin->ports[p]};
        return true;
      }
    }
  }

  return false;
}

uint32_t
plugin_knobs_count(const Patch* const patch)
{
  uint32_t block = 0;
  uint32_t port  = 0;
  uint32_t n     = 0;
  for (Knob knob; next_knob(patch, &block, &port, &knob);) {
    ++n;
  }
  return n;
}

void
plugin_knobs_write_names(FILE* const out, const Patch* const patch)
{
  uint32_t block = 0;
  uint32_t port  = 0;
  for (Knob knob; next_knob(patch, &block, &port, &knob);) {
    fprintf(out, "%s/%s\n", knob.block->name, knob.port->symbol);
  }
}

void
plugin_knobs_write_groups(FILE* const        out,
                          const Patch* const patch,
                          const char* const  uri)
{
  for (uint32_t b = 0; b < patch->n_blocks; ++b) {
    const PatchBlock* const block = &patch->blocks[b];
    if (has_knobs(block)) {
      fprintf(out,
              "<%s#%s>\n\ta pg:Group , param:ControlGroup ;\n"
              "\tlv2:symbol \"%s\" ;\n\tlv2:name \"%s\" ;\n\trdfs:label \"%s\" .\n\n",
              uri,
              block->name,
              block->name,
              block->name,
              block->name);
    }
  }
}

// ---- A port

static void
write_points(FILE* const out, const HostPort* const port)
{
  for (uint32_t i = 0; i < port->n_points; ++i) {
    fputs(" ;\n\t\tlv2:scalePoint [ rdfs:label ", out);
    turtle_text_literal(out, "", port->points[i].label);
    turtle_text_number(out, "rdf:value", port->points[i].value);
    fputs(" ]", out);
  }
}

static void
write_unit(FILE* const out, const char* const unit)
{
  fputs(" ;\n\t\tunits:unit [ a units:Unit ; rdfs:label ", out);
  turtle_text_literal(out, "", *unit ? unit : "number");
  fputs(" ; units:symbol ", out);
  turtle_text_literal(out, "", unit);
  fputs(" ; units:render ", out);
  turtle_text_literal(out, *unit ? "%f " : "%f", unit);
  fputs(" ]", out);
}

static void
write_properties(FILE* const out, const HostPort* const port)
{
  const struct {
    bool        is;
    const char* name;
  } properties[] = {{port->is_integer, "lv2:integer"},
                    {port->is_toggled, "lv2:toggled"},
                    {port->is_enumeration, "lv2:enumeration"},
                    {port->is_logarithmic, "pprops:logarithmic"},
                    {port->has_artifacts, "pprops:causesArtifacts"}};

  for (size_t i = 0; i < sizeof(properties) / sizeof(properties[0]); ++i) {
    if (properties[i].is) {
      fprintf(out, " ;\n\t\tlv2:portProperty %s", properties[i].name);
    }
  }
}

static void
write_range(FILE* const out, const HostPort* const port, const float value)
{
  const bool is_whole = port->is_integer || port->is_toggled;
  void (*const write)(FILE * file, const char* property, float number) =
    is_whole ? turtle_text_integer : turtle_text_number;

  write(out, "lv2:default", value);
  write(out, "lv2:minimum", port->minimum);
  write(out, "lv2:maximum", port->maximum);
}

static void
write_knob(FILE* const       out,
           const Knob* const knob,
           const double      sample_rate,
           const char* const uri,
           const uint32_t    index)
{
  const HostPort    port  = host_port_at_rate(knob->port, sample_rate);
  const char* const block = knob->block->name;
  fprintf(out,
          " ;\n\tlv2:port [\n\t\ta lv2:InputPort , lv2:ControlPort ;\n"
          "\t\tlv2:index %u ;\n\t\tlv2:symbol \"%s_%s\" ;\n\t\tlv2:name \"%s ",
          index,
          block,
          port.symbol,
          block);
  fprintf(out, "%s\"", port.name);
  if (*port.comment) {
    fputs(" ;\n\t\trdfs:comment ", out);
    turtle_text_literal(out, "", port.comment);
  }
  write_range(out, &port, knob->block->values[port.index]);
  write_properties(out, &port);
  write_points(out, &port);
  write_unit(out, port.unit);
  fprintf(out, " ;\n\t\tpg:group <%s#%s>\n\t]", uri, block);
}

void
plugin_knobs_write(FILE* const        out,
                   const Patch* const patch,
                   const char* const  uri,
                   const uint32_t     first)
{
  uint32_t block = 0;
  uint32_t port  = 0;
  uint32_t index = first;
  for (Knob knob; next_knob(patch, &block, &port, &knob);) {
    write_knob(out, &knob, patch->sample_rate, uri, index++);
  }
}
