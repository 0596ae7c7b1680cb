// SPDX-License-Identifier: ISC
/**
   Events of the host's as modules take them: MIDI, positions of the transport, and
   messages that set a property or ask for it.

   All of it is real-time safe, but map_event_types().
*/

#ifndef EVENTS_H
#define EVENTS_H

#include "plugin.h"

#include <lv2/atom/atom.h>
#include <lv2/core/lv2.h>
#include <lv2/urid/urid.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// URIDs of the host for the events that modules take, and for their parts
typedef struct {
  LV2_URID midi; ///< 0, as all others, if the host can't say
  LV2_URID sequence;
  LV2_URID object;
  LV2_URID blank; ///< Objects, too, in some hosts
  LV2_URID position;
  LV2_URID bar;
  LV2_URID bar_beat;
  LV2_URID beat_unit;
  LV2_URID beats_per_bar;
  LV2_URID beats_per_minute;
  LV2_URID frame;
  LV2_URID speed;
  LV2_URID int_number;
  LV2_URID long_number;
  LV2_URID float_number;
  LV2_URID double_number;
  LV2_URID bool_number;
  LV2_URID urid;
  LV2_URID string;
  LV2_URID path;
  LV2_URID uri;
  LV2_URID set;
  LV2_URID get;
  LV2_URID property;
  LV2_URID value;
  LV2_URID properties[MAX_PROPERTIES]; ///< The plugin's
} EventTypes;

/// Return the types by the host's urid:map; all 0 if it has none
EventTypes
map_event_types(const LV2_Feature* const* features);

/// Return the number of bytes that an atom of `size` takes among others
static inline size_t
padded_size(const uint32_t size)
{
  return ((size_t)size + 7U) & ~(size_t)7U;
}

/// Return true if the module takes an event
bool
is_event_wanted(const EventTypes* types, LV2_Atom atom, const uint8_t* bytes);

/// Read an event that sets one of the plugin's properties; returns false if it is none
bool
read_message(const EventTypes* types,
             LV2_Atom          atom,
             const uint8_t*    bytes,
             Message*          message);

/// Return true if an event asks for the values of properties
bool
is_question(const EventTypes* types, LV2_Atom atom, const uint8_t* bytes);

#define ALL_PROPERTIES MAX_PROPERTIES ///< Instead of the index of one

/// Return which of the plugin's properties a question is about, ALL_PROPERTIES, or a
/// larger number for one of another plugin's
uint32_t
read_question(const EventTypes* types, LV2_Atom atom, const uint8_t* bytes);

/// Give the module an event that it takes
void
give_event(const EventTypes* types, void* state, LV2_Atom atom, const uint8_t* bytes);

#endif // EVENTS_H
