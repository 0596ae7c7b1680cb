// SPDX-License-Identifier: ISC
/**
   Patches as LV2 plugins, for hosts without cables.

   Every line of plugins.txt in the bundle has the URI of a plugin and, behind a space,
   its folder.  That holds patch.ttl, the patch, and knobs.txt, which names a knob of
   the patch on every line.  Ports of a plugin are those of the patch, then the knobs,
   and then one for the host's song if the patch follows it but has no input for events.
   If it has, its first one is told of the song.
*/

#include "host/engine.h"
#include "host/engine_live.h"
#include "host/host.h"
#include "host/ingen.h"
#include "host/message.h"
#include "host/patch.h"
#include "host/patch_names.h"
#include "host/patch_song.h"
#include "host/position.h"
#include "host/xalloc.h"
#include "song.h"

#include <lv2/atom/atom.h>
#include <lv2/atom/util.h>
#include <lv2/core/lv2.h>
#include <lv2/midi/midi.h>
#include <lv2/urid/urid.h>

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_FRAMES 256U
#define EVENTS_SIZE 65536U ///< Bytes of MIDI that an input takes in a block
#define MAX_LINE 1024
#define USUAL_TEMPO_BPM 120.0 ///< Of a host that does not tell it

/// A knob of a block that is one of the plugin's
typedef struct {
  uint32_t     block;
  uint32_t     port;
  const float* value; ///< Where the host has it
  float        last;
} Knob;

typedef struct {
  char*    path; ///< Of the patch
  Host*    host;
  Patch    patch;
  Engine*  engine;
  void**   inputs;  ///< By port of the patch: what the engine reads
  void**   buffers; ///< By port of the patch: what the host has connected
  Knob*    knobs;
  uint32_t n_knobs;
  LV2_URID outer_midi; ///< As the host calls it
  LV2_URID midi;       ///< As blocks do

  SongTypes song_types;
  Position  song;
  uint32_t  song_port; ///< Of the plugin: the one that is told of the song
  const LV2_Atom_Sequence* song_events; ///< What the host has connected there
} Rack;

// ---- Building

/// A song that is never told, in case the host tells of its own
static const Position untold = {.frame = INT64_MAX};

/// A plugin of the bundle
typedef struct {
  LV2_Descriptor descriptor;
  char*          uri;
  char*          folder;
} Plugin;

static char*
file_of(const char* const bundle, const char* const folder, const char* const name)
{
  const size_t size = strlen(bundle) + strlen(folder) + strlen(name) + 3U;
  char* const  path = (char*)xalloc(malloc(size));
  snprintf(path, size, "%s/%s/%s", bundle, folder, name);
  return path;
}

static bool
add_knob(Rack* const rack, char* const name)
{
  PatchBlock* block           = NULL;
  name[strcspn(name, "\r\n")] = '\0';
  const HostPort* const port =
    patch_find_block_port(&rack->patch, name, name, true, &block);
  if (!port || !host_is_knob(port)) {
    return false;
  }

  rack->knobs                  = (Knob*)xgrow(rack->knobs, rack->n_knobs, sizeof(Knob));
  rack->knobs[rack->n_knobs++] = (Knob){(uint32_t)(block - rack->patch.blocks),
                                        port->index,
                                        NULL,
                                        block->values[port->index]};
  return true;
}

static bool
read_knobs(Rack* const rack, const char* const bundle, const char* const folder)
{
  char* const path = file_of(bundle, folder, "knobs.txt");
  FILE* const file = fopen(path, "r");
  char        line[MAX_LINE];
  bool        ok = file;
  while (ok && fgets(line, sizeof(line), file)) {
    ok = add_knob(rack, line);
  }
  if (file) {
    fclose(file);
  }
  free(path);
  return ok;
}

static void
add_inputs(Rack* const rack)
{
  const uint32_t n_ports = rack->patch.n_ports;
  rack->inputs           = (void**)xarray(n_ports, sizeof(void*));
  rack->buffers          = (void**)xarray(n_ports, sizeof(void*));
  for (uint32_t p = 0; p < n_ports; ++p) {
    if (!rack->patch.ports[p].is_output) {
      LV2_Atom_Sequence* const events =
        (LV2_Atom_Sequence*)xalloc(calloc(1, EVENTS_SIZE));
      if (rack->patch.ports[p].kind == HOST_EVENTS) {
        events->atom.type = host_map(rack->host, LV2_ATOM__Sequence);
        lv2_atom_sequence_clear(events);
      }
      rack->inputs[p] = events;
    }
  }
}

