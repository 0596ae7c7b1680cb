// SPDX-License-Identifier: ISC

#include "measure/loop_quality.h"

#include "measure/ticks.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#define GROUP "loop"
#define N_BITS 8U ///< In the loop
#define N_CLOCKS 4000U
#define CLOCK_FRAMES 480U
#define N_FRAMES (N_CLOCKS * CLOCK_FRAMES)

/// Return how many bits in a hundred are others than one loop before
static double
changed(const Study* const study, const double change, const double* const clock)
{
  Probe* const probe = study_probe(study);
  float* const out   = (float*)calloc(N_FRAMES, sizeof(float));
  probe_set(probe, ROLE_CHANGE, change);
  probe_feed(probe, ROLE_GATE, clock, N_FRAMES);
  probe_render(probe, ROLE_OUT, out, N_FRAMES, PROBE_BLOCK_FRAMES);

  uint32_t n_changed = 0;
  for (uint32_t n = N_BITS; n < N_CLOCKS; ++n) {
    const uint32_t at = n * CLOCK_FRAMES + CLOCK_FRAMES / 4U;
    n_changed += ((double)out[at] > TICKS_HIGH) !=
                 ((double)out[at - N_BITS * CLOCK_FRAMES] > TICKS_HIGH);
  }
  free(out);
  probe_free(probe);
  return 100.0 * n_changed / (N_CLOCKS - N_BITS);
}

void
loop_quality(const Study* const study)
{
  double* const clock = (double*)calloc(N_FRAMES, sizeof(double));
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    clock[i] = i % CLOCK_FRAMES < CLOCK_FRAMES / 2U ? 1.0 : 0.0;
  }

  double off = 0.0;
  for (int i = 1; i < 4; ++i) {
    const double change = 0.25 * i;
    off = fmax(off, fabs(changed(study, change, clock) - 100.0 * change));
  }
  study_add(study, GROUP, "locked, %", changed(study, 0.0, clock));
  study_add(study, GROUP, "free, %", 100.0 - changed(study, 1.0, clock));
  study_add(study, GROUP, "share off", off);
  free(clock);
}
