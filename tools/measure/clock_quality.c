// SPDX-License-Identifier: ISC

#include "measure/clock_quality.h"

#include "measure/ticks.h"

#include <math.h>
#include <stdlib.h>

#define GROUP "clock"
#define CHUNK_FRAMES 48000U
#define MINUTES 10U

/// Return the most frames by which a tick is off
static double
frames_off(const Study* const self, const double beats_per_minute)
{
  Probe* const probe  = study_probe(self);
  const double set_hz = probe_set(probe, ROLE_FREQUENCY, beats_per_minute / 60.0);
  double       off    = (double)NAN;
  if (!isnan(set_hz)) {
    const uint32_t n_chunks =
      (uint32_t)(60.0 * MINUTES * self->sample_rate / CHUNK_FRAMES);
    float* const gate = (float*)calloc(CHUNK_FRAMES, sizeof(float));
    Ticks        ticks;
    ticks_init(&ticks, self->sample_rate / set_hz);
    for (uint32_t i = 0; i < n_chunks; ++i) {
      probe_render(probe, ROLE_OUT, gate, CHUNK_FRAMES, PROBE_BLOCK_FRAMES);
      ticks_count(&ticks, gate, CHUNK_FRAMES);
    }
    off = ticks_off(&ticks);
    free(gate);
  }

  probe_free(probe);
  return off;
}

void
clock_quality(const Study* const study)
{
  static const double tempos[] = {33.3, 77.77, 120.0, 133.7, 174.0};

  double off = (double)NAN;
  for (int i = 0; i < 5; ++i) {
    off = study_worse(off, frames_off(study, tempos[i]));
  }
  study_add(study, GROUP, "frames off", off);
}
