// SPDX-License-Identifier: ISC

#include "carla/layout.h"

#include "host/xalloc.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

// The middle of Carla's canvas, where its window opens
#define MIDDLE_X_PX (LAYOUT_WIDTH_PX / 2)
#define MIDDLE_Y_PX (LAYOUT_HEIGHT_PX / 2)

// Sizes of the theme Modern Dark, with characters as wide as a capital
#define HEADER_PX 24
#define ROW_PX 18
#define KINDS_PX 8 ///< Between audio, CV and MIDI, and below them
#define MARGIN_PX 32
#define CHARACTER_PX 8
#define GAP_X_PX 56
#define GAP_Y_PX 24

/// One side of a box: its inputs or its outputs
typedef struct {
  int n_rows;
  int n_characters; ///< Of the longest name
} Side;

/// A patch while its boxes are laid out
typedef struct {
  const Patch* patch;
  LayoutBox*   boxes;
  uint32_t     n_boxes;
  uint32_t     n_columns;
} Layout;

static const struct {
  const char* name;
  int         n_rows;
} own_boxes[LAYOUT_OWN_BOXES] = {[LAYOUT_AUDIO_INPUT]  = {"Audio Input", 2},
                                 [LAYOUT_MIDI_INPUT]   = {"Midi Input", 1},
                                 [LAYOUT_AUDIO_OUTPUT] = {"Audio Output", 2},
                                 [LAYOUT_MIDI_OUTPUT]  = {"Midi Output", 1}};

uint32_t
layout_box(const Patch* const patch, const PatchEnd end)
{
  if (end.block != PATCH_ITSELF) {
    return end.block;
  }

  const PatchPort* const port = &patch->ports[end.port];
  const uint32_t         own  = port->is_output             ? LAYOUT_AUDIO_OUTPUT
                                : port->kind == HOST_EVENTS ? LAYOUT_MIDI_INPUT
                                                            : LAYOUT_AUDIO_INPUT;
  return patch->n_blocks + own;
}

// ---- Sizes

static int
longer(const int n_characters, const char* const name)
{
  const int length = (int)strlen(name);

  return length > n_characters ? length : n_characters;
}

/// Measure a side of a plugin, where Carla may add a port for MIDI
static Side
measure_side(const HostPlugin* const plugin, const bool is_output)
{
  const char* const events = is_output ? LAYOUT_EVENTS_OUT : LAYOUT_EVENTS_IN;

  Side side = {1, (int)strlen(events)};
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    const HostPort* const port = &plugin->ports[p];
    if (host_is_signal(port) && port->is_output == is_output) {
      ++side.n_rows;
      side.n_characters = longer(side.n_characters, port->name);
    }
  }
  return side;
}

static LayoutBox
size_box(const char* const name, const Side in, const Side out)
{
  const int n_characters = longer(in.n_characters + out.n_characters, name);
  const int n_rows       = in.n_rows > out.n_rows ? in.n_rows : out.n_rows;

  return (LayoutBox){.name      = name,
                     .width_px  = MARGIN_PX + n_characters * CHARACTER_PX,
                     .height_px = HEADER_PX + n_rows * ROW_PX + KINDS_PX};
}

LayoutBox
layout_size_block(const PatchBlock* const block)
{
  return size_box(
    block->name, measure_side(block->plugin, false), measure_side(block->plugin, true));
}

static void
size_boxes(const Layout* const canvas)
{
  const Patch* const patch = canvas->patch;
  for (uint32_t b = 0; b < patch->n_blocks; ++b) {
    canvas->boxes[b] = layout_size_block(&patch->blocks[b]);
  }
  for (uint32_t own = 0; own < LAYOUT_OWN_BOXES; ++own) {
    const Side side                      = {own_boxes[own].n_rows, 0};
    canvas->boxes[patch->n_blocks + own] = size_box(own_boxes[own].name, side, side);
  }
}

// ---- Columns

/// Return the box that an end of a cable is in
static LayoutBox*
end_box(const Layout* const canvas, const PatchEnd end)
{
  return &canvas->boxes[layout_box(canvas->patch, end)];
}

/// Put a block to the right of those that feed it; the first column is Carla's
static void
find_column(const Layout* const canvas, const uint32_t block)
{
  uint32_t* const column = &canvas->boxes[block].column;

  *column = 1;
  for (uint32_t c = 0; c < canvas->patch->n_cables; ++c) {
    const PatchCable* const cable = &canvas->patch->cables[c];
    const uint32_t          next  = end_box(canvas, cable->tail)->column + 1;
    if (cable->head.block == block && next > *column) {
      *column = next;
    }
  }
}

