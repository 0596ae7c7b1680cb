// SPDX-License-Identifier: ISC
/**
   A patch: blocks, each a plugin with its knobs set, and the cables between them.

   The patch has ports of its own, through which signals come in from files and go out
   to one.  Ports are written as in Turtle and on the command line: "osc/out" is port
   `out` of block `osc`, "out" is the patch's own.

   Every function that returns bool returns false after it has reported why, with the
   patch's file and what in it is wrong.
*/

#ifndef PATCH_H
#define PATCH_H

#include "host/host.h"
#include "host/table.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PATCH_MIN_TEMPO_BPM 1.0    ///< The slowest song
#define PATCH_MAX_TEMPO_BPM 1000.0 ///< The fastest
#define PATCH_ITSELF UINT32_MAX    ///< In place of a block: the patch's own ports

/// A plugin at work
typedef struct {
  char*             name;
  const HostPlugin* plugin;
  float*            values; ///< By port index; only those of knobs have a meaning
} PatchBlock;

/// A way into the patch or out of it
typedef struct {
  char*        name;
  HostPortKind kind;
  bool         is_output;
  char*        source; ///< File that an input plays, or NULL
} PatchPort;

/// Where a cable is plugged in: a port of a block, or of the patch itself
typedef struct {
  uint32_t block;
  uint32_t port;
} PatchEnd;

typedef struct {
  PatchEnd tail; ///< Where the signal comes from
  PatchEnd head; ///< Where it goes
} PatchCable;

typedef struct {
  Host*       host;
  const char* path;        ///< The file, for reports
  double      sample_rate; ///< In Hz; some ranges of plugins follow from it
  char*       label;       ///< What people call it, or NULL
  char*       comment;     ///< What it is, or NULL
  double      tempo_bpm;   ///< Of the song that blocks may follow, 0 if there is none
  PatchBlock* blocks;
  uint32_t    n_blocks;
  PatchPort*  ports;
  uint32_t    n_ports;
  PatchCable* cables;
  uint32_t    n_cables;
  uint32_t*   order;      ///< Blocks in the order in which they run
  Table       port_names; ///< Numbers of ports
  Table       block_names;
  Table       cable_ends; ///< Numbers of cables by both of their ends
} Patch;

/// Begin an empty patch; `path` must live as long as it
void
patch_init(Patch* patch, Host* host, const char* path, double sample_rate);

void
patch_free(Patch* patch);

/// Add a port of the patch itself; outputs become channels in the order they are added
bool
patch_add_port(Patch* patch, const char* name, HostPortKind kind, bool is_output);

/// Add a block with its knobs at their defaults
bool
patch_add_block(Patch* patch, const char* name, const char* plugin_uri);

/// Set the knobs of a block as its plugin's preset of that URI or label does
bool
patch_load_preset(Patch* patch, const char* block, const char* preset);

/// Set a knob to a number in its own unit
bool
patch_set(Patch* patch, const char* knob, double value);

/// Set a knob to what a text says, see value_parse()
bool
patch_set_text(Patch* patch, const char* knob, const char* text);

/// Set what people call the patch, and what it is; NULL leaves either as it is
void
patch_describe(Patch* patch, const char* label, const char* comment);

/// Set the tempo of a song in 4/4 that blocks may follow, in beats a minute
bool
patch_set_tempo(Patch* patch, double tempo_bpm);

/// Have an input of the patch play a file
bool
patch_set_source(Patch* patch, const char* port, const char* source);

/// Draw a cable
bool
patch_connect(Patch* patch, const char* tail, const char* head);

/**
   Find the order in which every block runs after those that feed it.

   Refuses a patch in a circle, naming its blocks, and one where an output has no
   cable.  Must be called once, when the patch is complete.
*/
bool
patch_order(Patch* patch);

#endif // PATCH_H
