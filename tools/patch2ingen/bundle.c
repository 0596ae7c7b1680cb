// SPDX-License-Identifier: ISC

#include "patch2ingen/bundle.h"

#include "carla/layout.h"
#include "host/host.h"
#include "host/message.h"

#include <stdint.h>
#include <stdlib.h>

#define N_OWN_PORTS 2U ///< Of Ingen's root graph, before those of the patch

static const char prefixes[] =
  "@prefix atom: <http://lv2plug.in/ns/ext/atom#> .\n"
  "@prefix doap: <http://usefulinc.com/ns/doap#> .\n"
  "@prefix ingen: <http://drobilla.net/ns/ingen#> .\n"
  "@prefix lv2: <http://lv2plug.in/ns/lv2core#> .\n"
  "@prefix midi: <http://lv2plug.in/ns/ext/midi#> .\n"
  "@prefix patch: <http://lv2plug.in/ns/ext/patch#> .\n"
  "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
  "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n\n";

/// Write a text as a literal of Turtle
static void
write_literal(FILE* const out, const char* const text)
{
  fputc('"', out);
  for (const char* c = text; *c; ++c) {
    if (*c == '"' || *c == '\\') {
      fputc('\\', out);
    }
    fprintf(out, *c == '\n' ? "\\n" : "%c", *c);
  }
  fputc('"', out);
}

/// Write a number with as many digits as its float has, and a point in every locale
static void
write_number(FILE* const out, const float number)
{
  char text[64] = "";
  snprintf(text, sizeof(text), "%.9g", (double)number);
  for (char* c = text; *c; ++c) {
    if (*c == ',') {
      *c = '.';
    }
  }
  fprintf(out, "\"%s\"^^xsd:float", text);
}

static void
write_end(FILE* const out, const Patch* const patch, const PatchEnd end)
{
  if (end.block == PATCH_ITSELF) {
    fprintf(out, "<%s>", patch->ports[end.port].name);
  } else {
    const PatchBlock* const block = &patch->blocks[end.block];
    fprintf(out, "<%s/%s>", block->name, block->plugin->ports[end.port].symbol);
  }
}

// ---- Ports

static void
write_own_port(FILE* const    out,
               const uint32_t index,
               const char*    symbol,
               const char*    way,
               const char*    name)
{
  fprintf(out,
          "<%s>\n\ta atom:AtomPort , lv2:%sPort ;\n"
          "\tatom:bufferType atom:Sequence ;\n\tatom:supports patch:Message ;\n"
          "\tlv2:designation lv2:control ;\n"
          "\tlv2:portProperty lv2:connectionOptional ;\n"
          "\tlv2:index %u ;\n\tlv2:symbol \"%s\" ;\n\tlv2:name \"%s\" .\n\n",
          symbol,
          way,
          index,
          symbol,
          name);
}

static void
write_port(FILE* const out, const Patch* const patch, const uint32_t index)
{
  static const char* const types[] = {[HOST_CONTROL] = "lv2:ControlPort",
                                      [HOST_AUDIO]   = "lv2:AudioPort",
                                      [HOST_CV]      = "lv2:CVPort",
                                      [HOST_EVENTS]  = "atom:AtomPort",
                                      [HOST_UNKNOWN] = "lv2:Port"};

  const PatchPort* const port = &patch->ports[index];
  fprintf(out,
          "<%s>\n\ta %s , lv2:%sPort ;\n",
          port->name,
          types[port->kind],
          port->is_output ? "Output" : "Input");
  if (port->kind == HOST_EVENTS) {
    fputs("\tatom:bufferType atom:Sequence ;\n\tatom:supports midi:MidiEvent ;\n", out);
  }
  fprintf(out,
          "\tlv2:index %u ;\n\tlv2:symbol \"%s\" ;\n\tlv2:name \"%s\" .\n\n",
          index + N_OWN_PORTS,
          port->name,
          port->name);
}

// ---- Blocks

