// SPDX-License-Identifier: ISC

#include "patch2lv2/plugin_bundle.h"

#include "host/host.h"
#include "host/message.h"

#include <stdint.h>
#include <string.h>

static const char prefixes[] =
  "@prefix atom: <http://lv2plug.in/ns/ext/atom#> .\n"
  "@prefix doap: <http://usefulinc.com/ns/doap#> .\n"
  "@prefix lv2: <http://lv2plug.in/ns/lv2core#> .\n"
  "@prefix midi: <http://lv2plug.in/ns/ext/midi#> .\n"
  "@prefix pprops: <http://lv2plug.in/ns/ext/port-props#> .\n"
  "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n"
  "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
  "@prefix units: <http://lv2plug.in/ns/extensions/units#> .\n"
  "@prefix urid: <http://lv2plug.in/ns/ext/urid#> .\n\n";

/// Write a text as a literal of Turtle, with another before it
static void
write_literal(FILE* const out, const char* const before, const char* const text)
{
  fprintf(out, "\"%s", before);
  for (const char* c = text; *c; ++c) {
    if (*c == '"' || *c == '\\') {
      fputc('\\', out);
    }
    fprintf(out, *c == '\n' ? "\\n" : "%c", *c);
  }
  fputc('"', out);
}

/// Write a property with a decimal, which has a point in every locale
static void
write_number(FILE* const out, const char* const property, const float number)
{
  char text[80] = "";
  snprintf(text, sizeof(text), "%.9f", (double)number);
  for (char* c = text; *c; ++c) {
    if (*c == ',') {
      *c = '.';
    }
  }
  fprintf(out, " ;\n\t\t%s %s", property, text);
}

// ---- Knobs

/// Return whether the patch has turned a knob
static bool
is_turned(const PatchBlock* const block, const uint32_t port)
{
  const HostPort* const knob = &block->plugin->ports[port];

  return host_is_knob(knob) && block->values[port] != knob->default_value;
}

typedef void (*KnobWriter)(FILE*             out,
                           const Patch*      patch,
                           const PatchBlock* block,
                           uint32_t          port,
                           uint32_t          number);

/// Write all knobs that the patch has turned, with their numbers
static void
write_knobs(FILE* const out, const Patch* const patch, const KnobWriter write)
{
  uint32_t number = 0;
  for (uint32_t b = 0; b < patch->n_blocks; ++b) {
    const PatchBlock* const block = &patch->blocks[b];
    for (uint32_t p = 0; p < block->plugin->n_ports; ++p) {
      if (is_turned(block, p)) {
        write(out, patch, block, p, number++);
      }
    }
  }
}

static void
write_points(FILE* const out, const HostPort* const port)
{
  for (uint32_t i = 0; i < port->n_points; ++i) {
    fputs(" ;\n\t\tlv2:scalePoint [ rdfs:label ", out);
    write_literal(out, "", port->points[i].label);
    write_number(out, "rdf:value", port->points[i].value);
    fputs(" ]", out);
  }
}

