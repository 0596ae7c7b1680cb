// SPDX-License-Identifier: ISC

#include "carla/carla_project.h"

#include "carla/layout.h"
#include "carla/xml.h"
#include "host/atomic_file.h"
#include "host/message.h"
#include "host/xalloc.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_NAME 57     ///< Longest name that Carla takes from JACK's, with a number
#define MAX_END 256     ///< Longest name of a cable's end in a report
#define MAX_PLUGINS 255 ///< That Carla takes
#define SIDES 2         ///< Audio inputs and outputs of Carla's
#define MIDI_NAME "Capture 1"

/// Control changes, pressures, bends, programs and the end of all notes go to plugins,
/// as they do when a player adds one; left out, the option would be no
#define OPTIONS "0x3f0"

static const char* const side_names[SIDES] = {"Left", "Right"};

// ---- Ends of cables

/// Return the port of a block that a cable's end is in
static const HostPort*
block_port(const Patch* const patch, const PatchEnd end)
{
  return &patch->blocks[end.block].plugin->ports[end.port];
}

static HostPortKind
end_kind(const Patch* const patch, const PatchEnd end)
{
  return end.block == PATCH_ITSELF ? patch->ports[end.port].kind
                                   : block_port(patch, end)->kind;
}

/// Return how many ports of that kind and direction the plugin has before a port
static uint32_t
number_in_plugin(const HostPlugin* const plugin, const HostPort* const port)
{
  uint32_t number = 0;
  for (uint32_t p = 0; p < port->index; ++p) {
    number += plugin->ports[p].kind == port->kind &&
              plugin->ports[p].is_output == port->is_output;
  }

  return number;
}

/// Return how many ports of that kind and direction the patch has before one of its own
static uint32_t
number_in_patch(const Patch* const patch, const uint32_t index)
{
  const PatchPort* const port = &patch->ports[index];

  uint32_t number = 0;
  for (uint32_t p = 0; p < index; ++p) {
    number += patch->ports[p].kind == port->kind &&
              patch->ports[p].is_output == port->is_output;
  }
  return number;
}

/// Return by which number among its like Carla knows a cable's end
static uint32_t
end_number(const Patch* const patch, const PatchEnd end)
{
  return end.block == PATCH_ITSELF
           ? number_in_patch(patch, end.port)
           : number_in_plugin(patch->blocks[end.block].plugin, block_port(patch, end));
}

/// Return what Carla calls the port that a cable's end is in
static const char*
end_name(const Patch* const patch, const PatchEnd end)
{
  if (end_kind(patch, end) != HOST_EVENTS) {
    return end.block == PATCH_ITSELF ? side_names[end_number(patch, end)]
                                     : block_port(patch, end)->name;
  }

  return end.block == PATCH_ITSELF           ? MIDI_NAME
         : block_port(patch, end)->is_output ? LAYOUT_EVENTS_OUT
                                             : LAYOUT_EVENTS_IN;
}

/// Write what the patch file calls a cable's end
static void
print_end(const Patch* const patch, const PatchEnd end, char text[MAX_END])
{
  if (end.block == PATCH_ITSELF) {
    snprintf(text, MAX_END, "%s", patch->ports[end.port].name);
  } else {
    snprintf(text,
             MAX_END,
             "%s/%s",
             patch->blocks[end.block].name,
             block_port(patch, end)->symbol);
  }
}

/// Report what is wrong with a cable, and return false
static bool
refuse_cable(const Patch* const      patch,
             const PatchCable* const cable,
             const char* const       reason)
{
  char tail[MAX_END];
  char head[MAX_END];
  char subject[2 * MAX_END + 8];
  print_end(patch, cable->tail, tail);
  print_end(patch, cable->head, head);
  snprintf(subject, sizeof(subject), "%s -> %s", tail, head);
  message_error(patch->path, subject, "%s", reason);
  return false;
}

// ---- What Carla can't do

