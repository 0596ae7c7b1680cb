// SPDX-License-Identifier: ISC

#include "measure/follower_quality.h"

#include "measure/waves.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#define GROUP "follower"
#define SHORT_ATTACK_S 0.0001 ///< Where the release is measured
#define SHORT_RELEASE_S 0.001 ///< Where the attack is
#define LEVEL 0.5             ///< Amplitude of what is followed
#define N_TIMES 3

static const double      times_s[N_TIMES]      = {0.001, 0.01, 0.1};
static const char* const attack_names[N_TIMES] = {"att. 1ms", "att. 10ms", "att. 0.1s"};
static const char* const release_names[N_TIMES] = {"rel. 1ms",
                                                   "rel. 10ms",
                                                   "rel. 0.1s"};

static uint32_t
frames_of(const Study* const self, const double time_s)
{
  return (uint32_t)(time_s * self->sample_rate + 0.5);
}

/// Return the level, as an amplitude, while `in` is followed; NULL if a knob is missing
static float*
follow(const Study* const  self,
       const double        attack_s,
       const double        release_s,
       const double* const in,
       const uint32_t      n_frames)
{
  Probe* const probe = study_probe(self);
  float*       level = NULL;
  if (!isnan(probe_set(probe, ROLE_ATTACK, attack_s)) &&
      !isnan(probe_set(probe, ROLE_RELEASE, release_s))) {
    level = (float*)calloc(n_frames, sizeof(float));
    probe_settle(probe, 0.1);
    probe_feed(probe, ROLE_IN, in, n_frames);
    probe_render(probe, ROLE_OUT, level, n_frames, PROBE_BLOCK_FRAMES);
    for (uint32_t i = 0; i < n_frames; ++i) {
      const Role* const out = &self->subject->role[ROLE_OUT];
      level[i]              = (float)role_quantity(out, (double)level[i]);
    }
  }

  probe_free(probe);
  return level;
}

// ---- Times

/// Return how many frames late a constant begins, or else ends, to be followed
static double
lateness(const Study* const self, const double time_s, const bool is_attack)
{
  const uint32_t turn     = frames_of(self, is_attack ? 0.0 : 0.1);
  const uint32_t n_frames = turn + frames_of(self, 5.0 * time_s + 0.1);
  double* const  in       = (double*)calloc(n_frames, sizeof(double));
  for (uint32_t i = 0; i < n_frames; ++i) {
    in[i] = is_attack || i < turn ? LEVEL : 0.0;
  }

  float* const level = is_attack ? follow(self, time_s, SHORT_RELEASE_S, in, n_frames)
                                 : follow(self, SHORT_ATTACK_S, time_s, in, n_frames);
  double       late  = (double)NAN;
  if (level) {
    const float full = level[is_attack ? n_frames - 1U : turn - 1U];
    uint32_t    i    = turn;
    while (i < n_frames &&
           (is_attack ? level[i] < 0.9f * full : level[i] > 0.1f * full)) {
      ++i;
    }
    late = (double)i + 1.0 - (double)turn - time_s * self->sample_rate;
  }
  free(level);
  free(in);
  return late;
}

// ---- Levels

typedef struct {
  double lowest;
  double highest;
} Range;

/// Return where the level of a sine is once it has settled
static Range
sine_range(const Study* const self, const double freq_hz)
{
  const uint32_t n_frames = frames_of(self, 2.0);
  double* const  in       = (double*)calloc(n_frames, sizeof(double));
  wave_sine(in, n_frames, freq_hz / self->sample_rate, LEVEL);

  float* const level = follow(self, 0.01, 0.2, in, n_frames);
  Range        range = {(double)NAN, (double)NAN};
  for (uint32_t i = n_frames / 2U; level && i < n_frames; ++i) {
    range.lowest  = fmin(range.lowest, (double)level[i]);
    range.highest = fmax(range.highest, (double)level[i]);
  }
  free(level);
  free(in);
  return range;
}

void
follower_quality(const Study* const study)
{
  for (int i = 0; i < N_TIMES; ++i) {
    study_add(study, GROUP, attack_names[i], lateness(study, times_s[i], true));
  }
  for (int i = 0; i < N_TIMES; ++i) {
    study_add(study, GROUP, release_names[i], lateness(study, times_s[i], false));
  }

  const Range high = sine_range(study, 1000.0);
  const Range low  = sine_range(study, 100.0);
  study_add(
    study, GROUP, "level dB", amplitude_db(0.5 * (high.lowest + high.highest) / LEVEL));
  study_add(study, GROUP, "ripple dB", amplitude_db(low.highest / low.lowest));
}
