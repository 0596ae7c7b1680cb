// SPDX-License-Identifier: ISC

#include "modulation/turing.h"

#include "math/random.h"

#define N_SEEDS 1000U ///< Another row of random numbers than that of changes

/// Return the place in the ring that is `n` places on from where the loop starts
static uint32_t
place_in_loop(const Turing* const self, const uint32_t n)
{
  return (self->start + n % self->length) % TURING_BITS;
}

/// Return how far from the start of the loop the head is
static uint32_t
head_in_loop(const Turing* const self)
{
  return (self->head + TURING_BITS - self->start) % TURING_BITS;
}

void
turing_reset(Turing* const self, const uint32_t seed, const uint32_t length)
{
  *self =
    (Turing){.ring = (uint32_t)(random_at(seed + N_SEEDS, 0) >> 32U), .length = length};
  turing_seek(self, 0);
}

void
turing_seek(Turing* const self, const int64_t number)
{
  const int64_t rest = number % (int64_t)self->length;

  // The bits before the first are the last of the loop
  self->next  = (uint32_t)(rest < 0 ? rest + (int64_t)self->length : rest);
  self->head  = place_in_loop(self, self->next + self->length - 1U);
  self->waits = true;
}

/// Make the loop shorter or longer, such that the last bit that was heard ends it
static void
set_length(Turing* const self, const uint32_t length)
{
  if (length == self->length) {
    return;
  }

  const uint32_t in_loop = head_in_loop(self);
  self->length           = length;
  if (self->waits) {
    turing_seek(self, self->next);
  } else if (in_loop >= length) {
    // The loop is the last `length` bits up to the head
    self->start = (self->head + TURING_BITS + 1U - length) % TURING_BITS;
  }
}

static bool
changes(const TuringStep* const step)
{
  const double random = (double)(random_at(step->seed, step->dice) >> 32U) * 0x1p-32;

  return random < step->change;
}

void
turing_step(Turing* const self, const TuringStep* const step)
{
  set_length(self, step->length);
  self->head  = place_in_loop(self, self->waits ? self->next : head_in_loop(self) + 1U);
  self->waits = false;

  const uint32_t bit    = UINT32_C(1) << self->head;
  const bool     is_set = ((self->ring & bit) != 0U) != changes(step);
  const bool     result = !step->erases && (step->writes || is_set);
  self->ring            = result ? self->ring | bit : self->ring & ~bit;
}

bool
turing_bit(const Turing* const self, const uint32_t n)
{
  const uint32_t back  = n % self->length;
  const uint32_t place = head_in_loop(self) + self->length - back;

  return self->ring >> place_in_loop(self, place) & 1U;
}

uint32_t
turing_value(const Turing* const self)
{
  uint32_t value = 0;
  for (uint32_t n = 0; n < TURING_SEEN; ++n) {
    value = value << 1U | turing_bit(self, n);
  }
  return value;
}
