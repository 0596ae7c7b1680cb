// SPDX-License-Identifier: ISC

#include "modulation/follower.h"

#include "signal/block.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#define PAST FOLLOWER_PAST
#define N_STAGES FOLLOWER_STAGES
#define N_WITH_PAST (PAST + BLOCK_FRAMES)

// Share of a step that is left after the time of a knob
#define PEAK_ATTACK_LEFT 0.1
#define PEAK_RELEASE_LEFT 0.1
#define RMS_ATTACK_LEFT 0.19  ///< Of the power, where 0.1 of the amplitude is left
#define RMS_RELEASE_LEFT 0.01 ///< The same

void
follower_init(Follower* const self, const double sample_rate)
{
  self->sample_rate = sample_rate;
  self->detector    = DETECTOR_PEAK;
  follower_reset(self);
}

void
follower_reset(Follower* const self)
{
  self->n_singles = 0;
  memset(self->past, 0, sizeof(self->past));
}

/// Return the part that a frame leaves of what is down to `left` after `time_s`
static double
decay(const Follower* const self, const double left, const double time_s)
{
  return exp(log(left) / (time_s * self->sample_rate));
}

/// Take up as another detector from where the level is
static void
change_detector(Follower* const self, const Detector detector)
{
  const double last  = self->past[N_STAGES - 1U][PAST - 1U];
  const double level = detector == DETECTOR_RMS ? last * last : sqrt(last);

  self->detector = detector;
  for (uint32_t s = 0; s < N_STAGES; ++s) {
    self->past[s][PAST - 1U] = level;
  }
}

void
follower_set(Follower* const self,
             const Detector  detector,
             const double    attack_s,
             const double    release_s)
{
  const int is_rms = detector == DETECTOR_RMS;
  if (detector != self->detector) {
    change_detector(self, detector);
  }

  self->attack  = decay(self, is_rms ? RMS_ATTACK_LEFT : PEAK_ATTACK_LEFT, attack_s);
  self->release = decay(self, is_rms ? RMS_RELEASE_LEFT : PEAK_RELEASE_LEFT, release_s);
  self->n_singles = PAST;
}

static inline double
lesser(const double a, const double b)
{
  return a < b ? a : b;
}

static inline double
greater(const double a, const double b)
{
  return a > b ? a : b;
}

// ---- Stages, one frame from the last and one from the fourth before

// A stage finds frames `start` to `end` of what has its past before it

static void
hold_singles(const double  release,
             const double* in,
             double*       held,
             const size_t  start,
             const size_t  end)
{
  for (size_t i = start; i < end; ++i) {
    held[i] = greater(in[i], release * held[i - 1U]);
  }
}

static void
hold(const double  release,
     const double* in,
     double*       held,
     const size_t  start,
     const size_t  end)
{
  const double square = release * release;
  const double third  = square * release;
  const double fourth = square * square;

  for (size_t i = start; i < end; ++i) {
    const double near = greater(in[i], release * in[i - 1U]);
    const double far  = greater(square * in[i - 2U], third * in[i - 3U]);

    held[i] = greater(greater(near, far), fourth * held[i - PAST]);
  }
}

static void
rise_singles(const double  attack,
             const double* held,
             double*       level,
             const size_t  start,
             const size_t  end)
{
  for (size_t i = start; i < end; ++i) {
    const double way = (1.0 - attack) * held[i];

    level[i] = lesser(held[i], attack * level[i - 1U] + way);
  }
}

/**
   Rise from the fourth frame before.

   A frame makes min(bound, attack level + way) of a level.  Two in a row make the same
   of it with another bound and way and the square of attack, and so do two such pairs.
*/
static void
rise(const double  attack,
     const double* held,
     double*       level,
     const size_t  start,
     const size_t  end)
{
  const double part   = 1.0 - attack;
  const double square = attack * attack;
  const double fourth = square * square;

  double bound[N_WITH_PAST];
  double way[N_WITH_PAST];
  for (size_t i = start - 2U; i < end; ++i) {
    bound[i] = lesser(held[i], attack * held[i - 1U] + part * held[i]);
    way[i]   = part * (attack * held[i - 1U] + held[i]);
  }
  for (size_t i = start; i < end; ++i) {
    const double most = lesser(bound[i], square * bound[i - 2U] + way[i]);
    const double ways = square * way[i - 2U] + way[i];

    level[i] = lesser(most, fourth * level[i - PAST] + ways);
  }
}