static bool
refuse(const Patch* const patch, const char* const subject, const char* const reason)
{
  message_error(patch->path, subject, "%s", reason);
  return false;
}

/// Return true if the plugin has at most one port for events in that direction
static bool
has_one_event_port(const HostPlugin* const plugin, const bool is_output)
{
  uint32_t n_ports = 0;
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    n_ports +=
      plugin->ports[p].kind == HOST_EVENTS && plugin->ports[p].is_output == is_output;
  }

  return n_ports <= 1;
}

static bool
check_block(const Patch* const patch, const PatchBlock* const block)
{
  if (strchr(block->name, ':')) {
    return refuse(patch, block->name, "Carla takes no name with a colon");
  }
  if (strlen(block->name) > MAX_NAME) {
    return refuse(patch, block->name, "the name is longer than Carla takes");
  }
  if (!has_one_event_port(block->plugin, false) ||
      !has_one_event_port(block->plugin, true)) {
    return refuse(patch,
                  block->name,
                  "Carla's patchbay takes no plugin with several ports for MIDI");
  }

  return true;
}

static bool
check_port(const Patch* const patch, const uint32_t index)
{
  const PatchPort* const port   = &patch->ports[index];
  const uint32_t         number = number_in_patch(patch, index);
  if (port->kind == HOST_CV) {
    return refuse(patch, port->name, "Carla takes no CV from outside and sends none");
  }
  if (port->kind == HOST_AUDIO && number >= SIDES) {
    return refuse(patch, port->name, "Carla has a left and a right side, and no third");
  }
  if (port->kind == HOST_EVENTS && number > 0) {
    return refuse(patch, port->name, "Carla has one MIDI input, and no second");
  }

  return true;
}

/// Return true if a plugin has but one port that Carla would call so
static bool
is_only_name(const Patch* const patch, const PatchEnd end)
{
  if (end.block == PATCH_ITSELF) {
    return true;
  }

  const HostPlugin* const plugin  = patch->blocks[end.block].plugin;
  const char* const       name    = end_name(patch, end);
  uint32_t                n_ports = end_kind(patch, end) == HOST_EVENTS;
  for (uint32_t p = 0; p < plugin->n_ports; ++p) {
    n_ports +=
      host_is_signal(&plugin->ports[p]) && !strcmp(plugin->ports[p].name, name);
  }
  return n_ports == 1;
}

/// Return true if Carla would take two cables for the same
static bool
is_same_to_carla(const Patch* const      patch,
                 const PatchCable* const a,
                 const PatchCable* const b)
{
  return a->tail.block == b->tail.block && a->head.block == b->head.block &&
         end_kind(patch, a->tail) != end_kind(patch, b->tail) &&
         end_number(patch, a->tail) == end_number(patch, b->tail) &&
         end_number(patch, a->head) == end_number(patch, b->head);
}

static bool
check_cable(const Patch* const patch, const uint32_t index)
{
  const PatchCable* const cable = &patch->cables[index];
  if (!is_only_name(patch, cable->tail) || !is_only_name(patch, cable->head)) {
    return refuse_cable(patch,
                        cable,
                        "Carla knows cables by the names of ports, and this one shares "
                        "its name with another port");
  }
  for (uint32_t c = 0; c < index; ++c) {
    if (is_same_to_carla(patch, &patch->cables[c], cable)) {
      return refuse_cable(patch,
                          cable,
                          "Carla takes it for a cable of another kind between the same "
                          "two blocks, and would lose one of them");
    }
  }

  return true;
}

static bool
check_patch(const Patch* const patch)
{
  bool ok = patch->n_blocks <= MAX_PLUGINS ||
            refuse(patch, NULL, "has more blocks than Carla takes plugins");
  for (uint32_t b = 0; b < patch->n_blocks; ++b) {
    ok = check_block(patch, &patch->blocks[b]) && ok;
  }
  for (uint32_t p = 0; p < patch->n_ports; ++p) {
    ok = check_port(patch, p) && ok;
  }
  for (uint32_t c = 0; ok && c < patch->n_cables; ++c) {
    ok = check_cable(patch, c);
  }
  return ok;
}

