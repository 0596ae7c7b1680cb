// SPDX-License-Identifier: ISC

#include "song.h"

#include <lv2/atom/util.h>
#include <lv2/time/time.h>

#include <math.h>
#include <stdint.h>
#include <string.h>

#define LARGEST 9007199254740992.0 ///< Beyond it, doubles leave out whole numbers

/// Properties, in the order of their numbers
typedef enum {
  SPEED,
  FRAME,
  BAR,
  BAR_BEAT,
  BEAT_UNIT,
  BEATS_PER_BAR,
  BEATS_PER_MINUTE
} Key;

SongTypes
song_types(const LV2_URID_Map* const map)
{
  static const char* const keys[SONG_N_KEYS] = {LV2_TIME__speed,
                                                LV2_TIME__frame,
                                                LV2_TIME__bar,
                                                LV2_TIME__barBeat,
                                                LV2_TIME__beatUnit,
                                                LV2_TIME__beatsPerBar,
                                                LV2_TIME__beatsPerMinute};

  SongTypes types = {.object        = map->map(map->handle, LV2_ATOM__Object),
                     .blank         = map->map(map->handle, LV2_ATOM__Blank),
                     .position      = map->map(map->handle, LV2_TIME__Position),
                     .int_number    = map->map(map->handle, LV2_ATOM__Int),
                     .long_number   = map->map(map->handle, LV2_ATOM__Long),
                     .float_number  = map->map(map->handle, LV2_ATOM__Float),
                     .double_number = map->map(map->handle, LV2_ATOM__Double)};
  for (uint32_t k = 0; k < SONG_N_KEYS; ++k) {
    types.keys[k] = map->map(map->handle, keys[k]);
  }
  return types;
}

bool
song_is_position(const SongTypes* const types, const LV2_Atom* const atom)
{
  const LV2_Atom_Object* const object = (const LV2_Atom_Object*)atom;

  return (atom->type == types->object || atom->type == types->blank) &&
         atom->size >= sizeof(object->body) && object->body.otype == types->position;
}

/// Return a number, or NAN if the atom is none
static double
number_of(const SongTypes* const types, const LV2_Atom* const atom)
{
  double number = NAN;

  if (atom->type == types->int_number && atom->size == sizeof(int32_t)) {
    number = (double)((const LV2_Atom_Int*)atom)->body;
  } else if (atom->type == types->long_number && atom->size == sizeof(int64_t)) {
    number = (double)((const LV2_Atom_Long*)atom)->body;
  } else if (atom->type == types->float_number && atom->size == sizeof(float)) {
    number = (double)((const LV2_Atom_Float*)atom)->body;
  } else if (atom->type == types->double_number && atom->size == sizeof(double)) {
    number = ((const LV2_Atom_Double*)atom)->body;
  }
  return fabs(number) < LARGEST ? number : NAN;
}

/// Read the numbers of a position, by key; NAN stands for those that it does not tell
static void
read_numbers(const SongTypes* const types,
             const LV2_Atom* const  atom,
             double                 numbers[SONG_N_KEYS])
{
  for (uint32_t k = 0; k < SONG_N_KEYS; ++k) {
    numbers[k] = NAN;
  }

  const LV2_Atom_Object* const object = (const LV2_Atom_Object*)atom;
  LV2_ATOM_OBJECT_FOREACH(object, property)
  {
    for (uint32_t k = 0; k < SONG_N_KEYS; ++k) {
      if (property->key == types->keys[k]) {
        numbers[k] = number_of(types, &property->value);
      }
    }
  }
}

/// Find bar and beat by the frame
static void
find_bar(Position* const song, const double sample_rate)
{
  const double beats =
    (double)song->frame * (double)song->beats_per_minute / (60.0 * sample_rate);
  const double bar = floor(beats / (double)song->beats_per_bar);

  song->bar      = (int64_t)bar;
  song->bar_beat = (float)(beats - bar * (double)song->beats_per_bar);
}

static void
take_number(float* const to, const double number)
{
  if (number > 0.0) {
    *to = (float)number;
  }
}

void
song_go(Position* const        song,
        const SongTypes* const types,
        const LV2_Atom* const  atom,
        const double           sample_rate)
{
  double numbers[SONG_N_KEYS];
  read_numbers(types, atom, numbers);
  take_number(&song->beats_per_bar, numbers[BEATS_PER_BAR]);
  take_number(&song->beats_per_minute, numbers[BEATS_PER_MINUTE]);
  song->speed = isnan(numbers[SPEED]) ? song->speed : numbers[SPEED];
  song->frame = isnan(numbers[FRAME]) ? song->frame : (int64_t)numbers[FRAME];
  if (numbers[BEAT_UNIT] >= 1.0 && numbers[BEAT_UNIT] <= 1024.0) {
    song->beat_unit = (int32_t)numbers[BEAT_UNIT];
  }
  if (isnan(numbers[BAR]) || isnan(numbers[BAR_BEAT])) {
    find_bar(song, sample_rate);
  } else {
    song->bar      = (int64_t)numbers[BAR];
    song->bar_beat = (float)numbers[BAR_BEAT];
  }
}