static void
cleanup(const LV2_Handle instance)
{
  Rack* const rack = (Rack*)instance;
  if (rack->engine) {
    engine_free(rack->engine);
  }
  for (uint32_t p = 0; rack->inputs && p < rack->patch.n_ports; ++p) {
    free(rack->inputs[p]);
  }
  free(rack->inputs);
  free(rack->buffers);
  free(rack->knobs);
  patch_free(&rack->patch);
  host_free(rack->host);
  free(rack->path);
  free(rack);
}

static const LV2_URID_Map*
find_map(const LV2_Feature* const* const features)
{
  for (const LV2_Feature* const* f = features; f && *f; ++f) {
    if (!strcmp((*f)->URI, LV2_URID__map)) {
      return (const LV2_URID_Map*)(*f)->data;
    }
  }

  return NULL;
}

/// Note how the host tells of its song
static void
find_song(Rack* const rack, const LV2_URID_Map* const map)
{
  const Patch* const patch = &rack->patch;
  const uint32_t     input = patch_events_input(patch);
  const double tempo_bpm = patch->tempo_bpm > 0.0 ? patch->tempo_bpm : USUAL_TEMPO_BPM;

  rack->song_types = song_types(map);
  rack->song       = position_at(0, tempo_bpm, patch->sample_rate);
  rack->song_port  = input < patch->n_ports ? input : input + rack->n_knobs;
}

/// Build the engine, which plays the patch's own song until the host tells of another
static bool
build_engine(Rack* const rack)
{
  const bool has_song = rack->patch.tempo_bpm > 0.0;

  add_inputs(rack);
  rack->engine = engine_new_song(
    &rack->patch, rack->inputs, MAX_FRAMES, has_song ? NULL : &untold, !has_song);
  if (rack->engine) {
    engine_keep_memory(rack->engine);
  }
  return rack->engine;
}

static LV2_Handle
instantiate(const LV2_Descriptor* const     descriptor,
            const double                    rate,
            const char* const               bundle,
            const LV2_Feature* const* const features)
{
  const char* const         folder = ((const Plugin*)descriptor)->folder;
  const LV2_URID_Map* const map    = find_map(features);
  if (!map) {
    return NULL;
  }

  message_program("chronus-rack");
  Rack* const rack = (Rack*)xarray(1, sizeof(Rack));
  rack->path       = file_of(bundle, folder, "patch.ttl");
  rack->host       = (Host*)xalloc(host_new(NULL));
  rack->outer_midi = map->map(map->handle, LV2_MIDI__MidiEvent);
  rack->midi       = host_map(rack->host, LV2_MIDI__MidiEvent);
  patch_init(&rack->patch, rack->host, rack->path, rate);
  if (!ingen_read(&rack->patch, rack->path) || !patch_order(&rack->patch) ||
      !read_knobs(rack, bundle, folder) || !build_engine(rack)) {
    cleanup(rack);
    return NULL;
  }

  find_song(rack, map);
  return rack;
}

static void
connect_port(const LV2_Handle instance, const uint32_t port, void* const buffer)
{
  Rack* const    rack    = (Rack*)instance;
  const uint32_t n_ports = rack->patch.n_ports;
  if (port < n_ports) {
    rack->buffers[port] = buffer;
  } else if (port < n_ports + rack->n_knobs) {
    rack->knobs[port - n_ports].value = (const float*)buffer;
  }
  if (port == rack->song_port) {
    rack->song_events = (const LV2_Atom_Sequence*)buffer;
  }
}

static void
activate(const LV2_Handle instance)
{
  engine_restart(((Rack*)instance)->engine);
}

// ---- Running

static void
turn_knobs(Rack* const rack)
{
  for (uint32_t k = 0; k < rack->n_knobs; ++k) {
    Knob* const knob = &rack->knobs[k];
    if (knob->value && *knob->value != knob->last) {
      knob->last = *knob->value;
      engine_turn(rack->engine, knob->block, knob->port, knob->last);
    }
  }
}

/// Copy the MIDI of some frames, with the number that blocks have for it
static void
read_events(const Rack* const rack,
            const uint32_t    port,
            const uint32_t    start,
            const uint32_t    n_frames)
{
  const LV2_Atom_Sequence* const from = (const LV2_Atom_Sequence*)rack->buffers[port];
  LV2_Atom_Sequence* const       to   = (LV2_Atom_Sequence*)rack->inputs[port];
  lv2_atom_sequence_clear(to);
  if (!from) {
    return;
  }

  const uint32_t room = EVENTS_SIZE - (uint32_t)sizeof(LV2_Atom);
  LV2_ATOM_SEQUENCE_FOREACH(from, event)
  {
    const int64_t frame = event->time.frames - start;
    if (event->body.type == rack->outer_midi && frame >= 0 && frame < n_frames) {
      LV2_Atom_Event* const copy = lv2_atom_sequence_append_event(to, room, event);
      if (copy) {
        copy->time.frames = frame;
        copy->body.type   = rack->midi;
      }
    }
  }
}

