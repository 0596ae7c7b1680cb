// SPDX-License-Identifier: ISC

#include "drum/hits.h"

#include "math/random.h"
#include "signal/units.h"

#define NOTE_ON 0x90U
#define MOST_VELOCITY 127.0

/// Return the lower 32 bits of a number as one from -1 to below 1
static double
bipolar(const uint64_t number)
{
  return (double)(int64_t)(number & 0xffffffffU) * 0x1p-31 - 1.0;
}

Hit
hit_at(const HitKnobs* const knobs, const uint32_t n, const double accent)
{
  const double share   = accent < 0.0 ? 0.0 : accent > 1.0 ? 1.0 : accent;
  const double level   = db_to_gain(-knobs->accent_db * (1.0 - share));
  const Hit    regular = {level, 0.0, knobs->seed};
  if (knobs->vary == 0.0) {
    return regular;
  }

  const uint64_t first  = random_at(knobs->seed, 2 * (int64_t)n);
  const uint64_t second = random_at(knobs->seed, 2 * (int64_t)n + 1);
  const double   lower  = 0.5 + 0.5 * bipolar(first >> 32U);
  const Hit      varied = {level * db_to_gain(-HITS_VARY_DB * knobs->vary * lower),
                           HITS_VARY_OCT * knobs->vary * bipolar(first),
                           (uint32_t)second};
  return varied;
}

bool
hit_note(const uint32_t       channel,
         const uint8_t* const bytes,
         const uint32_t       size,
         HitNote* const       note)
{
  if (size < 3U || (bytes[0] & 0xf0U) != NOTE_ON || bytes[1] > 127U ||
      bytes[2] > 127U || bytes[2] == 0U) {
    return false;
  }

  *note = (HitNote){bytes[1], bytes[2] / MOST_VELOCITY};
  return channel == 0U || channel == (bytes[0] & 0x0fU) + 1U;
}
