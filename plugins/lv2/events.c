// SPDX-License-Identifier: ISC

#include "lv2/events.h"

#include "plugin.h"

#include <lv2/midi/midi.h>
#include <lv2/time/time.h>

#include <math.h>
#include <string.h>

EventTypes
map_event_types(const LV2_Feature* const* const features)
{
  static const EventTypes unknown = {0};

  const LV2_URID_Map* map = NULL;
  for (uint32_t i = 0; features && features[i]; ++i) {
    if (!strcmp(features[i]->URI, LV2_URID__map)) {
      map = (const LV2_URID_Map*)features[i]->data;
    }
  }
  if (!map) {
    return unknown;
  }

  return (EventTypes){.midi          = map->map(map->handle, LV2_MIDI__MidiEvent),
                      .object        = map->map(map->handle, LV2_ATOM__Object),
                      .blank         = map->map(map->handle, LV2_ATOM__Blank),
                      .position      = map->map(map->handle, LV2_TIME__Position),
                      .bar           = map->map(map->handle, LV2_TIME__bar),
                      .bar_beat      = map->map(map->handle, LV2_TIME__barBeat),
                      .beat_unit     = map->map(map->handle, LV2_TIME__beatUnit),
                      .beats_per_bar = map->map(map->handle, LV2_TIME__beatsPerBar),
                      .beats_per_minute =
                        map->map(map->handle, LV2_TIME__beatsPerMinute),
                      .frame         = map->map(map->handle, LV2_TIME__frame),
                      .speed         = map->map(map->handle, LV2_TIME__speed),
                      .int_number    = map->map(map->handle, LV2_ATOM__Int),
                      .long_number   = map->map(map->handle, LV2_ATOM__Long),
                      .float_number  = map->map(map->handle, LV2_ATOM__Float),
                      .double_number = map->map(map->handle, LV2_ATOM__Double)};
}

/// Return the number that `bytes` hold, or NAN if they are none
static double
read_number(const EventTypes* const types,
            const LV2_Atom          atom,
            const uint8_t* const    bytes)
{
  int32_t int_number    = 0;
  int64_t long_number   = 0;
  float   float_number  = 0.0f;
  double  double_number = NAN;

  if (atom.type == types->int_number && atom.size == sizeof(int_number)) {
    memcpy(&int_number, bytes, sizeof(int_number));
    double_number = (double)int_number;
  } else if (atom.type == types->long_number && atom.size == sizeof(long_number)) {
    memcpy(&long_number, bytes, sizeof(long_number));
    double_number = (double)long_number;
  } else if (atom.type == types->float_number && atom.size == sizeof(float_number)) {
    memcpy(&float_number, bytes, sizeof(float_number));
    double_number = (double)float_number;
  } else if (atom.type == types->double_number && atom.size == sizeof(double_number)) {
    memcpy(&double_number, bytes, sizeof(double_number));
  }

  return isfinite(double_number) ? double_number : NAN;
}

/// Return where a property of the transport is kept, or NULL if modules do not see it
static double*
transport_field(const EventTypes* const types,
                Transport* const        transport,
                const LV2_URID          key)
{
  const struct {
    LV2_URID key;
    double*  field;
  } fields[] = {{types->bar, &transport->bar},
                {types->bar_beat, &transport->bar_beat},
                {types->beat_unit, &transport->beat_unit},
                {types->beats_per_bar, &transport->beats_per_bar},
                {types->beats_per_minute, &transport->beats_per_minute},
                {types->frame, &transport->frame},
                {types->speed, &transport->speed}};

  for (size_t f = 0; f < sizeof(fields) / sizeof(fields[0]); ++f) {
    if (fields[f].key == key) {
      return fields[f].field;
    }
  }
  return NULL;
}

/// Return what `bytes`, the properties of an object, tell of the transport
static Transport
read_transport(const EventTypes* const types,
               const uint8_t* const    bytes,
               const size_t            size)
{
  Transport transport = {NAN, NAN, NAN, NAN, NAN, NAN, NAN};

  LV2_Atom_Property_Body property;
  for (size_t at = 0; at + sizeof(property) <= size;
       at += sizeof(property) + padded_size(property.value.size)) {
    memcpy(&property, bytes + at, sizeof(property));
    if (property.value.size > size - at - sizeof(property)) {
      break;
    }

    double* const field = transport_field(types, &transport, property.key);
    if (field) {
      *field = read_number(types, property.value, bytes + at + sizeof(property));
    }
  }

  return transport;
}

/// Return true if an event is a position of the transport
static bool
is_position(const EventTypes* const types,
            const LV2_Atom          atom,
            const uint8_t* const    bytes)
{
  LV2_Atom_Object_Body object = {0, 0};
  if ((atom.type != types->object && atom.type != types->blank) ||
      atom.size < sizeof(object)) {
    return false;
  }

  memcpy(&object, bytes, sizeof(object));
  return object.otype == types->position;
}

bool
is_event_wanted(const EventTypes* const types,
                const LV2_Atom          atom,
                const uint8_t* const    bytes)
{
  return atom.type == types->midi ? plugin.midi && atom.size > 0
                                  : plugin.transport && is_position(types, atom, bytes);
}

void
give_event(const EventTypes* const types,
           void* const             state,
           const LV2_Atom          atom,
           const uint8_t* const    bytes)
{
  static const size_t head_size = sizeof(LV2_Atom_Object_Body);

  if (atom.type == types->midi) {
    plugin.midi(state, bytes, atom.size);
  } else {
    const Transport transport =
      read_transport(types, bytes + head_size, atom.size - head_size);
    plugin.transport(state, &transport);
  }
}
