// SPDX-License-Identifier: ISC
/// An engine as its own files see it

#ifndef ENGINE_IMPL_H
#define ENGINE_IMPL_H

#include "host/cables.h"
#include "host/engine.h"
#include "host/engine_fade.h"
#include "host/handover.h"
#include "host/host.h"
#include "host/patch.h"
#include "host/position.h"

#include <lv2/atom/atom.h>
#include <lv2/urid/urid.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Cables that meet at an input
typedef struct {
  void**       from;
  uint32_t     n_from;
  void*        to;
  HostPortKind kind;
  PatchEnd     head; ///< Whose buffer it is

  const LV2_Atom_Event** next;   ///< Of every source of events, while they are merged
  uint32_t               n_room; ///< Bytes of events that fit
} Junction;

/// A buffer into which a plugin writes events
typedef struct {
  LV2_Atom_Sequence* events;
  uint32_t           size; ///< That of its body
} EventOutput;

typedef struct {
  LilvInstance* instance;
  float*        controls;  ///< By port: knobs, and what the plugin shows
  void**        outputs;   ///< By port: buffers of signals and events, else NULL
  void**        buffers;   ///< By port: what it is connected to
  uint32_t*     n_readers; ///< By port: cables to blocks and outputs not yet connected
  EventOutput*  event_outputs;
  uint32_t      n_event_outputs;
  Junction*     junctions; ///< To be mixed before it runs
  uint32_t      n_junctions;
  bool          is_active;
  double        time_s;     ///< What it has taken so far
  Fade*         fade;       ///< Of the instance before, NULL for none
  Handover      handover;   ///< Of what the instance saves, if the engine is prepared
  bool          hands_over; ///< Whether it does
  bool          goes_on;    ///< Whether it has gone on from another engine's
} Unit;

struct EngineImpl {
  const Patch* patch;
  Cables       heads; ///< The patch's cables, by where they lead
  Cables       tails; ///< And by where they come from
  uint32_t     max_frames;
  void* const* input;
  Unit*        units;    ///< One for every block of the patch
  void**       output;   ///< By port of the patch
  Junction*    mixdowns; ///< To be mixed for the outputs of the patch
  uint32_t     n_mixdowns;
  void**       buffers; ///< All of them
  uint32_t     n_buffers;
  float**      spare; ///< Signals that no later block reads any more
  uint32_t     n_spare;
  uint32_t     n_signals; ///< In use and spare
  LV2_URID     sequence_type;
  LV2_URID     chunk_type;
  bool         is_measured;

  LV2_Atom_Sequence* transport; ///< What is told of the song, NULL if there is none
  const Position*    song;      ///< Changes to be told
  size_t             n_positions;
  size_t             next_position;
  Position           start;      ///< Of the patch's own song
  const Position*    first_song; ///< What it was made with, before engine_locate()
  size_t             n_first_positions;
  Position           located;
  int64_t            position; ///< Frames run so far
  bool               keeps_memory;
};

#endif // ENGINE_IMPL_H
