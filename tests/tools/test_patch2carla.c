// SPDX-License-Identifier: ISC
/**
   The projects of Carla that patch2carla makes of patches, and what it refuses.

   The projects are read here by a reader of their own, which takes no other XML than
   what is well-formed.
*/

#include "support/program.h"
#include "support/scratch.h"
#include "support/test.h"

#include "host/host.h"
#include "host/ingen.h"
#include "host/patch.h"

#include <glob.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define PATCH2CARLA BUILD_DIR "/bin/patch2carla"
#define PATCHES SOURCE_DIR "/presets/patches/"
#define RATE_HZ 48000.0
#define MAX_SIZE (1 << 20)
#define MAX_ELEMENTS 8192
#define MAX_DEPTH 16
#define MAX_NAME 256
#define OWN_BOXES 4

// Sizes on Carla's canvas
#define LAYOUT_WIDTH_PX 3100
#define LAYOUT_HEIGHT_PX 2400
#define HEADER_PX 24
#define ROW_PX 18
#define CHARACTER_PX 7
#define MARGIN_PX 30

// ---- XML

typedef struct Element Element;

struct Element {
  const Element* parent;
  char           tag[32];
  char           attributes[128];
  const char*    text; ///< Decoded, without what stands in elements within
};

typedef struct {
  const char* at;
  Element     elements[MAX_ELEMENTS]; ///< In the order in which they begin
  size_t      n_elements;
  Element*    open[MAX_DEPTH];
  size_t      depth;
  char        texts[MAX_SIZE];
  size_t      n_texts;
} Document;

static bool
skip(Document* const document, const char* const text)
{
  const size_t length = strlen(text);
  const bool   is     = !strncmp(document->at, text, length);
  document->at += is ? length : 0;
  return is;
}

/// Read the character that begins here
static char
read_character(Document* const document)
{
  static const struct {
    const char* entity;
    char        character;
  } entities[] = {
    {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}};

  for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); ++i) {
    if (skip(document, entities[i].entity)) {
      return entities[i].character;
    }
  }

  const char c = *document->at++;
  ck_assert_msg(c != '&' && ((unsigned char)c >= ' ' || c == '\n'),
                "there is a bare character %d before %.40s",
                c,
                document->at);
  return c;
}

static void
read_content(Document* const document)
{
  char* const text = &document->texts[document->n_texts];
  size_t      n    = 0;
  while (*document->at != '<') {
    ck_assert_msg(*document->at, "the file ends within an element");
    text[n++] = read_character(document);
    ck_assert_uint_lt(document->n_texts + n, MAX_SIZE);
  }

  text[n++] = '\0';
  document->n_texts += n;
  Element* const element = document->open[document->depth - 1];
  element->text          = element->text ? element->text : text;
}

static void
read_start(Document* const document)
{
  ck_assert_uint_lt(document->n_elements, MAX_ELEMENTS);
  ck_assert_uint_lt(document->depth, MAX_DEPTH);

  Element* const element = &document->elements[document->n_elements++];
  int            length  = 0;
  *element =
    (Element){.parent = document->depth ? document->open[document->depth - 1] : NULL};
  const int n_read = sscanf(document->at,
                            "<%31[A-Za-z0-9-]%127[^<>]>%n",
                            element->tag,
                            element->attributes,
                            &length);
  if (n_read < 2) {
    length = (int)strlen(element->tag) + 2;
  }
  ck_assert_int_ge(n_read, 1);
  ck_assert_int_eq(document->at[length - 1], '>');
  document->at += length;
  document->open[document->depth++] = element;
}

static void
read_end(Document* const document)
{
  char end[64];
  snprintf(end, sizeof(end), "</%s>", document->open[document->depth - 1]->tag);
  ck_assert_msg(skip(document, end), "not %s but %.40s", end, document->at);
  --document->depth;
}

/// Read a file, which must be well-formed XML of the shape of Carla's projects
static Document*
read_document(const char* const path)
{
  char* const text = (char*)malloc(MAX_SIZE);
  read_text(path, text, MAX_SIZE);

  Document* const document = (Document*)calloc(1, sizeof(Document));
  document->at             = text;
  ck_assert(skip(document, "<?xml version='1.0' encoding='UTF-8'?>\n"));
  ck_assert(skip(document, "<!DOCTYPE CARLA-PROJECT>\n"));
  read_start(document);
  while (document->depth) {
    read_content(document);
    if (!strncmp(document->at, "</", 2)) {
      read_end(document);
    } else {
      read_start(document);
    }
  }
  ck_assert_str_eq(document->at, "\n");
  ck_assert_str_eq(document->elements[0].tag, "CARLA-PROJECT");
  free(text);
  return document;
}

