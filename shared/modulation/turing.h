// SPDX-License-Identifier: ISC
/**
   A loop of random bits that can be kept: the Turing machine of Tom Whitwell.

   Bits stand in a ring, and with each step the head goes on by one.  The bit that it
   comes to is turned over by chance, and is the newest:

     ring    0 1 1 0 1 0 0 1     length 8, all of it the loop
                   ^ head
     cv      the last 8 bits up to the head, the newest counting most, of 0 to 1

   A chance of 0 keeps the loop, and 1 turns every bit, so that the loop is twice as
   long, its second half being the first turned over.  A shorter loop is that of the
   last bits that were heard; the others stay, and are there when it is longer again.
   A reset leads the head back to where the loop starts.
*/

#ifndef TURING_H
#define TURING_H

#include <stdbool.h>
#include <stdint.h>

#define TURING_BITS 32U ///< Of the ring
#define TURING_SEEN 8U  ///< Bits that the voltage is made of

/// Change of a step's bit
typedef struct {
  uint32_t length; ///< Of the loop, 1 to TURING_BITS
  double   change; ///< How likely the bit is turned over, 0 to 1
  uint32_t seed;   ///< 0 to 999
  int64_t  dice;   ///< Number that chance goes by
  bool     writes; ///< Whether it becomes 1
  bool     erases; ///< Whether it becomes 0, which wins
} TuringStep;

typedef struct {
  uint32_t ring;   ///< Bit `n` is that of place `n`
  uint32_t start;  ///< Place where the loop starts
  uint32_t length; ///< Of the loop
  uint32_t head;   ///< Place of the newest bit
  bool     waits;  ///< Whether the head was led somewhere
  uint32_t next;   ///< If so, how far from the start of the loop the next step is
} Turing;

/// Start with the random bits of a seed, the head before the loop
void
turing_reset(Turing* self, uint32_t seed, uint32_t length);

/// Make the next step number `number` since the start of the loop, from 0
void
turing_seek(Turing* self, int64_t number);

void
turing_step(Turing* self, const TuringStep* step);

/// Return the bit that is `n` before the newest, which may be more than a loop before
bool
turing_bit(const Turing* self, uint32_t n);

/// Return the last TURING_SEEN bits as a number from 0 to 255, the newest counting most
uint32_t
turing_value(const Turing* self);

#endif // TURING_H
