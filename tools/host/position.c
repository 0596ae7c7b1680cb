// SPDX-License-Identifier: ISC

#include "host/position.h"

#include <lv2/time/time.h>

#include <assert.h>
#include <math.h>
#include <string.h>

#define BEATS_PER_BAR 4.0
#define SECONDS_PER_MINUTE 60.0

/// A property of an object, with its number
typedef struct {
  LV2_Atom_Property_Body head;
  uint64_t               number;
} Property;

/// All of the event
typedef struct {
  LV2_Atom_Event       head;
  LV2_Atom_Object_Body object;
  Property             property[7];
} PositionEvent;

static_assert(sizeof(PositionEvent) == POSITION_SIZE, "there is no padding");

Position
position_at(const int64_t frame,
            const double  beats_per_minute,
            const double  sample_rate)
{
  const double beats =
    (double)frame * beats_per_minute / (SECONDS_PER_MINUTE * sample_rate);
  const double bar = floor(beats / BEATS_PER_BAR);

  return (Position){.speed            = 1.0,
                    .frame            = frame,
                    .bar              = (int64_t)bar,
                    .bar_beat         = (float)(beats - bar * BEATS_PER_BAR),
                    .beat_unit        = 4,
                    .beats_per_bar    = (float)BEATS_PER_BAR,
                    .beats_per_minute = (float)beats_per_minute};
}

/// Return a property with a number of `size` bytes
static Property
property(Host* const       host,
         const char* const key,
         const char* const type,
         const void* const number,
         const uint32_t    size)
{
  Property property = {{host_map(host, key), 0, {size, host_map(host, type)}}, 0};

  memcpy(&property.number, number, size);
  return property;
}

void
position_append(const Position* const    self,
                Host* const              host,
                const int64_t            at,
                const bool               is_blank,
                LV2_Atom_Sequence* const sequence)
{
  const float         speed = (float)self->speed;
  const char* const   type  = is_blank ? LV2_ATOM__Blank : LV2_ATOM__Object;
  const PositionEvent event = {
    {{.frames = at}, {sizeof(event) - sizeof(event.head), host_map(host, type)}},
    {0, host_map(host, LV2_TIME__Position)},
    {property(host, LV2_TIME__speed, LV2_ATOM__Float, &speed, 4),
     property(host, LV2_TIME__frame, LV2_ATOM__Long, &self->frame, 8),
     property(host, LV2_TIME__bar, LV2_ATOM__Long, &self->bar, 8),
     property(host, LV2_TIME__barBeat, LV2_ATOM__Float, &self->bar_beat, 4),
     property(host, LV2_TIME__beatUnit, LV2_ATOM__Int, &self->beat_unit, 4),
     property(host, LV2_TIME__beatsPerBar, LV2_ATOM__Float, &self->beats_per_bar, 4),
     property(
       host, LV2_TIME__beatsPerMinute, LV2_ATOM__Float, &self->beats_per_minute, 4)}};

  memcpy((uint8_t*)&sequence->body + sequence->atom.size, &event, sizeof(event));
  sequence->atom.size += (uint32_t)sizeof(event);
}
