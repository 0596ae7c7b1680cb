// SPDX-License-Identifier: ISC

#include "measure/arpeggio_quality.h"

#include "measure/ticks.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#define GROUP "arpeggio"
#define NOTE_ON 0x90
#define MIDDLE_C 60
#define N_KEYS 4
#define N_CLOCKS 400U
#define CLOCK_FRAMES 1201U
#define N_FRAMES ((N_CLOCKS + 1U) * CLOCK_FRAMES)

/// As they are pressed, and the places that they have in the chord
static const int chord[N_KEYS]  = {67, 60, 71, 64};
static const int upward[N_KEYS] = {60, 64, 67, 71};

/// Play the chord and keep an output
static void
play(const Study* const  study,
     const RoleName      role,
     const double* const clock,
     float* const        out)
{
  Probe* const probe = study_probe(study);
  for (int k = 0; k < N_KEYS; ++k) {
    probe_send(probe, (uint32_t)k, NOTE_ON, chord[k], 100);
  }
  probe_feed(probe, ROLE_GATE, clock, N_FRAMES);
  probe_render(probe, role, out, N_FRAMES, PROBE_BLOCK_FRAMES);
  probe_free(probe);
}

/// Count the clocks that do not have their note
static double
count_wrong(const Role* const role, const float* const out)
{
  uint32_t n_wrong = 0;
  for (uint32_t n = 0; n < N_CLOCKS; ++n) {
    const double octaves = role_quantity(role, (double)out[(n + 1U) * CLOCK_FRAMES]);
    n_wrong += fabs(12.0 * octaves + MIDDLE_C - upward[n % N_KEYS]) > 1e-4;
  }
  return n_wrong;
}

void
arpeggio_quality(const Study* const study)
{
  double* const clock = (double*)calloc(N_FRAMES, sizeof(double));
  float* const  out   = (float*)calloc(N_FRAMES, sizeof(float));
  for (uint32_t i = CLOCK_FRAMES; i < N_FRAMES; ++i) {
    clock[i] = i % CLOCK_FRAMES < CLOCK_FRAMES / 2U ? 1.0 : 0.0;
  }
  play(study, ROLE_OUT, clock, out);
  study_add(
    study, GROUP, "notes wrong", count_wrong(&study->subject->role[ROLE_OUT], out));
  play(study, ROLE_SYNC_OUT, clock, out);
  study_add(study, GROUP, "frames off", ticks_late(out, clock, N_FRAMES));

  free(out);
  free(clock);
}