static void
read_inputs(const Rack* const rack, const uint32_t start, const uint32_t n_frames)
{
  for (uint32_t p = 0; p < rack->patch.n_ports; ++p) {
    const PatchPort* const port = &rack->patch.ports[p];
    if (port->is_output) {
      continue;
    }
    if (port->kind == HOST_EVENTS) {
      read_events(rack, p, start, n_frames);
    } else if (rack->buffers[p]) {
      memcpy(rack->inputs[p],
             (const float*)rack->buffers[p] + start,
             n_frames * sizeof(float));
    }
  }
}

static void
write_outputs(const Rack* const rack, const uint32_t start, const uint32_t n_frames)
{
  for (uint32_t p = 0; p < rack->patch.n_ports; ++p) {
    if (rack->patch.ports[p].is_output && rack->buffers[p]) {
      memcpy((float*)rack->buffers[p] + start,
             engine_output(rack->engine, p),
             n_frames * sizeof(float));
    }
  }
}

/// Go on in the song as the host says at frame `start`; returns the frame when it says
/// more
static uint32_t
follow_song(Rack* const rack, const uint32_t start, const uint32_t n_frames)
{
  if (!rack->song_events) {
    return n_frames;
  }

  LV2_ATOM_SEQUENCE_FOREACH(rack->song_events, event)
  {
    const int64_t frame = event->time.frames;
    if (!song_is_position(&rack->song_types, &event->body)) {
      continue;
    }
    if (frame > start) {
      return frame < n_frames ? (uint32_t)frame : n_frames;
    }
    if (frame == start) {
      song_go(&rack->song, &rack->song_types, &event->body, rack->patch.sample_rate);
      engine_locate(rack->engine, &rack->song);
    }
  }
  return n_frames;
}

static void
run(const LV2_Handle instance, const uint32_t n_frames)
{
  Rack* const rack = (Rack*)instance;
  turn_knobs(rack);
  for (uint32_t start = 0; start < n_frames;) {
    const uint32_t end = follow_song(rack, start, n_frames);
    const uint32_t n   = end - start < MAX_FRAMES ? end - start : MAX_FRAMES;
    read_inputs(rack, start, n);
    engine_run(rack->engine, n);
    write_outputs(rack, start, n);
    start += n;
  }
}

// ---- The library

/// The library of one bundle
typedef struct {
  LV2_Lib_Descriptor library;
  Plugin*            plugins;
  uint32_t           n_plugins;
} Library;

static const LV2_Descriptor*
get_plugin(const LV2_Lib_Handle handle, const uint32_t index)
{
  const Library* const library = (const Library*)handle;

  return index < library->n_plugins ? &library->plugins[index].descriptor : NULL;
}

static void
free_library(const LV2_Lib_Handle handle)
{
  Library* const library = (Library*)handle;
  for (uint32_t i = 0; i < library->n_plugins; ++i) {
    free(library->plugins[i].uri);
  }
  free(library->plugins);
  free(library);
}

/// Add the plugin of a line of plugins.txt
static void
add_plugin(Library* const library, const char* const line)
{
  char* const uri           = (char*)xalloc(strdup(line));
  uri[strcspn(uri, "\r\n")] = '\0';
  char* const folder        = uri + strcspn(uri, " ");
  library->plugins =
    (Plugin*)xgrow(library->plugins, library->n_plugins, sizeof(Plugin));
  Plugin* const        plugin     = &library->plugins[library->n_plugins++];
  const LV2_Descriptor descriptor = {
    uri, instantiate, connect_port, activate, run, NULL, cleanup, NULL};
  *plugin = (Plugin){descriptor, uri, *folder ? folder + 1 : folder};
  *folder = '\0';
}

LV2_SYMBOL_EXPORT const LV2_Lib_Descriptor*
lv2_lib_descriptor(const char* const bundle, const LV2_Feature* const* const features)
{
  (void)features;

  Library* const library = (Library*)xarray(1, sizeof(Library));
  char* const    path    = file_of(bundle, "", "plugins.txt");
  FILE* const    file    = fopen(path, "r");
  char           line[MAX_LINE];
  while (file && fgets(line, sizeof(line), file)) {
    add_plugin(library, line);
  }
  if (file) {
    fclose(file);
  }
  free(path);

  library->library =
    (LV2_Lib_Descriptor){library, sizeof(LV2_Lib_Descriptor), free_library, get_plugin};
  return &library->library;
}
