// SPDX-License-Identifier: ISC

#include "measure/stepper_quality.h"

#include "measure/ticks.h"
#include "measure/waves.h"

#include <stdlib.h>

#define N_FRAMES 480000U
#define SHORTEST_FRAMES 2000.0 ///< From a clock to the next, or up to 1.9 times as long

/// Write clocks that come at random
static void
write_clocks(double* const gate)
{
  double random[N_FRAMES / 1000U];
  wave_noise(random, N_FRAMES / 1000U);

  double next = SHORTEST_FRAMES;
  for (uint32_t n = 0; next + SHORTEST_FRAMES < N_FRAMES; ++n) {
    for (uint32_t i = 0; i < (uint32_t)SHORTEST_FRAMES / 4U; ++i) {
      gate[(uint32_t)next + i] = 1.0;
    }
    // More than half as long as the one before, so that gates have fallen
    next += SHORTEST_FRAMES * (1.45 + 0.45 * random[n]);
  }
}

void
stepper_quality(const Study* const study)
{
  Probe* const  probe = study_probe(study);
  double* const gate  = (double*)calloc(N_FRAMES, sizeof(double));
  float* const  out   = (float*)calloc(N_FRAMES, sizeof(float));
  write_clocks(gate);
  probe_feed(probe, ROLE_GATE, gate, N_FRAMES);
  probe_render(probe, ROLE_OUT, out, N_FRAMES, PROBE_BLOCK_FRAMES);
  study_add(study, "steps", "frames off", ticks_late(out, gate, N_FRAMES));

  free(out);
  free(gate);
  probe_free(probe);
}