/// Put a block that nothing feeds close to what it feeds
static void
pull_source(const Layout* const canvas, const uint32_t block)
{
  uint32_t nearest = UINT32_MAX;
  for (uint32_t c = 0; c < canvas->patch->n_cables; ++c) {
    const PatchCable* const cable = &canvas->patch->cables[c];
    if (cable->head.block == block) {
      return;
    }

    const uint32_t column = end_box(canvas, cable->head)->column;
    if (cable->tail.block == block && column < nearest) {
      nearest = column;
    }
  }
  if (nearest != UINT32_MAX) {
    canvas->boxes[block].column = nearest - 1;
  }
}

/// Find the column of every box
static void
find_columns(Layout* const canvas)
{
  const Patch* const patch = canvas->patch;

  uint32_t last = 1;
  for (uint32_t i = 0; i < patch->n_blocks; ++i) {
    const uint32_t block = patch->order[i];
    find_column(canvas, block);
    last = canvas->boxes[block].column >= last ? canvas->boxes[block].column + 1 : last;
  }
  canvas->boxes[patch->n_blocks + LAYOUT_AUDIO_OUTPUT].column = last;
  canvas->boxes[patch->n_blocks + LAYOUT_MIDI_OUTPUT].column  = last;
  canvas->n_columns                                           = last + 1;

  for (uint32_t b = 0; b < patch->n_blocks; ++b) {
    pull_source(canvas, b);
  }
}

// ---- Places

/// Return how many ports of a kind and direction the plugin has before port `end`
static int
count_ports(const HostPlugin* const plugin,
            const uint32_t          end,
            const HostPortKind      kind,
            const bool              is_output)
{
  int n_ports = 0;
  for (uint32_t p = 0; p < end; ++p) {
    n_ports += plugin->ports[p].kind == kind && plugin->ports[p].is_output == is_output;
  }

  return n_ports;
}

/// Return the row of a port in its box, where audio stands above MIDI and that above CV
static int
port_row(const HostPlugin* const plugin, const HostPort* const port)
{
  const int n_audio = count_ports(plugin, plugin->n_ports, HOST_AUDIO, port->is_output);

  return port->kind == HOST_AUDIO
           ? count_ports(plugin, port->index, HOST_AUDIO, port->is_output)
         : port->kind == HOST_EVENTS
           ? n_audio
           : n_audio + 1 + count_ports(plugin, port->index, HOST_CV, port->is_output);
}

/// Return how far down an end of a cable is
static int
end_y_px(const Layout* const canvas, const PatchEnd end)
{
  const int top_px = end_box(canvas, end)->y_px + HEADER_PX;
  if (end.block == PATCH_ITSELF) {
    return top_px;
  }

  const HostPlugin* const plugin = canvas->patch->blocks[end.block].plugin;
  return top_px + ROW_PX * port_row(plugin, &plugin->ports[end.port]);
}

/// Return how far down the other ends are of the cables into a box, or out of it, on
/// average; without any, how far down it is itself
static int
far_y_px(const Layout* const canvas, const uint32_t box, const bool is_into)
{
  int n_ends = 0;
  int sum_px = 0;
  for (uint32_t c = 0; c < canvas->patch->n_cables; ++c) {
    const PatchCable* const cable = &canvas->patch->cables[c];
    const PatchEnd          near  = is_into ? cable->head : cable->tail;
    const PatchEnd          far   = is_into ? cable->tail : cable->head;
    if (layout_box(canvas->patch, near) == box) {
      sum_px += end_y_px(canvas, far);
      ++n_ends;
    }
  }

  return n_ends ? sum_px / n_ends : canvas->boxes[box].y_px;
}

/// Write which boxes stand in a column, in the order of what is at their far ends
static uint32_t
sort_column(const Layout* const canvas,
            const uint32_t      column,
            const bool          is_into,
            uint32_t* const     sorted)
{
  uint32_t n_sorted = 0;
  for (uint32_t b = 0; b < canvas->n_boxes; ++b) {
    if (canvas->boxes[b].column == column) {
      const int y_px  = far_y_px(canvas, b, is_into);
      uint32_t  place = n_sorted++;
      while (place > 0 && far_y_px(canvas, sorted[place - 1], is_into) > y_px) {
        sorted[place] = sorted[place - 1];
        --place;
      }
      sorted[place] = b;
    }
  }

  return n_sorted;
}

/// Stack the boxes of a column around the middle
static void
stack_column(const Layout* const   canvas,
             const uint32_t* const sorted,
             const uint32_t        n_sorted)
{
  int stack_px = -GAP_Y_PX;
  for (uint32_t i = 0; i < n_sorted; ++i) {
    stack_px += canvas->boxes[sorted[i]].height_px + GAP_Y_PX;
  }

  int y_px = MIDDLE_Y_PX - stack_px / 2;
  for (uint32_t i = 0; i < n_sorted; ++i) {
    LayoutBox* const box = &canvas->boxes[sorted[i]];
    box->y_px            = y_px;
    y_px += box->height_px + GAP_Y_PX;
  }
}

