// SPDX-License-Identifier: ISC
/**
   A host's song that is followed: its tempo, and how many notes have gone by.

   A note is a whole one, of four quarters.
*/

#ifndef SONG_H
#define SONG_H

#include "cycle.h"
#include "transport.h"

#include <stdbool.h>
#include <stdint.h>

#define N_SONG_NOTES 22U ///< Choices of a note

typedef struct {
  double   sample_rate;
  double   notes_per_s; ///< The tempo, 0 until it was told
  double   beat_unit;   ///< The part of a note that is a beat, 4 for a quarter
  double   beats_per_bar;
  double   speed;     ///< Above 0 while the song rolls
  bool     is_placed; ///< Whether the host has told where it is
  double   notes;     ///< Where it was when the host told last, in notes
  uint64_t since;     ///< Frames since then
} Song;

void
song_init(Song* self, double sample_rate);

/// Forget what the host has told
void
song_reset(Song* self);

/// Let time pass
static inline void
song_pass(Song* const self, const uint32_t n_frames)
{
  self->since += n_frames;
}

/// Take what the host tells of the next frame; what it leaves out stays as it was
void
song_tell(Song* self, const Transport* transport);

/// Return true if the host has told where the song is, and it rolls
static inline bool
song_leads(const Song* const self)
{
  return self->is_placed && self->speed > 0.0 && self->notes_per_s > 0.0;
}

/// Return the length of the note or bars of a scale point, the longest first, in notes
double
song_length(const Song* self, uint32_t choice);

/// Return how much of `length` goes by in a frame, 0 without a tempo
double
song_pace(const Song* self, double length);

/// Return where the song is, in cycles of `length` since its start
CyclePlace
song_place(const Song* self, double length);

#endif // SONG_H
