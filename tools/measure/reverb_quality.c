// SPDX-License-Identifier: ISC

#include "measure/reverb_quality.h"

#include "measure/decay.h"
#include "measure/waves.h"

#include <math.h>
#include <stdlib.h>

#define GROUP "reverb"
#define SETTLE_S 0.3
#define USUAL_S 2.5
#define DENSITY 0.9

/// Render the answer to a click with a decay, for as long as that; to be freed
static float*
impulse_response(Probe* const probe, const uint32_t n_frames)
{
  double click[PROBE_BLOCK_FRAMES] = {1.0};

  float* const out = (float*)calloc(n_frames, sizeof(float));
  probe_settle(probe, SETTLE_S);
  probe_feed(probe, ROLE_IN, click, PROBE_BLOCK_FRAMES);
  probe_render(probe, ROLE_OUT, out, PROBE_BLOCK_FRAMES, PROBE_BLOCK_FRAMES);
  probe_render(probe,
               ROLE_OUT,
               out + PROBE_BLOCK_FRAMES,
               n_frames - PROBE_BLOCK_FRAMES,
               PROBE_BLOCK_FRAMES);
  return out;
}

/// Quality of a decay: the error of its time in percent, and when it is dense, in ms
typedef struct {
  double off_percent;
  double dense_ms;
} Tail;

static Tail
measure_tail(const Study* const self, const double decay_s)
{
  Probe* const probe = study_probe(self);
  const double set_s = probe_set(probe, ROLE_DECAY, decay_s);
  Tail         tail  = {(double)NAN, (double)NAN};
  if (!isnan(set_s)) {
    const uint32_t n_frames = (uint32_t)((set_s + 0.5) * self->sample_rate);
    float* const   out      = impulse_response(probe, n_frames);
    const double   found_s  = decay_t60_s(out, n_frames, self->sample_rate);
    const double dense_s = decay_dense_at_s(out, n_frames, self->sample_rate, DENSITY);
    tail = (Tail){100.0 * fabs(found_s / set_s - 1.0), 1000.0 * dense_s};
    free(out);
  }

  probe_free(probe);
  return tail;
}

void
reverb_quality(const Study* const study)
{
  const Tail usual = measure_tail(study, USUAL_S);
  study_add(study, GROUP, "0.6 s, %", measure_tail(study, 0.6).off_percent);
  study_add(study, GROUP, "2.5 s, %", usual.off_percent);
  study_add(study, GROUP, "10 s, %", measure_tail(study, 10.0).off_percent);
  study_add(study, GROUP, "dense, ms", usual.dense_ms);
}
