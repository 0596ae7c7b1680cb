// SPDX-License-Identifier: ISC

#include "follower.h"

#include <math.h>

// What is left of a step after the time of a knob
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
  self->held  = 0.0;
  self->level = 0.0;
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
  const double level =
    detector == DETECTOR_RMS ? self->level * self->level : sqrt(self->held);

  self->detector = detector;
  self->held     = level;
  self->level    = level;
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
}

/// Return the amplitude of a frame
static inline double
amplitude(const float in)
{
  const double size = fabs((double)in);

  return size < FOLLOWER_MAX ? size : FOLLOWER_MAX;
}

static void
follow_peaks(Follower* const    self,
             const float* const in,
             float* const       out,
             const uint32_t     n_frames)
{
  const double attack  = self->attack;
  const double release = self->release;
  double       held    = self->held;
  double       level   = self->level;

  for (uint32_t i = 0; i < n_frames; ++i) {
    const double size  = amplitude(in[i]);
    const double falls = release * held;
    held               = size > falls ? size : falls;

    const double rises = attack * level + (1.0 - attack) * held;
    level              = held < rises ? held : rises;
    out[i]             = (float)level;
  }
  self->held  = held;
  self->level = level;
}

static void
follow_power(Follower* const    self,
             const float* const in,
             float* const       out,
             const uint32_t     n_frames)
{
  const double attack  = self->attack;
  const double release = self->release;
  double       held    = self->held;
  double       mean    = self->level;

  for (uint32_t i = 0; i < n_frames; ++i) {
    const double size  = amplitude(in[i]);
    const double falls = release * held;

    mean   = attack * mean + (1.0 - attack) * size * size;
    held   = mean > falls ? mean : falls;
    out[i] = (float)held;
  }
  self->held  = held;
  self->level = mean;
}

void
follower_process(Follower* const    self,
                 const float* const in,
                 float* const       out,
                 const uint32_t     n_frames)
{
  if (self->detector == DETECTOR_PEAK) {
    follow_peaks(self, in, out, n_frames);
    return;
  }

  follow_power(self, in, out, n_frames);
  for (uint32_t i = 0; i < n_frames; ++i) {
    out[i] = sqrtf(out[i]);
  }
}
