// SPDX-License-Identifier: ISC

#include "measure/hold_quality.h"

#include "measure/waves.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#define GROUP "hold"
#define FULL 5.0 ///< Largest input

enum {
  N_GATES    = 5,
  REACH      = 50, ///< How far, in frames, a value may be off and still be found
  GATE_PHASE = 777 ///< Frames before the first gate, which no block begins with
};

/// Signals in and out, over several gates
typedef struct {
  uint32_t period; ///< From a gate to the next, in frames
  uint32_t n_frames;
  double*  in;
  float*   out;
} Take;

static uint32_t
rise_of(const Take* const take, const uint32_t gate)
{
  return GATE_PHASE + gate * take->period;
}

/// Let the gate rise while noise comes in
static Take
record(const Study* const self)
{
  const uint32_t period   = (uint32_t)self->sample_rate;
  const uint32_t n_frames = N_GATES * period;

  Take          take  = {period,
                         n_frames,
                         (double*)calloc(n_frames, sizeof(double)),
                         (float*)calloc(n_frames, sizeof(float))};
  double* const gate  = (double*)calloc(n_frames, sizeof(double));
  Probe* const  probe = study_probe(self);
  wave_noise(take.in, n_frames);
  for (uint32_t i = 0; i < n_frames; ++i) {
    take.in[i] *= FULL;
    gate[i] = (i + period - GATE_PHASE) % period < period / 2U ? 1.0 : 0.0;
  }
  probe_settle(probe, 0.1);
  probe_feed(probe, ROLE_IN, take.in, n_frames);
  probe_feed(probe, ROLE_GATE, gate, n_frames);
  probe_render(probe, ROLE_OUT, take.out, n_frames, PROBE_BLOCK_FRAMES);

  probe_free(probe);
  free(gate);
  return take;
}

/// Return how far the frame whose input is held is from the rise
static double
lateness(const Take* const take, const uint32_t gate)
{
  const uint32_t rise = rise_of(take, gate);
  const double   held = (double)take->out[rise + take->period / 2U];

  uint32_t best = rise - REACH;
  for (uint32_t i = rise - REACH; i <= rise + REACH; ++i) {
    best = fabs(take->in[i] - held) < fabs(take->in[best] - held) ? i : best;
  }
  return (double)best - (double)rise;
}

static double
error(const Take* const take, const uint32_t gate)
{
  const uint32_t rise = rise_of(take, gate);

  return fabs((double)take->out[rise] - (double)(float)take->in[rise]) / FULL;
}

static double
droop(const Take* const take, const uint32_t gate)
{
  const uint32_t rise = rise_of(take, gate);

  double most = 0.0;
  for (uint32_t i = rise; i < rise + take->period; ++i) {
    most = fmax(most, fabs((double)take->out[i] - (double)take->out[rise]));
  }
  return most / FULL;
}

void
hold_quality(const Study* const study)
{
  const Take take = record(study);

  double late_frames = 0.0;
  double worst_error = 0.0;
  double worst_droop = 0.0;
  for (uint32_t g = 0; g + 1U < N_GATES; ++g) {
    late_frames = study_worse(late_frames, fabs(lateness(&take, g)));
    worst_error = study_worse(worst_error, error(&take, g));
    worst_droop = study_worse(worst_droop, droop(&take, g));
  }
  study_add(study, GROUP, "late", late_frames);
  study_add(study, GROUP, "error", worst_error);
  study_add(study, GROUP, "droop", worst_droop);
  free(take.in);
  free(take.out);
}