/// Return the next element of a tag within `parent` after `last`, the first after NULL
static const Element*
next_child(const Document* const document,
           const Element* const  parent,
           const char* const     tag,
           const Element* const  last)
{
  for (const Element* e = last ? last + 1 : document->elements;
       e < document->elements + document->n_elements;
       ++e) {
    if (e->parent == parent && !strcmp(e->tag, tag)) {
      return e;
    }
  }

  return NULL;
}

/// Return the only element of a tag within `parent`
static const Element*
child(const Document* const document,
      const Element* const  parent,
      const char* const     tag)
{
  const Element* const found = next_child(document, parent, tag, NULL);
  ck_assert_msg(found, "%s has no %s", parent->tag, tag);
  ck_assert_ptr_null(next_child(document, parent, tag, found));
  return found;
}

static void
check_text(const Document* const document,
           const Element* const  parent,
           const char* const     tag,
           const char* const     expected)
{
  ck_assert_str_eq(child(document, parent, tag)->text, expected);
}

// ---- Patches and their projects

typedef struct {
  Host*           host;
  Patch           patch;
  const Document* document;
} Pair;

static void
open_pair(Pair* const pair, const char* const patch, const char* const project)
{
  pair->host = host_new(NULL);
  patch_init(&pair->patch, pair->host, patch, RATE_HZ);
  ck_assert(ingen_read(&pair->patch, patch));
  pair->document = read_document(project);
}

static void
close_pair(Pair* const pair)
{
  free((void*)pair->document);
  patch_free(&pair->patch);
  host_free(pair->host);
}

/// Call a check with every patch of presets/patches and its project
static void
for_each_shipped(void (*const check)(const Pair*))
{
  glob_t patches;
  ck_assert_int_eq(glob(PATCHES "*.ttl", 0, NULL, &patches), 0);
  for (size_t i = 0; i < patches.gl_pathc; ++i) {
    const char* const name = patches.gl_pathv[i] + strlen(PATCHES);
    char              project[512];
    snprintf(project,
             sizeof(project),
             BUILD_DIR "/carla/%.*s.carxp",
             (int)(strlen(name) - strlen(".ttl")),
             name);

    Pair pair;
    open_pair(&pair, patches.gl_pathv[i], project);
    check(&pair);
    close_pair(&pair);
  }
  ck_assert_uint_ge(patches.gl_pathc, 4);
  globfree(&patches);
}

static const Element*
root(const Pair* const pair)
{
  return pair->document->elements;
}

/// Return the name of a plugin
static const char*
plugin_name(const Pair* const pair, const Element* const plugin)
{
  return child(pair->document, child(pair->document, plugin, "Info"), "Name")->text;
}

/// Return the plugin that a block has become
static const Element*
find_plugin(const Pair* const pair, const char* const name)
{
  const Element* plugin = NULL;
  while ((plugin = next_child(pair->document, root(pair), "Plugin", plugin)) &&
         strcmp(plugin_name(pair, plugin), name) != 0) {
  }

  ck_assert_msg(plugin, "%s is not in the project", name);
  return plugin;
}

static size_t
count_children(const Pair* const    pair,
               const Element* const parent,
               const char* const    tag)
{
  size_t n = 0;
  for (const Element* e = NULL; (e = next_child(pair->document, parent, tag, e));) {
    ++n;
  }

  return n;
}

// ---- Blocks and knobs

static const Element*
find_parameter(const Pair* const    pair,
               const Element* const data,
               const char* const    symbol)
{
  const Element* p = NULL;
  while ((p = next_child(pair->document, data, "Parameter", p)) &&
         strcmp(child(pair->document, p, "Symbol")->text, symbol) != 0) {
  }

  ck_assert_msg(p, "%s is not in the project", symbol);
  return p;
}

