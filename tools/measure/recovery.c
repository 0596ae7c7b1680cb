// SPDX-License-Identifier: ISC

#include "measure/recovery.h"

#include "measure/waves.h"

#include <math.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define TIME_OUT_S 10U ///< After which a plugin hangs
#define WARM_UP_FRAMES 4096U
#define TRIAL_FRAMES 48000U

/// A role with the value that it has while all is well
typedef struct {
  RoleName name;
  double   quantity;
} Usual;

/// One role of one plugin that gets bad numbers
typedef struct {
  const Study* study;
  RoleName     name;
} Trial;

static const Usual usual[] = {{ROLE_FREQUENCY, 440.0},
                              {ROLE_LINEAR_FM, 0.0},
                              {ROLE_PULSE_WIDTH_CV, 0.0},
                              {ROLE_SYNC_IN, 0.0},
                              {ROLE_CUTOFF, 1000.0},
                              {ROLE_CUTOFF_CV, 0.0},
                              {ROLE_Q_CV, 0.0},
                              {ROLE_GAIN, 1.0},
                              {ROLE_LEVEL_CV, 1.0},
                              {ROLE_GATE, 1.0},
                              {ROLE_ATTACK, 0.01},
                              {ROLE_SUSTAIN, 0.5}};

enum { N_USUAL = sizeof(usual) / sizeof(usual[0]) };

/// Return a probe on which something sounds, or NULL
static Probe*
sounding_probe(const Study* const study)
{
  Probe* const probe = study_probe(study);
  for (int i = 0; probe && i < N_USUAL; ++i) {
    probe_set(probe, usual[i].name, usual[i].quantity);
  }

  return probe;
}

/// Render with a sine at the input
static void
render(Probe* const probe, float* const out, const uint32_t n_frames)
{
  if (probe_has(probe, ROLE_IN)) {
    double* const sine = (double*)calloc(n_frames, sizeof(double));
    wave_sine(sine, n_frames, 0.01, 0.5);
    probe_feed(probe, ROLE_IN, sine, n_frames);
    free(sine);
  }
  probe_render(probe, ROLE_OUT, out, n_frames, PROBE_BLOCK_FRAMES);
}

/// Return how many frames of `out` pass until it is as it should be
static double
frames_to_recover(const float* const out, const double peak)
{
  uint32_t n = TRIAL_FRAMES;
  while (n > 0 && isfinite(out[n - 1U]) && fabs((double)out[n - 1U]) <= 2.0 * peak) {
    --n;
  }

  const bool is_silent =
    wave_peak(out + TRIAL_FRAMES / 2U, TRIAL_FRAMES / 2U) < 0.25 * peak;
  return n == TRIAL_FRAMES || is_silent ? (double)INFINITY : n;
}

/// Return how many frames `probe` needs to recover from a block of `poison`
static double
measure_poison(Probe* const   probe,
               const RoleName name,
               const float    poison,
               float* const   out)
{
  render(probe, out, WARM_UP_FRAMES);
  render(probe, out, WARM_UP_FRAMES);
  const double peak = wave_peak(out, WARM_UP_FRAMES);

  float values[PROBE_BLOCK_FRAMES];
  for (uint32_t i = 0; i < PROBE_BLOCK_FRAMES; ++i) {
    values[i] = poison;
  }
  probe_feed_raw(probe, name, values, PROBE_BLOCK_FRAMES);
  probe_render(probe, ROLE_OUT, out, PROBE_BLOCK_FRAMES, PROBE_BLOCK_FRAMES);
  for (int i = 0; i < N_USUAL; ++i) {
    probe_set(probe, usual[i].name, usual[i].quantity);
  }
  render(probe, out, TRIAL_FRAMES);
  return frames_to_recover(out, peak);
}

/// Write what a new probe needs to recover to `file`
static void
write_frames(const Trial* const trial, const float poison, const int file)
{
  float* const out   = (float*)calloc(TRIAL_FRAMES, sizeof(float));
  Probe* const probe = sounding_probe(trial->study);
  if (out && probe) {
    const double frames = measure_poison(probe, trial->name, poison, out);
    _exit(write(file, &frames, sizeof(frames)) != sizeof(frames));
  }
  _exit(EXIT_FAILURE);
}

/// Return what it takes to recover from `poison`; infinity if the plugin hangs or
/// crashes
static double
frames_in_child(const Trial* const trial, const float poison)
{
  double frames = (double)INFINITY;
  int    ends[2];
  if (pipe(ends)) {
    return (double)NAN;
  }

  const pid_t child = fork();
  if (child == 0) {
    alarm(TIME_OUT_S);
    write_frames(trial, poison, ends[1]);
  }
  close(ends[1]);
  if (read(ends[0], &frames, sizeof(frames)) != sizeof(frames)) {
    frames = (double)INFINITY;
  }
  close(ends[0]);
  waitpid(child, NULL, 0);
  return frames;
}

void
recovery(const Study* const study)
{
  static const RoleName names[]   = {ROLE_IN,
                                     ROLE_FREQUENCY,
                                     ROLE_LINEAR_FM,
                                     ROLE_PULSE_WIDTH_CV,
                                     ROLE_SYNC_IN,
                                     ROLE_CUTOFF,
                                     ROLE_CUTOFF_CV,
                                     ROLE_Q_CV,
                                     ROLE_GAIN,
                                     ROLE_LEVEL_CV,
                                     ROLE_GATE,
                                     ROLE_ATTACK};
  static const float    poisons[] = {NAN, INFINITY, 1e30f};

  for (uint32_t n = 0; n < sizeof(names) / sizeof(names[0]); ++n) {
    const Trial trial = {study, names[n]};
    double      worst = (double)NAN;
    for (int p = 0; study->subject->role[names[n]].symbol && p < 3; ++p) {
      worst = study_worse(worst, frames_in_child(&trial, poisons[p]));
    }
    study_add(study, "recovery, frames", role_name(names[n]), worst);
  }
}