/// Stack all columns, from the left after what feeds the boxes, and then from the right
/// after what they feed, so that few cables cross
static void
stack_columns(const Layout* const canvas)
{
  for (uint32_t b = 0; b < canvas->n_boxes; ++b) {
    canvas->boxes[b].y_px = LAYOUT_HEIGHT_PX; // Last, if nothing feeds it
  }

  uint32_t* const sorted = (uint32_t*)xalloc(calloc(canvas->n_boxes, sizeof(uint32_t)));
  for (uint32_t i = 0; i < 2 * canvas->n_columns; ++i) {
    const bool     is_into = i < canvas->n_columns;
    const uint32_t column  = is_into ? i : 2 * canvas->n_columns - 1 - i;
    stack_column(canvas, sorted, sort_column(canvas, column, is_into, sorted));
  }
  free(sorted);
}

/// Return how wide the widest box of a column is
static int
column_width_px(const Layout* const canvas, const uint32_t column)
{
  int width_px = 0;
  for (uint32_t b = 0; b < canvas->n_boxes; ++b) {
    const LayoutBox* const box = &canvas->boxes[b];
    if (box->column == column && box->width_px > width_px) {
      width_px = box->width_px;
    }
  }

  return width_px;
}

/// Return how far the boxes reach from the highest to the lowest
static int
height_px(const Layout* const canvas)
{
  int top_px    = MIDDLE_Y_PX;
  int bottom_px = MIDDLE_Y_PX;
  for (uint32_t b = 0; b < canvas->n_boxes; ++b) {
    const LayoutBox* const box    = &canvas->boxes[b];
    const int              end_px = box->y_px + box->height_px;
    top_px                        = box->y_px < top_px ? box->y_px : top_px;
    bottom_px                     = end_px > bottom_px ? end_px : bottom_px;
  }

  return bottom_px - top_px;
}

/// Find as many columns, from the first one of a band, as the canvas has room for side
/// by side, and how wide they are
static uint32_t
fill_band(const Layout* const canvas, const uint32_t first, int* const width_px)
{
  *width_px       = column_width_px(canvas, first);
  uint32_t column = first + 1;
  for (; column < canvas->n_columns; ++column) {
    const int wider_px = *width_px + GAP_X_PX + column_width_px(canvas, column);
    if (wider_px > LAYOUT_WIDTH_PX) {
      break;
    }
    *width_px = wider_px;
  }
  return column;
}

/// Move the boxes of a column to where it begins, and up or down
static void
move_column(const Layout* const canvas,
            const uint32_t      column,
            const int           x_px,
            const int           down_px)
{
  for (uint32_t b = 0; b < canvas->n_boxes; ++b) {
    LayoutBox* const box = &canvas->boxes[b];
    if (box->column == column) {
      box->x_px = x_px;
      box->y_px += down_px;
    }
  }
}

/// Put the columns side by side around the middle, in several bands if they are many
static void
spread_columns(const Layout* const canvas)
{
  int n_bands  = 0;
  int width_px = 0;
  for (uint32_t column = 0; column < canvas->n_columns; ++n_bands) {
    column = fill_band(canvas, column, &width_px);
  }

  const int pitch_px = height_px(canvas) + GAP_Y_PX;
  int       down_px  = -(n_bands - 1) * pitch_px / 2;
  for (uint32_t column = 0; column < canvas->n_columns; down_px += pitch_px) {
    const uint32_t end = fill_band(canvas, column, &width_px);
    for (int x_px = MIDDLE_X_PX - width_px / 2; column < end; ++column) {
      move_column(canvas, column, x_px, down_px);
      x_px += column_width_px(canvas, column) + GAP_X_PX;
    }
  }
}

LayoutBox*
layout_lay_out(const Patch* const patch)
{
  const uint32_t   n_boxes = patch->n_blocks + LAYOUT_OWN_BOXES;
  LayoutBox* const boxes   = (LayoutBox*)xalloc(calloc(n_boxes, sizeof(LayoutBox)));

  Layout canvas = {patch, boxes, n_boxes, 0};
  size_boxes(&canvas);
  find_columns(&canvas);
  stack_columns(&canvas);
  spread_columns(&canvas);
  return boxes;
}

bool
layout_has_room(const LayoutBox* const box)
{
  return box->x_px >= 0 && box->y_px >= 0 &&
         box->x_px + box->width_px <= LAYOUT_WIDTH_PX &&
         box->y_px + box->height_px <= LAYOUT_HEIGHT_PX;
}
