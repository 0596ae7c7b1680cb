// SPDX-License-Identifier: ISC
/**
   Turns of knobs on their way from one thread to another.

   One thread puts, one other takes; neither waits.  A ring of zeros is empty.
*/

#ifndef RING_H
#define RING_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define RING_SIZE 256U ///< Turns, a power of two

typedef struct {
  uint32_t block;
  uint32_t port;
  float    value;
} Turn;

typedef struct {
  Turn        turns[RING_SIZE];
  atomic_uint n_put;
  atomic_uint n_taken;
} Ring;

/// Put a turn; returns false if there is no room, because nobody takes
static inline bool
ring_put(Ring* const ring, const Turn turn)
{
  const unsigned n_put = atomic_load_explicit(&ring->n_put, memory_order_relaxed);
  if (n_put - atomic_load_explicit(&ring->n_taken, memory_order_acquire) == RING_SIZE) {
    return false;
  }

  ring->turns[n_put % RING_SIZE] = turn;
  atomic_store_explicit(&ring->n_put, n_put + 1U, memory_order_release);
  return true;
}

/// Take the turn that was put first; returns false if there is none
static inline bool
ring_take(Ring* const ring, Turn* const turn)
{
  const unsigned n_taken = atomic_load_explicit(&ring->n_taken, memory_order_relaxed);
  if (n_taken == atomic_load_explicit(&ring->n_put, memory_order_acquire)) {
    return false;
  }

  *turn = ring->turns[n_taken % RING_SIZE];
  atomic_store_explicit(&ring->n_taken, n_taken + 1U, memory_order_release);
  return true;
}

#endif // RING_H
