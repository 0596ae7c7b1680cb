// SPDX-License-Identifier: ISC
/**
   Where the bars of a song are, though not all are of one length.

   Hosts tell of a bar by its number, and of the meter that holds there.  Changes of the
   meter are learned as they go by, so that each pass over the same bars leads to the
   same places:

     bar       0     1     2    3    4     5
     meter     4/4   4/4   3/4  3/4  4/4   4/4
     starts at 0     1     2    2.75 3.5   4.5  whole notes

   There are two ways of numbering, found out by which of them goes on where the song
   is: bars are counted (Ardour), or all beats so far are divided by the present meter
   (Carla), so that the number jumps.
*/

#ifndef METER_H
#define METER_H

#include <stdbool.h>
#include <stdint.h>

#define METER_MAX_CHANGES 16U ///< More than these, and the first ones are forgotten

/// Beats, and what they are
typedef struct {
  double beats_per_bar;
  double beat_unit; ///< 4 for a quarter
} Meter;

/// A meter from a bar on
typedef struct {
  double bar;
  double start_notes; ///< Where that bar starts, in whole notes
  Meter  meter;
} MeterChange;

typedef struct {
  MeterChange change[METER_MAX_CHANGES];
  uint32_t    n_changes;
  bool        divides; ///< Whether the host was found to divide beats by the meter
} MeterMap;

/// Forget all bars
void
meter_reset(MeterMap* self);

/**
   Take a place as a host has it, and return it in whole notes.

   `here_notes` is where the song must be if it has gone on, or NAN if that is not
   known; as far off as `tolerance_notes` it still has.
*/
double
meter_take(MeterMap* self,
           double    bar,
           double    bar_beat,
           Meter     meter,
           double    here_notes,
           double    tolerance_notes);

#endif // METER_H