static void
write_unit(FILE* const out, const char* const unit)
{
  if (*unit) {
    fputs(" ;\n\t\tunits:unit [ a units:Unit ; units:symbol ", out);
    write_literal(out, "", unit);
    fputs(" ; units:render ", out);
    fputs(strcmp(unit, "%") != 0 ? "\"%f " : "\"%f %", out);
    for (const char* c = unit; *c; ++c) {
      fprintf(out, *c == '"' || *c == '\\' ? "\\%c" : "%c", *c);
    }
    fputs("\" ]", out);
  }
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
write_knob(FILE* const             out,
           const Patch* const      patch,
           const PatchBlock* const block,
           const uint32_t          index,
           const uint32_t          number)
{
  const HostPort port =
    host_port_at_rate(&block->plugin->ports[index], patch->sample_rate);
  fprintf(out,
          " ;\n\tlv2:port [\n\t\ta lv2:InputPort , lv2:ControlPort ;\n"
          "\t\tlv2:index %u ;\n\t\tlv2:symbol \"%s_%s\" ;\n\t\tlv2:name \"%s ",
          patch->n_ports + number,
          block->name,
          port.symbol,
          block->name);
  fprintf(out, "%s\"", port.name);
  write_number(out, "lv2:default", block->values[index]);
  write_number(out, "lv2:minimum", port.minimum);
  write_number(out, "lv2:maximum", port.maximum);
  write_properties(out, &port);
  write_points(out, &port);
  write_unit(out, port.unit);
  fputs("\n\t]", out);
}

static void
write_knob_name(FILE* const             out,
                const Patch* const      patch,
                const PatchBlock* const block,
                const uint32_t          index,
                const uint32_t          number)
{
  (void)patch;
  (void)number;
  fprintf(out, "%s/%s\n", block->name, block->plugin->ports[index].symbol);
}

void
plugin_bundle_write_knobs(FILE* const out, const Patch* const patch)
{
  write_knobs(out, patch, write_knob_name);
}

// ---- The plugin

bool
plugin_bundle_check(const Patch* const patch)
{
  for (uint32_t p = 0; p < patch->n_ports; ++p) {
    const HostPortKind kind = patch->ports[p].kind;
    if (kind != HOST_AUDIO && kind != HOST_EVENTS) {
      message_error(patch->path,
                    patch->ports[p].name,
                    "is neither audio nor MIDI, and tracks have no other ports");
      return false;
    }
  }

  return true;
}

static void
write_port(FILE* const out, const PatchPort* const port, const uint32_t index)
{
  const bool is_midi = port->kind == HOST_EVENTS;
  fprintf(out,
          " ;\n\tlv2:port [\n\t\ta lv2:%sPort , %s ;\n\t\tlv2:index %u ;\n"
          "\t\tlv2:symbol \"%s\" ;\n\t\tlv2:name \"%s\"",
          port->is_output ? "Output" : "Input",
          is_midi ? "atom:AtomPort" : "lv2:AudioPort",
          index,
          port->name,
          port->name);
  if (is_midi) {
    fputs(" ;\n\t\tatom:bufferType atom:Sequence ;\n\t\tatom:supports midi:MidiEvent",
          out);
  }
  fputs("\n\t]", out);
}

static bool
has_midi(const Patch* const patch)
{
  for (uint32_t p = 0; p < patch->n_ports; ++p) {
    if (patch->ports[p].kind == HOST_EVENTS && !patch->ports[p].is_output) {
      return true;
    }
  }

  return false;
}

void
plugin_bundle_write(FILE* const        out,
                    const Patch* const patch,
                    const char* const  uri,
                    const char* const  name)
{
  fputs(prefixes, out);
  fprintf(out,
          "<%s>\n\ta lv2:Plugin%s ;\n\tdoap:name ",
          uri,
          has_midi(patch) ? " , lv2:InstrumentPlugin" : "");
  write_literal(out, "Chronus ", patch->label ? patch->label : name);
  if (patch->comment) {
    fputs(" ;\n\trdfs:comment ", out);
    write_literal(out, "", patch->comment);
  }
  fputs(" ;\n\tlv2:requiredFeature urid:map", out);
  for (uint32_t p = 0; p < patch->n_ports; ++p) {
    write_port(out, &patch->ports[p], p);
  }
  write_knobs(out, patch, write_knob);
  fputs(" .\n", out);
}

void
plugin_bundle_write_manifest(FILE* const out, const char* const uri)
{
  fprintf(out,
          "@prefix lv2: <http://lv2plug.in/ns/lv2core#> .\n"
          "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n\n"
          "<%s>\n\ta lv2:Plugin ;\n\tlv2:binary <rack.so> ;\n"
          "\trdfs:seeAlso <plugin.ttl> .\n",
          uri);
}