static void
check_block(const Pair* const pair, const PatchBlock* const block)
{
  const Document* const document = pair->document;
  const Element* const  plugin   = find_plugin(pair, block->name);
  const Element* const  info     = child(document, plugin, "Info");
  const Element* const  data     = child(document, plugin, "Data");
  check_text(document, info, "Type", "LV2");
  check_text(document, info, "URI", block->plugin->uri);
  check_text(document, data, "Active", "Yes");
  check_text(document, data, "Options", "0x3f0"); // All of MIDI

  size_t n_knobs = 0;
  for (uint32_t p = 0; p < block->plugin->n_ports; ++p) {
    const HostPort* const port = &block->plugin->ports[p];
    if (host_is_knob(port)) {
      const Element* const parameter = find_parameter(pair, data, port->symbol);
      check_text(document, parameter, "Name", port->name);
      ck_assert(strtof(child(document, parameter, "Value")->text, NULL) ==
                block->values[p]);
      ++n_knobs;
    }
  }
  ck_assert_uint_eq(count_children(pair, data, "Parameter"), n_knobs);
}

static void
check_blocks(const Pair* const pair)
{
  for (uint32_t b = 0; b < pair->patch.n_blocks; ++b) {
    check_block(pair, &pair->patch.blocks[b]);
  }
  ck_assert_uint_eq(count_children(pair, root(pair), "Plugin"), pair->patch.n_blocks);
}

START_TEST(every_block_and_knob_is_there)
{
  for_each_shipped(check_blocks);
}
END_TEST

// ---- Cables

/// Return how many ports of the patch are of the same kind and direction, below `end`
static uint32_t
number_of(const Patch* const patch, const uint32_t end, const PatchPort* const like)
{
  uint32_t n = 0;
  for (uint32_t p = 0; p < end; ++p) {
    n += patch->ports[p].kind == like->kind &&
         patch->ports[p].is_output == like->is_output;
  }

  return n;
}

/// Write what Carla calls an end of a cable
static void
name_end(const Patch* const patch, const PatchEnd end, char name[MAX_NAME])
{
  static const char* const sides[] = {"Left", "Right"};

  if (end.block == PATCH_ITSELF) {
    const PatchPort* const port = &patch->ports[end.port];
    if (port->kind == HOST_EVENTS) {
      snprintf(name, MAX_NAME, "Midi Input:Capture 1");
    } else {
      snprintf(name,
               MAX_NAME,
               "%s:%s",
               port->is_output ? "Audio Output" : "Audio Input",
               sides[number_of(patch, end.port, port)]);
    }
  } else {
    const PatchBlock* const block = &patch->blocks[end.block];
    const HostPort* const   port  = &block->plugin->ports[end.port];
    snprintf(name,
             MAX_NAME,
             "%s:%s",
             block->name,
             port->kind != HOST_EVENTS ? port->name
             : port->is_output         ? "events-out"
                                       : "events-in");
  }
}

static void
check_cable_of(const Pair* const pair,
               const char* const graph,
               const char* const tail,
               const char* const head)
{
  const Element* const patchbay = child(pair->document, root(pair), graph);

  size_t n = 0;
  for (const Element* c = NULL;
       (c = next_child(pair->document, patchbay, "Connection", c));) {
    n += !strcmp(child(pair->document, c, "Source")->text, tail) &&
         !strcmp(child(pair->document, c, "Target")->text, head);
  }
  ck_assert_msg(n == 1, "%s -> %s is there %zu times", tail, head, n);
}

static void
check_cable(const Pair* const pair, const char* const tail, const char* const head)
{
  check_cable_of(pair, "Patchbay", tail, head);
}

static void
check_cables(const Pair* const pair)
{
  const Patch* const patch    = &pair->patch;
  size_t             n_cables = 0;
  for (uint32_t c = 0; c < patch->n_cables; ++c) {
    char tail[MAX_NAME];
    char head[MAX_NAME];
    name_end(patch, patch->cables[c].tail, tail);
    name_end(patch, patch->cables[c].head, head);
    check_cable(pair, tail, head);
    ++n_cables;

    // Sound of one port only goes to both sides
    const PatchEnd end = patch->cables[c].head;
    if (end.block == PATCH_ITSELF &&
        number_of(patch, patch->n_ports, &patch->ports[end.port]) == 1) {
      check_cable(pair, tail, "Audio Output:Right");
      ++n_cables;
    }
  }

  const Element* const patchbay = child(pair->document, root(pair), "Patchbay");
  ck_assert_uint_eq(count_children(pair, patchbay, "Connection"), n_cables);
}

static void
check_outside(const Pair* const pair)
{
  static const char* const cables[][2] = {
    {"Carla:audio-out1", "system:playback_1"},
    {"Carla:audio-out2", "system:playback_2"},
    {"system:midi_capture_1", "Carla:events-in"},
  };

  for (size_t i = 0; i < 3; ++i) {
    check_cable_of(pair, "ExternalPatchbay", cables[i][0], cables[i][1]);
  }
  const Element* const outside = child(pair->document, root(pair), "ExternalPatchbay");
  ck_assert_uint_eq(count_children(pair, outside, "Connection"), 3);
}

