// SPDX-License-Identifier: ISC

#include "patch2lv2/plugin_bundle.h"

#include "host/host.h"
#include "host/message.h"
#include "host/patch_song.h"
#include "patch2lv2/plugin_knobs.h"
#include "patch2lv2/turtle_text.h"

#include <lilv/lilv.h>

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define PROJECT "urn:chronus:project"
#define PUBLISHER "urn:chronus:publisher"
#define DOAP "http://usefulinc.com/ns/doap#"

static const char prefixes[] =
  "@prefix atom: <http://lv2plug.in/ns/ext/atom#> .\n"
  "@prefix doap: <http://usefulinc.com/ns/doap#> .\n"
  "@prefix foaf: <http://xmlns.com/foaf/0.1/> .\n"
  "@prefix lv2: <http://lv2plug.in/ns/lv2core#> .\n"
  "@prefix midi: <http://lv2plug.in/ns/ext/midi#> .\n"
  "@prefix param: <http://lv2plug.in/ns/ext/parameters#> .\n"
  "@prefix pg: <http://lv2plug.in/ns/ext/port-groups#> .\n"
  "@prefix pprops: <http://lv2plug.in/ns/ext/port-props#> .\n"
  "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n"
  "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
  "@prefix time: <http://lv2plug.in/ns/ext/time#> .\n"
  "@prefix units: <http://lv2plug.in/ns/extensions/units#> .\n"
  "@prefix urid: <http://lv2plug.in/ns/ext/urid#> .\n\n";

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

// ---- Ports

static void
write_group(FILE* const       out,
            const char* const uri,
            const char* const type,
            const char* const symbol,
            const char* const name)
{
  fprintf(out,
          "<%s#%s>\n\ta pg:Group , pg:%s ;\n\tlv2:symbol \"%s\" ;\n"
          "\tlv2:name \"%s\" ;\n\trdfs:label \"%s\" .\n\n",
          uri,
          symbol,
          type,
          symbol,
          name,
          name);
}

/// Write what kind of port is the first input for events, which is told of the song
static void
write_control(FILE* const out)
{
  fputs(" ;\n\t\tatom:supports time:Position ;\n\t\tlv2:designation lv2:control", out);
}

static void
write_port(FILE* const        out,
           const Patch* const patch,
           const uint32_t     index,
           const char* const  uri)
{
  const PatchPort* const port    = &patch->ports[index];
  const bool             is_midi = port->kind == HOST_EVENTS;
  fprintf(out,
          " ;\n\tlv2:port [\n\t\ta lv2:%sPort , %s ;\n\t\tlv2:index %u ;\n"
          "\t\tlv2:symbol \"%s\" ;\n\t\tlv2:name \"%s\" ;\n"
          "\t\trdfs:comment \"%s of the patch.\" ;\n\t\tpg:group <%s#%s>",
          port->is_output ? "Output" : "Input",
          is_midi ? "atom:AtomPort" : "lv2:AudioPort",
          index,
          port->name,
          port->name,
          is_midi ? "MIDI" : "Audio",
          uri,
          port->is_output ? "outputs" : "inputs");
  if (is_midi) {
    fputs(" ;\n\t\tatom:bufferType atom:Sequence ;\n\t\tatom:supports midi:MidiEvent",
          out);
    if (index == patch_events_input(patch)) {
      write_control(out);
    }
  }
  fputs("\n\t]", out);
}

/// Write the port that is there only for the song
static void
write_song_port(FILE* const out, const uint32_t index, const char* const uri)
{
  fprintf(
    out,
    " ;\n\tlv2:port [\n\t\ta lv2:InputPort , atom:AtomPort ;\n\t\tlv2:index %u ;\n"
    "\t\tlv2:symbol \"song\" ;\n\t\tlv2:name \"Song\" ;\n"
    "\t\trdfs:comment \"Where the host is in its song.\" ;\n"
    "\t\tpg:group <%s#inputs> ;\n\t\tlv2:portProperty lv2:connectionOptional ;\n"
    "\t\tatom:bufferType atom:Sequence",
    index,
    uri);
  write_control(out);
  fputs("\n\t]", out);
}

static bool
needs_song_port(const Patch* const patch)
{
  return patch_events_input(patch) == patch->n_ports && patch_follows_song(patch);
}

static void
write_ports(FILE* const out, const Patch* const patch, const char* const uri)
{
  for (uint32_t p = 0; p < patch->n_ports; ++p) {
    write_port(out, patch, p, uri);
  }
  plugin_knobs_write(out, patch, uri, patch->n_ports);
  if (needs_song_port(patch)) {
    write_song_port(out, patch->n_ports + plugin_knobs_count(patch), uri);
  }
}

