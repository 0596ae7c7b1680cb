// SPDX-License-Identifier: ISC
/**
   How far the pitch wheel of each MIDI channel bends.

   A knob sets it for all channels.  Registered parameter 0 (pitch bend sensitivity, in
   the MIDI 1.0 Detailed Specification) sets it for its channel, until the knob is
   turned:

   CC 101 and 100, 0 and 0   select the parameter; 127 and 127 none
   CC 6                      semitones, and no cents
   CC 38                     cents above those
   CC 96, CC 97              a cent more, a cent less (as MMA RP-018 recommends)
   CC 99, CC 98              select another kind of parameter, that is nothing here
*/

#ifndef BEND_RANGE_H
#define BEND_RANGE_H

#include "midi/note_stack.h"

#include <stdbool.h>
#include <stdint.h>

#define BEND_RANGE_MAX_CENTS 9600U ///< Most that MPE instruments ask for, 8 octaves
#define NO_REGISTERED UINT32_MAX   ///< Instead of the number of a parameter

typedef struct {
  uint32_t cents;         ///< Range, if there `is_set` one
  bool     is_set;        ///< Whether it counts, not the knob
  bool     is_registered; ///< Whether a registered parameter is selected
  uint8_t  high;          ///< Its number, two times 7 bits
  uint8_t  low;
} ChannelBendRange;

typedef struct {
  double           knob_oct; ///< As the knob was last
  ChannelBendRange channels[MIDI_CHANNELS];
} BendRange;

/// Select nothing, and let the knob count
void
bend_range_reset(BendRange* self);

/// Turn the knob, which sets all channels if it moves
void
bend_range_turn(BendRange* self, double knob_oct);

/// Take a control change of a channel, 1 to MIDI_CHANNELS; those of no use are ignored
void
bend_range_control(BendRange* self, uint32_t channel, uint8_t number, uint8_t value);

/// Select nothing on a channel, as a reset of controllers does; its range stays
void
bend_range_deselect(BendRange* self, uint32_t channel);

/// Return the registered parameter that a channel has selected, or NO_REGISTERED
uint32_t
bend_range_parameter(const BendRange* self, uint32_t channel);

/// Return the range of a channel, 1 to MIDI_CHANNELS, in octaves
double
bend_range_oct(const BendRange* self, uint32_t channel);

#endif // BEND_RANGE_H
