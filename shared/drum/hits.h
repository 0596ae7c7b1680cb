// SPDX-License-Identifier: ISC
/**
   When a drum is hit, how hard, and what chance adds to it.

   A hit of an accent from 0 to 1 has the level 10^(-range (1 - accent) / 20), so that
   one of full accent has 1.  With `vary`, it also differs from other hits: up to 6 dB
   quieter, up to 50 cents higher or lower, and with other noise.  What hit number n of
   a seed is like is always the same.
*/

#ifndef HITS_H
#define HITS_H

#include <stdbool.h>
#include <stdint.h>

#define HITS_VARY_DB 6.0
#define HITS_VARY_OCT (0.5 / 12.0)

/// Knobs that a hit is made by
typedef struct {
  double   accent_db; ///< Range
  double   vary;      ///< From 0 to 1
  uint32_t seed;
} HitKnobs;

/// A hit
typedef struct {
  double   level;
  double   pitch_oct; ///< On top of what is played
  uint32_t seed;      ///< Of its noise
} Hit;

/// A note that MIDI plays
typedef struct {
  uint32_t key;    ///< 0 to 127
  double   accent; ///< From above 0 to 1
} HitNote;

/// Return hit number `n`, by an accent that is clamped to 0 to 1
Hit
hit_at(const HitKnobs* knobs, uint32_t n, double accent);

/// Return true if a MIDI message of `channel`, or any if that is 0, plays a note
bool
hit_note(uint32_t channel, const uint8_t* bytes, uint32_t size, HitNote* note);

#endif // HITS_H