static bool
has_audio_input(const Patch* const patch)
{
  for (uint32_t p = 0; p < patch->n_ports; ++p) {
    if (patch->ports[p].kind == HOST_AUDIO && !patch->ports[p].is_output) {
      return true;
    }
  }

  return false;
}

// ---- Who made it

/// Return what the Turtle of the modules says of a subject, or NULL
static LilvNode*
property_of(LilvWorld* const world, const char* const subject, const char* const key)
{
  LilvNode* const node     = lilv_new_uri(world, subject);
  LilvNode* const property = lilv_new_uri(world, key);
  LilvNode* const value    = lilv_world_get(world, node, property, NULL);
  lilv_node_free(node);
  lilv_node_free(property);
  return value;
}

static void
write_node(FILE* const out, const LilvNode* const node)
{
  if (lilv_node_is_uri(node)) {
    fprintf(out, "<%s>", lilv_node_as_uri(node));
  } else {
    turtle_text_literal(out, "", lilv_node_as_string(node));
  }
}

/// Write what the Turtle of the modules says of the project, for hosts that load only
/// this
static void
write_project(FILE* const out, const Patch* const patch)
{
  static const char* const facts[][3] = {
    {PROJECT, "a", LILV_NS_RDF "type"},
    {PROJECT, "doap:name", DOAP "name"},
    {PROJECT, "doap:shortdesc", DOAP "shortdesc"},
    {PROJECT, "doap:license", DOAP "license"},
    {PROJECT, "doap:maintainer", DOAP "maintainer"},
    {PUBLISHER, "a", LILV_NS_RDF "type"},
    {PUBLISHER, "foaf:name", LILV_NS_FOAF "name"},
    {PUBLISHER, "foaf:mbox", LILV_NS_FOAF "mbox"},
    {PUBLISHER, "foaf:homepage", LILV_NS_FOAF "homepage"}};

  for (size_t f = 0; f < sizeof(facts) / sizeof(facts[0]); ++f) {
    LilvNode* const value =
      property_of(host_world(patch->host), facts[f][0], facts[f][2]);
    if (value) {
      fprintf(out, "<%s> %s ", facts[f][0], facts[f][1]);
      write_node(out, value);
      fputs(" .\n", out);
    }
    lilv_node_free(value);
  }
  fputc('\n', out);
}

// ---- The plugin

/// Return the class of the plugin: what plays by itself is a generator
static const char*
class_of(const Patch* const patch)
{
  return patch_events_input(patch) < patch->n_ports ? "InstrumentPlugin"
         : has_audio_input(patch)                   ? "UtilityPlugin"
                                                    : "GeneratorPlugin";
}

/// Write the first sentence of a comment, without its point
static void
write_short_description(FILE* const out, const char* const comment)
{
  fputs(" ;\n\tdoap:shortdesc ", out);
  turtle_text_part(out, comment, strcspn(comment, ".:;\n"));
}

static void
write_facts(FILE* const out, const Patch* const patch)
{
  const char* const comment =
    patch->comment ? patch->comment : "A patch of modules. It is played as one plugin.";

  write_short_description(out, comment);
  fputs(" ;\n\trdfs:comment ", out);
  turtle_text_literal(out, "", comment);
  fputs(" ;\n\tdoap:license <http://opensource.org/licenses/ISC> ;\n"
        "\tlv2:project <urn:chronus:project> ;\n"
        "\tlv2:minorVersion 2 ;\n\tlv2:microVersion 0 ;\n"
        "\tlv2:requiredFeature urid:map ;\n\tlv2:optionalFeature lv2:hardRTCapable",
        out);
}

void
plugin_bundle_write(FILE* const        out,
                    const Patch* const patch,
                    const char* const  uri,
                    const char* const  name)
{
  fputs(prefixes, out);
  write_project(out, patch);
  write_group(out, uri, "OutputGroup", "outputs", "Outputs");
  write_group(out, uri, "InputGroup", "inputs", "Inputs");
  plugin_knobs_write_groups(out, patch, uri);
  fprintf(out, "<%s>\n\ta lv2:Plugin , lv2:%s ;\n\tdoap:name ", uri, class_of(patch));
  turtle_text_literal(out, "Chronus ", patch->label ? patch->label : name);
  write_facts(out, patch);
  write_ports(out, patch, uri);
  fputs(" .\n", out);
}

void
plugin_bundle_begin_manifest(FILE* const out)
{
  fputs("@prefix lv2: <http://lv2plug.in/ns/lv2core#> .\n"
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n",
        out);
}

void
plugin_bundle_write_manifest(FILE* const       out,
                             const char* const uri,
                             const char* const folder)
{
  fprintf(out,
          "\n<%s>\n\ta lv2:Plugin ;\n\tlv2:binary <rack.so> ;\n"
          "\trdfs:seeAlso <%s/plugin.ttl> .\n",
          uri,
          folder);
}