// ---- XML

static void
print_knob(FILE* const           out,
           const HostPort* const port,
           const uint32_t        number,
           const double          value)
{
  fprintf(out, "\n   <Parameter>\n    <Index>%u</Index>\n", number);
  xml_print_element(out, 4, "Name", port->name);
  xml_print_element(out, 4, "Symbol", port->symbol);
  fputs("    <Value>", out);
  xml_print_number(out, value);
  fputs("</Value>\n   </Parameter>\n", out);
}

/// Print the knobs of a block; Carla counts all control ports, and has ranges that
/// follow the sample rate in multiples of it
static void
print_knobs(FILE* const out, const Patch* const patch, const PatchBlock* const block)
{
  uint32_t n_controls = 0;
  for (uint32_t p = 0; p < block->plugin->n_ports; ++p) {
    const HostPort* const port = &block->plugin->ports[p];
    const double          unit = port->is_rate_relative ? patch->sample_rate : 1.0;
    if (host_is_knob(port)) {
      print_knob(out, port, n_controls, (double)block->values[p] / unit);
    }
    n_controls += port->kind == HOST_CONTROL;
  }
}

/// Give a plugin the face on Carla's rack that has a menu of its presets
static void
print_skin(FILE* const out)
{
  fputs("\n   <CustomData>\n", out);
  xml_print_element(out, 4, "Type", "http://kxstudio.sf.net/ns/carla/property");
  xml_print_element(out, 4, "Key", "CarlaSkin");
  xml_print_element(out, 4, "Value", "presets");
  fputs("   </CustomData>\n", out);
}

static void
print_plugin(FILE* const out, const Patch* const patch, const PatchBlock* const block)
{
  fputs("\n <Plugin>\n  <Info>\n", out);
  xml_print_element(out, 3, "Type", "LV2");
  xml_print_element(out, 3, "Name", block->name);
  xml_print_element(out, 3, "URI", block->plugin->uri);
  fputs("  </Info>\n\n  <Data>\n", out);
  xml_print_element(out, 3, "Active", "Yes");
  xml_print_element(out, 3, "ControlChannel", "N");
  xml_print_element(out, 3, "Options", OPTIONS);
  print_knobs(out, patch, block);
  print_skin(out);
  fputs("  </Data>\n </Plugin>\n", out);
}

static void
print_end_element(FILE* const       out,
                  const char* const tag,
                  const char* const box,
                  const char* const port)
{
  fprintf(out, "   <%s>", tag);
  xml_print_text(out, box);
  fputc(':', out);
  xml_print_text(out, port);
  fprintf(out, "</%s>\n", tag);
}

/// Print a cable from a port of a box to one of another
static void
print_connection(FILE* const       out,
                 const char* const tail_box,
                 const char* const tail,
                 const char* const head_box,
                 const char* const head)
{
  fputs("  <Connection>\n", out);
  print_end_element(out, "Source", tail_box, tail);
  print_end_element(out, "Target", head_box, head);
  fputs("  </Connection>\n", out);
}

/// Print a cable to the port `head` of the box that it leads to
static void
print_cable(FILE* const             out,
            const Patch* const      patch,
            const LayoutBox* const  boxes,
            const PatchCable* const cable,
            const char* const       head)
{
  const char* const tail_box = boxes[layout_box(patch, cable->tail)].name;
  const char* const head_box = boxes[layout_box(patch, cable->head)].name;

  print_connection(out, tail_box, end_name(patch, cable->tail), head_box, head);
}

/// Return true if a cable leads to the only output of the patch
static bool
is_to_only_output(const Patch* const patch, const PatchCable* const cable)
{
  uint32_t n_outputs = 0;
  for (uint32_t p = 0; p < patch->n_ports; ++p) {
    n_outputs += patch->ports[p].is_output;
  }

  return cable->head.block == PATCH_ITSELF && n_outputs == 1;
}