static void
write_block(FILE* const out, const PatchBlock* const block, const LayoutBox* const box)
{
  const HostPlugin* const plugin = block->plugin;
  fprintf(out,
          "<%s>\n\ta ingen:Block ;\n\tlv2:prototype <%s> ;\n"
          "\tingen:canvasX \"%d.0\"^^xsd:float ;\n"
          "\tingen:canvasY \"%d.0\"^^xsd:float",
          block->name,
          plugin->uri,
          box->x_px,
          box->y_px);
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    if (host_is_knob(&plugin->ports[p])) {
      fprintf(out, " ;\n\tlv2:port <%s/%s>", block->name, plugin->ports[p].symbol);
    }
  }
  fputs(" .\n\n", out);
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    const HostPort* const port = &plugin->ports[p];
    if (host_is_knob(port)) {
      fprintf(
        out, "<%s/%s> lv2:symbol \"%s\" ; ", block->name, port->symbol, port->symbol);
      fputs("ingen:value ", out);
      write_number(out, block->values[p]);
      fputs(" .\n", out);
    }
  }
  fputs("\n", out);
}

// ---- The graph

static void
write_cables(FILE* const out, const Patch* const patch)
{
  for (uint32_t c = 0; c < patch->n_cables; ++c) {
    fputs(" ;\n\tingen:arc [ ingen:tail ", out);
    write_end(out, patch, patch->cables[c].tail);
    fputs(" ; ingen:head ", out);
    write_end(out, patch, patch->cables[c].head);
    fputs(" ]", out);
  }
}

static void
write_head(FILE* const out, const Patch* const patch, const char* const name)
{
  fputs("<>\n\ta ingen:Graph , lv2:Plugin ;\n\tdoap:name ", out);
  write_literal(out, patch->label ? patch->label : name);
  if (patch->comment) {
    fputs(" ;\n\trdfs:comment ", out);
    write_literal(out, patch->comment);
  }
  fputs(" ;\n\tlv2:port <control> , <notify>", out);
  for (uint32_t p = 0; p < patch->n_ports; ++p) {
    fprintf(out, " , <%s>", patch->ports[p].name);
  }
  for (uint32_t b = 0; b < patch->n_blocks; ++b) {
    fprintf(out, " ;\n\tingen:block <%s>", patch->blocks[b].name);
  }
  write_cables(out, patch);
  fputs(" .\n\n", out);
}

void
bundle_write_graph(FILE* const out, const Patch* const patch, const char* const name)
{
  LayoutBox* const boxes = layout_lay_out(patch);

  fputs(prefixes, out);
  write_head(out, patch, name);
  write_own_port(out, 0, "control", "Input", "Control");
  write_own_port(out, 1, "notify", "Output", "Notify");
  for (uint32_t p = 0; p < patch->n_ports; ++p) {
    write_port(out, patch, p);
  }
  for (uint32_t b = 0; b < patch->n_blocks; ++b) {
    write_block(out, &patch->blocks[b], &boxes[b]);
  }
  free(boxes);
}

void
bundle_write_manifest(FILE* const out)
{
  fputs("@prefix ingen: <http://drobilla.net/ns/ingen#> .\n"
        "@prefix lv2: <http://lv2plug.in/ns/lv2core#> .\n"
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n\n"
        "<main.ttl>\n\ta ingen:Graph , lv2:Plugin ;\n"
        "\tlv2:prototype ingen:GraphPrototype ;\n\trdfs:seeAlso <main.ttl> .\n",
        out);
}

void
bundle_warn(const Patch* const patch)
{
  if (patch->tempo_bpm > 0.0) {
    message_warning(patch->path,
                    NULL,
                    "has a tempo of %g beats a minute, and Ingen has its own",
                    patch->tempo_bpm);
  }
  for (uint32_t p = 0; p < patch->n_ports; ++p) {
    if (patch->ports[p].source) {
      message_warning(patch->path,
                      patch->ports[p].name,
                      "plays a file, which Ingen can't: connect something to it");
    }
  }
}