START_TEST(speakers_and_keyboard_are_connected)
{
  for_each_shipped(check_outside);
}
END_TEST

static void
check_skins(const Pair* const pair)
{
  for (const Element* p = NULL;
       (p = next_child(pair->document, root(pair), "Plugin", p));) {
    const Element* const data = child(pair->document, p, "Data");
    const Element* const skin = child(pair->document, data, "CustomData");
    ck_assert_str_eq(child(pair->document, skin, "Key")->text, "CarlaSkin");
    ck_assert_str_eq(child(pair->document, skin, "Value")->text, "presets");
  }
}

START_TEST(modules_show_their_presets)
{
  for_each_shipped(check_skins);
}
END_TEST

START_TEST(every_cable_is_there)
{
  for_each_shipped(check_cables);
}
END_TEST

// ---- Boxes

typedef struct {
  const char* name;
  int         x_px;
  int         y_px;
  int         width_px;
  int         height_px;
} Box;

static int
max(const int a, const int b)
{
  return a > b ? a : b;
}

/// Find out how large a plugin's box is, with a port for MIDI on both sides
static void
measure_plugin(Box* const box, const HostPlugin* const plugin)
{
  int n_rows[2]       = {1, 1};
  int n_characters[2] = {9, 10};
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    const HostPort* const port = &plugin->ports[p];
    if (host_is_signal(port)) {
      ++n_rows[port->is_output];
      n_characters[port->is_output] =
        max(n_characters[port->is_output], (int)strlen(port->name));
    }
  }

  const int ports_px = (n_characters[0] + n_characters[1]) * CHARACTER_PX + MARGIN_PX;
  box->width_px      = max(box->width_px, ports_px);
  box->height_px     = HEADER_PX + max(n_rows[0], n_rows[1]) * ROW_PX;
}

/// Return the plugin of that name, or NULL if it is no block's
static const HostPlugin*
block_plugin(const Patch* const patch, const char* const name)
{
  for (uint32_t b = 0; b < patch->n_blocks; ++b) {
    if (!strcmp(patch->blocks[b].name, name)) {
      return patch->blocks[b].plugin;
    }
  }

  return NULL;
}

/// Read where a box stands, and that it is known as the plugin that it is
static Box
read_box(const Pair* const pair, const Element* const position)
{
  Box box    = {.name = child(pair->document, position, "Name")->text};
  int number = -1;
  ck_assert_int_ge(sscanf(position->attributes,
                          " x1=\"%d\" y1=\"%d\" pluginId=\"%d\"",
                          &box.x_px,
                          &box.y_px,
                          &number),
                   2);
  box.width_px  = (int)strlen(box.name) * CHARACTER_PX + MARGIN_PX;
  box.height_px = HEADER_PX + 2 * ROW_PX;

  const HostPlugin* const plugin = block_plugin(&pair->patch, box.name);
  if (plugin) {
    const Element* element = NULL;
    for (int i = 0; i <= number; ++i) {
      element = next_child(pair->document, root(pair), "Plugin", element);
    }
    ck_assert_str_eq(plugin_name(pair, element), box.name);
    measure_plugin(&box, plugin);
  } else {
    ck_assert_int_eq(number, -1);
  }
  return box;
}

/// Read all boxes, to be freed
static Box*
read_boxes(const Pair* const pair, size_t* const n_boxes)
{
  const Element* const patchbay  = child(pair->document, root(pair), "Patchbay");
  const Element* const positions = child(pair->document, patchbay, "Positions");

  *n_boxes         = 0;
  Box* const boxes = (Box*)calloc(pair->patch.n_blocks + OWN_BOXES, sizeof(Box));
  for (const Element* p = NULL;
       (p = next_child(pair->document, positions, "Position", p));) {
    ck_assert_uint_lt(*n_boxes, pair->patch.n_blocks + OWN_BOXES);
    boxes[(*n_boxes)++] = read_box(pair, p);
  }
  ck_assert_uint_eq(*n_boxes, pair->patch.n_blocks + OWN_BOXES);
  return boxes;
}

static bool
is_overlap(const Box* const a, const Box* const b)
{
  return a->x_px < b->x_px + b->width_px && b->x_px < a->x_px + a->width_px &&
         a->y_px < b->y_px + b->height_px && b->y_px < a->y_px + a->height_px;
}

