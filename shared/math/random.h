// SPDX-License-Identifier: ISC
/**
   Random numbers: several generators side by side, whose numbers take turns.

   number:  0  1  2  ... 7  8  9 ...
   lane:    0  1  2  ... 7  0  1 ...

   Each lane is a xoshiro128+ (Blackman and Vigna, "Scrambled Linear Pseudorandom Number
   Generators", 2021) of its own, which repeats after 2^128 - 1 numbers.  The same seed
   gives the same numbers, in whichever portions they are taken.
*/

#ifndef RANDOM_H
#define RANDOM_H

#include <stdint.h>

#define RANDOM_LANES 8U

/// A number for each lane
typedef uint32_t RandomGroup __attribute__((vector_size(4U * RANDOM_LANES)));

/// A generator in each lane
typedef struct {
  RandomGroup a;
  RandomGroup b;
  RandomGroup c;
  RandomGroup d;
} RandomState;

typedef struct {
  RandomState state;
  RandomGroup ready;   ///< Made last
  uint32_t    n_taken; ///< How many of those were taken
} Random;

/// Start the numbers of `seed` in every lane
void
random_state_seed(RandomState* self, uint32_t seed);

/// Make the next number of each generator
static inline void
random_step(RandomState* const s, RandomGroup* const numbers)
{
  const RandomGroup high = s->b << 9U;

  *numbers = s->a + s->d;
  s->c ^= s->a;
  s->d ^= s->b;
  s->b ^= s->c;
  s->a ^= s->d;
  s->c ^= high;
  s->d = (s->d << 11U) | (s->d >> 21U);
}

/// Start the numbers of `seed`
void
random_seed(Random* self, uint32_t seed);

/// Make the next RANDOM_LANES numbers, none of them taken
void
random_make(Random* self);

/// Return the next number, 32 bits, the lowest few the least random
static inline uint32_t
random_next(Random* const self)
{
  if (self->n_taken == RANDOM_LANES) {
    random_make(self);
  }

  return self->ready[self->n_taken++];
}

/**
   Return number `place` of the seed, in any order.

   They are those of splitmix64 (Steele, Lea and Flood, 2014), whose seed starts
   2^32 steps after the last.
*/
static inline uint64_t
random_at(const uint32_t seed, const int64_t place)
{
  const uint64_t step = ((uint64_t)seed << 32U) + (uint64_t)place + 1U;

  uint64_t z = step * UINT64_C(0x9e3779b97f4a7c15);
  z          = (z ^ (z >> 30U)) * UINT64_C(0xbf58476d1ce4e5b9);
  z          = (z ^ (z >> 27U)) * UINT64_C(0x94d049bb133111eb);
  return z ^ (z >> 31U);
}

/// Return the upper 24 bits of a number as one from -1 to below 1
static inline float
random_bipolar(const uint32_t number)
{
  return (float)(int32_t)(number >> 8U) * 0x1p-23f - 1.0f;
}

/// Write what random_bipolar() makes of the next `n` numbers
void
random_fill(Random* self, float* out, uint32_t n);

#endif // RANDOM_H
