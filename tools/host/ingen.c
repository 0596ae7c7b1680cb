// SPDX-License-Identifier: ISC

#include "host/ingen.h"

#include "host/ingen_model.h"
#include "host/intake.h"
#include "host/message.h"
#include "host/number.h"
#include "host/xalloc.h"

#include <lv2/atom/atom.h>
#include <lv2/core/lv2.h>
#include <lv2/presets/presets.h>
#include <lv2/time/time.h>
#include <serd/serd.h>
#include <sord/sord.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_MESSAGE 512 ///< Longest complaint of the Turtle parser

// ---- Ports

static HostPortKind
port_kind(const Reader* const reader, const SordNode* const port)
{
  return ingen_is_a(reader, port, LV2_CORE__AudioPort)  ? HOST_AUDIO
         : ingen_is_a(reader, port, LV2_CORE__CVPort)   ? HOST_CV
         : ingen_is_a(reader, port, LV2_ATOM__AtomPort) ? HOST_EVENTS
                                                        : HOST_UNKNOWN;
}

static bool
read_port(const Reader* const reader, const SordNode* const port)
{
  const HostPortKind kind      = port_kind(reader, port);
  const bool         is_output = ingen_is_a(reader, port, LV2_CORE__OutputPort);
  if (kind == HOST_UNKNOWN) {
    return ingen_refuse(
      reader,
      port,
      "must be an lv2:AudioPort, lv2:CVPort or atom:AtomPort, as a port of "
      "the patch");
  }
  if (is_output == ingen_is_a(reader, port, LV2_CORE__InputPort)) {
    return ingen_refuse(
      reader, port, "must be either an lv2:InputPort or an lv2:OutputPort");
  }

  return (is_output && kind == HOST_EVENTS) ||
         patch_add_port(reader->patch, ingen_name(reader, port), kind, is_output);
}

/// Put the ports in the order of their indices, which must be 0 and up
static bool
sort_ports(const Reader* const reader, const Nodes ports, const SordNode** const sorted)
{
  bool ok = true;
  for (uint32_t p = 0; p < ports.n && ok; ++p) {
    const SordNode* const port = ports.nodes[p];
    const SordNode* const node =
      ingen_only_object(reader, port, LV2_CORE__index, "lv2:index");
    uint32_t index = 0;

    ok = node &&
         ((number_read_whole(ingen_string(node), 0, ports.n - 1U, &index) &&
           !sorted[index]) ||
          ingen_refuse(reader, port, "must have an lv2:index of its own, from 0 up"));
    if (ok) {
      sorted[index] = port;
    }
  }

  return ok;
}

static bool
read_ports(const Reader* const reader)
{
  const Nodes            ports = ingen_objects(reader, reader->graph, LV2_CORE__port);
  const SordNode** const sorted =
    (const SordNode**)xalloc(calloc(ports.n + 1U, sizeof(SordNode*)));

  bool ok = sort_ports(reader, ports, sorted);
  for (uint32_t p = 0; p < ports.n && ok; ++p) {
    ok = read_port(reader, sorted[p]);
  }
  free(sorted);
  free(ports.nodes);
  return ok;
}

// ---- Blocks

static bool
read_preset(const Reader* const reader, const SordNode* const block)
{
  const Nodes presets = ingen_objects(reader, block, LV2_PRESETS__preset);
  const bool  ok      = presets.n == 0 ||
                  (presets.n == 1 && patch_load_preset(reader->patch,
                                                       ingen_name(reader, block),
                                                       ingen_string(presets.nodes[0])));
  if (presets.n > 1) {
    ingen_refuse(reader, block, "has more than one pset:preset");
  }

  free(presets.nodes);
  return ok;
}

static bool
read_block(const Reader* const reader, const SordNode* const block)
{
  const SordNode* const plugin =
    ingen_only_object(reader, block, LV2_CORE__prototype, "lv2:prototype");

  return plugin &&
         patch_add_block(
           reader->patch, ingen_name(reader, block), ingen_string(plugin)) &&
         read_preset(reader, block);
}

static bool
read_blocks(const Reader* const reader)
{
  const Nodes blocks    = ingen_objects(reader, reader->graph, NS_INGEN "block");
  const Nodes described = ingen_instances(reader, NS_INGEN "Block");

  bool ok = true;
  for (uint32_t b = 0; b < blocks.n; ++b) {
    ok = read_block(reader, blocks.nodes[b]) && ok;
  }
  for (uint32_t b = 0; b < described.n; ++b) {
    ok = (ingen_states(reader, reader->graph, NS_INGEN "block", described.nodes[b]) ||
          ingen_refuse(reader,
                       described.nodes[b],
                       "is not a block of the patch: add it by ingen:block")) &&
         ok;
  }
  free(described.nodes);
  free(blocks.nodes);
  return ok;
}