static void
check_boxes(const Pair* const pair)
{
  size_t     n_boxes = 0;
  Box* const boxes   = read_boxes(pair, &n_boxes);
  for (size_t i = 0; i < n_boxes; ++i) {
    const Box* const box = &boxes[i];
    ck_assert_int_ge(box->x_px, 0);
    ck_assert_int_ge(box->y_px, 0);
    ck_assert_int_le(box->x_px + box->width_px, LAYOUT_WIDTH_PX);
    ck_assert_int_le(box->y_px + box->height_px, LAYOUT_HEIGHT_PX);
    for (size_t j = 0; j < i; ++j) {
      ck_assert_msg(
        !is_overlap(box, &boxes[j]), "%s overlaps %s", box->name, boxes[j].name);
    }
  }
  free(boxes);
}

START_TEST(boxes_do_not_overlap)
{
  for_each_shipped(check_boxes);
}
END_TEST

/// Return the box that stands before the colon in an end of a cable
static const Box*
end_box(const Box* const boxes, const size_t n_boxes, const char* const end)
{
  const size_t length = strcspn(end, ":");
  for (size_t i = 0; i < n_boxes; ++i) {
    if (strlen(boxes[i].name) == length && !strncmp(boxes[i].name, end, length)) {
      return &boxes[i];
    }
  }

  ck_abort_msg("%s is in no box", end);
  return NULL;
}

static void
check_flow(const Pair* const pair)
{
  size_t               n_boxes  = 0;
  Box* const           boxes    = read_boxes(pair, &n_boxes);
  const Element* const patchbay = child(pair->document, root(pair), "Patchbay");
  for (const Element* c = NULL;
       (c = next_child(pair->document, patchbay, "Connection", c));) {
    const Box* const tail =
      end_box(boxes, n_boxes, child(pair->document, c, "Source")->text);
    const Box* const head =
      end_box(boxes, n_boxes, child(pair->document, c, "Target")->text);
    ck_assert_msg(tail->x_px + tail->width_px < head->x_px,
                  "%s is not to the left of %s",
                  tail->name,
                  head->name);
  }
  free(boxes);
}

START_TEST(signals_go_to_the_right)
{
  for_each_shipped(check_flow);
}
END_TEST

/// Write a patch of mixers, one after the other or all side by side
static void
write_many_blocks(const char* const path, const int n_blocks, const bool is_chain)
{
  char   text[20000];
  size_t n = (size_t)snprintf(text,
                              sizeof(text),
                              "<out> a lv2:AudioPort , lv2:OutputPort ; lv2:index 0 .\n"
                              "<> a ingen:Graph ; lv2:port <out>");
  for (int b = 0; b < n_blocks; ++b) {
    char head[16] = "out";
    if (is_chain && b + 1 < n_blocks) {
      snprintf(head, sizeof(head), "m%d/in_1", b + 1);
    }
    n += (size_t)snprintf(text + n,
                          sizeof(text) - n,
                          " ; ingen:block <m%d> ;"
                          " ingen:arc [ ingen:tail <m%d/out> ; ingen:head <%s> ]",
                          b,
                          b,
                          head);
  }
  for (int b = 0; b < n_blocks; ++b) {
    n += (size_t)snprintf(text + n,
                          sizeof(text) - n,
                          " .\n<m%d> a ingen:Block ; lv2:prototype <urn:chronus:mixer>",
                          b);
  }
  ck_assert_uint_lt(n + 4, sizeof(text));
  snprintf(text + n, sizeof(text) - n, " .\n");
  write_patch(path, text);
}

START_TEST(a_long_patch_stays_on_the_canvas)
{
  write_many_blocks("long.ttl", 60, true);
  program_check_works(PATCH2CARLA, "long.ttl long.carxp");

  Pair pair;
  open_pair(&pair, "long.ttl", "long.carxp");
  check_boxes(&pair);
  close_pair(&pair);
}
END_TEST

START_TEST(a_patch_too_large_for_the_canvas_is_told_of)
{
  write_many_blocks("tall.ttl", 30, false);
  const Result result = program_run(PATCH2CARLA, "tall.ttl tall.carxp");
  ck_assert_int_eq(result.status, 0);
  ck_assert_str_eq(
    result.err,
    "patch2carla: warning: tall.ttl: has more blocks than Carla's canvas "
    "has room for side by side\n");
}
END_TEST

