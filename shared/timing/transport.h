// SPDX-License-Identifier: ISC
// Where a host is in its song

#ifndef TRANSPORT_H
#define TRANSPORT_H

/**
   Where the host is in its song, and how fast that goes.

   Numbers are finite, or NAN where the host does not tell.
*/
typedef struct {
  double bar;              ///< Bars before this one
  double bar_beat;         ///< Beats of this bar that are over
  double beat_unit;        ///< The note that is a beat: 4 for a quarter
  double beats_per_bar;    ///< Beats in a bar
  double beats_per_minute; ///< The tempo at a speed of 1
  double frame;            ///< Frames since the song began
  double speed;            ///< 0 while stopped, 1 while rolling at the tempo
} Transport;

#endif // TRANSPORT_H