// ---- Tempo

/// Take the tempo of the patch, if it has one
/// Return a text about the patch as a whole, or NULL
static const char*
graph_text(const Reader* const reader, const char* const predicate)
{
  const Nodes texts = ingen_objects(reader, reader->graph, predicate);

  const char* const text = texts.n ? ingen_string(texts.nodes[0]) : NULL;
  free(texts.nodes);
  return text;
}

static void
read_description(const Reader* const reader)
{
  patch_describe(reader->patch,
                 graph_text(reader, NS_RDFS "label"),
                 graph_text(reader, NS_RDFS "comment"));
}

static bool
read_tempo(const Reader* const reader)
{
  const Nodes tempos = ingen_objects(reader, reader->graph, LV2_TIME__beatsPerMinute);
  const bool  is_any = tempos.n > 0;
  free(tempos.nodes);
  if (!is_any) {
    return true;
  }

  const SordNode* const node = ingen_only_object(
    reader, reader->graph, LV2_TIME__beatsPerMinute, "time:beatsPerMinute");
  return node && patch_set_tempo(reader->patch, serd_strtod(ingen_string(node), NULL));
}

// ---- Values

static bool
has_datatype(const SordNode* const node)
{
  const SordNode* const type = sord_node_get_datatype(node);

  return type && strcmp(ingen_string(type), NS_XSD "string") != 0;
}

/// Return the path of a file that the patch names by URI or by path, to be freed
static char*
input_file_path(const Reader* const reader, const SordNode* const node)
{
  const char* const text = ingen_string(node);
  if (sord_node_get_type(node) == SORD_URI) {
    return strncmp(text, "file:", 5) != 0
             ? NULL
             : (char*)serd_file_uri_parse(sord_node_get_string(node), NULL);
  }

  const char* const folder = *text == '/' ? "" : reader->folder;
  const size_t      size   = strlen(folder) + strlen(text) + 1U;
  char* const       path   = (char*)xalloc(malloc(size));
  snprintf(path, size, "%s%s", folder, text);
  return path;
}

static bool
read_source(const Reader* const   reader,
            const SordNode* const port,
            const SordNode* const node)
{
  char* const path = input_file_path(reader, node);
  const bool  ok =
    path ? patch_set_source(reader->patch, ingen_name(reader, port), path)
          : ingen_refuse(reader, port, "must have a file of this machine as its value");

  free(path);
  return ok;
}

static bool
read_value(const Reader* const reader, const SordNode* const subject)
{
  const char* const     to = ingen_name(reader, subject);
  const SordNode* const node =
    ingen_only_object(reader, subject, NS_INGEN "value", "ingen:value");
  if (!node) {
    return false;
  }
  if (!strchr(to, '/')) {
    return read_source(reader, subject, node);
  }

  const char* const text   = ingen_string(node);
  char*             rest   = NULL;
  const double      number = serd_strtod(text, &rest);
  return has_datatype(node) && rest != text && !*rest
           ? patch_set(reader->patch, to, number)
           : patch_set_text(reader->patch, to, text);
}

static bool
read_values(const Reader* const reader)
{
  const Nodes subjects =
    ingen_search(reader, NULL, NS_INGEN "value", NULL, SORD_SUBJECT);

  bool ok = true;
  for (uint32_t i = 0; i < subjects.n; ++i) {
    const bool is_next = i > 0 && subjects.nodes[i] == subjects.nodes[i - 1U];
    ok                 = (is_next || read_value(reader, subjects.nodes[i])) && ok;
  }
  free(subjects.nodes);
  return ok;
}

// ---- Cables

static bool
read_cable(const Reader* const reader, const SordNode* const arc)
{
  const Nodes tails = ingen_objects(reader, arc, NS_INGEN "tail");
  const Nodes heads = ingen_objects(reader, arc, NS_INGEN "head");

  const bool ok =
    tails.n == 1 && heads.n == 1
      ? patch_connect(reader->patch,
                      ingen_name(reader, tails.nodes[0]),
                      ingen_name(reader, heads.nodes[0]))
      : ingen_refuse(reader,
                     tails.n   ? tails.nodes[0]
                     : heads.n ? heads.nodes[0]
                               : NULL,
                     "a cable must have one ingen:tail and one ingen:head");
  free(heads.nodes);
  free(tails.nodes);
  return ok;
}

