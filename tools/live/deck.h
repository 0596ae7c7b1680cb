// SPDX-License-Identifier: ISC
/**
   The deck: what runs in the audio thread, a rig and the one that takes over from it.

   The audio thread calls deck_run() for every cycle.  Another thread posts rigs and
   collects those that have left; neither waits for the other, and the audio thread
   neither allocates nor locks.  Both rigs run side by side for as long as their sounds
   are crossfaded.
*/

#ifndef DECK_H
#define DECK_H

#include "host/position.h"
#include "live/line.h"
#include "live/rig.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define DECK_DEFAULT_BPM 120.0

/// Whose song blocks follow
typedef enum {
  DECK_AUTO,      ///< The patch's own, until the transport of the server rolls
  DECK_TRANSPORT, ///< That of the server
  DECK_OWN        ///< The patch's own
} DeckSong;

/// The transport of the server in a cycle
typedef struct {
  Position position; ///< If there are no bars, only speed and frame
  bool     has_bars;
} DeckTransport;

/// Find the buffers of a line for this cycle
typedef void (*DeckFetch)(Line* line, uint32_t n_frames);

typedef struct {
  DeckFetch     fetch;
  DeckSong      song;
  double        sample_rate;
  Rig*          current;
  Rig*          leaving; ///< NULL unless there is a crossfade
  uint32_t      n_fade;  ///< Frames of a crossfade
  uint32_t      n_left;  ///< And what is left of it
  uint64_t      n_cycle;
  int64_t       n_frames; ///< Played so far
  bool          follows;  ///< The transport of the server
  bool          is_stale; ///< The current rig has not been told of it
  Position      told;     ///< What it was told last
  int64_t       expected; ///< The frame of the transport where it goes on as told
  _Atomic(Rig*) next;
  _Atomic(Rig*) left; ///< The one that has left
} Deck;

/// Begin with a rig, before the audio thread runs
void
deck_begin(Deck* deck, Rig* rig, DeckFetch fetch, DeckSong song);

/// End after the audio thread, and free all rigs
void
deck_end(Deck* deck);

/// Have a rig take over; returns one that was posted before and never ran, or NULL
Rig*
deck_post(Deck* deck, Rig* rig);

/// Return the rig that has left since the last call, or NULL
Rig*
deck_collect(Deck* deck);

/// Play a cycle.  Real-time safe
void
deck_run(Deck* deck, uint32_t n_frames, const DeckTransport* transport);

#endif // DECK_H