static void
mean_singles(const double  attack,
             const double* in,
             double*       mean,
             const size_t  start,
             const size_t  end)
{
  for (size_t i = start; i < end; ++i) {
    mean[i] = attack * mean[i - 1U] + (1.0 - attack) * in[i];
  }
}

static void
mean(const double  attack,
     const double* in,
     double*       mean,
     const size_t  start,
     const size_t  end)
{
  const double part   = 1.0 - attack;
  const double square = attack * attack;
  const double fourth = square * square;

  for (size_t i = start; i < end; ++i) {
    const double near = in[i] + attack * in[i - 1U];
    const double far  = in[i - 2U] + attack * in[i - 3U];

    mean[i] = part * (near + square * far) + fourth * mean[i - PAST];
  }
}

// ---- Detectors

/// The frames of all stages, with their past before them
typedef struct {
  double stage[N_STAGES][N_WITH_PAST];
} Lines;

/// Find what comes after the amplitudes, the first `n_singles` one by one
static void
follow_peaks(const Follower* const self,
             Lines* const          lines,
             const uint32_t        n_singles,
             const uint32_t        n_frames)
{
  const uint32_t middle = PAST + n_singles;
  const uint32_t end    = PAST + n_frames;

  hold_singles(self->release, lines->stage[0], lines->stage[1], PAST, middle);
  hold(self->release, lines->stage[0], lines->stage[1], middle, end);
  rise_singles(self->attack, lines->stage[1], lines->stage[2], PAST, middle);
  rise(self->attack, lines->stage[1], lines->stage[2], middle, end);
}

/// The same of what their squares are
static void
follow_power(const Follower* const self,
             Lines* const          lines,
             const uint32_t        n_singles,
             const uint32_t        n_frames)
{
  const uint32_t middle = PAST + n_singles;
  const uint32_t end    = PAST + n_frames;
  for (uint32_t i = PAST; i < end; ++i) {
    lines->stage[0][i] *= lines->stage[0][i];
  }

  mean_singles(self->attack, lines->stage[0], lines->stage[1], PAST, middle);
  mean(self->attack, lines->stage[0], lines->stage[1], middle, end);
  hold_singles(self->release, lines->stage[1], lines->stage[2], PAST, middle);
  hold(self->release, lines->stage[1], lines->stage[2], middle, end);
}

static void
recall(const Follower* const self, Lines* const lines)
{
  for (uint32_t s = 0; s < N_STAGES; ++s) {
    memcpy(lines->stage[s], self->past[s], sizeof(self->past[s]));
  }
}

static void
remember(Follower* const self, const Lines* const lines, const uint32_t n_frames)
{
  for (uint32_t s = 0; s < N_STAGES; ++s) {
    memcpy(self->past[s], lines->stage[s] + n_frames, sizeof(self->past[s]));
  }
}

void
follower_process(Follower* const    self,
                 const float* const in,
                 float* const       out,
                 const uint32_t     n_frames)
{
  const uint32_t n_singles = self->n_singles < n_frames ? self->n_singles : n_frames;

  Lines lines;
  recall(self, &lines);
  for (uint32_t i = 0; i < n_frames; ++i) {
    lines.stage[0][PAST + i] = lesser(fabs((double)in[i]), FOLLOWER_MAX);
  }

  if (self->detector == DETECTOR_RMS) {
    follow_power(self, &lines, n_singles, n_frames);
    for (uint32_t i = 0; i < n_frames; ++i) {
      out[i] = sqrtf((float)lines.stage[2][PAST + i]);
    }
  } else {
    follow_peaks(self, &lines, n_singles, n_frames);
    for (uint32_t i = 0; i < n_frames; ++i) {
      out[i] = (float)lines.stage[2][PAST + i];
    }
  }
  remember(self, &lines, n_frames);
  self->n_singles -= n_singles;
}
