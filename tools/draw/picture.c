// SPDX-License-Identifier: ISC

#include "draw/picture.h"

#include "carla/layout.h"
#include "host/xalloc.h"

#include <stdbool.h>
#include <stdlib.h>

#define HEADER_PX 36 ///< Above the first port: the name of a block and of its module
#define ROW_PX 18
#define FOOT_PX 6
#define EDGE_PX 12

typedef struct {
  int x_px;
  int y_px;
} Point;

/// A patch while it is drawn
typedef struct {
  FILE*        out;
  const Patch* patch;
  LayoutBox*   boxes;
  uint32_t     n_boxes;
} Picture;

static const char* const colours[] = {[HOST_CONTROL] = "#888888",
                                      [HOST_AUDIO]   = "#2f6fb5",
                                      [HOST_CV]      = "#c2702b",
                                      [HOST_EVENTS]  = "#b5302f",
                                      [HOST_UNKNOWN] = "#888888"};

static const char style[] =
  "<style>text{font:11px sans-serif;fill:#222}.name{font-weight:bold;font-size:12px}"
  ".kind{fill:#777;font-size:10px}rect{fill:#fff;stroke:#999}"
  "path{fill:none;stroke-width:2;opacity:.8}@media(prefers-color-scheme:dark){text{"
  "fill:#ddd}"
  "rect{fill:#222;stroke:#666}}</style>\n";

static void
write_text(FILE* const out, const char* const text)
{
  for (const char* c = text; *c; ++c) {
    switch (*c) {
    case '&':
      fputs("&amp;", out);
      break;
    case '<':
      fputs("&lt;", out);
      break;
    default:
      fputc(*c, out);
    }
  }
}

static const HostPlugin*
plugin_of(const Picture* const picture, const uint32_t box)
{
  return box < picture->patch->n_blocks ? picture->patch->blocks[box].plugin : NULL;
}

/// Return true if a port is shown: not what only a host reads, such as which file it is
static bool
is_jack(const HostPort* const port)
{
  return host_is_signal(port) ||
         (port->kind == HOST_EVENTS && (!port->is_output || port->has_midi));
}

/// Return how many ports a plugin shows on one side, of those before port `end`
static int
count_rows(const HostPlugin* const plugin, const uint32_t end, const bool is_output)
{
  int n_rows = 0;
  for (uint32_t p = 0; p < end; ++p) {
    const HostPort* const port = &plugin->ports[p];
    n_rows += is_jack(port) && port->is_output == is_output;
  }

  return n_rows;
}

static int
box_height_px(const Picture* const picture, const uint32_t box)
{
  const HostPlugin* const plugin = plugin_of(picture, box);
  const int n_in  = plugin ? count_rows(plugin, plugin->n_ports, false) : 1;
  const int n_out = plugin ? count_rows(plugin, plugin->n_ports, true) : 1;

  return HEADER_PX + ROW_PX * (n_in > n_out ? n_in : n_out) + FOOT_PX;
}

/// Return where a row of a box has its jack
static Point
jack(const LayoutBox* const box, const int row, const bool is_output)
{
  return (Point){box->x_px + (is_output ? box->width_px : 0),
                 box->y_px + HEADER_PX + ROW_PX / 2 + ROW_PX * row};
}

// ---- Boxes

static void
draw_port(const Picture* const picture, const uint32_t box, const HostPort* const port)
{
  const int   row = count_rows(plugin_of(picture, box), port->index, port->is_output);
  const Point at  = jack(&picture->boxes[box], row, port->is_output);

  fprintf(picture->out,
          "<circle cx=\"%d\" cy=\"%d\" r=\"4\" fill=\"%s\"/>"
          "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\">",
          at.x_px,
          at.y_px,
          colours[port->kind],
          at.x_px + (port->is_output ? -8 : 8),
          at.y_px + 4,
          port->is_output ? "end" : "start");
  write_text(picture->out, port->name);
  fputs("</text>\n", picture->out);
}

static void
draw_label(const Picture* const   picture,
           const LayoutBox* const box,
           const char* const      style_class,
           const int              down_px,
           const char* const      text)
{
  fprintf(picture->out,
          "<text class=\"%s\" x=\"%d\" y=\"%d\">",
          style_class,
          box->x_px + 8,
          box->y_px + down_px);
  write_text(picture->out, text);
  fputs("</text>\n", picture->out);
}