static void
print_cables(FILE* const out, const Patch* const patch, const LayoutBox* const boxes)
{
  for (uint32_t c = 0; c < patch->n_cables; ++c) {
    const PatchCable* const cable = &patch->cables[c];
    print_cable(out, patch, boxes, cable, end_name(patch, cable->head));
    if (is_to_only_output(patch, cable)) {
      print_cable(out, patch, boxes, cable, side_names[1]);
    }
  }
}

/// Print where a box stands; only those of plugins have a number of a plugin
static void
print_position(FILE* const out, const LayoutBox* const box, const char* const plugin)
{
  fprintf(out, "   <Position x1=\"%d\" y1=\"%d\"%s>\n", box->x_px, box->y_px, plugin);
  xml_print_element(out, 4, "Name", box->name);
  fputs("   </Position>\n", out);
}

static void
print_positions(FILE* const out, const Patch* const patch, const LayoutBox* const boxes)
{
  fputs("  <Positions>\n", out);
  for (uint32_t i = 0; i < patch->n_blocks; ++i) {
    char plugin[32] = "";
    snprintf(plugin, sizeof(plugin), " pluginId=\"%u\"", i);
    print_position(out, &boxes[patch->order[i]], plugin);
  }
  for (uint32_t own = 0; own < LAYOUT_OWN_BOXES; ++own) {
    print_position(out, &boxes[patch->n_blocks + own], "");
  }
  fputs("  </Positions>\n", out);
}

/// Print Carla's own cables in JACK's graph: to the speakers and from the
/// first keyboard.  Carla leaves out those to a port that the machine does not have.
static void
print_outside(FILE* const out)
{
  static const char* const carla  = "Carla";
  static const char* const system = "system";

  fputs("\n <ExternalPatchbay>\n", out);
  print_connection(out, carla, "audio-out1", system, "playback_1");
  print_connection(out, carla, "audio-out2", system, "playback_2");
  print_connection(out, system, "midi_capture_1", carla, "events-in");
  fputs(" </ExternalPatchbay>\n", out);
}

/// Carla moves what is outside of its canvas onto what is within
static void
warn_of_overlaps(const Patch* const patch, const LayoutBox* const boxes)
{
  bool has_room = true;
  for (uint32_t b = 0; b < patch->n_blocks + LAYOUT_OWN_BOXES; ++b) {
    has_room = has_room && layout_has_room(&boxes[b]);
  }

  if (!has_room) {
    message_warning(patch->path,
                    NULL,
                    "has more blocks than Carla's canvas has room for side by side");
  }
}

static void
print_project(FILE* const out, const Patch* const patch)
{
  LayoutBox* const boxes = layout_lay_out(patch);
  warn_of_overlaps(patch, boxes);

  fputs("<?xml version='1.0' encoding='UTF-8'?>\n"
        "<!DOCTYPE CARLA-PROJECT>\n"
        "<CARLA-PROJECT VERSION='2.5'>\n",
        out);
  for (uint32_t i = 0; i < patch->n_blocks; ++i) {
    print_plugin(out, patch, &patch->blocks[patch->order[i]]);
  }
  fputs("\n <Patchbay>\n", out);
  print_cables(out, patch, boxes);
  print_positions(out, patch, boxes);
  fputs(" </Patchbay>\n", out);
  print_outside(out);
  fputs("</CARLA-PROJECT>\n", out);
  free(boxes);
}

// ---- The file

bool
carla_project_write(const Patch* const patch, const char* const path)
{
  if (!check_patch(patch)) {
    return false;
  }

  char*       text = NULL;
  size_t      size = 0;
  FILE* const out  = (FILE*)xalloc(open_memstream(&text, &size));
  print_project(out, patch);
  fclose(out);

  const bool ok = atomic_file_write(path, text, size);
  free(text);
  return ok;
}