START_TEST(the_same_patch_gives_the_same_project)
{
  program_check_works(PATCH2CARLA, PATCHES "drone.ttl again.carxp");
  ck_assert_int_eq(system("cmp again.carxp " BUILD_DIR "/carla/drone.carxp"), 0);
}
END_TEST

// ---- Odd plugins

static void
check_odd_patch(const char* const blocks,
                const char* const cables,
                const char* const reason)
{
  char text[4096];
  snprintf(
    text,
    sizeof(text),
    "<> a ingen:Graph ; lv2:port <out> ; ingen:block %s ;\n"
    " ingen:arc [ ingen:tail <a/out> ; ingen:head <out> ] %s .\n"
    "<out> a lv2:AudioPort , lv2:OutputPort ; lv2:index 0 .\n"
    "<a> a ingen:Block ; lv2:prototype <urn:test:odd> ; ingen:polyphonic false .\n"
    "<b> a ingen:Block ; lv2:prototype <urn:test:odd> .\n"
    "<a/knob> ingen:value 0.1 .\n"
    "<a/rate> ingen:value 12000 .\n",
    blocks,
    cables);
  write_patch("odd.ttl", text);
  if (reason) {
    program_check_refused(PATCH2CARLA, "odd.ttl out.carxp", reason);
  } else {
    program_check_works(PATCH2CARLA, "odd.ttl odd.carxp");
  }
}

START_TEST(odd_names_are_escaped)
{
  check_odd_patch("<a> , <b>", ", [ ingen:tail <a/out> ; ingen:head <b/in> ]", NULL);

  Pair pair;
  open_pair(&pair, "odd.ttl", "odd.carxp");
  check_cables(&pair);
  check_cable(&pair, "a:\"Out\"", "b:<In> & ]]> 'So On'");

  const Element* const data = child(pair.document, find_plugin(&pair, "a"), "Data");
  check_text(pair.document, find_parameter(&pair, data, "knob"), "Name", "K&amp;B");
  check_text(pair.document, find_parameter(&pair, data, "knob"), "Value", "0.1");
  close_pair(&pair);
}
END_TEST

START_TEST(ranges_in_multiples_of_the_rate_stay_so)
{
  check_odd_patch("<a> , <b>", "", NULL);

  Pair pair;
  open_pair(&pair, "odd.ttl", "odd.carxp");
  const Element* const data = child(pair.document, find_plugin(&pair, "a"), "Data");
  check_text(pair.document, find_parameter(&pair, data, "rate"), "Value", "0.25");
  check_text(pair.document, find_parameter(&pair, data, "rate"), "Index", "2");
  close_pair(&pair);
}
END_TEST

START_TEST(what_carla_would_lose_is_refused)
{
  check_odd_patch(
    "<a> , <b>",
    ", [ ingen:tail <a/out> ; ingen:head <b/twin_1> ]",
    "odd.ttl: a/out -> b/twin_1: Carla knows cables by the names of ports");
  check_odd_patch(
    "<a> , <b>",
    ", [ ingen:tail <a/cv> ; ingen:head <b/twin_2> ]",
    "odd.ttl: a/cv -> b/twin_2: Carla knows cables by the names of ports");
  check_odd_patch("<a> , <b>",
                  ", [ ingen:tail <a/out> ; ingen:head <b/in> ]"
                  ", [ ingen:tail <a/cv> ; ingen:head <b/cv_in> ]",
                  "Carla takes it for a cable of another kind between the same two");
  check_odd_patch("<a> , <b>",
                  ", [ ingen:tail <a/out> ; ingen:head <b/in> ]"
                  ", [ ingen:tail <a/cv> ; ingen:head <b/cv_in_2> ]",
                  NULL);
}
END_TEST