static void
draw_box(const Picture* const picture, const uint32_t b)
{
  const LayoutBox* const  box    = &picture->boxes[b];
  const HostPlugin* const plugin = plugin_of(picture, b);

  fprintf(picture->out,
          "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"4\"/>\n",
          box->x_px,
          box->y_px,
          box->width_px,
          box_height_px(picture, b));
  draw_label(picture, box, "name", 16, box->name);
  if (plugin && box->name != plugin->name) {
    draw_label(picture, box, "kind", 29, plugin->name);
  }
  for (uint32_t p = 0; plugin && p < plugin->n_ports; ++p) {
    if (is_jack(&plugin->ports[p])) {
      draw_port(picture, b, &plugin->ports[p]);
    }
  }
}

// ---- Cables

/// Return where an end of a cable is plugged in
static Point
end_point(const Picture* const picture, const PatchEnd end, const bool is_output)
{
  const uint32_t          box    = layout_box(picture->patch, end);
  const HostPlugin* const plugin = plugin_of(picture, box);
  const int               row    = plugin ? count_rows(plugin, end.port, is_output) : 0;

  return jack(&picture->boxes[box], row, is_output);
}

static HostPortKind
end_kind(const Patch* const patch, const PatchEnd end)
{
  return end.block == PATCH_ITSELF
           ? patch->ports[end.port].kind
           : patch->blocks[end.block].plugin->ports[end.port].kind;
}

static void
draw_cable(const Picture* const picture, const PatchCable* const cable)
{
  const Point tail    = end_point(picture, cable->tail, true);
  const Point head    = end_point(picture, cable->head, false);
  const int   bend_px = abs(head.x_px - tail.x_px) / 2 + 10;

  fprintf(picture->out,
          "<path stroke=\"%s\" d=\"M%d %dC%d %d %d %d %d %d\"/>\n",
          colours[end_kind(picture->patch, cable->tail)],
          tail.x_px,
          tail.y_px,
          tail.x_px + bend_px,
          tail.y_px,
          head.x_px - bend_px,
          head.y_px,
          head.x_px,
          head.y_px);
}

// ---- The whole

static bool
is_drawn(const Picture* const picture, const uint32_t box)
{
  const Patch* const patch = picture->patch;
  bool               drawn = box < patch->n_blocks;
  for (uint32_t c = 0; c < patch->n_cables; ++c) {
    drawn |= layout_box(patch, patch->cables[c].tail) == box ||
             layout_box(patch, patch->cables[c].head) == box;
  }

  return drawn;
}

static void
open_svg(const Picture* const picture)
{
  Point least = {LAYOUT_WIDTH_PX, LAYOUT_HEIGHT_PX};
  Point most  = {0, 0};
  for (uint32_t b = 0; b < picture->n_boxes; ++b) {
    const LayoutBox* const box = &picture->boxes[b];
    if (is_drawn(picture, b)) {
      const int right_px  = box->x_px + box->width_px;
      const int bottom_px = box->y_px + box_height_px(picture, b);
      least.x_px          = box->x_px < least.x_px ? box->x_px : least.x_px;
      least.y_px          = box->y_px < least.y_px ? box->y_px : least.y_px;
      most.x_px           = right_px > most.x_px ? right_px : most.x_px;
      most.y_px           = bottom_px > most.y_px ? bottom_px : most.y_px;
    }
  }

  const int width_px  = most.x_px - least.x_px + 2 * EDGE_PX;
  const int height_px = most.y_px - least.y_px + 2 * EDGE_PX;
  fprintf(picture->out,
          "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
          "viewBox=\"%d %d %d %d\">\n%s",
          width_px,
          height_px,
          least.x_px - EDGE_PX,
          least.y_px - EDGE_PX,
          width_px,
          height_px,
          style);
}

static void
draw(const Picture* const picture)
{
  open_svg(picture);
  for (uint32_t b = 0; b < picture->n_boxes; ++b) {
    if (is_drawn(picture, b)) {
      draw_box(picture, b);
    }
  }
  for (uint32_t c = 0; c < picture->patch->n_cables; ++c) {
    draw_cable(picture, &picture->patch->cables[c]);
  }
  fputs("</svg>\n", picture->out);
}

void
picture_write_patch(FILE* const out, const Patch* const patch)
{
  LayoutBox* const boxes = layout_lay_out(patch);

  draw(&(Picture){out, patch, boxes, patch->n_blocks + LAYOUT_OWN_BOXES});
  free(boxes);
}

void
picture_write_module(FILE* const out, const HostPlugin* const plugin)
{
  PatchBlock  block = {.name = plugin->name, .plugin = plugin};
  LayoutBox   box   = layout_size_block(&block);
  const Patch patch = {.blocks = &block, .n_blocks = 1};

  draw(&(Picture){out, &patch, &box, 1});
}
