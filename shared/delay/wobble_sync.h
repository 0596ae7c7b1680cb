// SPDX-License-Identifier: ISC
/**
   A wobble that follows the host's song: a cycle for each note of a length.

   Without a tempo it keeps the rate that it is given.  Where the song rolls, cycles
   begin with the song's notes: a wobble that is elsewhere gets there within
   WOBBLE_SYNC_S, by the shorter way, at a rate that may be below 0.  So nothing jumps
   when the song starts or is set to another place.
*/

#ifndef WOBBLE_SYNC_H
#define WOBBLE_SYNC_H

#include "delay/wobble.h"
#include "timing/tempo_sync.h"

#include <stdbool.h>
#include <stdint.h>

#define WOBBLE_SYNC_S 0.1

typedef struct {
  double    sample_rate;
  bool      is_on;
  uint32_t  note; ///< A scale point of tempo_sync.h
  TempoSync song;
  double    more_hz; ///< What the rate has too much while it gets to its place
  uint32_t  n_left;  ///< Frames until it is there
} WobbleSync;

void
wobble_sync_init(WobbleSync* self, double sample_rate);

/// Forget the song
void
wobble_sync_reset(WobbleSync* self);

/// Follow the song's `note` from the next frame on, or do not
void
wobble_sync_set(WobbleSync* self, bool is_on, uint32_t note, const Wobble* wobble);

/// Take what the host tells of the next frame
void
wobble_sync_set_transport(WobbleSync*      self,
                          const Transport* transport,
                          const Wobble*    wobble);

/// Return true if the song sets the rate
bool
wobble_sync_leads(const WobbleSync* self);

/// Write the rates of the next frames, and let their time pass; returns true if all are
/// the same.  Without a song that leads, rates are left as they are.
bool
wobble_sync_process(WobbleSync* self, float* rate_hz, uint32_t n_frames);

#endif // WOBBLE_SYNC_H
