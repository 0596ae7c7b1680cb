// SPDX-License-Identifier: ISC

#include "math/random.h"

void
random_state_seed(RandomState* const self, const uint32_t seed)
{
  // No two numbers of a seed are the same, so that no lane is 0 altogether, which
  // xoshiro could never leave
  for (uint32_t lane = 0; lane < RANDOM_LANES; ++lane) {
    const uint64_t low  = random_at(seed, 2 * (int64_t)lane);
    const uint64_t high = random_at(seed, 2 * (int64_t)lane + 1);
    self->a[lane]       = (uint32_t)low;
    self->b[lane]       = (uint32_t)(low >> 32U);
    self->c[lane]       = (uint32_t)high;
    self->d[lane]       = (uint32_t)(high >> 32U);
  }
}

void
random_seed(Random* const self, const uint32_t seed)
{
  random_state_seed(&self->state, seed);
  self->n_taken = RANDOM_LANES;
}

void
random_make(Random* const self)
{
  random_step(&self->state, &self->ready);
  self->n_taken = 0;
}

/// Write whole groups, as many as fit into `n`, and return how many numbers they are
static uint32_t
fill_groups(Random* const self, float* const out, const uint32_t n)
{
  RandomState state = self->state;
  RandomGroup numbers;

  uint32_t i = 0;
  for (; i + RANDOM_LANES <= n; i += RANDOM_LANES) {
    random_step(&state, &numbers);
    for (uint32_t lane = 0; lane < RANDOM_LANES; ++lane) {
      out[i + lane] = random_bipolar(numbers[lane]);
    }
  }

  self->state = state;
  return i;
}

void
random_fill(Random* const self, float* const out, const uint32_t n)
{
  uint32_t i = 0;
  for (; i < n && self->n_taken < RANDOM_LANES; ++i) {
    out[i] = random_bipolar(random_next(self));
  }
  i += fill_groups(self, out + i, n - i);
  for (; i < n; ++i) {
    out[i] = random_bipolar(random_next(self));
  }
}