START_TEST(what_carla_does_not_have_is_refused)
{
  check_odd_patch("<a> , <b> , <two>",
                  ". <two> a ingen:Block ; lv2:prototype <urn:test:two>",
                  "odd.ttl: two: Carla's patchbay takes no plugin with several ports");
  check_odd_patch("<a> , <b> , <./c:d>",
                  ". <./c:d> a ingen:Block ; lv2:prototype <urn:test:odd>",
                  "odd.ttl: c:d: Carla takes no name with a colon");
  check_odd_patch(
    "<a> , <b> , "
    "<a_name_of_a_length_that_no_client_of_jack_could_ever_have_as_its_own>",
    ". <a_name_of_a_length_that_no_client_of_jack_could_ever_have_as_its_own>"
    " a ingen:Block ; lv2:prototype <urn:test:odd>",
    "the name is longer than Carla takes");
  check_odd_patch("<a> , <b> ; lv2:port <cv>",
                  ". <cv> a lv2:CVPort , lv2:InputPort ; lv2:index 1",
                  "odd.ttl: cv: Carla takes no CV from outside");
  check_odd_patch("<a> , <b> ; lv2:port <keys> , <pads>",
                  ". <keys> a atom:AtomPort , lv2:InputPort ; lv2:index 1"
                  ". <pads> a atom:AtomPort , lv2:InputPort ; lv2:index 2",
                  "odd.ttl: pads: Carla has one MIDI input, and no second");
  check_odd_patch("<a> , <b> ; lv2:port <side> , <back>",
                  ", [ ingen:tail <a/out> ; ingen:head <side> ]"
                  ", [ ingen:tail <a/out> ; ingen:head <back> ]"
                  ". <side> a lv2:AudioPort , lv2:OutputPort ; lv2:index 1"
                  ". <back> a lv2:AudioPort , lv2:OutputPort ; lv2:index 2",
                  "odd.ttl: back: Carla has a left and a right side, and no third");
}
END_TEST

// ---- Refusals

START_TEST(bad_patches_are_refused_with_a_reason)
{
  static const char* const names[] = {"syntax.ttl",
                                      "nothing.ttl",
                                      "no_utf8.ttl",
                                      "unknown_plugin.ttl",
                                      "unknown_preset.ttl",
                                      "cable_to_unknown_port.ttl",
                                      "cable_audio_to_cv.ttl",
                                      "circle_of_one.ttl",
                                      "circle_of_three.ttl",
                                      "name_taken.ttl",
                                      "no_output.ttl",
                                      "value_out_of_range.ttl"};

  for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); ++i) {
    program_check_bad_patch(PATCH2CARLA, names[i], "out.carxp");
  }
}
END_TEST

START_TEST(bad_files_are_refused)
{
  program_check_refused(PATCH2CARLA,
                        "missing.ttl out.carxp",
                        "patch2carla: missing.ttl: can't be read: No such");
  program_check_refused(PATCH2CARLA, ". out.carxp", "can't be read: Is a directory");
  program_check_refused(
    PATCH2CARLA, PATCHES "drone.ttl nowhere/out.carxp", "can't be written");
  program_check_refused(PATCH2CARLA,
                        PATCHES "drone.ttl /dev/full",
                        "patch2carla: /dev/full: can't be written: No space left");
}
END_TEST

START_TEST(a_file_that_was_there_stays)
{
  char text[64];
  write_text("kept.carxp", "older");
  program_check_refused(
    PATCH2CARLA, BAD_PATCHES "/circle_of_one.ttl kept.carxp", "in a circle");
  read_text("kept.carxp", text, sizeof(text));
  ck_assert_str_eq(text, "older");
  ck_assert(!exists("kept.carxp.*"));
}
END_TEST

START_TEST(wrong_usage_is_refused)
{
  program_check_refused(
    PATCH2CARLA, "", "command line: must name a patch and an output");
  program_check_refused(PATCH2CARLA, PATCHES "drone.ttl", "command line: must name");
  program_check_refused(PATCH2CARLA, "a.ttl out.carxp more", "command line: must name");
  program_check_refused(PATCH2CARLA, "--fast a.ttl", "command line: must name");
  const Result help = program_check_works(PATCH2CARLA, "--help");
  ck_assert_ptr_nonnull(strstr(help.out, "Usage: "));
}
END_TEST

// ---- The tests

