// SPDX-License-Identifier: ISC
/**
   A host's song that is followed: its tempo, and how many notes have gone by.

   A note is a whole one, of four quarters.  Bars may be of different lengths: notes are
   counted through all of them, and cycles of bars by the host's number of the bar.

   Hosts tell a beat as a float, which is a bit off: within a quarter of a frame it does
   not count.
*/

#ifndef TEMPO_SYNC_H
#define TEMPO_SYNC_H

#include "timing/meter.h"
#include "timing/phasor.h"
#include "timing/song_note.h"
#include "timing/transport.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct {
  double   sample_rate;
  double   notes_per_s; ///< The tempo, 0 until it was told
  Meter    meter;
  double   speed;     ///< Above 0 while the song rolls
  bool     is_placed; ///< Whether the host has told where it is
  double   notes;     ///< Where it was when the host told last, in notes
  double   bars;      ///< And in bars
  uint64_t since;     ///< Frames since then
  MeterMap map;
} TempoSync;

void
tempo_sync_init(TempoSync* self, double sample_rate);

/// Forget what the host has told
void
tempo_sync_reset(TempoSync* self);

/// Let time pass
static inline void
tempo_sync_pass(TempoSync* const self, const uint32_t n_frames)
{
  self->since += n_frames;
}

/// Take the host's transport at the next frame; parts that it leaves out stay as they
/// were
void
tempo_sync_set_transport(TempoSync* self, const Transport* transport);

/// Return true if the host has told where the song is, and it rolls
static inline bool
tempo_sync_leads(const TempoSync* const self)
{
  return self->is_placed && self->speed > 0.0 && self->notes_per_s > 0.0;
}

/// Return the length of the note or bars of a scale point, the longest first, in notes
double
tempo_sync_length(const TempoSync* self, uint32_t choice);

/// Return how much of `length` goes by in a frame, 0 without a tempo
double
tempo_sync_pace(const TempoSync* self, double length);

/// Return where the song is, in cycles of a scale point since its start
PhasorPosition
tempo_sync_place(const TempoSync* self, uint32_t choice);

#endif // TEMPO_SYNC_H
