// SPDX-License-Identifier: ISC

#include "timing/song_note.h"

static const SongNote notes[N_SONG_NOTES] = {
  {16, 1, true},  {8, 1, true}, {4, 1, true},
  {2, 1, true},   {1, 1, true}, {1, 1, false}, // 1/1
  {3, 4, false},                               // 1/2 dotted
  {2, 3, false},                               // 1/1 triplet
  {1, 2, false},                               // 1/2
  {3, 8, false},                               // 1/4 dotted
  {1, 3, false},                               // 1/2 triplet
  {1, 4, false},                               // 1/4
  {3, 16, false},                              // 1/8 dotted
  {1, 6, false},                               // 1/4 triplet
  {1, 8, false},                               // 1/8
  {3, 32, false},                              // 1/16 dotted
  {1, 12, false},                              // 1/8 triplet
  {1, 16, false},                              // 1/16
  {3, 64, false},                              // 1/32 dotted
  {1, 24, false},                              // 1/16 triplet
  {1, 32, false},                              // 1/32
  {1, 48, false},                              // 1/32 triplet
};

SongNote
song_note(const uint32_t choice)
{
  return notes[choice < N_SONG_NOTES ? choice : N_SONG_NOTES - 1U];
}