/// Make a bundle whose plugins are hard to tell apart
static void
write_bundle(void)
{
  ck_assert_int_eq(mkdir("lv2", 0755), 0);
  ck_assert_int_eq(mkdir("lv2/odd.lv2", 0755), 0);
  write_text(
    "lv2/odd.lv2/manifest.ttl",
    "@prefix atom: <http://lv2plug.in/ns/ext/atom#> .\n"
    "@prefix doap: <http://usefulinc.com/ns/doap#> .\n"
    "@prefix lv2: <http://lv2plug.in/ns/lv2core#> .\n"
    "<urn:test:odd> a lv2:Plugin ; doap:name \"Odd\" ; lv2:binary <odd.so> ; lv2:port\n"
    "[ a lv2:InputPort , lv2:AudioPort ; lv2:index 0 ; lv2:symbol \"in\" ;"
    " lv2:name \"<In> & ]]> 'So On'\" ] ,\n"
    "[ a lv2:OutputPort , lv2:AudioPort ; lv2:index 1 ; lv2:symbol \"out\" ;"
    " lv2:name \"\\\"Out\\\"\" ] ,\n"
    "[ a lv2:InputPort , lv2:AudioPort ; lv2:index 2 ; lv2:symbol \"twin_1\" ;"
    " lv2:name \"Twin\" ] ,\n"
    "[ a lv2:InputPort , lv2:CVPort ; lv2:index 3 ; lv2:symbol \"cv_in\" ;"
    " lv2:name \"CV In\" ] ,\n"
    "[ a lv2:InputPort , lv2:CVPort ; lv2:index 4 ; lv2:symbol \"cv_in_2\" ;"
    " lv2:name \"CV In 2\" ] ,\n"
    "[ a lv2:InputPort , lv2:CVPort ; lv2:index 5 ; lv2:symbol \"twin_2\" ;"
    " lv2:name \"Twin\" ] ,\n"
    "[ a lv2:OutputPort , lv2:CVPort ; lv2:index 6 ; lv2:symbol \"cv\" ;"
    " lv2:name \"CV\" ] ,\n"
    "[ a lv2:OutputPort , lv2:ControlPort ; lv2:index 7 ; lv2:symbol \"meter\" ;"
    " lv2:name \"Meter\" ] ,\n"
    "[ a lv2:InputPort , lv2:ControlPort ; lv2:index 8 ; lv2:symbol \"knob\" ;"
    " lv2:name \"K&amp;B\" ; lv2:default 0.5 ; lv2:minimum 0.0 ; lv2:maximum 1.0 ] ,\n"
    "[ a lv2:InputPort , lv2:ControlPort ; lv2:index 9 ; lv2:symbol \"rate\" ;"
    " lv2:name \"Rate\" ; lv2:portProperty lv2:sampleRate ;"
    " lv2:default 0.5 ; lv2:minimum 0.0 ; lv2:maximum 1.0 ] .\n"
    "<urn:test:two> a lv2:Plugin ; doap:name \"Two\" ; lv2:binary <odd.so> ; lv2:port\n"
    "[ a lv2:InputPort , atom:AtomPort ; lv2:index 0 ; lv2:symbol \"a\" ;"
    " lv2:name \"A\" ; atom:bufferType atom:Sequence ] ,\n"
    "[ a lv2:InputPort , atom:AtomPort ; lv2:index 1 ; lv2:symbol \"b\" ;"
    " lv2:name \"B\" ; atom:bufferType atom:Sequence ] .\n");
}

static void
setup(void)
{
  scratch_clear();
  write_bundle();
  char path[4096];
  snprintf(path, sizeof(path), "%s/lv2:%s", scratch_path(), TEST_LV2_PATH);
  setenv("LV2_PATH", path, 1);
}

int
main(void)
{
  Suite* const suite = suite_create("patch2carla");
  TCase* const tests = tcase_create("patch2carla");
  tcase_add_unchecked_fixture(tests, scratch_make, scratch_remove);
  tcase_add_checked_fixture(tests, setup, NULL);
  tcase_add_test(tests, every_block_and_knob_is_there);
  tcase_add_test(tests, every_cable_is_there);
  tcase_add_test(tests, speakers_and_keyboard_are_connected);
  tcase_add_test(tests, modules_show_their_presets);
  tcase_add_test(tests, boxes_do_not_overlap);
  tcase_add_test(tests, signals_go_to_the_right);
  tcase_add_test(tests, a_long_patch_stays_on_the_canvas);
  tcase_add_test(tests, a_patch_too_large_for_the_canvas_is_told_of);
  tcase_add_test(tests, the_same_patch_gives_the_same_project);
  tcase_add_test(tests, odd_names_are_escaped);
  tcase_add_test(tests, ranges_in_multiples_of_the_rate_stay_so);
  tcase_add_test(tests, what_carla_would_lose_is_refused);
  tcase_add_test(tests, what_carla_does_not_have_is_refused);
  tcase_add_test(tests, bad_patches_are_refused_with_a_reason);
  tcase_add_test(tests, bad_files_are_refused);
  tcase_add_test(tests, a_file_that_was_there_stays);
  tcase_add_test(tests, wrong_usage_is_refused);
  suite_add_tcase(suite, tests);
  return run_tests(suite);
}
