// SPDX-License-Identifier: ISC

#include "level/statistics.h"

#include <float.h>

#define LANES STATISTICS_LANES

void
statistics_reset(Statistics* const self)
{
  *self = (Statistics){0};
  for (uint32_t l = 0; l < LANES; ++l) {
    self->lowest[l]  = FLT_MAX;
    self->highest[l] = -FLT_MAX;
  }
}

static inline void
add_frame(Statistics* const self, const uint32_t lane, const float x)
{
  self->sum[lane] += (double)x;
  self->power[lane] += (double)x * (double)x;
  self->lowest[lane]  = x < self->lowest[lane] ? x : self->lowest[lane];
  self->highest[lane] = x > self->highest[lane] ? x : self->highest[lane];
  self->n_beyond[lane] += x > 1.0f || x < -1.0f;
}

/// Take frames of 0, at least one for each lane
static void
add_zeros(Statistics* const self, const uint32_t n_frames)
{
  for (uint32_t l = 0; l < LANES; ++l) {
    self->lowest[l]  = self->lowest[l] < 0.0f ? self->lowest[l] : 0.0f;
    self->highest[l] = self->highest[l] > 0.0f ? self->highest[l] : 0.0f;
  }
  self->n_frames += n_frames;
}

static void
add_frames(Statistics* const self, const float* const in, const uint32_t n_frames)
{
  Statistics sums = *self; // That nothing else can point to
  uint32_t   i    = 0;
  for (; i < n_frames && (sums.n_frames + i) % LANES; ++i) {
    add_frame(&sums, (uint32_t)((sums.n_frames + i) % LANES), in[i]);
  }
  for (; i + LANES <= n_frames; i += LANES) {
    for (uint32_t l = 0; l < LANES; ++l) {
      add_frame(&sums, l, in[i + l]);
    }
  }
  for (; i < n_frames; ++i) {
    add_frame(&sums, (uint32_t)((sums.n_frames + i) % LANES), in[i]);
  }
  sums.n_frames += n_frames;
  *self = sums;
}

void
statistics_add(Statistics* const self, const Signal in, const uint32_t n_frames)
{
  if (n_frames >= LANES && in.is_constant && in.frame[0] == 0.0f) {
    add_zeros(self, n_frames);
  } else {
    add_frames(self, in.frame, n_frames);
  }
}

static double
total(const double lanes[LANES])
{
  return (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]);
}

double
statistics_mean(const Statistics* const self)
{
  return total(self->sum) / (double)self->n_frames;
}

double
statistics_power(const Statistics* const self)
{
  return total(self->power) / (double)self->n_frames;
}

float
statistics_lowest(const Statistics* const self)
{
  float lowest = self->lowest[0];
  for (uint32_t l = 1; l < LANES; ++l) {
    lowest = self->lowest[l] < lowest ? self->lowest[l] : lowest;
  }
  return lowest;
}

float
statistics_highest(const Statistics* const self)
{
  float highest = self->highest[0];
  for (uint32_t l = 1; l < LANES; ++l) {
    highest = self->highest[l] > highest ? self->highest[l] : highest;
  }
  return highest;
}

uint32_t
statistics_beyond(const Statistics* const self)
{
  uint32_t n = 0;
  for (uint32_t l = 0; l < LANES; ++l) {
    n += self->n_beyond[l];
  }
  return n;
}
