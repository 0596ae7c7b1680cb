// SPDX-License-Identifier: ISC
/**
   Notes and bars that a song is divided in, the longest first.

   The choices of all knobs that set such a length, as scale points number them: from 16
   bars to triplets of 1/32.
*/

#ifndef SONG_NOTE_H
#define SONG_NOTE_H

#include <stdbool.h>
#include <stdint.h>

#define N_SONG_NOTES 22U ///< Choices of a note

/// A length, as a fraction of a whole note (of four quarters), or of a bar
typedef struct {
  uint32_t above;
  uint32_t below;
  bool     is_bars;
} SongNote;

/// Return the length of a scale point
SongNote
song_note(uint32_t choice);

#endif // SONG_NOTE_H