static bool
read_cables(const Reader* const reader)
{
  const Nodes arcs  = ingen_objects(reader, reader->graph, NS_INGEN "arc");
  const Nodes tails = ingen_search(reader, NULL, NS_INGEN "tail", NULL, SORD_SUBJECT);

  bool ok = true;
  for (uint32_t i = 0; i < arcs.n; ++i) {
    ok = read_cable(reader, arcs.nodes[i]) && ok;
  }
  for (uint32_t i = 0; i < tails.n; ++i) {
    ok = (ingen_states(reader, reader->graph, NS_INGEN "arc", tails.nodes[i]) ||
          ingen_refuse(
            reader, NULL, "a cable is not in the patch: add it by ingen:arc")) &&
         ok;
  }
  free(tails.nodes);
  free(arcs.nodes);
  return ok;
}

// ---- The file

static SerdStatus
report_syntax(void* const handle, const SerdError* const error)
{
  Reader* const reader = (Reader*)handle;
  reader->has_errors   = true;

  char message[MAX_MESSAGE] = "";
  // NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): serd has begun it
  vsnprintf(message, sizeof(message), error->fmt, *error->args);
  message[strcspn(message, "\n")] = '\0';

  char line[32] = "";
  snprintf(line, sizeof(line), "line %u", error->line);
  message_error(reader->patch->path, error->line ? line : NULL, "%s", message);
  return SERD_SUCCESS;
}

/// Note in which folder the file is, and return its URI
static SerdNode
find_folder(Reader* const reader, const char* const path)
{
  LilvNode* const uri = lilv_new_file_uri(host_world(reader->patch->host), NULL, path);
  char* const     absolute = lilv_node_get_path(uri, NULL);
  const SerdNode  base = serd_node_new_file_uri((uint8_t*)absolute, NULL, NULL, true);

  char* const name = strrchr(absolute, '/');
  if (name) {
    name[1] = '\0';
  }

  reader->folder     = absolute;
  reader->folder_uri = serd_node_new_file_uri((uint8_t*)absolute, NULL, NULL, true);
  lilv_node_free(uri);
  return base;
}

static bool
read_turtle(Reader* const        reader,
            const char* const    path,
            const uint8_t* const bytes,
            const size_t         size)
{
  if (!size) {
    return true;
  }
  if (memchr(bytes, 0, size)) {
    return ingen_refuse(reader, NULL, "is no Turtle: it holds a zero");
  }

  SerdNode          uri    = find_folder(reader, path);
  SerdEnv* const    env    = serd_env_new(&uri);
  SerdReader* const turtle = sord_new_reader(reader->model, env, SERD_TURTLE, NULL);
  serd_reader_set_strict(turtle, true);
  serd_reader_set_error_sink(turtle, report_syntax, reader);
  sord_world_set_error_sink(reader->world, report_syntax, reader);

  // As a file, serd would read one of whole pages again and again if it ends in a name
  const SerdStatus status = serd_reader_read_string(turtle, bytes);
  serd_reader_free(turtle);
  serd_env_free(env);
  serd_node_free(&uri);
  // A failure is what serd calls the end of the file
  return status <= SERD_FAILURE && !reader->has_errors;
}

static bool
find_graph(Reader* const reader)
{
  const Nodes graphs = ingen_instances(reader, NS_INGEN "Graph");
  reader->graph      = graphs.n ? graphs.nodes[0] : NULL;
  if (graphs.n == 0) {
    ingen_refuse(reader, NULL, "holds no ingen:Graph, so it is no patch");
  } else if (graphs.n > 1) {
    ingen_refuse(
      reader, NULL, "holds more than one ingen:Graph, where one is the patch");
  }

  free(graphs.nodes);
  return graphs.n == 1;
}

bool
ingen_read(Patch* const patch, const char* const path)
{
  size_t         size  = 0;
  uint8_t* const bytes = intake_read(path, &size);
  if (!bytes) {
    return false;
  }

  SordWorld* const world = sord_world_new();
  SordModel* const model = sord_new(world, SORD_SPO | SORD_OPS, false);

  Reader     reader = {patch, world, model, NULL, SERD_NODE_NULL, NULL, false};
  const bool found  = read_turtle(&reader, path, bytes, size) && find_graph(&reader);
  if (found) {
    read_description(&reader);
  }
  const bool begun =
    found && read_tempo(&reader) && read_ports(&reader) && read_blocks(&reader);
  const bool values_ok = begun && read_values(&reader);
  const bool cables_ok = begun && read_cables(&reader);

  serd_node_free(&reader.folder_uri);
  lilv_free(reader.folder);
  sord_free(model);
  sord_world_free(world);
  free(bytes);
  return values_ok && cables_ok;
}
