// SPDX-License-Identifier: ISC

#include "lv2/events.h"

#include "plugin.h"

#include <lv2/midi/midi.h>
#include <lv2/patch/patch.h>
#include <lv2/time/time.h>

#include <math.h>
#include <string.h>

/// Return the host's urid:map, or NULL
static const LV2_URID_Map*
find_map(const LV2_Feature* const* const features)
{
  for (uint32_t i = 0; features && features[i]; ++i) {
    if (!strcmp(features[i]->URI, LV2_URID__map)) {
      return (const LV2_URID_Map*)features[i]->data;
    }
  }

  return NULL;
}

EventTypes
map_event_types(const LV2_Feature* const* const features)
{
  EventTypes                types = {0};
  const LV2_URID_Map* const map   = find_map(features);
  const struct {
    LV2_URID*   type;
    const char* uri;
  } uris[] = {{&types.midi, LV2_MIDI__MidiEvent},
              {&types.sequence, LV2_ATOM__Sequence},
              {&types.object, LV2_ATOM__Object},
              {&types.blank, LV2_ATOM__Blank},
              {&types.position, LV2_TIME__Position},
              {&types.bar, LV2_TIME__bar},
              {&types.bar_beat, LV2_TIME__barBeat},
              {&types.beat_unit, LV2_TIME__beatUnit},
              {&types.beats_per_bar, LV2_TIME__beatsPerBar},
              {&types.beats_per_minute, LV2_TIME__beatsPerMinute},
              {&types.frame, LV2_TIME__frame},
              {&types.speed, LV2_TIME__speed},
              {&types.int_number, LV2_ATOM__Int},
              {&types.long_number, LV2_ATOM__Long},
              {&types.float_number, LV2_ATOM__Float},
              {&types.double_number, LV2_ATOM__Double},
              {&types.bool_number, LV2_ATOM__Bool},
              {&types.urid, LV2_ATOM__URID},
              {&types.string, LV2_ATOM__String},
              {&types.path, LV2_ATOM__Path},
              {&types.uri, LV2_ATOM__URI},
              {&types.set, LV2_PATCH__Set},
              {&types.get, LV2_PATCH__Get},
              {&types.property, LV2_PATCH__property},
              {&types.value, LV2_PATCH__value}};

  for (size_t u = 0; map && u < sizeof(uris) / sizeof(uris[0]); ++u) {
    *uris[u].type = map->map(map->handle, uris[u].uri);
  }
  for (uint32_t p = 0; map && p < plugin.n_properties; ++p) {
    types.properties[p] = map->map(map->handle, plugin.properties[p]);
  }
  return types;
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

  if ((atom.type == types->int_number || atom.type == types->bool_number) &&
      atom.size == sizeof(int_number)) {
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

/// A property of an object, and where those after it begin
typedef struct {
  LV2_Atom_Property_Body head;
  const uint8_t*         bytes; ///< Of its value
  size_t                 next;
} Property;

/// Read the property at `at` of `size` bytes of an object; returns false at their end
static bool
next_property(const uint8_t* const bytes,
              const size_t         size,
              const size_t         at,
              Property* const      property)
{
  const size_t head_size = sizeof(property->head);
  if (size < head_size || at > size - head_size) {
    return false;
  }

  memcpy(&property->head, bytes + at, head_size);
  property->bytes = bytes + at + head_size;
  property->next  = at + head_size + padded_size(property->head.value.size);
  return property->head.value.size <= size - at - head_size;
}

/// Return what `bytes`, the properties of an object, say about the transport
static Transport
read_transport(const EventTypes* const types,
               const uint8_t* const    bytes,
               const size_t            size)
{
  Transport transport = {NAN, NAN, NAN, NAN, NAN, NAN, NAN};
  Property  property  = {.next = 0};
  while (next_property(bytes, size, property.next, &property)) {
    double* const field = transport_field(types, &transport, property.head.key);
    if (field) {
      *field = read_number(types, property.head.value, property.bytes);
    }
  }

  return transport;
}

/// Return which of the plugin's properties a URID is, or MAX_PROPERTIES for none
static uint32_t
find_property(const EventTypes* const types, const LV2_URID urid)
{
  for (uint32_t p = 0; urid && p < plugin.n_properties; ++p) {
    if (types->properties[p] == urid) {
      return p;
    }
  }

  return MAX_PROPERTIES;
}

/// Return the value of a message
static Message
read_value(const EventTypes* const types,
           const LV2_Atom          atom,
           const uint8_t* const    bytes)
{
  const bool is_text = (atom.type == types->string || atom.type == types->path ||
                        atom.type == types->uri) &&
                       atom.size && !bytes[atom.size - 1U];
  const double number = read_number(types, atom, bytes);

  return (Message){.kind   = is_text            ? MESSAGE_TEXT
                             : number == number ? MESSAGE_NUMBER
                                                : MESSAGE_BYTES,
                   .number = number == number ? number : 0.0,
                   .text   = is_text ? (const char*)bytes : NULL,
                   .bytes  = bytes,
                   .size   = atom.size};
}

/// Return the type of the object that an event is, or 0
static LV2_URID
object_type(const EventTypes* const types,
            const LV2_Atom          atom,
            const uint8_t* const    bytes)
{
  LV2_Atom_Object_Body object = {0, 0};
  if ((atom.type == types->object || atom.type == types->blank) &&
      atom.size >= sizeof(object)) {
    memcpy(&object, bytes, sizeof(object));
  }
  return object.otype;
}

bool
read_message(const EventTypes* const types,
             const LV2_Atom          atom,
             const uint8_t* const    bytes,
             Message* const          message)
{
  static const size_t head_size = sizeof(LV2_Atom_Object_Body);
  if (object_type(types, atom, bytes) != types->set) {
    return false;
  }

  uint32_t index    = MAX_PROPERTIES;
  Property property = {.next = 0};
  *message          = (Message){.bytes = NULL};
  while (
    next_property(bytes + head_size, atom.size - head_size, property.next, &property)) {
    const LV2_Atom value = property.head.value;
    LV2_URID       urid  = 0;
    if (property.head.key == types->property && value.type == types->urid &&
        value.size == sizeof(urid)) {
      memcpy(&urid, property.bytes, sizeof(urid));
      index = find_property(types, urid);
    } else if (property.head.key == types->value) {
      *message = read_value(types, value, property.bytes);
    }
  }

  message->property = index;
  return index < MAX_PROPERTIES && message->bytes;
}

bool
is_question(const EventTypes* const types,
            const LV2_Atom          atom,
            const uint8_t* const    bytes)
{
  return types->get && object_type(types, atom, bytes) == types->get;
}

uint32_t
read_question(const EventTypes* const types,
              const LV2_Atom          atom,
              const uint8_t* const    bytes)
{
  static const size_t head_size = sizeof(LV2_Atom_Object_Body);

  Property property = {.next = 0};
  while (
    next_property(bytes + head_size, atom.size - head_size, property.next, &property)) {
    LV2_URID urid = 0;
    if (property.head.key == types->property &&
        property.head.value.type == types->urid &&
        property.head.value.size == sizeof(urid)) {
      memcpy(&urid, property.bytes, sizeof(urid));
      const uint32_t index = find_property(types, urid);
      return index < MAX_PROPERTIES ? index : ALL_PROPERTIES + 1U;
    }
  }
  return ALL_PROPERTIES;
}

bool
is_event_wanted(const EventTypes* const types,
                const LV2_Atom          atom,
                const uint8_t* const    bytes)
{
  if (atom.type == types->midi) {
    return plugin.midi && atom.size > 0;
  }

  const LV2_URID type = object_type(types, atom, bytes);
  return type && ((plugin.transport && type == types->position) ||
                  ((plugin.message || plugin.file) && type == types->set) ||
                  (plugin.file && type == types->get));
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
    return;
  }

  Message message;
  if (object_type(types, atom, bytes) == types->position) {
    const Transport transport =
      read_transport(types, bytes + head_size, atom.size - head_size);
    plugin.transport(state, &transport);
  } else if (plugin.message && read_message(types, atom, bytes, &message)) {
    plugin.message(state, &message);
  }
}
