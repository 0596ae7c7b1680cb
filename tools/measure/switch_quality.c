// SPDX-License-Identifier: ISC

#include "measure/switch_quality.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#define GROUP "switch"
#define N_CLOCKS 100U
#define CLOCK_FRAMES 4000U
#define N_FRAMES ((N_CLOCKS + 1U) * CLOCK_FRAMES)

/// Return the most frames by which the output turns after a clock that is not the first
static double
frames_off(const float* const out)
{
  double off = 0.0;
  for (uint32_t n = 2; n <= N_CLOCKS; ++n) {
    uint32_t late = 0;
    while (late < CLOCK_FRAMES &&
           out[n * CLOCK_FRAMES + late] == out[n * CLOCK_FRAMES - 1U]) {
      ++late;
    }
    off = late < CLOCK_FRAMES ? fmax(off, (double)late) : (double)INFINITY;
  }
  return off;
}

/// Return the largest step from a frame to the next
static double
largest_step(const float* const out)
{
  double step = 0.0;
  for (uint32_t i = 2U * CLOCK_FRAMES; i < N_FRAMES; ++i) {
    step = fmax(step, fabs((double)out[i] - (double)out[i - 1U]));
  }
  return step;
}

void
switch_quality(const Study* const study)
{
  Probe* const  probe = study_probe(study);
  double* const clock = (double*)calloc(N_FRAMES, sizeof(double));
  double* const in    = (double*)calloc(N_FRAMES, sizeof(double));
  float* const  out   = (float*)calloc(N_FRAMES, sizeof(float));
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    clock[i] = i >= CLOCK_FRAMES && i % CLOCK_FRAMES < CLOCK_FRAMES / 2U ? 1.0 : 0.0;
    in[i]    = 1.0;
  }
  probe_feed(probe, ROLE_GATE, clock, N_FRAMES);
  probe_feed(probe, ROLE_IN, in, N_FRAMES);
  probe_render(probe, ROLE_OUT, out, N_FRAMES, PROBE_BLOCK_FRAMES);
  study_add(study, GROUP, "frames off", frames_off(out));
  study_add(study, GROUP, "step dB", 20.0 * log10(largest_step(out)));

  free(out);
  free(in);
  free(clock);
  probe_free(probe);
}
